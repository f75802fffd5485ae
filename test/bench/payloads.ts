import { createHmac } from 'node:crypto'
import type { Company, Free, Pending, World } from './world.ts'
import { answersFor } from './world.ts'

export const signingSecret = 'the-signing-secret-of-the-bench'

/** The gestures whose acknowledgement is timed. */
export type Gesture = 'command' | 'form-button' | 'approve' | 'submit'

/** Where answers to one press go: the bench's own Slack, never the real one. */
const responseUrl = (slackUrl: string, trigger: string) => new URL(`/respond/${trigger}`, slackUrl).href

let serial = 0
/** Every request is a new one: no trigger, view or time stamp comes twice. */
const fresh = (): string => `${process.pid}.${++serial}.${Math.floor(performance.now() * 1000)}`

export interface Prepared {
  readonly body: string
  /** The trigger that a form of this gesture must be opened with. */
  readonly trigger: string
}

/** What the requests of a run have in common: the blocks of the card that is pressed, and the local Slack's address. */
export interface Shown {
  readonly card: readonly unknown[]
  readonly slackUrl: string
}

/** The body of one request as Slack would send it. `at` picks whose and about what. */
export function requestBody(world: World, gesture: Gesture, at: number, shown: Shown): Prepared {
  switch (gesture) {
    case 'command':
      return command(world, at, shown)
    case 'form-button':
      return button(world, world.pending[at % world.pending.length]!, 'discount.reject', shown)
    case 'approve':
      return button(world, world.pending[at]!, 'discount.approve', shown)
    case 'submit':
      return submit(world, world.free[at]!)
  }
}

function command(world: World, at: number, { slackUrl }: Shown): Prepared {
  const company = world.companies[at % world.companies.length]!
  const ae = company.aes[Math.floor(at / world.companies.length) % company.aes.length]!
  const trigger = fresh()
  const body = new URLSearchParams({
    token: 'deprecated',
    team_id: company.tenant,
    team_domain: 'bench',
    channel_id: `D${ae.user}`,
    channel_name: 'directmessage',
    user_id: ae.user,
    user_name: 'someone',
    command: '/approve-discount',
    text: '',
    api_app_id: 'A0BENCH',
    is_enterprise_install: 'false',
    response_url: responseUrl(slackUrl, trigger),
    trigger_id: trigger,
  })
  return { body: body.toString(), trigger }
}

const base = (company: Company, user: string, trigger: string) => ({
  user: { id: user, username: 'someone', name: 'someone', team_id: company.tenant },
  api_app_id: 'A0BENCH',
  token: 'deprecated',
  team: { id: company.tenant, domain: 'bench' },
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: trigger,
})

/** A press on the manager's card; the card itself is in the payload, as Slack sends it. */
export function button(
  world: World,
  pending: Pending,
  action: string,
  { card, slackUrl }: Shown,
  team = pending.team,
): Prepared {
  const company = world.companies[pending.company]!
  const { user } = company.managers[team]!
  const trigger = fresh()
  const channel = `D${user}`
  const payload = {
    type: 'block_actions',
    ...base(company, user, trigger),
    container: { type: 'message', message_ts: pending.drawing, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'directmessage' },
    message: { type: 'message', user: 'U0BOT', ts: pending.drawing, bot_id: 'B0BENCH', blocks: card },
    state: { values: {} },
    response_url: responseUrl(slackUrl, trigger),
    actions: [
      {
        type: 'button',
        action_id: action,
        block_id: 'b1',
        text: { type: 'plain_text', text: '승인', emoji: false },
        value: pending.drawing,
        style: 'primary',
        action_ts: trigger,
      },
    ],
  }
  return { body: `payload=${encodeURIComponent(JSON.stringify(payload))}`, trigger }
}

function submit(world: World, free: Free): Prepared {
  const company = world.companies[free.company]!
  const { user } = company.aes[free.team]!
  const answers = answersFor(free.deal)
  const trigger = fresh()
  const input = (name: string, element: object) => ({
    type: 'input',
    block_id: name,
    dispatch_action: true,
    label: { type: 'plain_text', text: name, emoji: false },
    element: { action_id: name, ...element },
  })
  const payload = {
    type: 'view_submission',
    ...base(company, user, trigger),
    view: {
      id: `V${free.drawing}${trigger}`,
      team_id: company.tenant,
      type: 'modal',
      blocks: [
        input('deal', { type: 'external_select', min_query_length: 0 }),
        input('discount', { type: 'number_input', is_decimal_allowed: true }),
        input('reason', { type: 'plain_text_input', multiline: true }),
        input('competitor', { type: 'plain_text_input' }),
        input('needed_by', { type: 'datepicker' }),
      ],
      private_metadata: free.drawing,
      callback_id: 'discount.request',
      state: {
        values: {
          deal: {
            deal: {
              type: 'external_select',
              selected_option: { text: { type: 'plain_text', text: free.deal }, value: free.deal },
            },
          },
          discount: { discount: { type: 'number_input', value: answers.discount } },
          reason: { reason: { type: 'plain_text_input', value: answers.reason } },
          competitor: { competitor: { type: 'plain_text_input', value: null } },
          needed_by: { needed_by: { type: 'datepicker', selected_date: null } },
        },
      },
      hash: trigger,
      title: { type: 'plain_text', text: '할인 승인 요청', emoji: false },
      previous_view_id: null,
      root_view_id: `V${free.drawing}`,
      app_id: 'A0BENCH',
      external_id: '',
      app_installed_team_id: company.tenant,
      bot_id: 'B0BENCH',
    },
    response_urls: [],
  }
  return { body: `payload=${encodeURIComponent(JSON.stringify(payload))}`, trigger }
}

/** The request as it goes over the wire, signed now. */
export function signedRequest(body: string, port: number): Buffer {
  const stamp = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex')
  const bytes = Buffer.from(body)
  const head =
    `POST /slack/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nuser-agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n` +
    `accept: application/json,*/*\r\ncontent-type: application/x-www-form-urlencoded\r\n` +
    `x-slack-request-timestamp: ${stamp}\r\nx-slack-signature: v0=${signature}\r\ncontent-length: ${bytes.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}
