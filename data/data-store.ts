import type { Company } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { AuditEntry, Clock, Store } from '../src/ports.ts'
import type { AuditRow, AuditVerdict } from './audit.ts'
import type { Binding } from './company.ts'
import type { Database, Engine, Tx } from './database.ts'
import type { Installation } from './installation.ts'
import type { Pruned } from './prune.ts'
import type { ServerClaim } from './server-lock.ts'
import type { ApiToken } from './token.ts'

/** Who administers, for the audit. */
export type By = Pick<AuditEntry, 'by' | 'platform'>

export interface StoreOptions {
  /** `file:PATH` or `postgres://…`. */
  readonly url: string
  /** The rules of a company that never set its own; the canon's default. */
  readonly policy?: Policy
  readonly clock?: Clock
  /** 32 bytes; without it tokens cannot be stored and the audit's key lies in the database. */
  readonly encryptionKey?: Uint8Array
  /** `run` applies what is missing; `refuse` is for those who must not (they name what is pending). */
  readonly migrations?: 'run' | 'refuse'
  /** Make the database file's folder: only for the default place. */
  readonly makeFolder?: boolean
  readonly poolSize?: number
  /** Told of trouble nobody is waiting for: broken idle connections, listeners that throw. */
  readonly onTrouble?: (error: unknown) => void
}

/** What was committed, for those who act on it at once (the outbox, so that nobody waits for a poll). */
export interface Committed {
  readonly company: string
  readonly deliveries: number
}

/** The store with what the composition, the CLI and the import need beyond the port. */
export interface DataStore extends Store {
  readonly engine: Engine
  readonly database: Database
  /** Names of the migrations that this start applied. */
  readonly migrated: readonly string[]

  /** Calls the listener after every commit of a change; answers how to stop it. */
  onCommit(listener: (committed: Committed) => void): () => void
  /** Adds audit entries inside a transaction of the caller's own (the import). */
  audit(trx: Tx, company: string, entries: readonly AuditEntry[]): Promise<void>

  companies(): Promise<Company[]>
  /** False when the id is taken. */
  addCompany(company: Company, by: By): Promise<boolean>
  /** False when there is no such company. */
  setCompany(company: Company, by: By): Promise<boolean>
  bindings(company?: string): Promise<Binding[]>
  /** Answers the company the workspace is bound to now: another one than asked for when it was bound before. */
  bindTenant(binding: Binding, by: By): Promise<string>
  forgetPerson(company: string, person: string, by: By): Promise<void>

  createToken(
    made: { company: string; label: string; scopes: readonly string[] },
    by: By,
  ): Promise<{ id: string; token: string }>
  tokens(company?: string): Promise<ApiToken[]>
  revokeToken(company: string, id: string, by: By): Promise<boolean>
  tokenOf(token: string): Promise<{ id: string; company: string; scopes: readonly string[] } | undefined>

  installation(platform: 'slack' | 'teams', tenant: string): Promise<Installation | undefined>
  /** With `expect`: false when another refresh was stored since that version. */
  saveInstallation(saved: Omit<Installation, 'version'>, expect?: number): Promise<boolean>
  deleteInstallation(platform: 'slack' | 'teams', tenant: string): Promise<void>
  installations(company?: string): Promise<{ platform: 'slack' | 'teams'; tenant: string; company: string }[]>

  /** Sends a dead (or, for a nudge, unknown) delivery again; false when there is no such one. */
  retryDelivery(company: string, id: string, by: By): Promise<boolean>
  /** Takes a delivery off the administrator's list for good; false when there is no such one. */
  dismissDelivery(company: string, id: string, by: By): Promise<boolean>

  /** True for exactly one claimer of a sweep's turn, and for the next one `everyMs` later (B5.78, B5.82). */
  claimTurn(name: string, everyMs: number): Promise<boolean>
  /**
   * True for exactly one claimer of a schedule's slot, who holds it until `finishSlot`, `leaseMs` at most; one that was
   * cut off is taken up again (B5.68).
   */
  takeSlot(name: string, company: string, slot: string, leaseMs: number): Promise<boolean>
  finishSlot(name: string, company: string, slot: string): Promise<void>
  /** Lets go of the slots of servers that are no more. Only where there is just one server. */
  releaseSlots(): Promise<void>
  lastSlot(name: string, company: string): Promise<string | undefined>

  auditRows(company: string): AsyncGenerator<AuditRow>
  verifyAudit(company?: string): Promise<AuditVerdict[]>

  /** Makes this process the one server of a SQLite file; CLI commands work beside it without. */
  claimServer(onLost: () => void): Promise<ServerClaim>
  prune(): Promise<Pruned>
  /** The database answers and has every migration; throws what is the matter. */
  ready(): Promise<void>
  backup(file: string): Promise<void>
  close(): Promise<void>
}
