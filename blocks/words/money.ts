import type { Money } from '../../src/canon/money.ts'
import type { Locale } from '../../src/canon/people.ts'

/** Made once: `toLocaleString` makes a formatter at every call. */
const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

const full = new Map<string, { whole: Intl.NumberFormat; minor: Intl.NumberFormat; digits: number }>()

/** English symbols in both languages: ₩, $, €, CA$; a Korean page would write US$ for every dollar. */
function formats(currency: string) {
  let found = full.get(currency)
  if (!found) {
    const minor = new Intl.NumberFormat('en-US', { style: 'currency', currency })
    const digits = minor.resolvedOptions().maximumFractionDigits ?? 2
    const whole = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: 0,
      maximumFractionDigits: 0,
    })
    found = { whole, minor, digits }
    full.set(currency, found)
  }
  return found
}

/** The minus stays with its number: a line may otherwise break between it and the currency's sign. */
const minus = '−\u2060'
const signed = (text: string): string => text.replace('-', minus)

/** ₩125,000,000 · $12,500 · $12,500.50: minor units only where there are any. */
export function fullMoney({ amount, currency }: Money): string {
  const { whole, minor, digits } = formats(currency)
  const unit = 10 ** digits
  return signed((amount % unit === 0 ? whole : minor).format(amount / unit))
}

/** ₩1억 2,500만 (Korean) · ₩125M · $12.5K · $1.2M. Rounded: only for lists and charts, never where one decides. */
export function shortMoney({ amount, currency }: Money, locale: Locale): string {
  const { whole, digits } = formats(currency)
  const sign = amount < 0 ? minus : ''
  const major = Math.abs(amount) / 10 ** digits
  const symbol = whole.format(0).replace(/[\d\s\u00a0]/g, '')
  if (locale === 'ko' && currency === 'KRW') return `${sign}${symbol}${koreanUnits(major)}`
  return `${sign}${symbol}${latinUnits(major)}`
}

function koreanUnits(won: number): string {
  if (won < 10_000) return numbers.format(won)
  const tenThousands = Math.round(won / 10_000)
  const [jo, eok, man] = [
    Math.floor(tenThousands / 100_000_000),
    Math.floor((tenThousands % 100_000_000) / 10_000),
    tenThousands % 10_000,
  ]
  const parts: string[] = []
  if (jo) parts.push(`${numbers.format(jo)}조`)
  if (eok) parts.push(`${numbers.format(eok)}억`)
  if (man && !jo) parts.push(`${numbers.format(man)}만`)
  return parts.join(' ')
}

function latinUnits(major: number): string {
  if (major < 1000) return numbers.format(Math.round(major))
  for (const [size, unit] of [
    [1e3, 'K'],
    [1e6, 'M'],
    [1e9, 'B'],
  ] as const) {
    const share = major / size
    // 999,960 is 1M, not 1,000K.
    const rounded = Number(share.toFixed(share < 100 ? (unit === 'K' ? 1 : 2) : 0))
    if (rounded < 1000 || unit === 'B') return `${numbers.format(rounded)}${unit}`
  }
  return numbers.format(Math.round(major))
}
