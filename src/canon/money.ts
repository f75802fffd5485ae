/** Whole numbers of the currency's minor unit: cents for USD, won for KRW (Canon, Words). */
export interface Money {
  readonly amount: number
  /** ISO 4217, upper case. */
  readonly currency: string
}

/** A share in basis points: 1 bp = 0.01 %, 10 % = 1000. Discounts run from 1 to 10000. */
export type BasisPoints = number
