import type { Instant } from '../src/canon/calendar.ts'
import type { Because, HeardAs, InsteadWhy, Nudge } from '../src/canon/nudge.ts'
import type { Block, Button, Card, Text } from './card.ts'
import { calling, type Mentions, nameOf } from './names.ts'
import { becauseLine } from './nudge-because.ts'
import { plain, theirs } from './text.ts'
import type { WordKey, Words } from './words/index.ts'

/** One nudge as it is shown to somebody. */
export interface NudgeLine {
  readonly nudge: Nudge
  /** What it is about: a deal with its account, an account, a lead, a person. */
  readonly about: Text
  /** Why it stands, as it is now; absent where its cause is gone. */
  readonly because?: Because
  readonly as: HeardAs
  readonly instead?: InsteadWhy
  /** The nudge's own drawing: what Snooze, Mute, Done and Undo stand on. */
  readonly drawing: string
  /** The next best actions, first things first. */
  readonly actions: readonly { readonly action: string; readonly label?: WordKey; readonly drawing: string }[]
}

/** All that a message of nudges is drawn from. */
export interface NudgeBrief {
  readonly lines: readonly NudgeLine[]
  /** Lines that are not shown. */
  readonly more: number
  /** Present when a person looks; absent in a channel. */
  readonly viewer?: string
  /** Names of the people who are named, by id. */
  readonly names: Readonly<Record<string, string>>
  /** In a channel: whoever is to act there, by person id. */
  readonly mentions?: Mentions
  readonly snoozeDays: readonly number[]
  readonly timeZone: string
  readonly now: Instant
}

/** Lines of one message: more would not be read on a phone. */
export const linesMost = 5

/** One message of nudges: each says what, why, and what to do about it. */
export function nudgesCard(brief: NudgeBrief, w: Words): Card {
  const { lines, more } = brief
  const total = lines.length + more
  const title: readonly Block[] =
    total > 1 || !brief.viewer
      ? [{ kind: 'title', text: w.t(brief.viewer ? 'nudge.title' : 'nudge.title.team', { count: total }) }]
      : []
  return {
    summary: summaryOf(brief, w),
    blocks: [
      ...title,
      ...lines.map((line) => nudgeRow(line, brief, w)),
      ...(more > 0 ? [{ kind: 'note' as const, text: w.say('nudge.more', { count: more }) }] : []),
    ],
  }
}

/** What a notification says: the first that still stands. */
function summaryOf({ lines, more, now, timeZone }: NudgeBrief, w: Words): string {
  const first = lines.find(({ nudge, because }) => because && nudge.status === 'open') ?? lines[0]
  if (!first?.because) return w.t('nudge.summary.settled')
  const said = {
    about: { user: plain(first.about) },
    why: { user: plain(becauseLine(first.because, w, now, timeZone)) },
  }
  const count = lines.length + more
  return count > 1 ? w.t('nudge.summary.several', { ...said, count }) : w.t('nudge.summary', said)
}

/** One nudge as a row: what and why, who hears it and what became of it, and its buttons. */
export function nudgeRow(
  line: NudgeLine,
  brief: Omit<NudgeBrief, 'lines' | 'more'>,
  w: Words,
): Extract<Block, { kind: 'row' }> {
  const because = line.because ?? line.nudge.because
  const why = becauseLine(because, w, brief.now, brief.timeZone, called(line, brief))
  const text: Text = [...line.about, '\n', ...why]
  const state = stateOf(line, brief, w)
  const who = whoOf(line, brief, w)
  const notes = [...(who ? [who] : []), ...(state ? [state] : [])]
  const note = notes.flatMap((each, at) => (at === 0 ? each : [' · ', ...each]))
  const row = { kind: 'row' as const, text, ...(note.length > 0 ? { note } : {}) }
  if (isSettled(line)) return { ...row, buttons: undoOf(line, w) }
  const { nudge, drawing } = line
  const acted = nudge.answered?.how === 'acted'
  const buttons: readonly Button[] = [
    ...line.actions.map(({ action, label, drawing: own }) => ({
      action,
      // Labels of buttons take no values.
      label: w.t((label ?? labels[action] ?? 'button.open') as 'button.open'),
      drawing: own,
    })),
    { action: 'nudge.done', label: w.t('button.nudge.done'), drawing },
    ...(acted ? [] : [{ action: 'nudge.mute', label: w.t('button.nudge.mute'), drawing }]),
  ]
  return {
    ...row,
    buttons,
    menu: {
      action: 'nudge.snooze',
      label: w.t('button.nudge.snooze'),
      drawing,
      options: brief.snoozeDays.map((days) => ({
        value: String(days),
        label: w.t('button.nudge.snooze.days', { count: days }),
      })),
    },
  }
}

/** Nothing is asked any more: somebody answered for good or for now, or its cause is gone. */
const isSettled = ({ nudge, because }: NudgeLine): boolean => nudge.status !== 'open' || !because

function undoOf({ nudge, drawing }: NudgeLine, w: Words): readonly Button[] {
  const answered = nudge.status === 'snoozed' || nudge.status === 'muted' || nudge.status === 'done'
  return answered ? [{ action: 'nudge.undo', label: w.t('button.nudge.undo'), drawing }] : []
}

/** What the buttons of rules are called; a rule may say otherwise. */
const labels: Readonly<Record<string, WordKey>> = {
  'deal.open': 'button.deal',
  'deal.meddicc': 'button.meddicc',
  'stage.open': 'button.stage',
  'activity.log': 'button.activity',
  'handoff.start': 'button.handoff.start',
  'renewal.record': 'button.renewal.record',
  'renewal.milestone': 'button.renewal.milestone',
  'renewal.open': 'button.renewal.open',
  'qbr.record': 'button.qbr.record',
  'health.open': 'button.nudge.health',
  'health.review': 'button.nudge.review',
  'health.plan': 'button.nudge.plan',
  'forecast.open': 'button.nudge.forecast',
}

/** Nobody is called about what somebody has answered, or what is gone. */
const called = (line: NudgeLine, { viewer, mentions }: Pick<NudgeBrief, 'viewer' | 'mentions'>): Mentions =>
  viewer === undefined && !isSettled(line) && !line.nudge.answered ? (mentions ?? {}) : {}

/** Whose it is, for those who are not its owner, and why they hear of it. */
function whoOf(line: NudgeLine, brief: Omit<NudgeBrief, 'lines' | 'more'>, w: Words) {
  const { viewer, names, now, timeZone } = brief
  const { nudge, as, instead } = line
  const name = nameOf(nudge.owner, names, w)
  if (viewer === undefined)
    return w.say('nudge.for', { name: calling(nudge.owner, name, called(line, brief)) })
  switch (as) {
    case 'owner':
      return undefined
    case 'copy':
      return w.say('nudge.copy', { name })
    case 'stands-in':
      return instead === 'unowned' || instead === 'gone'
        ? w.say('nudge.instead.unowned')
        : w.say(`nudge.instead.${instead ?? 'away'}`, { name })
    case 'climbed':
      return nudge.answered === undefined
        ? w.say('nudge.climbed', { name, day: w.moment(nudge.raisedAt, timeZone, now) })
        : w.say('nudge.for', { name })
    case 'woken':
      return w.say('nudge.woken')
  }
}

/** What became of it, in place. */
function stateOf(
  { nudge, because }: NudgeLine,
  { names, now, timeZone }: Omit<NudgeBrief, 'lines' | 'more'>,
  w: Words,
): Text | undefined {
  const { status, answered } = nudge
  if (status === 'gone' && nudge.superseded) return w.say('nudge.state.superseded')
  if (status === 'gone' || (!because && status === 'open')) return w.say('nudge.state.gone')
  if (!answered) return undefined
  const name = nameOf(answered.by, names, w)
  const at = w.moment(answered.at, timeZone, now)
  switch (answered.how) {
    case 'acted':
      return w.say('nudge.state.acted', { name, at })
    case 'snoozed':
      return w.say('nudge.state.snoozed', {
        name,
        until: w.moment(nudge.snoozedUntil ?? answered.at, timeZone, now),
      })
    case 'muted':
      return w.say('nudge.state.muted', { name, reason: theirs(answered.reason ?? '', 120) })
    case 'done':
      return w.say('nudge.state.done', { name, at })
  }
}

/** Whom nudges can't reach, and which teams have no channel: for the administrators. */
export function missingCard(
  missing: { readonly people: readonly string[]; readonly teams: readonly string[] },
  w: Words,
): Card {
  const named = (list: readonly string[]) => ({
    user: [
      ...list.slice(0, 20).map((name) => theirs(name, 40).user),
      ...(list.length > 20 ? [w.t('list.more-people', { count: list.length - 20 })] : []),
    ].join(', '),
  })
  const lines: Text[] = [
    ...(missing.people.length > 0 ? [w.say('nudges.missing.people', { names: named(missing.people) })] : []),
    ...(missing.teams.length > 0 ? [w.say('nudges.missing.teams', { names: named(missing.teams) })] : []),
  ]
  return {
    summary: w.t('nudges.missing.summary'),
    blocks: [
      { kind: 'title', text: w.t('nudges.missing.title') },
      ...lines.map((text) => ({ kind: 'text' as const, text })),
      { kind: 'note', text: w.say('nudges.missing.what-now') },
    ],
  }
}
