import type { Form, FormView } from '../blocks/form.ts'
import { aboutLine, type HandoffBrief, handoffCard } from '../blocks/handoff.ts'
import {
  firstValueForm,
  handoffFirstValue,
  handoffKickoff,
  handoffMilestone,
  handoffRate,
  handoffReassign,
  handoffReturn,
  handoffWithdraw,
  kickoffForm,
  milestoneForm,
  rateForm,
  reassignHandoffForm,
  returnForm,
  withdrawHandoffForm,
} from '../blocks/handoff-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import {
  type Handoff,
  type HandoffAct,
  type HandoffItem,
  handoffItems,
  type MilestoneDay,
  milestoneDays,
  rule,
} from '../src/canon/handoff.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { type DrawnHandoff, drawHandoff, receiversFor } from './handoff-cards.ts'
import { handoffConsequences, handoffSubject, refusedHandoff } from './handoff-consequences.ts'
import { worldOfHandoff } from './handoff-world.ts'
import { searchPerson } from './person.ts'
import { type Actor, dealSubject } from './stage-consequences.ts'

type ActWithoutActor = HandoffAct extends infer A
  ? A extends HandoffAct
    ? Omit<A, 'by' | 'platform'>
    : never
  : never

/** Deals of our own have short ids: people read and type them. One that is taken makes the commit stale, and the next is tried. */
const dealIdFrom = (id: string): string => `D-${id.replaceAll('-', '').slice(0, 8).toUpperCase()}`

/** The handoff behind a drawing, if this person may know of it. */
export async function lookUpHandoff(desk: Desk, drawingId: string) {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  if (drawing?.subject.noun !== 'handoff') return undefined
  const handoff = await desk.store.handoff(desk.company, drawing.subject.id)
  if (!handoff) return undefined
  const policy = await desk.store.policy(desk.company, handoff.policyVersion)
  const world = await worldOfHandoff({ ...desk, policy }, handoff, dealIdFrom(desk.newId()))
  const { lead, deal, account } = world
  const about = {
    handoff,
    ...(lead ? { lead } : {}),
    ...(deal ? { deal } : {}),
    ...(account ? { account } : {}),
  }
  const delegate = handoff.receiver && desk.org.people.get(handoff.receiver)?.delegate === desk.person.id
  if (!delegate && !may(desk.person, 'handoff.see', about, desk.org)) return undefined
  return { drawing, handoff, world }
}

/** Acts that are judged by what was shown: an older card is refused with the truth (Canon, what was seen). */
const bySight: ReadonlySet<HandoffAct['act']> = new Set(['accept', 'return', 'submit'])

/** Rules on one act and says what follows; a refusal is audited and the cards are drawn again. */
async function decideHandoff(
  desk: Desk,
  platform: 'slack' | 'teams',
  drawingId: string,
  act: ActWithoutActor,
  answer: (refusal: Refusal) => Outcome['reply'],
  done: (next: Handoff, opened: string | undefined) => Outcome['reply'] | Promise<Outcome['reply']>,
): Promise<Outcome> {
  const found = await lookUpHandoff(desk, drawingId)
  if (!found) return { reply: answer({ code: 'out-of-date' }) }
  const { drawing, handoff, world } = found
  const actor: Actor = { by: desk.person.id, platform, saw: drawing }
  const ruling = rule(handoff, { ...act, by: desk.person.id, platform } as HandoffAct, world)
  const refusal: Refusal | undefined = !ruling.ok
    ? ruling.refusal
    : bySight.has(act.act) && drawing.version !== handoff.version
      ? { code: 'moved-on' }
      : undefined
  if (refusal || !ruling.ok) {
    const why = refusal as Refusal
    return {
      reply: answer(why),
      change: {
        save: [],
        audit: [refusedHandoff(handoff, act.act, why.code, desk.now, actor)],
        deliveries: [],
        refresh: [handoffSubject(handoff.id)],
      },
    }
  }
  const { next, facts } = ruling
  const deal = next.deal?.next ?? world.deal
  const places = deal ? await threadPlaces(desk.store, deal, desk.org, desk.policy) : []
  return {
    reply: await done(next.handoff, next.deal?.before ? undefined : next.deal?.next.name),
    change: handoffConsequences(handoff, next, facts, world, actor, places),
  }
}

const sayRefusal = (desk: Desk) => (refusal: Refusal) => say(desk, refusal).reply

/** Takes it over: from now on it is the receiver's. */
export const acceptHandoff: Handler<'button'> = async (gesture, desk) => {
  const drawings: Drawing[] = []
  const outcome = await decideHandoff(
    desk,
    gesture.platform,
    gesture.drawing,
    { act: 'accept' },
    sayRefusal(desk),
    (next, opened) => {
      if (!opened || !next.opened) return { kind: 'nothing' }
      const own = drawingFor(desk, dealSubject(next.opened), 1)
      drawings.push(own)
      return {
        kind: 'say',
        card: noticeCard(desk.words.say('handoff.opened', { deal: theirs(opened) }), [
          { action: 'deal.open', label: desk.words.t('button.deal'), drawing: own.id },
        ]),
      }
    },
  )
  return { ...outcome, drawings }
}

const dayOf = (drawing: Drawing | undefined): MilestoneDay | undefined =>
  milestoneDays.find((day) => day === drawing?.shown.day)

const tick =
  (done: boolean): Handler<'button'> =>
  async (gesture, desk) => {
    const day = dayOf(await desk.store.drawing(desk.company, gesture.drawing))
    if (!day) return say(desk, { code: 'out-of-date' })
    return decideHandoff(
      desk,
      gesture.platform,
      gesture.drawing,
      { act: 'milestone-done', day, done },
      sayRefusal(desk),
      () => ({ kind: 'nothing' }),
    )
  }
export const milestoneDone = tick(true)
export const milestoneUndone = tick(false)

// ── forms about a handoff ────────────────────────────────────────────────────

async function draw(desk: Desk, id: string): Promise<DrawnHandoff | undefined> {
  return drawHandoff(handoffSubject(id), {
    ...desk,
    viewer: desk.person,
    audience: { person: desk.person.id },
  })
}

/** A button that opens a small form; what the form will do is judged before it opens, with a trial act. */
function formButton(
  trial: (handoff: Handoff, desk: Desk, drawing: Drawing) => ActWithoutActor | undefined,
  view: (drawn: DrawnHandoff, drawing: Drawing, desk: Desk) => FormView | undefined,
): Handler<'button'> {
  return async (gesture, desk) => {
    const found = await lookUpHandoff(desk, gesture.drawing)
    if (!found) return say(desk, { code: 'out-of-date' })
    const act = trial(found.handoff, desk, found.drawing)
    if (act) {
      const on = { by: desk.person.id, platform: gesture.platform }
      const ruling = rule(found.handoff, { ...act, ...on } as HandoffAct, found.world)
      if (!ruling.ok) return say(desk, ruling.refusal)
    }
    const drawn = await draw(desk, found.handoff.id)
    const day = dayOf(found.drawing)
    const own = drawn && {
      ...drawn.drawings[0],
      shown: { ...drawn.drawings[0].shown, ...(day ? { day } : {}) },
    }
    const form = drawn && own && view(drawn, own, desk)
    if (!form || !own) return say(desk, { code: 'out-of-date' })
    return { reply: { kind: 'open', view: form }, drawings: [own] }
  }
}

const small = (brief: HandoffBrief, drawing: Drawing) => ({ drawing: drawing.id, about: aboutLine(brief) })

export const openReturn = formButton(
  () => ({ act: 'return', missing: [], note: '-' }),
  ({ brief }, drawing, desk) =>
    returnForm({ ...small(brief, drawing), kind: brief.handoff.kind }, desk.words),
)
export const openHandoffWithdraw = formButton(
  () => ({ act: 'withdraw' }),
  ({ brief }, drawing, desk) => withdrawHandoffForm(small(brief, drawing), desk.words),
)
export const openKickoff = formButton(
  (handoff) => ({ act: 'kickoff', on: handoff.kickoffOn ?? '2000-01-01' }),
  ({ brief }, drawing, desk) => {
    const on = brief.handoff.kickoffOn
    return kickoffForm({ ...small(brief, drawing), ...(on ? { on } : {}) }, desk.words)
  },
)
export const openRate = formButton(
  () => ({ act: 'rate', score: 5 }),
  ({ brief }, drawing, desk) => rateForm(small(brief, drawing), desk.words),
)
export const openFirstValue = formButton(
  () => undefined,
  ({ brief }, drawing, desk) =>
    firstValueForm(
      {
        ...small(brief, drawing),
        on: brief.handoff.firstValueOn ?? brief.today,
        targetDays: brief.policy.handoff.firstValueTargetDays,
      },
      desk.words,
    ),
)
export const openMilestone = formButton(
  (_handoff, _desk, drawing) => {
    const day = dayOf(drawing)
    return day && { act: 'milestone-change', day }
  },
  ({ brief }, drawing, desk) => {
    const milestone = brief.handoff.milestones.find(({ day }) => day === drawing.shown.day)
    if (!milestone) return undefined
    const owner = {
      value: milestone.owner,
      label: desk.org.people.get(milestone.owner)?.name ?? milestone.owner,
    }
    return milestoneForm({ ...small(brief, drawing), milestone, owner }, desk.words)
  },
)
export const openHandoffReassign = formButton(
  () => undefined,
  ({ brief, world }, drawing, desk) => {
    const people = receiversFor(brief.handoff, world, desk.person.id, 100)
    if (people.length === 0) return undefined
    const options = people.map((id) => ({ value: id, label: desk.org.people.get(id)?.name ?? id }))
    return reassignHandoffForm({ ...small(brief, drawing), options }, desk.words)
  },
)

/** A form about a handoff, submitted: nothing typed is lost when the act is refused. */
function actForm<F extends Form>(
  form: F,
  read: (
    values: Record<string, string | readonly string[] | undefined>,
    drawing: Drawing | undefined,
  ) => ActWithoutActor | undefined,
  done?: (next: Handoff, desk: Desk) => ReturnType<typeof noticeCard>,
  search?: FormEntry['search'],
): FormEntry {
  return {
    form,
    ...(search ? { search } : {}),
    submit: async (gesture, desk) => {
      const answers = readAnswers(form, gesture.answers, desk.words)
      if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
      const drawing = await desk.store.drawing(desk.company, gesture.drawing)
      const act = read(answers.values as Record<string, string | readonly string[] | undefined>, drawing)
      const sentence = (refusal: Refusal) => sentenceOf(desk, refusal)
      if (!act) return { reply: { kind: 'close', say: noticeCard(sentence({ code: 'out-of-date' })) } }
      return decideHandoff(
        desk,
        gesture.platform,
        gesture.drawing,
        act,
        (refusal) => {
          const field = fieldOf(refusal, Object.keys(form.schema.shape))
          return field
            ? { kind: 'field-errors', errors: { [field]: sentence(refusal) } }
            : { kind: 'close', say: noticeCard(sentence(refusal)) }
        },
        (next) => ({ kind: 'close', ...(done ? { say: done(next, desk) } : {}) }),
      )
    },
  }
}

/** The field a refusal is about; what is over has none, and closes the form with a sentence. */
function fieldOf(refusal: Refusal, fields: readonly string[]): string | undefined {
  const first = fields[0]
  switch (refusal.code) {
    case 'reason-missing':
      return fields.includes('note') ? 'note' : first
    case 'bad-date':
      return fields.find((field) => field.endsWith('on')) ?? first
    case 'rating-out-of-range':
      return first
    case 'unfit-receiver':
      return fields.includes('owner') ? 'owner' : first
    default:
      return undefined
  }
}

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : ''

const isItem = (item: string): item is HandoffItem =>
  Object.values(handoffItems).some((items) => (items as readonly string[]).includes(item))

export const returnEntry = actForm(handoffReturn, ({ missing, note }) => ({
  act: 'return',
  missing: (Array.isArray(missing) ? missing : []).filter(isItem),
  note: textOf(note),
}))
export const reassignHandoffEntry = actForm(handoffReassign, ({ to }) => ({
  act: 'reassign',
  to: textOf(to),
}))
export const withdrawHandoffEntry = actForm(handoffWithdraw, ({ reason }) => ({
  act: 'withdraw',
  reason: textOf(reason),
}))
export const kickoffEntry = actForm(
  handoffKickoff,
  ({ kickoff_on }) => ({ act: 'kickoff', on: textOf(kickoff_on) }),
  (next, desk) =>
    noticeCard(
      desk.words.t('handoff.saved.kickoff', { day: desk.words.day(next.kickoffOn ?? '', desk.now) }),
    ),
)
export const rateEntry = actForm(
  handoffRate,
  ({ score, note }) => ({ act: 'rate', score: Number(textOf(score)), note: textOf(note) }),
  (next, desk) =>
    noticeCard(
      desk.words.say('handoff.saved.rate', {
        name: theirs(desk.org.people.get(next.sender)?.name ?? '', 40),
      }),
    ),
)
export const milestoneEntry = actForm(
  handoffMilestone,
  ({ text, owner, due_on }, drawing) => {
    const day = dayOf(drawing)
    return (
      day && {
        act: 'milestone-change',
        day,
        text: textOf(text),
        owner: textOf(owner),
        dueOn: textOf(due_on),
      }
    )
  },
  undefined,
  { owner: searchPerson },
)
export const firstValueEntry = actForm(handoffFirstValue, ({ on }) => ({
  act: 'first-value',
  on: textOf(on),
}))

/** Show one handoff to somebody who has it in a list; its buttons live on this drawing. */
export const openHandoff: Handler<'button'> = async (gesture, desk) => {
  const found = await lookUpHandoff(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  return showHandoff(desk, found.handoff.id)
}

export async function showHandoff(desk: Desk, id: string): Promise<Outcome> {
  const drawn = await draw(desk, id)
  if (!drawn) return say(desk, { code: 'out-of-date' })
  return {
    reply: { kind: 'say', card: handoffCard(drawn.brief, desk.words) },
    drawings: drawn.drawings,
  }
}
