import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { runCli } from '../../src/cli/run.ts'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { type RunningPlayground, startPlayground } from '../../src/playground/index.ts'

export interface TestPlayground {
  readonly running: RunningPlayground
  readonly url: string
  /** The command line beside it, on the same database: what it printed, and how it ended. */
  dealdesk(...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }>
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
    async dealdesk(...words) {
      const said: string[] = []
      const code = await runCli(words, {
        env: { DATABASE_URL: database, LOG_LEVEL: 'silent' },
        out: async (text) => {
          said.push(text)
        },
        err: (text) => said.push(text),
      })
      return { code, said: said.join('') }
    },
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
