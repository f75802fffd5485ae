import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'
import type {} from './schema-published.ts'
import { on } from './statement.ts'

/** Rows a company keeps at most of each kind; the oldest go first. */
const most = { chart: 2_000, file: 50 } as const

const pruneEveryMs = 600_000

export interface Publication {
  readonly kind: 'chart' | 'file'
  readonly name: string
  readonly content: string
}

/** What may be fetched by a signed address for a while. Wall time throughout: an address is not business time's. */
export function createPublications(database: Database, wall: () => number = Date.now) {
  let prunedAt = 0
  const secrets = new Map<string, string>()
  return {
    /** Keeps it until then; the same id again only lasts longer. */
    async save(company: string, id: string, what: Publication, until: number): Promise<void> {
      const at = wall()
      const prune = at - prunedAt > pruneEveryMs
      if (prune) prunedAt = at
      const { kind, name, content } = what
      await database.transact(async (trx) => {
        if (prune) await on(trx)`delete from published where until <= ${at}`
        await on(trx)`
          insert into published (company_id, id, kind, name, content, until)
          values (${company}, ${id}, ${kind}, ${name}, ${content}, ${until})
          on conflict (company_id, id) do update set until = excluded.until
            where published.until < excluded.until`
        const { rows } = await on<{ until: number }>(trx)`
          select until from published where company_id = ${company} and kind = ${kind}
          order by until desc limit 1 offset ${most[kind]}`
        if (rows[0])
          await on(trx)`
            delete from published
            where company_id = ${company} and kind = ${kind} and until <= ${rows[0].until}`
      })
    },

    async load(company: string, id: string): Promise<Publication | undefined> {
      const { rows } = await on<Publication>(database.read)`
        select kind, name, content from published
        where company_id = ${company} and id = ${id} and until > ${wall()}`
      return rows[0]
    },

    /** The secret that a company's addresses are signed with; made at the first. All replicas find the same. */
    async secretOf(company: string, make = true): Promise<string | undefined> {
      const known = secrets.get(company)
      if (known) return known
      const read = () => on<{ secret: string }>(database.read)`
        select secret from link_secrets where company_id = ${company}`
      let { rows } = await read()
      if (!rows[0] && make) {
        const fresh = randomBytes(32).toString('base64url')
        await database.transact(async (trx) => {
          await on(trx)`
            insert into link_secrets (company_id, secret) values (${company}, ${fresh})
            on conflict (company_id) do nothing`
        })
        ;({ rows } = await read())
      }
      if (rows[0]) secrets.set(company, rows[0].secret)
      return rows[0]?.secret
    },
  }
}
