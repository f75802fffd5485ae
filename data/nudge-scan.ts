import { setImmediate } from 'node:timers/promises'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { Contact } from '../src/canon/contact.ts'
import type { Lead } from '../src/canon/lead.ts'
import { type MeddiccField, meddiccFields, type Opportunity, type Stage } from '../src/canon/opportunity.ts'
import type {
  ChampionPage,
  ScannedChampion,
  ScannedDeal,
  ScannedGap,
  ScannedLeaver,
  ScanReads,
  Tally,
} from '../src/ports/scan.ts'
import { type ContactRow, contactOf } from './contact.ts'
import { among, type Reader } from './database.ts'
import { type LeadRow, leadOf } from './lead.ts'
import { dealOf, using } from './opportunity.ts'
import type { Schema } from './schema.ts'
import { on } from './statement.ts'

/** Entries of an index that one statement of a walk looks at: some milliseconds, after which others have a turn. */
const stretch = 8_000
/** Rows that are read whole, or joined, at a time. */
const few = 1_000
/** No id comes after it: the last character there is, on both engines. */
const end = '\u{10ffff}'

type Ids = { readonly after: string; readonly upTo: string }

/**
 * Walks an index in stretches of ids, however few of them match: a page that waited for so many matches would look
 * through the whole company in one go where there are none.
 */
async function* walk<R>(
  next: (after: string) => Promise<string | undefined>,
  page: (ids: Ids) => Promise<readonly R[]>,
): AsyncGenerator<readonly R[]> {
  for (let after = ''; ; ) {
    const upTo = await next(after)
    const rows = await page({ after, upTo: upTo ?? end })
    if (rows.length > 0) yield rows
    if (upTo === undefined) return
    after = upTo
    // SQLite answers without ever giving way to what waits.
    await setImmediate()
  }
}

/** The last id of the next stretch of open deals. */
const openDeals = (db: Reader, company: string) => async (after: string) => {
  const { rows } = await sql<{ id: string }>`
    select id from opportunities ${using(db, 'opportunities_nightly')}
    where company_id = ${company} and closed = 0 and id > ${after} order by id limit 1 offset ${stretch - 1}`.execute(
    db,
  )
  return rows[0]?.id
}

/** Open deals of a stretch, from the index alone. */
const ofStretch = <R>(
  db: Reader,
  company: string,
  columns: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
) => {
  const table = sql`opportunities ${using(db, 'opportunities_nightly')}`
  return async ({ after, upTo }: Ids): Promise<readonly R[]> => {
    const { rows } = await sql<R>`
      select ${columns} from ${table}
      where company_id = ${company} and closed = 0 and id > ${after} and id <= ${upTo} and ${where}
      order by id`.execute(db)
    return rows
  }
}

const scanned = sql`id, owner, stage, amount, currency`

/** See `ScanReads.stalledDeals`. */
const stalledDeals = (db: Reader, company: string, before: PlainDate) =>
  walk(
    openDeals(db, company),
    ofStretch<ScannedDeal>(
      db,
      company,
      sql`${scanned}, stage_entered_on as "on"`,
      sql`stage_entered_on < ${before}`,
    ),
  )

/** See `ScanReads.pastCloseDeals`. */
const pastCloseDeals = (db: Reader, company: string, before: PlainDate) =>
  walk(
    openDeals(db, company),
    ofStretch<ScannedDeal>(
      db,
      company,
      sql`${scanned}, expected_close_on as "on"`,
      sql`expected_close_on < ${before}`,
    ),
  )

/** The bits of `meddicc_known` that fields stand for. */
const bitsOf = (fields: readonly MeddiccField[]): number =>
  fields.reduce((bits, field) => bits | (1 << meddiccFields.indexOf(field)), 0)

/** See `ScanReads.meddiccGaps`. */
async function* meddiccGaps(
  db: Reader,
  company: string,
  required: Readonly<Partial<Record<Stage, readonly MeddiccField[]>>>,
): AsyncGenerator<readonly ScannedGap[]> {
  const lacking = Object.entries(required).flatMap(([stage, fields]) => {
    const bits = sql.lit(bitsOf(fields ?? []))
    return fields?.length ? [sql`(stage = ${stage} and (meddicc_known & ${bits}) <> ${bits})`] : []
  })
  if (lacking.length === 0) return
  type Row = Omit<ScannedGap, 'owes' | 'championLeft'> & { owes: 0 | 1; champion_left: string | null }
  const pages = walk(
    openDeals(db, company),
    ofStretch<Row>(
      db,
      company,
      sql`${scanned}, meddicc_known as known, case when debt_until is null then 0 else 1 end as owes, champion_left`,
      sql`(${sql.join(lacking, sql` or `)})`,
    ),
  )
  for await (const page of pages)
    yield page.map(({ owes, champion_left, ...row }) => ({
      ...row,
      owes: owes === 1,
      championLeft: champion_left !== null,
    }))
}

/** See `ScanReads.owingDeals`. */
async function* owingDeals(db: Reader, company: string): AsyncGenerator<readonly Opportunity[]> {
  for (let last = { until: '', id: '' }; ; ) {
    const { rows } = await sql<Selectable<Schema['opportunities']>>`
      select * from opportunities ${using(db, 'opportunities_owing')}
      where company_id = ${company} and closed = 0 and debt_until is not null
        and (debt_until, id) > (${last.until}, ${last.id})
      order by debt_until, id limit ${few}`.execute(db)
    const ending = rows.at(-1)
    if (ending === undefined) return
    yield rows.map(dealOf)
    if (rows.length < few) return
    last = { until: ending.debt_until ?? '', id: ending.id }
    await setImmediate()
  }
}

const champions = sql`id, owner, stage, amount, currency, account, champion, created_on as "createdOn"`

/** The contacts of the deals' accounts, with when each was last spoken with. */
async function contactsBehind(
  db: Reader,
  company: string,
  deals: readonly ScannedChampion[],
  now: Instant,
): Promise<ChampionPage> {
  const accounts = [...new Set(deals.map(({ account }) => account))]
  const { rows } = await sql<ContactRow>`
    select c.*, (select max(a.happened_at) from activities a where a.company_id = c.company_id
                   and a.contact = c.id and a.happened_at <= ${now}) as last_contacted_at
    from contacts c where c.company_id = ${company} and ${among(db, sql.ref('c.account'), accounts)}`.execute(
    db,
  )
  const contacts = new Map<string, Contact[]>()
  for (const row of rows) {
    const of = contacts.get(row.account)
    if (of) of.push(contactOf(row))
    else contacts.set(row.account, [contactOf(row)])
  }
  return { deals, contacts }
}

/** See `ScanReads.championDeals`. By account, so that the contacts of each are read once. */
async function* championDeals(db: Reader, company: string, now: Instant): AsyncGenerator<ChampionPage> {
  for (let last = { account: '', id: '' }; ; ) {
    const { rows } = await sql<ScannedChampion>`
      select ${champions} from opportunities ${using(db, 'opportunities_at_accounts')}
      where company_id = ${company} and closed = 0 and account is not null and champion is not null
        and (account, id) > (${last.account}, ${last.id})
      order by account, id limit ${few}`.execute(db)
    const ending = rows.at(-1)
    if (ending === undefined) return
    yield await contactsBehind(db, company, rows, now)
    if (rows.length < few) return
    last = { account: ending.account, id: ending.id }
    await setImmediate()
  }
}

async function championDealsAt(
  db: Reader,
  company: string,
  accounts: readonly string[],
  now: Instant,
): Promise<ChampionPage> {
  const { rows } = await sql<ScannedChampion>`
    select ${champions} from opportunities ${using(db, 'opportunities_at_accounts')}
    where company_id = ${company} and closed = 0 and account is not null and champion is not null
      and ${among(db, sql.ref('account'), accounts)}
    order by account, id`.execute(db)
  return contactsBehind(db, company, rows, now)
}

/** See `ScanReads.leftChampions`. A contact who is gone from the record left on no known day. */
async function* leftChampions(db: Reader, company: string): AsyncGenerator<readonly ScannedLeaver[]> {
  for (let after = ''; ; ) {
    const { rows } = await sql<ScannedLeaver>`
      select o.id, o.owner, o.stage, o.amount, o.currency, c.id as contact, c.name as "contactName",
        c.left_on as "on"
      from opportunities o ${using(db, 'opportunities_champion_left')}
      join contacts c on c.company_id = o.company_id and c.id = o.champion_left and c.left_on is not null
      where o.company_id = ${company} and o.closed = 0 and o.champion_left is not null and o.id > ${after}
      order by o.id limit ${few}`.execute(db)
    if (rows.length > 0) yield rows
    if (rows.length < few) return
    after = rows.at(-1)!.id
    await setImmediate()
  }
}

/** See `ScanReads.accountsLeft`. */
async function* accountsLeft(
  db: Reader,
  company: string,
  until: PlainDate,
): AsyncGenerator<readonly string[]> {
  for (let after = ''; ; ) {
    const { rows } = await sql<{ account: string }>`
      select distinct account from contacts ${using(db, 'contacts_left')}
      where company_id = ${company} and left_on is not null and left_on <= ${until} and account > ${after}
      order by account limit ${few}`.execute(db)
    if (rows.length > 0) yield rows.map(({ account }) => account)
    if (rows.length < few) return
    after = rows.at(-1)!.account
    await setImmediate()
  }
}

/** See `ScanReads.untouchedLeads`. */
async function* untouchedLeads(
  db: Reader,
  company: string,
  since: Instant,
  until: Instant,
): AsyncGenerator<readonly Lead[]> {
  for (let last = { at: since, id: end }; ; ) {
    const { rows } = await sql<LeadRow>`
      select * from leads ${using(db, 'leads_untouched')}
      where company_id = ${company} and live = 1 and first_touch_at is null and arrived_at <= ${until}
        and (arrived_at > ${last.at} or (arrived_at = ${last.at} and id > ${last.id}))
      order by arrived_at, id limit ${few}`.execute(db)
    const ending = rows.at(-1)
    if (ending === undefined) return
    yield rows.map(leadOf)
    if (rows.length < few) return
    last = { at: ending.arrived_at ?? until, id: ending.id }
    await setImmediate()
  }
}

async function oldUntouchedLeads(db: Reader, company: string, before: Instant): Promise<readonly Tally[]> {
  const { rows } = await on<Tally>(db)`
    select owner as person, count(*) as count from leads
    where company_id = ${company} and live = 1 and first_touch_at is null and arrived_at <= ${before}
      and owner is not null
    group by owner order by owner`
  return rows
}

async function oldUntouchedLeadsOf(
  db: Reader,
  company: string,
  person: string,
  before: Instant,
  limit: number,
): Promise<readonly Lead[]> {
  const { rows } = await on<LeadRow>(db)`
    select * from leads
    where company_id = ${company} and live = 1 and first_touch_at is null and arrived_at <= ${before}
      and owner = ${person}
    order by arrived_at, id limit ${limit}`
  return rows.map(leadOf)
}

async function lateActivities(
  db: Reader,
  company: string,
  from: Instant,
  to: Instant,
  overMs: number,
): Promise<readonly Tally[]> {
  const { rows } = await sql<Tally>`
    select person, count(*) as count from activities ${using(db, 'activities_logged_late')}
    where company_id = ${company} and logged_at > ${from} and logged_at <= ${to}
      and logged_at - happened_at > 3600000 and person is not null and logged_at - happened_at > ${overMs}
    group by person order by person`.execute(db)
  return rows
}

const lateActivitiesOf: (db: Reader) => ScanReads['lateActivitiesOf'] =
  (db) => async (company, person, from, to, overMs, limit) => {
    const { rows } = await sql<{
      id: string
      deal: string | null
      kind: string
      happenedAt: number
      loggedAt: number
    }>`
      select id, deal, kind, happened_at as "happenedAt", logged_at as "loggedAt"
      from activities ${using(db, 'activities_logged_late')}
      where company_id = ${company} and logged_at > ${from} and logged_at <= ${to}
        and logged_at - happened_at > 3600000 and person is not null and logged_at - happened_at > ${overMs}
        and person = ${person}
      order by logged_at desc, id limit ${limit}`.execute(db)
    return rows.map(({ deal, ...row }) => ({ ...row, ...(deal === null ? {} : { deal }) }))
  }

/** A contact to look at again: one who is here, at an account that somebody sells to. */
const stale = (db: Reader, company: string, before: PlainDate) => sql`
  c.left_on is null and c.updated_on < ${before} and (c.role is not null or c.engagement is not null)
  and exists (select 1 from opportunities o ${using(db, 'opportunities_at_accounts')}
    where o.company_id = ${company} and o.account = c.account and o.closed = 0 and o.account is not null)`

/** See `ScanReads.staleContacts`. */
async function staleContacts(db: Reader, company: string, before: PlainDate): Promise<readonly Tally[]> {
  const next = async (after: string) => {
    const { rows } = await on<{ id: string }>(db)`
      select id from accounts where company_id = ${company} and id > ${after} order by id limit 1 offset ${few - 1}`
    return rows[0]?.id
  }
  const pages = walk<Tally>(next, async ({ after, upTo }) => {
    const { rows } = await sql<Tally>`
      select coalesce(a.ae, a.csm) as person, count(*) as count from accounts a
      join contacts c on c.company_id = a.company_id and c.account = a.id
      where a.company_id = ${company} and a.id > ${after} and a.id <= ${upTo} and coalesce(a.ae, a.csm) is not null
        and ${stale(db, company, before)}
      group by 1`.execute(db)
    return rows
  })
  const counts = new Map<string, number>()
  for await (const page of pages)
    for (const { person, count } of page) counts.set(person, (counts.get(person) ?? 0) + count)
  return [...counts]
    .map(([person, count]) => ({ person, count }))
    .sort((a, b) => (a.person < b.person ? -1 : 1))
}

const staleContactsOf: (db: Reader) => ScanReads['staleContactsOf'] =
  (db) => async (company, person, before, limit) => {
    const of = (mine: RawBuilder<unknown>) => sql`
      select c.*, null as last_contacted_at from accounts a
      join contacts c on c.company_id = a.company_id and c.account = a.id
      where a.company_id = ${company} and ${mine} and ${stale(db, company, before)}`
    const { rows } = await sql<ContactRow>`
      select * from (${of(sql`a.ae = ${person}`)} union all ${of(sql`a.ae is null and a.csm = ${person}`)}) as mine
      order by updated_on, id limit ${limit}`.execute(db)
    return rows.map(contactOf)
  }

/** The store's walks for the nightly rules. */
export const scanReads = (db: Reader, now: () => Instant): ScanReads => ({
  stalledDeals: (company, before) => stalledDeals(db, company, before),
  pastCloseDeals: (company, before) => pastCloseDeals(db, company, before),
  meddiccGaps: (company, required) => meddiccGaps(db, company, required),
  owingDeals: (company) => owingDeals(db, company),
  championDeals: (company) => championDeals(db, company, now()),
  championDealsAt: (company, accounts) => championDealsAt(db, company, accounts, now()),
  leftChampions: (company) => leftChampions(db, company),
  accountsLeft: (company, until) => accountsLeft(db, company, until),
  untouchedLeads: (company, since, until) => untouchedLeads(db, company, since, until),
  oldUntouchedLeads: (company, before) => oldUntouchedLeads(db, company, before),
  oldUntouchedLeadsOf: (company, person, before, limit) =>
    oldUntouchedLeadsOf(db, company, person, before, limit),
  lateActivities: (company, from, to, overMs) => lateActivities(db, company, from, to, overMs),
  lateActivitiesOf: lateActivitiesOf(db),
  staleContacts: (company, before) => staleContacts(db, company, before),
  staleContactsOf: staleContactsOf(db),
})
