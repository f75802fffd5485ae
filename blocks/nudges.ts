import { z } from 'zod'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type NudgeKind, type NudgePreferences, nudgeKinds } from '../src/canon/nudge.ts'
import type { KindUse } from '../src/canon/nudge-use.ts'
import type { Block, Button, Card, Text } from './card.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView } from './form.ts'
import { type NudgeBrief, type NudgeLine, nudgeRow } from './nudge.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Which of my nudges `/nudges` shows. */
export interface NudgeFilter {
  readonly status: 'open' | 'snoozed' | 'muted'
  readonly kind?: NudgeKind
  readonly mine?: boolean
}

/** All that `/nudges` is drawn from. */
export interface NudgesBrief extends NudgeBrief {
  readonly filter: NudgeFilter
  readonly total: number
  /** Kinds of which there are open ones: what the list can be narrowed to. */
  readonly kinds: readonly NudgeKind[]
  /** Nudges of which nobody knows whether their message arrived, by id. */
  readonly unsure: ReadonlySet<string>
  /** Days of reports of which nobody knows whether they arrived. */
  readonly unsureReports: readonly PlainDate[]
  readonly off: readonly NudgeKind[]
  /** The list's own drawing, and one for each other list. */
  readonly drawing: string
  readonly lists: Readonly<Record<NudgeFilter['status'], string>>
  readonly isOps: boolean
}

/** Rows of one list: Teams draws no more buttons than these have. */
export const rowsMost = 6

const all = 'all'
const mine = 'mine'

/** `/nudges`: what is open, snoozed or muted of mine, with its buttons, and how to hear less. */
export function nudgesList(brief: NudgesBrief, w: Words): Card {
  const { filter, total, lines, drawing, lists, off, isOps } = brief
  const rows = lines.map((line) => listRow(line, brief, w))
  const more = total - lines.length
  const other = (['open', 'snoozed', 'muted'] as const).filter((status) => status !== filter.status)
  const none = filter.status === 'open' ? 'nudges.none' : (`nudges.none.${filter.status}` as const)
  const footer: Button[] = [
    { action: 'nudge.preferences', label: w.t('button.nudge.preferences'), drawing },
    ...other.map((status) => ({
      action: `nudge.list-${status}`,
      label: w.t(`button.nudge.${status}`),
      drawing: lists[status],
    })),
    ...(isOps ? [{ action: 'nudge.usefulness', label: w.t('button.nudge.use'), drawing }] : []),
  ]
  const blocks: Block[] = [
    { kind: 'title', text: w.t('nudges.title') },
    { kind: 'heading', text: [w.t(`nudges.${filter.status}`, { total })] },
    ...rows,
    ...(rows.length === 0 ? [{ kind: 'note' as const, text: w.say(none) }] : []),
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
    ...brief.unsureReports.map((day) => ({
      kind: 'note' as const,
      text: w.say('nudges.unsure.report', { day: w.day(day, brief.now) }),
    })),
    ...(filter.status === 'open' && (brief.kinds.length > 1 || filter.kind || filter.mine)
      ? [filterBlock(brief, w)]
      : []),
    ...(off.length > 0
      ? [
          {
            kind: 'note' as const,
            text: w.say('nudges.off', { kinds: off.map((kind) => w.t(`nudge.kind.${kind}`)).join(', ') }),
          },
        ]
      : []),
    { kind: 'buttons', buttons: footer },
  ]
  const summary =
    filter.status === 'open' && total > 0
      ? w.t('nudges.summary', { count: total })
      : w.t(total > 0 ? 'nudges.title' : none)
  return { summary, blocks }
}

function listRow(line: NudgeLine, brief: NudgesBrief, w: Words): Block {
  const row = nudgeRow(line, brief, w)
  if (!brief.unsure.has(line.nudge.id)) return row
  const note: Text = [...(row.note ? [...row.note, ' · '] : []), ...w.say('nudges.unsure')]
  return { ...row, note }
}

function filterBlock({ filter, kinds, drawing }: NudgesBrief, w: Words): Block {
  const shown = filter.kind && !kinds.includes(filter.kind) ? [...kinds, filter.kind] : kinds
  return {
    kind: 'choice',
    action: 'nudge.filter',
    drawing,
    label: w.t('nudges.filter'),
    options: [
      { value: all, label: w.t('nudges.filter.all') },
      { value: mine, label: w.t('nudges.filter.mine') },
      ...shown.slice(0, 6).map((kind) => ({ value: kind, label: w.t(`nudge.kind.${kind}`) })),
    ],
    chosen: filter.kind ?? (filter.mine ? mine : all),
  }
}

/** What was chosen in the filter. */
export function readFilter(choice: string | undefined): NudgeFilter {
  if (choice === mine) return { status: 'open', mine: true }
  const kind = nudgeKinds.find((each) => each === choice)
  return kind ? { status: 'open', kind } : { status: 'open' }
}

// ── forms ────────────────────────────────────────────────────────────────────

export const nudgeMute = defineForm({
  id: 'nudge.mute',
  schema: z.object({ reason: z.string().trim().min(1).max(300), scope: z.enum(['subject', 'kind']) }),
})

/** Mutes one nudge, or a kind for the person who asks, with a reason. */
export function muteForm(
  state: { readonly drawing: string; readonly about: Text; readonly kind: NudgeKind },
  w: Words,
): FormView {
  const kind = w.t(`nudge.kind.${state.kind}`)
  return {
    form: nudgeMute.id,
    title: w.t('form.nudge-mute.title'),
    submit: w.t('form.nudge-mute.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      question(
        'scope',
        {
          kind: 'choice',
          label: w.t('field.mute-scope'),
          options: [
            {
              value: 'subject',
              label: w.t('field.mute-scope.subject', { about: { user: plain(state.about) } }),
            },
            { value: 'kind', label: w.t('field.mute-scope.kind', { kind }) },
          ],
        },
        'subject',
      ),
      question('reason', {
        kind: 'long-text',
        label: w.t('field.mute-reason'),
        hint: w.t('field.mute-reason.hint'),
        maxLength: 300,
      }),
      { kind: 'note', text: w.say('form.nudge-mute.what') },
    ],
  }
}

export const nudgePreferencesForm = defineForm({
  id: 'nudge.preferences',
  schema: z.object({
    off: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.enum(nudgeKinds)).optional(),
    ),
    from: z.string().trim().max(5).optional(),
    until: z.string().trim().max(5).optional(),
    place: z.enum(['channel', 'dm']),
    pace: z.enum(['at-once', 'daily']),
  }),
})

/** What I want to hear, when and where. */
export function preferencesForm(
  state: {
    readonly drawing: string
    readonly preferences: NudgePreferences
    readonly hours: { readonly from: string; readonly until: string }
    readonly timeZone: string
  },
  w: Words,
): FormView {
  const { preferences } = state
  const options = (values: readonly ('channel' | 'dm')[]) =>
    values.map((value) => ({ value, label: w.t(`field.nudge-place.${value}`) }))
  return {
    form: nudgePreferencesForm.id,
    title: w.t('form.nudge-preferences.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('form.nudge-preferences.what', { zone: state.timeZone }) },
      question(
        'off',
        {
          kind: 'choices',
          label: w.t('field.nudge-off'),
          placeholder: w.t('field.nudge-off.placeholder'),
          optional: true,
          options: nudgeKinds.map((kind) => ({ value: kind, label: w.t(`nudge.kind.${kind}`) })),
        },
        preferences.off,
      ),
      question(
        'from',
        {
          kind: 'text',
          label: w.t('field.nudge-from'),
          hint: w.t('field.nudge-hours.hint'),
          placeholder: state.hours.from,
          optional: true,
          maxLength: 5,
        },
        preferences.from,
      ),
      question(
        'until',
        {
          kind: 'text',
          label: w.t('field.nudge-until'),
          placeholder: state.hours.until,
          optional: true,
          maxLength: 5,
        },
        preferences.until,
      ),
      question(
        'place',
        { kind: 'choice', label: w.t('field.nudge-place'), options: options(['channel', 'dm']) },
        preferences.place,
      ),
      question(
        'pace',
        {
          kind: 'choice',
          label: w.t('field.nudge-pace'),
          options: (['at-once', 'daily'] as const).map((value) => ({
            value,
            label: w.t(`field.nudge-pace.${value}`),
          })),
        },
        preferences.pace,
      ),
    ],
  }
}

// ── usefulness ───────────────────────────────────────────────────────────────

/** How useful each kind was in a period: what people did about what they were told. */
export interface UseBrief {
  readonly kinds: readonly KindUse[]
  /** Why some of them were muted, the newest first. */
  readonly reasons: readonly { readonly kind: NudgeKind; readonly reason: string }[]
  readonly from: PlainDate
  readonly until: PlainDate
  readonly now: Instant
}

export function usefulnessCard(brief: UseBrief, w: Words): Card {
  return {
    summary: w.t('nudges.use.title'),
    blocks: [{ kind: 'title', text: w.t('nudges.use.title') }, ...useBlocks(brief, w)],
  }
}

/** The same once a month to Sales Ops, where a kind is mostly noise. */
export function noisyCard(brief: UseBrief, w: Words): Card {
  const count = brief.kinds.filter(({ noisy }) => noisy).length
  return {
    summary: w.t('nudges.noisy.summary', { count }),
    blocks: [{ kind: 'title', text: w.t('nudges.noisy.title') }, ...useBlocks(brief, w)],
  }
}

function useBlocks({ kinds, reasons, from, until, now }: UseBrief, w: Words): readonly Block[] {
  const period = w.say('nudges.use.period', { from: w.day(from, now), until: w.day(until, now) })
  if (kinds.length === 0)
    return [
      { kind: 'text', text: w.say('nudges.use.none') },
      { kind: 'note', text: period },
    ]
  const counts = ['told', 'acted', 'snoozed', 'muted', 'ignored'] as const
  return [
    {
      kind: 'table',
      head: [
        w.t('nudges.use.kind'),
        ...counts.map((each) => w.t(`nudges.use.${each}`)),
        w.t('nudges.use.percent'),
      ],
      rows: kinds.map((use) => [
        [w.t(`nudge.kind.${use.kind}`)],
        ...counts.map((each) => [String(use[each])]),
        [use.usefulPercent === undefined ? '—' : `${use.usefulPercent}%`],
      ]),
    },
    ...kinds
      .filter(({ noisy }) => noisy)
      .map((use) => ({
        kind: 'text' as const,
        text: w.say('nudges.use.noisy', {
          kind: w.t(`nudge.kind.${use.kind}`),
          percent: String(use.noisePercent ?? 0),
        }),
      })),
    ...(reasons.length > 0 ? [{ kind: 'heading' as const, text: [w.t('nudges.use.reasons')] }] : []),
    ...reasons.map(({ kind, reason }) => ({
      kind: 'quote' as const,
      label: w.t(`nudge.kind.${kind}`),
      text: theirs(reason, 300).user,
    })),
    { kind: 'note', text: period },
  ]
}
