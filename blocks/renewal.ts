import type { Account } from '../src/canon/account.ts'
import { addDays, type Instant, localDate } from '../src/canon/calendar.ts'
import type { Because } from '../src/canon/nudge.ts'
import type { Qbr } from '../src/canon/qbr.ts'
import {
  type Renewal,
  type RenewalLine,
  type RenewalOutcome,
  type RenewalState,
  renewalTask,
} from '../src/canon/renewal.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { calling, type Mentions, nameOf } from './names.ts'
import { joined, plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** What is to be done at a milestone. */
export const taskOf = (day: number, days: readonly number[], w: Words): string =>
  w.t(`renewal.task.${renewalTask(day, days)}`)

/** “D-90”, “D-day”, “3 days overdue”. */
export const daysLeftWords = (days: number, w: Words): string =>
  days > 0
    ? w.t('renewal.in', { count: days })
    : days === 0
      ? w.t('renewal.today')
      : w.t('renewal.past', { count: -days })

/** Score in tenths, with its grade; a dash where there is none. */
export const healthWords = (health: RenewalLine['health'], w: Words): string =>
  health
    ? w.t('renewal.health', {
        score: Math.round(health.score / 10),
        grade: w.t(`renewal.grade.${health.grade}`),
      })
    : w.t('renewal.health.none')

/** Why a renewal's nudge fired, in one line: when, what is to be done, how much, how the customer is, and the AE. */
export function renewalBecause(
  because: Extract<Because, { kind: 'renewal' }>,
  w: Words,
  now: Instant,
  mentions: Mentions = {},
): Text {
  const day = w.day(because.renewalOn, now)
  const when = daysLeftWords(because.daysLeft, w)
  const task = w.t(`renewal.task.${because.task ?? 'outcome'}`)
  const what = because.past
    ? w.say('renewal.because.past', { day, when })
    : because.again
      ? w.say('renewal.because.again', { day, when, task })
      : w.say('renewal.because', { day, when, task })
  const score = because.score === undefined ? '–' : String(Math.round(because.score / 10))
  return joined(
    [
      what,
      ...(because.arr ? [[w.money(because.arr, 'short')]] : []),
      w.say('renewal.because.health', { score }),
      ...(because.ae === undefined
        ? []
        : [w.say('renewal.because.ae', { name: calling(because.aeId, theirs(because.ae, 40), mentions) })]),
    ],
    ' · ',
  )
}

// ── one account's renewal ────────────────────────────────────────────────────

/** All that the renewal of one account is drawn from. */
export interface RenewalBrief {
  readonly account: Pick<Account, 'name' | 'arr' | 'csm' | 'ae' | 'renewalOn'>
  readonly renewal?: Renewal
  /** Absent where no renewal is ahead. */
  readonly state?: RenewalState
  readonly health?: RenewalLine['health']
  readonly lastQbr?: Qbr
  /** Renewals that have ended, the newest first. */
  readonly earlier: readonly Renewal[]
  /** The company's milestones, descending. */
  readonly days: readonly number[]
  readonly names: Names
  readonly now: Instant
  readonly timeZone: string
}

/** The milestones of a renewal as a route: what was done by whom, what is due, what comes. */
function milestonesOf(brief: RenewalBrief, w: Words): Block[] {
  const { account, renewal, state, days, names, timeZone, now } = brief
  const { renewalOn } = account
  if (!state || renewalOn === undefined) return []
  const steps = days.map((day) => {
    const done = renewal?.done.find((each) => each.day === day)
    const current = state.milestone === day
    const behind = state.milestone !== undefined && day > state.milestone
    const line: Text = w.say('renewal.step.line', {
      step: day === 0 ? w.t('renewal.today') : `D-${day}`,
      task: taskOf(day, days, w),
      day: w.day(addDays(renewalOn, -day), now),
    })
    const by: Text | undefined =
      done &&
      w.say('renewal.step.by', {
        name: nameOf(done.by, names, w),
        day: w.day(localDate(done.at, timeZone), now),
      })
    const at = done ? 'done' : current ? 'now' : behind ? 'skipped' : 'next'
    return { state: at, text: by ? joined([line, by], ' · ') : line } as const
  })
  const notes = (renewal?.done ?? []).flatMap((done): Block[] =>
    done.note
      ? [
          {
            kind: 'quote',
            label: w.t('renewal.label.note', { day: done.day }),
            text: theirs(done.note, 400).user,
          },
        ]
      : [],
  )
  return [{ kind: 'route', steps }, ...notes]
}

/** The renewal as a section of a card of the account: when, how much, what was done. */
export function renewalBlocks(brief: RenewalBrief, w: Words): Block[] {
  const { account, state, now } = brief
  if (!state || account.renewalOn === undefined) return []
  return [
    {
      kind: 'text',
      text: [
        { bold: w.t('renewal.label.date') },
        ` ${w.t('renewal.row', { day: w.day(account.renewalOn, now), when: daysLeftWords(state.daysLeft, w) })}`,
        ` · ${account.arr ? w.money(account.arr) : w.t('renewal.no-arr')}`,
      ],
    },
    ...milestonesOf(brief, w),
  ]
}

const outcomeWords = ({ kind, before, after }: RenewalOutcome, w: Words): string => {
  const word = w.t(`renewal.outcome.${kind}`)
  const amounts = [before.arr, after.arr].flatMap((money) => (money ? [w.money(money, 'short')] : []))
  return amounts.length > 0 ? `${word} (${amounts.join(' → ')})` : word
}

/** The renewal of one account, with what can be done about it. */
export function renewalCard(
  brief: RenewalBrief & {
    readonly drawing: string
    readonly mayRecord: boolean
    readonly mayRecordQbr: boolean
    /** Somebody may take the last outcome back. */
    readonly undo?: string
    /** Somebody may take back that this milestone, the one marked last, is done. */
    readonly reopen?: { readonly day: number; readonly drawing: string }
  },
  w: Words,
): Card {
  const { account, state, health, names, lastQbr, earlier, drawing, now } = brief
  const title = w.say('renewal.title', { account: theirs(account.name) })
  const facts = [
    ...(account.renewalOn && state
      ? [
          {
            label: w.t('renewal.label.date'),
            value: [
              w.t('renewal.row', {
                day: w.day(account.renewalOn, now),
                when: daysLeftWords(state.daysLeft, w),
              }),
            ],
          },
        ]
      : []),
    {
      label: w.t('renewal.label.arr'),
      value: [account.arr ? w.money(account.arr) : w.t('renewal.no-arr')],
    },
    { label: w.t('renewal.label.health'), value: [healthWords(health, w)] },
    {
      label: w.t('renewal.label.qbr'),
      value: [
        lastQbr
          ? w.t('qbr.line', { day: w.day(lastQbr.heldOn, now), quarter: lastQbr.quarter })
          : w.t('qbr.none'),
      ],
    },
    {
      label: w.t('renewal.label.csm'),
      value: [account.csm ? nameOf(account.csm, names, w) : w.t('value.none')],
    },
    {
      label: w.t('renewal.label.ae'),
      value: [account.ae ? nameOf(account.ae, names, w) : w.t('value.none')],
    },
  ]
  const none: Block[] =
    account.renewalOn === undefined
      ? [{ kind: 'text', text: w.say('renewal.none', { account: theirs(account.name) }) }]
      : []
  return {
    summary: plain(title),
    blocks: [
      { kind: 'heading', text: title },
      ...none,
      { kind: 'facts', facts },
      ...milestonesOf(brief, w),
      ...earlierBlocks(earlier, now, w),
      ...buttonsOf(brief, drawing, w),
    ],
  }
}

function earlierBlocks(earlier: readonly Renewal[], now: Instant, w: Words): Block[] {
  const lines = earlier.flatMap(({ renewalOn, outcome }) =>
    outcome
      ? [w.say('renewal.earlier.line', { day: w.day(renewalOn, now), outcome: outcomeWords(outcome, w) })]
      : [],
  )
  if (lines.length === 0) return []
  return [
    { kind: 'text', text: [{ bold: w.t('renewal.earlier') }] },
    ...lines.map((text): Block => ({ kind: 'note', text })),
  ]
}

function buttonsOf(
  { state, mayRecord, mayRecordQbr, undo, reopen }: RenewalBrief & Parameters<typeof renewalCard>[0],
  drawing: string,
  w: Words,
): Block[] {
  const over = state !== undefined && state.daysLeft <= 0
  const due = state?.milestone !== undefined && state.milestone > 0 && !state.done
  const milestone: Button = {
    action: 'renewal.milestone',
    label: due
      ? w.t('button.renewal.milestone.day', { day: state.milestone ?? 0 })
      : w.t('button.renewal.milestone'),
    drawing,
    ...(due ? { style: 'primary' as const } : {}),
  }
  const record: Button = {
    action: 'renewal.record',
    label: w.t('button.renewal.record'),
    drawing,
    ...(over ? { style: 'primary' as const } : {}),
  }
  const buttons: Button[] = [
    ...(mayRecord && state ? (over ? [record] : [milestone, record]) : []),
    ...(mayRecordQbr ? [{ action: 'qbr.record', label: w.t('button.qbr.record'), drawing }] : []),
    { action: 'health.open', label: w.t('button.renewal.health'), drawing },
    ...(reopen ? [reopenButton(reopen, w)] : []),
    ...(undo ? [undoButton(undo, w)] : []),
  ]
  return [{ kind: 'buttons', buttons }]
}

/** Takes back that a milestone is done; it can be marked again, so nothing is asked. */
export const reopenButton = (
  { day, drawing }: { readonly day: number; readonly drawing: string },
  w: Words,
): Button => ({ action: 'renewal.reopen', label: w.t('button.renewal.reopen', { day }), drawing })

/** Takes the outcome back, after a question. */
export const undoButton = (drawing: string, w: Words): Button => ({
  action: 'renewal.undo',
  label: w.t('button.renewal.undo'),
  drawing,
  confirm: {
    title: w.t('button.renewal.undo'),
    text: w.t('renewal.undo.ask'),
    yes: w.t('button.renewal.undo'),
    no: w.t('button.renewal.undo.no'),
  },
})

// ── what was recorded ────────────────────────────────────────────────────────

/** Tells of an outcome: to who recorded it (`by` left out), and to those who did not. */
export function outcomeText(
  {
    account,
    outcome,
    by,
  }: { readonly account: string; readonly outcome: RenewalOutcome; readonly by?: string },
  now: Instant,
  w: Words,
): Text {
  const { kind, before, after } = outcome
  const unknown = w.t('renewal.no-arr')
  const values = {
    account: theirs(account),
    arr: after.arr ? w.money(after.arr) : unknown,
    before: before.arr ? w.money(before.arr) : unknown,
    day: after.renewalOn ? w.day(after.renewalOn, now) : w.t('value.none'),
  }
  if (by === undefined) return w.say(`renewal.saved.${kind}`, values)
  return w.say(`renewal.told.${kind}`, { ...values, name: theirs(by, 40) })
}
