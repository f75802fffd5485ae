import type { Instant } from '../../src/canon/calendar.ts'
import type { Entity } from './entities.ts'

/** Something in a file that cannot be taken, at its place. */
export interface Problem {
  readonly file: string
  readonly line: number
  /** Absent where the whole row is meant. */
  readonly column?: string
  /** A sentence without its final full stop, or a question with its mark. */
  readonly why: string
}

export interface Counts {
  entity: Entity
  file: string
  /** Rows that were read, the bad ones included. */
  rows: number
  bad: number
  added: number
  changed: number
}

/** What an import did, or would do. */
export interface ImportReport {
  /**
   * `applied`: everything good is in. `checked`: a dry run without a bad row. `refused`: bad rows, so nothing
   * was changed. `already`: the same files were imported before, nothing was changed.
   */
  readonly outcome: 'applied' | 'checked' | 'refused' | 'already'
  readonly company: string
  readonly companyIsNew: boolean
  readonly counts: readonly Counts[]
  /** The first of them; `problemCount` says how many there are. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
  /** What is worth knowing and stops nothing. */
  readonly notes: readonly string[]
  /** When the same files were imported before. */
  readonly importedAt?: Instant
  /** Requests that ended because the import changed their deal. */
  readonly voided: readonly string[]
  /** Deals that somebody changed in the chat while the import was on its way: left as they are, to be imported again. */
  readonly moved: readonly string[]
}

/** How many problems a report keeps; the rest is counted. */
export const problemsKept = 1000

/** A problem as one line: file, line, column, what is wrong. */
export function problemLine(problem: Problem): string {
  const place = problem.column
    ? `${problem.file}:${problem.line} ${problem.column}`
    : `${problem.file}:${problem.line}`
  return `${place} — ${wholeSentence(problem.why)}`
}

/** What is wrong, closed as a sentence: a question keeps its own mark. */
export const wholeSentence = (why: string): string => (why.endsWith('?') ? why : `${why}.`)
