import type { Figure, Lack, MetricUnit, MetricWorld, Sums } from './metric.ts'
import { type Money, roundedAmount } from './money.ts'

export const nothing: Lack = { code: 'nothing' }

export const n = (sums: Sums, key: string): number => sums.n[key] ?? 0

/** A part of a whole, 0–100 where the part is one. */
export const percent = (part: number, of: number): Figure | Lack =>
  of > 0 ? { unit: 'percent', value: (part * 100) / of, of } : nothing

/** A mean of something over so many things. */
export const mean = (unit: Exclude<MetricUnit, 'money'>, sum: number, of: number): Figure | Lack =>
  of > 0 ? { unit, value: sum / of, of } : nothing

/** Pipeline ÷ target, as a multiple (Canon, Digests, metrics, forecast: 3–5×); nothing without a target. */
export const coverage = (pipeline: number, target: number): number | undefined =>
  target > 0 ? pipeline / target : undefined

/** How far a forecast was from what came, either way, in percent of what came; nothing where nothing came. */
export const forecastError = (forecast: number, actual: number): number | undefined =>
  actual === 0 ? undefined : (Math.abs(forecast - actual) * 100) / actual

/** What there is of a kind of money, one a currency: the one with the most of it first. */
export function moneyOf(sums: Sums, key: string): Money[] {
  return Object.entries(sums.money)
    .flatMap(([currency, parts]) => {
      const amount = parts[key] ?? 0
      return amount === 0 ? [] : [{ amount, currency }]
    })
    .sort((a, b) => b.amount - a.amount || (a.currency < b.currency ? -1 : 1))
}

/** All amounts as one, in the company's currency or in the only one there is; a lack where a rate is missing. */
export function asOne(
  amounts: readonly Money[],
  world: Pick<MetricWorld, 'currency' | 'convert'>,
  to = amounts.length === 1 ? amounts[0]!.currency : world.currency,
): { readonly money: Money; readonly on?: string } | Lack {
  let amount = 0
  let on: string | undefined
  const missing: string[] = []
  for (const each of amounts) {
    if (each.currency === to) {
      amount += each.amount
      continue
    }
    const converted = world.convert(each, to)
    if (!converted) missing.push(each.currency)
    else {
      amount += converted.money.amount
      // The oldest of the rates: a total is no newer than its oldest part.
      if (on === undefined || converted.on < on) on = converted.on
    }
  }
  if (missing.length > 0) return { code: 'rates', currencies: [...missing, to] }
  return { money: { amount, currency: to }, ...(on === undefined ? {} : { on }) }
}

/** A figure of money: what each currency came to, and, where there are several and rates join them, their total. */
export function moneyFigure(
  amounts: readonly { readonly money: Money; readonly of: number }[],
  total: { readonly money: Money; readonly on?: string } | Lack | undefined,
  of: number,
): Figure | Lack {
  if (amounts.length === 0 || of === 0) return nothing
  const rounded = amounts.map(({ money }) => roundedAmount(money))
  return {
    unit: 'money',
    amounts: rounded,
    of,
    ...(rounded.length > 1 && total && 'money' in total && total.on !== undefined
      ? { total: { money: roundedAmount(total.money), on: total.on } }
      : {}),
  }
}

/** Gini coefficient of a spread: 0 all alike, towards 1 one has everything. Fewer than two have no balance. */
export function gini(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const all = sorted.reduce((sum, value) => sum + value, 0)
  if (sorted.length < 2 || all === 0) return undefined
  const weighted = sorted.reduce((sum, value, at) => sum + (2 * (at + 1) - sorted.length - 1) * value, 0)
  return weighted / (sorted.length * all)
}
