import type { Card } from '../../blocks/card.ts'
import { type DigestBrief, teamDigestCard } from '../../blocks/digest.ts'
import { personDigestCard } from '../../blocks/digest-person.ts'
import { repsCard, setupCard } from '../../blocks/digest-reps.ts'
import { forecastCard } from '../../blocks/forecast.ts'
import { type PipelineBrief, pipelineCard, pipelineChoices } from '../../blocks/pipeline.ts'
import { monthlyCard, reviewCard } from '../../blocks/review.ts'
import type { Words } from '../../blocks/words/index.ts'
import type { Digest } from '../../src/canon/digest.ts'
import { forecastOf } from '../../src/canon/forecast.ts'
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
  risks: [{ risk, deal: { name: kind.deal }, drawing: 'd1' }],
  team: { name: kind.account, deals: 11, amount: 900_000_000 },
  totalOnly: false,
  probability: defaultPolicy.probability,
  at: now,
  timeZone: 'Asia/Seoul',
  drawing: 'd',
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
    'digest, by rep': repsCard(briefOf(kind, { inChannel: false }), w),
    'digest, lacking': setupCard([{ name: kind.account, lacks: ['channel', 'target'] }], w),
    'summary, person': personDigestCard(
      {
        summary: {
          digest,
          customers: {
            grades: { healthy: 5, 'at-risk': 2, critical: 1, unknown: 0 },
            renewals: [{ account: 'A', on: '2026-12-20', arr: { amount: 21_000_000, currency: 'KRW' } }],
            more: 2,
          },
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
        digest: (({ team: _team, ...own }) => own)(briefOf(kind, { inChannel: false })),
        names: namesFor(kind),
        accounts: { A: kind.account },
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
