import type { Instant, PlainDate } from '../../src/canon/calendar.ts'
import type { BasisPoints, Money } from '../../src/canon/money.ts'
import type { Locale } from '../../src/canon/people.ts'

/** Everything the product says, in one person's language. */
export interface Words {
  readonly locale: Locale
  /** A sentence by its key, with values filled in and Korean particles agreeing with them. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string
  /** `full`: ₩125,000,000 · $12,500.00; `short`: ₩1억 2,500만 · $12.5K. */
  money(money: Money, style?: 'full' | 'short'): string
  /** 1550 → 15.5 %, written as the language does. */
  percent(share: BasisPoints): string
  /** 2026-11-21 → 11월 21일 (토) · Sat, Nov 21. */
  day(date: PlainDate): string
  /** A moment in the given zone: 11월 21일 14:05 · Nov 21, 14:05. */
  moment(at: Instant, timeZone: string): string
}

export function wordsFor(_locale: Locale): Words {
  throw new Error('unwritten')
}
