import {
  answerForm,
  answerQuestion,
  askForm,
  askQuestion,
  counterDiscount,
  counterForm,
  reassignForm,
  reassignStep,
  rejectDiscount,
  rejectForm,
  withdrawDiscount,
  withdrawForm,
} from '../blocks/discount-form.ts'
import { openQuestion } from '../blocks/discount-status.ts'
import type { Form, FormView } from '../blocks/form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { type DiscountAct, type DiscountRequest, mayDecide, rule } from '../src/canon/discount.ts'
import { parsePercent } from '../src/canon/money.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { may } from '../src/canon/visibility.ts'
import type { Subject } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { drawDiscount } from './discount-cards.ts'
import { type Actor, consequences, discountSubject, refusedAttempt } from './discount-consequences.ts'
import { say, sentenceOf, worldOf } from './discount-request.ts'

type ActWithoutActor = DiscountAct extends infer A
  ? A extends DiscountAct
    ? Omit<A, 'by' | 'platform'>
    : never
  : never

/** The request behind a drawing, if this person may know of it. */
async function lookUp(desk: Desk, drawingId: string) {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  if (drawing?.subject.noun !== 'discount') return undefined
  const request = await desk.store.discount(desk.company, drawing.subject.id)
  const deal = request && (await desk.store.deal(desk.company, request.deal))
  if (!request || !deal) return undefined
  const policy = await desk.store.policy(desk.company, request.policyVersion)
  const world = worldOf(desk, deal, policy)
  const participants = [
    request.requester,
    ...mayDecide(request, world),
    ...request.steps.flatMap((s) => [...s.people, ...s.alsoMayDecide]),
  ]
  if (!may(desk.person, 'discount.see', { deal, participants }, desk.org)) return undefined
  return { drawing, request, world }
}

/**
 * Rules on one act and says what follows. A refusal is audited, told in a sentence, and the cards are drawn
 * again, so that whoever pressed too late sees the truth (B5.1–B5.7). An act that would be allowed but was made
 * on an older drawing is refused too: people decide on what they saw (Canon, what was seen).
 */
async function decide(
  desk: Desk,
  platform: Actor['platform'] & DiscountAct['platform'],
  drawingId: string,
  act: ActWithoutActor,
  answer: (refusal: Refusal) => Promise<Outcome['reply']> | Outcome['reply'],
  done: (next: DiscountRequest) => Outcome['reply'] = () => ({ kind: 'nothing' }),
): Promise<Outcome> {
  const found = await lookUp(desk, drawingId)
  if (!found) return { reply: await answer({ code: 'out-of-date' }) }
  const { drawing, request, world } = found
  const actor: Actor = { by: desk.person.id, platform, saw: drawing }
  // The step that was shown chooses between two sentences for a second click, and nothing else.
  const asked = drawing.step === undefined ? {} : { step: drawing.step }
  const ruling = rule(request, { ...act, ...asked, by: desk.person.id, platform } as DiscountAct, world)
  const refusal: Refusal | undefined = !ruling.ok
    ? ruling.refusal
    : drawing.version !== request.version
      ? { code: 'moved-on' }
      : undefined
  if (refusal || !ruling.ok) {
    const why = refusal as Refusal
    return {
      reply: await answer(why),
      change: {
        save: [],
        audit: [refusedAttempt(request, act.act, why.code, desk.now, actor)],
        deliveries: [],
        refresh: [discountSubject(request.id)],
      },
    }
  }
  const places = await threadPlaces(desk.store, world.deal, desk.org, desk.policy)
  return {
    reply: done(ruling.next),
    change: consequences(request, ruling.next, ruling.facts, world, actor, places),
  }
}

const sayRefusal = (desk: Desk) => (refusal: Refusal) => say(desk, refusal).reply

/** A button that decides at once: approve, accept or decline a counter. */
const actButton =
  (act: ActWithoutActor): Handler<'button'> =>
  (gesture, desk) =>
    decide(desk, gesture.platform, gesture.drawing, act, sayRefusal(desk))

export const approve = actButton({ act: 'approve' })
export const acceptCounter = actButton({ act: 'accept-counter' })
export const declineCounter = actButton({ act: 'decline-counter' })

/** A button that opens a form about a request. What the form will do is judged before it opens, with a trial act. */
function formButton(
  trial: (request: DiscountRequest) => ActWithoutActor,
  draw: (brief: NonNullable<Awaited<ReturnType<typeof briefFor>>>, desk: Desk) => FormView,
): Handler<'button'> {
  return async (gesture, desk) => {
    const found = await lookUp(desk, gesture.drawing)
    if (!found) return say(desk, { code: 'out-of-date' })
    const { request, world } = found
    const ruling = rule(
      request,
      { ...trial(request), by: desk.person.id, platform: gesture.platform } as DiscountAct,
      world,
    )
    if (!ruling.ok) return say(desk, ruling.refusal)
    const brief = await briefFor(desk, request.id)
    if (!brief) return say(desk, { code: 'out-of-date' })
    return { reply: { kind: 'open', view: draw(brief, desk) }, drawings: [brief.drawing] }
  }
}

async function briefFor(desk: Desk, request: string) {
  return drawDiscount(discountSubject(request), {
    ...desk,
    viewer: desk.person,
    audience: { person: desk.person.id },
  })
}

export const openReject = formButton(
  () => ({ act: 'reject', reason: '-' }),
  (drawn, desk) => rejectForm(drawn.brief, desk.words),
)
export const openCounter = formButton(
  // Any allowed number will do for the trial: one basis point is lower than every discount that needs approval.
  () => ({ act: 'counter', discount: 1 }),
  (drawn, desk) => counterForm(drawn.brief, desk.words),
)
export const openAsk = formButton(
  () => ({ act: 'ask', remarkId: '-', text: '-' }),
  (drawn, desk) => askForm(drawn.brief, desk.words),
)
export const openAnswer = formButton(
  () => ({ act: 'answer', remarkId: '-', text: '-' }),
  (drawn, desk) => answerForm({ ...drawn.brief, question: openQuestion(drawn.brief.request) }, desk.words),
)
export const openWithdraw = formButton(
  () => ({ act: 'withdraw' }),
  (drawn, desk) => withdrawForm(drawn.brief, desk.words),
)

/** A form about a request, submitted: its answers become an act. Nothing typed is lost when the act is refused. */
function actForm<F extends Form>(
  form: F,
  read: (
    values: Record<string, string | undefined>,
    desk: Desk,
  ) => ActWithoutActor | { readonly field: string; readonly refusal: Refusal },
): FormEntry {
  return {
    form,
    submit: async (gesture, desk) => {
      const answers = readAnswers(form, gesture.answers, desk.words)
      if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
      const act = read(answers.values as Record<string, string | undefined>, desk)
      const sentence = (refusal: Refusal) => sentenceOf(desk, refusal)
      if ('refusal' in act)
        return { reply: { kind: 'field-errors', errors: { [act.field]: sentence(act.refusal) } } }
      return decide(
        desk,
        gesture.platform,
        gesture.drawing,
        act,
        (refusal) => {
          // What can be put right in the form is said at its field; what is over closes it with a sentence (B5.42).
          const field = fieldOf(refusal, Object.keys(form.schema.shape))
          return field
            ? { kind: 'field-errors', errors: { [field]: sentence(refusal) } }
            : { kind: 'close', say: noticeCard(sentence(refusal)) }
        },
        () => ({ kind: 'close' }),
      )
    },
  }
}

function fieldOf(refusal: Refusal, fields: readonly string[]): string | undefined {
  const first = fields[0]
  switch (refusal.code) {
    case 'counter-not-lower':
    case 'discount-out-of-range':
      return fields.includes('discount') ? 'discount' : first
    case 'reason-missing':
    case 'over-your-authority':
      return first
    default:
      return undefined
  }
}

export const rejectEntry = actForm(rejectDiscount, (values) => ({
  act: 'reject',
  reason: values.reason ?? '',
}))
export const counterEntry = actForm(counterDiscount, (values) => {
  const percent = parsePercent(values.discount ?? '')
  if (!percent.ok) return { field: 'discount', refusal: percent.refusal }
  return { act: 'counter', discount: percent.next, note: values.note }
})
export const askEntry = actForm(askQuestion, (values, desk) => ({
  act: 'ask',
  remarkId: desk.newId(),
  text: values.question ?? '',
}))
export const answerEntry = actForm(answerQuestion, (values, desk) => ({
  act: 'answer',
  remarkId: desk.newId(),
  text: values.answer ?? '',
}))
export const withdrawEntry = actForm(withdrawDiscount, (values) => ({
  act: 'withdraw',
  reason: values.reason,
}))

/** Hand a step to somebody else with the same authority: the requester or Sales Ops may (users.md: mid-flight). */
export const openReassign: Handler<'button'> = async (gesture, desk) => {
  const found = await lookUp(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { request, world } = found
  const step = request.steps.find((s) => s.kind === 'rung' && s.state === 'open')
  const from = step?.people[0]
  if (!step || !from) return say(desk, { code: 'moved-on' })
  const eligible = [...desk.org.people.values()].filter((person) => {
    if (person.id === from) return false
    return rule(
      request,
      {
        act: 'reassign',
        order: step.order,
        from,
        to: person.id,
        by: desk.person.id,
        platform: gesture.platform,
      },
      world,
    ).ok
  })
  if (eligible.length === 0) return say(desk, { code: 'missing-approver', role: step.level })
  const brief = await briefFor(desk, request.id)
  if (!brief) return say(desk, { code: 'out-of-date' })
  const options = eligible.slice(0, 100).map((p) => ({ value: p.id, label: p.name }))
  return {
    reply: { kind: 'open', view: reassignForm({ ...brief.brief, options }, desk.words) },
    drawings: [brief.drawing],
  }
}

export const reassignEntry: FormEntry = {
  form: reassignStep,
  submit: async (gesture, desk) => {
    const answers = readAnswers(reassignStep, gesture.answers, desk.words)
    if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
    const found = await lookUp(desk, gesture.drawing)
    const step = found?.request.steps.find((s) => s.kind === 'rung' && s.state === 'open')
    const sentence = (refusal: Refusal) => sentenceOf(desk, refusal)
    if (!found || !step?.people[0])
      return { reply: { kind: 'close', say: noticeCard(sentence({ code: 'out-of-date' })) } }
    return decide(
      desk,
      gesture.platform,
      gesture.drawing,
      { act: 'reassign', order: step.order, from: step.people[0], to: answers.values.to },
      (refusal) => ({ kind: 'field-errors', errors: { to: sentence(refusal) } }),
      () => ({ kind: 'close' }),
    )
  },
}

/** Show one request to somebody who has it in a list; its buttons live on this drawing. */
export const openDiscount: Handler<'button'> = async (gesture, desk) => {
  const found = await lookUp(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  return showRequest(desk, discountSubject(found.request.id))
}

async function showRequest(desk: Desk, subject: Subject): Promise<Outcome> {
  const drawn = await drawDiscount(subject, {
    ...desk,
    viewer: desk.person,
    audience: { person: desk.person.id },
  })
  if (!drawn) return say(desk, { code: 'out-of-date' })
  return { reply: { kind: 'say', card: drawn.card }, drawings: [drawn.drawing] }
}

/**
 * Words in the thread under a card of a request: the requester's are an answer, a participant's a question; both go
 * into the record and to everybody's thread (Canon: the conversation lives in the record; users.md 5).
 */
export const replyInThread: Handler<'message'> = async (gesture, desk) => {
  const { channel, thread } = gesture.place
  if (!channel || !thread) return { reply: { kind: 'nothing' } }
  const at = await desk.store.cardAt(desk.company, {
    platform: gesture.platform,
    tenant: gesture.tenant,
    channel,
    message: thread,
  })
  if (at?.subject.noun !== 'discount') return { reply: { kind: 'nothing' } }
  const request = await desk.store.discount(desk.company, at.subject.id)
  const deal = request && (await desk.store.deal(desk.company, request.deal))
  if (!request || !deal) return { reply: { kind: 'nothing' } }
  const policy = await desk.store.policy(desk.company, request.policyVersion)
  const world = worldOf(desk, deal, policy)
  const actor: Actor = { by: desk.person.id, platform: gesture.platform }
  const remark = {
    remarkId: desk.newId(),
    text: gesture.text,
    by: desk.person.id,
    platform: gesture.platform,
  }
  const act: DiscountAct =
    desk.person.id === request.requester ? { ...remark, act: 'answer' } : { ...remark, act: 'ask' }
  const ruling = rule(request, act, world)
  if (!ruling.ok) return say(desk, ruling.refusal)
  const change = consequences(request, ruling.next, ruling.facts, world, actor)
  // What was typed in a thread stands there already: it is copied to the others only.
  const deliveries = change.deliveries.filter(
    (d) =>
      !(
        d.line === `remark:${remark.remarkId}` &&
        'person' in d.audience &&
        d.audience.person === desk.person.id
      ),
  )
  return { reply: { kind: 'nothing' }, change: { ...change, deliveries } }
}
