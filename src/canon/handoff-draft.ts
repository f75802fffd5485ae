import { evidenceFrom } from './activity.ts'
import { localDate, type PlainDate } from './calendar.ts'
import { type Contact, contactNamed, hasLeft } from './contact.ts'
import {
  type DraftContact,
  type DraftValue,
  type HandoffDraft,
  type HandoffItem,
  type HandoffItems,
  type HandoffKind,
  type HandoffRecord,
  milestoneDays,
} from './handoff.ts'
import { majorText } from './money.ts'
import type { MeddiccField, Opportunity } from './opportunity.ts'
import { unpaid } from './stage-gates.ts'

/** How many activities an engagement history tells of. */
const historyLength = 10

const text = (value: string | undefined): DraftValue | undefined =>
  value?.trim() ? { is: 'text', text: value.trim() } : undefined

const meddicc = (deal: Opportunity | undefined, ...fields: MeddiccField[]): DraftValue | undefined => {
  const known = fields.flatMap((field) => {
    const said = deal?.meddicc[field]?.trim()
    return said ? [{ field, text: said }] : []
  })
  return known.length > 0 ? { is: 'meddicc', fields: known } : undefined
}

const people = (contacts: readonly DraftContact[]): DraftValue | undefined =>
  contacts.length > 0 ? { is: 'contacts', contacts } : undefined

/** The contact that a MEDDICC field names or whose role it is, else the words that stand there. */
function stakeholder(
  field: 'economic_buyer' | 'champion',
  deal: Opportunity | undefined,
  here: readonly Contact[],
): DraftValue | undefined {
  const said = deal?.meddicc[field]
  const named = contactNamed(said, here)
  if (named) return people([named])
  return text(said) ?? people(here.filter((contact) => contact.role === field))
}

/** The lead's own person is the one to call: they stand first, unless they are among the account's contacts. */
function withLead(lead: HandoffRecord['lead'], here: readonly Contact[]): readonly DraftContact[] {
  if (!lead || here.length === 0) return here
  const { name, email } = lead
  const known = here.some(
    (contact) =>
      ` ${contact.name} `.includes(` ${name.trim()} `) || (email !== undefined && contact.email === email),
  )
  return known ? here : [{ name, ...(email === undefined ? {} : { email }) }, ...here]
}

/** Prefills a draft from the record, so that nobody is asked for what it knows (Canon, Handoffs). */
export function draftOf(kind: HandoffKind, record: HandoffRecord): HandoffDraft {
  const { now, org, lead, deal, contacts, activities, signals } = record
  const zone = org.company.working.timeZone
  const here = contacts.filter((contact) => !hasLeft(contact, localDate(now, zone)))
  const done = activities.filter((activity) => activity.happenedAt <= now).slice(0, historyLength)
  const values: Partial<Record<HandoffItem, DraftValue | undefined>> = {}
  switch (kind) {
    case 'sdr-to-ae': {
      const met: PlainDate | undefined =
        deal?.evidence?.first_meeting ?? evidenceFrom(activities, now, zone).first_meeting
      values.first_meeting_on = met === undefined ? undefined : { is: 'date', on: met }
      values.pain = text(deal?.meddicc.identify_pain)
      values.contacts =
        people(withLead(lead, here)) ??
        text(lead && (lead.email === undefined ? lead.name : `${lead.name} <${lead.email}>`))
      values.engagement_history = done.length > 0 ? { is: 'activities', activities: done } : undefined
      values.authority = stakeholder('economic_buyer', deal, here)
      values.timeline = deal?.expectedCloseOn ? { is: 'date', on: deal.expectedCloseOn } : undefined
      break
    }
    case 'ae-to-cs': {
      const owed = deal ? unpaid(deal) : []
      values.pain = text(deal?.meddicc.identify_pain)
      values.success_criteria = meddicc(deal, 'metrics', 'decision_criteria')
      values.economic_buyer = stakeholder('economic_buyer', deal, here)
      values.champion = stakeholder('champion', deal, here)
      values.day_to_day_contact = people(here.filter((contact) => contact.role === 'day_to_day'))
      values.contract_summary = deal && contractOf(deal)
      values.open_issues =
        owed.length > 0 ? { is: 'debts', gates: owed.map(({ gate, until }) => ({ gate, until })) } : undefined
      for (const day of milestoneDays)
        values[`milestone_${day}`] = text(record.policy.handoff.milestoneTexts?.[day])
      break
    }
    case 'cs-to-ae': {
      const { health } = record
      // With the day it was computed: a number without its age misleads.
      values.health_score = text(
        health && `${health.score / 10} / 100 (${localDate(health.computedAt, zone)})`,
      )
      const told: DraftValue | undefined =
        signals && signals.length > 0 ? { is: 'signals', signals } : undefined
      values.usage_data = told && {
        is: 'signals',
        signals: signals!.filter((each) => each.signal !== 'new-department'),
      }
      if (values.usage_data?.is === 'signals' && values.usage_data.signals.length === 0)
        values.usage_data = undefined
      values.why_now = told
      values.product = text(deal?.product)
      break
    }
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as HandoffDraft
}

function contractOf(deal: Opportunity): DraftValue {
  const price = deal.price ?? deal.amount
  const signedOn = deal.evidence?.contract_signed ?? deal.closedOn
  return {
    is: 'contract',
    ...(price ? { price } : {}),
    ...(deal.approvedDiscount === undefined ? {} : { discount: deal.approvedDiscount }),
    ...(deal.product ? { product: deal.product } : {}),
    ...(signedOn ? { signedOn } : {}),
  }
}

const named = (contact: DraftContact) =>
  contact.email === undefined ? contact.name : `${contact.name} <${contact.email}>`

/** A draft's value in no language: names, days, numbers. A form says it in words of its own. */
function plain(value: DraftValue, zone: string): string {
  switch (value.is) {
    case 'text':
      return value.text
    case 'date':
      return value.on
    case 'contacts':
      return value.contacts.map(named).join('\n')
    case 'activities':
      return value.activities
        .map((each) => [localDate(each.happenedAt, zone), each.kind, each.note].filter(Boolean).join(' · '))
        .join('\n')
    case 'meddicc':
      return value.fields.map((each) => each.text).join('\n')
    case 'contract':
      return [
        value.product,
        value.price && `${majorText(value.price)} ${value.price.currency}`,
        value.discount === undefined ? undefined : `-${value.discount / 100}%`,
        value.signedOn,
      ]
        .filter(Boolean)
        .join(' · ')
    case 'debts':
      return value.gates.map((debt) => `${debt.gate} (${debt.until})`).join('\n')
    case 'signals':
      return value.signals
        .map((each) =>
          each.signal === 'new-department'
            ? `${each.signal}: ${each.department}`
            : `${each.signal}: ${each.before} → ${each.now}`,
        )
        .join('\n')
  }
}

/** A draft as the items of a handoff, for where no person looks on: a deal that the import or the API brings as won. */
export const plainItems = (draft: HandoffDraft, zone: string): HandoffItems =>
  Object.fromEntries(Object.entries(draft).map(([item, value]) => [item, plain(value as DraftValue, zone)]))
