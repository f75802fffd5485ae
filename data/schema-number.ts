interface Revenue {
  company_id: string
  account: string
  /** `2026-07`. */
  month: string
  currency: string
  /** What the month began with; the other sums are what changed in it. Minor units. */
  mrr: number
  expansion: number
  contraction: number
  churn: number
  updated_at: number
}

interface Costs {
  company_id: string
  /** `2026-07`, `2026-Q3` or `2026`. */
  period: string
  currency: string
  /** Sales and marketing, minor units. */
  sm_cost: number
  updated_at: number
}

interface Fx {
  company_id: string
  date: string
  from: string
  to: string
  /** A decimal, as it was written. */
  rate: string
  updated_at: number
}

declare module './schema.ts' {
  interface Schema {
    revenue: Revenue
    costs: Costs
    fx: Fx
  }
}

export {}
