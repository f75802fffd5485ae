import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import type { Handoff, HandoffKind } from '../src/canon/handoff.ts'
import type { Of, Save } from '../src/ports.ts'
import { among, type Reader, type Tx, toJson } from './database.ts'
import type {} from './schema-record.ts'
import { on } from './statement.ts'

interface Body {
  body: string
}

const handoffOf = (row: Body) => JSON.parse(row.body) as Handoff

const isOpen = ({ status }: Handoff) => status === 'draft' || status === 'submitted' || status === 'returned'

/** What a kind hands over: the lead, the won deal, the account. */
const subjectOf = (handoff: Handoff): string => {
  const subject = { 'sdr-to-ae': handoff.lead, 'ae-to-cs': handoff.deal, 'cs-to-ae': handoff.account }[
    handoff.kind
  ]
  if (subject === undefined)
    throw new Error(`The handoff ${handoff.id} (${handoff.kind}) hands over nothing.`)
  return subject
}

export async function handoff(db: Reader, company: string, id: string): Promise<Handoff | undefined> {
  const { rows } = await on<Body>(db)`select body from handoffs where company_id = ${company} and id = ${id}`
  return rows[0] && handoffOf(rows[0])
}

/** Newest first. */
export async function handoffsOf(db: Reader, company: string, of: Of, limit: number): Promise<Handoff[]> {
  const read = on<Body>(db)
  const { rows } =
    of.deal !== undefined
      ? await read`select body from handoffs where company_id = ${company} and deal = ${of.deal}
          order by opened_at desc limit ${limit}`
      : of.account !== undefined
        ? await read`select body from handoffs where company_id = ${company} and account = ${of.account}
            order by opened_at desc limit ${limit}`
        : await read`select body from handoffs where company_id = ${company} and lead = ${of.lead}
            order by opened_at desc limit ${limit}`
  return rows.map(handoffOf)
}

/** See `Store.openHandoff`. */
export async function openHandoff(
  db: Reader,
  company: string,
  kind: HandoffKind,
  of: Of,
): Promise<Handoff | undefined> {
  const subject = of.deal ?? of.account ?? of.lead ?? null
  const { rows } = await on<Body>(db)`
    select body from handoffs where company_id = ${company} and kind = ${kind} and subject = ${subject} and open = 1`
  return rows[0] && handoffOf(rows[0])
}

/** What waits for a person, longest waiting first. */
export async function handoffsWaitingFor(
  db: Reader,
  company: string,
  person: string,
  limit: number,
): Promise<{ total: number; handoffs: Handoff[] }> {
  const { rows } = await on<Body>(db)`
    select h.body from handoff_waiting w join handoffs h on h.company_id = w.company_id and h.id = w.handoff_id
    where w.company_id = ${company} and w.person_id = ${person} order by w.since, w.handoff_id limit ${limit}`
  if (rows.length < limit) return { total: rows.length, handoffs: rows.map(handoffOf) }
  const { rows: counted } = await on<{ n: number }>(db)`
    select count(*) as n from handoff_waiting where company_id = ${company} and person_id = ${person}`
  return { total: Number(counted[0]?.n ?? 0), handoffs: rows.map(handoffOf) }
}

/** What a person hands over: open ones first, the newest first in each part. */
export async function handoffsSentBy(
  db: Reader,
  company: string,
  person: string,
  limit: number,
): Promise<{ total: number; handoffs: Handoff[] }> {
  const { rows } = await on<Body>(db)`
    select body from handoffs where company_id = ${company} and sender = ${person}
    order by open desc, opened_at desc limit ${limit}`
  if (rows.length < limit) return { total: rows.length, handoffs: rows.map(handoffOf) }
  const { rows: counted } = await on<{ n: number }>(db)`
    select count(*) as n from handoffs where company_id = ${company} and sender = ${person}`
  return { total: Number(counted[0]?.n ?? 0), handoffs: rows.map(handoffOf) }
}

/** Over all companies: what the sweep has to look at, the longest due first. */
export async function dueHandoffs(
  db: Reader,
  now: Instant,
  limit: number,
): Promise<{ company: string; id: string }[]> {
  const { rows } = await on<{ company: string; id: string }>(db)`
    select company_id as company, id from handoffs where due_at is not null and due_at <= ${now}
    order by due_at limit ${limit}`
  return rows
}

export async function openHandoffsWith(
  db: Reader,
  company: string,
  people: readonly string[],
): Promise<Handoff[]> {
  if (people.length === 0) return []
  const { rows } = await sql<Body>`
    select body from handoffs where company_id = ${company} and open = 1
      and (${among(db, sql.ref('sender'), people)} or ${among(db, sql.ref('receiver'), people)})
    order by opened_at`.execute(db)
  return rows.map(handoffOf)
}

/** Writes a handoff. False when it moved since it was read, or when another of its kind is under way for the same thing. */
export async function saveHandoff(
  trx: Tx,
  company: string,
  { next, expect, waiting, dueAt }: Extract<Save, { noun: 'handoff' }>,
): Promise<boolean> {
  const open = isOpen(next) ? 1 : 0
  const due = dueAt ?? null
  const body = toJson(next)
  const receiver = next.receiver ?? null
  if (expect === 'new') {
    const { numAffectedRows } = await on(trx)`
      insert into handoffs (company_id, id, kind, status, open, subject, lead, deal, account, sender, receiver, version,
                            opened_at, due_at, body)
      values (${company}, ${next.id}, ${next.kind}, ${next.status}, ${open}, ${subjectOf(next)}, ${next.lead ?? null},
              ${next.deal ?? null}, ${next.account ?? null}, ${next.sender}, ${receiver}, ${next.version},
              ${next.openedAt}, ${due}, ${body})
      on conflict do nothing`
    if (numAffectedRows !== 1n) return false
  } else {
    if (next.version <= expect)
      throw new Error(`Version ${next.version} of ${next.id} cannot follow ${expect}.`)
    const { numAffectedRows } = await on(trx)`
      update handoffs
      set status = ${next.status}, open = ${open}, deal = ${next.deal ?? null}, account = ${next.account ?? null},
          sender = ${next.sender}, receiver = ${receiver}, version = ${next.version}, due_at = ${due}, body = ${body}
      where company_id = ${company} and id = ${next.id} and version = ${expect}`
    if (numAffectedRows !== 1n) return false
    await on(trx)`delete from handoff_waiting where company_id = ${company} and handoff_id = ${next.id}`
  }
  for (const person of new Set(waiting))
    await on(trx)`
      insert into handoff_waiting (company_id, person_id, handoff_id, since)
      values (${company}, ${person}, ${next.id}, ${next.turnSince})`
  return true
}

/** Makes open handoffs due at once, so that the next sweep looks who left (B5.7). Of one person, or of everybody. */
export async function handoffsDueAtOnce(trx: Tx, company: string, person?: string): Promise<void> {
  await trx
    .updateTable('handoffs')
    .set({ due_at: 0 })
    .where('company_id', '=', company)
    .where('open', '=', sql.lit(1 as const))
    .$if(person !== undefined, (update) =>
      update.where((eb) => eb.or([eb('sender', '=', person!), eb('receiver', '=', person!)])),
    )
    .execute()
}
