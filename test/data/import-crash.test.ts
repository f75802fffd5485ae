import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resumeImports } from '../../data/import/resume.ts'
import { planFiles, runImport } from '../../data/import.ts'
import { createStore } from '../../data/store.ts'
import { type Program, program } from '../support/child.ts'
import { engines, freshPlace } from '../support/databases.ts'
import { csv, folder } from './files.ts'

const now = () => Date.UTC(2026, 10, 20, 3)
const deals = 3_500
const file = csv(
  'id,name,stage,amount',
  ...Array.from({ length: deals }, (_, i) => `d${(i * 9) % deals},Deal ${i},S${1 + (i % 6)},${1000 + i}`),
)

describe.each(engines)('B5.98 an import that is killed on %s', (engine) => {
  let importer: Program
  beforeAll(async () => {
    importer = await program('test/data/importer.ts')
  })
  afterAll(() => importer.remove())

  async function killed(at: string) {
    const place = await freshPlace(engine)
    const files = folder({ 'opportunities.csv': file })
    const running = importer.start(place.url, 'acme', files.path, at)
    for await (const _ of running.lines);
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
    const store = await createStore({ url: place.url })
    const count = async () =>
      (
        await store.database.read
          .selectFrom('opportunities')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n
    const staged = async () =>
      (
        await store.database.read
          .selectFrom('import_rows')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n
    const end = async () => {
      await store.close()
      await place.remove()
      files.remove()
    }
    return { store, files, count, staged, end }
  }

  it('while it checks has changed nothing, and the next one starts afresh', async () => {
    const { store, files, count, staged, end } = await killed('checking 2')
    expect(await count()).toBe(0)
    expect(await staged()).toBeGreaterThan(0)
    expect(await store.companies()).toEqual([])
    expect(
      await runImport(store, await planFiles([files.path]), { company: 'acme', now, asIs: true }),
    ).toMatchObject({
      outcome: 'applied',
      counts: [{ added: deals }],
    })
    expect(await count()).toBe(deals)
    expect(await staged()).toBe(0)
    await end()
  })

  it('while it applies is finished by whoever comes next, and then counts as imported', async () => {
    const { store, files, count, staged, end } = await killed('applying')
    const before = await count()
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(deals)
    expect(await resumeImports(store, now)).toBe(1)
    expect(await count()).toBe(deals)
    expect(await staged()).toBe(0)
    expect(await resumeImports(store, now)).toBe(0)
    expect(
      await runImport(store, await planFiles([files.path]), { company: 'acme', now, asIs: true }),
    ).toMatchObject({
      outcome: 'already',
    })
    expect((await store.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
    await end()
  })
})
