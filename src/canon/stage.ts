import type { Instant, PlainDate } from './calendar.ts'
import type { DiscountFact, DiscountRequest, Platform } from './discount.ts'
import type { Money } from './money.ts'
import type { EvidenceKind, Gate, GateDebt, MeddiccField, Opportunity, Stage } from './opportunity.ts'
import type { Org } from './people.ts'
import type { Policy } from './policy.ts'

// One rule for every door: the form, the ingestion API and the import all change a stage through `change`
// (users: gates that the API bypasses).

/** Through which door a change of a deal comes. */
export type Door = Platform | 'cli' | 'import' | 'api'

/** What a lost deal says (Canon, Opportunity stages). */
export type LossField = 'loss_reason' | 'loss_reason_detail' | 'competitor'

/** Anything that a stage may ask a deal for; the names are those of the form's fields, of MEDDICC and of `EvidenceKind`. */
export type Asked = Gate | LossField

/** Something a stage asks for and the deal does not say. */
export interface Missing {
  readonly field: Asked
  /** The stage whose gate asks for it; gates are cumulative. */
  readonly stage: Stage
  /** Whether a Sales Manager or above may let the deal pass without it, as gate debt. */
  readonly overridable: boolean
  /** The deal owes it already and its day has not passed: it does not hinder. */
  readonly debt?: GateDebt
}

/** One line of a deal's history: who, when, from, to, why (Canon, Opportunity stages). */
export interface StageEntry {
  readonly deal: string
  /** Absent where the deal was opened at `to`. */
  readonly from?: Stage
  readonly to: Stage
  readonly at: Instant
  /** Person id; at a data door whoever brought it. */
  readonly by: string
  readonly door: Door
  readonly reason?: string
  /** Gates that were passed by override. */
  readonly overridden?: readonly Gate[]
  /** Loaded as history, without gates. */
  readonly asIs?: boolean
  /** The contact who was champion and left: the name was cleared, and the stage is what it was (`from` is `to`). */
  readonly championLeft?: string
}

/** A change of stage as somebody asks for it. */
export interface StageAsk {
  readonly to: Stage
  /** Person id, or at a data door who brings it (`import`, a token's id). */
  readonly by: string
  readonly door: Door
  /** What is filled in with the change; an empty text says nothing. */
  readonly meddicc?: Readonly<Partial<Record<MeddiccField, string>>>
  readonly evidence?: Readonly<Partial<Record<EvidenceKind, PlainDate>>>
  /** Codes of `Policy.lossReasons`, or their labels. */
  readonly lossReason?: string
  readonly lossReasonDetail?: string
  readonly competitor?: string
  readonly amount?: Money
  /** Going back, and reopening. */
  readonly reason?: string
  readonly override?: { readonly reason: string; readonly until: PlainDate }
  /** The day it happened, where that is not today: history that a file or another system brings. */
  readonly on?: PlainDate
  /** Loads history: no gate, reason or right is asked, and the entry says so. Of the import alone. */
  readonly asIs?: boolean
}

export interface StageWorld {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
  /** The deal's open discount request, which a change of stage concerns. */
  readonly discount?: DiscountRequest
}

export type StageFact =
  | { readonly fact: 'opened'; readonly to: Stage }
  | {
      readonly fact: 'advanced' | 'went-back' | 'won' | 'lost' | 'reopened'
      readonly from: Stage
      readonly to: Stage
    }
  | { readonly fact: 'overridden'; readonly gates: readonly Gate[]; readonly until: PlainDate }
  | { readonly fact: 'debt-paid'; readonly gates: readonly Gate[] }
  | { readonly fact: 'filled'; readonly fields: readonly (MeddiccField | EvidenceKind)[] }
  | { readonly fact: 'won-finished' }
  /** The contact who was champion left, and is cleared (Canon, Nudges). */
  | { readonly fact: 'champion-left'; readonly contact: string }
  | { readonly fact: 'close-date-moved'; readonly from?: PlainDate; readonly to: PlainDate }
  | { readonly fact: 'amount-set'; readonly from?: Money; readonly to: Money }

/** A deal one version on, with the line its history gets. Saved as `{ noun: 'opportunity' }`. */
export interface DealStep {
  /** Absent: the deal is new. */
  readonly before?: Opportunity
  readonly next: Opportunity
  readonly entry?: StageEntry
  readonly facts: readonly StageFact[]
  /** What the change did to an open discount request: noticed on its card, or voided (B5.99). */
  readonly discount?: {
    readonly before: DiscountRequest
    readonly next: DiscountRequest
    readonly facts: readonly DiscountFact[]
  }
}

/** A deal that is opened: at a data door at any stage whose gates hold, by a handoff at S1. */
export interface OpenAsk {
  readonly deal: Omit<Opportunity, 'version' | 'updatedAt' | 'stageEnteredOn'> &
    Partial<Pick<Opportunity, 'stageEnteredOn'>>
  readonly by: string
  readonly door: Door
  readonly reason?: string
  /** Gates that may follow by a day; the entry records them as overridden. */
  readonly owing?: { readonly gates: readonly Gate[]; readonly until: PlainDate; readonly reason: string }
  readonly asIs?: boolean
}

/** What may be changed on a deal without moving it: the MEDDICC form. */
export interface DealEdit {
  readonly by: string
  readonly door: Door
  /** Empty text or `undefined` keeps; `null` clears. */
  readonly meddicc?: Readonly<Partial<Record<MeddiccField, string | null>>>
  readonly evidence?: Readonly<Partial<Record<EvidenceKind, PlainDate>>>
  readonly amount?: Money
  readonly expectedCloseOn?: PlainDate
  readonly competitor?: string
}

export { change, clearChampion, fill, openDeal, wayOf } from './stage-change.ts'
export { allowedTargets, missingFor } from './stage-gates.ts'
