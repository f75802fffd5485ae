import { contactForm, contactUpdate, hygieneCard } from '../blocks/hygiene.ts'
import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import type { ActivityKind } from '../src/canon/activity.ts'
import { isPlainDate, localDate } from '../src/canon/calendar.ts'
import { type Contact, hasLeft } from '../src/canon/contact.ts'
import { unlinkedBy } from '../src/canon/nudge-person.ts'
import { isOpen } from '../src/canon/opportunity.ts'
import { managersOf } from '../src/canon/people.ts'
import { clearChampion } from '../src/canon/stage.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { troubles } from './nudge-champion.ts'
import { windowOf } from './nudge-person.ts'
import { merged, type Part, stageConsequences } from './stage-consequences.ts'

/** How many rows of each kind a card shows. */
const most = { contacts: 10, leads: 5, late: 5 } as const
/** How many are counted. */
const counted = 1_000

const todayOf = ({ now, org }: Desk) => localDate(now, org.company.working.timeZone)

/** The list of a person: their own, or a report's that climbed to the manager. */
export const openHygiene: Handler<'button'> = async (gesture, desk) => {
  const { store, company, org, policy, now } = desk
  const about = await store.drawing(company, gesture.drawing)
  const person = about?.subject.noun === 'person' ? org.people.get(about.subject.id) : undefined
  if (!person) return say(desk, { code: 'out-of-date' })
  const mine = person.id === desk.person.id
  const below = managersOf(person, org).some(({ id }) => id === desk.person.id)
  if (!mine && !below && !desk.person.roles.includes('sales_ops'))
    return say(desk, { code: 'not-allowed', what: 'contact.change' })
  const window = windowOf({ today: todayOf(desk), now, org, policy })
  const { from, to, overMs, staleBefore, leadsBefore } = window
  const [contacts, leads, late, linked] = await Promise.all([
    store.staleContactsOf(company, person.id, staleBefore, counted),
    store.oldUntouchedLeadsOf(company, person.id, leadsBefore, counted),
    store.lateActivitiesOf(company, person.id, from, to, overMs, counted),
    store.linkedPeople(company),
  ])
  const drawings: Drawing[] = []
  const drawn = (subject: Drawing['subject'], version = 0) => {
    const drawing = drawingFor(desk, subject, version)
    drawings.push(drawing)
    return drawing.id
  }
  const lost = unlinkedBy(org, linked).get(person.id) ?? []
  const shownContacts = contacts.slice(0, most.contacts)
  const accounts = await Promise.all(shownContacts.map(({ account }) => store.account(company, account)))
  const shownLate = late.slice(0, most.late)
  const deals = await Promise.all(shownLate.map(({ deal }) => (deal ? store.deal(company, deal) : undefined)))
  const card = hygieneCard(
    {
      now,
      timeZone: desk.person.timeZone ?? org.company.working.timeZone,
      loggedWithinHours: policy.nudges.loggedWithinHours,
      contacts: {
        total: contacts.length,
        shown: shownContacts.map((contact, at) => ({
          contact,
          ...(accounts[at] ? { accountName: accounts[at].name } : {}),
          drawing: drawn({ noun: 'contact', id: contact.id }, contact.version),
        })),
      },
      leads: {
        total: leads.length,
        shown: leads
          .slice(0, most.leads)
          .map((lead) => ({ lead, drawing: drawn({ noun: 'lead', id: lead.id }, lead.version) })),
      },
      late: {
        total: late.length,
        shown: shownLate.map(({ kind, happenedAt, loggedAt }, at) => ({
          kind: kind as ActivityKind,
          ...(deals[at] ? { dealName: deals[at].name } : {}),
          happenedAt,
          loggedAt,
        })),
      },
      unlinked: {
        names: lost.map((id) => org.people.get(id)?.name ?? id),
        ...(lost.length > 0 && may(desk.person, 'company.administer', {}, org)
          ? { drawing: drawn(companySubject(company)) }
          : {}),
      },
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings }
}

// ── a contact, looked at again ───────────────────────────────────────────────

/** The contact behind a drawing, where this person may change it: by the account, or by a deal of it. */
async function contactOf(desk: Desk, drawingId: string) {
  const { store, company, org, person } = desk
  const drawing = await store.drawing(company, drawingId)
  const contact =
    drawing?.subject.noun === 'contact' ? await store.contact(company, drawing.subject.id) : undefined
  if (!drawing || !contact) return undefined
  const [account, deals] = await Promise.all([
    store.account(company, contact.account),
    store.dealsOfAccount(company, contact.account, 50),
  ])
  const allowed =
    may(person, 'contact.change', account ? { account } : {}, org) ||
    deals.some((deal) => may(person, 'contact.change', { deal }, org))
  return { drawing, contact, account, allowed }
}

export const openContact: Handler<'button'> = async (gesture, desk) => {
  const found = await contactOf(desk, gesture.drawing)
  if (!found) return say(desk, { code: 'out-of-date' })
  const { contact, account, allowed } = found
  if (!allowed) return say(desk, { code: 'not-allowed', what: 'contact.change' })
  const drawing = drawingFor(desk, { noun: 'contact', id: contact.id }, contact.version)
  const view = contactForm(
    {
      drawing: drawing.id,
      contact,
      ...(account ? { accountName: account.name } : {}),
      today: todayOf(desk),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const contactEntry: FormEntry = {
  form: contactUpdate,
  submit: async (gesture, desk): Promise<Outcome> => {
    const { words } = desk
    const read = readAnswers(contactUpdate, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const close = (sentence: Parameters<typeof noticeCard>[0], more = {}): Outcome => ({
      reply: { kind: 'close', say: noticeCard(sentence) },
      ...more,
    })
    const found = await contactOf(desk, gesture.drawing)
    if (!found || found.drawing.version !== found.contact.version)
      return close(sentenceOf(desk, { code: 'out-of-date' }))
    const { contact, account, allowed, drawing } = found
    // Whose list it stands on.
    const keeper = account?.ae ?? account?.csm ?? desk.person.id
    if (!allowed) return close(sentenceOf(desk, { code: 'not-allowed', what: 'contact.change' }))
    const { role, engagement, left_on: leftOn } = read.values
    const today = todayOf(desk)
    if (leftOn && !isPlainDate(leftOn))
      return {
        reply: {
          kind: 'field-errors',
          errors: { left_on: sentenceOf(desk, { code: 'bad-date', text: leftOn }) },
        },
      }
    const next: Contact = {
      ...contact,
      ...(role ? { role } : {}),
      ...(engagement ? { engagement } : {}),
      ...(leftOn ? { leftOn } : {}),
      updatedOn: today,
      version: contact.version + 1,
    }
    const changed = (['role', 'engagement', 'leftOn'] as const).filter((key) => next[key] !== contact[key])
    const saved: Part = {
      save: [{ noun: 'contact', next, expect: contact.version }],
      audit: [
        {
          at: desk.now,
          what: 'contact.updated',
          by: desk.person.id,
          platform: gesture.platform,
          subject: { noun: 'contact', id: contact.id },
          saw: { drawing: drawing.id, version: drawing.version },
          detail: { fields: changed, ...(leftOn ? { leftOn } : {}) },
        },
      ],
      deliveries: [],
      refresh: [{ noun: 'person', id: keeper }],
    }
    const cleared = hasLeft(next, today) ? await clearedOf(desk, next) : []
    const name = theirs(next.name)
    const sentence =
      cleared.length > 0
        ? words.say('contact.saved.left', { name, count: cleared.length })
        : words.say('contact.saved', { name })
    return close(sentence, { change: merged([saved, ...cleared]) })
  },
}

/** The deals that lose their champion because the contact left (Canon, Nudges). */
async function clearedOf(desk: Desk, gone: Contact): Promise<Part[]> {
  const { store, company, org, policy, now } = desk
  const page = await store.championDealsAt(company, [gone.account])
  const contacts = (page.contacts.get(gone.account) ?? []).map((each) => (each.id === gone.id ? gone : each))
  const parts: Part[] = []
  for (const { deal: found, trouble } of troubles(
    { deals: page.deals, contacts: new Map([[gone.account, contacts]]) },
    { now, today: todayOf(desk), org, policy },
  )) {
    if (trouble.what !== 'left' || trouble.contact.id !== gone.id) continue
    const deal = await store.deal(company, found.id)
    if (!deal || !isOpen(deal.stage)) continue
    const world = { now, org, policy }
    const step = clearChampion(deal, gone, world)
    const places = await threadPlaces(store, step.next, org, policy)
    parts.push(stageConsequences(step, world, { by: 'system', platform: 'system' }, places))
  }
  return parts
}
