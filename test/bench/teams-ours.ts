import { loadDemo } from '../../data/demo.ts'
import { createStore } from '../../data/store.ts'
import { loadConfig } from '../../src/config.ts'
import { type Dealdesk, startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { growSlowly } from '../../src/memory.ts'
import { answering } from './child.ts'
import type { TeamsBench } from './teams.ts'

/* The whole product with Teams alone, on a database of its own with the demo companies. */

let running: Dealdesk | undefined

answering({
  async start({ file, settings }: TeamsBench) {
    growSlowly()
    const url = `file:${file}`
    const store = await createStore({ url, makeFolder: true })
    await loadDemo(store, Date.now, { teams: true })
    await store.close()
    running = await startDealdesk({
      config: loadConfig({ DATABASE_URL: url, PORT: '0', DEALDESK_HOST: '127.0.0.1' }),
      log: createLog('error'),
      clock: { now: Date.now },
      local: { teams: settings },
    })
  },
  port: () => running?.port,
  /** A drawing about nothing in particular: what the button “ask for a discount” stands on. */
  async drawing() {
    const id = 'bench-drawing'
    await running?.store.saveDrawings('ondam', [
      { id, subject: { noun: 'company', id: 'ondam' }, version: 0, shown: {}, at: Date.now() },
    ])
    return id
  },
  stop: () => running?.stop(),
})
