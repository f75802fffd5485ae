import { closeDate, closeDateForm, dealMeddicc, meddiccForm } from '../blocks/deal-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { mostWritten } from '../blocks/stage-form.ts'
import { theirs } from '../blocks/text.ts'
import { majorText, parseMoney } from '../src/canon/money.ts'
import {
  currencyOfDeal,
  type EvidenceKind,
  evidenceKinds,
  isOpen,
  type MeddiccField,
  meddiccCompleteness,
  meddiccFields,
  missingForStage,
  type Opportunity,
  takesAmount,
} from '../src/canon/opportunity.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { fill, missingFor } from '../src/canon/stage.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { visibleDeal } from './deal-find.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { dealSubject, stageConsequences } from './stage-consequences.ts'
import { readable } from './stage-state.ts'
import { type FirstShown, firstShown, isUntouched } from './untouched.ts'

// What a deal says and what was done about it, without moving it.

export async function dealOf(desk: Desk, drawingId: string) {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  const deal = drawing?.subject.noun === 'deal' ? await visibleDeal(desk, drawing.subject.id) : undefined
  return drawing && deal ? { drawing, deal } : undefined
}

export const contactsOf = (desk: Desk, deal: Opportunity) =>
  deal.account ? desk.store.contactsOf(desk.company, deal.account, 99) : Promise.resolve([])

type Values = Readonly<Record<string, string | undefined>>

/** What the form is filled with: people by name; what is longer than a field may hold is left to the record. */
async function valuesOf(desk: Desk, deal: Opportunity): Promise<Values> {
  const known = readable(deal.meddicc, await contactsOf(desk, deal))
  const meddicc = Object.fromEntries(
    meddiccFields.map((field) => {
      const text = known[field]
      return [field, text && text.length <= mostWritten ? text : undefined]
    }),
  )
  return {
    ...meddicc,
    amount: deal.amount && majorText(deal.amount),
    expected_close_on: deal.expectedCloseOn,
    competitor: deal.competitor,
  }
}

const firstOf = (drawing: Drawing): FirstShown => (drawing.shown.first ?? {}) as FirstShown

type Dated = Exclude<EvidenceKind, 'contract_signed'>
const dated = evidenceKinds.filter((kind): kind is Dated => kind !== 'contract_signed')

/** The evidence that the deal's stage asks for and that it does not have: a debt is paid here too. */
const evidenceAsked = (desk: Desk, deal: Opportunity): Dated[] => {
  const asked = missingFor(deal, deal.stage, desk.policy).map(({ field }) => field as string)
  return dated.filter((kind) => asked.includes(kind))
}

async function drawMeddicc(desk: Desk, deal: Opportunity, known: Values, values: Values, before?: Drawing) {
  const asked = (await desk.store.openDiscount(desk.company, deal.id)) !== undefined
  const first = before ? firstOf(before) : firstShown(known)
  const drawing = drawingFor(desk, dealSubject(deal.id), deal.version, { first })
  const view = meddiccForm(
    {
      drawing: drawing.id,
      deal,
      values,
      required: missingForStage(deal, deal.stage, desk.policy),
      evidence: evidenceAsked(desk, deal),
      ...(takesAmount(deal, asked) ? { currency: currencyOfDeal(deal, desk.org.company) } : {}),
      ...(before ? { meanwhile: true } : {}),
    },
    desk.words,
  )
  return { view, drawing }
}

export const openMeddicc: Handler<'button'> = async (gesture, desk) => {
  const found = await dealOf(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  if (!may(desk.person, 'deal.change', { deal: found.deal }, desk.org))
    return say(desk, { code: 'not-allowed', what: 'deal.change' })
  const values = await valuesOf(desk, found.deal)
  const { view, drawing } = await drawMeddicc(desk, found.deal, values, values)
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const meddiccEntry: FormEntry = {
  form: dealMeddicc,
  submit: async (gesture, desk) => {
    const { words } = desk
    const read = readAnswers(dealMeddicc, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const found = await dealOf(desk, gesture.drawing)
    if (!found)
      return { reply: { kind: 'close', say: noticeCard(sentenceOf(desk, { code: 'out-of-date' })) } }
    const { drawing, deal } = found
    const known = await valuesOf(desk, deal)
    const typed: Values = read.values
    const first = firstOf(drawing)
    if (drawing.version !== deal.version) {
      const touched = Object.entries(typed).filter(([name, text]) => !isUntouched(first, name, text))
      const again = await drawMeddicc(
        desk,
        deal,
        known,
        { ...known, ...Object.fromEntries(touched) },
        drawing,
      )
      return { reply: { kind: 'redraw', view: again.view }, drawings: [again.drawing] }
    }
    const meddicc: Partial<Record<MeddiccField, string | null>> = {}
    for (const field of meddiccFields) {
      // What was not touched stays as the record has it, a contact's id included.
      if (typed[field] === known[field] || isUntouched(first, field, typed[field])) continue
      meddicc[field] = typed[field] || null
    }
    const discount = await desk.store.openDiscount(desk.company, deal.id)
    const world = { now: desk.now, org: desk.org, policy: desk.policy, ...(discount ? { discount } : {}) }
    const changed = (name: 'amount' | 'expected_close_on' | 'competitor') =>
      isUntouched(first, name, typed[name]) ? undefined : typed[name]
    const days = Object.fromEntries(dated.flatMap((kind) => (typed[kind] ? [[kind, typed[kind]]] : [])))
    const day = changed('expected_close_on')
    const competitor = changed('competitor')
    const sum = takesAmount(deal, discount !== undefined) ? changed('amount') : undefined
    const amount = sum ? parseMoney(sum, currencyOfDeal(deal, desk.org.company)) : undefined
    if (amount && !amount.ok)
      return { reply: { kind: 'field-errors', errors: { amount: sentenceOf(desk, amount.refusal) } } }
    const ruling = fill(
      deal,
      {
        by: desk.person.id,
        door: gesture.platform,
        meddicc,
        evidence: days,
        ...(amount ? { amount: amount.next } : {}),
        ...(day && day !== deal.expectedCloseOn ? { expectedCloseOn: day } : {}),
        ...(competitor && competitor !== deal.competitor ? { competitor } : {}),
      },
      world,
    )
    if (!ruling.ok) {
      const errors = { [fieldOf(ruling.refusal, days)]: sentenceOf(desk, ruling.refusal) }
      return { reply: { kind: 'field-errors', errors } }
    }
    const { next } = ruling.next
    const same =
      ruling.facts.length === 0 &&
      next.expectedCloseOn === deal.expectedCloseOn &&
      next.competitor === deal.competitor
    if (same) return { reply: { kind: 'close', say: noticeCard(words.t('meddicc.same')) } }
    const places = await threadPlaces(desk.store, next, desk.org, desk.policy)
    const sentence = words.say('meddicc.saved', {
      deal: theirs(next.name),
      known: meddiccCompleteness(next).known,
    })
    const { notice, own } = withDeal(desk, next, sentence)
    const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing }
    return {
      reply: { kind: 'close', say: notice },
      change: stageConsequences(ruling.next, world, actor, places),
      drawings: [own],
    }
  },
}

/** The field whose answer is refused. */
function fieldOf(refusal: Refusal, days: Readonly<Record<string, string | undefined>>): string {
  switch (refusal.code) {
    case 'day-still-ahead':
      return refusal.field
    case 'bad-date':
      return Object.keys(days).find((kind) => days[kind] === refusal.text) ?? 'expected_close_on'
    case 'close-date-past':
      return 'expected_close_on'
    default:
      return 'metrics'
  }
}

/** A sentence with the way back to the deal. */
export function withDeal(desk: Desk, deal: Opportunity, sentence: Parameters<typeof noticeCard>[0]) {
  const own: Drawing = drawingFor(desk, dealSubject(deal.id), deal.version)
  const notice = noticeCard(sentence, [
    { action: 'deal.open', label: desk.words.t('button.deal'), drawing: own.id },
  ])
  return { notice, own }
}

// ── the expected close ───────────────────────────────────────────────────────

export const openCloseDate: Handler<'button'> = async (gesture, desk) => {
  const found = await dealOf(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { deal } = found
  if (!may(desk.person, 'deal.change', { deal }, desk.org))
    return say(desk, { code: 'not-allowed', what: 'deal.change' })
  if (!isOpen(deal.stage)) return say(desk, { code: 'deal-closed', stage: deal.stage })
  const drawing = drawingFor(desk, dealSubject(deal.id), deal.version)
  const view = closeDateForm({ drawing: drawing.id, deal, now: desk.now }, desk.words)
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

/** A date that passed is put right, or pushed out: the deal says so from now on, and the audit who did it. */
export const closeDateEntry: FormEntry = {
  form: closeDate,
  submit: async (gesture, desk) => {
    const { words } = desk
    const read = readAnswers(closeDate, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const close = (sentence: Parameters<typeof noticeCard>[0]): Outcome => ({
      reply: { kind: 'close', say: noticeCard(sentence) },
    })
    const found = await dealOf(desk, gesture.drawing)
    if (!found) return close(sentenceOf(desk, { code: 'out-of-date' }))
    const { drawing, deal } = found
    if (!isOpen(deal.stage)) return close(sentenceOf(desk, { code: 'deal-closed', stage: deal.stage }))
    const discount = await desk.store.openDiscount(desk.company, deal.id)
    const world = { now: desk.now, org: desk.org, policy: desk.policy, ...(discount ? { discount } : {}) }
    const on = read.values.expected_close_on
    // Another field may have changed meanwhile: the date alone is theirs to say, whatever the version.
    const ruling = fill(deal, { by: desk.person.id, door: gesture.platform, expectedCloseOn: on }, world)
    if (!ruling.ok) {
      const errors = { expected_close_on: sentenceOf(desk, ruling.refusal) }
      return { reply: { kind: 'field-errors', errors } }
    }
    if (ruling.facts.length === 0) return close(words.t('meddicc.same'))
    const { next } = ruling.next
    const sentence = words.say('close-date.saved', {
      deal: theirs(next.name),
      day: words.day(on, desk.now),
    })
    const { notice, own } = withDeal(desk, next, sentence)
    const places = await threadPlaces(desk.store, next, desk.org, desk.policy)
    const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing }
    return {
      reply: { kind: 'close', say: notice },
      change: stageConsequences(ruling.next, world, actor, places),
      drawings: [own],
    }
  },
}
