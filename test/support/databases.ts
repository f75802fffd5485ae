import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { Database, Engine } from '../../data/database.ts'
import { migrate } from '../../data/migrate.ts'
import { openPostgres } from '../../data/postgres.ts'
import { type DataStore, openDatabase, type StoreOptions, storeOn } from '../../data/store.ts'
import { firstOf, postgresServer } from './postgres.ts'

/** Every promise about data is kept on both: `describe.each(engines)`. */
export const engines: readonly Engine[] = ['sqlite', 'postgres']

/** A new, empty place for a database: what DATABASE_URL would say. */
export interface Place {
  readonly url: string
  remove(): Promise<void>
}

/** A place without tables: for the tests of the migration itself. */
export async function emptyPlace(engine: Engine): Promise<Place> {
  return engine === 'sqlite' ? filePlace() : postgresPlace(undefined)
}

/** A place with every migration applied: on PostgreSQL the clone of a template that was migrated once a run. */
export async function freshPlace(engine: Engine): Promise<Place> {
  if (engine === 'postgres') return postgresPlace(await template())
  const place = filePlace()
  const database = await openDatabase({ url: place.url })
  await migrate(database)
  await database.close()
  return place
}

/** An open, migrated database; `close` removes it. */
export async function freshDatabase(
  engine: Engine,
): Promise<{ database: Database; url: string; close: () => Promise<void> }> {
  const place = await freshPlace(engine)
  const database = await openDatabase({ url: place.url })
  return {
    database,
    url: place.url,
    close: async () => {
      await database.close()
      await place.remove()
    },
  }
}

/** An open store on a database of its own; `close` removes it. */
export async function freshStore(
  engine: Engine,
  options: Omit<StoreOptions, 'url'> = {},
): Promise<{ store: DataStore; url: string; close: () => Promise<void> }> {
  const { database, url, close } = await freshDatabase(engine)
  return { store: await storeOn(database, options), url, close }
}

function filePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'dealdesk-sqlite-'))
  return {
    url: `file:${join(folder, 'test.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function postgresPlace(from: string | undefined): Promise<Place> {
  const server = await postgresServer(inject('postgresRun'))
  const name = `${server.prefix}_${randomUUID().replaceAll('-', '')}`
  await onServer(server.url, `create database ${name}${from === undefined ? '' : ` template ${from}`}`)
  return {
    url: urlOf(server.url, name),
    remove: () => onServer(server.url, `drop database if exists ${name} with (force)`),
  }
}

async function template(): Promise<string> {
  const run = inject('postgresRun')
  const server = await postgresServer(run)
  return firstOf(run, 'template', async () => {
    const name = `${server.prefix}_template`
    await onServer(server.url, `create database ${name}`)
    const database = openPostgres({ url: urlOf(server.url, name) })
    await migrate(database)
    await database.close()
    return name
  })
}

/** PostgreSQL's names are ours here (letters, digits, underscores), so they are written into the statement. */
async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}
