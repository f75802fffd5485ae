import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadDemo } from '../../data/demo.ts'
import type { DataStore } from '../../data/store.ts'
import { schedules } from '../../schedules/index.ts'
import { runForCompany } from '../../schedules/run.ts'
import type { Change } from '../../src/ports.ts'
import { freshStore } from '../support/databases.ts'

// Every read and every write of a store is held to its company elsewhere (test/data/twins.test.ts); here, that no
// schedule asks one company's store for another's (B5.84).

const monday = Date.parse('2027-02-01T10:00:00+09:00')
let store: DataStore
let close: () => Promise<void>

beforeAll(async () => {
  ;({ store, close } = await freshStore('sqlite'))
  await loadDemo(store, () => monday, { teams: true })
}, 60_000)
afterAll(() => close())

/** The store, which notes the company of every question and every change. */
function watched(seen: Set<string>): DataStore {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        const [first] = args
        if (name === 'commit') {
          const change = first as Change
          seen.add(change.company)
        } else if (typeof first === 'string') seen.add(first)
        return (member as (...all: unknown[]) => unknown).apply(target, args)
      }
    },
  })
}

const owedAbroad = () =>
  store.database.read.selectFrom('deliveries').select('id').where('company_id', '=', 'larkfield').execute()

it.each(schedules.map((schedule) => [schedule.name, schedule] as const))(
  'B5.84 %s of one company asks and changes nothing of another',
  async (_name, schedule) => {
    const before = await owedAbroad()
    const seen = new Set<string>()
    await runForCompany(schedule, { store: watched(seen), now: monday, dryRun: false }, 'ondam')
    expect([...seen]).toEqual(['ondam'])
    expect(await owedAbroad()).toEqual(before)
  },
)
