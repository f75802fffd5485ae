import { type AdminBrief, adminCard } from '../blocks/dealdesk.ts'
import { adminGrant, adminGrantForm, linkPersonForm, personLink } from '../blocks/dealdesk-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import type { Role } from '../src/canon/people.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { may, type Permission } from '../src/canon/visibility.ts'
import type { AuditEntry } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { searchPerson } from './person.ts'

/** Refuses in private and keeps the attempt (B5.13); `undefined` when the person may. */
export function refused(
  desk: Desk,
  permission: Permission,
  what: string,
  platform: AuditEntry['platform'],
): Outcome | undefined {
  if (may(desk.person, permission, {}, desk.org)) return undefined
  return {
    ...say(desk, { code: 'not-allowed', what }),
    change: { save: [], audit: [companyEntry(desk, 'company.refused', { what }, platform)], deliveries: [] },
  }
}

/** A line in the company's audit about the company itself. */
export const companyEntry = (
  desk: Desk,
  what: string,
  detail: AuditEntry['detail'],
  platform: AuditEntry['platform'],
): AuditEntry => ({
  at: desk.now,
  what,
  by: desk.person.id,
  platform,
  subject: companySubject(desk.company),
  detail,
})

/** What an administrator looks after: who is linked, what could not be delivered, the policy. */
export async function showAdmin(desk: Desk, platform: AuditEntry['platform']): Promise<Outcome> {
  const no = refused(desk, 'company.administer', 'admin', platform)
  if (no) return no
  const { org, store, company } = desk
  const people = [...org.people.values()].filter((person) => person.active)
  const [linked, dead] = await Promise.all([store.linkedPeople(company), store.deadDeliveries(company, 200)])
  const unlinked = people.filter((person) => !linked.has(person.id))
  const nameOf = (id: string) => org.people.get(id)?.name ?? id
  const rungs = desk.policy.discount.rungs.slice(1).map((rung) => rung.role)
  const drawing = drawingFor(desk, companySubject(company), desk.policy.version)
  const letters = dead.slice(0, 10).map((letter) => drawingFor(desk, { noun: 'none', id: letter.id }))
  const brief: AdminBrief = {
    company: org.company.name,
    drawing: drawing.id,
    policyVersion: desk.policy.version,
    people: people.length,
    unlinked: { total: unlinked.length, names: unlinked.slice(0, 10).map((person) => person.name) },
    admins: people.filter((p) => may(p, 'company.administer', {}, org)).map((p) => p.name),
    missingRoles: rungs.filter((role): role is Role => !people.some((person) => person.roles.includes(role))),
    dead: {
      total: dead.length,
      letters: dead.slice(0, 10).map((letter, i) => ({
        drawing: letters[i]!.id,
        id: letter.id,
        card: letter.card,
        audience: 'person' in letter.audience ? nameOf(letter.audience.person) : letter.audience.channel.id,
        why: letter.why,
        at: letter.at,
      })),
    },
    timeZone: org.company.working.timeZone,
  }
  return { reply: { kind: 'say', card: adminCard(brief, desk.words) }, drawings: [drawing, ...letters] }
}

/** Sends an undelivered message again, or takes it off the list; the list is shown as it is then. */
export const settleDelivery =
  (how: 'retryDelivery' | 'dismissDelivery'): Handler<'button'> =>
  async (gesture, desk) => {
    const no = refused(desk, 'company.administer', 'deliveries', gesture.platform)
    if (no) return no
    const drawing = await desk.store.drawing(desk.company, gesture.drawing)
    if (drawing?.subject.noun !== 'none') return say(desk, { code: 'out-of-date' })
    await desk.store[how](desk.company, drawing.subject.id, {
      by: desk.person.id,
      platform: gesture.platform,
    })
    return showAdmin(desk, gesture.platform)
  }

export const openLinkForm: Handler<'button'> = async (gesture, desk) => {
  const no = refused(desk, 'company.administer', 'link', gesture.platform)
  if (no) return no
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: { kind: 'open', view: linkPersonForm({ drawing: drawing.id }, desk.words) },
    drawings: [drawing],
  }
}

/** An administrator says whose a chat account is, where the profile's e-mail does not tell (B5.10). */
export const linkEntry: FormEntry = {
  form: personLink,
  search: { person: searchPerson },
  submit: async (gesture, desk) => {
    const answers = readAnswers(personLink, gesture.answers, desk.words)
    if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
    const fail = (field: string, refusal: Refusal): Outcome => ({
      reply: { kind: 'field-errors', errors: { [field]: sentenceOf(desk, refusal) } },
    })
    if (!may(desk.person, 'company.administer', {}, desk.org))
      return fail('person', { code: 'not-allowed', what: 'link' })
    const person = desk.org.people.get(answers.values.person)
    if (!person?.active) return fail('person', { code: 'not-found', what: 'person' })
    const { user } = answers.values
    if (user === gesture.user && person.id !== desk.person.id)
      return fail('user', { code: 'not-allowed', what: 'link' })
    return {
      reply: { kind: 'close', say: noticeCard(desk.words.t('link.saved', { name: { user: person.name } })) },
      change: {
        save: [
          { noun: 'identity', platform: gesture.platform, tenant: gesture.tenant, user, person: person.id },
        ],
        audit: [
          {
            ...companyEntry(
              desk,
              'person.linked',
              { how: 'by an administrator', tenant: gesture.tenant, user },
              gesture.platform,
            ),
            subject: { noun: 'person', id: person.id },
          },
        ],
        deliveries: [],
      },
    }
  },
}

export const openGrantForm: Handler<'button'> = async (gesture, desk) => {
  const no = refused(desk, 'company.administer', 'grant', gesture.platform)
  if (no) return no
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: { kind: 'open', view: adminGrantForm({ drawing: drawing.id }, desk.words) },
    drawings: [drawing],
  }
}

export const grantEntry: FormEntry = {
  form: adminGrant,
  search: { person: searchPerson },
  submit: async (gesture, desk) => {
    const answers = readAnswers(adminGrant, gesture.answers, desk.words)
    if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
    const fail = (refusal: Refusal): Outcome => ({
      reply: { kind: 'field-errors', errors: { person: sentenceOf(desk, refusal) } },
    })
    if (!may(desk.person, 'company.administer', {}, desk.org))
      return fail({ code: 'not-allowed', what: 'grant' })
    const person = desk.org.people.get(answers.values.person)
    if (!person?.active) return fail({ code: 'not-found', what: 'person' })
    return {
      reply: { kind: 'close', say: noticeCard(desk.words.t('grant.saved', { name: { user: person.name } })) },
      change: {
        save: [{ noun: 'person', id: person.id, set: { admin: true } }],
        audit: [
          {
            ...companyEntry(desk, 'admin.granted', {}, gesture.platform),
            subject: { noun: 'person', id: person.id },
          },
        ],
        deliveries: [],
      },
    }
  },
}
