import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/canon/account.ts'
import { addDays, defaultWorkingTime, isWorkingDay, type PlainDate } from '../../src/canon/calendar.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import {
  csManagerFor,
  doMilestone,
  type OutcomeAct,
  type Renewal,
  type RenewalWorld,
  recordOutcome,
  renewalDue,
  renewalOwner,
  renewalState,
  renewalTask,
  reopenMilestone,
  undoOutcome,
} from '../../src/canon/renewal.ts'
import { monday, orgOf, person, staff } from './world.ts'

const working = defaultWorkingTime('Asia/Seoul', 'KR')
const policy = healthDefaults
const krw = (amount: number) => ({ amount, currency: 'KRW' })

const due = (renewalOn: PlainDate, today: PlainDate, done: readonly number[] = []) =>
  renewalDue({ renewalOn, done }, today, policy, working)

describe('the milestone of a day', () => {
  // 2027-03-02 is a Tuesday; D-90 is Wednesday 2026-12-02.
  it.each([
    ['2026-09-02', undefined],
    ['2026-09-03', 180],
    ['2026-12-01', 180],
    ['2026-12-02', 90],
    ['2026-12-31', 90],
    ['2027-01-04', 60],
    ['2027-02-01', 30],
    ['2027-03-02', 0],
    ['2027-03-03', 0],
  ])('on %s is D-%s', (today, milestone) => {
    expect(renewalState({ renewalOn: '2027-03-02', done: [] }, today, policy, working).milestone).toBe(
      milestone,
    )
  })

  it('D-90 is the calendar day 90 days before, over a leap day too', () => {
    expect(renewalState({ renewalOn: '2028-05-01', done: [] }, '2028-02-01', policy, working)).toMatchObject({
      milestone: 90,
      dueOn: '2028-02-01',
      daysLeft: 90,
    })
    expect(renewalState({ renewalOn: '2028-02-29', done: [] }, '2027-12-01', policy, working)).toMatchObject({
      milestone: 90,
      daysLeft: 90,
    })
  })

  it('falls on the next working day where its own is off, at weekends and on holidays', () => {
    const on = (renewalOn: string) =>
      renewalState({ renewalOn, done: [] }, addDays(renewalOn, -90), policy, working).dueOn
    expect(on('2027-03-27')).toBe('2026-12-28') // a Sunday
    expect(on('2027-03-25')).toBe('2026-12-28') // Christmas, a Friday and a public holiday
    expect(on('2027-04-01')).toBe('2027-01-04') // New Year's Day, a Friday
    expect(due('2027-03-25', '2026-12-25')).toBeUndefined()
    expect(due('2027-03-25', '2026-12-28')).toMatchObject({ milestone: 90, daysLeft: 87, again: false })
  })

  it('an account that arrives at D-45 is told the one milestone it is at', () => {
    expect(due('2027-03-02', '2027-01-18')).toMatchObject({ milestone: 60, daysLeft: 43 })
  })

  it('is told again a week after while nobody acts, and then every week', () => {
    const cycles = ['2026-12-02', '2026-12-08', '2026-12-09', '2026-12-15', '2026-12-16'].map((today) =>
      due('2027-03-02', today),
    )
    expect(cycles.map((each) => each?.again)).toEqual([false, false, true, true, true])
    expect(new Set(cycles.map((each) => each?.cycle)).size).toBe(3)
  })

  it('is told no more once somebody acted, until the next one', () => {
    expect(due('2027-03-02', '2026-12-09', [90])).toBeUndefined()
    expect(due('2027-03-02', '2027-01-04', [90])).toMatchObject({ milestone: 60 })
  })

  it('past the day itself is another cause, and only after a working day on which it could be told', () => {
    expect(due('2027-03-02', '2027-03-02')).toMatchObject({ milestone: 0, past: false })
    expect(due('2027-03-02', '2027-03-03')).toMatchObject({ milestone: 0, past: true, again: false })
    // Saturday 2027-03-06: told on Monday as its day, past on Tuesday.
    expect(due('2027-03-06', '2027-03-08')).toMatchObject({ past: false })
    expect(due('2027-03-06', '2027-03-09')).toMatchObject({ past: true, cycle: '2027-03-06:past:0' })
    expect(due('2027-03-06', '2027-03-16')).toMatchObject({ past: true, again: true })
  })
})

const someDay = fc.integer({ min: 0, max: 3_000 }).map((n) => addDays('2026-01-01', n))

describe('whatever the renewal and whichever days are looked at', () => {
  it('each milestone is told once a week at most, in any order of days', () => {
    fc.assert(
      fc.property(someDay, fc.shuffledSubarray([...Array(240).keys()]), (renewalOn, offsets) => {
        const told = new Map<string, PlainDate[]>()
        for (const offset of offsets) {
          const today = addDays(renewalOn, 30 - offset)
          const found = due(renewalOn, today)
          if (found) told.set(found.cycle, [...(told.get(found.cycle) ?? []), today])
        }
        for (const days of told.values()) {
          const sorted = days.sort()
          expect(addDays(sorted[0]!, 6) >= sorted.at(-1)!).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('walked day by day, all five are told for the first time on their day, or the next working one', () => {
    fc.assert(
      fc.property(someDay, (renewalOn) => {
        const firsts: (readonly [number, PlainDate])[] = []
        for (let n = -181; n <= 12; n += 1) {
          const today = addDays(renewalOn, n)
          if (!isWorkingDay(today, working)) continue
          const found = due(renewalOn, today)
          if (found && !found.past && !firsts.some(([milestone]) => milestone === found.milestone))
            firsts.push([found.milestone, today])
        }
        const next = (day: PlainDate): PlainDate => (isWorkingDay(day, working) ? day : next(addDays(day, 1)))
        expect(firsts).toEqual(policy.renewalDays.map((day) => [day, next(addDays(renewalOn, -day))]))
      }),
      { numRuns: 60 },
    )
  })
})

it('a company with other milestones keeps the tasks in order, the contract last', () => {
  expect(policy.renewalDays.map((day) => renewalTask(day, policy.renewalDays))).toEqual([
    'forecast',
    'start',
    'talk',
    'contract',
    'outcome',
  ])
  expect([120, 45, 0].map((day) => renewalTask(day, [120, 45, 0]))).toEqual(['talk', 'contract', 'outcome'])
})

describe('whose it is', () => {
  const org = orgOf()
  it('the CSM, else the CS Manager, else the AE', () => {
    expect(renewalOwner({ csm: 'cara', ae: 'mina' }, org)).toBe('cara')
    expect(renewalOwner({ csm: 'cara', ae: 'mina' }, orgOf(staff, { cara: { active: false } }))).toBe('carl')
    expect(renewalOwner({ ae: 'mina' }, org)).toBe('carl')
    expect(renewalOwner({ ae: 'mina' }, orgOf(staff, { carl: { active: false } }))).toBe('mina')
    expect(renewalOwner({}, orgOf(staff, { carl: { active: false } }))).toBeUndefined()
  })
  it('past its day it goes to the CS Manager above the CSM; above a CSM who is one, to their manager', () => {
    expect(csManagerFor('cara', org)).toBe('carl')
    expect(csManagerFor(undefined, org)).toBe('carl')
    const both = orgOf([...staff, person('hana', ['csm', 'cs_manager'], 'dohyun')])
    expect(csManagerFor('hana', both)).toBe('dohyun')
  })
})

// ── what somebody does ───────────────────────────────────────────────────────

const account = (over: Partial<Account> = {}): Account => ({
  id: 'a1',
  name: '한서정밀',
  csm: 'cara',
  ae: 'mina',
  arr: krw(100_000_000),
  renewalOn: '2026-11-10',
  updatedAt: monday,
  version: 3,
  ...over,
})
const world = (over: Partial<RenewalWorld> = {}): RenewalWorld => ({
  account: account(),
  policy,
  org: orgOf(),
  now: monday,
  today: '2026-11-02',
  ...over,
})
const kept = (over: Partial<Renewal> = {}): Renewal => ({
  account: 'a1',
  renewalOn: '2026-11-10',
  done: [],
  undone: [],
  version: 1,
  ...over,
})
const renewed: OutcomeAct = { by: 'cara', outcome: 'renewed', renewalOn: '2027-11-10', arr: krw(110_000_000) }
const codeOf = (ruling: ReturnType<typeof recordOutcome>) => (ruling.ok ? 'ok' : ruling.refusal.code)

describe('an outcome', () => {
  it('sets the account’s ARR and next renewal, and keeps what they were', () => {
    const ruling = recordOutcome(renewed, world())
    expect(ruling).toMatchObject({
      ok: true,
      next: {
        expect: 'new',
        renewal: {
          version: 1,
          outcome: {
            kind: 'renewed',
            on: '2026-11-02',
            before: { renewalOn: '2026-11-10', arr: krw(100_000_000) },
            after: { renewalOn: '2027-11-10', arr: krw(110_000_000) },
          },
        },
        account: { renewalOn: '2027-11-10', arr: krw(110_000_000), version: 4 },
      },
    })
  })

  it('a customer who left has no ARR and no renewal ahead', () => {
    const ruling = recordOutcome({ by: 'cara', outcome: 'churn', reason: '본사 표준 전환' }, world())
    expect(ruling.ok && ruling.next.account).toMatchObject({ arr: krw(0), version: 4 })
    expect(ruling.ok && ruling.next.account && 'renewalOn' in ruling.next.account).toBe(false)
  })

  it.each<[string, Partial<OutcomeAct>, string]>([
    ['a renewal for less is a contraction', { arr: krw(90_000_000) }, 'renewed-is-lower'],
    ['a renewal for the same', { arr: krw(100_000_000) }, 'ok'],
    ['a contraction without a reason', { outcome: 'contraction', arr: krw(90_000_000) }, 'reason-missing'],
    [
      'a contraction with only blanks',
      { outcome: 'contraction', arr: krw(9), reason: '  ' },
      'reason-missing',
    ],
    [
      'a contraction with a reason',
      { outcome: 'contraction', arr: krw(90_000_000), reason: '좌석 감소' },
      'ok',
    ],
    [
      'a contraction that is none',
      { outcome: 'contraction', arr: krw(100_000_000), reason: 'x' },
      'contraction-not-lower',
    ],
    ['churn without a reason', { outcome: 'churn' }, 'reason-missing'],
    ['no ARR', { arr: undefined }, 'arr-missing'],
    ['no date', { renewalOn: undefined }, 'bad-date'],
    ['a day that does not exist', { renewalOn: '2027-02-29' }, 'bad-date'],
    ['the day of this renewal', { renewalOn: '2026-11-10' }, 'renewal-not-later'],
    ['the AE, who may only see', { by: 'mina' }, 'not-allowed'],
    ['another CSM', { by: 'jiho' }, 'not-allowed'],
    ['the CS Manager', { by: 'carl' }, 'ok'],
    ['the line above the CSM', { by: 'dohyun' }, 'ok'],
    ['Sales Ops', { by: 'sora' }, 'ok'],
    ['somebody nobody knows', { by: 'nobody' }, 'not-allowed'],
  ])('%s', (_what, over, code) => {
    expect(codeOf(recordOutcome({ ...renewed, ...over }, world()))).toBe(code)
  })

  it('is recorded once, and not where no renewal is ahead', () => {
    const first = recordOutcome(renewed, world())
    const renewal = first.ok ? first.next.renewal : undefined
    expect(codeOf(recordOutcome(renewed, world({ ...(renewal ? { renewal } : {}) })))).toBe('renewal-settled')
    const { renewalOn: _, ...without } = account()
    expect(codeOf(recordOutcome(renewed, world({ account: without })))).toBe('no-renewal')
  })

  it('an ARR in another currency is not compared', () => {
    expect(codeOf(recordOutcome({ ...renewed, arr: { amount: 1, currency: 'USD' } }, world()))).toBe('ok')
  })

  it('is taken back by the CS Manager or Sales Ops, whatever it was, and the account is as before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<OutcomeAct>(
          renewed,
          { ...renewed, outcome: 'contraction', arr: krw(1), reason: 'less' },
          { by: 'cara', outcome: 'churn', reason: 'gone' },
        ),
        fc.option(fc.integer({ min: 1, max: 100_000_000 }), { nil: undefined }),
        fc.constantFrom('carl', 'sora'),
        (act, arr, by) => {
          const before = account(arr === undefined ? {} : { arr: krw(arr) })
          const base = arr === undefined ? (({ arr: _, ...rest }) => rest)(before) : before
          const done = recordOutcome(
            { ...act, ...(act.arr && { arr: krw(Math.min(act.arr.amount, 200)) }) },
            world({ account: base }),
          )
          if (!done.ok) return
          const after = done.next.account!
          expect(
            codeOf(undoOutcome({ by: 'cara' }, world({ account: after, renewal: done.next.renewal }))),
          ).toBe('not-allowed')
          const back = undoOutcome({ by }, world({ account: after, renewal: done.next.renewal }))
          expect(back.ok).toBe(true)
          if (!back.ok) return
          expect({ ...back.next.account, version: base.version }).toEqual(base)
          expect(back.next.renewal.outcome).toBeUndefined()
          expect(back.next.renewal.undone).toHaveLength(1)
        },
      ),
    )
  })

  it('is not taken back once the account was changed again', () => {
    const done = recordOutcome(renewed, world())
    if (!done.ok) throw new Error('refused')
    const moved = { ...done.next.account!, arr: krw(120_000_000) }
    expect(codeOf(undoOutcome({ by: 'carl' }, world({ account: moved, renewal: done.next.renewal })))).toBe(
      'renewal-moved-on',
    )
    expect(codeOf(undoOutcome({ by: 'carl' }, world({ renewal: kept() })))).toBe('no-outcome')
  })
})

describe('a milestone', () => {
  const marked = (over: Partial<Renewal> = {}) =>
    kept({
      done: [
        { day: 180, by: 'cara', at: monday - 9_000, note: 'in the forecast' },
        { day: 90, by: 'cara', at: monday - 1_000, note: 'met' },
      ],
      version: 3,
      ...over,
    })
  const reopen = (by: string, over: Partial<RenewalWorld> = {}, doneAt = monday - 1_000) =>
    reopenMilestone({ by, milestone: 90, doneAt }, world({ renewal: marked(), ...over }))

  it.each(['cara', 'carl', 'sora'])(
    'marked by mistake is taken back by %s, and what was said is kept',
    (by) => {
      const ruling = reopen(by)
      expect(ruling).toMatchObject({
        ok: true,
        next: {
          expect: 3,
          renewal: {
            version: 4,
            done: [{ day: 180 }],
            reopened: [{ done: { day: 90, by: 'cara', note: 'met' }, by, at: monday }],
          },
        },
        facts: [{ fact: 'milestone-reopened', milestone: 90, doneBy: 'cara' }],
      })
      // It can be marked again, and taken back again.
      const renewal = ruling.ok ? ruling.next.renewal : undefined
      const again = doMilestone({ by: 'cara', milestone: 90 }, world({ renewal: renewal!, now: monday + 5 }))
      const twice = again.ok
        ? reopenMilestone(
            { by: 'cara', milestone: 90, doneAt: monday + 5 },
            world({ renewal: again.next.renewal }),
          )
        : again
      expect(twice.ok && twice.next.renewal.reopened).toHaveLength(2)
    },
  )

  it('is not taken back by anybody else, twice, or once the renewal is settled', () => {
    expect(codeOf(reopen('mina'))).toBe('not-allowed')
    const others = marked({ done: [{ day: 90, by: 'carl', at: monday - 1_000 }] })
    expect(codeOf(reopen('cara', { renewal: others }))).toBe('not-allowed')
    expect(codeOf(reopen('cara', {}, monday - 2_000))).toBe('moved-on')
    expect(codeOf(reopen('cara', { renewal: kept() }))).toBe('moved-on')
    const settled = recordOutcome(renewed, world({ renewal: marked() }))
    expect(codeOf(reopen('carl', { renewal: settled.ok ? settled.next.renewal : kept() }))).toBe(
      'renewal-settled',
    )
    expect(codeOf(reopen('cara', { account: account({ csm: 'carl' }) }))).toBe('not-allowed')
  })

  it('is done by the CSM, once, with a note', () => {
    const ruling = doMilestone({ by: 'cara', milestone: 90, note: 'met' }, world())
    expect(ruling).toMatchObject({
      ok: true,
      next: {
        expect: 'new',
        renewal: { done: [{ day: 90, by: 'cara', at: monday, note: 'met' }], version: 1 },
      },
    })
    const renewal = ruling.ok ? ruling.next.renewal : kept()
    expect(codeOf(doMilestone({ by: 'carl', milestone: 90 }, world({ renewal })))).toBe(
      'renewal-milestone-done',
    )
    expect(doMilestone({ by: 'carl', milestone: 30 }, world({ renewal }))).toMatchObject({
      ok: true,
      next: { expect: 1, renewal: { version: 2 } },
    })
  })
  it('the renewal itself is done by its outcome alone', () => {
    expect(codeOf(doMilestone({ by: 'cara', milestone: 0 }, world()))).toBe('no-such-milestone')
    expect(codeOf(doMilestone({ by: 'cara', milestone: 91 }, world()))).toBe('no-such-milestone')
    expect(codeOf(doMilestone({ by: 'mina', milestone: 90 }, world()))).toBe('not-allowed')
  })
})
