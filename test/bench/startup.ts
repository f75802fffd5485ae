import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fakeSlack } from './fake-slack.ts'
import { signingSecret } from './payloads.ts'
import { median } from './statistics.ts'
import type { Row } from './table.ts'

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))

/** From `node` to the line that says it is ready, and what it then holds in memory. */
export async function startup(folder: string, rounds: number): Promise<Row[]> {
  const slack = await fakeSlack()
  const kinds = {
    slack: {
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.url,
      DEALDESK_HOST: '127.0.0.1',
    },
    playground: {},
  }
  const took = { slack: [] as number[], playground: [] as number[], node: [] as number[] }
  const memory: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      took.node.push(await bareNode())
      for (const kind of ['slack', 'playground'] as const) {
        const env = { ...kinds[kind], DATABASE_URL: `file:${folder}/${kind}-${round}.db`, PORT: '0' }
        // The first start also makes the tables; that is what a newcomer waits for.
        const began = performance.now()
        const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env } })
        await said(child, kind === 'slack' ? 'dealdesk is ready' : 'http://')
        took[kind].push(performance.now() - began)
        if (kind === 'slack') {
          await new Promise((resolve) => setTimeout(resolve, 2_000))
          memory.push(residentOf(child.pid))
        }
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
    }
  } finally {
    await slack.close()
  }
  const node = median(took.node)
  return [
    {
      what: 'Start with Slack only, new database',
      ours: median(took.slack),
      baseline: node,
      unit: 'ms',
      target: { most: 1_500, of: 'ours' },
    },
    {
      what: 'Start of the playground, new database',
      ours: median(took.playground),
      baseline: node,
      unit: 'ms',
      target: { most: 3_000, of: 'ours' },
    },
    {
      what: 'Memory 2 s after a start with Slack only (resident)',
      ours: median(memory),
      unit: 'MiB',
      target: { most: 150, of: 'ours' },
    },
  ]
}

/** An empty Node process, from its start to its end. */
async function bareNode(): Promise<number> {
  const began = performance.now()
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
  return performance.now() - began
}

async function said(child: ChildProcess, what: string): Promise<void> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes(what)) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`It ended with ${code} before it was ready: ${text}`)))
  })
}

function residentOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}
