import type { Account } from '../src/canon/account.ts'
import { daysBetween, type Instant, type PlainDate } from '../src/canon/calendar.ts'
import type { AccountHealth, Grade, GradeChange, HealthReading } from '../src/canon/health.ts'
import type { HealthTask } from '../src/canon/health-task.ts'
import type { HealthPolicy } from '../src/canon/policy-health.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Chart } from './chart.ts'
import type { Names } from './discount.ts'
import { nameOf } from './names.ts'
import { type RenewalBrief, renewalBlocks } from './renewal.ts'
import { joined, plain, theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** Whether its reader may do a thing with the account's health. */
interface HealthRights {
  /** Add signals, close the review, make the plan. */
  readonly change: boolean
  readonly reopen: boolean
  /** Hand the account over for new business: CS→AE. */
  readonly expand: boolean
}

/** All that the health of one account is drawn from. */
export interface HealthBrief {
  readonly account: Account
  readonly health?: AccountHealth
  readonly reading: HealthReading
  /** The newest first. */
  readonly history: readonly GradeChange[]
  readonly review?: HealthTask
  readonly plan?: HealthTask
  /** The score at the end of each month, the oldest first; tenths of a point. */
  readonly months: readonly { readonly month: PlainDate; readonly score: number | null }[]
  readonly names: Names
  readonly policy: HealthPolicy
  readonly now: Instant
  readonly today: PlainDate
  readonly timeZone: string
  readonly drawing: string
  /** The drawing of the closed review, where it may be opened again. */
  readonly reviewDrawing?: string
  readonly rights: HealthRights
  /** The renewal that is ahead, told in a section of its own. */
  readonly renewal?: RenewalBrief
}

/** 413 is 41.3. */
export const points = (tenths: number): string => (tenths / 10).toFixed(1).replace(/\.0$/, '')

const marks: Readonly<Record<Grade, string>> = { healthy: '🟢', 'at-risk': '🟡', critical: '🔴' }

export const gradeWord = (grade: Grade, w: Words): string => w.t(`health.grade.${grade}`)

/** “🔴 Critical”: the mark is for the eye, the word for everybody. */
export const gradeMark = (grade: Grade, w: Words): string => `${marks[grade]} ${gradeWord(grade, w)}`

/** `/health account`: the score, what it rests on and how old that is, what is open, and what can be done. */
export function healthCard(brief: HealthBrief, w: Words): Card {
  const { account, health } = brief
  const name = theirs(account.name)
  return {
    summary: health
      ? w.t('health.summary', {
          account: name,
          score: points(health.score),
          grade: gradeWord(health.grade, w),
        })
      : w.t('health.summary.none', { account: name }),
    blocks: [
      { kind: 'title', text: w.t('health.list.title') },
      { kind: 'heading', text: [name, ...(account.tier ? [` · ${account.tier}`] : [])] },
      ...standingOf(brief, w),
      { kind: 'facts', facts: accountFacts(brief, w) },
      ...reviewBlocks(brief, w),
      ...planBlocks(brief, w),
      ...(brief.renewal ? renewalBlocks(brief.renewal, w) : []),
      ...componentBlocks(brief, w),
      ...chartBlocks(brief, w),
      ...historyBlocks(brief, w),
      ...buttonsOf(brief, w),
    ],
  }
}

function standingOf({ health, now, timeZone }: HealthBrief, w: Words): Block[] {
  if (!health)
    return [
      { kind: 'text', text: w.say('health.none') },
      { kind: 'note', text: w.say('health.none.hint') },
    ]
  const day = w.day(health.since, now)
  const since = health.before
    ? w.say('health.since.before', {
        day,
        before: gradeWord(health.before.grade, w),
        score: points(health.before.score),
      })
    : w.say('health.since', { day })
  return [
    {
      kind: 'text',
      text: [
        { bold: gradeMark(health.grade, w) },
        ` · ${w.t('health.score', { score: points(health.score) })} · `,
        ...since,
      ],
    },
    {
      kind: 'note',
      text: w.say('health.computed', { at: w.moment(health.computedAt, timeZone, now) }),
    },
  ]
}

function accountFacts({ account, names, today, now }: HealthBrief, w: Words) {
  const facts: { label: string; value: Text }[] = []
  const add = (label: string, value: Text) => facts.push({ label, value })
  if (account.renewalOn) add(w.t('health.label.renewal-on'), renewalText(account.renewalOn, today, now, w))
  if (account.arr) add(w.t('health.label.arr'), [w.money(account.arr)])
  const person = (label: string, id: string | undefined) => id && add(label, [nameOf(id, names, w)])
  person(w.t('health.label.csm'), account.csm)
  person(w.t('health.label.ae'), account.ae)
  person(w.t('health.label.sponsor'), account.executiveSponsor)
  return facts
}

const renewalText = (on: PlainDate, today: PlainDate, now: Instant, w: Words): Text =>
  on < today
    ? w.say('health.renewal.past', { day: w.day(on, now) })
    : w.say('health.renewal', { day: w.day(on, now), count: daysBetween(today, on) })

function reviewBlocks({ review, names, now, timeZone }: HealthBrief, w: Words): Block[] {
  if (!review) return []
  if (review.status === 'open')
    return [
      {
        kind: 'text',
        text: [
          '⚠️ ',
          ...w.say('health.review.open', { day: w.day(review.openedOn, now) }),
          ...(review.sponsor
            ? [' ', ...w.say('health.review.sponsor', { name: nameOf(review.sponsor, names, w) })]
            : []),
        ],
      },
    ]
  const at = w.moment(review.closedAt ?? review.openedAt, timeZone, now)
  return [
    {
      kind: 'text',
      text: w.say('health.review.closed', { name: nameOf(review.closedBy, names, w), at }),
    },
    ...quote(w.t('health.review.action'), review.action),
    ...quote(w.t('health.review.note'), review.note),
  ]
}

const quote = (label: string, text: string | undefined): Block[] =>
  text?.trim() ? [{ kind: 'quote', label, text: theirWords(text, 1_000) }] : []

function planBlocks({ plan, names, now, today }: HealthBrief, w: Words): Block[] {
  if (!plan || plan.status === 'closed' || !plan.dueOn) return []
  if (plan.plannedUntil === undefined)
    return [
      {
        kind: 'text',
        text: [
          '⚠️ ',
          ...w.say(plan.dueOn < today ? 'health.plan.overdue' : 'health.plan.open', {
            day: w.day(plan.dueOn, now),
          }),
        ],
      },
    ]
  return [
    {
      kind: 'text',
      text: w.say('health.plan.made', {
        name: nameOf(plan.plannedBy, names, w),
        day: w.day(plan.plannedUntil, now),
      }),
    },
    ...quote(w.t('health.plan.text'), plan.action),
  ]
}

function componentBlocks({ reading, policy }: HealthBrief, w: Words): Block[] {
  const { parts, missing } = reading
  if (parts.length === 0) return []
  const notes: Text[] = []
  if (missing.length > 0)
    notes.push(
      w.say('health.missing', {
        components: missing.map((component) => w.t(`health.component.${component}`)).join(', '),
      }),
    )
  if (parts.some(({ old }) => old)) notes.push(w.say('health.old', { days: policy.signalOldAfterDays }))
  return [
    {
      kind: 'table',
      head: [
        w.t('health.col.component'),
        w.t('health.col.score'),
        w.t('health.col.weight'),
        w.t('health.col.age'),
      ],
      rows: parts.map((part) => [
        [w.t(`health.component.${part.component}`)],
        [points(part.score)],
        [`${points(part.share)}%`],
        [ageText(part.ageDays, part.old, w)],
      ]),
    },
    ...notes.map((text): Block => ({ kind: 'note', text })),
  ]
}

function ageText(days: number, old: boolean, w: Words): string {
  const age = days === 0 ? w.t('health.age.today') : w.t('health.age', { count: days })
  return old ? w.t('health.age.old', { age }) : age
}

/** “Nov”, “11월”. */
const monthName = (month: PlainDate, w: Words): string =>
  new Intl.DateTimeFormat(w.locale, { month: 'short', timeZone: 'UTC' }).format(Date.parse(`${month}T00:00Z`))

function chartBlocks({ months, policy }: HealthBrief, w: Words): Block[] {
  const first = months.findIndex(({ score }) => score !== null)
  const shown = first < 0 ? [] : months.slice(first)
  // One point is no line.
  if (shown.length < 2) return []
  const alt = w.t('health.chart.alt', {
    months: shown
      .flatMap(({ month, score }) =>
        score === null
          ? []
          : [w.t('health.chart.month', { month: monthName(month, w), score: points(score) })],
      )
      .join(', '),
  })
  const chart: Chart = {
    alt,
    panels: [
      {
        kind: 'lines',
        title: w.t('health.chart'),
        periods: shown.map(({ month }) => monthName(month, w)),
        lines: [
          {
            label: w.t('health.chart'),
            values: shown.map(({ score }) => (score === null ? null : score / 10)),
          },
        ],
        target: { label: w.t('health.chart.target'), value: policy.healthyFrom },
        unit: '',
      },
    ],
  }
  return [{ kind: 'chart', chart }]
}

function historyBlocks({ history, now }: HealthBrief, w: Words): Block[] {
  if (history.length === 0) return []
  return [
    { kind: 'heading', text: [w.t('health.history')] },
    ...history.map((change): Block => {
      const day = w.day(change.on, now)
      const to = gradeWord(change.to, w)
      const score = points(change.score)
      return {
        kind: 'note',
        text:
          change.from && change.scoreBefore !== undefined
            ? w.say('health.history.line', {
                day,
                from: gradeWord(change.from, w),
                to,
                before: points(change.scoreBefore),
                score,
              })
            : w.say('health.history.first', { day, score, to }),
      }
    }),
  ]
}

function buttonsOf(brief: HealthBrief, w: Words): Block[] {
  const { rights, review, plan, drawing, reviewDrawing } = brief
  const primary = { style: 'primary' as const }
  const buttons: Button[] = []
  if (rights.change && review?.status === 'open')
    buttons.push({ action: 'health.review', label: w.t('button.health.review'), drawing, ...primary })
  if (rights.change && plan?.status === 'open')
    buttons.push({
      action: 'health.plan',
      label: w.t(plan.plannedUntil === undefined ? 'button.health.plan' : 'button.health.replan'),
      drawing,
      ...(review?.status === 'open' || plan.plannedUntil !== undefined ? {} : primary),
    })
  if (rights.change) buttons.push({ action: 'health.signal', label: w.t('button.health.signal'), drawing })
  if (brief.renewal?.state)
    buttons.push({ action: 'renewal.open', label: w.t('button.health.renewal'), drawing })
  if (rights.expand) buttons.push({ action: 'handoff.start', label: w.t('button.health.expand'), drawing })
  if (rights.reopen && review?.status === 'closed' && reviewDrawing)
    buttons.push({
      action: 'health.reopen',
      label: w.t('button.health.reopen'),
      drawing: reviewDrawing,
      confirm: {
        title: w.t('button.health.reopen'),
        text: w.t('confirm.health.reopen'),
        yes: w.t('button.health.reopen'),
        no: w.t('form.close'),
      },
    })
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : []
}

/** One line about an account's health, for the cards of other things: “🔴 Critical · 41.3 of 100”. */
export const healthLine = (health: Pick<AccountHealth, 'grade' | 'score'>, w: Words): Text =>
  joined([[gradeMark(health.grade, w)], w.say('health.score', { score: points(health.score) })], ' · ')

/** To somebody who was named executive sponsor of an account in its review. */
export function sponsorCard(
  brief: {
    readonly account: Account
    readonly health: AccountHealth
    readonly review: HealthTask
    readonly names: Names
    readonly drawing: string
  },
  w: Words,
): Card {
  const { account, health, review, names } = brief
  const text = w.say('health.sponsor.asked', {
    name: nameOf(review.closedBy, names, w),
    account: theirs(account.name),
    grade: gradeWord(health.grade, w),
    score: points(health.score),
  })
  return {
    summary: plain(text),
    blocks: [
      { kind: 'text', text },
      ...quote(w.t('health.review.action'), review.action),
      ...quote(w.t('health.review.note'), review.note),
      {
        kind: 'buttons',
        buttons: [{ action: 'health.open', label: w.t('button.health.open'), drawing: brief.drawing }],
      },
    ],
  }
}
