import { sql } from 'kysely'
import type { Database } from '../../data/database.ts'

/** Everything that the database judges by its own clock, by table: leases, due times, pauses (B5.82). */
const judged: Readonly<Record<string, readonly string[]>> = {
  deliveries: ['first_tried_at', 'sending_since'],
  lanes: ['next_at', 'job_at', 'lease_until'],
  slots: ['held_until', 'claimed_at'],
}

/** So much time passes in which no process is there: no test can move a database's clock, so what it judges grows old. */
export async function timePasses(database: Database, ms: number): Promise<void> {
  const pauses = `update workspace_pauses set until_at = until_at - ${ms} where what = 'rate'`
  const rows = Object.entries(judged).map(
    ([table, columns]) =>
      `update ${table} set ${columns.map((column) => `${column} = ${column} - ${ms}`).join(', ')}`,
  )
  await database.transact(async (trx) => {
    for (const statement of [...rows, pauses]) await sql.raw(statement).execute(trx)
  })
}
