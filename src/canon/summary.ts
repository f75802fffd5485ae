import type { PlainDate } from './calendar.ts'
import type { Digest, TeamLack } from './digest.ts'
import { asksSomething, type CustomerDigest } from './digest-customers.ts'
import type { ForecastOutcome } from './forecast.ts'
import type { Figure, Lack, MetricId, Target } from './metric.ts'
import type { Period } from './period.ts'
import type { ClosedCell, Convert, GivenDiscount } from './pipeline.ts'

/** What a team's weekly digest keeps. */
export interface TeamDigest {
  readonly digest: Digest
  /** The customers of its people; absent where it keeps none. */
  readonly customers?: CustomerDigest
  /** It keeps customers and has nothing to do with deals: those are left out. */
  readonly customersOnly?: true
  readonly lacks: readonly TeamLack[]
}

/** What a person's weekly summary keeps. */
export interface PersonSummary {
  /** Their own deals; absent where they have none and nothing happened. */
  readonly digest?: Digest
  /** The customers they keep. */
  readonly portfolio?: CustomerDigest
  /** How much waits for them. */
  readonly waiting: { readonly approvals: number; readonly handoffs: number }
  /** Discounts given last week by the people they lead, with those in their own authority. */
  readonly given: readonly GivenDiscount[]
}

/** Whether a person's summary says anything; one that does not is not sent. */
export const saysSomething = ({ digest, portfolio, waiting, given }: PersonSummary): boolean =>
  digest !== undefined ||
  given.length > 0 ||
  waiting.approvals + waiting.handoffs > 0 ||
  (portfolio !== undefined && asksSomething(portfolio))

/** One line of a win/loss analysis. */
export interface LossLine {
  readonly key: string
  readonly deals: number
  readonly amount: number
}

/** Win and loss of a period (Canon, Digests: quarterly win/loss analysis). Amounts in minor units of `currency`. */
export interface WinLoss {
  readonly currency: string
  readonly won: number
  readonly wonAmount: number
  readonly lost: number
  readonly lostAmount: number
  /** Lost deals by reason, competitor and the stage they were lost from; `''` where the record does not say. */
  readonly reasons: readonly LossLine[]
  readonly competitors: readonly LossLine[]
  readonly lostFrom: readonly LossLine[]
}

/** What a quarterly review keeps. */
export interface QuarterlyReview {
  readonly quarter: string
  readonly from: PlainDate
  readonly to: PlainDate
  /** Forecast of its first day against what came, a team and currency; empty where none was kept. */
  readonly outcomes: readonly ForecastOutcome[]
  readonly winLoss: WinLoss
}

/** What a monthly report keeps: the metrics of a month, as they were read for it. */
export interface MonthlyReport {
  readonly period: Period
  readonly readings: readonly {
    readonly id: MetricId
    readonly period: Period
    readonly result: Figure | Lack
    readonly before?: Figure | Lack
    readonly target?: Omit<Target, 'per'>
  }[]
}

/** Every closed deal counts once in each of the three breakdowns. */
export function winLossOf(cells: readonly ClosedCell[], currency: string, convert: Convert): WinLoss {
  const worth = ({ amount, currency: of }: ClosedCell): number => (of ? (convert(amount, of) ?? 0) : 0)
  const total = (stage: ClosedCell['stage']) => {
    const of = cells.filter((cell) => cell.stage === stage)
    return {
      deals: of.reduce((sum, { deals }) => sum + deals, 0),
      amount: of.reduce((sum, cell) => sum + worth(cell), 0),
    }
  }
  const lost = cells.filter(({ stage }) => stage === 'CL')
  const by = (key: (cell: ClosedCell) => string | undefined): LossLine[] => {
    const lines = new Map<string, LossLine>()
    for (const cell of lost) {
      const at = key(cell) ?? ''
      const line = lines.get(at) ?? { key: at, deals: 0, amount: 0 }
      lines.set(at, { key: at, deals: line.deals + cell.deals, amount: line.amount + worth(cell) })
    }
    return [...lines.values()].sort(
      (a, b) => b.deals - a.deals || b.amount - a.amount || (a.key < b.key ? -1 : 1),
    )
  }
  const won = total('CW')
  const gone = total('CL')
  return {
    currency,
    won: won.deals,
    wonAmount: won.amount,
    lost: gone.deals,
    lostAmount: gone.amount,
    reasons: by(({ lossReason }) => lossReason),
    competitors: by(({ competitor }) => competitor),
    lostFrom: by(({ lostFrom }) => lostFrom),
  }
}
