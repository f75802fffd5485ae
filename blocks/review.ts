import { isLack } from '../src/canon/metric.ts'
import { isOnTarget, metrics } from '../src/canon/metrics.ts'
import type { OpenStage } from '../src/canon/pipeline.ts'
import type { LossDetail } from '../src/canon/policy-loss.ts'
import type { LossLine, MonthlyReport, QuarterlyReview } from '../src/canon/summary.ts'
import type { Block, Card, Text } from './card.ts'
import { lossText } from './loss.ts'
import { changeWords, figureWords, periodWords, targetWords } from './metric.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

export interface ReviewBrief {
  readonly review: QuarterlyReview
  /** Teams by id. */
  readonly teams: Readonly<Record<string, string>>
  readonly lossReasons: readonly LossDetail[]
  /** What the forecast's error is held to, in percent; absent where the company has no target. */
  readonly errorTarget?: number
  readonly now: number
  readonly drawing: string
}

/** Lines of a breakdown that are shown; the rest is counted. */
const most = 5

/** The quarter that is over: forecast against actual, and what was won and lost why (Canon, Digests). */
export function reviewCard(brief: ReviewBrief, w: Words): Card {
  const { review, now } = brief
  const { winLoss } = review
  const closed = winLoss.won + winLoss.lost
  const money = (amount: number) => w.money({ amount, currency: winLoss.currency }, 'short')
  return {
    summary: w.t('review.summary', { quarter: review.quarter, won: winLoss.won, lost: winLoss.lost }),
    blocks: [
      { kind: 'heading', text: w.say('review.title', { quarter: review.quarter }) },
      {
        kind: 'note',
        text: w.say('review.period', { from: w.day(review.from, now), to: w.day(review.to, now) }),
      },
      { kind: 'text', text: [{ bold: w.t('review.forecast') }] },
      ...outcomeBlocks(brief, w),
      { kind: 'text', text: [{ bold: w.t('review.winloss') }] },
      ...(closed === 0
        ? [{ kind: 'text' as const, text: w.say('review.nothing') }]
        : [
            {
              kind: 'text' as const,
              text: [
                [
                  w.t('review.won', { count: winLoss.won, amount: money(winLoss.wonAmount) }),
                  w.t('review.lost', { count: winLoss.lost, amount: money(winLoss.lostAmount) }),
                  w.t('review.rate', { percent: w.percent(Math.round((winLoss.won * 100) / closed) * 100) }),
                ].join(' · '),
              ],
            },
            ...breakdown(
              'review.reasons',
              winLoss.reasons,
              (key) => lossText(key, brief.lossReasons, w),
              money,
              w,
            ),
            ...breakdown('review.competitors', winLoss.competitors, (key) => key, money, w),
            ...breakdown('review.lost-from', winLoss.lostFrom, (key) => stageWord(key, w), money, w),
          ]),
      {
        kind: 'buttons',
        buttons: [{ action: 'forecast.open', label: w.t('button.forecast'), drawing: brief.drawing }],
      },
    ],
  }
}

const stageWord = (key: string, w: Words): string =>
  /^S[1-6]$/.test(key) ? w.t(`stage.${key as OpenStage}`) : key

function outcomeBlocks({ errorTarget, review, teams }: ReviewBrief, w: Words): Block[] {
  if (review.outcomes.length === 0) return [{ kind: 'text', text: w.say('review.forecast.none') }]
  return [
    {
      kind: 'table',
      head: [w.t('review.team'), w.t('review.forecasted'), w.t('review.actual'), w.t('review.error')],
      rows: review.outcomes
        .slice(0, 30)
        .map(({ team, forecast, actual, currency, errorPercent }): Text[] => [
          [team === '' ? w.t('review.no-team') : theirs(teams[team] ?? team, 40)],
          [w.money({ amount: forecast, currency }, 'short')],
          [w.money({ amount: actual, currency }, 'short')],
          [errorPercent === undefined ? w.t('value.none') : `${errorPercent}%`],
        ]),
    },
    ...(errorTarget === undefined
      ? []
      : [{ kind: 'note' as const, text: w.say('review.target', { percent: errorTarget }) }]),
  ]
}

function breakdown(
  title: 'review.reasons' | 'review.competitors' | 'review.lost-from',
  lines: readonly LossLine[],
  name: (key: string) => string,
  money: (amount: number) => string,
  w: Words,
): Block[] {
  if (lines.length === 0) return []
  return [
    { kind: 'text', text: [{ bold: w.t(title) }] },
    ...lines.slice(0, most).map(
      ({ key, deals, amount }): Block => ({
        kind: 'note',
        text: w.say('review.line', {
          name: key === '' ? w.t('review.unknown') : theirs(name(key), 60),
          count: deals,
          amount: money(amount),
        }),
      }),
    ),
    ...(lines.length > most
      ? [{ kind: 'note' as const, text: w.say('list.more', { count: lines.length - most }) }]
      : []),
  ]
}

export interface MonthlyBrief {
  readonly report: MonthlyReport
  readonly fiscalYearStart: number
  readonly now: number
  readonly drawing: string
}

/** The operations report of a month: every metric there is a number for, what is off target first. */
export function monthlyCard({ report, fiscalYearStart, now, drawing }: MonthlyBrief, w: Words): Card {
  const month = periodWords(report.period, fiscalYearStart, w, now)
  const read = report.readings.flatMap((reading) =>
    isLack(reading.result)
      ? []
      : [{ ...reading, figure: reading.result, met: isOnTarget(reading.result, reading.target) }],
  )
  const held = read.filter(({ met }) => met !== undefined)
  const met = held.filter((each) => each.met).length
  const rank = (each: (typeof read)[number]) => (each.met === false ? 0 : each.met ? 1 : 2)
  const lacking = report.readings.filter(({ result }) => isLack(result))
  return {
    summary: w.t('monthly.summary', { month, met, held: held.length }),
    blocks: [
      { kind: 'heading', text: w.say('monthly.title', { month }) },
      { kind: 'text', text: w.say('monthly.met', { met, held: held.length }) },
      ...(read.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              head: [
                w.t('monthly.metric'),
                w.t('monthly.value'),
                w.t('monthly.change'),
                w.t('monthly.target'),
              ],
              rows: [...read]
                .sort((a, b) => rank(a) - rank(b))
                .map((each): Text[] => [
                  [`${each.met === false ? '! ' : ''}${w.t(`metric.${each.id}`)}`],
                  [figureWords(each.figure, each.id, w)],
                  [changeWords(each.figure, each.before, w) ?? w.t('value.none')],
                  [(each.target && targetWords(each.target, metrics[each.id].unit, w)) ?? w.t('value.none')],
                ]),
            },
          ]),
      ...(lacking.length > 0
        ? [
            {
              kind: 'note' as const,
              text: w.say('monthly.lacking', {
                metrics: lacking.map(({ id }) => w.t(`metric.${id}`)).join(', '),
              }),
            },
          ]
        : []),
      { kind: 'buttons', buttons: [{ action: 'kpi.open', label: w.t('button.kpi'), drawing }] },
    ],
  }
}
