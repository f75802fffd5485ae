import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import { missingCard, type NudgeBrief, type NudgeLine, nudgesCard } from '../../blocks/nudge.ts'
import {
  muteForm,
  type NudgesBrief,
  noisyCard,
  nudgesList,
  preferencesForm,
  usefulnessCard,
} from '../../blocks/nudges.ts'
import { theirs } from '../../blocks/text.ts'
import type { Words } from '../../blocks/words/index.ts'
import { type Because, type Nudge, nudgeKinds, nudgePreferences } from '../../src/canon/nudge.ts'
import { hour, now, type Typed } from './briefs.ts'

/** One cause of every kind and shape. */
const becauses = (kind: Typed): readonly Because[] => [
  { kind: 'stalled', stage: 'S4', since: '2026-10-01', days: 1, risk: false },
  { kind: 'stalled', stage: 'S4', since: '2025-09-01', days: 445, risk: true },
  { kind: 'close-date-past', closeOn: '2026-11-01', days: 19 },
  { kind: 'champion-silent', contact: kind.name, days: 41 },
  { kind: 'champion-silent', contact: kind.name },
  { kind: 'champion-left', contact: kind.name, leftOn: '2026-11-10' },
  { kind: 'meddicc-gap', stage: 'S3', fields: ['metrics', 'champion', 'decision_criteria', 'first_meeting'] },
  { kind: 'gate-debt', gates: ['economic_buyer', 'demo'], until: '2026-11-25', overdue: false },
  { kind: 'gate-debt', gates: ['owner'], until: '2026-11-05', overdue: true },
  { kind: 'hygiene', loggedLate: 3, staleContacts: 12 },
  { kind: 'hygiene', loggedLate: 0, staleContacts: 1 },
  { kind: 'lead-response', arrivedAt: now - hour, minutes: 5 },
  { kind: 'health-red', score: 412, since: '2026-11-18' },
  { kind: 'health-red', score: 412, before: 830, since: '2026-11-18' },
  { kind: 'health-yellow', score: 655, since: '2026-11-18', dueOn: '2026-12-18' },
  { kind: 'renewal', renewalOn: '2027-02-18', milestone: 90, daysLeft: 90, again: false, score: 655 },
  {
    kind: 'renewal',
    renewalOn: '2027-01-18',
    milestone: 60,
    daysLeft: 60,
    again: false,
    ae: kind.name,
    aeId: 'ae2',
  },
  { kind: 'renewal', renewalOn: '2026-11-20', milestone: 0, daysLeft: 0, again: true },
  { kind: 'renewal', renewalOn: '2026-11-01', milestone: 0, daysLeft: -19, again: true },
  { kind: 'qbr-due', quarter: '2026-Q4', dueOn: '2026-12-31' },
  { kind: 'qbr-due', quarter: '2026-Q4', dueOn: '2026-12-31', lastHeldOn: '2026-08-01' },
  { kind: 'forecast-miss', quarter: '2026-Q4', percent: 27, against: 'target' },
  { kind: 'forecast-miss', quarter: '2026-Q3', percent: 31, against: 'actual' },
]

const nudgeFor = (because: Because, over: Partial<Nudge> = {}): Nudge => ({
  id: 'N',
  kind: because.kind,
  subject: { noun: 'deal', id: 'D' },
  cycle: 'c',
  owner: 'ae',
  because,
  weight: 1,
  status: 'open',
  raisedAt: now - 50 * hour,
  rung: 0,
  told: ['person:ae'],
  policyVersion: 1,
  version: 1,
  ...over,
})

const lineFor = (kind: Typed, because: Because, over: Partial<NudgeLine> = {}): NudgeLine => ({
  nudge: nudgeFor(because),
  about: [theirs(kind.deal), ' · ', theirs(kind.account, 40)],
  because,
  as: 'owner',
  drawing: 'n',
  actions: [
    { action: 'deal.open', drawing: 'a' },
    { action: 'stage.open', drawing: 'b' },
  ],
  ...over,
})

/** What may have become of a nudge, and why somebody hears of it. */
const states = (kind: Typed, because: Because): Readonly<Record<string, NudgeLine>> => {
  const answered = { by: 'manager', at: now - hour }
  const line = (over: Partial<Nudge>, more: Partial<NudgeLine> = {}) =>
    lineFor(kind, because, { nudge: nudgeFor(because, over), ...more })
  return {
    acted: line({ answered: { ...answered, how: 'acted' } }),
    snoozed: line({
      status: 'snoozed',
      snoozedUntil: now + 20 * hour,
      answered: { ...answered, how: 'snoozed', days: 1 },
    }),
    muted: line({ status: 'muted', answered: { ...answered, how: 'muted', reason: kind.text } }),
    done: line({ status: 'done', answered: { ...answered, how: 'done' } }),
    gone: line({ status: 'gone' }, { because: undefined }),
    'cause gone': line({}, { because: undefined }),
    superseded: line({ status: 'gone', superseded: true }, { because: undefined }),
    copy: line({}, { as: 'copy' }),
    climbed: line({}, { as: 'climbed' }),
    'climbed, answered': line({ answered: { ...answered, how: 'acted' } }, { as: 'climbed' }),
    woken: line({}, { as: 'woken' }),
    'for one away': line({}, { as: 'stands-in', instead: 'away' }),
    'for one without account': line({}, { as: 'stands-in', instead: 'no-account' }),
    'for nobody': line({}, { as: 'stands-in', instead: 'unowned' }),
  }
}

const briefFor = (kind: Typed, lines: readonly NudgeLine[], over: Partial<NudgeBrief> = {}): NudgeBrief => ({
  lines,
  more: 0,
  viewer: 'ae',
  names: { ae: kind.name, manager: kind.name },
  snoozeDays: [1, 3, 7],
  timeZone: 'Asia/Seoul',
  now,
  ...over,
})

const listFor = (kind: Typed, lines: readonly NudgeLine[], over: Partial<NudgesBrief> = {}): NudgesBrief => ({
  ...briefFor(kind, lines),
  filter: { status: 'open' },
  total: lines.length,
  kinds: ['stalled', 'meddicc-gap'],
  unsure: new Set(),
  unsureReports: [],
  off: [],
  drawing: 'l',
  lists: { open: 'l', snoozed: 'l', muted: 'l' },
  isOps: false,
  ...over,
})

const use = { told: 12, acted: 3, snoozed: 1, muted: 5, ignored: 2 }

/** Every card of nudges. */
export function nudgeCards(kind: Typed, w: Words): Record<string, Card> {
  const all = becauses(kind)
  const lines = all.map((because) => lineFor(kind, because))
  const called = (user: string) =>
    nudgesCard(
      briefFor(kind, lines.slice(13, 18), { viewer: undefined, mentions: { ae: user, ae2: user } }),
      w,
    )
  const drawn: Record<string, Card> = {
    'nudges, five': nudgesCard(briefFor(kind, lines.slice(0, 5), { more: 3 }), w),
    'nudges, team': nudgesCard(briefFor(kind, lines.slice(0, 5), { viewer: undefined }), w),
    'nudges, team, called on Slack': called('U0000000001'),
    'nudges, team, called on Teams': called('00000000-0000-4000-8000-0000000000aa'),
    'nudges, list': nudgesList(
      listFor(kind, lines.slice(0, 6), {
        total: 40,
        unsure: new Set(['N']),
        unsureReports: ['2026-11-16'],
        off: ['hygiene', 'renewal'],
        isOps: true,
      }),
      w,
    ),
    'nudges, list, filtered': nudgesList(
      listFor(kind, lines.slice(0, 1), { filter: { status: 'open', kind: 'renewal' } }),
      w,
    ),
    'nudges, list, nothing': nudgesList(listFor(kind, [], { kinds: [] }), w),
    'nudges, list, nothing snoozed': nudgesList(listFor(kind, [], { filter: { status: 'snoozed' } }), w),
    'nudges, list, nothing muted': nudgesList(listFor(kind, [], { filter: { status: 'muted' } }), w),
    'nudges, usefulness': usefulnessCard(
      {
        kinds: nudgeKinds.map((each, at) => ({
          kind: each,
          ...use,
          ...(at === 0 ? {} : { usefulPercent: 27, noisePercent: 64 }),
          noisy: at > 0,
        })),
        reasons: [{ kind: 'stalled', reason: kind.text }],
        from: '2026-10-21',
        until: '2026-11-20',
        now,
      },
      w,
    ),
    'nudges, usefulness, none': usefulnessCard(
      { kinds: [], reasons: [], from: '2026-10-21', until: '2026-11-20', now },
      w,
    ),
    'nudges, noisy': noisyCard(
      {
        kinds: [{ kind: 'stalled', ...use, usefulPercent: 27, noisePercent: 64, noisy: true }],
        reasons: nudgeKinds.slice(0, 5).map((each) => ({ kind: each, reason: kind.text })),
        from: '2026-10-01',
        until: '2026-10-31',
        now,
      },
      w,
    ),
    'nudges, missing': missingCard(
      { people: Array.from({ length: 30 }, () => kind.name), teams: [kind.account] },
      w,
    ),
  }
  for (const [at, line] of lines.entries())
    drawn[`nudge, ${line.nudge.kind} ${at}`] = nudgesCard(briefFor(kind, [line]), w)
  for (const [name, line] of Object.entries(states(kind, all[0]!)))
    drawn[`nudge, ${name}`] = nudgesCard(briefFor(kind, [line]), w)
  return drawn
}

/** Every form of nudges. */
export const nudgeForms = (kind: Typed, w: Words): Record<string, FormView> => ({
  'nudge, mute': muteForm({ drawing: 'd', about: [theirs(kind.deal)], kind: 'stalled' }, w),
  'nudge, preferences': preferencesForm(
    {
      drawing: 'd',
      preferences: { off: ['hygiene'], from: '10:00', until: '16:00', place: 'dm', pace: 'daily' },
      hours: { from: '09:00', until: '18:00' },
      timeZone: 'Asia/Seoul',
    },
    w,
  ),
  'nudge, preferences, none': preferencesForm(
    {
      drawing: 'd',
      preferences: nudgePreferences,
      hours: { from: '09:00', until: '18:00' },
      timeZone: 'Asia/Seoul',
    },
    w,
  ),
})
