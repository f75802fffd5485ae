import type { Instant } from '../src/canon/calendar.ts'
import { defaultPolicy } from '../src/canon/policy.ts'
import type { AuditEntry, Change, Commit } from '../src/ports.ts'
import { appendAudit, auditKeys, auditOf, auditRows, verifyAudit } from './audit.ts'
import { backup } from './backup.ts'
import { cardAt, cardsOf, deadDeliveries } from './card.ts'
import { bindings, bindTenant, companies, insertCompany, updateCompany } from './company.ts'
import { customerReads } from './customers.ts'
import type { By, Committed, DataStore, StoreOptions } from './data-store.ts'
import { type Database, StorageError, StorageRefused, type Tx } from './database.ts'
import { dismissDead, retryDead } from './dead-letters.ts'
import {
  askedBy,
  discount,
  discountsOfDeal,
  dueDiscounts,
  openDiscount,
  openDiscountsWith,
  waitingFor,
} from './discount.ts'
import { drawing, saveDrawings } from './drawing.ts'
import { healthReads } from './health.ts'
import { deleteInstallation, installation, installations, saveInstallation } from './installation.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { nudgeReads } from './nudge.ts'
import { scanReads } from './nudge-scan.ts'
import { numberReads } from './number.ts'
import { seen, takeOnce } from './once.ts'
import { deal, dealsNamed, dealsOf, discountStats, findDeals, openByStage } from './opportunity.ts'
import { enqueueDeliveries, enqueueRefreshes } from './outbox.ts'
import { createOrgCache, forgetPerson, identitiesOf, linkedPeople, whoIs } from './people.ts'
import { createPolicyReader } from './policy.ts'
import { prune } from './prune.ts'
import { recordReads } from './record.ts'
import { renewalReads } from './renewal.ts'
import { reportReads } from './report.ts'
import { applySave, inOrder } from './save.ts'
import { claimServer } from './server-lock.ts'
import { claimTurn, finishSlot, lastSlot, releaseSlots, takeSlot } from './slot.ts'
import { createToken, revokeToken, tokenOf, tokens } from './token.ts'
import { resumeWorkspace } from './workspace-pause.ts'

export type { DataStore, StoreOptions }

/** Opens the database that DATABASE_URL names. The driver of the other engine is never loaded. */
export async function openDatabase(
  options: Pick<StoreOptions, 'url' | 'makeFolder' | 'poolSize' | 'onTrouble'>,
): Promise<Database> {
  if (/^postgres(ql)?:/.test(options.url)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres({
      url: options.url,
      ...(options.poolSize !== undefined && { poolSize: options.poolSize }),
      ...(options.onTrouble !== undefined && { onIdleError: options.onTrouble }),
    })
  }
  if (!options.url.startsWith('file:')) {
    throw new StorageRefused('DATABASE_URL must be file:PATH or postgres://…')
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite({ file: options.url.slice('file:'.length), makeFolder: options.makeFolder ?? false })
}

/** Opens the store, migrating it first. */
export async function createStore(options: StoreOptions): Promise<DataStore> {
  const database = await openDatabase(options)
  try {
    return await storeOn(database, options)
  } catch (error) {
    await database.close().catch(() => {})
    throw error
  }
}

/** Rolls the transaction back and says why, without being an error. */
class Undone extends Error {
  readonly commit: Exclude<Commit, { outcome: 'committed' }>
  constructor(commit: Exclude<Commit, { outcome: 'committed' }>) {
    super(commit.outcome)
    this.commit = commit
  }
}

/** The store on an open database. */
export async function storeOn(database: Database, options: Omit<StoreOptions, 'url'>): Promise<DataStore> {
  const migrated = await migrateOrRefuse(database, options.migrations ?? 'run')
  const keys = await auditKeys(database, options.encryptionKey)
  const { read } = database
  const firstPolicy = options.policy ?? defaultPolicy
  const now = options.clock === undefined ? Date.now : () => options.clock!.now()
  const listeners = new Set<(committed: Committed) => void>()

  async function commit(change: Change): Promise<Commit> {
    const { company } = change
    try {
      await database.transact(async (trx) => {
        if (change.once !== undefined) {
          const before = await takeOnce(trx, company, change.once)
          if (before !== undefined) {
            const sameBody = before.fingerprint === change.once.fingerprint
            throw new Undone({ outcome: 'seen-before', reply: before.reply, sameBody })
          }
        }
        const at = now()
        for (const save of inOrder(change.save)) {
          if (!(await applySave(trx, company, save, change, at))) throw new Undone({ outcome: 'stale' })
        }
        await enqueueDeliveries(trx, company, change.deliveries, at)
        await enqueueRefreshes(trx, company, change.refresh ?? [], at)
        await saveDrawings(trx, company, change.drawings ?? [])
        // Last: the chain's head is what every change of the company waits for, so it is held the shortest.
        await appendAudit(trx, keys, company, change.audit)
      })
    } catch (error) {
      if (error instanceof Undone) return error.commit
      const known = await knownAfter(error, change)
      if (known === undefined) throw error
      committed(change)
      return known
    }
    committed(change)
    return { outcome: 'committed' }
  }

  /** A connection lost during COMMIT leaves its outcome unknown; the gesture's key says which it was. */
  async function knownAfter(error: unknown, change: Change): Promise<Commit | undefined> {
    const { company, once } = change
    if (once === undefined || !(error instanceof StorageError) || error.trouble !== 'unavailable')
      return undefined
    const kept = await seen(read, company, once.key).catch(() => undefined)
    if (kept === undefined) return undefined
    return { outcome: 'seen-before', reply: kept.reply, sameBody: kept.fingerprint === once.fingerprint }
  }

  function committed({ company, deliveries }: Change): void {
    for (const listener of listeners) {
      try {
        listener({ company, deliveries: deliveries.length })
      } catch (error) {
        options.onTrouble?.(error)
      }
    }
  }

  /** An administrative write with its line in the company's audit. */
  async function administer<T>(
    company: string,
    by: By,
    entry: Pick<AuditEntry, 'what' | 'subject' | 'detail'>,
    write: (trx: Tx, at: Instant) => Promise<T>,
  ): Promise<T> {
    return database.transact(async (trx) => {
      const at = now()
      const result = await write(trx, at)
      if (result !== false) await appendAudit(trx, keys, company, [{ at, ...by, ...entry }])
      return result
    })
  }

  const encryptionKey = (): Uint8Array => {
    if (options.encryptionKey === undefined) {
      throw new StorageRefused(
        'ENCRYPTION_KEY is not set, and tokens are stored sealed or not at all. Make one with: openssl rand -base64 32',
      )
    }
    return options.encryptionKey
  }

  return {
    engine: database.engine,
    database,
    migrated,
    commit,
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    audit: (trx, company, entries) => appendAudit(trx, keys, company, entries),

    whoIs: (platform, tenant, user) => whoIs(read, platform, tenant, user),
    tenantsOf: (company) => bindings(read, company),
    org: createOrgCache(read),
    policy: createPolicyReader(read, firstPolicy),
    seen: (company, key) => seen(read, company, key),

    deal: (company, id) => deal(read, company, id),
    findDeals: (company, scope, query, limit, narrowed) =>
      findDeals(read, company, scope, query, limit, narrowed),
    dealsOf: (company, owner, limit) => dealsOf(read, company, owner, limit),
    dealsNamed: (company, name, limit) => dealsNamed(read, company, name, limit),
    openByStage: (company, owners) => openByStage(read, company, owners),
    discountStats: (company, of) => discountStats(read, company, of),

    discount: (company, id) => discount(read, company, id),
    openDiscount: (company, id) => openDiscount(read, company, id),
    discountsOfDeal: (company, id, limit) => discountsOfDeal(read, company, id, limit),
    waitingFor: (company, person, limit) => waitingFor(read, company, person, limit),
    askedBy: (company, person, limit) => askedBy(read, company, person, limit),
    dueDiscounts: (at, limit) => dueDiscounts(read, at, limit),
    openDiscountsWith: (company, people) => openDiscountsWith(read, company, people),

    ...recordReads(read, now),
    ...numberReads(read),
    ...reportReads(read),
    ...customerReads(read),
    ...scanReads(read, now),
    ...nudgeReads(read),
    ...renewalReads(read),
    ...healthReads(read),

    drawing: (company, id) => drawing(read, company, id),
    saveDrawings: async (company, drawings) => {
      // Lost with the power, a drawing makes its form say that it is out of date, and nothing worse.
      if (drawings.length > 0)
        await database.transact((trx) => saveDrawings(trx, company, drawings), { durable: false })
    },

    cardsOf: (company, subject) => cardsOf(read, company, subject),
    cardAt: (company, ref) => cardAt(read, company, ref),
    identitiesOf: (company, person) => identitiesOf(read, company, person),
    linkedPeople: (company) => linkedPeople(read, company),
    auditOf: (company, subject, limit) => auditOf(read, company, subject, limit),
    deadDeliveries: (company, limit) => deadDeliveries(read, company, limit),

    companies: () => companies(read),
    addCompany: (company, by) =>
      administer(company.id, by, { what: 'company.added', subject: companySubject(company.id) }, (trx, at) =>
        insertCompany(trx, company, firstPolicy, at),
      ),
    setCompany: (company, by) =>
      administer(company.id, by, { what: 'company.set', subject: companySubject(company.id) }, (trx) =>
        updateCompany(trx, company),
      ),
    bindings: (company) => bindings(read, company),
    bindTenant: (binding, by) =>
      database.transact(async (trx) => {
        const at = now()
        const company = await bindTenant(trx, binding, by.by, at)
        if (company === binding.company) {
          const { platform, tenant } = binding
          const entry = {
            what: 'company.bound',
            subject: companySubject(company),
            detail: { platform, tenant },
          }
          await appendAudit(trx, keys, company, [{ at, ...entry, ...by }])
        }
        return company
      }),
    forgetPerson: (company, person, by) =>
      administer(
        company,
        by,
        { what: 'person.forgotten', subject: { noun: 'person', id: person } },
        (trx, at) => forgetPerson(trx, company, person, at),
      ),

    createToken: (made, by) =>
      database.transact(async (trx) => {
        const at = now()
        const created = await createToken(trx, { ...made, by: by.by }, at)
        const detail = { token: created.id, scopes: made.scopes }
        await appendAudit(trx, keys, made.company, [
          { at, what: 'token.created', subject: companySubject(made.company), detail, ...by },
        ])
        return created
      }),
    tokens: (company) => tokens(read, company),
    revokeToken: (company, id, by) =>
      administer(
        company,
        by,
        { what: 'token.revoked', subject: companySubject(company), detail: { token: id } },
        (trx, at) => revokeToken(trx, company, id, at),
      ),
    tokenOf: (token) => tokenOf(read, token),

    installation: async (platform, tenant) => installation(read, encryptionKey(), platform, tenant),
    saveInstallation: async (saved, expect) => {
      const key = encryptionKey()
      return database.transact(async (trx) => {
        const kept = await saveInstallation(trx, key, saved, now(), expect)
        // Installed again: what waited for this workspace is sent now (B5.52).
        if (expect === undefined) await resumeWorkspace(trx, saved.company, saved, now())
        return kept
      })
    },
    deleteInstallation: (platform, tenant) =>
      database.transact((trx) => deleteInstallation(trx, platform, tenant)),
    installations: (company) => installations(read, company),

    retryDelivery: (company, id, by) =>
      administer(
        company,
        by,
        { what: 'delivery.retried', subject: { noun: 'none', id }, detail: { delivery: id } },
        (trx) => retryDead(trx, company, id),
      ),
    dismissDelivery: (company, id, by) =>
      administer(
        company,
        by,
        { what: 'delivery.dismissed', subject: { noun: 'none', id }, detail: { delivery: id } },
        (trx, at) => dismissDead(trx, company, id, at),
      ),

    claimTurn: (name, everyMs) => database.transact((trx) => claimTurn(trx, name, everyMs)),
    takeSlot: (name, company, slot, leaseMs) =>
      database.transact((trx) => takeSlot(trx, name, company, slot, leaseMs)),
    finishSlot: (name, company, slot) => database.transact((trx) => finishSlot(trx, name, company, slot)),
    releaseSlots: () => database.transact(releaseSlots),
    lastSlot: (name, company) => lastSlot(read, name, company),

    auditRows: (company) => auditRows(read, company),
    verifyAudit: (company) => verifyAudit(read, keys, company),

    claimServer: (onLost) => claimServer(database, onLost),
    prune: () => prune(database, now()),
    ready: async () => {
      await migrateOrRefuse(database, 'refuse')
    },
    backup: (file) => backup(database, file),
    close: () => database.close(),
  }
}

async function migrateOrRefuse(database: Database, how: 'run' | 'refuse'): Promise<string[]> {
  if (how === 'run') return migrate(database)
  const pending = await pendingMigrations(database)
  if (pending.length > 0) {
    throw new StorageRefused(
      `The database lacks ${pending.join(', ')}. Bring it up to date with: npm run dealdesk -- migrate`,
    )
  }
  return []
}

const companySubject = (id: string) => ({ noun: 'company' as const, id })
