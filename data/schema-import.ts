/** One run of an import, from its first row to its last merged chunk. */
interface Imports {
  id: number
  company_id: string
  /** Digest of the files, the mapping and the company: the same again is a no-op (B5.96). */
  fingerprint: string
  /** File names as JSON. */
  files: string
  /** Parts of the import as JSON: which staged columns belong to which rows. */
  plan: string
  state: 'reading' | 'applying' | 'applied' | 'abandoned'
  /** Rows left out on request. */
  skipped: number
  /** Rows up to this one are merged. */
  applied_seq: number
  /** Counts a part as JSON, kept while merging. */
  counts: string
  pid: number
  host: string
  /** Wall time, ms: whoever works on it says so at every step. */
  beat_at: number
  started_at: number
  finished_at: number | null
}

interface ImportRows {
  import_id: number
  /** Grows over the whole import, in the order of merging. */
  seq: number
  part: number
  /** `entityCode` of import/staging.ts: short, because an index repeats it for every row. */
  entity: number
  /** The row's own id. */
  key: string
  line: number
  /** The values as a JSON array, in the order of the part's columns. */
  cells: string
}

declare module './schema.ts' {
  interface Schema {
    imports: Imports
    import_rows: ImportRows
  }
}

export type {}
