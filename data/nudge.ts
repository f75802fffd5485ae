import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import type {
  Nudge,
  NudgeBundle,
  NudgeHow,
  NudgeKind,
  NudgePreferences,
  NudgeStatus,
  NudgeSubject,
} from '../src/canon/nudge.ts'
import { earOf, personOfEar } from '../src/canon/nudge.ts'
import { laneOf } from '../src/outbox/lane.ts'
import type { NudgeReads, NudgeSave, NudgeTally, UnsureDelivery } from '../src/ports/nudge.ts'
import { among, type Reader, type Tx, toJson } from './database.ts'
import type {} from './schema-nudge.ts'
import { on } from './statement.ts'

interface Body {
  body: string
}

const nudgeOf = (row: Body) => JSON.parse(row.body) as Nudge

const isLive = ({ status }: Nudge) => status === 'open' || status === 'snoozed' || status === 'muted'

/** When the sweep has to look at it: it climbs, or it was snoozed until then. */
const dueAtOf = ({ status, climbsAt, snoozedUntil }: Nudge): Instant | null =>
  (status === 'open' ? climbsAt : status === 'snoozed' ? snoozedUntil : undefined) ?? null

/** Nobody answered, and it went to somebody else or was told anew. */
const isIgnored = ({ answered, rung, superseded }: Nudge) =>
  answered === undefined && (rung > 0 || superseded === true)

// ── reading ──────────────────────────────────────────────────────────────────

async function nudge(db: Reader, company: string, id: string): Promise<Nudge | undefined> {
  const { rows } = await on<Body>(db)`select body from nudges where company_id = ${company} and id = ${id}`
  return rows[0] && nudgeOf(rows[0])
}

async function nudgesById(db: Reader, company: string, ids: readonly string[]): Promise<Nudge[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Body>`
    select body from nudges where company_id = ${company} and ${among(db, sql.ref('id'), ids)}`.execute(db)
  return rows.map(nudgeOf)
}

/** Two ways in, each by an index of its own: a cause that is told every day has a long history that matters no more. */
async function nudgesOn(
  db: Reader,
  company: string,
  kind: NudgeKind,
  of: readonly { readonly subject: NudgeSubject; readonly cycle: string }[],
): Promise<Nudge[]> {
  const found: Nudge[] = []
  for (const noun of new Set(of.map(({ subject }) => subject.noun))) {
    const mine = of.filter(({ subject }) => subject.noun === noun)
    const ids = [...new Set(mine.map(({ subject }) => subject.id))]
    const cycles = [...new Set(mine.map(({ cycle }) => cycle))]
    const { rows } = await sql<Body>`
      select body from nudges
      where company_id = ${company} and kind = ${kind} and subject_noun = ${noun}
        and ${among(db, sql.ref('subject_id'), ids)} and ${among(db, sql.ref('cycle'), cycles)}
      union
      select body from nudges
      where company_id = ${company} and subject_noun = ${noun} and ${among(db, sql.ref('subject_id'), ids)}
        and live = 1 and kind = ${kind}`.execute(db)
    found.push(...rows.map(nudgeOf))
  }
  return found
}

async function openNudgesOn(db: Reader, company: string, subject: NudgeSubject): Promise<Nudge[]> {
  const { rows } = await on<Body>(db)`
    select body from nudges
    where company_id = ${company} and subject_noun = ${subject.noun} and subject_id = ${subject.id} and live = 1
    order by weight desc, id`
  return rows.map(nudgeOf)
}

async function standingNudges(
  db: Reader,
  company: string,
  kind: NudgeKind,
  after: string,
  limit: number,
): Promise<{ id: string; subject: NudgeSubject; cycle: string }[]> {
  const { rows } = await on<{ id: string; noun: NudgeSubject['noun']; subject: string; cycle: string }>(db)`
    select id, subject_noun as noun, subject_id as subject, cycle from nudges
    where company_id = ${company} and kind = ${kind} and live = 1 and status <> 'muted' and id > ${after}
    order by id limit ${limit}`
  return rows.map(({ id, noun, subject, cycle }) => ({ id, subject: { noun, id: subject }, cycle }))
}

async function nudgeBundle(db: Reader, company: string, id: string): Promise<NudgeBundle | undefined> {
  const { rows } = await on<Body>(db)`
    select body from nudge_bundles where company_id = ${company} and id = ${id}`
  return rows[0] && (JSON.parse(rows[0].body) as NudgeBundle)
}

async function nudgesOf(
  db: Reader,
  company: string,
  person: string,
  filter: Parameters<NudgeReads['nudgesOf']>[2],
  limit: number,
): Promise<{ total: number; nudges: Nudge[] }> {
  const where = sql`p.company_id = ${company} and p.person_id = ${person} and p.status = ${filter.status}
    ${filter.kind === undefined ? sql`` : sql`and p.kind = ${filter.kind}`}
    ${filter.mine ? sql`and p.own = 1` : sql``}`
  const { rows } = await sql<Body>`
    select n.body from nudge_people p
    join nudges n on n.company_id = p.company_id and n.id = p.nudge_id
    where ${where} order by p.own desc, p.weight desc, p.nudge_id limit ${limit}`.execute(db)
  if (rows.length < limit) return { total: rows.length, nudges: rows.map(nudgeOf) }
  const { rows: counted } = await sql<{ n: number }>`
    select count(*) as n from nudge_people p where ${where}`.execute(db)
  return { total: Number(counted[0]?.n ?? 0), nudges: rows.map(nudgeOf) }
}

/** Over all companies, or of one: what the ladder has to look at, the longest due first. */
async function dueNudges(
  db: Reader,
  now: Instant,
  limit: number,
  company?: string,
): Promise<{ company: string; id: string }[]> {
  const of = company === undefined ? sql`` : sql`and company_id = ${company}`
  const { rows } = await sql<{ company: string; id: string }>`
    select company_id as company, id from nudges
    where due_at is not null and due_at <= ${now} ${of} order by due_at, company_id, id limit ${limit}`.execute(
    db,
  )
  return rows
}

async function nudgeCounts(
  db: Reader,
  company: string,
  of: readonly { ear: string; day: string }[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const day of new Set(of.map((each) => each.day))) {
    const ears = of.filter((each) => each.day === day).map(({ ear }) => ear)
    const { rows } = await sql<{ ear: string; told: number }>`
      select ear, told from nudge_counts
      where company_id = ${company} and ${among(db, sql.ref('ear'), ears)} and day = ${day}`.execute(db)
    for (const { ear, told } of rows) counts.set(ear, Number(told))
  }
  return counts
}

async function preferences(db: Reader, company: string): Promise<ReadonlyMap<string, NudgePreferences>> {
  const { rows } = await on<{ person: string; body: string }>(db)`
    select person_id as person, body from nudge_preferences where company_id = ${company}`
  return new Map(rows.map(({ person, body }) => [person, JSON.parse(body) as NudgePreferences]))
}

async function nudgeTallies(
  db: Reader,
  company: string,
  from: Instant,
  until: Instant,
): Promise<NudgeTally[]> {
  interface Row {
    kind: NudgeKind
    status: NudgeStatus
    how: NudgeHow | null
    ignored: number
    n: number
  }
  const { rows } = await on<Row>(db)`
    select kind, status, how, ignored, count(*) as n from nudges
    where company_id = ${company} and raised_at >= ${from} and raised_at < ${until}
    group by kind, status, how, ignored order by kind, status, how, ignored`
  return rows.map(({ kind, status, how, ignored, n }) => ({
    kind,
    status,
    ...(how === null ? {} : { how }),
    ignored: Number(ignored) === 1,
    count: Number(n),
  }))
}

async function mutedNudges(
  db: Reader,
  company: string,
  from: Instant,
  until: Instant,
  limit: number,
): Promise<Nudge[]> {
  const { rows } = await on<Body>(db)`
    select body from nudges
    where company_id = ${company} and raised_at >= ${from} and raised_at < ${until} and how = 'muted'
    order by raised_at desc, id desc limit ${limit}`
  return rows.map(nudgeOf)
}

async function unsureDeliveries(
  db: Reader,
  company: string,
  person: string,
  since: Instant,
): Promise<UnsureDelivery[]> {
  const { rows } = await on<UnsureDelivery>(db)`
    select card, subject_noun as noun, subject_id as id, created_at as at from deliveries
    where company_id = ${company} and lane = ${laneOf({ person })} and state = 'unknown' and created_at >= ${since}
    order by created_at desc, id desc limit 50`
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

async function platformsOf(
  db: Reader,
  company: string,
): Promise<ReadonlyMap<string, readonly ('slack' | 'teams')[]>> {
  const { rows } = await on<{ person: string; platform: 'slack' | 'teams' }>(db)`
    select person_id as person, platform from identities where company_id = ${company}
    order by person_id, linked_at, platform`
  const found = new Map<string, ('slack' | 'teams')[]>()
  for (const { person, platform } of rows) {
    const of = found.get(person)
    if (!of) found.set(person, [platform])
    else if (!of.includes(platform)) of.push(platform)
  }
  return found
}

/** The store's readings of nudges. */
export const nudgeReads = (read: Reader): NudgeReads => ({
  nudge: (company, id) => nudge(read, company, id),
  nudgesById: (company, ids) => nudgesById(read, company, ids),
  nudgesOn: (company, kind, of) => nudgesOn(read, company, kind, of),
  openNudgesOn: (company, subject) => openNudgesOn(read, company, subject),
  standingNudges: (company, kind, after, limit) => standingNudges(read, company, kind, after, limit),
  nudgeBundle: (company, id) => nudgeBundle(read, company, id),
  nudgesOf: (company, person, filter, limit) => nudgesOf(read, company, person, filter, limit),
  dueNudges: (now, limit, company) => dueNudges(read, now, limit, company),
  nudgeCounts: (company, of) => nudgeCounts(read, company, of),
  nudgePreferences: (company) => preferences(read, company),
  nudgeTallies: (company, from, until) => nudgeTallies(read, company, from, until),
  mutedNudges: (company, from, until, limit) => mutedNudges(read, company, from, until, limit),
  unsureDeliveries: (company, person, since) => unsureDeliveries(read, company, person, since),
  platformsOf: (company) => platformsOf(read, company),
})

// ── writing ──────────────────────────────────────────────────────────────────

type SaveOf<Noun extends NudgeSave['noun']> = Extract<NudgeSave, { noun: Noun }>

/** Writes a nudge. False when it moved since it was read, or when this cause was told in this cycle already. */
export async function saveNudge(
  trx: Tx,
  company: string,
  { next, expect }: SaveOf<'nudge'>,
): Promise<boolean> {
  const { id, kind, subject, cycle, owner, status, weight } = next
  const how = next.answered?.how ?? null
  const live = isLive(next) ? 1 : 0
  const ignored = isIgnored(next) ? 1 : 0
  if (expect === 'new') {
    const { numAffectedRows } = await on(trx)`
      insert into nudges (company_id, id, kind, subject_noun, subject_id, cycle, owner, status, live, how, ignored,
                          weight, raised_at, due_at, version, body)
      values (${company}, ${id}, ${kind}, ${subject.noun}, ${subject.id}, ${cycle}, ${owner}, ${status}, ${live},
              ${how}, ${ignored}, ${weight}, ${next.raisedAt}, ${dueAtOf(next)}, ${next.version}, ${toJson(next)})
      on conflict do nothing`
    if (numAffectedRows !== 1n) return false
  } else {
    if (next.version <= expect) throw new Error(`Version ${next.version} of ${id} cannot follow ${expect}.`)
    const { numAffectedRows } = await on(trx)`
      update nudges
      set owner = ${owner}, status = ${status}, live = ${live}, how = ${how}, ignored = ${ignored},
          weight = ${weight}, due_at = ${dueAtOf(next)}, version = ${next.version}, body = ${toJson(next)}
      where company_id = ${company} and id = ${id} and version = ${expect}`
    if (numAffectedRows !== 1n) return false
    await on(trx)`delete from nudge_people where company_id = ${company} and nudge_id = ${id}`
  }
  if (live === 0) return true
  const people = new Set([owner, ...next.told.flatMap((ear) => personOfEar(ear) ?? [])])
  for (const person of people)
    await on(trx)`
      insert into nudge_people (company_id, person_id, nudge_id, status, kind, own, weight)
      values (${company}, ${person}, ${id}, ${status}, ${kind}, ${person === owner ? 1 : 0}, ${weight})`
  return true
}

/** Writes what one message holds; appended to where it is there already. */
export async function saveNudgeBundle(
  trx: Tx,
  company: string,
  { next, append }: SaveOf<'nudge-bundle'>,
): Promise<boolean> {
  const before = append ? await nudgeBundle(trx, company, next.id) : undefined
  const known = new Set(before?.items.map((item) => item.nudge))
  const added = next.items.filter((item) => !known.has(item.nudge))
  const bundle = before ? { ...next, items: [...before.items, ...added] } : next
  const { numAffectedRows } = await on(trx)`
    insert into nudge_bundles (company_id, id, ear, at, body)
    values (${company}, ${next.id}, ${earOf(next.ear)}, ${next.at}, ${toJson(bundle)})
    on conflict do nothing`
  if (numAffectedRows !== 1n) {
    if (!append) return false
    await on(trx)`
      update nudge_bundles set body = ${toJson(bundle)} where company_id = ${company} and id = ${next.id}`
  }
  for (const item of added)
    await on(trx)`
      insert into nudge_bundle_items (company_id, nudge_id, bundle_id)
      values (${company}, ${item.nudge}, ${next.id})`
  return true
}

/** Counts what is told to an ear on a day. False where somebody else told them something meanwhile. */
export async function saveNudgeCount(
  trx: Tx,
  company: string,
  { ear, day, expect, add }: SaveOf<'nudge-count'>,
): Promise<boolean> {
  const { numAffectedRows } =
    expect === 0
      ? await on(trx)`
          insert into nudge_counts (company_id, ear, day, told) values (${company}, ${ear}, ${day}, ${add})
          on conflict (company_id, ear, day) do update set told = excluded.told where nudge_counts.told = 0`
      : await on(trx)`
          update nudge_counts set told = ${expect + add}
          where company_id = ${company} and ear = ${ear} and day = ${day} and told = ${expect}`
  return numAffectedRows === 1n
}

export async function saveNudgePreferences(
  trx: Tx,
  company: string,
  { person, next }: SaveOf<'nudge-preferences'>,
): Promise<boolean> {
  await on(trx)`
    insert into nudge_preferences (company_id, person_id, body) values (${company}, ${person}, ${toJson(next)})
    on conflict (company_id, person_id) do update set body = excluded.body`
  return true
}

// ── what is redrawn ──────────────────────────────────────────────────────────

/** Messages that hold this nudge, or an open nudge on this deal, account or lead: they change with it. */
export async function bundlesWith(
  trx: Tx,
  company: string,
  subject: { readonly noun: string; readonly id: string },
): Promise<string[]> {
  const read = on<{ id: string }>(trx)
  const { rows } =
    subject.noun === 'nudge'
      ? await read`select bundle_id as id from nudge_bundle_items
          where company_id = ${company} and nudge_id = ${subject.id}`
      : await read`select distinct i.bundle_id as id from nudges n
          join nudge_bundle_items i on i.company_id = n.company_id and i.nudge_id = n.id
          where n.company_id = ${company} and n.subject_noun = ${subject.noun} and n.subject_id = ${subject.id}
            and n.live = 1`
  return rows.map(({ id }) => id)
}
