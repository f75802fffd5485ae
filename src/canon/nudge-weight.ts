import { type DatedRate, minorDigits, rateBetween } from './money.ts'
import type { NudgeKind } from './policy-nudge.ts'

/**
 * How much sooner than others a kind is told, all else equal: ten points are as much as ten times the money or the
 * days. A debt somebody promised to pay and a champion who is gone come before what only stands still.
 */
const head: Readonly<Partial<Record<NudgeKind, number>>> = {
  'lead-response': 40,
  'champion-left': 20,
  'gate-debt': 15,
  'close-date-past': 10,
  stalled: 5,
  'champion-silent': 5,
  'meddicc-gap': 0,
}

/**
 * What is told first of causes of every kind: by what is at stake (`stakesIn`) and for how
 * many days, each factor of ten counting alike, so that a large deal does not hide all others. A whole number from 0
 * to about 150: stakes that differ by less than a quarter weigh alike.
 */
export function weightOf(kind: NudgeKind, worth: number, days: number): number {
  const stake = (Math.max(worth, 0) * Math.max(days, 1)) / 100
  return (head[kind] ?? 0) + Math.round(10 * Math.log10(1 + stake))
}

/** What is at stake in an amount: minor units of one currency × probability in percent. */
export type Stakes = (
  amount: number | null | undefined,
  currency: string | null | undefined,
  percent: number,
) => number

/**
 * Amounts of all currencies in one, at the newest rates, as metrics add them up. Where no rate joins a currency, its
 * minor units stand for themselves: those of most currencies are worth about the same to a factor of ten, whole units
 * are not.
 */
export function stakesIn(currency: string, rates: readonly DatedRate[]): Stakes {
  const factors = new Map<string, number>([[currency, 1]])
  const factorOf = (from: string): number => {
    let factor = factors.get(from)
    if (factor === undefined) {
      const found = rateBetween(rates, from, currency)
      factor = found ? found.rate * 10 ** (minorDigits(currency) - minorDigits(from)) : 1
      factors.set(from, factor)
    }
    return factor
  }
  return (amount, of, percent) => (amount ?? 0) * factorOf(of ?? currency) * percent
}
