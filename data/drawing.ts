import type { Selectable } from 'kysely'
import type { Drawing, Subject } from '../src/ports.ts'
import { type Reader, type Tx, toJson } from './database.ts'
import type { Schema } from './schema.ts'
import { on } from './statement.ts'

export async function drawing(db: Reader, company: string, id: string): Promise<Drawing | undefined> {
  const { rows } = await on<Selectable<Schema['drawings']>>(db)`
    select id, noun, subject, version, step, viewer, shown, at from drawings
    where company_id = ${company} and id = ${id}`
  const row = rows[0]
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
  for (const each of drawings) {
    await on(trx)`
      insert into drawings (company_id, id, noun, subject, version, step, viewer, shown, at)
      values (${company}, ${each.id}, ${each.subject.noun}, ${each.subject.id}, ${each.version},
              ${each.step ?? null}, ${each.viewer ?? null}, ${toJson(each.shown)}, ${each.at})
      on conflict (company_id, id) do nothing`
  }
}
