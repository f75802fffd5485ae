import type { PlainDate } from '../src/canon/calendar.ts'
import { coverageOf, type ForecastSum, type PipelineTargets } from '../src/canon/forecast.ts'
import type { Goal } from '../src/canon/metric.ts'
import type { PipelineSum } from '../src/canon/pipeline.ts'
import type { Chart, ChartPanel } from './chart.ts'
import type { Words } from './words/index.ts'

/** 3.24 → `3.2`: coverage as it is written before its ×. */
export const timesText = (times: number): string => (Math.round(times * 10) / 10).toFixed(1)

/** 3–5× · at least 3× · at most 5×. */
export function coverageGoal({ from, to }: Goal, w: Words): string {
  if (from !== undefined && to !== undefined) return w.t('digest.coverage.goal', { from, to })
  if (from !== undefined) return w.t('digest.coverage.goal.from', { from })
  return w.t('digest.coverage.goal.to', { to: to ?? 0 })
}

/** The pipeline by stage with the week before, and its coverage; `undefined` where there is nothing to draw. */
export function pipelineChart(
  pipeline: PipelineSum,
  forecast: ForecastSum,
  seen: { readonly comparedOn?: PlainDate; readonly now: number; readonly targets: PipelineTargets },
  w: Words,
): Chart | undefined {
  const { currency, before } = pipeline
  if (pipeline.amount === 0 && (before?.amount ?? 0) === 0) return undefined
  const short = (amount: number) => w.money({ amount, currency }, 'short')
  const compared =
    before !== undefined && seen.comparedOn !== undefined ? w.day(seen.comparedOn, seen.now) : undefined
  const panels: ChartPanel[] = [
    {
      kind: 'funnel',
      title: w.t('digest.chart.funnel'),
      bars: pipeline.stages.map((stage) => ({
        label: w.t(`stage.${stage.stage}`),
        value: stage.amount,
        text: short(stage.amount),
        ...(compared !== undefined && stage.before ? { before: stage.before.amount } : {}),
      })),
      now: w.t('digest.chart.now'),
      ...(compared === undefined ? {} : { before: w.t('digest.chart.before', { day: compared }) }),
    },
  ]
  const coverage = coverageOf(forecast)
  const goal = seen.targets.coverage
  if (coverage !== undefined && goal) {
    // As far as the coverage goes, or a little past what it should be; beyond 20 a needle says no more.
    const most = Math.max((goal.to ?? goal.from ?? 0) + 1, Math.min(20, Math.ceil(coverage)))
    panels.push({
      kind: 'gauge',
      title: w.t('digest.chart.coverage'),
      value: coverage,
      text: `${timesText(coverage)}×`,
      target: [goal.from ?? 0, goal.to ?? most],
      most,
      targetText: w.t('digest.chart.target', { goal: coverageGoal(goal, w) }),
    })
  }
  const stages = pipeline.stages
    .filter(({ deals }) => deals > 0)
    .map(({ stage, amount }) => `${w.t(`stage.${stage}`)} ${short(amount)}`)
    .join(', ')
  const alt =
    compared === undefined
      ? w.t('digest.chart.alt', { stages })
      : w.t('digest.chart.alt.before', { stages, day: compared, before: short(before!.amount) })
  return {
    panels,
    alt:
      coverage === undefined
        ? alt
        : `${alt} ${
            goal
              ? w.t('digest.chart.alt.coverage', { times: timesText(coverage), goal: coverageGoal(goal, w) })
              : w.t('digest.chart.alt.coverage.only', { times: timesText(coverage) })
          }`,
  }
}
