import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { Risk } from '../src/canon/digest.ts'
import type { ForecastSum, PipelineTargets } from '../src/canon/forecast.ts'
import {
  type Breakdown,
  breakdowns,
  type OpenStage,
  type PartSum,
  type PipelineSum,
} from '../src/canon/pipeline.ts'
import type { Block, Card, Text } from './card.ts'
import type { NamedDeal } from './digest.ts'
import {
  changeText,
  channelName,
  currencyNotes,
  forecastFacts,
  pipelineFact,
  reasonText,
  stalledFact,
} from './digest-deals.ts'
import type { Names } from './discount.ts'
import { dealLine } from './discount-sections.ts'
import { nameOf } from './names.ts'
import { pipelineChart } from './pipeline-panel.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Whose numbers they are, as they are called. */
export type NumbersOf =
  | { readonly kind: 'company' }
  | { readonly kind: 'team'; readonly name: string }
  | { readonly kind: 'line' | 'person' | 'customers'; readonly name: string }

/** All that `/pipeline` and `/forecast` are drawn from. */
export interface PipelineBrief {
  readonly of: NumbersOf
  readonly pipeline: PipelineSum
  readonly forecast: ForecastSum
  readonly nextQuarter: string
  readonly thisQuarter: string
  readonly which: 'this' | 'next'
  readonly by: Breakdown
  readonly parts: readonly PartSum[]
  readonly comparedOn?: PlainDate
  readonly ratesOn?: PlainDate
  readonly names: Names
  /** The deals to look at first; none where the viewer sees sums alone. */
  readonly targets: PipelineTargets
  readonly risks: readonly { readonly risk: Risk; readonly deal: NamedDeal; readonly drawing: string }[]
  /** Somebody's own team, beside their own numbers. */
  readonly team?: { readonly name: string; readonly deals: number; readonly amount: number }
  readonly totalOnly: boolean
  /** Win probability of each stage, 0–100. */
  readonly probability: Readonly<Record<string, number>>
  readonly at: Instant
  readonly timeZone: string
  readonly drawing: string
}

export function numbersOf(of: NumbersOf, w: Words): string {
  switch (of.kind) {
    case 'company':
      return w.t('pipeline.of.company')
    case 'line':
      return w.t('pipeline.of.line', { name: theirs(of.name, 60) })
    case 'customers':
      return w.t('pipeline.of.customers', { name: theirs(of.name, 60) })
    default:
      return of.name
  }
}

export const short = (currency: string, w: Words) => (amount: number) =>
  w.money({ amount, currency }, 'short')

/** `/pipeline`: what is open, by stage and by whatever one asks for, with last week beside it. */
export function pipelineCard(brief: PipelineBrief, w: Words): Card {
  const { pipeline, comparedOn, at } = brief
  const money = short(pipeline.currency, w)
  const of = theirs(numbersOf(brief.of, w), 80)
  const summary = w.t('pipeline.summary', { of, pipeline: money(pipeline.amount), deals: pipeline.deals })
  const head: Block[] = [
    { kind: 'heading', text: w.say('pipeline.title', { of }) },
    {
      kind: 'note',
      text: [
        ...w.say('pipeline.now', { at: w.moment(at, brief.timeZone, at) }),
        ' ',
        ...comparedLine(brief, w),
      ],
    },
  ]
  if (pipeline.deals === 0 && (pipeline.before?.deals ?? 0) === 0)
    return {
      summary,
      blocks: [
        ...head,
        { kind: 'text', text: w.say('pipeline.empty') },
        ...teamFact(brief, w),
        {
          kind: 'buttons',
          buttons: [{ action: 'forecast.open', label: w.t('button.forecast'), drawing: brief.drawing }],
        },
      ],
    }
  const chart = pipelineChart(
    pipeline,
    brief.forecast,
    { now: at, targets: brief.targets, ...(comparedOn ? { comparedOn } : {}) },
    w,
  )
  return {
    summary,
    blocks: [
      ...head,
      {
        kind: 'facts',
        facts: [
          pipelineFact(pipeline, comparedOn, at, w),
          ...forecastFacts(brief.forecast, brief.targets, w),
          stalledFact(pipeline, brief.targets, w),
          ...counted('pipeline.overdue', pipeline.overdue, w),
          ...counted('pipeline.undated', pipeline.undated, w),
        ],
      },
      ...teamFact(brief, w),
      ...(chart ? [{ kind: 'chart' as const, chart }] : []),
      partsTable(brief, w),
      ...currencyNotes({ pipeline, ...(brief.ratesOn ? { ratesOn: brief.ratesOn } : {}) }, at, w),
      ...riskRows(brief, w),
      ...(brief.totalOnly ? [{ kind: 'note' as const, text: w.say('pipeline.total-only') }] : []),
      byChoice(brief, 'pipeline.by', w),
      {
        kind: 'buttons',
        buttons: [
          { action: 'forecast.open', label: w.t('button.forecast'), drawing: brief.drawing },
          { action: 'pipeline.export', label: w.t('button.csv'), drawing: brief.drawing },
        ],
      },
    ],
  }
}

const comparedLine = ({ comparedOn, at }: PipelineBrief, w: Words): Text =>
  comparedOn ? w.say('pipeline.compared', { day: w.day(comparedOn, at) }) : w.say('pipeline.not-compared')

const counted = (label: 'pipeline.overdue' | 'pipeline.undated', count: number, w: Words) =>
  count === 0 ? [] : [{ label: w.t(label), value: [w.t('pipeline.deals', { count })] as Text }]

function teamFact({ team, pipeline }: PipelineBrief, w: Words): Block[] {
  if (!team) return []
  const amount = w.money({ amount: team.amount, currency: pipeline.currency }, 'short')
  return [
    {
      kind: 'facts',
      facts: [
        {
          label: w.t('pipeline.team-total'),
          value: [theirs(team.name, 60), ` · ${w.t('digest.pipeline.value', { amount, count: team.deals })}`],
        },
      ],
    },
  ]
}

/** A part as it is called: a stage, a person, a tier, a channel, a product, an industry. */
export function partName(by: Breakdown, key: string, names: Names, w: Words): Text {
  if (key === '') return [w.t(by === 'rep' ? 'digest.reps.nobody' : 'pipeline.unset')]
  switch (by) {
    case 'stage':
      return [w.t(`stage.${key as OpenStage}`)]
    case 'rep':
      return [nameOf(key, names, w)]
    case 'channel':
      return [channelName(key, w)]
    case 'tier':
      return [key]
    case 'product':
    case 'industry':
      return [theirs(key, 40)]
  }
}

/** More rows than a phone shows are no overview; the rest is in the file. */
export const mostParts = 15

function partsTable({ by, parts, names, pipeline, comparedOn, at }: PipelineBrief, w: Words): Block {
  const money = short(pipeline.currency, w)
  const change = (part: PartSum): string => {
    if (!part.before) return w.t('value.none')
    return changeText(part.amount, part.before.amount, comparedOn, at, w) === undefined
      ? w.t('value.none')
      : signedPercent(part.amount, part.before.amount, w)
  }
  return {
    kind: 'table',
    head: [
      w.t(`pipeline.head.${by}`),
      w.t('digest.reps.deals'),
      w.t('digest.reps.pipeline'),
      w.t('digest.reps.change'),
    ],
    rows: [
      ...parts
        .slice(0, mostParts)
        .map((part): Text[] => [
          partName(by, part.key, names, w),
          [String(part.deals)],
          [money(part.amount)],
          [change(part)],
        ]),
      ...(parts.length > mostParts
        ? [[[w.t('list.more', { count: parts.length - mostParts })] as Text, [''], [''], ['']]]
        : []),
    ],
  }
}

function signedPercent(now: number, before: number, w: Words): string {
  if (before === 0) return now === 0 ? w.t('value.none') : '+'
  const percent = Math.round(((now - before) * 100) / before)
  return percent === 0 ? '=' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)}%`
}

function riskRows({ risks, at }: PipelineBrief, w: Words): Block[] {
  if (risks.length === 0) return []
  return [
    { kind: 'text', text: [{ bold: w.t('digest.risks') }] },
    ...risks.map(
      ({ risk, deal, drawing }): Block => ({
        kind: 'row',
        text: dealLine(deal),
        note: [
          w.t(`stage.${risk.stage}`),
          ...(risk.amount ? [` · ${w.money(risk.amount, 'short')}`] : []),
          ...risk.reasons.flatMap((reason) => [' · ', ...reasonText(reason, at, w)]),
        ],
        buttons: [{ action: 'deal.open', label: w.t('button.open'), drawing }],
      }),
    ),
  ]
}

export const byChoice = (
  { by, drawing, totalOnly }: PipelineBrief,
  action: 'pipeline.by' | 'forecast.by',
  w: Words,
): Block => ({
  kind: 'choice',
  action,
  drawing,
  label: w.t('pipeline.by'),
  options: breakdowns
    .filter((each) => each !== 'rep' || !totalOnly)
    .map((value) => ({ value, label: w.t(`pipeline.by.${value}`) })),
  chosen: by,
})

/** “Which one did you mean?”: never guessed (contract, Chat commands). */
export function pipelineChoices(
  rows: readonly { readonly name: string; readonly kind: 'team' | 'person'; readonly drawing: string }[],
  query: string,
  action: 'pipeline.open' | 'forecast.open',
  w: Words,
): Card {
  const asked = theirs(query, 60)
  const text =
    rows.length === 0 ? w.say('pipeline.none', { query: asked }) : w.say('pipeline.which', { query: asked })
  return {
    summary:
      rows.length === 0 ? w.t('pipeline.none', { query: asked }) : w.t('pipeline.which', { query: asked }),
    blocks: [
      { kind: 'text', text },
      ...rows.map(
        ({ name, kind, drawing }): Block => ({
          kind: 'row',
          text: [theirs(name, 60)],
          note: [w.t(`pipeline.${kind}`)],
          buttons: [{ action, label: w.t('button.choose'), drawing }],
        }),
      ),
    ],
  }
}
