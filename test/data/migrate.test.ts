import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { StorageRefused } from '../../data/database.ts'
import { migrate, pendingMigrations } from '../../data/migrate.ts'
import { type Migration, migrations } from '../../data/migrations/index.ts'
import { createStore, openDatabase } from '../../data/store.ts'
import { emptyPlace, engines, type Place } from '../support/databases.ts'

const cleanup: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

async function open(place: Place) {
  const database = await openDatabase({ url: place.url })
  cleanup.push(() => database.close())
  return database
}

describe.each(engines)('migrations on %s', (engine) => {
  async function place(): Promise<Place> {
    const made = await emptyPlace(engine)
    cleanup.push(() => made.remove())
    return made
  }
  const names = migrations.map((each) => each.name)
  const extra = (statements: readonly string[]): Migration => ({
    name: '9999-extra',
    statements: () => statements,
  })

  it('brings an empty database up to date, and a second run finds nothing to do', async () => {
    const database = await open(await place())
    expect(await pendingMigrations(database)).toEqual(names)
    expect(await migrate(database)).toEqual(names)
    expect(await migrate(database)).toEqual([])
    expect(await pendingMigrations(database)).toEqual([])
  })

  it('B5.69 a migration that fails is undone whole and named, and the next start takes up where it left', async () => {
    const where = await place()
    const database = await open(where)
    const failing = [...migrations, extra(['create table half (a integer)', 'this is not a statement'])]
    await expect(migrate(database, failing)).rejects.toThrow(/9999-extra failed and was undone whole/)
    const there = await sql`select 1 from half`.execute(database.read).catch(() => 'no such table')
    expect(there).toBe('no such table')
    expect(await migrate(database, [...migrations, extra(['create table half (a integer)'])])).toEqual([
      '9999-extra',
    ])
  })

  it('refuses a database whose past is not ours', async () => {
    const database = await open(await place())
    await migrate(database, [...migrations, extra(['create table later (a integer)'])])
    await expect(migrate(database)).rejects.toThrow(/newer version of Dealdesk .*9999-extra/)
    await expect(
      migrate(database, [...migrations, extra(['create table other (a integer)'])]),
    ).rejects.toThrow(/9999-extra was changed after this database had been migrated/)
    const renamed = { name: '9999-other', statements: () => [] }
    await expect(migrate(database, [...migrations, renamed])).rejects.toThrow(
      /9999-extra where this version has 9999-other/,
    )
  })

  it('replicas that start together migrate once', async () => {
    const where = await place()
    const databases = await Promise.all(Array.from({ length: 4 }, () => open(where)))
    const done = await Promise.all(databases.map((database) => migrate(database)))
    expect(done.flat().sort()).toEqual([...names].sort())
  })

  it('a store that may not migrate says what is missing and how to bring it', async () => {
    const where = await place()
    await expect(createStore({ url: where.url, migrations: 'refuse' })).rejects.toThrow(
      new StorageRefused(
        `The database lacks ${names.join(', ')}. Bring it up to date with: npm run dealdesk -- migrate`,
      ),
    )
  })
})
