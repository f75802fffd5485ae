import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import type { Gesture, Reply } from '../../src/gesture.ts'
import { createSlack, type Slack } from '../../src/slack/index.ts'
import { localSlack, type TestSlack } from '../support/slack-people.ts'
import { say } from './rig.ts'

/*
 * Our half of Slack against the local Slack, which refuses what the real one refuses: triggers that end, hashes that
 * moved, blocks that break a rule.
 */

const tenant = 'T0LOCAL'
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
let open: { slack: TestSlack; ours: Slack; server: Server } | undefined

async function rig(reply: (gesture: Gesture) => Reply | Promise<Reply>, options: { socket?: boolean } = {}) {
  const slack = await localSlack({
    users: [
      { id: 'U0JIWON', realName: '김지원', email: 'jiwon@acme.example', locale: 'ko-KR' },
      { id: 'U0GUEST', realName: 'Guest', email: 'guest@else.example', isGuest: true },
      { id: 'U0ELSE', realName: 'Stranger', isStranger: true },
      { id: 'U0ADMIN', realName: 'Admin', isAdmin: true },
    ],
  })
  const gestures: Gesture[] = []
  const ours = createSlack({
    config: {
      apiUrl: slack.apiUrl,
      signingSecrets: options.socket ? [] : [slack.signingSecret],
      botToken: slack.botToken,
      ...(options.socket ? { appToken: slack.appToken } : {}),
    },
    intake: {
      async take(gesture) {
        gestures.push(gesture)
        return reply(gesture)
      },
      commitsBeforeAck: (gesture) => gesture.kind === 'submit' || gesture.kind === 'button',
    },
    clock: { now: () => 1_763_700_000_000 },
    log: silent,
    commands: ['approve-discount', 'deal'],
    production: false,
    localeOf: async () => 'en',
  })
  const server = createServer((req, res) => void ours.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  if (!options.socket)
    slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  await ours.start()
  open = { slack, ours, server }
  return { slack, ours, gestures, jiwon: slack.as('U0JIWON') }
}
afterEach(async () => {
  if (!open) return
  await open.ours.stop(2_000)
  open.server.closeAllConnections()
  open.server.close()
  await open.slack.close()
  open = undefined
})

const everyField: FormView = {
  form: 'discount.request',
  title: '할인 요청',
  submit: '요청',
  close: '취소',
  drawing: 'drawing-1',
  items: [
    { kind: 'text', text: ['Deal of ', { user: '<!channel> *Acme*' }] },
    { kind: 'field', name: 'deal', field: { kind: 'search', label: 'Deal', live: true } },
    { kind: 'field', name: 'discount', field: { kind: 'percent', label: 'Discount', live: true } },
    {
      kind: 'field',
      name: 'list_amount',
      field: { kind: 'money', label: 'List', currency: 'KRW', optional: true },
    },
    {
      kind: 'field',
      name: 'needed_by',
      field: { kind: 'date', label: 'By', optional: true },
      value: '2026-12-01',
    },
    {
      kind: 'field',
      name: 'reason',
      field: {
        kind: 'choice',
        label: 'Reason',
        options: [
          { value: 'volume', label: 'Volume' },
          { value: 'competitor', label: 'Competitor' },
        ],
      },
    },
    { kind: 'field', name: 'justification', field: { kind: 'long-text', label: 'Why', optional: true } },
  ],
}
const fieldCard = (drawing: string): Card => ({
  summary: 'Decide',
  blocks: [
    { kind: 'title', text: 'Decide' },
    {
      kind: 'buttons',
      buttons: [{ action: 'discount.approve', label: 'Approve', drawing, style: 'primary' }],
    },
  ],
})

it('every kind of field opens, is searched, previews, keeps what was typed over a redraw, and is sent', async () => {
  const { jiwon, gestures } = await rig((gesture) => {
    switch (gesture.kind) {
      case 'command':
        return { kind: 'open', view: everyField }
      case 'search':
        return { kind: 'options', options: [{ value: 'd1', label: 'Acme Suite' }] }
      case 'change': {
        const note = { kind: 'note', text: [`Preview of ${String(gesture.answers.discount)}`] } as const
        return { kind: 'redraw', view: { ...everyField, items: [...everyField.items, note] } }
      }
      default:
        return { kind: 'close' }
    }
  })
  await jiwon.command('/approve-discount', 'acme 22')
  const form = await jiwon.modal()
  await form.fill({ deal: 'Acme', reason: 'Competitor', justification: 'They offered 25 %' })
  await form.fill({ discount: '22' })
  await form.waitFor(/Preview of 22/)
  await form.submit()
  expect(gestures.find((g) => g.kind === 'submit')).toMatchObject({
    form: 'discount.request',
    drawing: 'drawing-1',
    answers: {
      deal: 'd1',
      discount: '22',
      needed_by: '2026-12-01',
      reason: 'competitor',
      justification: 'They offered 25 %',
    },
  })
})

it('field errors stand at their fields and everything typed stays', async () => {
  const { jiwon } = await rig((gesture) =>
    gesture.kind === 'command'
      ? { kind: 'open', view: everyField }
      : gesture.kind === 'search'
        ? { kind: 'options', options: [{ value: 'd1', label: 'Acme Suite' }] }
        : gesture.kind === 'submit'
          ? { kind: 'field-errors', errors: { discount: 'At most 100 %.' } }
          : { kind: 'nothing' },
  )
  await jiwon.command('/approve-discount')
  const form = await jiwon.modal()
  await form.fill({ deal: 'Acme', discount: '120', reason: 'Volume' })
  expect(await form.trySubmit()).toMatchObject({ errors: { discount: 'At most 100 %.' } })
})

it('B5.40 a form whose trigger ended is opened by the button that was offered instead', async () => {
  const { slack, jiwon, gestures } = await rig(() => ({ kind: 'open', view: everyField }))
  slack.fault({ on: 'api', method: 'views.open', kind: 'error', error: 'expired_trigger_id', times: 1 })
  await jiwon.command('/approve-discount', 'acme 22')
  const told = await jiwon.ephemeral(/took too long/)
  await told.click('Open again')
  await jiwon.modal()
  expect(gestures).toMatchObject([
    { kind: 'command', command: 'approve-discount', text: 'acme 22' },
    { kind: 'command', command: 'approve-discount', text: 'acme 22' },
  ])
})

it('a private answer is replaced by the next one, so that no old buttons stay', async () => {
  const { jiwon } = await rig((gesture) =>
    gesture.kind === 'command'
      ? { kind: 'say', card: fieldCard('d1') }
      : { kind: 'say', card: say('Approved.') },
  )
  await jiwon.command('/deal')
  const list = await jiwon.ephemeral(/Decide/)
  await list.click('discount.approve')
  await jiwon.ephemeral(/Approved/)
  expect(jiwon.ephemerals()).toHaveLength(1)
})

it('B5.22 the same bytes again are the same key', async () => {
  const { slack, jiwon, ours, gestures } = await rig(() => ({ kind: 'nothing' }))
  await jiwon.command('/deal', 'acme')
  expect(await slack.replay()).toMatchObject({ status: 200 })
  await ours.quiet()
  expect(gestures).toHaveLength(2)
  expect(gestures[1]?.key).toBe(gestures[0]?.key)
})

it.each(['forged-signature', 'future-stamp', 'old-stamp'] as const)(
  'B5.18–21 %s does nothing',
  async (kind) => {
    const { slack, jiwon, ours, gestures } = await rig(() => ({ kind: 'nothing' }))
    slack.fault({ on: 'app', kind, times: 1 })
    await expect(jiwon.command('/deal', 'acme')).rejects.toThrow()
    await ours.quiet()
    expect(gestures).toEqual([])
  },
)

it('B5.10 guests and strangers are no members; a stranger’s press is an outsider’s', async () => {
  const { slack, ours, gestures } = await rig(() => ({ kind: 'nothing' }))
  const profiles = ['U0JIWON', 'U0GUEST', 'U0ELSE'].map((user) => ours.directory.profile(tenant, user))
  expect((await Promise.all(profiles)).map((p) => p?.member)).toEqual([true, false, false])
  const channel = slack.slack.workspace().channels.C0DEALS!.id
  await ours.courier.post({ tenant, channel }, fieldCard('d1'), 'k1')
  const card = await slack
    .as('U0ELSE')
    .channel('deals')
    .waitForMessage(/Decide/)
  await card.click('discount.approve')
  expect(gestures[0]).toMatchObject({ user: 'U0ELSE', outsider: true })
})

it('B5.48 a post that was accepted and never answered is found by its key, and is there once', async () => {
  const { slack, ours, jiwon } = await rig(() => ({ kind: 'nothing' }))
  const reached = await ours.courier.reach(tenant, 'U0JIWON')
  if (reached.outcome !== 'sent') throw new Error(reached.outcome)
  const to = { tenant, channel: reached.channel }
  slack.fault({ on: 'api', method: 'chat.postMessage', kind: 'accept-then-drop', times: 1 })
  const since = Date.now()
  expect(await ours.courier.post(to, fieldCard('d1'), 'key-1')).toMatchObject({ outcome: 'unknown' })
  const found = await ours.courier.find(to, 'key-1', since)
  if (typeof found !== 'object') throw new Error(`found: ${found}`)
  expect(await ours.courier.find(to, 'key-2', since)).toBe('not-there')
  expect(await ours.courier.update(found, say('Settled.'))).toMatchObject({ outcome: 'sent' })
  await jiwon.dm().waitForMessage(/Settled/)
  expect(slack.calls('chat.postMessage')).toHaveLength(1)
})

it('B5.50 B5.52 B5.55 places, messages and workspaces that are gone are told apart', async () => {
  const { slack, ours } = await rig(() => ({ kind: 'nothing' }))
  const channel = slack.slack.workspace().channels.C0DEALS!.id
  const sent = await ours.courier.post({ tenant, channel }, fieldCard('d1'), 'k1')
  if (sent.outcome !== 'sent') throw new Error(sent.outcome)
  const missing = { ...sent.ref, message: '1700000000.999999' }
  expect(await ours.courier.update(missing, say('x'))).toMatchObject({
    outcome: 'dead',
    what: 'message-gone',
  })
  await slack.as('U0ADMIN').archive('deals')
  expect(await ours.courier.post({ tenant, channel }, fieldCard('d1'), 'k2')).toMatchObject({
    outcome: 'dead',
    what: 'place-gone',
  })
  await slack.as('U0ADMIN').uninstall()
  expect(await ours.courier.reach(tenant, 'U0GUEST')).toMatchObject({
    outcome: 'dead',
    what: 'workspace-gone',
  })
})

it('in Socket Mode a command opens its form just the same', async () => {
  const { jiwon, ours } = await rig(() => ({ kind: 'open', view: everyField }), { socket: true })
  expect(ours.ready()).toBe(true)
  await jiwon.command('/approve-discount', 'acme 22')
  await jiwon.modal(/할인 요청/)
})
