import type { Instant, PlainDate } from './calendar.ts'
import type { Money } from './money.ts'

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
  /** Set by an approval of ours; `price` is then the approved price. */
  readonly approvedDiscount?: number
  readonly price?: Money
  /** The list or amount changed after approval: the approved discount needs another look. */
  readonly discountFlagged?: boolean
  readonly updatedAt: Instant
  readonly version: number
}
