import { randomUUID } from 'node:crypto'
import { noticeCard } from '../blocks/notice.ts'
import { refusalSentence } from '../blocks/refusal.ts'
import { wordsFor } from '../blocks/words/index.ts'
import type { Desk, Outcome, Registry } from '../handlers/desk.ts'
import type { Locale, Org, Person } from './canon/people.ts'
import type { Refusal } from './canon/refusal.ts'
import type { Gesture, Reply } from './gesture.ts'
import type { Linking } from './linking.ts'
import { createPace, type Pace } from './pace.ts'
import type { Clock, Store } from './ports.ts'

/** Every gesture of every platform comes in here: once-key, person, handler, one commit, reply. */
export interface Intake {
  take(gesture: Gesture): Promise<Reply>
  /** True when this gesture must be committed before it is acknowledged; the rest is acknowledged first. */
  commitsBeforeAck(gesture: Gesture): boolean
}

export interface IntakeParts {
  readonly store: Store
  readonly clock: Clock
  readonly registry: Registry
  readonly linking: Linking
  readonly pace?: Pace
  readonly newId?: () => string
  readonly onAlarm?: (what: 'same-key-other-body', gesture: Gesture) => void
}

/** How often one gesture is ruled on again when somebody else's change came in between. Enough for 200 people on one record. */
const triesWhenStale = 12

export function createIntake(parts: IntakeParts): Intake {
  const { store, clock, registry, linking } = parts
  const pace = parts.pace ?? createPace()
  const newId = parts.newId ?? randomUUID
  const commands = new Map(registry.commands.map((entry) => [entry.name, entry]))

  async function take(gesture: Gesture): Promise<Reply> {
    const who = await store.whoIs(gesture.platform, gesture.tenant, gesture.user)
    // A workspace nobody bound to a company learns nothing but that (contract: refused beforehand).
    if (!who) return refuse(gesture, { code: 'not-bound' }, 'en')
    const { company } = who
    const org = await store.org(company)
    if (gesture.outsider) return refuse(gesture, { code: 'outsider' }, org.company.locale)
    const wait = pace.take(`${gesture.platform}:${gesture.tenant}:${gesture.user}`, company)
    if (wait > 0) return refuse(gesture, { code: 'too-many', seconds: wait }, org.company.locale)

    const personId = who.person ?? (await linking.link(gesture, org))
    if (!personId) return refuse(gesture, { code: 'not-linked' }, org.company.locale)
    // Linking asks the platform, which takes its time: what was read before it is old.
    return attend(gesture, company, personId, who.person ? org : undefined)
  }

  async function attend(
    gesture: Gesture,
    company: string,
    personId: string,
    justRead: Org | undefined,
  ): Promise<Reply> {
    for (let attempt = 0; attempt < triesWhenStale; attempt++) {
      // Read again on every attempt: roles, delegation and policy are those of this instant (B5.7).
      const [org, policy] = await Promise.all([
        (attempt === 0 && justRead) || store.org(company),
        store.policy(company),
      ])
      const person = org.people.get(personId)
      if (!person?.active) return refuse(gesture, { code: 'inactive' }, org.company.locale)
      const locale = localeOf(person, org)
      const desk: Desk = {
        now: clock.now(),
        company,
        org,
        person,
        policy,
        locale,
        words: wordsFor(locale),
        store,
        newId,
      }
      const outcome = await handle(gesture, desk)
      if (!outcome) return refuse(gesture, { code: 'unknown-button' }, locale)
      const settled = await settle(gesture, company, outcome, locale)
      if (settled) return settled
    }
    throw new Error('gave up after ruling again and again: the record kept moving')
  }

  /** Commits what the handler decided; `undefined` when the record had moved and the handler must rule again. */
  async function settle(
    gesture: Gesture,
    company: string,
    outcome: Outcome,
    locale: Locale,
  ): Promise<Reply | undefined> {
    const { reply, change, drawings } = outcome
    if (change) {
      const commit = await store.commit({
        ...change,
        company,
        drawings,
        once: { key: onceKeyOf(gesture, reply), fingerprint: gesture.fingerprint, reply },
      })
      if (commit.outcome === 'stale') return undefined
      if (commit.outcome === 'committed') return reply
      if (commit.sameBody) return commit.reply as Reply
      parts.onAlarm?.('same-key-other-body', gesture)
      return refuse(gesture, { code: 'same-key-other-body' }, locale)
    }
    if (commitsBeforeAck(gesture)) {
      // A replay of something already done must hear what was answered then, not how the record looks now (B5.22).
      const before = await store.seen(company, gesture.key)
      if (before && before.fingerprint === gesture.fingerprint) return before.reply as Reply
    }
    if (drawings?.length) await store.saveDrawings(company, drawings)
    return reply
  }

  async function handle(gesture: Gesture, desk: Desk): Promise<Outcome | undefined> {
    switch (gesture.kind) {
      case 'command':
        return commands.get(gesture.command)?.handle(gesture, desk)
      case 'button':
        return own(registry.buttons, gesture.action)?.handle(gesture, desk)
      case 'submit':
        return own(registry.forms, gesture.form)?.submit(gesture, desk)
      case 'change':
        return own(registry.forms, gesture.form)?.change?.(gesture, desk) ?? { reply: { kind: 'nothing' } }
      case 'search': {
        const search = own(own(registry.forms, gesture.form)?.search ?? {}, gesture.field)
        return search ? search(gesture, desk) : { reply: { kind: 'options', options: [] } }
      }
      case 'home':
        return registry.home(gesture, desk)
      case 'message':
        return registry.message(gesture, desk)
    }
  }

  function commitsBeforeAck(gesture: Gesture): boolean {
    if (gesture.kind === 'submit') return true
    return gesture.kind === 'button' && (own(registry.buttons, gesture.action)?.commits ?? false)
  }

  return { take, commitsBeforeAck }
}

/**
 * A refusal that keeps the form open is not what became of the form: once put right it is sent again under the same
 * key, and that is no forgery (B5.24, B5.42). So only that very body is remembered with it.
 */
const onceKeyOf = (gesture: Gesture, reply: Reply): string =>
  reply.kind === 'field-errors' || reply.kind === 'redraw'
    ? `${gesture.key}#${gesture.fingerprint}`
    : gesture.key

/** A name a client sent, looked up among our own keys only: `__proto__` and `constructor` are nobody's button (B5.37). */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined
}

/** The person's language, else the company's (Canon, language). */
export function localeOf(person: Person | undefined, org: Org): Locale {
  return person?.locale ?? org.company.locale
}

/** Says no in the place where the person can see it without losing what they typed. */
function refuse(gesture: Gesture, refusal: Refusal, locale: Locale): Reply {
  const words = wordsFor(locale)
  const sentence = refusalSentence(refusal, words, { names: {}, timeZone: 'UTC' })
  switch (gesture.kind) {
    case 'submit': {
      const firstField = Object.keys(gesture.answers)[0]
      return firstField
        ? { kind: 'field-errors', errors: { [firstField]: sentence } }
        : { kind: 'close', say: noticeCard(sentence) }
    }
    case 'search':
      return { kind: 'options', options: [] }
    case 'change':
      return { kind: 'nothing' }
    case 'home':
      return { kind: 'home', card: noticeCard(sentence) }
    case 'message':
      return gesture.place.kind === 'dm' ? { kind: 'say', card: noticeCard(sentence) } : { kind: 'nothing' }
    default:
      return { kind: 'say', card: noticeCard(sentence) }
  }
}
