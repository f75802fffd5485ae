import { defaultWorkingTime } from '../../src/canon/calendar.ts'
import type { Finding, NudgePreferences } from '../../src/canon/nudge.ts'
import type { HearingWorld } from '../../src/canon/nudge-hearers.ts'
import type { Org, Person, Team } from '../../src/canon/people.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'

/** Monday 2026-11-23, 10:00 in Seoul. */
export const now = Date.parse('2026-11-23T10:00:00+09:00')
export const seoul = (text: string): number => Date.parse(`${text}:00+09:00`)

const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  name: id,
  roles: ['ae'],
  active: true,
  ...over,
})

const everybody: readonly Person[] = [
  person('boss', { roles: ['c_level'] }),
  person('vp', { roles: ['vp_sales'], manager: 'boss' }),
  person('manager', { roles: ['sales_manager'], manager: 'vp', team: 'east' }),
  person('ae', { manager: 'manager', team: 'east' }),
  person('ae2', { manager: 'manager', team: 'east' }),
  person('csm', { roles: ['csm'], manager: 'cs', team: 'success' }),
  person('cs', { roles: ['cs_manager'], manager: 'boss' }),
  person('ops', { roles: ['sales_ops'] }),
  person('other', { team: 'west' }),
]

const teams: readonly Team[] = [
  { id: 'east', name: 'East', manager: 'manager', slackChannel: 'C-EAST', teamsChannel: '19:east' },
  { id: 'west', name: 'West' },
]

export interface Given {
  readonly now?: number
  readonly people?: Readonly<Record<string, Partial<Person>>>
  readonly linked?: readonly string[]
  readonly platforms?: readonly ('slack' | 'teams')[]
  readonly preferences?: Readonly<Record<string, Partial<NudgePreferences>>>
  readonly nudges?: Partial<(typeof defaultPolicy)['nudges']>
}

export function world(given: Given = {}): HearingWorld & { policy: typeof defaultPolicy; org: Org } {
  const people = everybody.map((each) => ({ ...each, ...given.people?.[each.id] }))
  const linked = given.linked ?? people.map(({ id }) => id)
  return {
    now: given.now ?? now,
    org: {
      company: {
        id: 'one',
        name: 'One',
        locale: 'ko',
        currency: 'KRW',
        fiscalYearStart: 1,
        working: defaultWorkingTime('Asia/Seoul', 'KR'),
      },
      people: new Map(people.map((each) => [each.id, each])),
      teams: new Map(teams.map((team) => [team.id, team])),
      stamp: 1,
    },
    policy: { ...defaultPolicy, nudges: { ...defaultPolicy.nudges, ...given.nudges } },
    platforms: new Map(linked.map((id) => [id, given.platforms ?? ['slack']])),
    tenants: [
      { platform: 'slack', tenant: 'T1' },
      { platform: 'teams', tenant: 'G1' },
    ],
    preferences: new Map(
      Object.entries(given.preferences ?? {}).map(([id, wish]) => [
        id,
        { off: [], place: 'channel', pace: 'at-once', ...wish } satisfies NudgePreferences,
      ]),
    ),
  }
}

export const finding = (over: Partial<Finding> = {}): Finding => ({
  kind: 'stalled',
  subject: { noun: 'deal', id: 'D1' },
  cycle: '2026-10-01',
  owner: 'ae',
  because: { kind: 'stalled', stage: 'S4', since: '2026-10-01', days: 53, risk: false },
  weight: 100,
  ...over,
})
