interface CloseMoves {
  company_id: string
  deal: string
  /** Grows within a deal. */
  seq: number
  from_on: string | null
  to_on: string | null
  at: number
}

interface PipelineSnapshots {
  company_id: string
  /** `''`: deals of nobody's team. */
  team: string
  taken_on: string
  /** What `value` is: an owner, a tier, a channel. */
  facet: string
  value: string
  stage: string
  currency: string
  deals: number
  amount: number
}

interface ForecastSnapshots {
  company_id: string
  quarter: string
  team: string
  currency: string
  taken_at: number
  weighted: number
  committed: number
  best: number
  pipeline: number
  won: number
  target: number | null
}

interface Reports {
  company_id: string
  id: string
  kind: string
  of_noun: string
  of_id: string
  slot: string
  at: number
  /** The report as JSON; person and deal ids, never names. */
  body: string
}

declare module './schema.ts' {
  interface Schema {
    close_moves: CloseMoves
    pipeline_snapshots: PipelineSnapshots
    forecast_snapshots: ForecastSnapshots
    reports: Reports
  }
}

export type {}
