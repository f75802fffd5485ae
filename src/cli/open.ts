import { createStore, type DataStore, type StoreOptions } from '../../data/store.ts'
import { nearest } from '../canon/nearest.ts'
import type { Company } from '../canon/people.ts'
import { clockOf } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import type { Clock } from '../ports.ts'
import { Refused, type Terminal, UsageError } from './command.ts'

/** Who did it, for the audit: whoever may run commands on the machine. */
export const operator = { by: 'operator', platform: 'cli' } as const

/**
 * The configuration as far as a command beside the server needs it. A missing Slack token stops the server, not
 * an import; only a moved clock is held against everything that is set, as at the start.
 */
export function databaseConfig(env: Terminal['env']): Config {
  if (env.DEALDESK_NOW) return loadConfig(env)
  const { DATABASE_URL, ENCRYPTION_KEY, LOG_LEVEL } = env
  return loadConfig({ DATABASE_URL, ENCRYPTION_KEY, LOG_LEVEL })
}

export const databaseUrl = (config: Config): string =>
  config.database.kind === 'sqlite' ? `file:${config.database.path}` : config.database.url

/** What a store of a command is opened with. */
export function storeOptions(terminal: Terminal): StoreOptions & { readonly clock: Clock } {
  const config = databaseConfig(terminal.env)
  return {
    url: databaseUrl(config),
    clock: clockOf(config.clock),
    makeFolder: config.database.kind === 'sqlite' && config.database.isDefault,
    ...(config.encryptionKey ? { encryptionKey: config.encryptionKey } : {}),
  }
}

/** Opens the store, hands it over, and closes it whatever happens. */
export async function withStore<T>(
  terminal: Terminal,
  work: (store: DataStore, clock: Clock) => Promise<T>,
): Promise<T> {
  const options = storeOptions(terminal)
  const { clock } = options
  const store = await createStore(options)
  try {
    return await work(store, clock)
  } finally {
    await store.close()
  }
}

/** The company that was named, or the only one there is. */
export async function companyOf(store: DataStore, id: string | undefined): Promise<Company> {
  const companies = await store.companies()
  if (companies.length === 0) throw new Refused('There is no company yet. Add one with: company add ID')
  if (id === undefined) {
    if (companies.length === 1 && companies[0]) return companies[0]
    throw new UsageError(
      `Say which company with --company ID (${companies.map((each) => each.id).join(', ')}).`,
    )
  }
  const found = companies.find((company) => company.id === id)
  if (found) return found
  const near = nearest(
    id,
    companies.map((company) => company.id),
  )
  throw new Refused(
    `There is no company “${id}”${near ? `; did you mean ${near}?` : `. There are: ${companies.map((each) => each.id).join(', ')}.`}`,
  )
}

/** The ids of one company, or of all. */
export async function companyIds(store: DataStore, id: string | undefined): Promise<readonly string[]> {
  if (id !== undefined) return [(await companyOf(store, id)).id]
  return (await store.companies()).map((company) => company.id)
}
