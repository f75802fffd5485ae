import { type Reading, refuse } from './refusal.ts'

/** Whole numbers of the currency's minor unit: cents for USD, won for KRW (Canon, Words). */
export interface Money {
  readonly amount: number
  /** ISO 4217, upper case. */
  readonly currency: string
}

/** A share in basis points: 1 bp = 0.01 %, 10 % = 1000. Discounts run from 1 to 10000. */
export type BasisPoints = number

/** All of it: 100 %. */
export const whole: BasisPoints = 10_000

let currencies: ReadonlySet<string> | undefined
const digits = new Map<string, number>()

/** Whether this is an ISO 4217 code in use, upper case. */
export function isCurrency(code: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'))
  return currencies.has(code)
}

/** How many decimals a currency's minor unit has: 0 for KRW and JPY, 2 for USD, 3 for KWD. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency)
  if (known === undefined) {
    known =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2
    digits.set(currency, known)
  }
  return known
}

/** Whether two amounts are the same money; nothing equals only nothing. */
export function sameMoney(a: Money | undefined, b: Money | undefined): boolean {
  return a?.amount === b?.amount && a?.currency === b?.currency
}

// ── the one place where a price is rounded ───────────────────────────────────

/** `numerator / denominator`, half away from zero, exact: products of amounts leave the safe integers. */
function divideHalfUp(numerator: bigint, denominator: bigint): number {
  const sign = numerator < 0n !== denominator < 0n ? -1n : 1n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  return Number(sign * ((2n * n + d) / (2n * d)))
}

/**
 * The price after a discount: list × (1 − d), rounded half up to the minor unit. Nothing else in the product
 * computes a price (Canon, Discount approval: rounded once, in one place).
 */
export function priceAfter(list: Money, discount: BasisPoints): Money {
  return {
    amount: divideHalfUp(BigInt(list.amount) * BigInt(whole - discount), BigInt(whole)),
    currency: list.currency,
  }
}

/**
 * The discount a price means off a list price, in whole basis points, half up; negative where the price is above
 * the list. `undefined` where there is no list or the currencies differ. For showing and averaging, never for
 * deciding who must approve: that is the discount that was asked.
 */
export function discountOf(list: Money, price: Money): BasisPoints | undefined {
  if (list.currency !== price.currency || list.amount <= 0) return undefined
  return divideHalfUp((BigInt(list.amount) - BigInt(price.amount)) * BigInt(whole), BigInt(list.amount))
}

/** A share of an amount in percent (0–100), rounded half up to the minor unit. */
export function percentOf(money: Money, percent: number): Money {
  // Percentages of a policy may have decimals; two are kept, as everywhere.
  const points = BigInt(Math.round(percent * 100))
  return { amount: divideHalfUp(BigInt(money.amount) * points, BigInt(whole)), currency: money.currency }
}

/** Sum of amounts, one for each currency, currencies in order of first appearance (Canon, Words: never mixed). */
export function sumByCurrency(amounts: Iterable<Money>): Money[] {
  const sums = new Map<string, number>()
  for (const { amount, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].map(([currency, amount]) => ({ amount, currency }))
}

// ── reading what people type ─────────────────────────────────────────────────

/** A refusal carries the text back to the person: enough of it to recognise, not a page. */
const recognisable = (text: string): string => {
  const characters = [...text.trim()]
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : characters.join('')
}

// NFKC makes ASCII of full-width digits, signs and separators (B5.39).
const plain = (text: string): string => text.normalize('NFKC').replaceAll('−', '-').trim()

/**
 * Reads a discount as people type it: `15`, `15%`, `15.5 %`, `１５％`. At most two decimals: 9.999 is refused, not
 * rounded to the 10 that somebody else must approve (B5.16).
 */
export function parsePercent(text: string): Reading<BasisPoints> {
  const match = /^(-?)(\d*)(?:\.(\d{1,2}))?\s*(?:%|퍼센트|프로)?$/u.exec(plain(text))
  if (!match || (!match[2] && !match[3])) return refuse({ code: 'not-a-percent', text: recognisable(text) })
  const points = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  if (match[1] || points < 1 || points > whole) return refuse({ code: 'discount-out-of-range' })
  return { ok: true, next: points }
}

/** What may stand around an amount without changing it. A sign of another currency is not among them. */
const signs: Readonly<Record<string, readonly string[]>> = {
  KRW: ['₩', '원', 'KRW'],
  USD: ['US$', '$', '달러', 'USD'],
  JPY: ['¥', '円', '엔', 'JPY'],
  EUR: ['€', '유로', 'EUR'],
  GBP: ['£', 'GBP'],
}

const koreanUnits = [
  ['조', 12],
  ['억', 8],
  ['만', 4],
] as const

/** `digits`, or `digits.decimals`, with commas only where thousands end; as whole number and decimals. */
function decimal(text: string): { whole: string; decimals: string } | undefined {
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text)
  return match ? { whole: match[1]!.replaceAll(',', ''), decimals: match[2] ?? '' } : undefined
}

/** `n` × 10^`power` as digits with `scale` decimals moved in; `undefined` when something would be cut off. */
function scaled(number: { whole: string; decimals: string }, power: number): bigint | undefined {
  const kept = number.decimals.slice(0, power).padEnd(power, '0')
  if (/[1-9]/.test(number.decimals.slice(power))) return undefined
  return BigInt(number.whole + kept)
}

/** The amount below ten thousand in front of a unit: `5천`, `5천2백`, `1.5`, `2,000`. */
function underTenThousand(text: string, power: number): bigint | undefined {
  if (!/[천백]/.test(text)) {
    const number = decimal(text)
    return number && scaled(number, power)
  }
  const match = /^(?:(\d?)천)?(?:(\d?)백)?(\d{1,2})?$/.exec(text)
  if (!match) return undefined
  const of = (digit: string | undefined, weight: number) =>
    digit === undefined ? 0 : Number(digit || '1') * weight
  const value = of(match[1], 1000) + of(match[2], 100) + Number(match[3] ?? 0)
  return BigInt(value) * 10n ** BigInt(power)
}

/** `1억 2,000만`, `5천만`, `1.2억`: in units of 10^-scale. */
function korean(text: string, scale: number): bigint | undefined {
  let rest = text
  let sum = 0n
  for (const [unit, power] of koreanUnits) {
    const at = rest.indexOf(unit)
    if (at < 0) continue
    const part = underTenThousand(rest.slice(0, at), power + scale)
    if (part === undefined) return undefined
    sum += part
    rest = rest.slice(at + 1)
  }
  if (!rest) return sum
  const part = underTenThousand(rest, scale)
  return part === undefined ? undefined : sum + part
}

/**
 * Reads an amount in major units as people type it in Korean or English: `12,000,000`, `₩12,000,000`, `1억 2,000만원`,
 * `$1,234.50`, `１２００`. More decimals than the currency has, another currency's sign, a sign of minus, or more than
 * a safe integer of minor units are refused, never rounded or guessed.
 */
export function parseMoney(text: string, currency: string): Reading<Money> {
  const refused = () => refuse({ code: 'not-an-amount', text: recognisable(text), currency })
  if (!isCurrency(currency)) return refused()
  let bare = plain(text).toUpperCase().replaceAll(/[\s_]/g, '')
  for (const sign of signs[currency] ?? [currency]) {
    if (bare.startsWith(sign)) bare = bare.slice(sign.length)
    else if (bare.endsWith(sign)) bare = bare.slice(0, -sign.length)
    else continue
    break
  }
  const scale = minorDigits(currency)
  const amount = bare === '' ? undefined : korean(bare, scale)
  if (amount === undefined || amount > BigInt(Number.MAX_SAFE_INTEGER)) return refused()
  return { ok: true, next: { amount: Number(amount), currency } }
}

/** The amount in major units with a point and no separators (`1234.50`), as a form field is prefilled. */
export function majorText(money: Money): string {
  const scale = minorDigits(money.currency)
  const sign = money.amount < 0 ? '-' : ''
  const all = String(Math.abs(money.amount)).padStart(scale + 1, '0')
  return scale === 0 ? sign + all : `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`
}

/** An amount that came out of a division, as whole minor units, half away from zero. */
export const roundedAmount = ({ amount, currency }: Money): Money => ({
  amount: Math.sign(amount) * Math.round(Math.abs(amount)),
  currency,
})

/** An amount in another currency at a rate (units of `to` for one unit of its own), to the minor unit of `to`. */
export const exchanged = (money: Money, to: string, rate: number): Money =>
  roundedAmount({
    amount: money.amount * rate * 10 ** (minorDigits(to) - minorDigits(money.currency)),
    currency: to,
  })

/** 1 unit of `from` was `rate` units of `to` on a day. */
export interface DatedRate {
  readonly on: string
  readonly from: string
  readonly to: string
  readonly rate: number
}

/**
 * The newest rate from one currency to another among these: as it was given, else the other way round, else over one
 * currency between them; its day is the older of the two then.
 */
export function rateBetween(
  rates: readonly DatedRate[],
  from: string,
  to: string,
): { readonly rate: number; readonly on: string } | undefined {
  if (from === to) return undefined
  const straight = (a: string, b: string) => {
    const found = rates
      .filter((each) => (each.from === a && each.to === b) || (each.from === b && each.to === a))
      .sort((x, y) => (x.on < y.on ? 1 : x.on > y.on ? -1 : x.from === a ? -1 : 1))[0]
    return found && { on: found.on, rate: found.from === a ? found.rate : 1 / found.rate }
  }
  const direct = straight(from, to)
  if (direct) return direct
  const between = [...new Set(rates.flatMap((each) => [each.from, each.to]))].sort()
  for (const currency of between) {
    const first = straight(from, currency)
    const second = straight(currency, to)
    if (first && second)
      return { rate: first.rate * second.rate, on: first.on < second.on ? first.on : second.on }
  }
  return undefined
}
