import { type Reader, type Tx, toJson } from './database.ts'
import { openText, sealText } from './seal.ts'

/** One workspace's installation: the platform's own object with its tokens, opened. */
export interface Installation {
  readonly platform: 'slack' | 'teams'
  /** Workspace id, or the organisation's for an org-wide installation. */
  readonly tenant: string
  readonly enterprise?: string
  readonly company: string
  readonly content: unknown
  /** Grows with every save: a token refresh names the version it started from (B5.53). */
  readonly version: number
}

const aboutOf = (platform: string, tenant: string, company: string) => `${platform} ${tenant} of ${company}`

export async function installation(
  db: Reader,
  key: Uint8Array,
  platform: 'slack' | 'teams',
  tenant: string,
): Promise<Installation | undefined> {
  const row = await db
    .selectFrom('installations')
    .selectAll()
    .where('platform', '=', platform)
    .where('tenant', '=', tenant)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    platform,
    tenant,
    ...(row.enterprise !== null && { enterprise: row.enterprise }),
    company: row.company_id,
    content: JSON.parse(openText(key, row.sealed, aboutOf(platform, tenant, row.company_id))) as unknown,
    version: row.version,
  }
}

/**
 * Stores an installation. `expect` guards a refresh: of two that started from one version the second is told
 * false and reads the first one's token. Without it (a fresh install) the stored one is replaced.
 */
export async function saveInstallation(
  trx: Tx,
  key: Uint8Array,
  saved: Omit<Installation, 'version'>,
  now: number,
  expect?: number,
): Promise<boolean> {
  const { platform, tenant, company } = saved
  const sealed = sealText(key, toJson(saved.content), aboutOf(platform, tenant, company))
  if (expect !== undefined) {
    const { numUpdatedRows } = await trx
      .updateTable('installations')
      .set({ sealed, version: expect + 1, updated_at: now })
      .where('platform', '=', platform)
      .where('tenant', '=', tenant)
      .where('company_id', '=', company)
      .where('version', '=', expect)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
  const enterprise = saved.enterprise ?? null
  await trx
    .insertInto('installations')
    .values({
      platform,
      tenant,
      enterprise,
      company_id: company,
      sealed,
      version: 1,
      installed_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['platform', 'tenant']).doUpdateSet((eb) => ({
        enterprise,
        company_id: company,
        sealed,
        version: eb('installations.version', '+', 1),
        installed_at: now,
        updated_at: now,
      })),
    )
    .execute()
  return true
}

/** Forgets an installation and its tokens (the app was uninstalled, B5.52). */
export async function deleteInstallation(
  trx: Tx,
  platform: 'slack' | 'teams',
  tenant: string,
): Promise<void> {
  await trx
    .deleteFrom('installations')
    .where('platform', '=', platform)
    .where('tenant', '=', tenant)
    .execute()
}

/** Where the app is installed, without opening anything. */
export async function installations(
  db: Reader,
  company?: string,
): Promise<{ platform: 'slack' | 'teams'; tenant: string; company: string }[]> {
  const rows = await db
    .selectFrom('installations')
    .select(['platform', 'tenant', 'company_id as company'])
    .$if(company !== undefined, (query) => query.where('company_id', '=', company!))
    .orderBy('platform')
    .orderBy('tenant')
    .execute()
  return rows.map((row) => ({ ...row, platform: row.platform as 'slack' | 'teams' }))
}
