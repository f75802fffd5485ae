import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrashPoint } from '../../src/outbox/crash.ts'
import { engines, freshDatabase } from '../support/databases.ts'
import { ask, empty, line, nudge, person, Rig } from './rig.ts'

const folder = join(
  import.meta.dirname,
  '..',
  '..',
  'node_modules',
  '.cache',
  `dealdesk-crash-${process.pid}`,
)

beforeAll(async () => {
  // The child is a process of its own, and Node 20 reads no TypeScript.
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'crash-child.ts'),
      outDir: folder,
      emptyOutDir: true,
      minify: false,
    },
  })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(engines)('kill −9 while sending, on %s', (engine) => {
  let opened: Awaited<ReturnType<typeof freshDatabase>>
  let rig: Rig
  let server: Server
  beforeAll(async () => {
    opened = await freshDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await empty(opened.database)
    rig = new Rig(opened.database)
    server = createServer(async (req, res) => {
      const { op, args } = JSON.parse(await text(req)) as { op: 'post'; args: unknown[] }
      const answer = await (rig.chat.courier()[op] as (...all: unknown[]) => Promise<unknown>)(...args)
      res.end(JSON.stringify({ answer }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(async () => {
    await rig.stop()
    server.closeAllConnections()
    server.close()
  })

  /** Sends in a process that ends itself at the point; answers how it ended. */
  async function sendAndDie(at: CrashPoint): Promise<unknown> {
    const child = spawn(process.execPath, [join(folder, 'crash-child.js')], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        DEALDESK_CRASH_AT: at,
        DATABASE_URL: opened.url,
        CHAT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        NOW: String(rig.now),
        VERSION: String(rig.version('r1')),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return signal
  }

  // Between the engines only the leases differ: on PostgreSQL the two points around the message are enough.
  const points: CrashPoint[] =
    engine === 'sqlite'
      ? ['after-claim', 'after-draw', 'before-post', 'after-post', 'after-record']
      : ['before-post', 'after-post']
  const kept = [
    ['ask', ask(person('kim')), ['approval r1 v1']],
    ['line', line(person('kim'), 'approved'), ['approval r1 v1', 'approval r1 says approved']],
  ] as const

  it.each(points.flatMap((at) => kept.map(([kind, delivery, texts]) => ({ at, kind, delivery, texts }))))(
    'B5.67 killed $at: the $kind arrives once',
    async ({ at, delivery, texts }) => {
      await rig.owe(delivery)
      expect(await sendAndDie(at)).toBe('SIGKILL')
      await rig.start()
      await rig.idle()
      expect(rig.chat.texts('dm-kim')).toEqual(texts)
      expect(await rig.states()).toEqual(['sent'])
    },
  )

  const nudged = {
    'after-claim': { messages: 1, state: 'sent' },
    'after-draw': { messages: 1, state: 'sent' },
    'before-post': { messages: 0, state: 'unknown' },
    'after-post': { messages: 1, state: 'unknown' },
    'after-record': { messages: 1, state: 'sent' },
  } as const satisfies Record<CrashPoint, unknown>
  it.each(points.map((at) => ({ at, ...nudged[at] })))(
    'B5.68 killed $at: the nudge arrives at most once and is $state',
    async ({ at, messages, state }) => {
      await rig.owe(nudge(person('kim')))
      expect(await sendAndDie(at)).toBe('SIGKILL')
      await rig.start()
      await rig.idle()
      expect(rig.chat.messages).toHaveLength(messages)
      expect(await rig.states()).toEqual([state])
    },
  )

  it.each(points)('B5.67 killed %s: the redraw still happens', async (at) => {
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    await rig.stop()
    await rig.change('r1')
    expect(await sendAndDie(at)).toBe('SIGKILL')
    await rig.start()
    await rig.idle()
    expect(rig.chat.texts()).toEqual(['approval r1 v2'])
  })

  it('B5.66 what was committed by a process that died before it sent is sent by the next one', async () => {
    await rig.owe(ask(person('kim')), ask(person('lee')), nudge(person('kim')))
    await rig.start()
    await rig.idle()
    expect(rig.chat.messages).toHaveLength(3)
  })
})
