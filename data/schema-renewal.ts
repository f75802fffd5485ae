interface Renewals {
  company_id: string
  account: string
  renewal_on: string
  /** Null until somebody recorded how it ended. */
  outcome: string | null
  settled_on: string | null
  version: number
  /** Renewal as JSON: the record itself; the columns beside it are its index. */
  body: string
}

interface Qbrs {
  company_id: string
  account: string
  quarter: string
  held_on: string
  /** Person id, `import` or a token's id. */
  recorded_by: string
  notes: string | null
}

declare module './schema.ts' {
  interface Schema {
    renewals: Renewals
    qbrs: Qbrs
  }
}
