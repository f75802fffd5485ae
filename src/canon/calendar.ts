/** Epoch milliseconds, UTC. */
export type Instant = number

/** A calendar day `YYYY-MM-DD` in some zone; which zone, the field that holds it says. */
export type PlainDate = string

/** ISO weekday: 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** When a company works (Canon, working time): the days, the hours in its zone, and the days off. */
export interface WorkingTime {
  readonly timeZone: string
  readonly days: readonly Weekday[]
  /** `HH:MM`, local. */
  readonly start: string
  readonly end: string
  /** ISO 3166 country whose public holidays are off, e.g. `KR`. */
  readonly holidayCountry?: string
  /** The company's own days off, added to the country's. */
  readonly holidays: readonly PlainDate[]
}
