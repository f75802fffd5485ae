import type { Instant, PlainDate } from './calendar.ts'
import { type Money, percentOf, sameMoney } from './money.ts'
import type { Policy } from './policy.ts'

export const openStages = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'] as const
export const stages = [...openStages, 'CW', 'CL'] as const
export type Stage = (typeof stages)[number]

export const channels = ['outbound', 'inbound', 'cs_driven', 'partner'] as const
export type Channel = (typeof channels)[number]

export const tiers = ['T1', 'T2', 'T3'] as const
export type Tier = (typeof tiers)[number]

export const meddiccFields = [
  'metrics',
  'economic_buyer',
  'decision_criteria',
  'decision_process',
  'identify_pain',
  'champion',
  'competition',
] as const
export type MeddiccField = (typeof meddiccFields)[number]

/** What must have happened, on a day, for a gate to hold (Canon, Opportunity stages). */
export const evidenceKinds = [
  'first_meeting',
  /** A demo or a proof of concept was done. */
  'demo',
  'proposal',
  /** Price or terms are being negotiated, since. */
  'negotiation',
  /** Agreed by word of mouth, the contract being under review. */
  'verbal_agreement',
  'contract_signed',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** All that a gate may ask for; `owner`: the AE that S1 needs. */
export type Gate = MeddiccField | EvidenceKind | 'owner'

/** A gate that somebody entitled let a deal pass without, to be filled by a day (Canon, Opportunity stages: gate debt). */
export interface GateDebt {
  readonly gate: Gate
  /** The stage whose gate asks for it. */
  readonly stage: Stage
  readonly until: PlainDate
  readonly reason: string
  /** Person id, or `system` where a handoff brought the deal without it. */
  readonly by: string
  readonly at: Instant
}

/** A deal (Canon, Words). `amount` is the contract value; `listAmount` is the price before any discount. */
export interface Opportunity {
  readonly id: string
  readonly name: string
  readonly account?: string
  readonly accountName?: string
  /** The CSM of the account, who may see its deals. */
  readonly accountCsm?: string
  readonly tier?: Tier
  /** Person id of the AE. */
  readonly owner?: string
  readonly amount?: Money
  readonly listAmount?: Money
  readonly stage: Stage
  readonly stageEnteredOn?: PlainDate
  readonly createdOn?: PlainDate
  readonly expectedCloseOn?: PlainDate
  readonly closedOn?: PlainDate
  readonly channel?: Channel
  readonly product?: string
  readonly meddicc: Readonly<Partial<Record<MeddiccField, string>>>
  readonly lossReason?: string
  readonly lossReasonDetail?: string
  readonly competitor?: string
  /** The contact who was champion and left, and the words that stood for them, until there is another champion. */
  readonly championLeft?: { readonly contact: string; readonly said: string }
  /** Set by an approval of ours; `price` is then the approved price. */
  readonly approvedDiscount?: number
  readonly price?: Money
  /** The list or amount changed after approval: the approved discount needs another look. */
  readonly discountFlagged?: boolean
  /** The day each evidence is of. */
  readonly evidence?: Readonly<Partial<Record<EvidenceKind, PlainDate>>>
  readonly gateDebt?: readonly GateDebt[]
  /** Of a won deal: `unfinished` until its AE→CS handoff is accepted and the kickoff scheduled (Canon, Handoffs). */
  readonly won?: 'unfinished' | 'finished'
  /** The handoff that opened it. */
  readonly openedBy?: string
  /** The newest activity on it; read with the record, never written. */
  readonly lastActivityAt?: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** Whether a stage is one of S1–S6: neither won nor lost. */
export function isOpen(stage: Stage): boolean {
  return (openStages as readonly Stage[]).includes(stage)
}

/** The currency of a deal's sums, and of the first one it gets: its company's. */
export function currencyOfDeal(
  deal: Opportunity | undefined,
  company: { readonly currency: string },
): string {
  return deal?.listAmount?.currency ?? deal?.amount?.currency ?? deal?.price?.currency ?? company.currency
}

/**
 * Whether people may say in chat what a deal is worth. Not once a discount was approved, which gave it its price, nor
 * while one is asked for: another amount would void the request (Canon, Discount approval).
 */
export function takesAmount(deal: Opportunity, discountAsked: boolean): boolean {
  return (
    isOpen(deal.stage) && deal.price === undefined && deal.approvedDiscount === undefined && !discountAsked
  )
}

/** Whether a deal has come as far as a stage; a lost deal has come nowhere. */
export function stageAtLeast(stage: Stage, needed: Stage): boolean {
  return stage !== 'CL' && needed !== 'CL' && stages.indexOf(stage) >= stages.indexOf(needed)
}

/**
 * The MEDDICC fields that must be known to be at a stage: its own gate's and those of every stage before it (Canon,
 * Opportunity stages: gates are cumulative). A lost deal answers for nothing.
 */
export function requiredMeddicc(stage: Stage, policy: Pick<Policy, 'gates'>): MeddiccField[] {
  if (stage === 'CL') return []
  const before = stages.slice(0, stages.indexOf(stage) + 1)
  const asked = new Set(before.flatMap((earlier) => policy.gates[earlier]))
  return meddiccFields.filter((field) => asked.has(field))
}

export interface MeddiccCompleteness {
  readonly known: number
  readonly of: number
  readonly missing: readonly MeddiccField[]
}

/** How many of the seven fields say something; the target from S3 on is over 80 % (Canon, MEDDICC). */
export function meddiccCompleteness(deal: Pick<Opportunity, 'meddicc'>): MeddiccCompleteness {
  const missing = meddiccFields.filter((field) => !deal.meddicc[field]?.trim())
  return { known: meddiccFields.length - missing.length, of: meddiccFields.length, missing }
}

/** The fields that a stage requires and the deal does not have. */
export function missingForStage(
  deal: Pick<Opportunity, 'meddicc'>,
  stage: Stage,
  policy: Pick<Policy, 'gates'>,
): MeddiccField[] {
  return requiredMeddicc(stage, policy).filter((field) => !deal.meddicc[field]?.trim())
}

/** Amount × probability of the stage, to the minor unit: what the deal adds to the weighted forecast. */
export function weightedAmount(
  deal: Pick<Opportunity, 'amount' | 'stage'>,
  policy: Pick<Policy, 'probability'>,
): Money | undefined {
  return deal.amount && percentOf(deal.amount, policy.probability[deal.stage])
}

/**
 * Whether a change of a deal puts its approved discount in doubt: list price or amount moved after the approval
 * (B5.99). An amount that becomes the approved price is what the approval was for, and does not.
 */
export function doubtsApproval(before: Opportunity, after: Opportunity): boolean {
  if (before.approvedDiscount === undefined) return false
  const listMoved = !sameMoney(before.listAmount, after.listAmount)
  const amountMoved =
    !sameMoney(before.amount, after.amount) && !(before.price && sameMoney(after.amount, before.price))
  return listMoved || amountMoved
}
