import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { type RunningPlayground, startPlayground } from '../../src/playground/index.ts'

export interface TestPlayground {
  readonly running: RunningPlayground
  readonly url: string
  /** What DATABASE_URL says, for the command line beside it. */
  readonly database: string
  stop(): Promise<void>
}

/** The playground as `npm start` opens it, on a free port and a database of its own, with the page of these sources. */
export async function openPlayground(env: Readonly<Record<string, string>> = {}): Promise<TestPlayground> {
  const folder = mkdtempSync(join(tmpdir(), 'dealdesk-playground-'))
  const page = join(folder, 'page')
  await build({
    configFile: resolve('vite.config.ts'),
    logLevel: 'error',
    build: { outDir: page, reportCompressedSize: false },
  })
  const database = `file:${join(folder, 'dealdesk.db')}`
  const running = await startPlayground({
    config: loadConfig({ DATABASE_URL: database, PORT: '0', ...env }),
    log: createLog('silent', { write: () => undefined }),
    start: startDealdesk,
    page,
  })
  return {
    running,
    url: running.url,
    database,
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
