import type { Activity } from './activity.ts'
import { daysBetween, type Instant, localDate, type PlainDate } from './calendar.ts'
import type { Contact } from './contact.ts'
import { type DiscountRequest, isSettled } from './discount.ts'
import type { Handoff, HandoffStatus } from './handoff.ts'
import { championTrouble, daysPast, standstill } from './nudge-deal.ts'
import { type Gate, type GateDebt, isOpen, type Opportunity, type Stage, stages } from './opportunity.ts'
import type { Org } from './people.ts'
import type { Policy } from './policy.ts'
import type { Missing } from './stage.ts'
import { blocking, missingFor, unpaid } from './stage-gates.ts'

/** All that the next best actions of a deal are told from. */
export interface NextActionsWorld {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
  readonly contacts: readonly Contact[]
  /** The newest first, planned ones included. */
  readonly activities: readonly Activity[]
  readonly discount?: DiscountRequest
  readonly handoffs: readonly Handoff[]
}

/**
 * Something to do about a deal, and why: values with a code, the sentences are `blocks/words`. `risk` marks what
 * endangers the deal, the others bring it on.
 */
export type NextAction = { readonly risk: boolean } & (
  | { readonly code: 'requalify-champion'; readonly contact: string; readonly leftOn: PlainDate }
  | { readonly code: 'contact-champion'; readonly contact: string; readonly days?: number }
  | { readonly code: 'fix-close-date'; readonly closeOn: PlainDate; readonly days: number }
  | { readonly code: 'set-close-date' }
  /** No change of stage for over 30 days; from 60 on: close, revive, or push out (Canon, Nudges). */
  | { readonly code: 'stalled'; readonly days: number; readonly since: PlainDate; readonly critical: boolean }
  | { readonly code: 'pay-gate-debt'; readonly debts: readonly GateDebt[]; readonly overdue: boolean }
  | { readonly code: 'fill-gates'; readonly stage: Stage; readonly fields: readonly Gate[] }
  | { readonly code: 'answer-counter'; readonly request: string }
  | {
      readonly code: 'await-approval'
      readonly request: string
      readonly people: readonly string[]
      readonly days: number
    }
  | { readonly code: 'review-discount' }
  | {
      readonly code: 'finish-handoff'
      readonly handoff: string
      readonly status: HandoffStatus
      readonly people: readonly string[]
      readonly days: number
    }
  | { readonly code: 'schedule-kickoff'; readonly handoff: string }
  | { readonly code: 'plan-next-step'; readonly days?: number }
  | { readonly code: 'advance'; readonly to: Stage }
  | { readonly code: 'prepare-gate'; readonly to: Stage; readonly fields: readonly Gate[] }
)

/** Days without an activity, past or planned, after which the next step is asked for. */
const quietAfterDays = 7

/** What to do about a deal next, the most pressing first; each says why. */
export function nextActions(deal: Opportunity, world: NextActionsWorld): NextAction[] {
  const { timeZone } = world.org.company.working
  const today = localDate(world.now, timeZone)
  const age = (at: Instant) => daysBetween(localDate(at, timeZone), today)
  if (!isOpen(deal.stage)) return handoffActions(world, age)
  return [
    ...championActions(deal, world, today),
    ...debtActions(deal, today),
    ...dateActions(deal, world, today),
    ...discountActions(deal, world, age),
    ...gateActions(deal, world, today),
    ...handoffActions(world, age),
    ...paceActions(deal, world, age),
    ...aheadActions(deal, world, today),
  ]
}

function championActions(deal: Opportunity, world: NextActionsWorld, today: PlainDate): NextAction[] {
  const { now, org, policy, contacts } = world
  const at = { now, zone: org.company.working.timeZone, today }
  const trouble = championTrouble(deal.meddicc.champion, contacts, at, policy.nudges)
  const gone = deal.championLeft && contacts.find(({ id }) => id === deal.championLeft?.contact)
  if (!trouble)
    return gone?.leftOn === undefined
      ? []
      : [{ code: 'requalify-champion', risk: true, contact: gone.id, leftOn: gone.leftOn }]
  const contact = trouble.contact.id
  if (trouble.what === 'left')
    return [{ code: 'requalify-champion', risk: true, contact, leftOn: trouble.leftOn }]
  const { days } = trouble
  return [{ code: 'contact-champion', risk: true, contact, ...(days === undefined ? {} : { days }) }]
}

function debtActions(deal: Opportunity, today: PlainDate): NextAction[] {
  const debts = unpaid(deal)
  const overdue = debts.some((debt) => debt.until < today)
  return debts.length > 0 ? [{ code: 'pay-gate-debt', risk: overdue, debts, overdue }] : []
}

function dateActions(deal: Opportunity, { policy }: NextActionsWorld, today: PlainDate): NextAction[] {
  const { expectedCloseOn: closeOn, stageEnteredOn: since } = deal
  const actions: NextAction[] = []
  const past = daysPast(closeOn, today)
  if (closeOn === undefined) actions.push({ code: 'set-close-date', risk: false })
  else if (past !== undefined) actions.push({ code: 'fix-close-date', risk: true, closeOn, days: past })
  const still = standstill(since, today, policy.nudges)
  if (since !== undefined && still)
    actions.push({ code: 'stalled', risk: true, days: still.days, since, critical: still.risk })
  return actions
}

function discountActions(
  deal: Opportunity,
  { discount }: NextActionsWorld,
  age: (at: Instant) => number,
): NextAction[] {
  const flagged: NextAction[] = deal.discountFlagged ? [{ code: 'review-discount', risk: true }] : []
  if (!discount || isSettled(discount)) return flagged
  if (discount.status === 'countered')
    return [...flagged, { code: 'answer-counter', risk: false, request: discount.id }]
  const people = discount.steps.filter((step) => step.state === 'open').flatMap((step) => step.people)
  const days = age(discount.openedAt)
  return [...flagged, { code: 'await-approval', risk: false, request: discount.id, people, days }]
}

function gateActions(deal: Opportunity, world: NextActionsWorld, today: PlainDate): NextAction[] {
  const owed = new Set(unpaid(deal).map((debt) => debt.gate))
  // That the champion left is said by itself.
  if (deal.championLeft) owed.add('champion')
  const fields = gatesIn(missingFor(deal, deal.stage, world.policy, today)).filter((gate) => !owed.has(gate))
  return fields.length > 0 ? [{ code: 'fill-gates', risk: true, stage: deal.stage, fields }] : []
}

function handoffActions(world: NextActionsWorld, age: (at: Instant) => number): NextAction[] {
  return world.handoffs.flatMap((handoff): NextAction[] => {
    const { id, status, kind, sender, receiver } = handoff
    if (status === 'withdrawn') return []
    if (status === 'accepted')
      return kind === 'ae-to-cs' && handoff.kickoffOn === undefined
        ? [{ code: 'schedule-kickoff', risk: false, handoff: id }]
        : []
    const waits = status === 'submitted' ? receiver : sender
    return [
      {
        code: 'finish-handoff',
        risk: handoff.escalatedAt !== undefined,
        handoff: id,
        status,
        people: waits === undefined ? [] : [waits],
        days: age(handoff.turnSince),
      },
    ]
  })
}

/** Nothing planned and nothing lately: the deal needs a next step. */
function paceActions(
  deal: Opportunity,
  { activities, now }: NextActionsWorld,
  age: (at: Instant) => number,
): NextAction[] {
  if (activities.some((activity) => activity.happenedAt > now)) return []
  const last = activities[0]?.happenedAt ?? deal.lastActivityAt
  if (last === undefined) return [{ code: 'plan-next-step', risk: false }]
  const days = age(last)
  return days >= quietAfterDays ? [{ code: 'plan-next-step', risk: false, days }] : []
}

function aheadActions(deal: Opportunity, world: NextActionsWorld, today: PlainDate): NextAction[] {
  const to = stages[stages.indexOf(deal.stage) + 1]
  if (to === undefined || to === 'CL') return []
  const fields = gatesIn(blocking(deal, to, world.policy, today))
  const own = new Set(gatesIn(missingFor(deal, deal.stage, world.policy)))
  const ahead = fields.filter((gate) => !own.has(gate))
  if (fields.length === 0) return [{ code: 'advance', risk: false, to }]
  return ahead.length > 0 ? [{ code: 'prepare-gate', risk: false, to, fields: ahead }] : []
}

const gatesIn = (missing: readonly Missing[]): Gate[] => missing.map(({ field }) => field as Gate)
