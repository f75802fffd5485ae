import type { Activity, ActivityKind } from '../src/canon/activity.ts'
import type { Of, Save } from '../src/ports.ts'
import { clean, type Reader, type Tx } from './database.ts'
import type {} from './schema-record.ts'
import { on } from './statement.ts'

interface Row {
  id: string
  deal: string | null
  account: string | null
  lead: string | null
  person: string | null
  kind: string
  happened_at: number
  logged_at: number
  contact: string | null
  note: string | null
}

const activityOf = (row: Row): Activity => ({
  id: row.id,
  ...(row.deal === null ? {} : { deal: row.deal }),
  ...(row.account === null ? {} : { account: row.account }),
  ...(row.lead === null ? {} : { lead: row.lead }),
  ...(row.person === null ? {} : { person: row.person }),
  kind: row.kind as ActivityKind,
  happenedAt: row.happened_at,
  loggedAt: row.logged_at,
  ...(row.contact === null ? {} : { contact: row.contact }),
  ...(row.note === null ? {} : { note: row.note }),
})

/** See `Store.activitiesOf`. */
export async function activitiesOf(db: Reader, company: string, of: Of, limit: number): Promise<Activity[]> {
  const read = on<Row>(db)
  const { rows } =
    of.deal !== undefined
      ? await read`select id, deal, account, lead, person, kind, happened_at, logged_at, contact, note from activities
          where company_id = ${company} and deal = ${of.deal} order by happened_at desc limit ${limit}`
      : of.account !== undefined
        ? await read`select id, deal, account, lead, person, kind, happened_at, logged_at, contact, note from activities
            where company_id = ${company} and account = ${of.account} order by happened_at desc limit ${limit}`
        : await read`select id, deal, account, lead, person, kind, happened_at, logged_at, contact, note from activities
            where company_id = ${company} and lead = ${of.lead} order by happened_at desc limit ${limit}`
  return rows.map(activityOf)
}

/** Adds an activity, and to its deal and lead when something last happened. False when it is there already. */
export async function saveActivity(
  trx: Tx,
  company: string,
  { next }: Extract<Save, { noun: 'activity' }>,
  now: number,
): Promise<boolean> {
  const note = next.note === undefined ? null : clean(next.note)
  const { numAffectedRows } = await on(trx)`
    insert into activities (company_id, id, deal, account, lead, person, kind, happened_at, logged_at, contact, note)
    select ${company}, ${next.id}, ${next.deal ?? null},
           coalesce(${next.account ?? null},
                    (select account from opportunities where company_id = ${company} and id = ${next.deal ?? null})),
           ${next.lead ?? null}, ${next.person ?? null}, ${next.kind}, ${next.happenedAt}, ${next.loggedAt},
           ${next.contact ?? null}, ${note}
    where true
    on conflict do nothing`
  if (numAffectedRows !== 1n) return false
  if (next.happenedAt > now) return true
  if (next.deal !== undefined)
    await on(trx)`
      update opportunities set last_activity_at = ${next.happenedAt} where company_id = ${company} and id = ${next.deal}
        and (last_activity_at is null or last_activity_at < ${next.happenedAt})`
  // The first thing that somebody did with a lead is its first touch (Canon, Handoffs: inbound leads).
  if (next.lead !== undefined)
    await on(trx)`
      update leads set first_touch_at = ${next.happenedAt} where company_id = ${company} and id = ${next.lead}
        and (first_touch_at is null or first_touch_at > ${next.happenedAt})`
  return true
}
