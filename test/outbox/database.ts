import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Engine } from '../../data/database.ts'
import { migrate } from '../../data/migrate.ts'
import { openSqlite } from '../../data/sqlite.ts'

export const engines: Engine[] = ['sqlite']

export async function freshDatabase(
  _engine: Engine,
): Promise<{ database: Database; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'dealdesk-outbox-'))
  const database = openSqlite({ file: join(folder, 'test.db') })
  await migrate(database)
  return {
    database,
    close: async () => {
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}
