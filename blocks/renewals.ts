import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { RenewalLine, RenewalOutcome, RenewalState } from '../src/canon/renewal.ts'
import type { RenewalSum } from '../src/ports/renewal.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { ChartPanel } from './chart.ts'
import type { Names } from './discount.ts'
import { nameOf } from './names.ts'
import { daysLeftWords, healthWords, outcomeText, taskOf, undoButton } from './renewal.ts'
import { joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** One renewal in the list, with the drawing its buttons stand on. */
export interface RenewalRow {
  readonly line: RenewalLine
  readonly state: RenewalState
  readonly drawing: string
  /** May record what was done and how it ended. */
  readonly mayRecord: boolean
}

/** The renewals ahead of one person's accounts. */
export interface RenewalsBrief {
  readonly days: number
  readonly until: PlainDate
  readonly overdue: readonly RenewalRow[]
  readonly ahead: readonly RenewalRow[]
  readonly totals: { readonly overdue: number; readonly ahead: number }
  /** Of those ahead. */
  readonly sums: readonly RenewalSum[]
  /** Outcomes of the last days; with a drawing where the viewer may take them back. */
  readonly settled: readonly {
    readonly account: string
    readonly outcome: RenewalOutcome
    readonly drawing?: string
  }[]
  readonly milestoneDays: readonly number[]
  readonly names: Names
  readonly now: Instant
  readonly timeZone: string
}

/** Rows with more than one button take three blocks of a message's fifty on Slack. */
const mostActing = 5

/** `/renewals [days]`: overdue ones first, then by date, with what is up for renewal in sum. */
export function renewalsCard(brief: RenewalsBrief, w: Words): Card {
  const { days, totals, overdue, ahead, until, now, timeZone } = brief
  const count = totals.ahead
  const summary = w.t('renewals.summary', { count, days, overdue: totals.overdue })
  const title: Block = { kind: 'title', text: w.t('renewals.title') }
  if (count === 0 && totals.overdue === 0)
    return {
      summary,
      blocks: [
        title,
        { kind: 'text', text: w.say('renewals.none', { days }) },
        { kind: 'note', text: w.say('renewals.none.hint') },
        ...settledBlocks(brief, w),
      ],
    }
  let acting = 0
  const rows = (list: readonly RenewalRow[], total: number): Block[] => [
    ...list.map((row) => {
      const acts = row.mayRecord && needsAct(row) && acting < mostActing
      if (acts) acting += 1
      return rowOf(row, acts, brief, w)
    }),
    ...(total > list.length
      ? [{ kind: 'note' as const, text: w.say('list.more', { count: total - list.length }) }]
      : []),
  ]
  return {
    summary,
    blocks: [
      title,
      ...(overdue.length > 0
        ? [
            { kind: 'heading' as const, text: w.say('renewals.overdue', { total: totals.overdue }) },
            ...rows(overdue, totals.overdue),
          ]
        : []),
      { kind: 'heading', text: w.say('renewals.ahead', { day: w.day(until, now), total: count }) },
      ...(count === 0
        ? [{ kind: 'note' as const, text: w.say('renewals.none', { days }) }]
        : rows(ahead, count)),
      ...forecastBlocks(brief, w),
      ...settledBlocks(brief, w),
      { kind: 'note', text: w.say('renewals.as-of', { at: w.moment(now, timeZone, now) }) },
    ],
  }
}

const isOver = ({ state }: RenewalRow): boolean => state.daysLeft <= 0
const needsAct = (row: RenewalRow): boolean =>
  isOver(row) || (row.state.milestone !== undefined && !row.state.done)

function rowOf(
  row: RenewalRow,
  acts: boolean,
  { milestoneDays, names, now }: RenewalsBrief,
  w: Words,
): Block {
  const { line, state, drawing } = row
  const open: Button = { action: 'renewal.open', label: w.t('button.renewal.open'), drawing }
  const act: Button = isOver(row)
    ? { action: 'renewal.record', label: w.t('button.renewal.record'), drawing, style: 'primary' }
    : {
        action: 'renewal.milestone',
        label: w.t('button.renewal.milestone.day', { day: state.milestone ?? 0 }),
        drawing,
      }
  return {
    kind: 'row',
    text: [theirs(line.name), ` · ${line.arr ? w.money(line.arr, 'short') : w.t('renewal.no-arr')}`],
    note: joined(
      [
        [w.t('renewal.row', { day: w.day(line.renewalOn, now), when: daysLeftWords(state.daysLeft, w) })],
        [healthWords(line.health, w)],
        [milestoneWords(state, milestoneDays, w)],
        ...(line.csm ? [[nameOf(line.csm, names, w)] as Text] : []),
      ],
      ' · ',
    ),
    buttons: acts ? [act, open] : [open],
  }
}

/** What is due of a renewal, or that it is done. */
function milestoneWords({ milestone, done }: RenewalState, days: readonly number[], w: Words): string {
  if (milestone === undefined) return w.t('renewal.upcoming')
  if (done) return w.t('renewal.step.done', { day: milestone })
  if (milestone === 0) return taskOf(0, days, w)
  return w.t('renewal.step', { day: milestone, task: taskOf(milestone, days, w) })
}

/** What is up for renewal per currency, and at which health; by month as a picture. */
function forecastBlocks({ sums }: RenewalsBrief, w: Words): Block[] {
  const known = sums.filter(({ currency, arr }) => currency !== '' && arr > 0)
  if (known.length === 0) return []
  const currencies = [...new Set(known.map(({ currency }) => currency))]
  const of = (currency: string) => known.filter((each) => each.currency === currency)
  const total = (list: readonly RenewalSum[], what: 'accounts' | 'arr' | 'atRisk' | 'critical') =>
    list.reduce((sum, each) => sum + each[what], 0)
  const money = (currency: string, what: 'arr' | 'atRisk' | 'critical'): Text => [
    w.money({ amount: total(of(currency), what), currency }, 'short'),
  ]
  const panels: ChartPanel[] = currencies.slice(0, 2).map((currency) => ({
    kind: 'bars',
    title: w.t('renewals.chart', { currency }),
    bars: of(currency)
      .slice(0, 12)
      .map(({ month, arr }) => ({
        label: monthWords(month, w),
        value: arr,
        text: w.money({ amount: arr, currency }, 'short'),
      })),
  }))
  const alt = currencies
    .slice(0, 2)
    .map((currency) =>
      w.t('renewals.chart.alt', {
        currency,
        months: of(currency)
          .slice(0, 12)
          .map(({ month, arr }) =>
            w.t('renewals.chart.month', {
              month: monthWords(month, w),
              amount: w.money({ amount: arr, currency }, 'short'),
            }),
          )
          .join(', '),
      }),
    )
    .join(' ')
  return [
    { kind: 'heading', text: [w.t('renewals.forecast')] },
    {
      kind: 'table',
      head: [
        w.t('renewals.col.currency'),
        w.t('renewals.col.accounts'),
        w.t('renewals.col.arr'),
        w.t('renewals.col.at-risk'),
        w.t('renewals.col.critical'),
      ],
      rows: currencies.map((currency) => [
        [currency],
        [String(total(of(currency), 'accounts'))],
        money(currency, 'arr'),
        money(currency, 'atRisk'),
        money(currency, 'critical'),
      ]),
    },
    { kind: 'chart', chart: { panels, alt } },
  ]
}

/** 11월 · Nov */
const monthWords = (month: string, w: Words): string =>
  new Intl.DateTimeFormat(w.locale, { month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  )

function settledBlocks({ settled, names, now }: RenewalsBrief, w: Words): Block[] {
  if (settled.length === 0) return []
  return [
    { kind: 'heading', text: [w.t('renewals.settled')] },
    ...settled.map(({ account, outcome, drawing }): Block => {
      const by = Object.hasOwn(names, outcome.by) ? names[outcome.by] : undefined
      const text = outcomeText({ account, outcome, by: by ?? w.t('person.unknown') }, now, w)
      return drawing ? { kind: 'row', text, buttons: [undoButton(drawing, w)] } : { kind: 'note', text }
    }),
  ]
}
