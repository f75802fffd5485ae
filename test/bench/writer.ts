import { createStore, type DataStore } from '../../data/store.ts'
import { answering } from './child.ts'
import { bigCompany } from './deals.ts'

/** A server beside an import: commits something small all the while and remembers the longest wait. */
let store: DataStore
let claim: Awaited<ReturnType<DataStore['claimServer']>>
let stopping = false
let longest = 0
let written = 0
let ended: Promise<void>

answering({
  async start({ file }: { file: string }) {
    store = await createStore({ url: `file:${file}` })
    claim = await store.claimServer(() => undefined)
    ended = write()
  },
  longest: () => {
    if (written < 20) throw new Error(`Only ${written} commits were made beside the import.`)
    return longest
  },
  async stop() {
    stopping = true
    await ended
    await claim.release()
    await store.close()
  },
})

async function write(): Promise<void> {
  while (!stopping) {
    const began = performance.now()
    await store.commit({
      company: bigCompany,
      save: [],
      audit: [
        {
          at: Date.now(),
          what: 'bench.line',
          by: 'vp',
          platform: 'cli',
          subject: { noun: 'none', id: String(written) },
        },
      ],
      deliveries: [],
      once: { key: `bench-${written}`, fingerprint: 'f', reply: null },
    })
    longest = Math.max(longest, performance.now() - began)
    written += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
