/* A process that makes one run of nudges; it is killed at the commit it was told of, before or after it. */
import { createStore } from '../../data/store.ts'
import { runNudges } from '../../schedules/nudge-run.ts'
import { Causes, cause } from '../support/causes.ts'

const [url, at, owners, killAt = ''] = process.argv.slice(2) as [string, string, string, string?]
const now = Number(at)
const store = await createStore({ url, clock: { now: () => now } })
const [when, number] = killAt.split(':')
let commits = 0
const watched: typeof store = {
  ...store,
  async commit(change) {
    commits += 1
    const here = commits === Number(number)
    if (here && when === 'before') process.kill(process.pid, 'SIGKILL')
    const commit = await store.commit(change)
    if (here && when === 'after') process.kill(process.pid, 'SIGKILL')
    return commit
  },
}
const causes = new Causes(['stalled'])
causes.set(...causesOf(owners.split(',')))
const lines = await runNudges(
  { store: watched, now, company: 'one', slot: '2026-10-01', dryRun: false },
  ['stalled'],
  causes.rules,
)
await store.close()
console.log(lines.length)

/** Seven causes a person: two more than the day's budget; the manager hears of the first of each. */
function causesOf(people: readonly string[]) {
  return people.flatMap((owner) =>
    Array.from({ length: 7 }, (_, i) =>
      cause(`${owner}-${i}`, {
        owner,
        weight: i,
        ...(i === 6 ? { alsoTell: ['manager'] } : {}),
      }),
    ),
  )
}
