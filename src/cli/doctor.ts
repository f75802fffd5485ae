import { auditKeys } from '../../data/audit.ts'
import type { Database } from '../../data/database.ts'
import { clocksApart, clocksApartMost } from '../../data/engine.ts'
import { pendingMigrations } from '../../data/migrate.ts'
import { livingServer } from '../../data/server-lock.ts'
import { type DataStore, openDatabase, storeOn } from '../../data/store.ts'
import { type Config, loadConfig, type TeamsConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { type Run, type Terminal, table } from './command.ts'
import { databaseConfig, databaseUrl } from './open.ts'

type State = 'ok' | 'note' | 'BAD'

interface Finding {
  readonly what: string
  readonly state: State
  readonly says: string
}

/** Checks everything and changes nothing; 1 when something keeps the product from working. */
export const doctor: Run = async (_given, terminal) => {
  const findings: Finding[] = []
  const find = (what: string, state: State, says: string): void => {
    findings.push({ what, state, says })
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  find(
    'node',
    major > 20 || (major === 20 && minor >= 19) ? 'ok' : 'BAD',
    `${process.versions.node} (needs 20.19 or newer)`,
  )
  const config = configuration(terminal, find)
  await database(terminal, find)
  if (config?.slack) await slack(config, find)
  if (config?.teams) await teams(config.teams, find)
  await terminal.out(
    table(
      ['WHAT', 'STATE', ''],
      findings.map((each) => [each.what, each.state, each.says]),
    ),
  )
  const bad = findings.filter((each) => each.state === 'BAD').length
  await terminal.out(
    bad === 0 ? 'All is well.\n' : `${bad === 1 ? 'One thing is' : `${bad} things are`} in the way.\n`,
  )
  return bad === 0 ? 0 : 1
}

type Find = (what: string, state: State, says: string) => void

function configuration(terminal: Terminal, find: Find): Config | undefined {
  try {
    const config = loadConfig(terminal.env)
    find(
      'configuration',
      'ok',
      config.mode === 'playground'
        ? 'no platform is configured: start opens the playground'
        : [
            ...(config.slack
              ? [
                  `Slack${config.slack.oauth ? ', many workspaces by OAuth' : ', one workspace'}${config.slack.appToken ? ', Socket Mode' : ', HTTP'}`,
                ]
              : []),
            ...(config.teams ? [`Microsoft Teams, ${config.teams.appType}`] : []),
          ].join('; '),
    )
    if (config.clock) find('clock', 'note', 'DEALDESK_NOW moves the business clock')
    if (!config.encryptionKey)
      find(
        'ENCRYPTION_KEY',
        'note',
        'not set: the audit is sealed with a key that lies in the database itself',
      )
    return config
  } catch (error) {
    for (const problem of (error as { problems?: readonly string[] }).problems ?? [(error as Error).message])
      find('configuration', 'BAD', problem)
    return undefined
  }
}

async function database(terminal: Terminal, find: Find): Promise<void> {
  let opened: Database
  let config: Config
  try {
    config = databaseConfig(terminal.env)
    if (config.database.kind === 'sqlite' && !(await exists(config.database.path))) {
      find('database', 'note', `${config.database.path} is not there yet: the first start makes it`)
      return
    }
    opened = await openDatabase({ url: databaseUrl(config) })
  } catch (error) {
    find('database', 'BAD', (error as Error).message)
    return
  }
  try {
    const pending = await pendingMigrations(opened)
    if (pending.length > 0) {
      find(
        'database',
        'note',
        `${opened.engine}, lacks ${pending.join(', ')}: the next start or “migrate” applies it`,
      )
      return
    }
    find('database', 'ok', opened.engine === 'sqlite' ? `SQLite, ${databaseUrl(config)}` : 'PostgreSQL')
    await clock(opened, find)
    const server = await livingServer(opened)
    find(
      'server',
      'note',
      server ? `running (process ${server.pid} on ${server.host})` : 'not running on this database',
    )
    const key = config.encryptionKey
    await auditKeys(opened, key)
    await people(
      await storeOn(opened, { migrations: 'refuse', ...(key ? { encryptionKey: key } : {}) }),
      find,
    )
  } catch (error) {
    find('database', 'BAD', (error as Error).message)
  } finally {
    await opened.close()
  }
}

async function exists(path: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises')
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Leases are judged by the database's clock, slots and signatures by ours: they must agree (B5.82). */
async function clock(opened: Database, find: Find): Promise<void> {
  const apart = await clocksApart(opened.read)
  find(
    'clock',
    apart < clocksApartMost ? 'ok' : 'BAD',
    apart < clocksApartMost
      ? `${new Date().toISOString()}`
      : `this machine and the database differ by ${Math.round(apart / 1000)} s: set both by NTP`,
  )
}

async function people(store: DataStore, find: Find): Promise<void> {
  const companies = await store.companies()
  if (companies.length === 0) find('companies', 'note', 'none yet: company add, import or demo')
  const bindings = await store.bindings()
  for (const company of companies) {
    const what = `company ${company.id}`
    const org = await store.org(company.id)
    const active = [...org.people.values()].filter((person) => person.active)
    const { discount } = await store.policy(company.id)
    const missing = discount.rungs
      .slice(1)
      .map((rung) => rung.role)
      .filter((role) => !active.some((person) => person.roles.includes(role)))
    const bound = bindings.filter((each) => each.company === company.id)
    const lacks = [
      ...(bound.length === 0 ? ['no workspace is bound (company bind)'] : []),
      ...(missing.length > 0
        ? [`nobody is ${missing.join(' or ')}: discounts that need them are refused`]
        : []),
      ...(active.some((person) => person.admin || person.roles.includes('sales_ops'))
        ? []
        : ['nobody administers it (admin grant, or the role sales_ops)']),
    ]
    find(
      what,
      lacks.length === 0 ? 'ok' : 'note',
      lacks.length === 0
        ? `${active.length} people, ${bound.length === 1 ? 'one workspace' : `${bound.length} workspaces`}`
        : lacks.join('; '),
    )
    const dead = await store.deadDeliveries(company.id, 100)
    if (dead.length > 0)
      find(what, 'note', `${dead.length} deliveries reached nobody, the newest because: ${dead[0]?.why}`)
  }
}

async function slack(config: Config, find: Find): Promise<void> {
  const settings = config.slack
  if (!settings?.botToken) {
    find('Slack', 'note', 'workspaces install by OAuth: their tokens are checked when they are used')
    return
  }
  const { singleWorkspace, checkScopes } = await import('../slack/identity.ts')
  const { createClients } = await import('../slack/clients.ts')
  const log = createLog('silent')
  const workspace = singleWorkspace({ botToken: settings.botToken, apiUrl: settings.apiUrl, log })
  try {
    const { team } = await workspace.identify()
    const clients = createClients({ tokens: workspace, apiUrl: settings.apiUrl, log })
    const check = await checkScopes(clients, team)
    if (check.outcome === 'complete') find('Slack', 'ok', `the token works in ${team} and has every scope`)
    else if (check.outcome === 'missing')
      find(
        'Slack',
        'BAD',
        `${team} has not granted ${check.scopes.join(', ')}: reinstall the app from the current manifest`,
      )
    else find('Slack', 'BAD', `${team}: ${check.why}`)
  } catch (error) {
    find('Slack', 'BAD', (error as Error).message)
  }
}

async function teams(config: TeamsConfig, find: Find): Promise<void> {
  const { tokenProblem } = await import('../teams/adapter.ts')
  const { microsoft } = await import('../teams/channel.ts')
  const { createKeys } = await import('../teams/keys.ts')
  const problem = await tokenProblem(config)
  find(
    'Teams',
    problem === undefined ? 'ok' : 'BAD',
    problem === undefined
      ? 'Microsoft gives the bot its token'
      : `the bot gets no token: ${problem.split('\n')[0]?.slice(0, 200)}`,
  )
  const keys = createKeys({ url: (config.channel ?? microsoft).openIdMetadataUrl, log: createLog('silent') })
  await keys.warm()
  find(
    'Teams',
    keys.known ? 'ok' : 'BAD',
    keys.known
      ? 'the signing keys of Teams can be read'
      : 'the signing keys of Teams cannot be read: nobody would be let in (is login.botframework.com reachable?)',
  )
}
