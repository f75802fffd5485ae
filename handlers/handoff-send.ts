import type { Answers, Form, FormView } from '../blocks/form.ts'
import { aboutLine } from '../blocks/handoff.ts'
import { draftItems } from '../blocks/handoff-draft.ts'
import { handoffForm, handoffForms } from '../blocks/handoff-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import {
  draftOf,
  type Handoff,
  type HandoffItem,
  type HandoffItems,
  type HandoffKind,
  type HandoffStep,
  type HandoffWorld,
  handoffItems,
  open,
  receiverFor,
  rule,
} from '../src/canon/handoff.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { lookUpHandoff } from './handoff-acts.ts'
import { handoffConsequences, handoffSubject } from './handoff-consequences.ts'
import { type HandoffOf, handoffRecord, handoffWorld, ofKind } from './handoff-world.ts'
import { searchPeople } from './person.ts'
import { type FirstShown, firstShown, isUntouched } from './untouched.ts'

// The three forms that hand something over: prefilled, checked at their fields, sent.

/** What stands in the form now: over what the handoff holds, over what the record knows. */
interface Filled {
  readonly items?: HandoffItems
  readonly receiver?: string
}

/** The currency the amount of a handoff is typed in. */
const currencyOf = ({ account, deal, org }: HandoffWorld): string =>
  account?.arr?.currency ?? deal?.amount?.currency ?? org.company.currency

async function formOf(
  desk: Desk,
  kind: HandoffKind,
  world: HandoffWorld,
  drawing: Drawing,
  handoff: Handoff | undefined,
  filled: Filled,
  meanwhile?: string,
): Promise<FormView> {
  const { words, org } = desk
  const record = await handoffRecord(desk, kind, world)
  const known = draftItems(
    draftOf(kind, { ...record, ...(handoff?.signals ? { signals: handoff.signals } : {}) }),
    words,
    org.company.working.timeZone,
  )
  const receiver = filled.receiver ?? handoff?.receiver ?? receiverFor(kind, world)?.id
  const person = receiver === undefined ? undefined : org.people.get(receiver)
  const last = handoff?.status === 'returned' ? handoff.returns.at(-1) : undefined
  const { lead, deal, account } = world
  return handoffForm(
    {
      drawing: drawing.id,
      kind,
      about: aboutLine({
        handoff: handoff ?? ({ kind } as Handoff),
        ...(lead ? { lead: lead.company ?? lead.name } : {}),
        ...(account ? { account: account.name } : {}),
        ...(deal ? { deal } : {}),
      }),
      values: { ...known, ...handoff?.items, ...filled.items },
      required: desk.policy.handoff.required[kind],
      currency: currencyOf(world),
      ...(person ? { receiver: { value: person.id, label: person.name } } : {}),
      ...(last
        ? {
            returned: {
              by: org.people.get(last.by)?.name ?? words.t('person.unknown'),
              missing: last.missing,
              ...(last.note ? { note: last.note } : {}),
            },
          }
        : {}),
      ...(meanwhile ? { meanwhile } : {}),
    },
    words,
  )
}

/** The form of a handoff that does not exist yet. */
export async function openHandoffForm(
  desk: Desk,
  kind: HandoffKind,
  world: HandoffWorld,
  of: HandoffOf,
): Promise<Outcome> {
  const [noun, id] = Object.entries(of)[0] as ['lead' | 'deal' | 'account', string]
  const drawing = drawingFor(desk, { noun, id }, 0, { kind })
  return {
    reply: { kind: 'open', view: await formOf(desk, kind, world, drawing, undefined, {}) },
    drawings: [drawing],
  }
}

/** A draft, or what came back: its form, as it was left. */
export const openHandoffEdit: Handler<'button'> = async (gesture, desk) => {
  const found = await lookUpHandoff(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { handoff, world } = found
  const trial = rule(
    handoff,
    { act: 'edit', items: {}, by: desk.person.id, platform: gesture.platform },
    world,
  )
  if (!trial.ok) return say(desk, trial.refusal)
  const own = drawingFor(desk, handoffSubject(handoff.id), handoff.version)
  const view = await formOf(desk, handoff.kind, world, own, handoff, {})
  return { reply: { kind: 'open', view }, drawings: [{ ...own, shown: { first: firstOf(view) } }] }
}

const one = (answers: Answers, name: string): string | undefined => {
  const value = Object.hasOwn(answers, name) ? answers[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** What each item showed when the form was opened. */
const firstOf = ({ items }: FormView): FirstShown =>
  firstShown(
    Object.fromEntries(
      items.flatMap((item) =>
        item.kind === 'field' && item.name !== 'receiver'
          ? [[item.name, typeof item.value === 'string' ? item.value : undefined]]
          : [],
      ),
    ),
  )

/** Empty texts too: what somebody has taken out of a prefilled form is taken out. */
const itemsFrom = (kind: HandoffKind, answers: Answers): HandoffItems =>
  Object.fromEntries(handoffItems[kind].map((item) => [item, one(answers, item) ?? '']))

const submitHandoff =
  (kind: HandoffKind): Handler<'submit'> =>
  async (gesture, desk) => {
    const { answers } = gesture
    const read = readAnswers(handoffForms[kind] as Form, answers, desk.words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const drawing = await desk.store.drawing(desk.company, gesture.drawing)
    const items = itemsFrom(kind, answers)
    const receiver = one(answers, 'receiver')
    const given = { items, ...(receiver ? { receiver } : {}) }
    const gone = (refusal: Refusal): Outcome => ({
      reply: { kind: 'close', say: noticeCard(sentenceOf(desk, refusal)) },
    })
    if (drawing?.subject.noun === 'handoff') {
      const found = await lookUpHandoff(desk, gesture.drawing)
      if (!found || found.handoff.kind !== kind) return gone({ code: 'out-of-date' })
      const { handoff, world } = found
      const first = (drawing.shown.first ?? {}) as FirstShown
      // What was not touched stays as somebody else may have written it meanwhile.
      const touched = Object.fromEntries(
        Object.entries(items).filter(
          ([item, text]) => !(isUntouched(first, item, text) && handoff.items[item as HandoffItem]),
        ),
      )
      const changed = { ...given, items: touched }
      const act = { act: 'submit' as const, ...changed, by: desk.person.id, platform: gesture.platform }
      const ruling = rule(handoff, act, world)
      if (!ruling.ok) return refused(desk, kind, ruling.refusal)
      if (drawing.version !== handoff.version) {
        const again = drawingFor(desk, handoffSubject(handoff.id), handoff.version, { first })
        const sentence = desk.words.t('handoff.meanwhile')
        const view = await formOf(desk, kind, world, again, handoff, changed, sentence)
        return { reply: { kind: 'redraw', view }, drawings: [again] }
      }
      return sentOutcome(desk, gesture.platform, drawing, handoff, ruling.next, ruling.facts, world)
    }
    const of = drawing && ofKind(kind, { [drawing.subject.noun]: drawing.subject.id })
    if (!of) return gone({ code: 'out-of-date' })
    const found = await handoffWorld(desk, kind, of)
    const underWay = await desk.store.openHandoff(desk.company, kind, of)
    const world: HandoffWorld = { ...found, ...(underWay ? { underWay } : {}) }
    const ruling = open(
      {
        id: desk.newId(),
        kind,
        by: desk.person.id,
        platform: gesture.platform,
        ...given,
        submit: true,
      },
      world,
    )
    if (!ruling.ok) return refused(desk, kind, ruling.refusal)
    return sentOutcome(desk, gesture.platform, drawing, undefined, ruling.next, ruling.facts, world)
  }

async function sentOutcome(
  desk: Desk,
  platform: 'slack' | 'teams',
  drawing: Drawing,
  before: Handoff | undefined,
  next: HandoffStep,
  facts: Parameters<typeof handoffConsequences>[2],
  world: HandoffWorld,
): Promise<Outcome> {
  const actor = { by: desk.person.id, platform, saw: drawing }
  const places = world.deal ? await threadPlaces(desk.store, world.deal, desk.org, desk.policy) : []
  const to = desk.org.people.get(next.handoff.receiver ?? '')?.name ?? ''
  return {
    reply: { kind: 'close', say: noticeCard(desk.words.say('handoff.sent', { name: theirs(to, 40) })) },
    change: handoffConsequences(before, next, facts, world, actor, places),
  }
}

/** What can be put right in the form is said at its field; what is over closes it with a sentence. */
function refused(desk: Desk, kind: HandoffKind, refusal: Refusal): Outcome {
  const sentence = sentenceOf(desk, refusal)
  const at = (field: string): Outcome => ({
    reply: { kind: 'field-errors', errors: { [field]: sentence } },
  })
  switch (refusal.code) {
    case 'handoff-items-missing': {
      const missing = desk.words.t('field.missing')
      return {
        reply: {
          kind: 'field-errors',
          errors: Object.fromEntries(refusal.items.map((item) => [item, missing])),
        },
      }
    }
    case 'no-receiver':
    case 'unfit-receiver':
      return at('receiver')
    case 'bad-date':
      return at(kind === 'sdr-to-ae' ? 'first_meeting_on' : 'kickoff_on')
    case 'not-an-amount':
      return at('amount')
    default:
      return { reply: { kind: 'close', say: noticeCard(sentence) } }
  }
}

/** Those who may take it over, as one types. */
const searchReceiver = (kind: HandoffKind) => {
  const takers = kind === 'ae-to-cs' ? ['csm', 'cs_manager'] : ['ae', 'sales_manager']
  return searchPeople((person) => person.roles.some((role) => takers.includes(role)))
}

export const handoffFormEntry = (kind: HandoffKind): FormEntry => ({
  form: handoffForms[kind],
  submit: submitHandoff(kind),
  search: { receiver: searchReceiver(kind) },
})
