import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { createStore } from '../../data/store.ts'
import { registry } from '../../handlers/index.ts'
import { createIntake } from '../../src/intake.ts'
import type { Change, Store } from '../../src/ports.ts'
import { pragmas } from './pragmas.ts'
import { prepare, recorder, recordingOf } from './statements.ts'
import { median } from './statistics.ts'
import type { Row } from './table.ts'
import { instant, type Pending, type World } from './world.ts'

const count = 300

/** Decisions one after the other, and many at once, against better-sqlite3 running the same statements. */
export async function commits(world: World, folder: string, rounds: number): Promise<Row[]> {
  const files = { ours: join(folder, 'ours.db'), raw: join(folder, 'raw.db') }
  for (const file of Object.values(files)) copyFileSync(world.file, file)
  const recording = recorder()
  const store = await createStore({ url: `file:${files.ours}`, clock: { now: () => instant } })
  const raw = new BetterSqlite3(files.raw)
  for (const pragma of pragmas) raw.pragma(pragma)
  try {
    const decided = world.pending[0]!
    const warm = await changeOf(store, world, world.pending[1]!)
    await store.commit(warm)
    const change = await changeOf(store, world, decided)
    const runs = await recording.during(() => store.commit(change))
    recording.restore()
    const run = prepare(raw, recordingOf(runs, namesOf(world, decided)))

    let at = 2
    const take = async () => {
      const chosen = world.pending.slice(at, at + count)
      at += count
      const changes: Change[] = []
      for (const pending of chosen) changes.push(await changeOf(store, world, pending))
      return { chosen, changes }
    }
    const perSecond = { ours: [] as number[], raw: [] as number[], together: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      const one = await take()
      perSecond.ours.push(
        await rate(async () => {
          for (const each of one.changes) await kept(store, each)
        }),
      )
      perSecond.raw.push(
        await rate(async () => {
          for (const each of one.chosen) run(namesOf(world, each))
        }),
      )
      const many = await take()
      perSecond.together.push(
        await rate(async () => {
          for (let from = 0; from < count; from += 50)
            await Promise.all(many.changes.slice(from, from + 50).map((each) => kept(store, each)))
        }),
      )
      for (const each of many.chosen) run(namesOf(world, each))
    }
    const baseline = median(perSecond.raw)
    return [
      {
        what: 'Commits of a decision, one after the other',
        ours: median(perSecond.ours),
        baseline,
        unit: '/s',
        ratio: median(perSecond.ours) / baseline,
      },
      {
        what: 'Commits of a decision, 50 at once',
        ours: median(perSecond.together),
        baseline,
        unit: '/s',
        ratio: median(perSecond.together) / baseline,
      },
    ]
  } finally {
    raw.close()
    await store.close()
  }
}

async function kept(store: Store, change: Change): Promise<void> {
  const { outcome } = await store.commit(change)
  if (outcome !== 'committed') throw new Error(`Not committed: ${outcome}`)
}

async function rate(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return count / ((performance.now() - began) / 1_000)
}

const namesOf = (world: World, of: Pending) => {
  const company = world.companies[of.company]!
  return {
    request: of.request,
    drawing: of.drawing,
    deal: of.deal,
    company: company.id,
    manager: company.managers[of.team]!.person,
    ae: company.aes[of.team]!.person,
    key: `key-of-${of.drawing}`,
  }
}

/** The change that an approval makes, ruled on by the product and not committed yet. */
async function changeOf(store: Store, world: World, of: Pending): Promise<Change> {
  const company = world.companies[of.company]!
  let caught: Change | undefined
  const intake = createIntake({
    store: {
      ...store,
      commit: async (change) => {
        caught = change
        return { outcome: 'committed' }
      },
    },
    clock: { now: () => instant },
    registry,
    linking: { link: async () => undefined },
    pace: { take: () => 0 },
  })
  await intake.take({
    ...{ platform: 'slack', tenant: company.tenant, user: company.managers[of.team]!.user },
    ...{ key: `key-of-${of.drawing}`, fingerprint: 'f', at: instant, place: { kind: 'dm' } },
    ...{ kind: 'button', action: 'discount.approve', drawing: of.drawing },
  })
  if (!caught?.save.length) throw new Error('An approval that changes nothing.')
  return caught
}
