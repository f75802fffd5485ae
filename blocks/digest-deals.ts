import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { Anomaly, MoveSum, Risk, RiskReason } from '../src/canon/digest.ts'
import { coverageOf, type ForecastSum, forecastTotal, type PipelineTargets } from '../src/canon/forecast.ts'
import type { OpenStage, PipelineSum } from '../src/canon/pipeline.ts'
import type { Block, Text } from './card.ts'
import type { DigestBrief } from './digest.ts'
import type { Names } from './discount.ts'
import { dealLine } from './discount-sections.ts'
import { nameOf } from './names.ts'
import { coverageGoal, timesText } from './pipeline-panel.ts'
import { joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Fewer discounts than this would tell who got which. */
const leastAveraged = 3

/** ▲ 12% since Mon, Nov 16. */
export function changeText(
  now: number,
  before: number | undefined,
  day: PlainDate | undefined,
  at: Instant,
  w: Words,
): string | undefined {
  if (before === undefined || day === undefined) return undefined
  const on = w.day(day, at)
  if (before === 0) return now === 0 ? undefined : w.t('digest.change.new', { day: on })
  const percent = Math.round(((now - before) * 100) / before)
  if (percent === 0) return w.t('digest.change.same', { day: on })
  return w.t(percent > 0 ? 'digest.change.up' : 'digest.change.down', { percent: Math.abs(percent), day: on })
}

const dotted = (parts: readonly (string | undefined)[]): Text => [
  parts.filter((part) => part !== undefined).join(' · '),
]

type Fact = { readonly label: string; readonly value: Text }

export function pipelineFact(
  pipeline: PipelineSum,
  comparedOn: PlainDate | undefined,
  now: Instant,
  w: Words,
): Fact {
  const amount = w.money({ amount: pipeline.amount, currency: pipeline.currency }, 'short')
  return {
    label: w.t('digest.pipeline'),
    value: dotted([
      w.t('digest.pipeline.value', { amount, count: pipeline.deals }),
      changeText(pipeline.amount, pipeline.before?.amount, comparedOn, now, w),
    ]),
  }
}

export function forecastFacts(forecast: ForecastSum, targets: PipelineTargets, w: Words): Fact[] {
  const money = (amount: number) => w.money({ amount, currency: forecast.currency }, 'short')
  const total = forecastTotal(forecast)
  const coverage = coverageOf(forecast)
  return [
    {
      label: w.t('digest.forecast', { quarter: forecast.quarter }),
      value: dotted([
        w.t('digest.forecast.value', {
          total: money(total),
          won: money(forecast.won),
          weighted: money(forecast.weighted),
        }),
        forecast.target
          ? w.t('digest.forecast.target', {
              percent: Math.round((total * 100) / forecast.target),
              target: money(forecast.target),
            })
          : undefined,
      ]),
    },
    {
      label: w.t('digest.coverage'),
      value: [
        coverage === undefined
          ? w.t('digest.coverage.none')
          : targets.coverage
            ? w.t('digest.coverage.value', {
                times: timesText(coverage),
                goal: coverageGoal(targets.coverage, w),
              })
            : w.t('digest.coverage.only', { times: timesText(coverage) }),
      ],
    },
  ]
}

/** Of the open deals those that stand still, with what they are held to. */
export function stalledFact(
  { deals, stalled }: Pick<PipelineSum, 'deals' | 'stalled'>,
  { stalled: goal }: PipelineTargets,
  w: Words,
): Fact {
  const rate = deals > 0 ? Math.round((stalled * 100) / deals) * 100 : 0
  return {
    label: w.t('digest.stalled'),
    value: [
      w.t('digest.stalled.value', { rate: w.percent(rate), count: stalled }),
      ...(goal?.to === undefined
        ? []
        : [' ', w.t('digest.stalled.target', { target: w.percent(Math.round(goal.to * 100)) })]),
    ],
  }
}

export function digestFacts(brief: DigestBrief, w: Words): Fact[] {
  const { digest, now } = brief
  const { discounts, pipeline } = digest
  const facts: Fact[] = [
    pipelineFact(pipeline, digest.comparedOn, now, w),
    ...forecastFacts(digest.forecast, brief.targets, w).filter(
      // One person has no target of their own to be covered.
      (_, at) => at === 0 || brief.team !== undefined,
    ),
  ]
  if (digest.stalledRate !== undefined) facts.push(stalledFact(pipeline, brief.targets, w))
  if (discounts.given > 0)
    facts.push({
      label: w.t('digest.discounts'),
      value: dotted([
        w.t('digest.discounts.value', { count: discounts.given, own: discounts.own }),
        discounts.average !== undefined && (!brief.inChannel || discounts.given >= leastAveraged)
          ? w.t('digest.discounts.average', { average: w.percent(discounts.average) })
          : undefined,
      ]),
    })
  return facts
}

/** Won, slipped and lost deals are named; what is new or advanced is counted. */
const named = ['won', 'slipped', 'lost'] as const

export function moveBlocks(brief: DigestBrief, w: Words): Block[] {
  const { digest, deals } = brief
  const moves = digest.moves.filter((move) => move.deals > 0)
  if (moves.length === 0)
    return [
      {
        kind: 'text',
        text: [{ bold: w.t('digest.moves') }, ` · ${w.t('digest.moves.none')}`],
      },
    ]
  const money = (move: MoveSum) =>
    move.amount > 0 ? ` (${w.money({ amount: move.amount, currency: digest.currency }, 'short')})` : ''
  const counts = moves.map(
    (move) => `${w.t(`digest.move.${move.what}`, { deals: move.deals })}${money(move)}`,
  )
  const lines = named.flatMap((what): Text[] => {
    const move = moves.find((each) => each.what === what)
    const known = (move?.top ?? []).flatMap((id) => (deals[id] ? [[theirs(deals[id].name, 50)]] : []))
    if (!move || known.length === 0) return []
    const more = move.deals - known.length
    const list: Text = [...w.list(known), ...(more > 0 ? [` ${w.t('list.more', { count: more })}`] : [])]
    return [withText(w, `digest.${what}`, list)]
  })
  return [
    { kind: 'text', text: [{ bold: w.t('digest.moves') }, ` · ${counts.join(' · ')}`] },
    ...lines.map((text) => ({ kind: 'note' as const, text })),
  ]
}

/** A sentence that ends in a list of names. */
function withText(w: Words, key: 'digest.won' | 'digest.slipped' | 'digest.lost', list: Text): Text {
  return [...w.say(key, { deals: '' }), ...list]
}

export function anomalyBlocks(brief: DigestBrief, w: Words): Block[] {
  // Nobody is scolded before everybody: what one person's pipeline lost is told to them and to whom they report.
  const told = brief.digest.anomalies.filter(({ by }) => by !== 'rep' || !brief.inChannel)
  if (told.length === 0) return []
  return [
    { kind: 'text', text: [{ bold: w.t('digest.anomalies') }] },
    ...told.map((anomaly): Block => ({ kind: 'text', text: anomalyLine(anomaly, brief, w) })),
  ]
}

function anomalyLine(
  anomaly: Anomaly,
  { digest, names }: Pick<DigestBrief, 'digest' | 'names'>,
  w: Words,
): Text {
  const money = (amount: number) => w.money({ amount, currency: digest.currency }, 'short')
  const what = anomalyName(anomaly, names, w)
  return w.say(anomaly.percent < 0 ? 'digest.anomaly.down' : 'digest.anomaly.up', {
    what: { user: what },
    percent: Math.abs(anomaly.percent),
    from: money(anomaly.from),
    to: money(anomaly.to),
    before: anomaly.dealsFrom,
    now: anomaly.dealsTo,
  })
}

function anomalyName({ by, key }: Anomaly, names: Names, w: Words): string {
  switch (by) {
    case 'all':
      return w.t('digest.anomaly.all')
    case 'tier':
      return w.t('digest.anomaly.tier', { name: key })
    case 'channel':
      return w.t('digest.anomaly.channel', { name: channelName(key, w) })
    case 'stage':
      return w.t('digest.anomaly.stage', { name: w.t(`stage.${key as OpenStage}`) })
    case 'rep':
      return w.t('digest.anomaly.rep', { name: nameOf(key, names, w) })
  }
}

const knownChannels = ['outbound', 'inbound', 'cs_driven', 'partner'] as const

/** A channel in words; one that no longer exists as it was written. */
export function channelName(channel: string, w: Words): string {
  const known = knownChannels.find((each) => each === channel)
  return known ? w.t(`channel.${known}`) : channel
}

export function riskBlocks(brief: DigestBrief, w: Words): Block[] {
  const rows = brief.digest.risks.flatMap((risk): Block[] => {
    const deal = brief.deals[risk.deal]
    const drawn = brief.risks[risk.deal]
    if (!deal || !drawn) return []
    return [
      {
        kind: 'row',
        text: dealLine(deal),
        note: [...riskNote(risk, brief, w), ...(drawn.snoozed ? [` · ${w.t('digest.risk.snoozed')}`] : [])],
        buttons: [
          { action: 'deal.open', label: w.t('button.open'), drawing: drawn.deal },
          { action: 'stage.open', label: w.t('button.stage'), drawing: drawn.deal },
        ],
        ...(drawn.nudge
          ? {
              menu: {
                action: 'digest.snooze',
                label: w.t('button.nudge.snooze'),
                drawing: drawn.nudge,
                options: brief.snoozeDays.map((days) => ({
                  value: String(days),
                  label: w.t('button.nudge.snooze.days', { count: days }),
                })),
              },
            }
          : {}),
      },
    ]
  })
  return rows.length === 0 ? [] : [{ kind: 'text', text: [{ bold: w.t('digest.risks') }] }, ...rows]
}

function riskNote(risk: Risk, { names, now, team }: DigestBrief, w: Words): Text {
  const parts: Text[] = [[w.t(`stage.${risk.stage}`)]]
  if (risk.amount) parts.push([w.money(risk.amount, 'short')])
  if (team !== undefined && risk.owner) parts.push([nameOf(risk.owner, names, w)])
  parts.push(
    risk.reasons.flatMap((reason, at) =>
      at === 0 ? reasonText(reason, now, w) : [', ', ...reasonText(reason, now, w)],
    ),
  )
  return joined(parts, ' · ')
}

export function reasonText(reason: RiskReason, now: Instant, w: Words): Text {
  switch (reason.code) {
    case 'stalled':
      return w.say('digest.risk.stalled', { count: reason.days })
    case 'close-past':
      return w.say('digest.risk.close-past', { count: reason.days })
    case 'slipped':
      return w.say('digest.risk.slipped', { times: reason.times, count: reason.days })
    case 'debt':
      return w.say('digest.risk.debt', { day: w.day(reason.until, now) })
  }
}

/** What stands beside the sums where a pipeline has several currencies. */
export function currencyNotes(
  { pipeline, ratesOn }: { readonly pipeline: PipelineSum; readonly ratesOn?: PlainDate },
  now: Instant,
  w: Words,
): Block[] {
  if (pipeline.currencies.every(({ currency }) => currency === pipeline.currency)) return []
  const each = pipeline.currencies
    .map(({ currency, amount, deals }) =>
      w.t('digest.pipeline.value', { amount: w.money({ amount, currency }, 'short'), count: deals }),
    )
    .join(' + ')
  return [
    {
      kind: 'note',
      text: [
        each,
        ...(ratesOn ? [` · ${w.t('digest.rates', { day: w.day(ratesOn, now) })}`] : []),
        ...(pipeline.apart.length > 0
          ? [
              ` · ${w.t('digest.apart', { currencies: pipeline.apart.join(', '), currency: pipeline.currency })}`,
            ]
          : []),
      ],
    },
  ]
}
