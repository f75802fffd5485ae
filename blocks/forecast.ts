import {
  bestFrom,
  commitFrom,
  coverageOfRest,
  type ForecastSum,
  forecastTotal,
  gapOf,
} from '../src/canon/forecast.ts'
import type { Block, Card, Text } from './card.ts'
import type { Chart } from './chart.ts'
import { currencyNotes, forecastFacts } from './digest-deals.ts'
import { byChoice, mostParts, numbersOf, type PipelineBrief, partName, short } from './pipeline.ts'
import { timesText } from './pipeline-panel.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** `/forecast`: what the quarter will bring, bottom up against top down, and what would close the gap. */
export function forecastCard(brief: PipelineBrief, w: Words): Card {
  const { forecast, at, which, drawing, pipeline } = brief
  const money = short(forecast.currency, w)
  const of = theirs(numbersOf(brief.of, w), 80)
  const total = forecastTotal(forecast)
  const { quarter, target } = forecast
  const summary = target
    ? w.t('forecast.summary.target', {
        quarter,
        of,
        forecast: money(total),
        target: money(target),
        percent: Math.round((total * 100) / target),
      })
    : w.t('forecast.summary', { quarter, of, forecast: money(total) })
  const nothing = forecast.won === 0 && forecast.dueDeals === 0
  return {
    summary,
    blocks: [
      { kind: 'heading', text: w.say('forecast.title', { quarter, of }) },
      { kind: 'note', text: w.say('pipeline.now', { at: w.moment(at, brief.timeZone, at) }) },
      ...(nothing ? [{ kind: 'text' as const, text: w.say('forecast.empty') }] : []),
      { kind: 'facts', facts: sumsOf(brief, w) },
      ...(nothing ? [] : [{ kind: 'chart' as const, chart: forecastChart(forecast, w) }]),
      ...gapLine(forecast, w),
      ...(nothing ? [] : [forecastTable(brief, w)]),
      ...currencyNotes({ pipeline, ...(brief.ratesOn ? { ratesOn: brief.ratesOn } : {}) }, at, w),
      ...(pipeline.undated > 0
        ? [{ kind: 'note' as const, text: w.say('forecast.undated', { count: pipeline.undated }) }]
        : []),
      ...(which === 'this' && pipeline.overdue > 0
        ? [{ kind: 'note' as const, text: w.say('forecast.overdue', { count: pipeline.overdue }) }]
        : []),
      {
        kind: 'choice',
        action: 'forecast.quarter',
        drawing,
        label: w.t('forecast.quarter'),
        options: [
          { value: 'this', label: w.t('forecast.this', { quarter: brief.thisQuarter }) },
          { value: 'next', label: w.t('forecast.next', { quarter: brief.nextQuarter }) },
        ],
        chosen: which,
      },
      byChoice(brief, 'forecast.by', w),
      {
        kind: 'buttons',
        buttons: [
          { action: 'pipeline.open', label: w.t('button.pipeline'), drawing },
          { action: 'pipeline.export', label: w.t('button.csv'), drawing },
        ],
      },
    ],
  }
}

function sumsOf(brief: PipelineBrief, w: Words): { label: string; value: Text }[] {
  const { forecast } = brief
  const money = short(forecast.currency, w)
  const rest = coverageOfRest(forecast)
  const [, coverage] = forecastFacts(forecast, brief.targets, w)
  return [
    {
      label: w.t('forecast.target'),
      value: [forecast.target ? money(forecast.target) : w.t('forecast.target.none')],
    },
    { label: w.t('forecast.total'), value: [{ bold: money(forecastTotal(forecast)) }] },
    {
      label: w.t('forecast.won'),
      value: [w.t('forecast.won.value', { amount: money(forecast.won), count: forecast.wonDeals })],
    },
    {
      label: w.t('forecast.weighted'),
      value: [
        w.t('forecast.weighted.value', {
          amount: money(forecast.weighted),
          due: money(forecast.due),
          count: forecast.dueDeals,
        }),
      ],
    },
    {
      label: w.t('forecast.commit'),
      value: [w.t('forecast.commit.what', { amount: money(forecast.commit), percent: commitFrom })],
    },
    {
      label: w.t('forecast.best'),
      value: [w.t('forecast.commit.what', { amount: money(forecast.best), percent: bestFrom })],
    },
    ...(coverage ? [coverage] : []),
    ...(rest === undefined
      ? []
      : [
          {
            label: w.t('forecast.rest'),
            value: [w.t('forecast.rest.value', { times: timesText(rest) })] as Text,
          },
        ]),
  ]
}

function gapLine(forecast: ForecastSum, w: Words): Block[] {
  const money = short(forecast.currency, w)
  if (forecast.target === undefined) return []
  const gap = gapOf(forecast)
  if (!gap) {
    const over = forecastTotal(forecast) - forecast.target
    return over === 0 ? [] : [{ kind: 'text', text: w.say('forecast.over', { amount: money(over) }) }]
  }
  return [
    {
      kind: 'text',
      text:
        gap.pipelineNeeded === undefined
          ? w.say('forecast.gap.only', { gap: money(gap.gap) })
          : w.say('forecast.gap', { gap: money(gap.gap), pipeline: money(gap.pipelineNeeded) }),
    },
  ]
}

function forecastChart(forecast: ForecastSum, w: Words): Chart {
  const money = short(forecast.currency, w)
  const values = {
    won: forecast.won,
    forecast: forecastTotal(forecast),
    commit: forecast.commit,
    best: forecast.best,
  }
  const { target } = forecast
  const texts = {
    won: money(values.won),
    forecast: money(values.forecast),
    commit: money(values.commit),
    best: money(values.best),
  }
  return {
    panels: [
      {
        kind: 'bars',
        title: w.t('forecast.chart'),
        bars: [
          { label: w.t('forecast.won'), value: values.won, text: texts.won },
          { label: w.t('forecast.total'), value: values.forecast, text: texts.forecast },
          { label: w.t('forecast.commit'), value: values.commit, text: texts.commit },
          { label: w.t('forecast.best'), value: values.best, text: texts.best },
        ],
        ...(target ? { target: { label: `${w.t('forecast.target')} ${money(target)}`, value: target } } : {}),
      },
    ],
    alt: target
      ? w.t('forecast.chart.alt.target', { ...texts, target: money(target) })
      : w.t('forecast.chart.alt', texts),
  }
}

function forecastTable({ by, parts, names, forecast, probability }: PipelineBrief, w: Words): Block {
  const money = short(forecast.currency, w)
  const stage = by === 'stage'
  return {
    kind: 'table',
    head: [
      w.t(`pipeline.head.${by}`),
      w.t('forecast.due'),
      ...(stage ? [w.t('forecast.odds'), w.t('forecast.weighted')] : []),
    ],
    rows: parts
      .filter(({ due }) => due > 0)
      .slice(0, mostParts)
      .map((part): Text[] => [
        partName(by, part.key, names, w),
        [money(part.due)],
        ...(stage
          ? [
              [w.t('stage.probability', { percent: probability[part.key] ?? 0 })] as Text,
              [money(Math.round((part.due * (probability[part.key] ?? 0)) / 100))] as Text,
            ]
          : []),
      ]),
  }
}
