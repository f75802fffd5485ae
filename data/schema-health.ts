import type { Flag } from './schema.ts'

interface HealthSignals {
  company_id: string
  account: string
  component: string
  measured_on: string
  /** Tenths of a point. */
  score: number
  recorded_at: number
  by: string
  door: string
}

interface HealthToCompute {
  company_id: string
  account: string
  since: number
  /** Grows with every signal that came since the account was computed. */
  marks: number
}

interface AccountHealth {
  company_id: string
  account: string
  version: number
  score: number
  grade: string
  since: string
  before_grade: string | null
  before_score: number | null
  computed_at: number
  rules: string
}

interface HealthHistory {
  company_id: string
  account: string
  seq: number
  at: number
  on_day: string
  from_grade: string | null
  to_grade: string
  score: number
  score_before: number | null
}

interface HealthTasks {
  company_id: string
  id: string
  account: string
  kind: string
  open: Flag
  version: number
  opened_at: number
  /** HealthTask as JSON: the record itself; the columns beside it are its index. */
  body: string
}

declare module './schema.ts' {
  interface Schema {
    health_signals: HealthSignals
    health_to_compute: HealthToCompute
    account_health: AccountHealth
    health_history: HealthHistory
    health_tasks: HealthTasks
  }
}
