import { z } from 'zod'
import type { ActivityKind } from '../src/canon/activity.ts'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type Contact, contactRoles, engagements } from '../src/canon/contact.ts'
import type { Lead } from '../src/canon/lead.ts'
import type { Block, Button, Card, Text } from './card.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView } from './form.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** What one person has to put in order, with the drawing that each row's button stands on. */
export interface HygieneBrief {
  readonly now: Instant
  readonly timeZone: string
  /** Hours within which an activity is to be logged. */
  readonly loggedWithinHours: number
  readonly contacts: {
    readonly total: number
    readonly shown: readonly {
      readonly contact: Contact
      readonly accountName?: string
      readonly drawing: string
    }[]
  }
  readonly leads: {
    readonly total: number
    readonly shown: readonly { readonly lead: Lead; readonly drawing: string }[]
  }
  readonly late: {
    readonly total: number
    readonly shown: readonly {
      readonly kind: ActivityKind
      readonly dealName?: string
      readonly happenedAt: Instant
      readonly loggedAt: Instant
    }[]
  }
  readonly unlinked: { readonly names: readonly string[]; readonly drawing?: string }
}

/** The list of a person, what can be mended in place first. */
export function hygieneCard(brief: HygieneBrief, w: Words): Card {
  const blocks = [...contactsOf(brief, w), ...leadsOf(brief, w), ...unlinkedOf(brief, w), ...lateOf(brief, w)]
  const title = w.t('hygiene.title')
  if (blocks.length === 0) {
    const text = w.say('hygiene.none')
    return { summary: plain(text), blocks: [{ kind: 'text', text }] }
  }
  return { summary: title, blocks: [{ kind: 'title', text: title }, ...blocks] }
}

const more = (total: number, shown: number, w: Words): Block[] =>
  total > shown ? [{ kind: 'note', text: w.say('list.more', { count: total - shown }) }] : []

function contactsOf({ contacts: { total, shown }, now }: HygieneBrief, w: Words): Block[] {
  if (total === 0) return []
  return [
    { kind: 'heading', text: w.say('hygiene.contacts', { count: total }) },
    ...shown.map(({ contact, accountName, drawing }): Block => {
      const said: Text = [
        ...(contact.role ? [w.t(`contact.${contact.role}`), ' · '] : []),
        ...(contact.engagement ? [w.t(`engagement.${contact.engagement}`), ' · '] : []),
        ...(contact.updatedOn
          ? w.say('hygiene.contact.looked-at', { day: w.day(contact.updatedOn, now) })
          : []),
      ]
      return {
        kind: 'row',
        text: [theirs(contact.name, 60), ...(accountName ? [' · ', theirs(accountName, 60)] : [])],
        note: said,
        buttons: [{ action: 'contact.edit', label: w.t('button.contact.edit'), drawing }],
      }
    }),
    ...more(total, shown.length, w),
  ]
}

function leadsOf({ leads: { total, shown }, timeZone, now }: HygieneBrief, w: Words): Block[] {
  if (total === 0) return []
  return [
    { kind: 'heading', text: w.say('hygiene.leads', { count: total }) },
    ...shown.map(
      ({ lead, drawing }): Block => ({
        kind: 'row',
        text: [theirs(lead.name, 60), ...(lead.company ? [' · ', theirs(lead.company, 60)] : [])],
        ...(lead.arrivedAt === undefined
          ? {}
          : { note: w.say('hygiene.lead.since', { day: w.moment(lead.arrivedAt, timeZone, now) }) }),
        buttons: [{ action: 'activity.log', label: w.t('button.activity'), drawing }],
      }),
    ),
    ...more(total, shown.length, w),
  ]
}

function unlinkedOf({ unlinked: { names, drawing } }: HygieneBrief, w: Words): Block[] {
  if (names.length === 0) return []
  const shown = names.slice(0, 15)
  const buttons: Button[] = drawing
    ? [{ action: 'person.link-other', label: w.t('button.link-other'), drawing }]
    : []
  return [
    { kind: 'heading', text: w.say('hygiene.unlinked', { count: names.length }) },
    { kind: 'text', text: w.list(shown.map((name) => [theirs(name, 40)])) },
    ...more(names.length, shown.length, w),
    ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
  ]
}

function lateOf(
  { late: { total, shown }, loggedWithinHours, timeZone, now }: HygieneBrief,
  w: Words,
): Block[] {
  if (total === 0) return []
  return [
    { kind: 'heading', text: w.say('hygiene.late', { count: total, hours: loggedWithinHours }) },
    ...shown.map(
      ({ kind, dealName, happenedAt, loggedAt }): Block => ({
        kind: 'text',
        text: [
          ...(dealName ? [theirs(dealName, 60), ' · '] : []),
          ...w.say('hygiene.late.row', {
            kind: w.t(`activity.${kind}`),
            day: w.moment(happenedAt, timeZone, now),
            logged: w.moment(loggedAt, timeZone, now),
          }),
        ],
      }),
    ),
    ...more(total, shown.length, w),
    { kind: 'note', text: w.say('hygiene.late.why') },
  ]
}

// ── a contact, looked at again ───────────────────────────────────────────────

export const contactUpdate = defineForm({
  id: 'contact.update',
  schema: z.object({
    role: z.enum(contactRoles).optional(),
    engagement: z.enum(engagements).optional(),
    left_on: z.string().trim().max(10).optional(),
  }),
})

/** Role, engagement, and whether they are still there: saved unchanged, it says that all of it still holds. */
export function contactForm(
  state: {
    readonly drawing: string
    readonly contact: Contact
    readonly accountName?: string
    readonly today: PlainDate
  },
  w: Words,
): FormView {
  const { contact, accountName } = state
  return {
    form: contactUpdate.id,
    title: w.t('form.contact.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      {
        kind: 'heading',
        text: [theirs(contact.name, 80), ...(accountName ? [' · ', theirs(accountName, 80)] : [])],
      },
      { kind: 'note', text: w.say('form.contact.what') },
      question(
        'role',
        {
          kind: 'choice',
          label: w.t('field.contact-role'),
          options: contactRoles.map((role) => ({ value: role, label: w.t(`contact.${role}`) })),
          optional: true,
        },
        contact.role,
      ),
      question(
        'engagement',
        {
          kind: 'choice',
          label: w.t('field.contact-engagement'),
          options: engagements.map((each) => ({ value: each, label: w.t(`engagement.${each}`) })),
          optional: true,
        },
        contact.engagement,
      ),
      question(
        'left_on',
        {
          kind: 'date',
          label: w.t('field.contact-left-on'),
          hint: w.t('field.contact-left-on.hint'),
          optional: true,
        },
        contact.leftOn,
      ),
    ],
  }
}
