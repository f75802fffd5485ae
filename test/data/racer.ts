/* A process that tries to decide every request of a list and says how many it won. */
import { createStore } from '../../data/store.ts'
import { at, change, line, opened, request } from './world.ts'

const [url, who, count] = process.argv.slice(2) as [string, string, string]
const store = await createStore({ url })
let won = 0
for (let i = 0; i < Number(count); i++) {
  const id = `N${i}`
  const next = request(id, { deal: id, version: 2, status: 'approved', settledBy: who, settledAt: at })
  const { outcome } = await store.commit(
    change('acme', {
      save: [opened(next, { expect: 1, waiting: [] })],
      audit: [line('discount.approved', { by: who, subject: { noun: 'discount', id } })],
    }),
  )
  if (outcome === 'committed') won += 1
}
await store.close()
console.log(won)
