import type { Instant } from '../src/canon/calendar.ts'
import { type CriticalAccount, type GradeOrNone, gradesOrNone } from '../src/canon/customers.ts'
import { allOf, atRiskOf, type CustomerAnomaly } from '../src/canon/digest-customer-anomaly.ts'
import type { CustomerDigest, NamedRenewal } from '../src/canon/digest-customers.ts'
import { renewalOutcomes } from '../src/canon/renewal.ts'
import type { Block, Text } from './card.ts'
import type { ChartPanel } from './chart.ts'
import { changeText } from './digest-deals.ts'
import type { Names } from './discount.ts'
import { gradeMark, gradeWord, points } from './health.ts'
import { nameOf } from './names.ts'
import { daysLeftWords, taskOf } from './renewal.ts'
import { joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** An account as a digest names it, with the drawings its buttons stand on. */
export interface NamedAccount {
  readonly name: string
  readonly drawing: string
  /** Of the open nudges about its health and its renewal. */
  readonly health?: string
  readonly renewal?: string
  /** Somebody asked to hear of it later. */
  readonly snoozed?: true
}

/** All that the customers' part of a digest is drawn from. */
export interface CustomersBrief {
  readonly digest: CustomerDigest
  /** The team it is of; absent: a person's own. */
  readonly team?: string
  readonly names: Names
  /** Accounts that may be named here, by id; what is not among them is not named. */
  readonly accounts: Readonly<Record<string, NamedAccount>>
  readonly milestoneDays: readonly number[]
  readonly snoozeDays: readonly number[]
  /** In a channel nobody is named for what is late. */
  readonly inChannel: boolean
  readonly now: Instant
}

/** Accounts with an expansion signal that are named. */
const expansionsNamed = 3

/** The customers' part of a digest: health with last week's, renewals, what is late, what to look at first. */
export function customerBlocks(brief: CustomersBrief, w: Words): Block[] {
  const { digest } = brief
  if (allOf(digest.grades).accounts === 0 && !digest.before)
    return [{ kind: 'text', text: w.say('customers.none') }]
  return [
    { kind: 'facts', facts: factsOf(brief, w) },
    ...renewalBlocks(brief, w),
    ...anomalyBlocks(brief, w),
    ...criticalBlocks(brief, w),
    ...nextBlocks(brief, w),
    ...(digest.apart.length > 0
      ? [
          {
            kind: 'note' as const,
            text: w.say('digest.apart', { currencies: digest.apart.join(', '), currency: digest.currency }),
          },
        ]
      : []),
  ]
}

type Fact = { readonly label: string; readonly value: Text }

const dotted = (parts: readonly (string | undefined)[]): Text => [
  parts.filter((part) => part !== undefined).join(' · '),
]

function factsOf(brief: CustomersBrief, w: Words): Fact[] {
  const { digest, now } = brief
  const { grades, before, comparedOn, moved } = digest
  const money = (arr: number) => w.money({ amount: arr, currency: digest.currency }, 'short')
  const all = allOf(grades)
  const risk = atRiskOf(grades)
  const change = (to: number, from: number | undefined) => changeText(to, from, comparedOn, now, w)
  const facts: Fact[] = [
    {
      label: w.t('customers.accounts'),
      value: dotted([
        w.t('customers.accounts.value', { count: all.accounts, arr: money(all.arr) }),
        change(all.arr, before && allOf(before).arr),
      ]),
    },
    {
      label: w.t('customers.health'),
      value: dotted(
        gradesOrNone
          .filter((grade) => grade !== 'unknown' || grades.unknown.accounts > 0)
          .map((grade) => gradeCount(grade, digest, w)),
      ),
    },
    {
      label: w.t('customers.risk'),
      value: dotted([
        all.arr > 0
          ? w.t('customers.risk.value', {
              arr: money(risk.arr),
              share: Math.round((risk.arr * 100) / all.arr),
            })
          : w.t('value.none'),
        change(risk.arr, before && atRiskOf(before).arr),
      ]),
    },
  ]
  if (moved.worse + moved.better > 0)
    facts.push({ label: w.t('customers.moved'), value: [w.t('customers.moved.value', moved)] })
  facts.push(...workFacts(brief, w))
  return facts
}

/** 🔴 Critical 2 (+1) */
function gradeCount(grade: GradeOrNone, { grades, before }: CustomerDigest, w: Words): string {
  const mark = grade === 'unknown' ? w.t('health.grade.unknown') : gradeMark(grade, w)
  const { accounts } = grades[grade]
  if (!before) return `${mark} ${accounts}`
  const moved = accounts - before[grade].accounts
  return `${mark} ${accounts} (${moved === 0 ? '=' : moved > 0 ? `+${moved}` : `−${-moved}`})`
}

function workFacts({ digest, accounts }: CustomersBrief, w: Words): Fact[] {
  const { work, expansions } = digest
  const some = (count: number, text: (count: number) => string) => (count > 0 ? text(count) : undefined)
  const onboarding = [
    some(work.handoffs, (count) => w.t('customers.work.handoffs', { count })),
    some(work.kickoffs, (count) => w.t('customers.work.kickoffs', { count })),
    some(work.milestones, (count) => w.t('customers.work.milestones', { count })),
  ].filter((part) => part !== undefined)
  const open = [
    some(work.reviews, (count) =>
      work.reviewsLate > 0
        ? w.t('customers.work.reviews.late', { count, late: work.reviewsLate })
        : w.t('customers.work.reviews', { count }),
    ),
    some(work.plansLate, (count) => w.t('customers.work.plans', { count })),
    some(work.qbrs, (count) => w.t('customers.work.qbrs', { count })),
  ].filter((part) => part !== undefined)
  const facts: Fact[] = [
    {
      label: w.t('customers.work'),
      value: open.length > 0 ? dotted(open) : [w.t('customers.work.none')],
    },
  ]
  if (onboarding.length > 0) facts.push({ label: w.t('customers.onboarding'), value: dotted(onboarding) })
  if (expansions.length > 0) {
    const known = expansions.flatMap((id) => (accounts[id] ? [[theirs(accounts[id].name, 40)]] : []))
    const shown = known.slice(0, expansionsNamed)
    const more = expansions.length - shown.length
    facts.push({
      label: w.t('customers.expansion'),
      value: [
        w.t('customers.expansion.value', { count: expansions.length }),
        ...(shown.length > 0 ? [' · ', ...w.list(shown)] : []),
        ...(shown.length > 0 && more > 0 ? [` ${w.t('list.more', { count: more })}`] : []),
      ],
    })
  }
  return facts
}

/** How the customers are, by grade, with last week's beside it; `undefined` where nobody is a customer. */
export function healthPanel(
  digest: CustomerDigest,
  now: Instant,
  w: Words,
): { readonly panel: ChartPanel; readonly alt: string } | undefined {
  const { grades, before, comparedOn } = digest
  if (allOf(grades).accounts === 0) return undefined
  const day = before && comparedOn !== undefined ? w.day(comparedOn, now) : undefined
  const shown = gradesOrNone.filter((grade) => grade !== 'unknown' || grades.unknown.accounts > 0)
  const word = (grade: GradeOrNone) =>
    grade === 'unknown' ? w.t('health.grade.unknown') : gradeWord(grade, w)
  const money = (arr: number) => w.money({ amount: arr, currency: digest.currency }, 'short')
  const alt = w.t('customers.chart.alt', {
    grades: shown.map((grade) => `${word(grade)} ${grades[grade].accounts}`).join(', '),
  })
  const then =
    day === undefined
      ? ''
      : ` ${w.t('customers.chart.alt.before', {
          day,
          grades: shown.map((grade) => `${word(grade)} ${before![grade].accounts}`).join(', '),
        })}`
  return {
    panel: {
      kind: 'funnel',
      title: w.t('customers.chart.title'),
      bars: shown.map((grade) => ({
        label: word(grade),
        value: grades[grade].accounts,
        text: w.t('customers.chart.bar', {
          count: grades[grade].accounts,
          arr: money(grades[grade].arr),
        }),
        ...(day === undefined ? {} : { before: before![grade].accounts }),
      })),
      now: w.t('digest.chart.now'),
      ...(day === undefined ? {} : { before: day }),
    },
    alt: `${alt}${then}`,
  }
}

// ── renewals ─────────────────────────────────────────────────────────────────

function renewalBlocks({ digest }: CustomersBrief, w: Words): Block[] {
  const { past, windows } = digest
  const money = (amount: number) => w.money({ amount, currency: digest.currency }, 'short')
  const due = past.accounts + windows.reduce((sum, { accounts }) => sum + accounts, 0)
  const table: Block[] =
    due === 0
      ? [
          {
            kind: 'text',
            text: [{ bold: w.t('customers.renewals') }, ` · ${w.t('customers.renewals.none')}`],
          },
        ]
      : [
          { kind: 'text', text: [{ bold: w.t('customers.renewals') }] },
          {
            kind: 'table',
            head: [
              w.t('customers.renewals.when'),
              w.t('customers.renewals.acted'),
              w.t('customers.renewals.arr'),
              w.t('customers.renewals.risk'),
            ],
            rows: [
              ...(past.accounts > 0
                ? [
                    [
                      [w.t('customers.renewals.past')],
                      [`0/${past.accounts}`],
                      [money(past.arr)],
                      [w.t('value.none')],
                    ] as Text[],
                  ]
                : []),
              ...windows
                .filter(({ accounts }) => accounts > 0)
                .map((window): Text[] => [
                  [
                    window.from === 0
                      ? w.t('customers.renewals.within', { days: window.to })
                      : w.t('customers.renewals.between', { from: window.from, to: window.to }),
                  ],
                  [`${window.acted}/${window.accounts}`],
                  [money(window.arr)],
                  [window.atRisk > 0 ? money(window.atRisk) : w.t('value.none')],
                ]),
            ],
          },
        ]
  const ended = renewalOutcomes.filter((kind) => digest.settled[kind].accounts > 0)
  if (ended.length === 0) return table
  const parts = ended.map((kind) => {
    const { accounts, arr } = digest.settled[kind]
    const sum = arr > 0 ? ` (${kind === 'renewed' ? '' : '−'}${money(arr)})` : ''
    return `${w.t(`customers.settled.${kind}`, { count: accounts })}${sum}`
  })
  return [...table, { kind: 'text', text: [{ bold: w.t('customers.settled') }, ` · ${parts.join(' · ')}`] }]
}

function nextBlocks(brief: CustomersBrief, w: Words): Block[] {
  const rows = brief.digest.next.flatMap((renewal): Block[] => {
    const account = brief.accounts[renewal.account]
    if (!account) return []
    const { drawing } = account
    return [
      {
        kind: 'row',
        text: [theirs(account.name, 50), ...(renewal.arr ? [` · ${w.money(renewal.arr, 'short')}`] : [])],
        note: renewalNote(renewal, brief, w),
        buttons: [
          ...(renewal.daysLeft <= 0
            ? [{ action: 'renewal.record', label: w.t('button.renewal.record'), drawing }]
            : []),
          { action: 'renewal.open', label: w.t('button.renewal.open'), drawing },
        ],
        ...snoozeMenu(account.renewal, brief, w),
      },
    ]
  })
  return rows.length === 0 ? [] : [{ kind: 'text', text: [{ bold: w.t('customers.next') }] }, ...rows]
}

function renewalNote(
  renewal: NamedRenewal,
  { milestoneDays, names, now, team }: CustomersBrief,
  w: Words,
): Text {
  const { csm, daysLeft, done, grade, milestone } = renewal
  return joined(
    [
      [w.t('renewal.row', { day: w.day(renewal.renewalOn, now), when: daysLeftWords(daysLeft, w) })],
      ...(grade ? [[gradeMark(grade, w)]] : []),
      ...(milestone === undefined
        ? []
        : [
            [
              done
                ? w.t('renewal.step.done', { day: milestone })
                : daysLeft <= 0
                  ? taskOf(0, milestoneDays, w)
                  : w.t('renewal.step', { day: milestone, task: taskOf(milestone, milestoneDays, w) }),
            ],
          ]),
      ...(team !== undefined && csm ? [[nameOf(csm, names, w)]] : []),
    ],
    ' · ',
  )
}

// ── what is out of the ordinary, and what to look at first ───────────────────

function anomalyBlocks({ digest }: CustomersBrief, w: Words): Block[] {
  if (digest.anomalies.length === 0) return []
  const money = (arr: number) => w.money({ amount: arr, currency: digest.currency }, 'short')
  const line = ({ what, percent, from, to }: CustomerAnomaly): Text => {
    const values = {
      what: w.t(`customers.anomaly.${what}`),
      to: money(to.arr),
      now: to.accounts,
    }
    if (percent === undefined) return w.say('customers.anomaly.new', values)
    return w.say(percent < 0 ? 'customers.anomaly.down' : 'customers.anomaly.up', {
      ...values,
      percent: Math.abs(percent),
      from: money(from.arr),
      before: from.accounts,
    })
  }
  return [
    { kind: 'text', text: [{ bold: w.t('digest.anomalies') }] },
    ...digest.anomalies.map((anomaly): Block => ({ kind: 'text', text: line(anomaly) })),
  ]
}

function criticalBlocks(brief: CustomersBrief, w: Words): Block[] {
  const rows = brief.digest.critical.flatMap((critical): Block[] => {
    const account = brief.accounts[critical.account]
    if (!account) return []
    const { drawing } = account
    return [
      {
        kind: 'row',
        text: [theirs(account.name, 50), ...(critical.arr ? [` · ${w.money(critical.arr, 'short')}`] : [])],
        note: [
          ...criticalNote(critical, brief, w),
          ...(account.snoozed ? [` · ${w.t('digest.risk.snoozed')}`] : []),
        ],
        buttons: [
          { action: 'health.review', label: w.t('button.health.review'), drawing },
          { action: 'health.open', label: w.t('button.open'), drawing },
        ],
        ...snoozeMenu(account.health, brief, w),
      },
    ]
  })
  return rows.length === 0 ? [] : [{ kind: 'text', text: [{ bold: w.t('customers.critical') }] }, ...rows]
}

function criticalNote(critical: CriticalAccount, { names, now, team }: CustomersBrief, w: Words): Text {
  const { csm, score, scoreBefore, since, weakest } = critical
  const day = w.day(since, now)
  return joined(
    [
      w.say('health.row', { grade: gradeMark('critical', w), score: points(score) }),
      scoreBefore === undefined
        ? w.say('health.row.since', { day })
        : w.say('customers.critical.since', { day, before: points(scoreBefore) }),
      ...(weakest
        ? [
            w.say('customers.critical.weakest', {
              component: w.t(`health.component.${weakest.component}`),
              score: points(weakest.score),
            }),
          ]
        : []),
      ...(team === undefined ? [] : [[nameOf(csm, names, w)]]),
    ],
    ' · ',
  )
}

const snoozeMenu = (drawing: string | undefined, { snoozeDays }: CustomersBrief, w: Words) =>
  drawing === undefined
    ? {}
    : {
        menu: {
          action: 'digest.snooze',
          label: w.t('button.nudge.snooze'),
          drawing,
          options: snoozeDays.map((days) => ({
            value: String(days),
            label: w.t('button.nudge.snooze.days', { count: days }),
          })),
        },
      }
