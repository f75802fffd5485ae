import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDemo } from '../../data/demo.ts'
import { createPublications } from '../../data/published.ts'
import type { DataStore } from '../../data/store.ts'
import { createPublished, type Published } from '../../src/published.ts'
import { trend, week } from '../chart/samples.ts'
import { engines, freshStore } from '../support/databases.ts'

const monday = Date.parse('2026-11-23T10:00:00+09:00')
const hour = 3_600_000

describe.each(engines)('what is given out by a signed address, on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let server: Server
  let base: string
  let published: Published
  let wall = Date.parse('2026-11-23T01:00:00Z')
  let drawn = 0

  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => monday } }))
    await loadDemo(store, () => monday)
    server = createServer((req, res) => {
      void published.handle(req, res).then((ours) => ours || res.writeHead(404).end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    published = again()
  })
  afterAll(async () => {
    server.close()
    await close()
  })
  /** The same product after a restart, or another replica. */
  const again = () =>
    createPublished({
      publicUrl: base,
      kept: createPublications(store.database, () => wall),
      draw: async () => {
        drawn += 1
        return Buffer.from([0x89, 0x50, 0x4e, 0x47])
      },
      wall: () => wall,
    })
  const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status
  const changed = (url: string, name: string, value: string) => {
    const other = new URL(url)
    other.searchParams.set(name, value)
    return other.href
  }

  it('a chart is given as a picture to whoever has the address, drawn once', async () => {
    const url = await published.chart('ondam', week)
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('cache-control')).toContain('max-age')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await status(url, { method: 'HEAD' })).toBe(200)
    expect(await status(url)).toBe(200)
    expect(drawn).toBe(1)
  })

  it('the same chart has the same address all day, so that a card drawn again stays the same', async () => {
    const url = await published.chart('ondam', week)
    wall += hour
    expect(await published.chart('ondam', structuredClone(week))).toBe(url)
    expect(await published.chart('ondam', trend)).not.toBe(url)
  })

  it('every replica and every later start takes the address', async () => {
    const url = await published.chart('ondam', week)
    const first = published
    published = again()
    expect(await status(url)).toBe(200)
    published = first
  })

  it('a forged, moved or prolonged address is not found', async () => {
    const url = await published.chart('ondam', week)
    const other = await published.chart('ondam', trend)
    const at = new URL(url)
    const signature = at.searchParams.get('s')!
    for (const forged of [
      changed(url, 's', `${signature.slice(0, -2)}AA`),
      changed(url, 's', ''),
      changed(url, 'e', String(Number(at.searchParams.get('e')) + hour)),
      changed(url, 'e', 'soon'),
      `${base}${new URL(other).pathname}${at.search}`,
      `${base}${at.pathname}`,
      `${base}/charts/`,
      `${base}/charts/../charts${at.search}`,
      `${base}/files${at.pathname.replace('/charts', '').replace('.png', '/x.csv')}${at.search}`,
    ])
      expect(await status(forged), forged).toBe(404)
    expect(await status(url, { method: 'POST' })).toBe(404)
  })

  it('an address of one company opens nothing of another', async () => {
    const url = await published.chart('ondam', week)
    expect(await status(changed(url, 'c', 'larkfield'))).toBe(404)
    expect(await status(changed(url, 'c', 'nobody'))).toBe(404)
    const twin = await published.chart('larkfield', week)
    expect(await status(twin)).toBe(200)
    expect(await status(changed(twin, 's', new URL(url).searchParams.get('s')!))).toBe(404)
    expect(await createPublications(store.database, () => wall).secretOf('nobody', false)).toBeUndefined()
  })

  it('a file is handed out under its name, in a form that spreadsheets read Korean from', async () => {
    const { url, minutes } = await published.file('ondam', '승률 "Q4".csv', '팀,승률\n서울,36\n')
    expect(minutes).toBe(60)
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="export.csv"; filename*=UTF-8''${encodeURIComponent('승률 "Q4".csv')}`,
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('\ufeff팀,승률\n서울,36\n')
  })

  it('an address ends: a file’s within the hour, a chart’s after a month, and then it is not found', async () => {
    const file = await published.file('ondam', 'a.csv', 'a')
    const chart = await published.chart('ondam', week)
    wall += hour - 1
    expect(await status(file.url)).toBe(200)
    wall += 1
    expect(await status(file.url)).toBe(404)
    wall += 29 * 24 * hour
    expect(await status(chart)).toBe(200)
    wall += 3 * 24 * hour
    expect(await status(chart)).toBe(404)
  })

  it('keeps no more than it must: what has ended goes, and a company has at most so much', async () => {
    const kept = createPublications(store.database, () => wall)
    for (let at = 0; at < 53; at++)
      await kept.save('ondam', `f${at}`, { kind: 'file', name: 'a.csv', content: 'a' }, wall + 1_000 + at)
    expect(await kept.load('ondam', 'f0')).toBeUndefined()
    expect(await kept.load('ondam', 'f52')).toMatchObject({ content: 'a' })
    const rows = await store.database.read
      .selectFrom('published')
      .select(['company_id', 'kind', 'until'])
      .execute()
    expect(rows.filter((row) => row.kind === 'file')).toHaveLength(50)
    expect(rows.filter((row) => row.until <= wall)).toEqual([])
  })
})
