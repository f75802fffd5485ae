import { addDays, daysBetween, type Instant, localDate, type PlainDate } from './calendar.ts'
import { type Contact, contactNamed, hasLeft, isSilent } from './contact.ts'
import type { Because } from './nudge.ts'
import {
  isOpen,
  type MeddiccField,
  meddiccFields,
  type Opportunity,
  openStages,
  requiredMeddicc,
  type Stage,
} from './opportunity.ts'
import type { Policy } from './policy.ts'
import type { NudgePolicy } from './policy-nudge.ts'
import { unpaid } from './stage-gates.ts'

// What is found about deals by the day: for the nightly rules and for the next best actions on a deal's card alike.

/** A cause that holds and that nobody mended comes again after so many days (Canon: one nudge of a kind per cycle). */
const againAfterDays = 30
/** Days before a gate debt is due in which it is told once more, and after which it comes again while overdue. */
const debtSoonDays = 3
const debtAgainDays = 7

/** How often a cause has come round again, counted from its first day. */
const rounds = (days: number, every = againAfterDays): number => Math.floor(days / every)

// ── stalled ──────────────────────────────────────────────────────────────────

/** How long a deal has been in its stage, where that is too long; from `riskAfterDays` on it is a risk. */
export function standstill(
  since: PlainDate | undefined,
  today: PlainDate,
  nudges: Pick<NudgePolicy, 'stalledAfterDays' | 'riskAfterDays'>,
): { readonly days: number; readonly risk: boolean } | undefined {
  if (since === undefined) return undefined
  const days = daysBetween(since, today)
  return days > nudges.stalledAfterDays ? { days, risk: days >= nudges.riskAfterDays } : undefined
}

/** Once when it stalls, once when it is a risk, and then every 30 days, until it moves. */
export function stalledCycle(
  since: PlainDate,
  days: number,
  { riskAfterDays }: Pick<NudgePolicy, 'riskAfterDays'>,
): string {
  return days < riskAfterDays ? `${since}/stalled` : `${since}/risk/${rounds(days - riskAfterDays)}`
}

// ── close date ───────────────────────────────────────────────────────────────

/** Days by which a deal should have closed; `undefined` while its date lies ahead, or today. */
export const daysPast = (closeOn: PlainDate | undefined, today: PlainDate): number | undefined =>
  closeOn !== undefined && closeOn < today ? daysBetween(closeOn, today) : undefined

/** When the date has passed, and every 30 days until it is put right. */
export const closeDateCycle = (closeOn: PlainDate, days: number): string => `${closeOn}/${rounds(days - 1)}`

// ── champion ─────────────────────────────────────────────────────────────────

/** What is the matter with a champion: gone, or silent for too long (`days` absent: nobody ever spoke with them). */
export type ChampionTrouble =
  | { readonly what: 'left'; readonly contact: Contact; readonly leftOn: PlainDate }
  | { readonly what: 'silent'; readonly contact: Contact; readonly days?: number }

/** Looks at the contact that a deal names as its champion, where it names one. */
export function championTrouble(
  champion: string | undefined,
  contacts: readonly Contact[],
  at: { readonly now: Instant; readonly zone: string; readonly today: PlainDate },
  { championSilentAfterDays }: Pick<NudgePolicy, 'championSilentAfterDays'>,
): ChampionTrouble | undefined {
  const contact = contactNamed(champion, contacts)
  if (!contact) return undefined
  if (hasLeft(contact, at.today)) return { what: 'left', contact, leftOn: contact.leftOn! }
  if (!isSilent(contact, at.now, at.zone, championSilentAfterDays)) return undefined
  const last = contact.lastContactedAt
  return last === undefined
    ? { what: 'silent', contact }
    : { what: 'silent', contact, days: daysBetween(localDate(last, at.zone), at.today) }
}

/** Whether silence is worth a nudge: nobody ever spoke with the champion of a deal that is new, and need not have. */
export const silenceCounts = (
  days: number | undefined,
  createdOn: PlainDate | undefined,
  today: PlainDate,
  { championSilentAfterDays }: Pick<NudgePolicy, 'championSilentAfterDays'>,
): boolean =>
  days !== undefined || createdOn === undefined || addDays(createdOn, championSilentAfterDays) < today

/** When they fall silent, and every 30 days until somebody speaks with them; monthly where nobody ever did. */
export const silentCycle = (
  contact: string,
  days: number | undefined,
  today: PlainDate,
  { championSilentAfterDays }: Pick<NudgePolicy, 'championSilentAfterDays'>,
): string =>
  days === undefined
    ? `${contact}/never/${today.slice(0, 7)}`
    : `${contact}/${addDays(today, -days)}/${rounds(days - championSilentAfterDays - 1)}`

/** When they left, and every 30 days until somebody takes their place. */
export const leftCycle = (contact: string, leftOn: PlainDate, today: PlainDate): string =>
  `${contact}/${leftOn}/${rounds(Math.max(0, daysBetween(leftOn, today)))}`

// ── MEDDICC and gates ────────────────────────────────────────────────────────

/** The MEDDICC fields that the gates of each open stage require, cumulatively. */
export function requiredByStage(
  policy: Pick<Policy, 'gates'>,
): Readonly<Partial<Record<Stage, readonly MeddiccField[]>>> {
  return Object.fromEntries(openStages.map((stage) => [stage, requiredMeddicc(stage, policy)]))
}

/**
 * The required fields that a deal does not say and does not owe: what is owed is told as gate debt, and a champion who
 * left as such.
 */
export function meddiccGap(
  deal: Pick<Opportunity, 'stage' | 'meddicc' | 'gateDebt' | 'championLeft'>,
  required: readonly MeddiccField[],
): MeddiccField[] {
  const owed = new Set(deal.gateDebt?.map(({ gate }) => gate))
  return required.filter(
    (field) =>
      !deal.meddicc[field]?.trim() &&
      !owed.has(field) &&
      !(field === 'champion' && deal.championLeft !== undefined),
  )
}

/** The fields a deal knows, out of the bits of `ScannedGap.known`. */
export const missingOf = (required: readonly MeddiccField[], known: number): MeddiccField[] =>
  required.filter((field) => (known & (1 << meddiccFields.indexOf(field))) === 0)

/** Another stage or another field asks anew; else every 30 days by the calendar. */
export const gapCycle = (stage: Stage, fields: readonly MeddiccField[], today: PlainDate): string =>
  `${stage}/${fields.join('+')}/${today.slice(0, 7)}`

/** What a deal owes, the earliest day first. */
export function debtOf(
  deal: Opportunity,
  today: PlainDate,
): Extract<Because, { kind: 'gate-debt' }> | undefined {
  if (!isOpen(deal.stage)) return undefined
  const debts = unpaid(deal).toSorted((a, b) => (a.until < b.until ? -1 : 1))
  const first = debts[0]
  if (!first) return undefined
  return {
    kind: 'gate-debt',
    gates: debts.map(({ gate }) => gate),
    until: first.until,
    overdue: first.until < today,
  }
}

/** When it is made, three days before it is due, and every week that it is overdue. */
export function debtCycle(until: PlainDate, today: PlainDate): string {
  const left = daysBetween(today, until)
  if (left < 0) return `${until}/overdue/${rounds(-left - 1, debtAgainDays)}`
  return left <= debtSoonDays ? `${until}/soon` : `${until}/owed`
}
