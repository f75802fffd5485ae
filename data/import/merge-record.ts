import { sql } from 'kysely'
import type { Reader, Tx } from '../database.ts'
import type {} from '../schema-record.ts'
import type { Merge } from './merge.ts'
import { actorOf, type Part, stagedRows } from './staging.ts'

// What merging means for the record behind the deals: the lines of their history, and when something last happened.

/**
 * Deals of this chunk that moved since the import ruled on them: somebody changed them in the chat meanwhile. Their
 * rows are taken out, so that no stage is entered on the strength of what was there before (B5.100).
 */
export async function leaveMoved(trx: Tx, merge: Merge): Promise<string[]> {
  const { engine, importId, number, part, range, company } = merge
  if (!part.columns.includes('seen_version')) return []
  const { rows } = await sql<{ id: string }>`
    with ${stagedRows(engine, importId, number, part.columns, range, true, ['seen_version'])}
    select r.id from r cross join opportunities t
    where t.company_id = ${company} and t.id = r.id and t.version <> r.seen_version`.execute(trx)
  for (const { id } of rows)
    await sql`delete from import_rows where import_id = ${importId} and part = ${number} and key = ${id}
      and seq > ${range.after} and seq <= ${range.upTo}`.execute(trx)
  return rows.map(({ id }) => id)
}

/** A deal of this chunk that is new or changes its stage. */
export interface Moving {
  readonly id: string
  /** `null`: the deal is new. */
  readonly from: string | null
  readonly to: string
  readonly on: string | null
  readonly created: string | null
  readonly reason: string | null
}

/** The changes of stage that this chunk brings, read before it is merged. */
export async function movingDeals(trx: Tx, merge: Merge): Promise<Moving[]> {
  const { engine, importId, number, part, range, company } = merge
  if (!part.columns.includes('stage')) return []
  const created = part.columns.includes('created_on') ? sql`r.created_on` : sql`null`
  const told = ['stage', 'stage_entered_on', 'created_on', 'stage_reason']
  const { rows } = await sql<Moving>`
    with ${stagedRows(engine, importId, number, part.columns, range, false, told)}
    select r.id, t.stage as "from", r.stage as "to", r.stage_entered_on as "on", ${created} as created,
           r.stage_reason as reason
    from r left join opportunities t on t.company_id = ${company} and t.id = r.id
    where t.id is null or t.stage <> r.stage`.execute(trx)
  return rows
}

/** Writes their lines into the history. Loaded history stands at its own day, a change of today at this instant. */
export async function writeHistory(
  trx: Tx,
  merge: Merge,
  moving: readonly Moving[],
  dayStart: (day: string) => number,
): Promise<void> {
  if (moving.length === 0) return
  const { engine, company, now, part } = merge
  const asIs = part.asIs === true
  const { by, platform } = actorOf(part)
  const lines = moving.map((deal) => {
    const day = deal.on ?? deal.created
    return [deal.id, deal.from, deal.to, asIs && day !== null ? dayStart(day) : now, deal.reason]
  })
  const json = JSON.stringify(lines)
  const flag = sql.lit(asIs ? 1 : 0)
  const next = sql`coalesce((select max(seq) from stage_history h where h.company_id = ${company} and h.deal = l.deal), 0) + 1`
  const same = sql`not exists (select 1 from stage_history h where h.company_id = ${company} and h.deal = l.deal
    and h.to_stage = l.to_stage and h.at = l.at)`
  await (engine === 'sqlite'
    ? sql`
        with l as (select json_extract(value, '$[0]') as deal, json_extract(value, '$[1]') as from_stage,
                          json_extract(value, '$[2]') as to_stage, json_extract(value, '$[3]') as at,
                          json_extract(value, '$[4]') as reason from json_each(${json}))
        insert into stage_history (company_id, deal, seq, from_stage, to_stage, at, by, door, reason, as_is)
        select ${company}, deal, ${next}, from_stage, to_stage, at, ${by}, ${platform}, reason, ${flag}
        from l where ${same}`
    : sql`
        with l as (select value ->> 0 as deal, value ->> 1 as from_stage, value ->> 2 as to_stage,
                          (value ->> 3)::bigint as at, value ->> 4 as reason
                   from jsonb_array_elements(${json}::jsonb))
        insert into stage_history (company_id, deal, seq, from_stage, to_stage, at, by, door, reason, as_is)
        select ${company}, deal, ${next}, from_stage, to_stage, at, ${by}, ${platform}, reason, ${flag}
        from l where ${same}`
  ).execute(trx)
}

/** Merges a chunk of stage-history rows: a line is known by deal, stage and instant. */
export async function mergeHistory(trx: Tx, merge: Merge): Promise<{ added: number; changed: number }> {
  const { engine, importId, number, part, range, company } = merge
  const { by, platform } = actorOf(part)
  const has = (column: string) => part.columns.includes(column)
  const staged = stagedRows(engine, importId, number, part.columns, range)
  const cell = (column: string, otherwise: ReturnType<typeof sql>) =>
    has(column) ? sql`r.${sql.ref(column)}` : otherwise
  const same = sql`t.company_id = ${company} and t.deal = r.deal and t.to_stage = r.to_stage and t.at = r.at`
  const told = ['from_stage', 'by', 'reason'].filter(has)
  let changed = 0
  // First what is there already: what is added in this chunk is as the file says it.
  if (told.length > 0) {
    const { numAffectedRows } = await sql`
      with ${staged}
      update stage_history as t set ${sql.join(told.map((column) => sql`${sql.ref(column)} = coalesce(r.${sql.ref(column)}, t.${sql.ref(column)})`))}
      from r where ${same} and (${sql.join(
        told.map(
          (column) =>
            sql`(r.${sql.ref(column)} is not null and t.${sql.ref(column)} is distinct from r.${sql.ref(column)})`,
        ),
        sql` or `,
      )})`.execute(trx)
    changed = Number(numAffectedRows ?? 0n)
  }
  const { numAffectedRows } = await sql`
    with ${staged}
    insert into stage_history (company_id, deal, seq, from_stage, to_stage, at, by, door, reason, as_is)
    select ${company}, r.deal,
      coalesce((select max(seq) from stage_history h where h.company_id = ${company} and h.deal = r.deal), 0)
        + row_number() over (partition by r.deal order by r.at),
      ${cell('from_stage', sql`null`)}, r.to_stage, r.at,
      coalesce(${cell('by', sql`null`)}, ${by}), ${platform}, ${cell('reason', sql`null`)}, 1
    from r where not exists (select 1 from stage_history t where ${same})`.execute(trx)
  return { changed, added: Number(numAffectedRows ?? 0n) }
}

/**
 * How many deals of a run name a champion or Economic Buyer who is no contact of their account, by id or exact name:
 * their words are kept, and somebody should know.
 */
export async function unknownStakeholders(
  read: Reader,
  run: { readonly id: number; readonly company: string; readonly parts: readonly Part[] },
): Promise<readonly { readonly column: string; readonly deals: number }[]> {
  const found: { column: string; deals: number }[] = []
  for (const column of ['champion', 'economic_buyer']) {
    const parts = run.parts.flatMap((part, at) =>
      part.entity === 'opportunities' && part.columns.includes(column) ? [at] : [],
    )
    if (parts.length === 0) continue
    const said = sql.ref(`o.${column}`)
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from import_rows r
      join opportunities o on o.company_id = ${run.company} and o.id = r.key
      where r.import_id = ${run.id} and r.part in (${sql.join(parts)}) and ${said} is not null and not exists (
        select 1 from contacts c where c.company_id = o.company_id and c.account = o.account
          and (c.id = ${said} or c.name = ${said}))`.execute(read)
    const deals = Number(rows[0]?.n ?? 0)
    if (deals > 0) found.push({ column, deals })
  }
  return found
}

/** Says on deals and leads when something last, or first, happened with them. */
export async function followActivities(trx: Tx, merge: Merge): Promise<void> {
  const { engine, importId, number, part, range, company, now } = merge
  const staged = stagedRows(engine, importId, number, part.columns, range)
  if (part.columns.includes('deal'))
    await sql`
      with ${staged}
      update opportunities as t set last_activity_at =
        (select max(a.happened_at) from activities a
         where a.company_id = t.company_id and a.deal = t.id and a.happened_at <= ${now})
      where t.company_id = ${company} and t.id in (select deal from r)`.execute(trx)
  if (part.columns.includes('lead'))
    await sql`
      with ${staged}
      update leads as t set first_touch_at =
        (select min(a.happened_at) from activities a
         where a.company_id = t.company_id and a.lead = t.id and a.happened_at <= ${now})
      where t.company_id = ${company} and t.first_touch_at is null and t.id in (select lead from r)`.execute(
      trx,
    )
}

/** Marks the accounts of this chunk to be scored anew: the next sweep does it, so that no chunk holds the lock for it. */
export async function followSignals(trx: Tx, merge: Merge): Promise<void> {
  const { engine, importId, number, part, range, company, now } = merge
  const at = engine === 'sqlite' ? sql`${now}` : sql`${now}::bigint`
  await sql`
    with ${stagedRows(engine, importId, number, part.columns, range)}
    insert into health_to_compute (company_id, account, since, marks)
    select ${company}, account, ${at}, 1 from r where true group by account
    on conflict (company_id, account) do update set marks = health_to_compute.marks + 1`.execute(trx)
}
