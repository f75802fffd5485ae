import { gradeWord, points, sponsorCard } from '../blocks/health.ts'
import {
  healthPlan,
  healthReview,
  healthSignal,
  planForm,
  reviewForm,
  signalForm,
} from '../blocks/health-form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import type { Account } from '../src/canon/account.ts'
import { addDays, isPlainDate, localDate } from '../src/canon/calendar.ts'
import { type HealthSignal, healthComponents, readHealth } from '../src/canon/health.ts'
import { closeReview, type HealthTask, makePlan, reopenReview } from '../src/canon/health-task.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { may, type Permission } from '../src/canon/visibility.ts'
import type { Delivery, Drawing } from '../src/ports.ts'
import { visibleAccount } from './account-find.ts'
import { readAnswers } from './answers.ts'
import type { CardEntry, Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject, assess, openTasksOf, signalsRead, taskPart } from './health-assess.ts'
import { searchPerson } from './person.ts'
import { merged, type Part } from './stage-consequences.ts'

// What people do about an account's health: say what was measured, close a review, make a plan.

/** To somebody who was named executive sponsor in a review. */
export const sponsorAsked = 'health.sponsor'

interface Found {
  readonly drawing: Drawing
  readonly account: Account
}

/** The account a click or form stands on, for somebody who may do this to it. */
async function found(desk: Desk, drawingId: string, permission: Permission): Promise<Found | Refusal> {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  const account =
    drawing?.subject.noun === 'account' ? await visibleAccount(desk, drawing.subject.id) : undefined
  if (!drawing || !account) return { code: 'out-of-date' }
  if (!may(desk.person, permission, { account }, desk.org)) return { code: 'not-allowed', what: permission }
  return { drawing, account }
}

const isRefusal = (given: Found | Refusal): given is Refusal => 'code' in given

const closeWith = (desk: Desk, refusal: Refusal): Outcome => ({
  reply: { kind: 'close', say: noticeCard(healthSentence(desk, refusal)) },
})

/** What the rules of reviews and plans say no with; the rest is said as everywhere. */
function healthSentence(desk: Desk, refusal: Refusal): string {
  const { words, org } = desk
  if (refusal.code === 'not-found' && refusal.what === 'review') return words.t('health.refusal.no-review')
  if (refusal.code === 'not-found' && refusal.what === 'plan') return words.t('health.refusal.no-plan')
  if (refusal.code === 'already-settled' && refusal.status === 'planned')
    return words.t('health.refusal.planned')
  if (refusal.code === 'already-settled' && refusal.status === 'reviewed') {
    const name = refusal.by === undefined ? undefined : org.people.get(refusal.by)?.name
    if (!name || refusal.at === undefined) return words.t('health.refusal.reviewed')
    const at = words.moment(refusal.at, org.company.working.timeZone, desk.now)
    return words.t('health.refusal.reviewed.by', { name: theirs(name, 40), at })
  }
  return sentenceOf(desk, refusal)
}

const today = (desk: Desk) => localDate(desk.now, desk.org.company.working.timeZone)

/** A sentence with the way back to the account. */
function withAccount(desk: Desk, account: Account, sentence: Parameters<typeof noticeCard>[0]) {
  const own = drawingFor(desk, accountSubject(account.id))
  const notice = noticeCard(sentence, [
    { action: 'health.open', label: desk.words.t('button.health.open'), drawing: own.id },
  ])
  return { notice, own }
}

// ── signals ──────────────────────────────────────────────────────────────────

export const openSignal: Handler<'button'> = async (gesture, desk) => {
  const at = await found(desk, gesture.drawing, 'health.change')
  if (isRefusal(at)) return say(desk, at)
  const signals = await desk.store.signalsOf(desk.company, at.account.id, signalsRead)
  const day = today(desk)
  const drawing = drawingFor(desk, accountSubject(at.account.id))
  const { parts } = readHealth(signals, desk.policy.health, day)
  const view = signalForm(
    { drawing: drawing.id, account: at.account.name, parts, today: day, now: desk.now },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

/** Tenths of a point; full-width digits and a decimal comma are read as people type them (B5.39). */
function tenthsOf(typed: string): number | undefined {
  const text = typed.normalize('NFKC').trim().replace(',', '.')
  if (!/^\d{1,3}(\.\d)?$/.test(text)) return undefined
  const tenths = Math.round(Number(text) * 10)
  return tenths <= 1_000 ? tenths : undefined
}

export const signalEntry: FormEntry = {
  form: healthSignal,
  submit: async (gesture, desk): Promise<Outcome> => {
    const { words } = desk
    const read = readAnswers(healthSignal, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const { measured_on: on } = read.values
    const errors: Record<string, string> = {}
    const day = today(desk)
    if (!isPlainDate(on)) errors.measured_on = sentenceOf(desk, { code: 'bad-date', text: on })
    else if (on > day) errors.measured_on = words.t('field.health.future', { day: words.day(on, desk.now) })
    const scores = healthComponents.flatMap((component) => {
      const typed = read.values[component]
      if (!typed) return []
      const score = tenthsOf(typed)
      if (score === undefined) {
        errors[component] = words.t('field.health.score', { text: theirs(typed, 20) })
        return []
      }
      return [{ component, score }]
    })
    if (scores.length === 0 && Object.keys(errors).length === 0)
      errors.adoption = words.t('field.health.no-score')
    if (Object.keys(errors).length > 0) return { reply: { kind: 'field-errors', errors } }
    const at = await found(desk, gesture.drawing, 'health.change')
    if (isRefusal(at)) return closeWith(desk, at)
    const { account } = at
    const coming = scores.map(
      ({ component, score }): HealthSignal => ({
        account: account.id,
        component,
        score,
        measuredOn: on,
        recordedAt: desk.now,
        by: desk.person.id,
        door: gesture.platform,
      }),
    )
    const assessed = await assess(desk, account.id, { coming })
    const signals: Part = {
      save: coming.map((next) => ({ noun: 'health-signal', next })),
      audit: coming.map(({ component, score }) => ({
        at: desk.now,
        what: 'health.signal',
        by: desk.person.id,
        platform: gesture.platform,
        subject: accountSubject(account.id),
        detail: { component, score, on },
      })),
      deliveries: [],
    }
    const { health, change } = assessed ?? {}
    const sentence = health
      ? words.say(change ? 'health.signal.changed' : 'health.signal.saved', {
          account: theirs(account.name),
          score: points(health.score),
          grade: gradeWord(health.grade, words),
        })
      : words.say('health.signal.saved.none', { account: theirs(account.name) })
    const { notice, own } = withAccount(desk, account, sentence)
    return {
      reply: { kind: 'close', say: notice },
      change: merged([signals, assessed?.part]),
      drawings: [own],
    }
  },
}

// ── review ───────────────────────────────────────────────────────────────────

export const openReview: Handler<'button'> = async (gesture, desk) => {
  const at = await found(desk, gesture.drawing, 'health.change')
  if (isRefusal(at)) return say(desk, at)
  const { account } = at
  const [{ review }, health] = await Promise.all([
    openTasksOf(desk, account.id),
    desk.store.healthOf(desk.company, account.id),
  ])
  if (!review || !health) return sayHealth(desk, { code: 'not-found', what: 'review' })
  const drawing = drawingFor(desk, accountSubject(account.id), review.version, { task: review.id })
  const sponsor = review.sponsor === undefined ? undefined : desk.org.people.get(review.sponsor)
  const view = reviewForm(
    {
      drawing: drawing.id,
      account: account.name,
      now: desk.now,
      score: health.score,
      grade: health.grade,
      ...(review.action ? { action: review.action } : {}),
      ...(review.note ? { note: review.note } : {}),
      ...(sponsor?.active ? { sponsor: { value: sponsor.id, label: sponsor.name } } : {}),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

const sayHealth = (desk: Desk, refusal: Refusal): Outcome => ({
  reply: { kind: 'say', card: noticeCard(healthSentence(desk, refusal)) },
})

/** The task a form was drawn for: a newer one is another matter, with a form of its own. */
async function taskOf(desk: Desk, { drawing, account }: Found): Promise<HealthTask | undefined> {
  const id = typeof drawing.shown.task === 'string' ? drawing.shown.task : undefined
  const task = id === undefined ? undefined : await desk.store.healthTask(desk.company, id)
  return task?.account === account.id ? task : undefined
}

export const reviewEntry: FormEntry = {
  form: healthReview,
  search: { sponsor: searchPerson },
  submit: async (gesture, desk): Promise<Outcome> => {
    const { words } = desk
    const read = readAnswers(healthReview, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const at = await found(desk, gesture.drawing, 'health.change')
    if (isRefusal(at)) return closeWith(desk, at)
    const { account, drawing } = at
    const { action_taken: action, note, sponsor } = read.values
    if (sponsor && !desk.org.people.get(sponsor)?.active)
      return {
        reply: {
          kind: 'field-errors',
          errors: { sponsor: sentenceOf(desk, { code: 'not-found', what: 'person' }) },
        },
      }
    const task = await taskOf(desk, at)
    if (!task) return closeWith(desk, { code: 'not-found', what: 'review' })
    const ruling = closeReview(task, {
      by: desk.person.id,
      at: desk.now,
      action,
      ...(note ? { note } : {}),
      ...(sponsor ? { sponsor } : {}),
    })
    if (!ruling.ok) return closeWith(desk, ruling.refusal)
    const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing } as const
    const { notice, own } = withAccount(
      desk,
      account,
      words.say('health.review.done', { account: theirs(account.name) }),
    )
    return {
      reply: { kind: 'close', say: notice },
      change: merged([
        taskPart(ruling.next, desk.now, actor, desk.policy.version),
        sponsor ? sponsored(desk, account, ruling.next.next, sponsor) : undefined,
      ]),
      drawings: [own],
    }
  },
}

/** Who was agreed upon stays the account's sponsor, and is told, unless they said so themselves. */
function sponsored(desk: Desk, account: Account, review: HealthTask, sponsor: string): Part {
  const deliveries: Delivery[] =
    sponsor === desk.person.id
      ? []
      : [
          {
            kind: 'tell',
            card: sponsorAsked,
            subject: accountSubject(account.id),
            audience: { person: sponsor },
            once: `${sponsorAsked}:${review.id}:${sponsor}`,
          },
        ]
  if (account.executiveSponsor === sponsor) return { save: [], audit: [], deliveries }
  const next: Account = {
    ...account,
    executiveSponsor: sponsor,
    updatedAt: desk.now,
    version: account.version + 1,
  }
  return { save: [{ noun: 'account', next, expect: account.version }], audit: [], deliveries }
}

/** Draws what a new executive sponsor is told, from the account as it is now. */
export const sponsorEntry: CardEntry = async (subject, desk) => {
  const [account, health, tasks] = await Promise.all([
    desk.store.account(desk.company, subject.id),
    desk.store.healthOf(desk.company, subject.id),
    desk.store.healthTasksOf(desk.company, subject.id, 10),
  ])
  const review = tasks.find((task) => task.kind === 'review' && task.status === 'closed')
  // Reopened meanwhile: nothing is agreed upon.
  if (
    !account ||
    !health ||
    !review ||
    tasks.some((task) => task.kind === 'review' && task.status === 'open')
  )
    return undefined
  const by = review.closedBy === undefined ? undefined : desk.org.people.get(review.closedBy)
  const drawing: Drawing = {
    id: desk.newId(),
    subject,
    version: health.version,
    ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
    shown: { score: health.score, grade: health.grade },
    at: desk.now,
  }
  const names = by ? { [by.id]: by.name } : {}
  const card = sponsorCard({ account, health, review, names, drawing: drawing.id }, desk.words)
  return { card, drawings: [drawing] }
}

/** Opens a review again that was closed too early; what was written stays in its form. */
export const reopen: Handler<'button'> = async (gesture, desk) => {
  const at = await found(desk, gesture.drawing, 'health.reopen')
  if (isRefusal(at)) return say(desk, at)
  const { account, drawing } = at
  const task = await taskOf(desk, at)
  if (!task) return sayHealth(desk, { code: 'not-found', what: 'review' })
  const ruling = reopenReview(task, { by: desk.person.id }, await openTasksOf(desk, account.id))
  if (!ruling.ok) return sayHealth(desk, ruling.refusal)
  const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing } as const
  const sentence = desk.words.say('health.review.reopened', { account: theirs(account.name) })
  const { notice, own } = withAccount(desk, account, sentence)
  return {
    reply: { kind: 'say', card: notice },
    change: taskPart(ruling.next, desk.now, actor, desk.policy.version),
    drawings: [own],
  }
}

// ── plan ─────────────────────────────────────────────────────────────────────

export const openPlan: Handler<'button'> = async (gesture, desk) => {
  const at = await found(desk, gesture.drawing, 'health.change')
  if (isRefusal(at)) return say(desk, at)
  const { account } = at
  const { plan } = await openTasksOf(desk, account.id)
  if (!plan) return sayHealth(desk, { code: 'not-found', what: 'plan' })
  const drawing = drawingFor(desk, accountSubject(account.id), plan.version, { task: plan.id })
  const day = today(desk)
  const ahead = plan.plannedUntil !== undefined && plan.plannedUntil > day ? plan.plannedUntil : undefined
  const view = planForm(
    {
      drawing: drawing.id,
      account: account.name,
      now: desk.now,
      until: ahead ?? addDays(day, desk.policy.health.planWithinDays),
      ...(plan.action ? { plan: plan.action } : {}),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const planEntry: FormEntry = {
  form: healthPlan,
  submit: async (gesture, desk): Promise<Outcome> => {
    const { words } = desk
    const read = readAnswers(healthPlan, gesture.answers, words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const { plan, until } = read.values
    const fail = (field: string, refusal: Refusal): Outcome => ({
      reply: { kind: 'field-errors', errors: { [field]: sentenceOf(desk, refusal) } },
    })
    if (!isPlainDate(until)) return fail('until', { code: 'bad-date', text: until })
    const at = await found(desk, gesture.drawing, 'health.change')
    if (isRefusal(at)) return closeWith(desk, at)
    const task = await taskOf(desk, at)
    if (!task) return closeWith(desk, { code: 'not-found', what: 'plan' })
    const ruling = makePlan(task, { by: desk.person.id, at: desk.now, today: today(desk), plan, until })
    if (!ruling.ok)
      return ruling.refusal.code === 'day-not-ahead'
        ? fail('until', ruling.refusal)
        : closeWith(desk, ruling.refusal)
    const actor = { by: desk.person.id, platform: gesture.platform, saw: at.drawing } as const
    const { notice, own } = withAccount(
      desk,
      at.account,
      words.say('health.plan.saved', {
        account: theirs(at.account.name),
        day: words.day(until, desk.now),
      }),
    )
    return {
      reply: { kind: 'close', say: notice },
      change: taskPart(ruling.next, desk.now, actor, desk.policy.version),
      drawings: [own],
    }
  },
}
