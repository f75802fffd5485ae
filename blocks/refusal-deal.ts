import type { HandoffItem } from '../src/canon/handoff.ts'
import type { Stage } from '../src/canon/opportunity.ts'
import type { HandoffRefusal, StageRefusal } from '../src/canon/refusal.ts'
import type { Asked } from '../src/canon/stage.ts'
import type { Names } from './discount.ts'
import { nameOf, peopleOf } from './names.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** What a gate asks for, in the words of the form. */
export const askedWord = (field: Asked, w: Words): string => w.t(`asked.${field}`)

/** What an item of a handoff is called. */
export const itemWord = (item: HandoffItem, w: Words): string => w.t(`item.${item}`)

const rowOf = (texts: readonly string[], w: Words): string => w.list(texts.map((text) => [text])).join('')

const stagesOf = (stages: readonly Stage[], w: Words): string =>
  rowOf(
    stages.map((stage) => w.t(`stage.${stage}`)),
    w,
  )

/** The one sentence of a refusal about stages and handoffs. */
export function dealRefusalSentence(refusal: StageRefusal | HandoffRefusal, w: Words, names: Names): string {
  switch (refusal.code) {
    case 'gates-missing': {
      const fields = rowOf(
        refusal.missing.map(({ field }) => askedWord(field, w)),
        w,
      )
      const to = w.t(`stage.${refusal.to}`)
      return refusal.allowed.length === 0
        ? w.t('refusal.gates-missing', { to, fields })
        : w.t('refusal.gates-missing.allowed', { to, fields, allowed: stagesOf(refusal.allowed, w) })
    }
    case 'no-such-move': {
      const from = w.t(`stage.${refusal.from}`)
      const to = w.t(`stage.${refusal.to}`)
      if (refusal.from === refusal.to) return w.t('refusal.no-such-move.same', { from })
      return refusal.allowed.length === 0
        ? w.t('refusal.no-such-move', { from, to })
        : w.t('refusal.no-such-move.allowed', { from, to, allowed: stagesOf(refusal.allowed, w) })
    }
    case 'never-overridden':
      return w.t('refusal.never-overridden', {
        fields: rowOf(
          refusal.fields.map((field) => askedWord(field, w)),
          w,
        ),
      })
    case 'day-not-ahead':
      return w.t('refusal.day-not-ahead', { text: theirs(refusal.text, 40) })
    case 'close-date-past':
      return w.t('refusal.close-date-past', { text: theirs(refusal.text, 40) })
    case 'day-still-ahead':
      return w.t('refusal.day-still-ahead', {
        field: askedWord(refusal.field, w),
        text: theirs(refusal.text, 40),
      })
    case 'unknown-loss-reason': {
      const text = theirs(refusal.text, 60)
      return refusal.near.length === 0
        ? w.t('refusal.unknown-loss-reason', { text })
        : w.t('refusal.unknown-loss-reason.near', { text, near: rowOf(refusal.near, w) })
    }
    case 'handoff-items-missing':
      return w.t('refusal.handoff-items-missing', {
        items: rowOf(
          refusal.items.map((item) => itemWord(item, w)),
          w,
        ),
      })
    case 'no-receiver':
      return w.t('refusal.no-receiver', { role: w.t(`role.${refusal.role}`) })
    case 'unfit-receiver':
      return w.t(`refusal.unfit-receiver.${refusal.why}`, { name: nameOf(refusal.person, names, w) })
    case 'not-the-receiver':
      return refusal.receivers.length === 0
        ? w.t('refusal.not-the-receiver')
        : w.t('refusal.not-the-receiver.waiting', { names: peopleOf(refusal.receivers, names, w) })
    case 'not-the-sender':
      return w.t('refusal.not-the-sender', { name: nameOf(refusal.sender, names, w) })
    case 'handoff-not-waiting':
      return w.t(`refusal.handoff-not-waiting.${refusal.status}`)
    case 'handoff-needs-won-deal':
      return w.t('refusal.handoff-needs-won-deal', { stage: w.t(`stage.${refusal.stage}`) })
    case 'kickoff-first':
      return refusal.kickoffOn === undefined
        ? w.t('refusal.kickoff-first')
        : w.t('refusal.kickoff-first.on', { day: w.day(refusal.kickoffOn) })
    case 'reopen-needs-manager':
    case 'override-needs-manager':
    case 'handoff-under-way':
    case 'lead-not-live':
    case 'rating-out-of-range':
    case 'no-such-milestone':
      return w.t(`refusal.${refusal.code}`)
  }
}
