import type { PlainDate } from '../src/canon/calendar.ts'
import { coverageOf, coverageTarget, type ForecastSum } from '../src/canon/forecast.ts'
import type { PipelineSum } from '../src/canon/pipeline.ts'
import type { Chart, ChartPanel } from './chart.ts'
import type { Words } from './words/index.ts'

/** 320 → `3.2`: coverage as it is written before its ×. */
export const timesText = (hundredths: number): string => (Math.round(hundredths / 10) / 10).toFixed(1)

/** The pipeline by stage with the week before, and its coverage; `undefined` where there is nothing to draw. */
export function pipelineChart(
  pipeline: PipelineSum,
  forecast: ForecastSum,
  seen: { readonly comparedOn?: PlainDate; readonly now: number },
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
  const [from, to] = [coverageTarget[0] / 100, coverageTarget[1] / 100]
  if (coverage !== undefined)
    panels.push({
      kind: 'gauge',
      title: w.t('digest.chart.coverage'),
      value: coverage / 100,
      text: `${timesText(coverage)}×`,
      target: [from, to],
      most: Math.max(6, Math.min(20, Math.ceil(coverage / 100))),
      targetText: w.t('digest.chart.target'),
    })
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
        : `${alt} ${w.t('digest.chart.alt.coverage', { times: timesText(coverage) })}`,
  }
}
