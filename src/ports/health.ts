import type { Account } from '../canon/account.ts'
import type { AccountHealth, Grade, GradeChange, HealthAccount, HealthSignal } from '../canon/health.ts'
import type { HealthTask } from '../canon/health-task.ts'
import type { Money } from '../canon/money.ts'

/** What the store keeps of account health: see data/health.ts. */
export type HealthSave =
  /** A signal of the same component and day is corrected. The account is marked to be computed anew. */
  | { readonly noun: 'health-signal'; readonly next: HealthSignal }
  /** The computed health, with the line its history gets. */
  | {
      readonly noun: 'health'
      readonly next: AccountHealth
      readonly expect: number | 'new'
      readonly change?: GradeChange
    }
  /** Computed with everything that came up to this mark: the account is no longer marked, unless more came since. */
  | { readonly noun: 'health-computed'; readonly account: string; readonly marks: number }
  | { readonly noun: 'health-task'; readonly next: HealthTask; readonly expect: number | 'new' }

/** An account with its health, as a list shows it. */
export interface HealthRow {
  readonly account: Pick<Account, 'id' | 'name' | 'tier' | 'csm' | 'ae' | 'renewalOn' | 'arr'>
  readonly health?: AccountHealth
  /** Tasks that are open. */
  readonly review: boolean
  readonly plan: boolean
}

/** An open review or plan with what a rule asks of its account. */
export interface OpenHealthTask {
  readonly task: HealthTask
  readonly account: HealthAccount
  readonly arr?: Money
  readonly health?: AccountHealth
}

/** Whose accounts are meant: those with one of these people as CSM or AE. */
export type HealthOf = { readonly all: true } | { readonly all: false; readonly people: readonly string[] }

/** How many customers (accounts with a CSM, or with health) are in each grade. */
export type HealthMix = Readonly<Record<Grade | 'unknown', number>>

/** The store's readings of account health. */
export interface HealthReads {
  healthOf(company: string, account: string): Promise<AccountHealth | undefined>
  /** Every signal of an account, the newest day first. */
  signalsOf(company: string, account: string, limit: number): Promise<HealthSignal[]>
  /** Changes of grade, the newest first. */
  healthHistory(company: string, account: string, limit: number): Promise<GradeChange[]>
  healthTask(company: string, id: string): Promise<HealthTask | undefined>
  /** Open ones first, then the newest first. */
  healthTasksOf(company: string, account: string, limit: number): Promise<HealthTask[]>
  /** Open tasks of a kind with their accounts, by id, after this id: pages of a walk over all. */
  openHealthTasks(
    company: string,
    kind: HealthTask['kind'],
    after: string,
    limit: number,
  ): Promise<OpenHealthTask[]>
  healthMix(company: string, of: HealthOf): Promise<HealthMix>
  /** Customers, the worst score first, those without one last. */
  healthList(company: string, of: HealthOf, limit: number): Promise<HealthRow[]>
  /** Accounts to be computed anew: those marked, the longest waiting first, then those computed under other rules. */
  healthToCompute(
    company: string,
    rules: string,
    limit: number,
  ): Promise<{ account: string; marks?: number }[]>
}
