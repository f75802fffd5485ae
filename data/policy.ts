import { keptPolicy, type Policy } from '../src/canon/policy.ts'
import type { Save } from '../src/ports.ts'
import { type Reader, type Tx, toJson } from './database.ts'
import { on } from './statement.ts'

/** How many policies are kept parsed; a version never changes, so a kept one never goes stale. */
const policiesKept = 500

/** The policy of a company at a version, or its newest; `otherwise` where it never had one. */
export function createPolicyReader(
  read: Reader,
  otherwise: Policy,
): (company: string, version?: number) => Promise<Policy> {
  const kept = new Map<string, Policy>()
  return async (company, version) => {
    const at = version ?? (await newest(read, company))
    if (at === undefined) return otherwise
    const key = `${at} ${company}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const row = await read
      .selectFrom('policies')
      .select('body')
      .where('company_id', '=', company)
      .where('version', '=', at)
      .executeTakeFirst()
    if (row === undefined) {
      if (at === otherwise.version) return otherwise
      throw new Error(`The company ${company} has no policy of version ${at}.`)
    }
    const policy = keptPolicy(JSON.parse(row.body) as Partial<Policy>)
    if (kept.size >= policiesKept) kept.clear()
    kept.set(key, policy)
    return policy
  }
}

async function newest(db: Reader, company: string): Promise<number | undefined> {
  const { rows } = await on<{ version: number | null }>(db)`
    select max(version) as version from policies where company_id = ${company}`
  return rows[0]?.version ?? undefined
}

/** Adds the next version of a policy. False when the newest is not the expected one any more. */
export async function savePolicy(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'policy' }>,
  by: string,
  now: number,
): Promise<boolean> {
  if (next.version <= expect) throw new Error(`Policy ${next.version} cannot follow policy ${expect}.`)
  const found = (await newest(trx, company)) ?? expect
  if (found !== expect) return false
  // Two that both saw the expected version meet at the primary key: the second inserts nothing.
  const { numAffectedRows } = await on(trx)`
    insert into policies (company_id, version, body, set_at, set_by)
    values (${company}, ${next.version}, ${toJson(next)}, ${now}, ${by})
    on conflict (company_id, version) do nothing`
  return numAffectedRows === 1n
}
