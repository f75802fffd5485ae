import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import { noticeCard } from '../../blocks/notice.ts'
import { outcomeText, type RenewalBrief, renewalCard } from '../../blocks/renewal.ts'
import { milestoneDoneForm, outcomeForm, qbrForm } from '../../blocks/renewal-form.ts'
import { renewalsCard } from '../../blocks/renewals.ts'
import type { Words } from '../../blocks/words/index.ts'
import { addDays } from '../../src/canon/calendar.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import { type RenewalOutcome, renewalOutcomes, renewalState } from '../../src/canon/renewal.ts'
import { namesFor, now, type Typed } from './briefs.ts'
import { today } from './briefs-deal.ts'

const krw = (amount: number) => ({ amount, currency: 'KRW' })
const days = healthDefaults.renewalDays
const working = {
  timeZone: 'Asia/Seoul',
  days: [1, 2, 3, 4, 5] as const,
  start: '09:00',
  end: '18:00',
  holidays: [],
}

const stateAt = (daysLeft: number, done: readonly number[] = []) =>
  renewalState({ renewalOn: addDays(today, daysLeft), done }, today, healthDefaults, working)

const outcomeOf = (kind: RenewalOutcome['kind'], { text }: Typed): RenewalOutcome => ({
  kind,
  by: 'ae',
  at: now,
  on: today,
  reason: text,
  before: { renewalOn: '2025-12-01', arr: krw(125_000_000) },
  after: kind === 'churn' ? { arr: krw(0) } : { renewalOn: addDays(today, 300), arr: krw(98_765_432) },
})

function briefFor(kind: Typed, daysLeft: number): RenewalBrief {
  const renewalOn = addDays(today, daysLeft)
  const renewal = { account: 'A-1', renewalOn, undone: [], version: 1 }
  return {
    account: { name: kind.account, arr: krw(125_000_000), csm: 'ae', ae: 'gone', renewalOn },
    renewal: { ...renewal, done: [180, 90].map((day) => ({ day, by: 'ae', at: now, note: kind.text })) },
    state: stateAt(daysLeft, [180, 90]),
    health: { score: 478, grade: 'critical' },
    lastQbr: { account: 'A-1', quarter: '2026-Q3', heldOn: '2026-09-01', by: 'ae', notes: kind.text },
    earlier: renewalOutcomes.map((each) => ({
      ...renewal,
      done: [],
      outcome: outcomeOf(each, kind),
    })),
    days,
    names: namesFor(kind),
    now,
    timeZone: 'Asia/Seoul',
  }
}

export function renewalCards(kind: Typed, w: Words): Record<string, Card> {
  const rows = (count: number, from: number, step: number, mayRecord: boolean) =>
    Array.from({ length: count }, (_, n) => {
      const daysLeft = from + n * step
      return {
        line: {
          account: `A-${n}`,
          name: kind.account,
          csm: 'ae',
          done: [],
          renewalOn: addDays(today, daysLeft),
          ...(n % 3
            ? { arr: krw(125_000_000 * (n + 1)), health: { score: 612, grade: 'at-risk' as const } }
            : {}),
        },
        state: stateAt(daysLeft),
        drawing: `drawing-${n}`,
        mayRecord,
      }
    })
  const sums = ['KRW', 'USD', 'EUR'].flatMap((currency) =>
    Array.from({ length: 14 }, (_, n) => ({
      month: `20${26 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`,
      currency,
      accounts: n + 1,
      arr: 1_000_000_000 * (n + 1),
      atRisk: 300_000_000,
      critical: n,
    })),
  )
  const list = {
    days: 90,
    until: addDays(today, 90),
    overdue: rows(9, -9, 1, true),
    ahead: rows(10, 0, 20, true),
    totals: { overdue: 412, ahead: 31 },
    sums,
    settled: renewalOutcomes.flatMap((each) => [
      { account: kind.account, outcome: outcomeOf(each, kind), drawing: 'drawing-1' },
      { account: kind.account, outcome: { ...outcomeOf(each, kind), by: 'gone' } },
    ]),
    milestoneDays: days,
    names: namesFor(kind),
    now,
    timeZone: 'Asia/Seoul',
  }
  const rights = {
    drawing: 'drawing-1',
    mayRecord: true,
    mayRecordQbr: true,
    undo: 'drawing-2',
    reopen: { day: 180, drawing: 'drawing-3' },
  }
  const told: [string, Card][] = renewalOutcomes.flatMap((each) => [
    [
      `renewal, told ${each}`,
      noticeCard(
        outcomeText({ account: kind.account, outcome: outcomeOf(each, kind), by: kind.name }, now, w),
      ),
    ],
    [
      `renewal, saved ${each}`,
      noticeCard(outcomeText({ account: kind.account, outcome: outcomeOf(each, kind) }, now, w)),
    ],
  ])
  const bare = briefFor(kind, 0)
  const { renewalOn: _, ...without } = bare.account
  return {
    renewals: renewalsCard(list, w),
    'renewals, none': renewalsCard(
      { ...list, overdue: [], ahead: [], totals: { overdue: 0, ahead: 0 }, sums: [], settled: [] },
      w,
    ),
    'renewals, of others': renewalsCard({ ...list, overdue: [], ahead: rows(3, 5, 5, false) }, w),
    ...Object.fromEntries(
      [200, 90, 45, 0, -3].map((left) => [
        `renewal, ${left} days left`,
        renewalCard({ ...briefFor(kind, left), ...rights }, w),
      ]),
    ),
    'renewal, none ahead': renewalCard(
      {
        account: without,
        earlier: [],
        days,
        names: {},
        now,
        timeZone: 'UTC',
        drawing: 'drawing-1',
        mayRecord: true,
        mayRecordQbr: false,
      },
      w,
    ),
    ...Object.fromEntries(told),
  }
}

export function renewalForms(kind: Typed, w: Words): Record<string, FormView> {
  const account = { name: kind.account, arr: krw(125_000_000) }
  const base = { drawing: 'drawing-1', account }
  return {
    ...Object.fromEntries(
      renewalOutcomes.map((outcome) => [
        `renewal.outcome, ${outcome}`,
        outcomeForm(
          {
            ...base,
            outcome,
            renewalOn: today,
            currency: 'KRW',
            now,
            values: { renewal_on: '2027-12-01', arr: kind.text, reason: kind.text },
          },
          w,
        ),
      ]),
    ),
    'renewal.outcome, no ARR': outcomeForm(
      {
        drawing: 'drawing-1',
        account: { name: kind.account },
        outcome: 'renewed',
        renewalOn: today,
        currency: 'USD',
        now,
        values: {},
      },
      w,
    ),
    'renewal.milestone': milestoneDoneForm({ ...base, open: [180, 30], milestone: 30, days }, w),
    'renewal.milestone, none': milestoneDoneForm({ ...base, open: [], days }, w),
    'qbr.record': qbrForm({ ...base, heldOn: today, notes: kind.text }, w),
  }
}
