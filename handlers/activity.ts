import { activityForm, activityLog } from '../blocks/deal-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import type { Activity } from '../src/canon/activity.ts'
import { instantAt, isPlainDate, localDate } from '../src/canon/calendar.ts'
import { type Contact, hasLeft } from '../src/canon/contact.ts'
import { may } from '../src/canon/visibility.ts'
import type { Subject } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { contactsOf, dealOf, withDeal } from './deal-edit.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { expansionOf } from './expansion.ts'
import { merged, type Part } from './stage-consequences.ts'

// What was done with a customer, or with somebody who may become one.

/** The deal or the lead that an activity is logged on. */
interface Logged {
  readonly subject: Subject
  readonly name: string
  readonly accountName?: string
  readonly version: number
  readonly contacts: readonly Contact[]
  readonly on: Pick<Activity, 'deal' | 'account' | 'lead'>
}

async function loggedOn(desk: Desk, drawingId: string): Promise<Logged | undefined> {
  const found = await dealOf(desk, drawingId)
  if (found) {
    const { deal } = found
    return {
      subject: { noun: 'deal', id: deal.id },
      name: deal.name,
      ...(deal.accountName === undefined ? {} : { accountName: deal.accountName }),
      version: deal.version,
      contacts: await contactsOf(desk, deal),
      on: { deal: deal.id, ...(deal.account === undefined ? {} : { account: deal.account }) },
    }
  }
  const drawing = await desk.store.drawing(desk.company, drawingId)
  const lead =
    drawing?.subject.noun === 'lead' ? await desk.store.lead(desk.company, drawing.subject.id) : undefined
  if (!lead || !may(desk.person, 'lead.see', { lead }, desk.org)) return undefined
  return {
    subject: { noun: 'lead', id: lead.id },
    name: lead.name,
    ...(lead.company === undefined ? {} : { accountName: lead.company }),
    version: lead.version,
    contacts: lead.account ? await desk.store.contactsOf(desk.company, lead.account, 99) : [],
    on: { lead: lead.id, ...(lead.account === undefined ? {} : { account: lead.account }) },
  }
}

export const openActivity: Handler<'button'> = async (gesture, desk) => {
  const found = await loggedOn(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const today = localDate(desk.now, desk.org.company.working.timeZone)
  const contacts = found.contacts.filter((contact) => !hasLeft(contact, today))
  const drawing = drawingFor(desk, found.subject, found.version)
  const view = activityForm(
    {
      drawing: drawing.id,
      deal: found,
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
    const found = await loggedOn(desk, gesture.drawing)
    if (!found)
      return { reply: { kind: 'close', say: noticeCard(sentenceOf(desk, { code: 'out-of-date' })) } }
    const { subject, on } = found
    const { kind, happened_on: day, contact, note } = read.values
    if (!isPlainDate(day)) return fail('happened_on', sentenceOf(desk, { code: 'bad-date', text: day }))
    if (contact && !found.contacts.some(({ id }) => id === contact))
      return fail('contact', sentenceOf(desk, { code: 'not-found', what: 'contact' }))
    const { timeZone } = desk.org.company.working
    const today = localDate(desk.now, timeZone)
    const id = desk.newId()
    const sentence = words.say('activity.saved', {
      deal: theirs(found.name),
      kind: words.t(`activity.${kind}`),
      day: words.day(day, desk.now),
    })
    const logged: Part = {
      save: [
        {
          noun: 'activity',
          next: {
            id,
            ...on,
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
          subject,
          detail: { activity: id, kind, on: day },
        },
      ],
      deliveries: [],
      // Whoever was nudged about it sees that something was done.
      refresh: [subject],
    }
    // Somebody of a new department may be the beginning of more (Canon, Nudges: expansion signal).
    const growth =
      contact && on.account && day <= today
        ? await expansionOf(desk, on.account, { fresh: contact })
        : undefined
    const change = merged([logged, growth?.part])
    const deal = on.deal === undefined ? undefined : (await dealOf(desk, gesture.drawing))?.deal
    if (!deal) return { reply: { kind: 'close', say: noticeCard(sentence) }, change }
    const { notice, own } = withDeal(desk, deal, sentence)
    return { reply: { kind: 'close', say: notice }, change, drawings: [own] }
  },
}
