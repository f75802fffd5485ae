import type { Activity } from '../src/canon/activity.ts'
import { daysBetween, type Instant, localDate, type PlainDate } from '../src/canon/calendar.ts'
import { type Contact, hasLeft } from '../src/canon/contact.ts'
import type { NextAction } from '../src/canon/next-actions.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import type { LossReason } from '../src/canon/policy-loss.ts'
import type { StageEntry } from '../src/canon/stage.ts'
import type { Block, Button, Text } from './card.ts'
import type { Names } from './discount.ts'
import { type HandoffRow, handoffStatus } from './handoffs.ts'
import { lossText } from './loss.ts'
import { nameOf, namesOf } from './names.ts'
import { askedWord } from './refusal-deal.ts'
import { stageLine } from './stage.ts'
import { joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** The record behind a deal's card: people, activities, handoffs, history, and what to do next. */
export interface DealRecord {
  readonly deal: Opportunity
  readonly names: Names
  readonly now: Instant
  readonly today: PlainDate
  readonly timeZone: string
  readonly contacts: readonly Contact[]
  /** The newest first, planned ones before all. */
  readonly activities: readonly Activity[]
  readonly handoffs: readonly HandoffRow[]
  readonly history: readonly StageEntry[]
  readonly actions: readonly NextAction[]
  readonly lossReasons: readonly LossReason[]
}

type Facts = { label: string; value: Text }[]

/** What the deal says of how it was closed, or of what it still owes. */
export function standingOf({ deal, now, today, lossReasons }: DealRecord, w: Words): Block[] {
  const blocks: Block[] = []
  if (deal.won === 'unfinished') blocks.push({ kind: 'text', text: w.say('deal.won-unfinished') })
  for (const debt of deal.gateDebt ?? [])
    blocks.push({
      kind: 'text',
      text: w.say(debt.until < today ? 'deal.debt.overdue' : 'deal.debt', {
        field: { bold: askedWord(debt.gate, w) },
        day: w.day(debt.until, now),
      }),
    })
  if (deal.stage === 'CL' && deal.lossReason) {
    const list = lossReasons.find((reason) => reason.code === deal.lossReason)
    const facts: Facts = [
      { label: w.t('field.loss-reason'), value: [theirs(lossText(deal.lossReason, lossReasons, w))] },
      ...(deal.lossReasonDetail
        ? [
            {
              label: w.t('field.loss-reason-detail'),
              value: [theirs(lossText(deal.lossReasonDetail, list?.details ?? [], w))],
            },
          ]
        : []),
    ]
    blocks.push({ kind: 'facts', facts })
  }
  return blocks
}

/** What to do next, the most pressing first, each with why. */
export function nextActionsOf(record: DealRecord, w: Words): Block[] {
  const shown = record.actions.slice(0, 5)
  if (shown.length === 0) return []
  const more = record.actions.length - shown.length
  return [
    { kind: 'heading', text: [w.t('deal.next')] },
    ...shown.map(
      (action): Block => ({
        kind: 'text',
        text: [action.risk ? '⚠️ ' : '👉 ', ...actionText(action, record, w)],
      }),
    ),
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
  ]
}

function actionText(action: NextAction, record: DealRecord, w: Words): Text {
  const { names, now, contacts } = record
  const contactOf = (id: string) =>
    theirs(contacts.find((contact) => contact.id === id)?.name ?? w.t('person.unknown'), 40)
  const rowOf = (fields: readonly Parameters<typeof askedWord>[0][]) =>
    fields.map((field) => askedWord(field, w)).join(', ')
  switch (action.code) {
    case 'requalify-champion':
      return w.say('next.requalify-champion', {
        name: contactOf(action.contact),
        day: w.day(action.leftOn, now),
      })
    case 'contact-champion':
      return action.days === undefined
        ? w.say('next.contact-champion.never', { name: contactOf(action.contact) })
        : w.say('next.contact-champion', { name: contactOf(action.contact), count: action.days })
    case 'fix-close-date':
      return w.say('next.fix-close-date', { day: w.day(action.closeOn, now), count: action.days })
    case 'stalled':
      return w.say(action.critical ? 'next.stalled.critical' : 'next.stalled', { count: action.days })
    case 'pay-gate-debt':
      return w.say(action.overdue ? 'next.pay-gate-debt.overdue' : 'next.pay-gate-debt', {
        fields: rowOf(action.debts.map(({ gate }) => gate)),
      })
    case 'fill-gates':
      return w.say('next.fill-gates', { stage: w.t(`stage.${action.stage}`), fields: rowOf(action.fields) })
    case 'await-approval':
      return [
        ...w.say('next.await-approval', { count: action.days }),
        ...(action.people.length > 0 ? [' (', ...namesOf(action.people, names, w), ')'] : []),
      ]
    case 'finish-handoff':
      return [
        ...w.say(`next.finish-handoff.${action.status === 'submitted' ? 'submitted' : 'sender'}`, {
          count: action.days,
        }),
        ...(action.people.length > 0 ? [' (', ...namesOf(action.people, names, w), ')'] : []),
      ]
    case 'plan-next-step':
      return action.days === undefined
        ? w.say('next.plan-next-step.never')
        : w.say('next.plan-next-step', { count: action.days })
    case 'advance':
      return w.say('next.advance', { stage: w.t(`stage.${action.to}`) })
    case 'prepare-gate':
      return w.say('next.prepare-gate', { stage: w.t(`stage.${action.to}`), fields: rowOf(action.fields) })
    case 'set-close-date':
    case 'answer-counter':
    case 'review-discount':
    case 'schedule-kickoff':
      return w.say(`next.${action.code}`)
  }
}

/** The people on the other side, those who count first; who left is said to have left. */
export function peopleBlocks({ contacts, now, today, timeZone }: DealRecord, w: Words): Block[] {
  if (contacts.length === 0) return []
  const weight = (contact: Contact) =>
    hasLeft(contact, today) ? 9 : contact.role ? roleOrder.indexOf(contact.role) : 5
  const shown = [...contacts].sort((a, b) => weight(a) - weight(b)).slice(0, 6)
  const more = contacts.length - shown.length
  const facts: Facts = shown.map((contact) => {
    const parts: Text[] = [[theirs(contact.name, 60)]]
    if (hasLeft(contact, today)) parts.push(w.say('deal.contact.left', { day: w.day(contact.leftOn!, now) }))
    else {
      if (contact.engagement) parts.push([w.t(`engagement.${contact.engagement}`)])
      parts.push(
        contact.lastContactedAt === undefined
          ? w.say('deal.contact.never')
          : w.say('deal.contact.last', {
              count: Math.max(0, daysBetween(localDate(contact.lastContactedAt, timeZone), today)),
            }),
      )
    }
    return {
      label: contact.role ? w.t(`contact.${contact.role}`) : w.t('deal.contact'),
      value: joined(parts, ' · '),
    }
  })
  return [
    { kind: 'heading', text: [w.t('deal.people')] },
    { kind: 'facts', facts },
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
  ]
}

const roleOrder = ['economic_buyer', 'champion', 'day_to_day', 'influencer', 'blocker'] as const

/** Handoffs of this deal, each to be opened. */
export function handoffBlocks({ handoffs, now }: DealRecord, w: Words): Block[] {
  if (handoffs.length === 0) return []
  return [
    { kind: 'heading', text: [w.t('handoffs.title')] },
    ...handoffs.slice(0, 3).map((row): Block => {
      const text: Text = [{ bold: w.t(`handoff.${row.handoff.kind}`) }, ' · ', ...handoffStatus(row, now, w)]
      if (!row.drawing) return { kind: 'note', text }
      const buttons: Button[] = [{ action: 'handoff.open', label: w.t('button.open'), drawing: row.drawing }]
      return { kind: 'row', text, buttons }
    }),
  ]
}

/** What happened lately: changes of stage and activities, each on a line, the newest first. */
export function latestOf(record: DealRecord, w: Words): Block[] {
  const { history, activities, names, timeZone, now } = record
  const lines = [
    ...history.map((entry) => ({ at: entry.at, text: stageLine(entry, names, w) })),
    ...activities.map((activity) => ({ at: activity.happenedAt, text: activityLine(activity, record, w) })),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, 6)
  if (lines.length === 0) return []
  return [
    { kind: 'heading', text: [w.t('deal.latest')] },
    ...lines.map(
      ({ at, text }): Block => ({
        kind: 'note',
        text: [`${w.day(localDate(at, timeZone), now)} · `, ...text],
      }),
    ),
  ]
}

function activityLine(activity: Activity, { names, contacts, now }: DealRecord, w: Words): Text {
  const contact = contacts.find((each) => each.id === activity.contact)
  const kind = w.t(`activity.${activity.kind}`)
  const parts: Text[] = [[activity.happenedAt > now ? w.t('activity.planned', { kind }) : kind]]
  if (contact) parts.push([theirs(contact.name, 40)])
  if (activity.person) parts.push([nameOf(activity.person, names, w)])
  if (activity.note?.trim()) parts.push([theirs(activity.note, 100)])
  return joined(parts, ' · ')
}
