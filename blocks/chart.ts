/**
 * A chart as plain data, with every label already in its reader's language. src/chart draws it as a PNG that is
 * readable on a phone, on a light and on a dark background.
 */
export type ChartPanel =
  /** One bar a stage, with last week's beside it; `text` is the value as it is written at the bar. */
  | {
      readonly kind: 'funnel'
      readonly title: string
      readonly bars: readonly {
        readonly label: string
        readonly value: number
        readonly text: string
        readonly before?: number
      }[]
      /** What the two colours are: “this week”, “last week”. */
      readonly now: string
      readonly before?: string
    }
  /** A part of a whole against a target range: coverage 3–5×. */
  | {
      readonly kind: 'gauge'
      readonly title: string
      readonly value: number
      readonly text: string
      readonly target: readonly [from: number, to: number]
      readonly most: number
      readonly targetText: string
    }
  /** Values over periods, at most six lines; `null`: no value. */
  | {
      readonly kind: 'lines'
      readonly title: string
      readonly periods: readonly string[]
      readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[]
      readonly target?: { readonly label: string; readonly value: number }
      /** How a value is written: its unit after the number. */
      readonly unit: string
    }
  /** Values side by side: a metric by team, tier, product. */
  | {
      readonly kind: 'bars'
      readonly title: string
      readonly bars: readonly { readonly label: string; readonly value: number; readonly text: string }[]
      readonly target?: { readonly label: string; readonly value: number }
    }

export interface Chart {
  /** One below the other: at most three. */
  readonly panels: readonly ChartPanel[]
  /** What a screen reader says: the numbers in a sentence or two. */
  readonly alt: string
}
