import type { BasisPoints } from './money.ts'
import type { Stage } from './opportunity.ts'
import type { Role } from './people.ts'

/** A group that decides or is copied: everybody active with one of the roles, and the named people. */
export interface Group {
  readonly roles?: readonly Role[]
  readonly people?: readonly string[]
}

/** The discount rules of a company (Canon, Discount approval). Ranges are basis points. */
export interface DiscountPolicy {
  /** The ladder in order. The first is the requester's own authority; `upTo: null` has no upper end. */
  readonly rungs: readonly { readonly role: Role; readonly upTo: BasisPoints | null }[]
  /** Over this a written justification is asked. */
  readonly exceptionOver: BasisPoints
  /** 합의: another function must also agree, beside the named rung, over the given discount. */
  readonly agreements: readonly {
    readonly over: BasisPoints
    readonly beside: Role
    readonly group: Group
    readonly need: 'any' | 'all' | { readonly atLeast: number }
  }[]
  /** 참조: copied, no decision. */
  readonly copies: readonly { readonly over: BasisPoints; readonly group: Group }[]
  readonly remindAfterWorkingHours: number
  readonly escalateAfterWorkingHours: number
  readonly expireAfterDays: number
  readonly entryStage: Stage
  readonly averageTarget: BasisPoints
}

/** The rules of one company at one version; every decision records the version it was taken under. */
export interface Policy {
  readonly version: number
  readonly discount: DiscountPolicy
  /** Win probability of each stage in percent, 0–100 (Canon, Opportunity stages). */
  readonly probability: Readonly<Record<Stage, number>>
  /** MEDDICC fields each stage's gate asks for (Canon, Opportunity stages). */
  readonly gates: Readonly<Record<Stage, readonly string[]>>
}
