import { sql } from 'kysely'
import { personChanged } from '../../handlers/person-changed.ts'
import type { AuditEntry, Delivery } from '../../src/ports.ts'
import type { Tx } from '../database.ts'
import { enqueueDeliveries } from '../outbox.ts'
import { saveIdentity } from '../people.ts'
import type { DataStore } from '../store.ts'
import { type Cell, short } from './columns.ts'
import type { Merge } from './merge.ts'
import type { Problem } from './report.ts'
import { actorOf, entityCode, type Part } from './staging.ts'

interface Staged {
  readonly seq: number
  readonly part: number
  readonly key: string
  readonly line: number
  readonly of: Readonly<Record<string, Cell>>
}

/** Staged rows with their cells by name. */
export function named(part: Part, cells: string): Record<string, Cell> {
  const values = JSON.parse(cells) as Cell[]
  return Object.fromEntries(part.columns.map((column, at) => [column, values[at] ?? null]))
}

/** Ids that exist once an import is through: those stored and those staged. */
async function idsOf(
  store: DataStore,
  importId: number,
  company: string,
  entity: 'people' | 'teams',
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(entity)} where company_id = ${company}
    union select key as id from import_rows where import_id = ${importId} and entity = ${entityCode(entity)}`.execute(
    store.database.read,
  )
  return new Set(rows.map((row) => row.id))
}

/**
 * Checks what staged people and teams say of each other, once all of them are known: managers, delegates, teams,
 * the reporting line, chat users. Returns the bad rows, already reported; taking them out can make others bad,
 * so that is done until nothing changes.
 */
export async function checkOrg(
  store: DataStore,
  importId: number,
  company: string,
  parts: readonly Part[],
  fail: (problem: Problem) => void,
): Promise<{ people: ReadonlySet<string>; teams: ReadonlySet<string>; bad: readonly Staged[] }> {
  const { read } = store.database
  const people = await idsOf(store, importId, company, 'people')
  const teams = await idsOf(store, importId, company, 'teams')
  const { rows } = await sql<{ seq: number; part: number; key: string; line: number; cells: string }>`
    select seq, part, key, line, cells from import_rows
    where import_id = ${importId} and entity in (${entityCode('people')}, ${entityCode('teams')}) order by seq`.execute(
    read,
  )
  const staged = rows.map(({ cells, ...row }): Staged => ({ ...row, of: named(parts[row.part]!, cells) }))
  const stored = await read
    .selectFrom('people')
    .select(['id', 'manager'])
    .where('company_id', '=', company)
    .where('manager', 'is not', null)
    .execute()
  const managers = new Map(stored.map((row) => [row.id, row.manager]))
  for (const row of staged)
    if (parts[row.part]?.entity === 'people' && 'manager' in row.of)
      managers.set(row.key, row.of.manager as string | null)
  const links = await linksOf(store, company)

  const bad: Staged[] = []
  let left = staged
  for (;;) {
    const good = left.filter((row) => {
      const found = mistakes(row, parts[row.part]!, { people, teams, managers, links })
      for (const [column, why] of found)
        fail({ file: parts[row.part]?.file ?? '', line: row.line, column, why })
      if (found.length > 0) bad.push(row)
      return found.length === 0
    })
    if (good.length === left.length) break
    for (const row of left.filter((each) => !good.includes(each))) {
      const isTeam = parts[row.part]?.entity === 'teams'
      const known = await read
        .selectFrom(isTeam ? 'teams' : 'people')
        .select('id')
        .where('company_id', '=', company)
        .where('id', '=', row.key)
        .executeTakeFirst()
      if (!known) (isTeam ? teams : people).delete(row.key)
    }
    left = good
  }
  return { people, teams, bad }
}

interface Links {
  /** Tenants of the company, by platform. */
  readonly tenants: Readonly<Record<'slack' | 'teams', readonly string[]>>
  /** `platform tenant user` → person. */
  readonly users: Map<string, string>
  /** `platform tenant person` → user. */
  readonly people: Map<string, string>
}

async function linksOf(store: DataStore, company: string): Promise<Links> {
  const bound = await store.bindings(company)
  const rows = await store.database.read
    .selectFrom('identities')
    .selectAll()
    .where('company_id', '=', company)
    .execute()
  const tenants = (platform: string): string[] =>
    bound.filter((each) => each.platform === platform).map((each) => each.tenant)
  return {
    tenants: { slack: tenants('slack'), teams: tenants('teams') },
    users: new Map(rows.map((row) => [`${row.platform} ${row.tenant} ${row.user_id}`, row.person_id])),
    people: new Map(rows.map((row) => [`${row.platform} ${row.tenant} ${row.person_id}`, row.user_id])),
  }
}

function mistakes(
  row: Staged,
  part: Part,
  known: {
    people: ReadonlySet<string>
    teams: ReadonlySet<string>
    managers: ReadonlyMap<string, string | null>
    links: Links
  },
): [column: string, why: string][] {
  const found: [string, string][] = []
  const refer = (column: string, ids: ReadonlySet<string>, what: string): void => {
    const id = row.of[column]
    if (typeof id === 'string' && !ids.has(id))
      found.push([column, `“${short(id)}” is not the id of a ${what} of this company`])
  }
  refer('manager', known.people, 'person')
  if (part.entity === 'teams') return found
  refer('delegate', known.people, 'person')
  refer('team', known.teams, 'team')
  if (row.of.delegate === row.key) found.push(['delegate', 'nobody can be their own delegate'])
  const { away_from: from, away_until: until } = row.of
  if (typeof from === 'string' && typeof until === 'string' && from > until)
    found.push(['away_until', `${until} is before away_from, ${from}`])
  const line = lineOf(row.key, known.managers)
  if (line) found.push(['manager', `the reporting line goes in a circle: ${line.join(' → ')}`])
  for (const platform of ['slack', 'teams'] as const) {
    const user = row.of[`${platform}_user`]
    if (typeof user !== 'string') continue
    const why = link(row.key, user, platform, known.links)
    if (why) found.push([`${platform}_user`, why])
  }
  return found
}

/** The circle a person's reporting line runs into, where it does and they are part of it. */
function lineOf(person: string, managers: ReadonlyMap<string, string | null>): string[] | undefined {
  const line = [person]
  for (let at = managers.get(person); at; at = managers.get(at)) {
    line.push(at)
    if (at === person) return line
    if (line.length > 50 || line.indexOf(at) !== line.length - 1) return undefined
  }
  return undefined
}

/** Notes a link, or says why it cannot be. */
function link(person: string, user: string, platform: 'slack' | 'teams', links: Links): string | undefined {
  const [tenant, ...more] = links.tenants[platform]
  const name = platform === 'slack' ? 'Slack workspace' : 'Teams tenant'
  if (tenant === undefined)
    return `the company has no ${name} yet; bind one first (company bind), then import again`
  if (more.length > 0)
    return `the company has several of them (${name}), so a user alone does not say who is meant; link in chat instead`
  const other = links.users.get(`${platform} ${tenant} ${user}`)
  if (other !== undefined && other !== person) return `${short(user)} is linked to ${short(other)} already`
  const before = links.people.get(`${platform} ${tenant} ${person}`)
  if (before !== undefined && before !== user)
    return `${short(person)} is linked to ${short(before)} already; unlink first`
  links.users.set(`${platform} ${tenant} ${user}`, person)
  links.people.set(`${platform} ${tenant} ${person}`, user)
  return undefined
}

/** People as they are before a chunk of staged people is merged. */
export async function peopleBefore(
  trx: Tx,
  merge: Merge,
): Promise<ReadonlyMap<string, { roles: string; manager: string | null }>> {
  const { rows } = await sql<{ id: string; roles: string; manager: string | null }>`
    select p.id, p.roles, p.manager from people p
    join import_rows r on r.import_id = ${merge.importId} and r.entity = ${entityCode('people')} and r.key = p.id
    where p.company_id = ${merge.company} and r.part = ${merge.number}
      and r.seq > ${merge.range.after} and r.seq <= ${merge.range.upTo}`.execute(trx)
  return new Map(rows.map((row) => [row.id, row]))
}

/** After the merge: every change of role or reporting line goes into the audit, and chat users are linked. */
export async function followPeople(
  trx: Tx,
  store: DataStore,
  merge: Merge,
  before: ReadonlyMap<string, { roles: string; manager: string | null }>,
): Promise<void> {
  const { company, now, part } = merge
  const { rows } = await sql<{ key: string; cells: string }>`
    select key, cells from import_rows where import_id = ${merge.importId} and part = ${merge.number}
      and seq > ${merge.range.after} and seq <= ${merge.range.upTo} order by seq`.execute(trx)
  const entries: AuditEntry[] = []
  const entry = (what: string, person: string, detail: Record<string, unknown>): void => {
    entries.push({
      at: now,
      what,
      ...actorOf(part),
      subject: { noun: 'person', id: person },
      detail,
    })
  }
  const tenants = await store.bindings(company)
  const org = await store.org(company)
  const told: Delivery[] = []
  for (const { key, cells } of rows) {
    const of = named(part, cells)
    const was = before.get(key)
    if (!was) entry('person.added', key, { roles: of.roles, manager: of.manager ?? null })
    else {
      const changed: Record<string, unknown> = {}
      for (const column of ['roles', 'manager'] as const)
        if (column in of && was[column] !== of[column])
          changed[column] = { from: was[column], to: of[column] }
      if (Object.keys(changed).length > 0) {
        entry('person.changed', key, changed)
        // Whoever runs an import knows; what another system sends, the administrators are told.
        if (part.token !== undefined) told.push(...personChanged(org, key, String(merge.importId)))
      }
    }
    for (const platform of ['slack', 'teams'] as const) {
      const user = of[`${platform}_user`]
      const tenant = tenants.find((each) => each.platform === platform)?.tenant
      if (typeof user !== 'string' || tenant === undefined) continue
      const linked = await trx
        .selectFrom('identities')
        .select('person_id')
        .where('platform', '=', platform)
        .where('tenant', '=', tenant)
        .where('user_id', '=', user)
        .executeTakeFirst()
      if (linked?.person_id === key) continue
      if (await saveIdentity(trx, company, { noun: 'identity', platform, tenant, user, person: key }, now))
        entry('identity.linked', key, { platform, tenant, user })
    }
  }
  await enqueueDeliveries(trx, company, told, now)
  await store.audit(trx, company, entries)
}
