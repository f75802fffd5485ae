/*
 * A process for the tests to kill: commits decisions one after the other and says each one's id when the store
 * has answered that it is committed.
 */
import { writeSync } from 'node:fs'
import { createStore } from '../../data/store.ts'
import { at, change, line, opened, request } from './world.ts'

const [url, prefix] = process.argv.slice(2) as [string, string]
const store = await createStore({ url })
for (let i = 0; ; i++) {
  const id = `${prefix}-${i}`
  const { outcome } = await store.commit(
    change('acme', {
      save: [opened(request(id, { deal: id, status: 'approved', settledAt: at }), { waiting: [] })],
      audit: [line('discount.approved', { subject: { noun: 'discount', id } })],
      deliveries: [
        { kind: 'tell', card: 'discount', subject: { noun: 'discount', id }, audience: { person: 'ae' } },
      ],
      once: { key: id, fingerprint: id, reply: id },
    }),
  )
  if (outcome === 'committed') writeSync(1, `${id}\n`)
}
