import { activityForm, activityLog, dealMeddicc, meddiccForm } from '../blocks/deal-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { mostWritten } from '../blocks/stage-form.ts'
import { theirs } from '../blocks/text.ts'
import { instantAt, isPlainDate, localDate } from '../src/canon/calendar.ts'
import { hasLeft } from '../src/canon/contact.ts'
import {
  type MeddiccField,
  meddiccCompleteness,
  meddiccFields,
  missingForStage,
  type Opportunity,
} from '../src/canon/opportunity.ts'
import { fill } from '../src/canon/stage.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { visibleDeal } from './deal-find.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { expansionOf } from './expansion.ts'
import { dealSubject, merged, type Part, stageConsequences } from './stage-consequences.ts'
import { readable } from './stage-state.ts'
import { type FirstShown, firstShown, isUntouched } from './untouched.ts'

// What a deal says and what was done about it, without moving it.

async function dealOf(desk: Desk, drawingId: string) {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  const deal = drawing?.subject.noun === 'deal' ? await visibleDeal(desk, drawing.subject.id) : undefined
  return drawing && deal ? { drawing, deal } : undefined
}

const contactsOf = (desk: Desk, deal: Opportunity) =>
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
  return { ...meddicc, expected_close_on: deal.expectedCloseOn, competitor: deal.competitor }
}

const firstOf = (drawing: Drawing): FirstShown => (drawing.shown.first ?? {}) as FirstShown

function drawMeddicc(desk: Desk, deal: Opportunity, known: Values, values: Values, before?: Drawing) {
  const first = before ? firstOf(before) : firstShown(known)
  const drawing = drawingFor(desk, dealSubject(deal.id), deal.version, { first })
  const view = meddiccForm(
    {
      drawing: drawing.id,
      deal,
      values,
      required: missingForStage(deal, deal.stage, desk.policy),
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
  const { view, drawing } = drawMeddicc(desk, found.deal, values, values)
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
      const again = drawMeddicc(desk, deal, known, { ...known, ...Object.fromEntries(touched) }, drawing)
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
    const changed = (name: 'expected_close_on' | 'competitor') =>
      isUntouched(first, name, typed[name]) ? undefined : typed[name]
    const day = changed('expected_close_on')
    const competitor = changed('competitor')
    const ruling = fill(
      deal,
      {
        by: desk.person.id,
        door: gesture.platform,
        meddicc,
        ...(day && day !== deal.expectedCloseOn ? { expectedCloseOn: day } : {}),
        ...(competitor && competitor !== deal.competitor ? { competitor } : {}),
      },
      world,
    )
    if (!ruling.ok) {
      const field = ruling.refusal.code === 'bad-date' ? 'expected_close_on' : 'metrics'
      return { reply: { kind: 'field-errors', errors: { [field]: sentenceOf(desk, ruling.refusal) } } }
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

/** A sentence with the way back to the deal. */
function withDeal(desk: Desk, deal: Opportunity, sentence: Parameters<typeof noticeCard>[0]) {
  const own: Drawing = drawingFor(desk, dealSubject(deal.id), deal.version)
  const notice = noticeCard(sentence, [
    { action: 'deal.open', label: desk.words.t('button.deal'), drawing: own.id },
  ])
  return { notice, own }
}

// ── activities ───────────────────────────────────────────────────────────────

export const openActivity: Handler<'button'> = async (gesture, desk) => {
  const found = await dealOf(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { deal } = found
  const today = localDate(desk.now, desk.org.company.working.timeZone)
  const contacts = (await contactsOf(desk, deal)).filter((contact) => !hasLeft(contact, today))
  const drawing = drawingFor(desk, dealSubject(deal.id), deal.version)
  const view = activityForm(
    {
      drawing: drawing.id,
      deal,
      today,
      contacts: contacts.map(({ id, name, role }) => ({
        value: id,
        label: name,
        ...(role ? { description: desk.words.t(`contact.${role}`) } : {}),
      })),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const activityEntry: FormEntry = {
  form: activityLog,
  submit: async (gesture, desk): Promise<Outcome> => {
    const { words } = desk
    const fail = (field: string, sentence: string): Outcome => ({
      reply: { kind: 'field-errors', errors: { [field]: sentence } },
    })
    const read = readAnswers(activityLog, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const found = await dealOf(desk, gesture.drawing)
    if (!found)
      return { reply: { kind: 'close', say: noticeCard(sentenceOf(desk, { code: 'out-of-date' })) } }
    const { deal } = found
    const { kind, happened_on: day, contact, note } = read.values
    if (!isPlainDate(day)) return fail('happened_on', sentenceOf(desk, { code: 'bad-date', text: day }))
    if (contact && !(await contactsOf(desk, deal)).some(({ id }) => id === contact))
      return fail('contact', sentenceOf(desk, { code: 'not-found', what: 'contact' }))
    const { timeZone } = desk.org.company.working
    const today = localDate(desk.now, timeZone)
    const id = desk.newId()
    const sentence = words.say('activity.saved', {
      deal: theirs(deal.name),
      kind: words.t(`activity.${kind}`),
      day: words.day(day, desk.now),
    })
    const { notice, own } = withDeal(desk, deal, sentence)
    const logged: Part = {
      save: [
        {
          noun: 'activity',
          next: {
            id,
            deal: deal.id,
            ...(deal.account ? { account: deal.account } : {}),
            person: desk.person.id,
            kind,
            // Only the day is asked: noon of it, so that it is the same day wherever it is read.
            happenedAt: day === today ? desk.now : instantAt(day, '12:00', timeZone),
            loggedAt: desk.now,
            ...(contact ? { contact } : {}),
            ...(note ? { note } : {}),
          },
        },
      ],
      audit: [
        {
          at: desk.now,
          what: 'activity.logged',
          by: desk.person.id,
          platform: gesture.platform,
          subject: dealSubject(deal.id),
          detail: { activity: id, kind, on: day },
        },
      ],
      deliveries: [],
    }
    // Somebody of a new department may be the beginning of more (Canon, Nudges: expansion signal).
    const growth =
      contact && deal.account && day <= today ? await expansionOf(desk, deal.account, { fresh: contact }) : undefined
    return {
      reply: { kind: 'close', say: notice },
      change: merged([logged, growth?.part]),
      drawings: [own],
    }
  },
}
