import { createHash, randomBytes } from 'node:crypto'
import type { Reader, Tx } from './database.ts'

/** A token of the API as it is listed: the token itself is shown once, when it is made. */
export interface ApiToken {
  readonly id: string
  readonly company: string
  readonly label: string
  /** Empty: everything its company may do over the API. */
  readonly scopes: readonly string[]
  readonly createdAt: number
  readonly createdBy: string
  readonly revokedAt?: number
}

// 256 random bits cannot be guessed, so a plain digest keeps them; nothing here is a password.
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** Makes a token and answers it, for the only time. */
export async function createToken(
  trx: Tx,
  made: { company: string; label: string; scopes: readonly string[]; by: string },
  now: number,
): Promise<{ id: string; token: string }> {
  const id = randomBytes(6).toString('hex')
  const token = `dd_${id}_${randomBytes(32).toString('base64url')}`
  await trx
    .insertInto('api_tokens')
    .values({
      id,
      company_id: made.company,
      hash: hashOf(token),
      label: made.label,
      scopes: made.scopes.join(' '),
      created_at: now,
      created_by: made.by,
      revoked_at: null,
    })
    .execute()
  return { id, token }
}

/** Whose token this is; `undefined` for an unknown or revoked one. */
export async function tokenOf(
  db: Reader,
  token: string,
): Promise<{ id: string; company: string; scopes: readonly string[] } | undefined> {
  const row = await db
    .selectFrom('api_tokens')
    .select(['id', 'company_id', 'scopes'])
    .where('hash', '=', hashOf(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row && { id: row.id, company: row.company_id, scopes: scopesOf(row.scopes) }
}

export async function tokens(db: Reader, company?: string): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('api_tokens')
    .selectAll()
    .$if(company !== undefined, (query) => query.where('company_id', '=', company!))
    .orderBy('company_id')
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    company: row.company_id,
    label: row.label,
    scopes: scopesOf(row.scopes),
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  }))
}

/** Revokes a token of a company. False when it has none of that id that still works. */
export async function revokeToken(trx: Tx, company: string, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('company_id', '=', company)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const scopesOf = (text: string) => text.split(' ').filter((scope) => scope !== '')
