import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { AuditEntry, Subject } from '../src/ports.ts'
import { type Database, type Reader, type Tx, toJson } from './database.ts'
import { engineOf } from './engine.ts'
import type { Schema } from './schema.ts'
import { on } from './statement.ts'

type Row = Selectable<Schema['audit']>

/** The keys that seal the audit: one seals, all verify. */
export interface AuditKeys {
  readonly id: string
  readonly key: Buffer
  readonly known: ReadonlyMap<string, { readonly key: Buffer; readonly from: 'environment' | 'database' }>
}

const settingName = 'audit_key'

const idOf = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 16)

/**
 * With ENCRYPTION_KEY the chain's key is derived from it and never in the database: whoever can write the
 * tables cannot forge a seal. Without it the key is random and lies in the database itself, which still shows
 * accidents and clumsy edits, and no more (docs/data.md).
 */
export async function auditKeys(
  database: Database,
  encryptionKey: Uint8Array | undefined,
): Promise<AuditKeys> {
  let stored = await readKey(database.read)
  if (stored === undefined) {
    await database.transact((trx) =>
      trx
        .insertInto('settings')
        .values({ key: settingName, value: randomBytes(32).toString('base64') })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute(),
    )
    stored = await readKey(database.read)
  }
  if (stored === undefined) throw new Error('The audit key was written and is not there.')
  const known = new Map<string, { key: Buffer; from: 'environment' | 'database' }>()
  known.set(idOf(stored), { key: stored, from: 'database' })
  if (encryptionKey === undefined) return { id: idOf(stored), key: stored, known }
  const derived = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'dealdesk audit chain', 32))
  known.set(idOf(derived), { key: derived, from: 'environment' })
  return { id: idOf(derived), key: derived, known }
}

async function readKey(db: Reader): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', settingName)
    .executeTakeFirst()
  return row && Buffer.from(row.value, 'base64')
}

const seal = (key: Buffer, before: string, row: Omit<Row, 'seal'>): string =>
  createHmac('sha256', key)
    .update(
      JSON.stringify([
        before,
        row.company_id,
        row.seq,
        row.at,
        row.what,
        row.by,
        row.on_behalf_of,
        row.platform,
        row.noun,
        row.subject,
        row.policy_version,
        row.saw,
        row.detail,
        row.key_id,
      ]),
    )
    .digest('hex')

/** Adds entries to the company's chain; its head is locked until the transaction ends, so the chain never forks. */
export async function appendAudit(
  trx: Tx,
  keys: AuditKeys,
  company: string,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return
  if (engineOf(trx) === 'postgres') {
    // Locks the head until the end of the transaction; the first entry of a company makes the head it locks.
    await on(trx)`
      insert into audit_heads (company_id, seq, seal) values (${company}, 0, '')
      on conflict (company_id) do update set seq = audit_heads.seq`
  }
  const { rows: heads } = await on<Pick<Row, 'seq' | 'seal'>>(trx)`
    select seq, seal from audit_heads where company_id = ${company}`
  const head = heads[0]
  let seq = head?.seq ?? 0
  let before = head?.seal ?? ''
  for (const entry of entries) {
    seq += 1
    const row: Omit<Row, 'seal'> = {
      company_id: company,
      seq,
      at: entry.at,
      what: entry.what,
      by: entry.by,
      on_behalf_of: entry.for ?? null,
      platform: entry.platform,
      noun: entry.subject.noun,
      subject: entry.subject.id,
      policy_version: entry.policyVersion ?? null,
      saw: entry.saw === undefined ? null : toJson(entry.saw),
      detail: entry.detail === undefined ? null : toJson(entry.detail),
      key_id: keys.id,
    }
    before = seal(keys.key, before, row)
    await on(trx)`
      insert into audit (company_id, seq, at, what, "by", on_behalf_of, platform, noun, subject, policy_version,
                         saw, detail, key_id, seal)
      values (${company}, ${seq}, ${row.at}, ${row.what}, ${row.by}, ${row.on_behalf_of}, ${row.platform},
              ${row.noun}, ${row.subject}, ${row.policy_version}, ${row.saw}, ${row.detail}, ${row.key_id}, ${before})`
  }
  await on(trx)`
    insert into audit_heads (company_id, seq, seal) values (${company}, ${seq}, ${before})
    on conflict (company_id) do update set seq = excluded.seq, seal = excluded.seal`
}

/** Newest first. */
export async function auditOf(
  db: Reader,
  company: string,
  subject: Subject,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('company_id', '=', company)
    .where('noun', '=', subject.noun)
    .where('subject', '=', subject.id)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(entryOf)
}

/** One line of the audit with its place in the chain. */
export interface AuditRow extends AuditEntry {
  readonly company: string
  readonly seq: number
  readonly seal: string
}

/** How many rows are read at a time: few enough that nobody waits for the walk. */
const pageRows = 500

/** The whole audit of a company, oldest first, in pages: the memory it takes does not grow with it. */
export async function* auditRows(db: Reader, company: string): AsyncGenerator<AuditRow> {
  for await (const row of rawRows(db, company)) {
    yield { company, seq: row.seq, seal: row.seal, ...entryOf(row) }
  }
}

async function* rawRows(db: Reader, company: string): AsyncGenerator<Row> {
  let after = 0
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('company_id', '=', company)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(pageRows)
      .execute()
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    after = last.seq
    // Between two pages the event loop goes round: a long walk holds up no answer to Slack.
    await new Promise(setImmediate)
  }
}

export interface AuditVerdict {
  readonly company: string
  /** Rows that hold, from the first on. */
  readonly rows: number
  /** The seal of the last row that holds: written down elsewhere, it later proves that nothing before it was taken away. */
  readonly head: string
  /** How many of them a key from ENCRYPTION_KEY sealed, and how many the key in the database. */
  readonly sealedBy: { readonly environment: number; readonly database: number }
  /** The first place where the chain does not hold. */
  readonly broken?: { readonly seq: number; readonly why: string }
}

/** Walks the chain of one company, or of every company that has one. */
export async function verifyAudit(db: Reader, keys: AuditKeys, company?: string): Promise<AuditVerdict[]> {
  const { rows } = await sql<{ id: string }>`
    select company_id as id from audit_heads union select company_id from audit order by 1`.execute(db)
  const verdicts: AuditVerdict[] = []
  for (const { id } of rows) {
    if (company === undefined || company === id) verdicts.push(await verifyCompany(db, keys, id))
  }
  return verdicts
}

async function verifyCompany(db: Reader, keys: AuditKeys, company: string): Promise<AuditVerdict> {
  // The head is read first: rows that are added during the walk are then past it, not missing.
  const head = await db
    .selectFrom('audit_heads')
    .select(['seq', 'seal'])
    .where('company_id', '=', company)
    .executeTakeFirst()
  const sealedBy = { environment: 0, database: 0 }
  let count = 0
  let before = ''
  const broken = (seq: number, why: string): AuditVerdict => ({
    company,
    rows: count,
    head: before,
    sealedBy,
    broken: { seq, why },
  })
  for await (const { seal: found, ...row } of rawRows(db, company)) {
    if (row.seq !== count + 1) return broken(count + 1, 'the entry is missing')
    const key = keys.known.get(row.key_id)
    if (key === undefined) {
      return broken(row.seq, 'it was sealed with another ENCRYPTION_KEY than the one that is set now')
    }
    if (
      key.from === 'database' &&
      sealedBy.environment > 0 &&
      keys.known.get(keys.id)?.from === 'environment'
    ) {
      return broken(row.seq, 'it was sealed without ENCRYPTION_KEY after entries that were sealed with it')
    }
    if (seal(key.key, before, row) !== found) return broken(row.seq, 'the entry is not as it was written')
    sealedBy[key.from] += 1
    before = found
    count = row.seq
    if (head !== undefined && count === head.seq && found !== head.seal) {
      return broken(count, 'the head of the chain names another entry')
    }
  }
  if (head === undefined) return broken(count + 1, 'the head of the chain is missing')
  if (head.seq > count) return broken(count + 1, 'the entry is missing')
  return { company, rows: count, head: before, sealedBy }
}

function entryOf(row: Row): AuditEntry {
  return {
    at: row.at,
    what: row.what,
    by: row.by,
    ...(row.on_behalf_of !== null && { for: row.on_behalf_of }),
    platform: row.platform as AuditEntry['platform'],
    subject: { noun: row.noun as Subject['noun'], id: row.subject },
    ...(row.policy_version !== null && { policyVersion: row.policy_version }),
    ...(row.saw !== null && { saw: JSON.parse(row.saw) as Record<string, unknown> }),
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as Record<string, unknown> }),
  }
}
