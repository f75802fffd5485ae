import { defaultWorkingTime, type Instant, instantAt } from '../../src/canon/calendar.ts'
import {
  type DiscountAct,
  type DiscountAsk,
  type DiscountRequest,
  type DiscountWorld,
  open,
  rule,
  tick,
} from '../../src/canon/discount.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import type { Org, Person, Role, Team } from '../../src/canon/people.ts'
import { type DiscountPolicy, defaultPolicy, type Policy } from '../../src/canon/policy.ts'
import type { Ruling } from '../../src/canon/refusal.ts'

// The company of the canon's tests: mina (AE) reports to seojun (Sales Manager), he to yuna (VP), she to dohyun (C-level).

const zone = 'Asia/Seoul'
/** Monday 2 November 2026, 10:00 in Seoul. */
export const monday: Instant = instantAt('2026-11-02', '10:00', zone)
export const hour = 3_600_000
export const day = 24 * hour

export const person = (
  id: string,
  roles: readonly Role[],
  manager?: string,
  more: Partial<Person> = {},
): Person => ({
  id,
  name: id,
  roles,
  active: true,
  ...(manager === undefined ? {} : { manager }),
  ...more,
})

export const staff: readonly Person[] = [
  person('mina', ['ae'], 'seojun', { team: 'seoul' }),
  person('jiho', ['ae'], 'seojun', { team: 'seoul' }),
  person('seojun', ['sales_manager'], 'yuna', { team: 'seoul' }),
  person('yuna', ['vp_sales'], 'dohyun'),
  person('dohyun', ['c_level']),
  person('sora', ['sales_ops'], 'dohyun'),
  person('fin1', ['finance'], 'cfo'),
  person('fin2', ['finance'], 'cfo'),
  person('cfo', ['c_level', 'finance'], 'dohyun'),
  person('law', ['legal'], 'dohyun'),
  person('cara', ['csm'], 'carl'),
  person('carl', ['cs_manager'], 'dohyun'),
]

export function orgOf(people: readonly Person[] = staff, changes: Record<string, Partial<Person>> = {}): Org {
  const teams: Team[] = [{ id: 'seoul', name: 'Seoul', manager: 'seojun' }]
  return {
    company: {
      id: 'acme',
      name: 'Acme',
      locale: 'ko',
      currency: 'KRW',
      fiscalYearStart: 1,
      working: defaultWorkingTime(zone, 'KR'),
    },
    people: new Map(people.map((p) => [p.id, { ...p, ...changes[p.id] }])),
    teams: new Map(teams.map((team) => [team.id, team])),
    stamp: 1,
  }
}

export const dealOf = (more: Partial<Opportunity> = {}): Opportunity => ({
  id: 'D-1',
  name: 'Hanbit licence',
  owner: 'mina',
  accountCsm: 'cara',
  amount: { amount: 100_000_000, currency: 'KRW' },
  listAmount: { amount: 120_000_000, currency: 'KRW' },
  stage: 'S5',
  meddicc: {},
  updatedAt: monday,
  version: 1,
  ...more,
})

export const policyOf = (discount: Partial<DiscountPolicy> = {}): Policy => ({
  ...defaultPolicy,
  discount: { ...defaultPolicy.discount, ...discount },
})

export const worldOf = (more: Partial<DiscountWorld> = {}): DiscountWorld => ({
  now: monday,
  org: orgOf(),
  policy: defaultPolicy,
  deal: dealOf(),
  ...more,
})

/** The same world with some people changed. */
export const withPeople = (
  world: DiscountWorld,
  changes: Record<string, Partial<Person>>,
): DiscountWorld => ({
  ...world,
  org: orgOf([...world.org.people.values()], changes),
})

export const later = (world: DiscountWorld, ms: number): DiscountWorld => ({ ...world, now: world.now + ms })

/** On holiday on 2 November and the days around it. */
export const away = (delegate?: string): Partial<Person> => ({
  awayFrom: '2026-11-01',
  awayUntil: '2026-11-20',
  ...(delegate === undefined ? {} : { delegate }),
})

export const askOf = (discount: number, more: Partial<DiscountAsk> = {}): DiscountAsk => ({
  id: 'R-1',
  requester: 'mina',
  discount,
  reason: 'competitor undercuts us',
  justification: 'strategic account',
  ...more,
})

export function granted<T, F>(ruling: Ruling<T, F>): { next: T; facts: readonly F[] } {
  if (!ruling.ok) throw new Error(`refused: ${JSON.stringify(ruling.refusal)}`)
  return ruling
}

export const opened = (
  discount: number,
  world = worldOf(),
  more: Partial<DiscountAsk> = {},
): DiscountRequest => granted(open(askOf(discount, more), world)).next

type Gesture = Omit<DiscountAct, 'platform'> & { readonly by: string }
/** What a test says somebody does, on Slack. */
const act = (by: string, gesture: Record<string, unknown> & { act: DiscountAct['act'] }): DiscountAct =>
  ({ by, platform: 'slack', ...gesture }) as Gesture as DiscountAct

export const ruled = (
  request: DiscountRequest,
  by: string,
  gesture: Record<string, unknown> & { act: DiscountAct['act'] },
  world = worldOf(),
) => rule(request, act(by, gesture), world)

/** The request after somebody's gesture, which must be allowed. */
export const went = (
  request: DiscountRequest,
  by: string,
  gesture: Record<string, unknown> & { act: DiscountAct['act'] },
  world = worldOf(),
): DiscountRequest => granted(ruled(request, by, gesture, world)).next

export const approvedBy = (request: DiscountRequest, by: string, world = worldOf()): DiscountRequest =>
  went(request, by, { act: 'approve' }, world)

export const refusalOf = (ruling: Ruling<unknown, unknown>) => (ruling.ok ? undefined : ruling.refusal)
export const codeOf = (ruling: Ruling<unknown, unknown>) => refusalOf(ruling)?.code

/** `rung sales_manager: seojun (open)` … one line a step. */
export const drawn = (request: Pick<DiscountRequest, 'steps'>): string[] =>
  request.steps.map((s) => `${s.order} ${s.kind} ${s.level}: ${s.people.join(' ')} (${s.state})`)

/** What the clock makes of a request, which must be something. */
export const ticked = (request: DiscountRequest, world: DiscountWorld) => {
  const result = tick(request, world)
  if (!result) throw new Error('nothing was due')
  return result
}

/** The world at a local time in Seoul, `2026-11-03 10:00`. */
export const at = (text: string): DiscountWorld =>
  worldOf({ now: instantAt(text.slice(0, 10), text.slice(11), zone) })
