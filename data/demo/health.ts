import type { PlainDate } from '../../src/canon/calendar.ts'
import type { HealthComponent } from '../../src/canon/health.ts'

/** What was measured of a demo account: per component the days ago and the score, the newest first. */
type Measured = Readonly<
  Partial<Record<HealthComponent, readonly (readonly [daysAgo: number, score: number])[]>>
>

/** The same on the same days, month by month. */
const monthly = (...scores: readonly number[]): readonly (readonly [number, number])[] =>
  scores.map((score, at) => [6 + at * 30, score] as const)

/** A customer that stays as it is. */
const steady = (adoption: number, rest: number): Measured => ({
  adoption: monthly(adoption, adoption - 1, adoption + 1, adoption - 2),
  support: [
    [9, rest],
    [98, rest - 2],
  ],
  relationship: [[14, rest + 2]],
  sentiment: [
    [20, rest - 3],
    [110, rest - 1],
  ],
  financial: [[5, 100]],
})

const ondam: Readonly<Record<string, Measured>> = {
  hanseo: steady(88, 84),
  daeryung: steady(91, 86),
  haeon: steady(86, 81),
  saebyeok: steady(84, 85),
  mirae: steady(87, 82),
  // Its support was not looked at for months.
  cheongmyung: {
    adoption: monthly(85, 86, 84),
    support: [[132, 82]],
    relationship: [[25, 80]],
    financial: [[11, 95]],
  },
  // Only what the product itself measures.
  onnuri: { adoption: monthly(83, 82, 84), financial: [[8, 100]] },
  // More and more people use it: the beginning of a new deal.
  meridian: {
    adoption: monthly(89, 82, 74, 66, 62),
    support: [[12, 85]],
    relationship: [[10, 88]],
    sentiment: monthly(84, 83, 82, 81),
    financial: [[5, 100]],
  },
  dure: {
    adoption: monthly(66, 68, 74, 78, 80),
    support: [[7, 62]],
    relationship: [[31, 70]],
    sentiment: [[18, 64]],
    financial: [[6, 90]],
  },
  lotuspack: {
    adoption: monthly(58, 61, 64),
    support: [[16, 71]],
    relationship: [[40, 55]],
    financial: [[9, 85]],
  },
  // Nobody logs in any more, and the renewal is close.
  seohae: {
    adoption: monthly(28, 39, 52, 61, 70, 76, 79, 81, 82, 83),
    support: monthly(41, 48, 60, 72),
    relationship: [
      [38, 45],
      [120, 74],
    ],
    sentiment: [
      [15, 35],
      [105, 68],
    ],
    financial: [[6, 60]],
  },
}

const larkfield: Readonly<Record<string, Measured>> = {
  orchard: steady(90, 85),
  fenwick: { adoption: monthly(63, 66, 70), support: [[13, 74]], sentiment: [[22, 60]] },
  tamarack: {
    adoption: monthly(31, 42, 55, 68, 74),
    support: [[8, 52]],
    relationship: [[45, 40]],
    sentiment: [[19, 38]],
    financial: [[4, 70]],
  },
}

const companies: Readonly<Record<string, Readonly<Record<string, Measured>>>> = { ondam, larkfield }

/** The health signals of a demo company, as rows of health-signals.csv; `on(-3)` is the day three days ago. */
export function healthSignalsOf(company: string, on: (days: number) => PlainDate) {
  return Object.entries(companies[company] ?? {}).flatMap(([account, measured]) =>
    Object.entries(measured).flatMap(([component, readings]) =>
      readings.map(([ago, score]) => ({
        account,
        component,
        score: String(score),
        measured_on: on(-ago),
      })),
    ),
  )
}
