import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'

/** A program of the tests, made ready to run in processes of their own. */
export interface Program {
  /** Starts it. Lines it writes arrive as they come; `ended` tells how it went, with what it wrote to stderr. */
  start(...args: string[]): Running
  /** The same with an environment of its own, which is all it gets beside PATH. */
  startWith(env: Readonly<Record<string, string>>): Running
  remove(): void
}

export interface Running {
  readonly process: ChildProcess
  readonly lines: AsyncIterable<string>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>
}

/** Node 20 runs no TypeScript: the program is bundled once, inside the checkout so that it finds its packages. */
export async function program(entry: string): Promise<Program> {
  const folder = mkdtempSync(resolve('node_modules', '.dealdesk-test-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(entry),
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  const run = (args: readonly string[], env: Readonly<Record<string, string>>): Running => {
    const child = spawn(process.execPath, [join(folder, 'program.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    return {
      process: child,
      lines: createInterface({ input: child.stdout }),
      ended: new Promise((done, failed) => {
        child.on('error', failed)
        child.on('close', (code, signal) => done({ code, signal, stderr }))
      }),
    }
  }
  return {
    start: (...args) => run(args, {}),
    startWith: (env) => run([], env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
