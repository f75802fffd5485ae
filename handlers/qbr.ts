import { noticeCard } from '../blocks/notice.ts'
import { qbrForm, qbrRecord } from '../blocks/renewal-form.ts'
import { theirs } from '../blocks/text.ts'
import { parseDate } from '../src/canon/calendar.ts'
import { readQbr } from '../src/canon/qbr.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { may } from '../src/canon/visibility.ts'
import { readAnswers } from './answers.ts'
import type { FormEntry, Handler } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject } from './health-assess.ts'
import { renewalFile, todayOf } from './renewal-world.ts'

/** “Record a QBR” on an account's card or a nudge. */
export const openQbr: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  if (!file) return say(desk, { code: 'out-of-date' })
  const { account } = file
  if (!may(desk.person, 'qbr.record', { account }, desk.org))
    return say(desk, { code: 'not-allowed', what: 'qbr.record' })
  const drawing = drawingFor(desk, accountSubject(account.id), account.version)
  const view = qbrForm({ drawing: drawing.id, account, heldOn: todayOf(desk) }, desk.words)
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const qbrEntry: FormEntry = {
  form: qbrRecord,
  submit: async (gesture, desk) => {
    const read = readAnswers(qbrRecord, gesture.answers, desk.words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const file = await renewalFile(desk, gesture.drawing)
    const close = (refusal: Refusal) =>
      ({ reply: { kind: 'close', say: noticeCard(sentenceOf(desk, refusal)) } }) as const
    if (!file) return close({ code: 'out-of-date' })
    const { account } = file
    if (!may(desk.person, 'qbr.record', { account }, desk.org))
      return close({ code: 'not-allowed', what: 'qbr.record' })
    const fail = (refusal: Refusal) =>
      ({ reply: { kind: 'field-errors', errors: { held_on: sentenceOf(desk, refusal) } } }) as const
    const day = parseDate(read.values.held_on)
    if (!day.ok) return fail(day.refusal)
    const held = readQbr(day.next, todayOf(desk), desk.org.company.fiscalYearStart)
    if (!held.ok) return fail(held.refusal)
    const { notes } = read.values
    const text = desk.words.say('qbr.saved', { account: theirs(account.name), quarter: held.next.quarter })
    return {
      reply: { kind: 'close', say: noticeCard(text) },
      change: {
        save: [
          {
            noun: 'qbr',
            next: { account: account.id, ...held.next, by: desk.person.id, ...(notes ? { notes } : {}) },
          },
        ],
        audit: [
          {
            at: desk.now,
            what: 'qbr.recorded',
            by: desk.person.id,
            platform: gesture.platform,
            subject: accountSubject(account.id),
            detail: { ...held.next },
          },
        ],
        deliveries: [],
        refresh: [accountSubject(account.id)],
      },
    }
  },
}
