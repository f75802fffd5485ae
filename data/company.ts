import type { Company } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import { clean, type Reader, type Tx, toJson } from './database.ts'
import { bumpOrg, companyOf } from './people.ts'

/** One workspace or tenant that belongs to a company; made before anybody speaks from it. */
export interface Binding {
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  /** Slack Enterprise Grid organisation. */
  readonly enterprise?: string
  readonly company: string
}

/** Adds a company with its first policy. False when the id is taken. */
export async function insertCompany(
  trx: Tx,
  company: Company,
  policy: Policy,
  now: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('companies')
    .values({ ...companyRow(company), org_stamp: 1, created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  await trx
    .insertInto('policies')
    .values({
      company_id: company.id,
      version: policy.version,
      body: toJson(policy),
      set_at: now,
      set_by: 'system',
    })
    .execute()
  return true
}

/** Replaces what a company says of itself. False when there is no such company. */
export async function updateCompany(trx: Tx, company: Company): Promise<boolean> {
  const { id, ...row } = companyRow(company)
  const { numUpdatedRows } = await trx
    .updateTable('companies')
    .set(row)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await bumpOrg(trx, id)
  return true
}

export async function companies(db: Reader): Promise<Company[]> {
  return (await db.selectFrom('companies').selectAll().orderBy('id').execute()).map(companyOf)
}

/** Binds a workspace to a company. Answers the company that it is bound to now, which may be another one. */
export async function bindTenant(trx: Tx, binding: Binding, by: string, now: number): Promise<string> {
  await trx
    .insertInto('tenants')
    .values({
      platform: binding.platform,
      tenant: binding.tenant,
      enterprise: binding.enterprise ?? null,
      company_id: binding.company,
      bound_at: now,
      bound_by: by,
    })
    .onConflict((conflict) => conflict.columns(['platform', 'tenant']).doNothing())
    .execute()
  const { company_id } = await trx
    .selectFrom('tenants')
    .select('company_id')
    .where('platform', '=', binding.platform)
    .where('tenant', '=', binding.tenant)
    .executeTakeFirstOrThrow()
  return company_id
}

/** The workspaces of one company, or of all. */
export async function bindings(db: Reader, company?: string): Promise<Binding[]> {
  const rows = await db
    .selectFrom('tenants')
    .select(['platform', 'tenant', 'enterprise', 'company_id'])
    .$if(company !== undefined, (query) => query.where('company_id', '=', company!))
    .orderBy('company_id')
    .orderBy('platform')
    .orderBy('tenant')
    .execute()
  return rows.map((row) => ({
    platform: row.platform as Binding['platform'],
    tenant: row.tenant,
    ...(row.enterprise !== null && { enterprise: row.enterprise }),
    company: row.company_id,
  }))
}

const companyRow = (company: Company) => ({
  id: company.id,
  name: clean(company.name),
  locale: company.locale,
  currency: company.currency,
  fiscal_year_start: company.fiscalYearStart,
  working: toJson(company.working),
})
