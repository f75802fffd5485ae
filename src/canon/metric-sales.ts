import { dimensions, type Figure, type Lack, type Metric, type Sums } from './metric.ts'
import { asOne, coverage, gini, mean, moneyFigure, moneyOf, n, nothing, percent } from './metric-figure.ts'
import type { MetricId } from './policy-metric.ts'

const dayMs = 86_400_000

// ── how deals move ───────────────────────────────────────────────────────────

/** How far a stage is on the way; S5 and S6 are one step of the Canon's conversions (S5→CW). */
const rank: Readonly<Record<string, number>> = { S1: 1, S2: 2, S3: 3, S4: 4, S5: 5, S6: 5, CW: 6 }

/** Deals that went on from a step, those that skipped it among them, and those that were lost at it. */
function passed(sums: Sums, step: number): { readonly on: number; readonly lost: number } {
  let on = 0
  let lost = 0
  for (const [key, moves] of Object.entries(sums.n)) {
    const [from = '', to = ''] = key.split('>')
    const start = rank[from]
    if (start === undefined) continue
    const end = rank[to]
    if (to === 'CL' && start === step) lost += moves
    else if (end !== undefined && start <= step && end > step) on += moves
  }
  return { on, lost }
}

const steps = [
  'conversion-s1-s2',
  'conversion-s2-s3',
  'conversion-s3-s4',
  'conversion-s4-s5',
  'conversion-s5-won',
] as const satisfies readonly MetricId[]

const conversion =
  (step: number) =>
  (sums: Sums): Figure | Lack => {
    const { on, lost } = passed(sums, step)
    return percent(on, on + lost)
  }

const stepMetric = (id: MetricId, at: number): Metric => ({
  id,
  unit: 'percent',
  better: 'up',
  review: 'monthly',
  period: 'quarter',
  by: dimensions,
  sources: ['moves'],
  file: 'stage-history.csv',
  formula: conversion(at + 1),
})

// ── the metrics ──────────────────────────────────────────────────────────────

const closed = {
  review: 'monthly',
  period: 'quarter',
  by: dimensions,
  sources: ['closed'],
  file: 'opportunities.csv',
} as const

/** How many of the seven fields of each deal are filled, over those deals; both completeness metrics ask for seven. */
function filled(fields: number, deals: number): Figure | Lack {
  const share = percent(fields, deals * 7)
  return 'code' in share ? share : { ...share, of: deals }
}

/** How well and how fast deals are won (Canon, Digests, metrics, forecast). */
export const salesMetrics: readonly Metric[] = [
  {
    ...closed,
    id: 'win-rate',
    unit: 'percent',
    better: 'up',
    formula: (sums) => percent(n(sums, 'won'), n(sums, 'won') + n(sums, 'lost')),
  },
  {
    ...closed,
    id: 'sales-cycle',
    unit: 'days',
    better: 'down',
    formula: (sums) => mean('days', n(sums, 'days'), n(sums, 'timed')),
  },
  {
    ...closed,
    id: 'acv',
    unit: 'money',
    better: 'up',
    formula: (sums, world) => {
      const won = moneyOf(sums, 'won')
      const contracts = (currency: string) => sums.money[currency]?.contracts ?? 0
      const all = won.reduce((sum, { currency }) => sum + contracts(currency), 0)
      const total = asOne(won, world)
      return moneyFigure(
        won.map(({ amount, currency }) => ({
          money: { amount: amount / contracts(currency), currency },
          of: contracts(currency),
        })),
        'money' in total ? { ...total, money: { ...total.money, amount: total.money.amount / all } } : total,
        all,
      )
    },
  },
  {
    ...closed,
    id: 'velocity',
    unit: 'money',
    better: 'up',
    sources: ['closed', 'standing'],
    formula: (sums, world) => {
      const won = n(sums, 'won')
      const cycle = n(sums, 'timed') > 0 ? n(sums, 'days') / n(sums, 'timed') : 0
      if (won === 0 || cycle === 0) return nothing
      const rate = won / (won + n(sums, 'lost'))
      const each = moneyOf(sums, 'won').flatMap(({ amount, currency }) => {
        const { contracts = 0, deals = 0 } = sums.money[currency] ?? {}
        return contracts === 0 || deals === 0
          ? []
          : [{ money: { amount: (deals * rate * (amount / contracts)) / cycle, currency }, of: deals }]
      })
      return moneyFigure(
        each,
        asOne(
          each.map(({ money }) => money),
          world,
        ),
        n(sums, 'open'),
      )
    },
  },
  {
    id: 'coverage',
    unit: 'ratio',
    better: 'within',
    review: 'weekly',
    period: 'quarter',
    by: dimensions,
    means: {
      tier: 'whole-target',
      channel: 'whole-target',
      rep: 'whole-target',
      industry: 'whole-target',
      product: 'whole-target',
    },
    sources: ['standing'],
    file: 'teams.csv',
    formula: (sums, world) => {
      if (world.targets.length === 0) return { code: 'target' }
      const target = asOne(world.targets, world)
      if (!('money' in target)) return target
      const pipeline = asOne(moneyOf(sums, 'open'), world, target.money.currency)
      if (!('money' in pipeline)) return pipeline
      const value = coverage(pipeline.money.amount, target.money.amount)
      return value === undefined ? { code: 'target' } : { unit: 'ratio', value, of: n(sums, 'open') }
    },
  },
  {
    id: 'stage-conversion',
    unit: 'percent',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    by: dimensions,
    sources: ['moves'],
    file: 'stage-history.csv',
    parts: steps,
    formula: (sums) => {
      let share = 1
      for (const [at] of steps.entries()) {
        const { on, lost } = passed(sums, at + 1)
        if (on + lost === 0) return nothing
        share *= on / (on + lost)
      }
      const { on, lost } = passed(sums, 1)
      return { unit: 'percent', value: share * 100, of: on + lost }
    },
  },
  ...steps.map(stepMetric),
  {
    ...stepMetric('close-rate', 0),
    id: 'close-rate',
    formula: (sums) => {
      const { on } = passed(sums, 5)
      const lost = passed(sums, 4).lost + passed(sums, 5).lost
      return percent(on, on + lost)
    },
  },
  {
    ...stepMetric('time-to-close', 0),
    id: 'time-to-close',
    unit: 'days',
    better: 'down',
    formula: (sums) => mean('days', n(sums, 'ms') / dayMs, n(sums, 'timed')),
  },
  {
    ...closed,
    id: 'average-discount',
    unit: 'percent',
    better: 'down',
    formula: (sums, world) => {
      const list = asOne(moneyOf(sums, 'list'), world)
      const paid = asOne(moneyOf(sums, 'paid'), world, 'money' in list ? list.money.currency : undefined)
      if (!('money' in list)) return list
      if (!('money' in paid)) return paid
      const of = Object.values(sums.money).reduce((all, parts) => all + (parts.listed ?? 0), 0)
      if (list.money.amount === 0) return nothing
      return {
        unit: 'percent',
        value: ((list.money.amount - paid.money.amount) * 100) / list.money.amount,
        of,
      }
    },
  },
  {
    id: 'discount-approval-time',
    unit: 'days',
    better: 'down',
    review: 'monthly',
    period: 'quarter',
    by: dimensions,
    means: { rep: 'requester', team: 'requester' },
    sources: ['approvals'],
    formula: (sums) => mean('days', n(sums, 'ms') / dayMs, n(sums, 'decided')),
  },
  {
    id: 'stalled-rate',
    unit: 'percent',
    better: 'down',
    review: 'weekly',
    period: 'quarter',
    by: dimensions,
    sources: ['open'],
    file: 'opportunities.csv',
    nowOnly: true,
    formula: (sums) => percent(n(sums, 'stalled'), n(sums, 'deals')),
  },
  {
    id: 'meddicc-compliance',
    unit: 'percent',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    by: dimensions,
    sources: ['open'],
    file: 'opportunities.csv',
    nowOnly: true,
    formula: (sums) => filled(n(sums, 'meddicc'), n(sums, 'from_s3')),
  },
  {
    id: 'data-completeness',
    unit: 'percent',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    by: dimensions,
    sources: ['open'],
    file: 'opportunities.csv',
    nowOnly: true,
    formula: (sums) => filled(n(sums, 'fields'), n(sums, 'deals')),
  },
  {
    id: 'territory-balance',
    unit: 'gini',
    better: 'down',
    review: 'monthly',
    period: 'quarter',
    by: ['tier', 'channel', 'team', 'industry', 'product'],
    notBy: { rep: 'among-reps' },
    sources: ['held'],
    file: 'opportunities.csv',
    nowOnly: true,
    wholeCompany: true,
    role: 'ae',
    formula: (sums, { people }) => {
      const held = new Map(people.map((person) => [person, 0]))
      for (const [key, deals] of Object.entries(sums.spread))
        if (key.startsWith('deals:')) held.set(key.slice('deals:'.length), deals)
      const value = gini([...held.values()])
      return value === undefined ? nothing : { unit: 'gini', value, of: held.size }
    },
  },
]
