import { type AwayState, awayCard, linkCard, settingsCard } from '../blocks/dealdesk.ts'
import { awayForm, personAway } from '../blocks/dealdesk-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { wordsFor } from '../blocks/words/index.ts'
import { instantAt, localDate } from '../src/canon/calendar.ts'
import { isAway, type Locale, locales, type Person, readAbsence } from '../src/canon/people.ts'
import type { AuditEntry, Delivery, Save } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { discountCards, discountSubject } from './discount-consequences.ts'
import { sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { handoffCards, handoffSubject } from './handoff-consequences.ts'

/** My absence as the cards show it; nothing once it is over. */
export function awayStateOf(desk: Desk): AwayState | undefined {
  const { person } = desk
  const today = localDate(desk.now, desk.org.company.working.timeZone)
  if (!person.awayFrom || !person.awayUntil || person.awayUntil < today) return undefined
  return {
    from: person.awayFrom,
    until: person.awayUntil,
    delegateName: person.delegate && desk.org.people.get(person.delegate)?.name,
    now: isAway(person, today),
  }
}

export const showAway = async (desk: Desk): Promise<Outcome> => {
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: { kind: 'say', card: awayCard({ away: awayStateOf(desk), drawing: drawing.id }, desk.words) },
    drawings: [drawing],
  }
}

export const showSettings = async (desk: Desk): Promise<Outcome> => {
  const drawing = drawingFor(desk, companySubject(desk.company))
  const identities = await desk.store.identitiesOf(desk.company, desk.person.id)
  const both = new Set(identities.map((identity) => identity.platform)).size > 1
  const card = settingsCard(
    {
      name: desk.person.name,
      locale: desk.person.locale,
      timeZone: desk.person.timeZone ?? desk.org.company.working.timeZone,
      roles: desk.person.roles,
      away: awayStateOf(desk),
      ...(both ? { platform: { chosen: desk.person.prefers } } : {}),
      drawing: drawing.id,
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings: [drawing] }
}

/** Who I am linked to. Linking itself has happened on the way in, or this would not have been reached (B5.10). */
export const showLink = async (desk: Desk): Promise<Outcome> => ({
  reply: { kind: 'say', card: linkCard({ outcome: 'already', name: desk.person.name }, desk.words) },
})

export const openAway: Handler<'button'> = async (_gesture, desk) => {
  const drawing = drawingFor(desk, companySubject(desk.company))
  const { person } = desk
  const delegate = person.delegate ? desk.org.people.get(person.delegate) : undefined
  const view = awayForm(
    {
      drawing: drawing.id,
      awayFrom: person.awayFrom,
      awayUntil: person.awayUntil,
      delegate: delegate && { value: delegate.id, label: delegate.name },
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

/** People here by name as one types, of those who fit. */
export const searchPeople =
  (fits: (person: Person, desk: Desk) => boolean): Handler<'search'> =>
  async (gesture, desk) => {
    const query = gesture.query.trim().toLowerCase()
    const people = [...desk.org.people.values()]
      .filter((person) => person.active && fits(person, desk))
      .filter((person) => person.name.toLowerCase().includes(query))
      .sort((a, b) => a.name.localeCompare(b.name))
      .slice(0, 30)
    return {
      reply: {
        kind: 'options',
        options: people.map((person) => ({
          value: person.id,
          label: person.name,
          description: person.roles.map((role) => desk.words.t(`role.${role}`)).join(', '),
        })),
      },
    }
  }

/** Colleagues, for choosing a delegate or an administrator. */
export const searchPerson = searchPeople((person, desk) => person.id !== desk.person.id)

/** Anybody, oneself as well: who makes the rules may be in them. */
export const searchAnybody = searchPeople(() => true)

export const submitAway: Handler<'submit'> = async (gesture, desk) => {
  const answers = readAnswers(personAway, gesture.answers, desk.words)
  if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
  const { away_from, away_until, delegate } = answers.values
  const absence = readAbsence(
    desk.person,
    { from: away_from, until: away_until, delegate: delegate || undefined },
    desk.org,
  )
  if (!absence.ok) {
    const { refusal } = absence
    const field =
      refusal.code === 'bad-date'
        ? refusal.text === away_from
          ? 'away_from'
          : 'away_until'
        : refusal.code === 'dates-out-of-order'
          ? 'away_until'
          : 'delegate'
    return { reply: { kind: 'field-errors', errors: { [field]: sentenceOf(desk, refusal) } } }
  }
  const { from, until, delegate: chosen } = absence.next
  const change = personChange(
    desk,
    { awayFrom: from, awayUntil: until, delegate: chosen ?? null },
    'person.away',
    { from, until, delegate: chosen },
    gesture.platform,
  )
  // Whoever stands in must see what already waits (대결), not only what comes next; from the first day on.
  const { timeZone } = desk.org.company.working
  const today = localDate(desk.now, timeZone)
  const deliveries: Delivery[] = []
  if (chosen && today <= until)
    for (const request of await desk.store.openDiscountsWith(desk.company, [desk.person.id]))
      if (request.requester !== chosen)
        deliveries.push({
          kind: 'ask',
          card: discountCards.decision,
          subject: discountSubject(request.id),
          audience: { person: chosen },
          after: from > today ? instantAt(from, '00:00', timeZone) : undefined,
        })
  if (chosen && today <= until)
    for (const handoff of await desk.store.openHandoffsWith(desk.company, [desk.person.id]))
      if (handoff.status === 'submitted' && handoff.receiver === desk.person.id && handoff.sender !== chosen)
        deliveries.push({
          kind: 'ask',
          card: handoffCards.receiver,
          subject: handoffSubject(handoff.id),
          audience: { person: chosen },
          ...(from > today ? { after: instantAt(from, '00:00', timeZone) } : {}),
        })
  const away: AwayState = {
    from,
    until,
    delegateName: chosen && desk.org.people.get(chosen)?.name,
    now: from <= today && today <= until,
  }
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: { kind: 'close', say: awayCard({ away, drawing: drawing.id }, desk.words) },
    change: { ...change, deliveries },
    drawings: [drawing],
  }
}

/** Back again: the absence ends now, and with it the delegation. */
export const backAgain: Handler<'button'> = async (gesture, desk) => {
  const drawing = drawingFor(desk, companySubject(desk.company))
  const change = personChange(
    desk,
    { awayFrom: null, awayUntil: null, delegate: null },
    'person.back',
    {},
    gesture.platform,
  )
  return {
    reply: { kind: 'say', card: awayCard({ drawing: drawing.id }, desk.words) },
    change: { ...change, deliveries: [] },
    drawings: [drawing],
  }
}

function personChange(
  desk: Desk,
  set: Extract<Save, { noun: 'person' }>['set'],
  what: string,
  detail: AuditEntry['detail'],
  platform: AuditEntry['platform'],
): { save: Save[]; audit: AuditEntry[] } {
  return {
    save: [{ noun: 'person', id: desk.person.id, set }],
    audit: [
      {
        at: desk.now,
        what,
        by: desk.person.id,
        platform,
        subject: { noun: 'person', id: desk.person.id },
        detail,
      },
    ],
  }
}

const isLocale = (value: string | undefined): value is Locale => locales.some((locale) => locale === value)

/** The language I read; `auto` follows the company again. */
/**
 * That it is saved; on Teams on the settings as they are now, which take the place of the card that was pressed: its
 * buttons show what is chosen, and it would go on showing what was.
 */
async function saved(
  platform: 'slack' | 'teams',
  desk: Desk,
  sentence: string,
): Promise<Pick<Outcome, 'reply' | 'drawings'>> {
  if (platform === 'slack') return { reply: { kind: 'say', card: noticeCard(sentence) } }
  const shown = await showSettings(desk)
  if (shown.reply.kind !== 'say') return shown
  const { card } = shown.reply
  const blocks = [...noticeCard(sentence).blocks, ...card.blocks]
  return {
    reply: { kind: 'say', card: { ...card, summary: sentence, blocks } },
    drawings: shown.drawings ?? [],
  }
}

export const chooseLanguage: Handler<'button'> = async (gesture, desk) => {
  const locale = isLocale(gesture.choice) ? gesture.choice : null
  const words = wordsFor(locale ?? desk.org.company.locale)
  const { locale: _before, ...rest } = desk.person
  const after = { ...desk, words, person: { ...rest, ...(locale === null ? {} : { locale }) } }
  return {
    ...(await saved(gesture.platform, after, words.t('settings.language.saved'))),
    change: {
      ...personChange(desk, { locale }, 'person.language', { locale }, gesture.platform),
      deliveries: [],
    },
  }
}

/** Where I am asked, when I am in Slack and in Teams; `auto` follows the order of linking again. */
export const choosePlatform: Handler<'button'> = async (gesture, desk) => {
  const prefers: 'slack' | 'teams' | null =
    gesture.choice === 'slack' || gesture.choice === 'teams' ? gesture.choice : null
  const { prefers: _before, ...rest } = desk.person
  const after = { ...desk, person: { ...rest, ...(prefers === null ? {} : { prefers }) } } satisfies Desk
  return {
    ...(await saved(gesture.platform, after, desk.words.t('settings.platform.saved'))),
    change: {
      ...personChange(desk, { prefers }, 'person.platform', { prefers }, gesture.platform),
      deliveries: [],
    },
  }
}
