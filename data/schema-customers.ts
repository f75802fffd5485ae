interface CustomerSnapshots {
  company_id: string
  csm: string
  taken_on: string
  /** `unknown`: not measured. */
  grade: string
  /** `''`: without ARR. */
  currency: string
  accounts: number
  arr: number
}

declare module './schema.ts' {
  interface Schema {
    customer_snapshots: CustomerSnapshots
  }
}

export type {}
