import { noticeCard } from '../blocks/notice.ts'
import { muteForm, nudgeMute } from '../blocks/nudges.ts'
import type { Nudge } from '../src/canon/nudge.ts'
import { preferencesOf } from '../src/canon/nudge-hearers.ts'
import { answer, mayAnswer, type NudgeAct } from '../src/canon/nudge-life.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import type { Gesture } from '../src/gesture.ts'
import type { AuditEntry, Drawing, Save } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import type { Desk, FormEntry, Handler, Outcome, Registry } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { aboutOf, actionMark } from './nudge-lines.ts'
import { type ListShown, listOutcome } from './nudge-list.ts'
import { nudgeSubject } from './nudge-tell.ts'

interface Found {
  readonly nudge: Nudge
  readonly drawing: Drawing
}

/** The nudge a button stands on; nothing where the drawing is not ours, which tells nothing (B5.36). */
async function lookUp(desk: Desk, id: string): Promise<Found | undefined> {
  const drawing = await desk.store.drawing(desk.company, id)
  if (drawing?.subject.noun !== 'nudge') return undefined
  const nudge = await desk.store.nudge(desk.company, drawing.subject.id)
  return nudge && { nudge, drawing }
}

/** Somebody answered since the card was drawn: what they see is not what they would change. */
const hasMoved = ({ nudge, drawing }: Found): boolean =>
  drawing.shown.status !== nudge.status || drawing.shown.answeredAt !== (nudge.answered?.at ?? 0)

const audit = (
  desk: Desk,
  { nudge, drawing }: Found,
  platform: Gesture['platform'],
  what: string,
  detail: AuditEntry['detail'] = {},
): AuditEntry => ({
  at: desk.now,
  what,
  by: desk.person.id,
  platform,
  subject: nudgeSubject(nudge.id),
  policyVersion: desk.policy.version,
  saw: { drawing: drawing.id, version: drawing.version },
  detail: { kind: nudge.kind, on: nudge.subject.id, ...detail },
})

const asked: Readonly<Record<NudgeAct['act'], string>> = {
  acted: 'nudge.acted',
  snooze: 'nudge.snoozed',
  mute: 'nudge.muted',
  done: 'nudge.done',
  undo: 'nudge.undone',
}

type ActWithoutBy = NudgeAct extends infer Act ? (Act extends NudgeAct ? Omit<Act, 'by'> : never) : never

/** Rules on an answer and commits it: every message the nudge stands in is redrawn. */
function decide(desk: Desk, found: Found, act: ActWithoutBy, platform: Gesture['platform']) {
  const by = { ...act, by: desk.person.id } as NudgeAct
  const ruling = answer(found.nudge, by, desk)
  const refusal: Refusal | undefined = !ruling.ok
    ? ruling.refusal
    : hasMoved(found)
      ? { code: 'moved-on' }
      : undefined
  const refresh = [nudgeSubject(found.nudge.id)]
  if (refusal || !ruling.ok) {
    const detail = { wanted: act.act, why: refusal?.code }
    const entry = audit(desk, found, platform, 'nudge.refused', detail)
    return { refusal, change: { save: [], audit: [entry], deliveries: [], refresh } }
  }
  const save: Save[] = [{ noun: 'nudge', next: ruling.next, expect: found.nudge.version }]
  const { act: _act, ...detail } = act
  return {
    next: ruling.next,
    change: { save, audit: [audit(desk, found, platform, asked[act.act], detail)], deliveries: [], refresh },
  }
}

/** A button that answers at once. In `/nudges`, which only its reader sees, the list is drawn anew. */
const actButton =
  (read: (choice: string | undefined) => ActWithoutBy | undefined): Handler<'button'> =>
  async (gesture, desk) => {
    const found = await lookUp(desk, gesture.drawing)
    const act = read(gesture.choice)
    if (!found || !act) return say(desk, { code: 'out-of-date' })
    const { refusal, next, change } = decide(desk, found, act, gesture.platform)
    if (refusal) return { ...say(desk, refusal), change }
    const list = found.drawing.shown.list as ListShown | undefined
    if (!list || !next) return { reply: { kind: 'nothing' }, change }
    const redrawn = await listOutcome(desk, list, next)
    return { ...redrawn, change }
  }

export const snoozeNudge = actButton((choice) => {
  const days = Number(choice)
  return Number.isInteger(days) && days > 0 ? { act: 'snooze', days } : undefined
})
export const doneNudge = actButton(() => ({ act: 'done' }))
export const undoNudge = actButton(() => ({ act: 'undo' }))

// ── mute ─────────────────────────────────────────────────────────────────────

export const openMute: Handler<'button'> = async (gesture, desk) => {
  const found = await lookUp(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { nudge, drawing } = found
  if (!mayAnswer(desk.person, nudge, desk)) return say(desk, { code: 'not-allowed', what: 'nudge' })
  const own = drawingFor(desk, nudgeSubject(nudge.id), nudge.version, drawing.shown)
  const { text } = await aboutOf(nudge.subject, { ...desk, viewer: desk.person })
  return {
    reply: { kind: 'open', view: muteForm({ drawing: own.id, about: text, kind: nudge.kind }, desk.words) },
    drawings: [own],
  }
}

const submitMute: Handler<'submit'> = async (gesture, desk) => {
  const answers = readAnswers(nudgeMute, gesture.answers, desk.words)
  if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
  const found = await lookUp(desk, gesture.drawing)
  const fail = (refusal: Refusal): Outcome => ({
    reply: { kind: 'field-errors', errors: { reason: sentenceOf(desk, refusal) } },
  })
  if (!found) return fail({ code: 'out-of-date' })
  const { reason, scope } = answers.values
  const { nudge } = found
  const { refusal, next, change } = decide(desk, found, { act: 'mute', reason }, gesture.platform)
  if (refusal) return { ...fail(refusal), change }
  const list = found.drawing.shown.list as ListShown | undefined
  if (scope === 'subject') {
    // The message it stands in says that it is muted; a list that only its reader sees is shown anew.
    if (!list || !next) return { reply: { kind: 'close' }, change }
    const { reply, drawings } = await listOutcome(desk, list, next)
    return {
      reply: reply.kind === 'say' ? { kind: 'close', say: reply.card } : { kind: 'close' },
      drawings,
      change,
    }
  }
  // A kind is muted for whoever asks; the nudge itself stays somebody else's to answer.
  const preferences = preferencesOf(desk.person.id, {
    preferences: await desk.store.nudgePreferences(desk.company),
  })
  const off = [...new Set([...preferences.off, nudge.kind])]
  const entry = audit(desk, found, gesture.platform, 'nudge.kind-muted', { reason })
  return {
    reply: {
      kind: 'close',
      say: noticeCard(desk.words.t('nudge.muted.kind', { kind: desk.words.t(`nudge.kind.${nudge.kind}`) })),
    },
    change: {
      ...change,
      save: [
        ...(nudge.owner === desk.person.id ? change.save : []),
        { noun: 'nudge-preferences', person: desk.person.id, next: { ...preferences, off } },
      ],
      audit: [...(nudge.owner === desk.person.id ? change.audit : []), entry],
    },
  }
}

export const muteEntry: FormEntry = { form: nudgeMute, submit: submitMute }

// ── the next best action ─────────────────────────────────────────────────────

/**
 * Buttons that stand behind a nudge acknowledge it when they are pressed by somebody who may answer it: what is taken
 * up does not climb. Whatever else the button does is its own.
 */
export function acknowledging(buttons: Registry['buttons']): Registry['buttons'] {
  return Object.fromEntries(
    Object.entries(buttons).map(([name, entry]) => [
      name,
      {
        ...entry,
        handle: async (gesture, desk) => {
          const outcome = await entry.handle(gesture, desk)
          return gesture.drawing.startsWith(actionMark)
            ? acknowledged(outcome, gesture.drawing, gesture.platform, desk)
            : outcome
        },
      } satisfies Registry['buttons'][string],
    ]),
  )
}

async function acknowledged(
  outcome: Outcome,
  id: string,
  platform: Gesture['platform'],
  desk: Desk,
): Promise<Outcome> {
  const drawing = await desk.store.drawing(desk.company, id)
  const behind = drawing?.shown.nudge
  const nudge = typeof behind === 'string' ? await desk.store.nudge(desk.company, behind) : undefined
  if (!drawing || nudge?.status !== 'open' || nudge.answered) return outcome
  const ruling = answer(nudge, { act: 'acted', by: desk.person.id }, desk)
  // Somebody else may well look; it stays the owner's to answer.
  if (!ruling.ok || ruling.next === nudge) return outcome
  const before = outcome.change ?? { save: [], audit: [], deliveries: [] }
  return {
    ...outcome,
    change: {
      ...before,
      save: [...before.save, { noun: 'nudge', next: ruling.next, expect: nudge.version }],
      audit: [...before.audit, audit(desk, { nudge, drawing }, platform, asked.acted)],
      refresh: [...(before.refresh ?? []), nudgeSubject(nudge.id)],
    },
  }
}
