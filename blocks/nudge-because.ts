import type { Instant } from '../src/canon/calendar.ts'
import type { Because } from '../src/canon/nudge.ts'
import type { Gate } from '../src/canon/opportunity.ts'
import type { Text } from './card.ts'
import type { Mentions } from './names.ts'
import { renewalBecause } from './renewal.ts'
import { joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Why a nudge fired, in one line. `timeZone`: the reader's, for moments. `mentions`: who of those named is called. */
export function becauseLine(
  because: Because,
  w: Words,
  now: Instant,
  timeZone: string,
  mentions: Mentions = {},
): Text {
  const day = (date: string) => w.day(date, now)
  switch (because.kind) {
    case 'stalled':
      return w.say(because.risk ? 'because.stalled.risk' : 'because.stalled', {
        count: because.days,
        stage: w.t(`stage.${because.stage}`),
        since: day(because.since),
      })
    case 'close-date-past':
      return w.say('because.close-date-past', { count: because.days, day: day(because.closeOn) })
    case 'champion-silent':
      return because.days === undefined
        ? w.say('because.champion-silent.never', { contact: theirs(because.contact, 40) })
        : w.say('because.champion-silent', { count: because.days, contact: theirs(because.contact, 40) })
    case 'champion-left':
      return w.say('because.champion-left', {
        contact: theirs(because.contact, 40),
        day: day(because.leftOn),
      })
    case 'meddicc-gap':
      return w.say('because.meddicc-gap', {
        stage: w.t(`stage.${because.stage}`),
        fields: gates(because.fields, w),
      })
    case 'gate-debt':
      return w.say(because.overdue ? 'because.gate-debt.overdue' : 'because.gate-debt', {
        day: day(because.until),
        fields: gates(because.gates, w),
      })
    case 'hygiene':
      return joined(
        [
          ...(because.loggedLate > 0 ? [w.say('because.hygiene.late', { count: because.loggedLate })] : []),
          ...(because.staleContacts > 0
            ? [w.say('because.hygiene.stale', { count: because.staleContacts })]
            : []),
          ...(because.untouchedLeads
            ? [w.say('because.hygiene.leads', { count: because.untouchedLeads })]
            : []),
          ...(because.unlinked ? [w.say('because.hygiene.unlinked', { count: because.unlinked })] : []),
        ],
        ' · ',
      )
    case 'lead-response':
      return w.say('because.lead-response', {
        at: w.moment(because.arrivedAt, timeZone, now),
        time: w.duration(because.minutes * 60_000),
      })
    case 'health-red':
      return because.before === undefined
        ? w.say('because.health-red', { day: day(because.since), score: tenths(because.score) })
        : w.say('because.health-red.from', {
            day: day(because.since),
            score: tenths(because.score),
            before: tenths(because.before),
          })
    case 'health-yellow':
      return w.say(yellowKey(because.asks), {
        day: day(because.since),
        score: tenths(because.score),
        due: day(because.dueOn),
      })
    case 'renewal':
      return renewalBecause(because, w, now, mentions)
    case 'qbr-due':
      return because.lastHeldOn === undefined
        ? w.say('because.qbr-due', { quarter: because.quarter, day: day(because.dueOn) })
        : w.say('because.qbr-due.last', {
            quarter: because.quarter,
            day: day(because.dueOn),
            last: day(because.lastHeldOn),
          })
    case 'forecast-miss':
      return w.say(`because.forecast-miss.${because.against}`, {
        quarter: because.quarter,
        percent: because.percent,
      })
  }
}

const gates = (fields: readonly Gate[], w: Words): string =>
  fields.map((field) => w.t(`asked.${field}`)).join(', ')

const yellowKey = (asks: Extract<Because, { kind: 'health-yellow' }>['asks']) =>
  asks === undefined || asks === 'make' ? 'because.health-yellow' : (`because.health-yellow.${asks}` as const)

/** Scores are kept in tenths: 478 is 47.8. */
const tenths = (score: number): string => String(score / 10)
