import type { Drawing, Subject } from '../src/ports.ts'
import { type Reader, type Tx, toJson } from './database.ts'

export async function drawing(db: Reader, company: string, id: string): Promise<Drawing | undefined> {
  const row = await db
    .selectFrom('drawings')
    .selectAll()
    .where('company_id', '=', company)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    id: row.id,
    subject: { noun: row.noun as Subject['noun'], id: row.subject },
    version: row.version,
    ...(row.step !== null && { step: row.step }),
    ...(row.viewer !== null && { viewer: row.viewer }),
    shown: JSON.parse(row.shown) as Drawing['shown'],
    at: row.at,
  }
}

/** Keeps what people were shown. An id that is there already stays as it was. */
export async function saveDrawings(trx: Tx, company: string, drawings: readonly Drawing[]): Promise<void> {
  if (drawings.length === 0) return
  await trx
    .insertInto('drawings')
    .values(
      drawings.map((each) => ({
        company_id: company,
        id: each.id,
        noun: each.subject.noun,
        subject: each.subject.id,
        version: each.version,
        step: each.step ?? null,
        viewer: each.viewer ?? null,
        shown: toJson(each.shown),
        at: each.at,
      })),
    )
    .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
    .execute()
}
