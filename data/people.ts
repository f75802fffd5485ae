import { type Selectable, sql } from 'kysely'
import {
  type Company,
  locales,
  type Org,
  type Person,
  type Role,
  roles,
  type Team,
} from '../src/canon/people.ts'
import type { Save } from '../src/ports.ts'
import { clean, isUniqueViolation, type Reader, type Tx } from './database.ts'
import { dueAtOnce } from './discount.ts'
import { handoffsDueAtOnce } from './handoff.ts'
import type { Schema } from './schema.ts'
import { on } from './statement.ts'

/** The company and, where linked, the person behind a user of a verified workspace or tenant: one query. */
export async function whoIs(
  db: Reader,
  platform: 'slack' | 'teams',
  tenant: string,
  user: string,
): Promise<{ company: string; person?: string } | undefined> {
  const { rows } = await on<{ company: string; person: string | null }>(db)`
    select t.company_id as company, i.person_id as person
    from tenants t
    left join identities i on i.platform = t.platform and i.tenant = t.tenant and i.company_id = t.company_id
      and i.user_id = ${user}
    where t.platform = ${platform} and t.tenant = ${tenant}`
  const row = rows[0]
  if (row === undefined) return undefined
  return row.person === null ? { company: row.company } : { company: row.company, person: row.person }
}

export async function identitiesOf(
  db: Reader,
  company: string,
  person: string,
): Promise<{ platform: 'slack' | 'teams'; tenant: string; user: string }[]> {
  const rows = await db
    .selectFrom('identities as i')
    .innerJoin('people as p', (join) =>
      join.onRef('p.company_id', '=', 'i.company_id').onRef('p.id', '=', 'i.person_id'),
    )
    .select(['i.platform', 'i.tenant', 'i.user_id as user', 'p.prefers'])
    .where('i.company_id', '=', company)
    .where('i.person_id', '=', person)
    .orderBy('i.linked_at')
    .orderBy('i.platform')
    .execute()
  const rank = (row: (typeof rows)[number]) => (row.platform === row.prefers ? 0 : 1)
  return rows
    .sort((a, b) => rank(a) - rank(b))
    .map(({ tenant, user, platform }) => ({ platform: platform as 'slack' | 'teams', tenant, user }))
}

export async function linkedPeople(db: Reader, company: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('identities')
    .select('person_id')
    .distinct()
    .where('company_id', '=', company)
    .execute()
  return new Set(rows.map((row) => row.person_id))
}

/** How many companies' people are kept in memory; the one looked at longest ago makes room. */
const orgsKept = 200

/** The people of a company, read again only when its stamp has grown. */
export function createOrgCache(read: Reader): (company: string) => Promise<Org> {
  const kept = new Map<string, Org>()
  return async (company) => {
    const { rows } = await on<{ org_stamp: number }>(
      read,
    )`select org_stamp from companies where id = ${company}`
    const stamped = rows[0]
    if (stamped === undefined) throw new Error(`There is no company ${company}.`)
    let org = kept.get(company)
    kept.delete(company)
    if (org?.stamp !== stamped.org_stamp) org = await readOrg(read, company)
    kept.set(company, org)
    const oldest = kept.size > orgsKept ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return org
  }
}

/**
 * The stamp is read before the rest: where a change slips in between, the copy carries an older stamp than
 * its content and is read once more, never the other way round.
 */
async function readOrg(db: Reader, id: string): Promise<Org> {
  const company = await db.selectFrom('companies').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const people = await db
    .selectFrom('people')
    .selectAll()
    .where('company_id', '=', id)
    .orderBy('id')
    .execute()
  const teams = await db.selectFrom('teams').selectAll().where('company_id', '=', id).orderBy('id').execute()
  return {
    company: companyOf(company),
    people: new Map(people.map((row) => [row.id, personOf(row)])),
    teams: new Map(teams.map((row) => [row.id, teamOf(row)])),
    stamp: company.org_stamp,
  }
}

/** Every copy of the company's people is out of date from the commit of this transaction on. */
export async function bumpOrg(trx: Tx, company: string): Promise<void> {
  await trx
    .updateTable('companies')
    .set({ org_stamp: sql`org_stamp + 1` })
    .where('id', '=', company)
    .execute()
}

/** Changes what a person may change, or an administrator, in chat. Throws where the company has no such person. */
export async function savePerson(
  trx: Tx,
  company: string,
  { id, set }: Extract<Save, { noun: 'person' }>,
  now: number,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('people')
    .set({
      ...(set.delegate !== undefined && { delegate: set.delegate }),
      ...(set.awayFrom !== undefined && { away_from: set.awayFrom }),
      ...(set.awayUntil !== undefined && { away_until: set.awayUntil }),
      ...(set.locale !== undefined && { locale: set.locale }),
      ...(set.admin !== undefined && { admin: set.admin ? 1 : 0 }),
      ...(set.active !== undefined && { active: set.active ? 1 : 0 }),
      ...(set.prefers !== undefined && { prefers: set.prefers }),
      updated_at: now,
    })
    .where('company_id', '=', company)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new Error(`The company ${company} has no person ${id}.`)
  if (set.active !== undefined) {
    await dueAtOnce(trx, company, id)
    await handoffsDueAtOnce(trx, company, id)
  }
  await bumpOrg(trx, company)
}

/**
 * Links a chat user to a person, or unlinks. False when somebody else was quicker: the person already is another
 * user there. A workspace that is not bound to this company links nobody (B5.84).
 */
export async function saveIdentity(
  trx: Tx,
  company: string,
  save: Extract<Save, { noun: 'identity' }>,
  now: number,
): Promise<boolean> {
  const { platform, tenant, user, person } = save
  if (person === null) {
    await trx
      .deleteFrom('identities')
      .where('platform', '=', platform)
      .where('tenant', '=', tenant)
      .where('user_id', '=', user)
      .where('company_id', '=', company)
      .execute()
    return true
  }
  const bound = await trx
    .selectFrom('tenants')
    .select('tenant')
    .where('platform', '=', platform)
    .where('tenant', '=', tenant)
    .where('company_id', '=', company)
    .executeTakeFirst()
  if (bound === undefined) throw new Error(`${platform} ${tenant} is not bound to the company ${company}.`)
  const taken = await trx
    .selectFrom('identities')
    .select('user_id')
    .where('company_id', '=', company)
    .where('person_id', '=', person)
    .where('platform', '=', platform)
    .where('tenant', '=', tenant)
    .executeTakeFirst()
  if (taken !== undefined) return taken.user_id === user
  try {
    await trx
      .insertInto('identities')
      .values({ platform, tenant, user_id: user, company_id: company, person_id: person, linked_at: now })
      .onConflict((conflict) =>
        conflict
          .columns(['platform', 'tenant', 'user_id'])
          .doUpdateSet({ company_id: company, person_id: person, linked_at: now }),
      )
      .execute()
    return true
  } catch (error) {
    // Two users claimed the person at the same instant, and the other one's transaction was first.
    if (isUniqueViolation(error)) return false
    throw error
  }
}

/** Adds people or replaces them whole, by id. The import's and the directory's door; bumps the stamp once. */
export async function upsertPeople(
  trx: Tx,
  company: string,
  people: readonly Person[],
  now: number,
): Promise<void> {
  for (const person of people) {
    const row = personRow(company, person, now)
    await trx
      .insertInto('people')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doUpdateSet(row))
      .execute()
  }
  if (people.length > 0) await bumpOrg(trx, company)
}

/** Adds teams or replaces them whole, by id; bumps the stamp once. */
export async function upsertTeams(
  trx: Tx,
  company: string,
  teams: readonly Team[],
  now: number,
): Promise<void> {
  for (const team of teams) {
    const row = {
      company_id: company,
      id: team.id,
      name: clean(team.name),
      manager: team.manager ?? null,
      locale: team.locale ?? null,
      time_zone: team.timeZone ?? null,
      slack_channel: team.slackChannel ?? null,
      teams_channel: team.teamsChannel ?? null,
      quarterly_target: team.quarterlyTarget ?? null,
      currency: team.currency ?? null,
      updated_at: now,
    }
    await trx
      .insertInto('teams')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doUpdateSet(row))
      .execute()
  }
  if (teams.length > 0) await bumpOrg(trx, company)
}

/**
 * Takes a person's name, address and identities away and keeps the decisions: records and audit hold person
 * ids alone (B5.92). The person is inactive from then on.
 */
export async function forgetPerson(trx: Tx, company: string, id: string, now: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('people')
    .set({ name: id, email: null, active: 0, admin: 0, delegate: null, away_from: null, away_until: null })
    .set({ updated_at: now })
    .where('company_id', '=', company)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new Error(`The company ${company} has no person ${id}.`)
  await trx.deleteFrom('identities').where('company_id', '=', company).where('person_id', '=', id).execute()
  await bumpOrg(trx, company)
}

/** A person as a row of `people`. */
function personRow(company: string, person: Person, now: number): Selectable<Schema['people']> {
  return {
    company_id: company,
    id: person.id,
    name: clean(person.name),
    email: person.email === undefined ? null : clean(person.email),
    roles: person.roles.join(';'),
    manager: person.manager ?? null,
    team: person.team ?? null,
    locale: person.locale ?? null,
    time_zone: person.timeZone ?? null,
    active: person.active ? 1 : 0,
    admin: person.admin === true ? 1 : 0,
    delegate: person.delegate ?? null,
    away_from: person.awayFrom ?? null,
    away_until: person.awayUntil ?? null,
    updated_at: now,
    prefers: person.prefers ?? null,
  }
}

const knownRoles: ReadonlySet<string> = new Set(roles)
const localeOf = (text: string | null) => locales.find((locale) => locale === text)

function personOf(row: Selectable<Schema['people']>): Person {
  const locale = localeOf(row.locale)
  return {
    id: row.id,
    name: row.name,
    ...(row.email !== null && { email: row.email }),
    roles: row.roles.split(';').filter((role): role is Role => knownRoles.has(role)),
    ...(row.manager !== null && { manager: row.manager }),
    ...(row.team !== null && { team: row.team }),
    ...(locale !== undefined && { locale }),
    ...(row.time_zone !== null && { timeZone: row.time_zone }),
    active: row.active === 1,
    admin: row.admin === 1,
    ...(row.delegate !== null && { delegate: row.delegate }),
    ...(row.away_from !== null && { awayFrom: row.away_from }),
    ...(row.away_until !== null && { awayUntil: row.away_until }),
    ...((row.prefers === 'slack' || row.prefers === 'teams') && { prefers: row.prefers }),
  }
}

function teamOf(row: Selectable<Schema['teams']>): Team {
  const locale = localeOf(row.locale)
  return {
    id: row.id,
    name: row.name,
    ...(row.manager !== null && { manager: row.manager }),
    ...(locale !== undefined && { locale }),
    ...(row.time_zone !== null && { timeZone: row.time_zone }),
    ...(row.slack_channel !== null && { slackChannel: row.slack_channel }),
    ...(row.teams_channel !== null && { teamsChannel: row.teams_channel }),
    ...(row.quarterly_target !== null && { quarterlyTarget: row.quarterly_target }),
    ...(row.currency !== null && { currency: row.currency }),
  }
}

/** A company from its row. */
export function companyOf(row: Selectable<Schema['companies']>): Company {
  return {
    id: row.id,
    name: row.name,
    locale: localeOf(row.locale) ?? 'en',
    currency: row.currency,
    fiscalYearStart: row.fiscal_year_start,
    working: JSON.parse(row.working) as Company['working'],
  }
}
