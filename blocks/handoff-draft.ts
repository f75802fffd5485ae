import { localDate } from '../src/canon/calendar.ts'
import type { DraftValue, ExpansionSignal, HandoffDraft, HandoffItems } from '../src/canon/handoff.ts'
import { clip } from './text.ts'
import type { WordKey, Words } from './words/index.ts'

/** Characters that one item of a handoff may hold. */
export const mostOfItem = 2000

/** A draft as the items of a handoff, in one person's language; they edit what they read. */
export const draftItems = (draft: HandoffDraft, w: Words, zone: string): HandoffItems =>
  Object.fromEntries(
    Object.entries(draft).map(([item, value]) => [
      item,
      clip(draftText(value as DraftValue, w, zone, item), mostOfItem),
    ]),
  )

function draftText(value: DraftValue, w: Words, zone: string, item: string): string {
  switch (value.is) {
    case 'text':
      return value.text
    case 'date':
      return value.on
    case 'contacts':
      return value.contacts
        .map(({ name, email, role, department }) =>
          // Under “Champion” nobody is called a champion once more.
          [name, role && !item.startsWith(role) && w.t(`contact.${role}`), department, email]
            .filter(Boolean)
            .join(' · '),
        )
        .join('\n')
    case 'activities':
      return value.activities
        .map((each) =>
          [w.day(localDate(each.happenedAt, zone)), w.t(`activity.${each.kind}`), each.note]
            .filter(Boolean)
            .join(' · '),
        )
        .join('\n')
    case 'meddicc':
      return value.fields.map(({ field, text }) => `${w.t(`meddicc.${field}`)}: ${text}`).join('\n')
    case 'contract':
      return [
        value.product,
        value.price && w.money(value.price),
        value.discount === undefined
          ? undefined
          : w.t('draft.discount', { discount: w.percent(value.discount) }),
        value.signedOn && w.t('draft.signed', { day: w.day(value.signedOn) }),
      ]
        .filter(Boolean)
        .join(' · ')
    case 'debts':
      return value.gates
        .map(({ gate, until }) => w.t('draft.debt', { gate: gateWord(gate, w), day: w.day(until) }))
        .join('\n')
    case 'signals':
      return value.signals.map((signal) => signalText(signal, w)).join('\n')
  }
}

const gateKeys = {
  metrics: true,
  economic_buyer: true,
  decision_criteria: true,
  decision_process: true,
  identify_pain: true,
  champion: true,
  competition: true,
  first_meeting: true,
  demo: true,
  proposal: true,
  negotiation: true,
  verbal_agreement: true,
  contract_signed: true,
  owner: true,
} as const
const isGate = (gate: string): gate is keyof typeof gateKeys => Object.hasOwn(gateKeys, gate)
const gateWord = (gate: string, w: Words): string =>
  isGate(gate) ? w.t(`asked.${gate}` satisfies WordKey) : gate

/** Why an account may want more, as a sentence without names of ours. */
export function signalText(signal: ExpansionSignal, w: Words): string {
  switch (signal.signal) {
    case 'usage-up':
    case 'nps-up':
      return w.t(`signal.${signal.signal}`, { before: signal.before, now: signal.now })
    case 'new-department':
      return w.t('signal.new-department', { department: { user: signal.department } })
  }
}
