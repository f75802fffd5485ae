import type { Card } from '../../blocks/card.ts'
import { type DigestBrief, teamDigestCard } from '../../blocks/digest.ts'
import type { CustomersBrief } from '../../blocks/digest-customers.ts'
import { personDigestCard } from '../../blocks/digest-person.ts'
import { csmsCard, detailsCard, repsCard, setupCard } from '../../blocks/digest-reps.ts'
import { forecastCard } from '../../blocks/forecast.ts'
import { type PipelineBrief, pipelineCard, pipelineChoices } from '../../blocks/pipeline.ts'
import { monthlyCard, reviewCard } from '../../blocks/review.ts'
import type { Words } from '../../blocks/words/index.ts'
import type { Digest } from '../../src/canon/digest.ts'
import type { CustomerDigest } from '../../src/canon/digest-customers.ts'
import { forecastOf, pipelineTargets } from '../../src/canon/forecast.ts'
import { openStages } from '../../src/canon/opportunity.ts'
import { periodOf } from '../../src/canon/period.ts'
import {
  breakdowns,
  type PipelineCell,
  pipelineParts,
  pipelineSum,
  snapshotOf,
} from '../../src/canon/pipeline.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { namesFor, now, type Typed } from './briefs.ts'

const krw = (amount: number, currency: string) => (currency === 'KRW' ? amount : undefined)

const cells: readonly PipelineCell[] = openStages.map((stage, at) => ({
  owner: at % 2 ? 'ae' : 'sm',
  stage,
  currency: at === 5 ? 'USD' : 'KRW',
  tier: 'T2',
  channel: 'inbound',
  product: 'MES',
  deals: at + 1,
  amount: (at + 1) * 120_000_000,
  dueDeals: 1,
  due: 60_000_000,
  nextDeals: 1,
  next: 30_000_000,
  overdue: at,
  undated: 1,
  stalled: 1,
}))
const before = snapshotOf('t', '2026-11-16', cells.slice(1))
const of = { quarter: '2026-Q4', currency: 'KRW', target: 1_800_000_000 }
const won = [{ owner: 'ae', currency: 'KRW', deals: 2, amount: 300_000_000 }]
const forecast = forecastOf(cells, won, of, defaultPolicy, krw)
const risk = {
  deal: 'D1',
  owner: 'ae',
  stage: 'S5',
  amount: { amount: 480_000_000, currency: 'KRW' },
  reasons: [
    { code: 'stalled', days: 67, risk: true },
    { code: 'close-past', days: 11 },
    { code: 'slipped', times: 2, days: 28 },
    { code: 'debt', until: '2026-11-01' },
  ],
} as const

const digest: Digest = {
  from: '2026-11-16',
  to: '2026-11-22',
  comparedOn: '2026-11-16',
  currency: 'KRW',
  ratesOn: '2026-11-20',
  pipeline: pipelineSum(cells, before, 'KRW', krw),
  forecast,
  moves: (['new', 'advanced', 'slipped', 'won', 'lost'] as const).map((what, at) => ({
    what,
    deals: at + 1,
    amount: at * 10_000_000,
    top: ['D1'],
  })),
  stalledRate: 1_800,
  discounts: { given: 3, own: 1, average: 1_250 },
  risks: [risk],
  anomalies: (['all', 'tier', 'channel', 'stage', 'rep'] as const).map((by, at) => ({
    by,
    key: { all: '', tier: 'T2', channel: 'inbound', stage: 'S4', rep: 'ae' }[by],
    percent: at % 2 ? 40 : -30,
    from: 100_000_000,
    to: 70_000_000,
    dealsFrom: 6,
    dealsTo: 5,
  })),
  reps: [
    {
      person: 'ae',
      deals: 3,
      amount: 360_000_000,
      before: 300_000_000,
      weighted: 90_000_000,
      won: 0,
      stalled: 1,
      slipped: 1,
    },
    { deals: 1, amount: 0, weighted: 0, won: 0, stalled: 0, slipped: 0 },
  ],
}

const briefOf = (kind: Typed, over: Partial<DigestBrief> = {}): DigestBrief => ({
  digest,
  team: kind.account,
  names: namesFor(kind),
  deals: { D1: { name: kind.deal, accountName: kind.account } },
  at: now,
  now,
  timeZone: 'Asia/Seoul',
  drawing: 'd',
  risks: { D1: { deal: 'd1', nudge: 'd2' } },
  snoozeDays: [1, 3, 7],
  inChannel: true,
  detailsButton: false,
  lacks: [],
  targets: pipelineTargets(defaultPolicy, periodOf('quarter', '2026-11-23')),
  ...over,
})

const pipelineOf = (kind: Typed, over: Partial<PipelineBrief> = {}): PipelineBrief => ({
  of: { kind: 'team', name: kind.account },
  pipeline: digest.pipeline,
  forecast,
  thisQuarter: '2026-Q4',
  nextQuarter: '2027-Q1',
  which: 'this',
  by: 'rep',
  parts: pipelineParts(cells, before, 'rep', krw),
  comparedOn: '2026-11-16',
  names: namesFor(kind),
  targets: pipelineTargets(defaultPolicy, periodOf('quarter', '2026-11-23')),
  risks: [{ risk, deal: { name: kind.deal }, drawing: 'd1' }],
  team: { name: kind.account, deals: 11, amount: 900_000_000 },
  totalOnly: false,
  probability: defaultPolicy.probability,
  at: now,
  timeZone: 'Asia/Seoul',
  drawing: 'd',
  ...over,
})

const grades = (critical: number, risk: number, healthy: number) => ({
  critical: { accounts: critical, arr: critical * 45_000_000 },
  'at-risk': { accounts: risk, arr: risk * 30_000_000 },
  healthy: { accounts: healthy, arr: healthy * 60_000_000 },
  unknown: { accounts: 1, arr: 0 },
})
const won9 = { amount: 21_000_000, currency: 'KRW' }
const customers: CustomerDigest = {
  currency: 'KRW',
  ratesOn: '2026-11-20',
  apart: ['CHF'],
  comparedOn: '2026-11-16',
  grades: grades(2, 3, 11),
  before: grades(1, 3, 12),
  moved: { worse: 2, better: 1 },
  critical: [
    {
      account: 'A',
      csm: 'ae',
      arr: won9,
      score: 413,
      since: '2026-11-18',
      scoreBefore: 612,
      weakest: { component: 'adoption', score: 280 },
    },
    { account: 'B', csm: 'sm', score: 471, since: '2026-09-01' },
  ],
  past: { accounts: 1, arr: 49_000_000 },
  windows: [
    { from: 0, to: 30, accounts: 2, arr: 42_000_000, atRisk: 14_000_000, acted: 1 },
    { from: 31, to: 60, accounts: 1, arr: 61_000_000, atRisk: 0, acted: 0 },
    { from: 61, to: 90, accounts: 0, arr: 0, atRisk: 0, acted: 0 },
    { from: 91, to: 180, accounts: 4, arr: 214_000_000, atRisk: 0, acted: 4 },
  ],
  next: [
    {
      account: 'B',
      csm: 'sm',
      renewalOn: '2026-11-14',
      daysLeft: -6,
      arr: won9,
      grade: 'critical',
      milestone: 0,
      done: false,
    },
    { account: 'A', csm: 'ae', renewalOn: '2026-12-20', daysLeft: 30, milestone: 30, done: true },
    {
      account: 'C',
      renewalOn: '2027-01-10',
      daysLeft: 51,
      arr: won9,
      grade: 'at-risk',
      milestone: 60,
      done: false,
    },
  ],
  settled: {
    renewed: { accounts: 2, arr: 80_000_000 },
    contraction: { accounts: 1, arr: 5_000_000 },
    churn: { accounts: 1, arr: 12_000_000 },
  },
  work: { reviews: 2, reviewsLate: 1, plansLate: 1, qbrs: 3, handoffs: 1, kickoffs: 1, milestones: 2 },
  expansions: ['A', 'B', 'C', 'D'],
  anomalies: [
    { what: 'critical', from: { accounts: 0, arr: 0 }, to: { accounts: 2, arr: 90_000_000 } },
    {
      what: 'risk',
      percent: 40,
      from: { accounts: 3, arr: 90_000_000 },
      to: { accounts: 5, arr: 126_000_000 },
    },
    {
      what: 'all',
      percent: -12,
      from: { accounts: 17, arr: 900_000_000 },
      to: { accounts: 16, arr: 792_000_000 },
    },
  ],
  csms: [
    {
      person: 'ae',
      accounts: 9,
      arr: 480_000_000,
      atRisk: 2,
      critical: 2,
      criticalBefore: 1,
      renewals: 2,
      past: 1,
      late: 5,
      expansions: 1,
    },
    {
      person: 'sm',
      accounts: 8,
      arr: 312_000_000,
      atRisk: 1,
      critical: 0,
      renewals: 1,
      past: 0,
      late: 0,
      expansions: 0,
    },
  ],
}
const { comparedOn: _day, before: _before, ...firstWeek } = customers
/** Nothing is compared, late or due. */
const firstCustomers: CustomerDigest = {
  ...firstWeek,
  critical: [],
  past: { accounts: 0, arr: 0 },
  windows: [],
  next: [],
  settled: {
    renewed: { accounts: 0, arr: 0 },
    contraction: { accounts: 0, arr: 0 },
    churn: { accounts: 0, arr: 0 },
  },
  moved: { worse: 0, better: 0 },
  work: { reviews: 0, reviewsLate: 0, plansLate: 0, qbrs: 0, handoffs: 0, kickoffs: 0, milestones: 0 },
  expansions: [],
  anomalies: [],
}
const nobody = { accounts: 0, arr: 0 }
const noCustomers: CustomerDigest = {
  ...firstCustomers,
  grades: { critical: nobody, 'at-risk': nobody, healthy: nobody, unknown: nobody },
  csms: [],
}

const customersOf = (kind: Typed, over: Partial<CustomersBrief> = {}): CustomersBrief => ({
  digest: customers,
  team: kind.account,
  names: namesFor(kind),
  accounts: {
    A: { name: kind.account, drawing: 'a1', health: 'a2', renewal: 'a3' },
    B: { name: kind.deal, drawing: 'b1', snoozed: true },
    C: { name: kind.account, drawing: 'c1' },
  },
  milestoneDays: defaultPolicy.health.renewalDays,
  snoozeDays: [1, 3, 7],
  inChannel: true,
  now,
  ...over,
})

/** Digests, summaries, reports, `/pipeline` and `/forecast`, in every state there is. */
export function digestCardsFor(kind: Typed, w: Words): Record<string, Card> {
  const quiet: Digest = {
    ...digest,
    pipeline: pipelineSum([], [], 'KRW', krw),
    forecast: forecastOf([], [], { quarter: '2026-Q4', currency: 'KRW' }, defaultPolicy, krw),
    moves: digest.moves.map((move) => ({ ...move, deals: 0, amount: 0, top: [] })),
    risks: [],
    anomalies: [],
    reps: [],
  }
  const { comparedOn: _none, ...first } = digest
  const month = periodOf('month', '2026-10-15')
  const review = {
    quarter: '2026-Q3',
    from: '2026-07-01',
    to: '2026-09-30',
    outcomes: [
      { quarter: '2026-Q3', team: 't', currency: 'KRW', forecast: 100, actual: 80, errorPercent: 25 },
      { quarter: '2026-Q3', team: '', currency: 'USD', forecast: 0, actual: 0 },
    ],
    winLoss: {
      currency: 'KRW',
      won: 3,
      wonAmount: 300,
      lost: 2,
      lostAmount: 200,
      reasons: [{ key: kind.text, deals: 1, amount: 100 }],
      competitors: [{ key: '', deals: 1, amount: 100 }],
      lostFrom: [{ key: 'S4', deals: 1, amount: 100 }],
    },
  }
  return {
    'digest, channel': teamDigestCard(briefOf(kind), w),
    'digest, manager': teamDigestCard(
      briefOf(kind, {
        inChannel: false,
        detailsButton: true,
        lacks: ['channel', 'target', 'zone', 'manager'],
      }),
      w,
    ),
    'digest, first': teamDigestCard(briefOf(kind, { digest: first }), w),
    'digest, put off': teamDigestCard(briefOf(kind, { risks: { D1: { deal: 'd1', snoozed: true } } }), w),
    'digest, empty': teamDigestCard(briefOf(kind, { digest: quiet }), w),
    'digest, customers': teamDigestCard(
      briefOf(kind, { digest: quiet, customers: { ...customersOf(kind), only: true } }),
      w,
    ),
    'digest, customers, first': teamDigestCard(
      briefOf(kind, {
        digest: quiet,
        inChannel: false,
        detailsButton: true,
        lacks: ['channel'],
        customers: { ...customersOf(kind, { digest: firstCustomers, accounts: {} }), only: true },
      }),
      w,
    ),
    'digest, no customers': teamDigestCard(
      briefOf(kind, {
        digest: quiet,
        customers: { ...customersOf(kind, { digest: noCustomers, accounts: {} }), only: true },
      }),
      w,
    ),
    'digest, deals and customers': teamDigestCard(
      briefOf(kind, { customers: { ...customersOf(kind), only: false } }),
      w,
    ),
    'digest, by CSM': csmsCard(customersOf(kind), w),
    'digest, details': detailsCard(
      briefOf(kind, {
        inChannel: false,
        customers: { ...customersOf(kind, { inChannel: false }), only: false },
      }),
      w,
    ),
    'digest, by rep': repsCard(briefOf(kind, { inChannel: false }), w),
    'digest, lacking': setupCard([{ name: kind.account, lacks: ['channel', 'target'] }], w),
    'summary, person': personDigestCard(
      {
        summary: {
          digest,
          portfolio: customers,
          waiting: { approvals: 1, handoffs: 2 },
          given: [
            {
              request: 'R',
              deal: 'D1',
              requester: 'ae',
              discount: 900,
              list: { amount: 100, currency: 'KRW' },
              price: { amount: 91, currency: 'KRW' },
              ownAuthority: true,
            },
          ],
        },
        portfolio: (({ team: _team, ...own }) => own)(customersOf(kind, { inChannel: false })),
        digest: (({ team: _team, ...own }) => own)(briefOf(kind, { inChannel: false })),
        names: namesFor(kind),
        deals: { D1: kind.deal },
        now,
        drawing: 'd',
      },
      w,
    ),
    'review, quarter': reviewCard(
      { review, teams: { t: kind.account }, lossReasons: [], now, drawing: 'd' },
      w,
    ),
    'review, nothing kept': reviewCard(
      {
        review: { ...review, outcomes: [], winLoss: { ...review.winLoss, won: 0, lost: 0 } },
        teams: {},
        lossReasons: [],
        now,
        drawing: 'd',
      },
      w,
    ),
    'report, month': monthlyCard(
      {
        report: {
          period: month,
          readings: [
            {
              id: 'win-rate',
              period: month,
              result: { unit: 'percent', value: 42, of: 12 },
              before: { unit: 'percent', value: 40, of: 10 },
              target: { from: 50 },
            },
            { id: 'cac', period: month, result: { code: 'file', file: 'costs.csv' } },
          ],
        },
        fiscalYearStart: 1,
        now,
        drawing: 'd',
      },
      w,
    ),
    'pipeline, empty': pipelineCard(pipelineOf(kind, { pipeline: quiet.pipeline, parts: [] }), w),
    'pipeline, company': pipelineCard(pipelineOf(kind, { of: { kind: 'company' } }), w),
    'pipeline, total': pipelineCard(pipelineOf(kind, { totalOnly: true, by: 'stage', risks: [] }), w),
    ...Object.fromEntries(
      breakdowns.flatMap((by) => {
        const brief = pipelineOf(kind, { by, parts: pipelineParts(cells, before, by, krw) })
        return [
          [`pipeline, by ${by}`, pipelineCard(brief, w)],
          [`forecast, by ${by}`, forecastCard(brief, w)],
        ]
      }),
    ),
    'forecast, empty': forecastCard(
      pipelineOf(kind, { forecast: quiet.forecast, which: 'next', of: { kind: 'line', name: kind.name } }),
      w,
    ),
    'pipeline, which': pipelineChoices(
      [
        { name: kind.account, kind: 'team', drawing: 'd1' },
        { name: kind.name, kind: 'person', drawing: 'd2' },
      ],
      kind.text,
      'pipeline.open',
      w,
    ),
    'pipeline, none': pipelineChoices([], kind.text, 'forecast.open', w),
  }
}
