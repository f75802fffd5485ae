/**
 * People in a local Teams, for tests: they say words, press buttons, fill in dialogs and read what a person would
 * read. Everything goes over real HTTP with real signed tokens; every wait ends with the event it waits for.
 *
 *     const teams = await localTeams({ users: [{ id: '…guid', person: 'kim-jiwon', name: '김지원' }, …] })
 *     // start the app with teams.settings (a TeamsConfig), then:
 *     teams.connect(`http://127.0.0.1:${port}/api/messages`)
 *     await teams.announce()                                   // the app learns where it is installed
 *
 *     const jiwon = teams.as('kim-jiwon')                      // by the product's id, Entra id, or name
 *     await jiwon.say('approve-discount D-1042 22')
 *     const card = await jiwon.chat().waitForCard(/D-1042/)
 *     await card.press('Open')                                 // by title, verb, data.action or id
 *     const dialog = await jiwon.dialog()                      // waits for one to be drawn
 *     await dialog.fill({ discount: '22' }); await dialog.continue(); await dialog.waitFor(/VP Sales/)
 *     await dialog.fill({ reason: '…' }); await dialog.submit()   // throws when it stays open; trySubmit() tells
 *     await dialog.search('deal', 'acme')                      // typeahead
 *
 *     const ask = await teams.as('yoon-haeun').chat().waitForCard(/22%/)
 *     ask.text(); ask.buttons(); ask.own                       // read; handles follow the message as it changes
 *     await ask.press('discount.approve')
 *     await ask.waitFor(/approved/i)
 *     await jiwon.channel('enterprise-sales').mention('approvals')
 *
 * `try…` gives what Teams showed the person; the plain form throws when it is not what was wanted.
 * Faults: `teams.fault({ on: 'api', method: 'sendActivity', kind: 'rate-limit', retryAfter: 1, times: 1 })`,
 * `teams.fault({ on: 'app', kind: 'wrong-audience', times: 1 })`. Tampering: `jiwon.forging((activity) => …)`.
 * Replays: `teams.replay()`. What went over the wire: `teams.calls('updateActivity')`, `teams.received('invoke')`.
 */

import type { Exchange } from '../../src/playground/slack/traffic.ts'
import type { TeamsFaultSpec } from '../../src/playground/teams/faults.ts'
import { guidOf } from '../../src/playground/teams/ids.ts'
import {
  createLocalTeams,
  type LocalTeams,
  type LocalTeamsOptions,
} from '../../src/playground/teams/index.ts'
import type { Answered } from '../../src/playground/teams/link.ts'
import type { TeamSeed, TeamsUserSeed, TenantSeed } from '../../src/playground/teams/seed.ts'
import { Persona } from './teams-person.ts'
import { until } from './until.ts'

export interface TestTeamsOptions extends Omit<Partial<LocalTeamsOptions>, 'tenants'> {
  /** The people of one tenant; or `tenants`, for several. */
  readonly users?: readonly TeamsUserSeed[]
  readonly teams?: readonly TeamSeed[]
  readonly groupChats?: TenantSeed['groupChats']
  readonly tenants?: readonly TenantSeed[]
  /** The app's messaging endpoint, when it runs already. */
  readonly appUrl?: string
}

/** The tenant of tests that need no one in particular. */
export const localTenant = guidOf('local tenant')

const person = (id: string, name: string, more: Partial<TeamsUserSeed> = {}): TeamsUserSeed => ({
  id: guidOf(id),
  person: id,
  name,
  email: `${id}@acme.example`,
  ...more,
})

/** Four people for tests that need no one in particular; give `users` for others. */
const cast: readonly TeamsUserSeed[] = [
  person('jiwon', '김지원', { locale: 'ko-KR' }),
  person('minho', '박민호', { locale: 'ko-KR' }),
  person('vera', 'Vera Park'),
  person('daniel', 'Daniel Cho', { isAdmin: true }),
]

/** Starts a local Teams on a free port of loopback. */
export async function localTeams(options: TestTeamsOptions = {}): Promise<TestTeams> {
  const { users = cast, teams: given, groupChats, tenants, appUrl, ...rest } = options
  const members = users.filter((user) => user.isGuest !== true).map((user) => user.id)
  const teams = createLocalTeams({
    ...rest,
    tenants: tenants ?? [
      {
        id: localTenant,
        name: 'Local',
        users,
        teams: given ?? [{ name: 'Sales', members, channels: [{ name: 'General' }, { name: 'Deals' }] }],
        groupChats: groupChats ?? [{ name: 'Deal desk', members }],
      },
    ],
  })
  await teams.listen()
  if (appUrl !== undefined) teams.connect(appUrl)
  return new TestTeams(teams)
}

export class TestTeams {
  readonly teams: LocalTeams

  constructor(teams: LocalTeams) {
    this.teams = teams
  }

  get core() {
    return this.teams.core
  }
  /** What the app is configured with (`TeamsConfig`). */
  get settings() {
    return this.teams.settings
  }

  connect(url: string): void {
    this.teams.connect(url)
  }
  announce(): Promise<void> {
    return this.teams.announce()
  }

  /** Somebody by their id in the product, their Entra id or name; of the first tenant that has them. */
  as(who: string, tenant?: string): Persona {
    const tenants = tenant === undefined ? Object.values(this.core.world.tenants) : [this.core.tenant(tenant)]
    for (const home of tenants) {
      const user = Object.values(home.users).find((one) => [one.person, one.id, one.name].includes(who))
      if (user) return new Persona({ core: this.core, tenant: home, user })
    }
    const known = tenants.flatMap((one) => Object.values(one.users).map((user) => user.person ?? user.name))
    throw new Error(`${who} is not there; there are ${known.join(', ')}`)
  }

  fault(spec: TeamsFaultSpec): void {
    this.core.faults.add(spec)
  }

  /** The calls the app made, oldest first. */
  calls(method?: string): Exchange[] {
    return this.#exchanges('from-app', method)
  }
  /** What was sent to the app: `message`, `invoke task/fetch`, `installationUpdate`, …: by its beginning. */
  received(what?: string): Exchange[] {
    return this.#exchanges('to-app', what)
  }
  #exchanges(direction: Exchange['direction'], what = ''): Exchange[] {
    return this.core.traffic
      .list(0, 100_000)
      .filter((one) => one.platform === 'teams' && one.direction === direction && one.what.startsWith(what))
  }

  /** Waits until the app made a call that fits, and has its answer. */
  waitForCall(method: string, fits: (call: Exchange) => boolean = () => true): Promise<Exchange> {
    return this.until(
      () => this.calls(method).find((call) => call.outcome !== 'running' && fits(call)),
      `a call of ${method}`,
    )
  }

  /** Sends the same activity again: of the given exchange, or of the last one that went to the app (B5.22). */
  replay(exchange: Exchange | undefined = this.received().at(-1)): Promise<Answered> {
    if (!exchange) throw new Error('Nothing was sent to the app yet')
    return this.core.link.replay(exchange.id)
  }

  /** The `Authorization` header that Teams would send with an activity now. */
  authorization(forgery?: Parameters<LocalTeams['core']['keys']['authorization']>[1]): string | undefined {
    const { serviceUrl, world } = this.core
    return this.core.keys.authorization({ audience: world.app.id, serviceUrl, now: Date.now() }, forgery)
  }

  /** Waits until this is true; asked again at everything that happens in this Teams. */
  until<T>(probe: () => T | undefined | false | null, what: string): Promise<T> {
    return until(this.core, probe, what, { traffic: true })
  }

  settled(): Promise<void> {
    return this.teams.settled()
  }
  close(): Promise<void> {
    return this.teams.close()
  }
}

export type { Persona } from './teams-person.ts'

/** They choose Teams in their settings, as whoever reads both platforms must before anything comes here. */
export async function readOnTeams(people: readonly Persona[], settings = /요청을 받을 곳/): Promise<void> {
  for (const each of people) {
    await each.say('dealdesk settings')
    const card = await each.chat().waitForCard(settings)
    await card.press(card.buttons().find((label) => label.endsWith('Microsoft Teams'))!)
  }
}
