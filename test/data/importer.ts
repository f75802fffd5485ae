/*
 * A process for the tests to kill: imports files, says every step, and waits after each until it is told to go on.
 */
import { writeSync } from 'node:fs'
import { openForImport } from '../../data/import/open.ts'
import { planFiles, runImport } from '../../data/import.ts'

const [url, company, path, killAt] = process.argv.slice(2) as [string, string, string, string]
const { store } = await openForImport({ url })
let steps = 0
const report = await runImport(store, await planFiles([path]), {
  company,
  now: () => Date.UTC(2026, 10, 20, 3),
  asIs: true,
  onStep: ({ doing }) => {
    writeSync(1, `${doing}\n`)
    // Killed here, between two transactions: what was committed is all there is.
    if (`${doing} ${++steps}` === killAt || (doing === 'applying' && killAt === 'applying'))
      process.kill(process.pid, 'SIGKILL')
  },
})
writeSync(1, `${report.outcome}\n`)
await store.close()
