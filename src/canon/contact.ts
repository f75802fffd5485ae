import { addDays, type Instant, localDate, type PlainDate } from './calendar.ts'

export const contactRoles = ['economic_buyer', 'champion', 'influencer', 'blocker', 'day_to_day'] as const
export type ContactRole = (typeof contactRoles)[number]

/** How much somebody on the other side takes part. */
export const engagements = ['high', 'medium', 'low', 'none'] as const
export type Engagement = (typeof engagements)[number]

/** Somebody at an account. Their role and engagement go stale after a quarter (Canon, Nudges: hygiene). */
export interface Contact {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly email?: string
  readonly role?: ContactRole
  readonly engagement?: Engagement
  /** Part of the customer's organisation; a new one in contact is an expansion signal. */
  readonly department?: string
  /** When role and engagement were last looked at. */
  readonly updatedOn?: PlainDate
  /** The day they left the account: from then on nobody counts on them. */
  readonly leftOn?: PlainDate
  /** The newest activity with them that has happened; read with the record, never written. */
  readonly lastContactedAt?: Instant
  readonly version: number
}

/** Whether a contact has left by a day. */
export const hasLeft = (contact: Pick<Contact, 'leftOn'>, today: PlainDate): boolean =>
  contact.leftOn !== undefined && contact.leftOn <= today

/**
 * The contact that a text names: by id, else by its exact name (case and outer spaces aside) where just one bears it.
 * `champion` and `economic_buyer` of a deal may be either, or words about somebody who is no contact yet.
 */
export function contactNamed(text: string | undefined, contacts: readonly Contact[]): Contact | undefined {
  const wanted = text?.trim().toLowerCase()
  if (!wanted) return undefined
  const byId = contacts.find((contact) => contact.id.toLowerCase() === wanted)
  if (byId) return byId
  const named = contacts.filter((contact) => contact.name.trim().toLowerCase() === wanted)
  return named.length === 1 ? named[0] : undefined
}

/** Whether nobody has spoken with the contact for over so many days; never spoken with counts as well. */
export const isSilent = (contact: Contact, now: Instant, zone: string, afterDays: number): boolean =>
  contact.lastContactedAt === undefined ||
  addDays(localDate(contact.lastContactedAt, zone), afterDays) < localDate(now, zone)
