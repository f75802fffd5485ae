import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Chart } from '../blocks/chart.ts'

/** Where what is given out is kept (data/published.ts). */
interface Kept {
  save(company: string, id: string, what: Publication, until: number): Promise<void>
  load(company: string, id: string): Promise<Publication | undefined>
  secretOf(company: string, make?: boolean): Promise<string | undefined>
}

interface Publication {
  readonly kind: 'chart' | 'file'
  readonly name: string
  readonly content: string
}

/** Addresses under PUBLIC_URL that give out one chart or one file for a while, to whoever has the address. */
export interface Published {
  /** The address of a chart's picture. */
  chart(company: string, chart: Chart): Promise<string>
  /** The address of a file, and how many minutes it lasts. */
  file(company: string, name: string, text: string): Promise<{ url: string; minutes: number }>
  /** Serves them; false: not a path of ours. Anything that is not exactly right is a 404, so that nothing is learnt by trying. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
}

const day = 86_400_000

/** A digest is read for weeks; a list of numbers is fetched at once, or asked for again. */
const lasts = { chart: 30 * day, file: 60 * 60_000 } as const

/** Spreadsheets take a text for UTF-8, and show Korean, only with this before it. */
export const byteOrderMark = '\ufeff'

const picturesKept = 64

export function createPublished(parts: {
  /** Without a slash at the end. */
  readonly publicUrl: string
  readonly kept: Kept
  readonly draw: (chart: Chart) => Promise<Uint8Array>
  readonly wall?: () => number
}): Published {
  const { kept, draw } = parts
  const wall = parts.wall ?? Date.now
  const pictures = new Map<string, Uint8Array>()

  async function address(company: string, kind: 'chart' | 'file', id: string, name: string, until: number) {
    const secret = (await kept.secretOf(company))!
    const query = new URLSearchParams({
      c: company,
      e: String(until),
      s: sign(secret, kind, company, id, until),
    })
    const path = kind === 'chart' ? `/charts/${id}.png` : `/files/${id}/${encodeURIComponent(name)}`
    return `${parts.publicUrl}${path}?${query}`
  }

  async function found(url: URL): Promise<(Publication & { company: string; id: string }) | undefined> {
    const at =
      /^\/charts\/([\w-]{1,64})\.png$/.exec(url.pathname) ??
      /^\/files\/([\w-]{1,64})\/[^/]+$/.exec(url.pathname)
    const kind = url.pathname.startsWith('/charts/') ? 'chart' : 'file'
    const company = url.searchParams.get('c') ?? ''
    const until = Number(url.searchParams.get('e'))
    if (!at || !company || !Number.isSafeInteger(until) || until <= wall()) return undefined
    const id = at[1]!
    // Nobody who only knocks makes a secret.
    const secret = await kept.secretOf(company, false)
    if (!secret || !same(url.searchParams.get('s') ?? '', sign(secret, kind, company, id, until)))
      return undefined
    const what = await kept.load(company, id)
    return what?.kind === kind ? { ...what, company, id } : undefined
  }

  async function picture(company: string, id: string, content: string): Promise<Uint8Array> {
    const key = JSON.stringify([company, id])
    const known = pictures.get(key)
    if (known) return known
    const drawn = await draw(JSON.parse(content) as Chart)
    if (pictures.size >= picturesKept) pictures.delete(pictures.keys().next().value as string)
    pictures.set(key, drawn)
    return drawn
  }

  return {
    async chart(company, chart) {
      const content = JSON.stringify(chart)
      const id = createHash('sha256').update(content).digest('base64url')
      // To the day: the same chart has the same address all day, so that a card drawn again does not change by it.
      const until = (Math.floor(wall() / day) + 1) * day + lasts.chart
      await kept.save(company, id, { kind: 'chart', name: '', content }, until)
      return address(company, 'chart', id, '', until)
    },

    async file(company, name, text) {
      const id = randomUUID()
      const until = wall() + lasts.file
      await kept.save(company, id, { kind: 'file', name, content: text }, until)
      return { url: await address(company, 'file', id, name, until), minutes: lasts.file / 60_000 }
    },

    async handle(req, res) {
      const url = new URL(req.url ?? '/', 'http://local')
      if (!url.pathname.startsWith('/charts/') && !url.pathname.startsWith('/files/')) return false
      const what = req.method === 'GET' || req.method === 'HEAD' ? await found(url) : undefined
      if (!what) {
        res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
        res.end('Not found\n')
        return true
      }
      const body =
        what.kind === 'chart'
          ? await picture(what.company, what.id, what.content)
          : Buffer.from(`${byteOrderMark}${what.content}`)
      res.writeHead(200, {
        'content-length': body.length,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; sandbox",
        ...(what.kind === 'chart'
          ? { 'content-type': 'image/png', 'cache-control': 'private, max-age=86400, immutable' }
          : {
              'content-type': 'text/csv; charset=utf-8',
              'content-disposition': `attachment; filename="export.csv"; filename*=UTF-8''${encodeURIComponent(what.name)}`,
              'cache-control': 'no-store',
            }),
      })
      res.end(req.method === 'HEAD' ? undefined : body)
      return true
    },
  }
}

/** What a platform's room asks for addresses, by its own name of a company; nothing where there is no PUBLIC_URL. */
export function linksFor(
  published: Published | undefined,
  companyOf: (tenant: string) => Promise<string | undefined>,
): {
  link?: (tenant: string, chart: Chart) => Promise<string | undefined>
  file?: (tenant: string, name: string, text: string) => Promise<{ url: string; minutes: number } | undefined>
} {
  if (!published) return {}
  return {
    async link(tenant, chart) {
      const company = await companyOf(tenant)
      return company === undefined ? undefined : published.chart(company, chart)
    },
    async file(tenant, name, text) {
      const company = await companyOf(tenant)
      return company === undefined ? undefined : published.file(company, name, text)
    },
  }
}

const sign = (secret: string, kind: string, company: string, id: string, until: number): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify([kind, company, id, until]))
    .digest('base64url')

function same(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}
