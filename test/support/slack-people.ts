/**
 * People in a local Slack, for tests: they type commands, fill in forms, press buttons and read what a person
 * would read. Everything goes over real HTTP with real signatures; every wait ends with the event it waits for.
 *
 *     const slack = await localSlack({ users: [{ id: 'U0JIWON', realName: '김지원' }, …] })
 *     // start the app with SLACK_API_URL=slack.apiUrl, SLACK_BOT_TOKEN=slack.botToken,
 *     // SLACK_SIGNING_SECRET=slack.signingSecret, then:
 *     slack.connect(`http://127.0.0.1:${port}/slack/events`)
 *
 *     const jiwon = slack.as('U0JIWON')
 *     await jiwon.command('/approve-discount', 'acme 15')
 *     const form = await jiwon.modal()                        // waits for one to be open
 *     await form.fill({ deal: 'Acme', discount: '22' })       // searches in external selects, picks labels in menus
 *     await form.waitFor(/VP Sales/)                          // the live preview
 *     await form.submit()                                     // throws when the form stays with errors …
 *     expect(await form.trySubmit()).toMatchObject({ errors: { discount: /…/ } })   // … this gives them
 *
 *     const card = await slack.as('U0VP').dm().waitForMessage(/22%/)
 *     card.text(); card.buttons(); card.live()                // read; handles follow the message as it changes
 *     await card.click('discount.approve')                    // by action_id or by label
 *     await card.waitFor(/approved/i)
 *     await card.thread().say('Why so much?')
 *     await jiwon.ephemeral(/already/)                        // what only they see, wherever it is
 *     const home = await jiwon.home()                         // opens App Home, waits for it to be published
 *     await home.click('discount.approve', { near: /Acme/ })  // one of several alike
 *
 * `try…` gives what Slack answered the person; the plain form throws when it is not what was wanted.
 * Faults: `slack.fault({ on: 'api', method: 'chat.postMessage', kind: 'rate-limit', retryAfter: 1, times: 1 })`.
 * Tampering: `jiwon.forging((payload) => ({ ...payload, … })).message(card)…`. Replays: `slack.replay()`.
 * What went over the wire: `slack.calls('chat.postMessage')`, `slack.received('block_actions')`.
 */

import { registry } from '../../handlers/index.ts'
import type { FaultSpec } from '../../src/playground/slack/faults.ts'
import {
  createLocalSlack,
  type LocalSlack,
  type LocalSlackOptions,
} from '../../src/playground/slack/index.ts'
import { type Acknowledgement, sign } from '../../src/playground/slack/link.ts'
import type { ChannelSeed, UserSeed, WorkspaceSeed } from '../../src/playground/slack/seed.ts'
import type { Exchange } from '../../src/playground/slack/traffic.ts'
import { botEvents, botScopes } from '../../src/slack/manifest.ts'
import { Persona } from './slack-person.ts'
import { until } from './until.ts'

export interface TestSlackOptions extends Omit<Partial<LocalSlackOptions>, 'workspaces'> {
  /** The people of one workspace `T0LOCAL`; or `workspaces`, for several. */
  readonly users?: readonly UserSeed[]
  readonly channels?: readonly ChannelSeed[]
  readonly workspaces?: readonly WorkspaceSeed[]
  /** The app's request URL, when it runs already. */
  readonly appUrl?: string
}

/** Four people for tests that need no one in particular; give `users` for others. */
const cast: readonly UserSeed[] = [
  { id: 'U0JIWON', realName: '김지원', email: 'jiwon@acme.example', locale: 'ko-KR' },
  { id: 'U0MINHO', realName: '박민호', email: 'minho@acme.example', locale: 'ko-KR' },
  { id: 'U0VERA', realName: 'Vera Park', email: 'vera@acme.example' },
  { id: 'U0DANIEL', realName: 'Daniel Cho', email: 'daniel@acme.example', isAdmin: true },
]

/** Starts a local Slack on a free port of loopback. */
export async function localSlack(options: TestSlackOptions = {}): Promise<TestSlack> {
  const { users = cast, channels, workspaces, appUrl, ...rest } = options
  const everyone = users.map((user) => user.id)
  const slack = createLocalSlack({
    ...rest,
    app: { commands: defaultCommands, scopes: [...botScopes], events: [...botEvents], ...rest.app },
    workspaces: workspaces ?? [
      {
        id: 'T0LOCAL',
        name: 'Local',
        users,
        channels: channels ?? [{ id: 'C0DEALS', name: 'deals', members: [...everyone, 'bot'] }],
      },
    ],
  })
  await slack.listen()
  if (appUrl !== undefined) slack.connect(appUrl)
  return new TestSlack(slack)
}

const defaultCommands = registry.commands.map(({ name }) => ({ command: `/${name}`, description: name }))

export class TestSlack {
  readonly slack: LocalSlack

  constructor(slack: LocalSlack) {
    this.slack = slack
  }

  get core() {
    return this.slack.core
  }
  get apiUrl(): string {
    return this.slack.apiUrl
  }
  get signingSecret(): string {
    return this.slack.app.signingSecret
  }
  get botToken(): string {
    return this.slack.workspace().botToken
  }
  get appToken(): string {
    return this.slack.app.appToken
  }

  connect(url: string): void {
    this.slack.connect(url)
  }

  /** A person of the first workspace, or of the one named. */
  as(user: string, workspace?: string): Persona {
    const home = this.slack.workspace(workspace)
    const known = home.users[user]
    if (!known)
      throw new Error(`${user} is not in ${home.id}; there are ${Object.keys(home.users).join(', ')}`)
    return new Persona({ core: this.core, workspace: home, user: known })
  }

  fault(spec: FaultSpec): void {
    this.core.faults.add(spec)
  }

  /** The calls the app made, oldest first. */
  calls(method?: string): Exchange[] {
    return this.#exchanges('from-app', method)
  }

  /** What was sent to the app: `slash_command`, `block_actions`, `event app_home_opened`, …: by its beginning. */
  received(what?: string): Exchange[] {
    return this.#exchanges('to-app', what)
  }

  #exchanges(direction: Exchange['direction'], what = ''): Exchange[] {
    return this.core.traffic
      .list(0, 100_000)
      .filter((exchange) => exchange.direction === direction && exchange.what.startsWith(what))
  }

  /** Waits until the app made a call that fits, and has its answer. */
  waitForCall(method: string, fits: (call: Exchange) => boolean = () => true): Promise<Exchange> {
    return until(
      this.core,
      () => this.calls(method).find((call) => call.outcome !== 'running' && fits(call)),
      `a call of ${method}`,
      { traffic: true },
    )
  }

  /** Sends the same bytes again: of the given exchange, or of the last one that went to the app (B5.22). */
  replay(exchange: Exchange | undefined = this.received().at(-1)): Promise<Acknowledgement> {
    if (!exchange) throw new Error('Nothing was sent to the app yet')
    return this.core.link.replay(exchange.id)
  }

  /** Headers of a request as Slack would sign it now, or `seconds` away from now. */
  signed(body: string, seconds = 0): Record<string, string> {
    const stamp = String(Math.floor(Date.now() / 1000) + seconds)
    return {
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': sign(this.signingSecret, stamp, body),
    }
  }

  /** Waits until this is true; asked again at everything that happens in this Slack. */
  until<T>(probe: () => T | undefined | false | null, what: string): Promise<T> {
    return until(this.core, probe, what, { traffic: true })
  }

  settled(): Promise<void> {
    return this.slack.settled()
  }

  close(): Promise<void> {
    return this.slack.close()
  }
}

export type { Persona } from './slack-person.ts'
