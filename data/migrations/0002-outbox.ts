import { type Kysely, sql } from 'kysely'
import { engineOf } from '../engine.ts'

/** The outbox: deliveries, lanes, the messages we own, pauses; and the job table that only SQLite needs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = engineOf(db) === 'sqlite'
  const int = sqlite ? 'integer' : 'bigint'
  const serial = sqlite
    ? 'integer primary key autoincrement'
    : 'bigint generated always as identity primary key'
  const end = sqlite ? ' strict' : ''
  const statements = [
    `create table deliveries (
      id ${serial},
      company_id text not null,
      lane text not null,
      kind text not null check (kind in ('ask', 'tell', 'refresh', 'nudge')),
      card text not null,
      subject_noun text not null,
      subject_id text not null,
      line text,
      once_key text,
      coalesce_key text,
      state text not null check (state in ('pending', 'sent', 'paused', 'dead', 'unknown', 'dropped')),
      after_at ${int} not null,
      attempts ${int} not null default 0,
      first_tried_at ${int},
      sending_since ${int},
      sending_to text,
      what text,
      why text,
      held_by text,
      cause ${int},
      depth ${int} not null default 0,
      created_at ${int} not null,
      settled_at ${int}
    )${end}`,
    'create unique index deliveries_once on deliveries (company_id, once_key) where once_key is not null',
    'create unique index deliveries_coalesce on deliveries (company_id, lane, coalesce_key) where coalesce_key is not null',
    "create index deliveries_pending on deliveries (company_id, lane, id) where state = 'pending'",
    "create index deliveries_due on deliveries (after_at) where state = 'pending'",
    "create index deliveries_attention on deliveries (company_id, id) where state in ('dead', 'unknown', 'paused')",
    `create table lanes (
      company_id text not null,
      lane text not null,
      next_at ${int} not null default 0,
      lease_id text,
      lease_until ${int} not null default 0,
      job_at ${int} not null default 0,
      gone_since ${int},
      primary key (company_id, lane)
    )${end}`,
    `create table placed_cards (
      company_id text not null,
      subject_noun text not null,
      subject_id text not null,
      card text not null,
      lane text not null,
      platform text not null,
      tenant text not null,
      channel text not null,
      message text not null,
      digest text not null,
      state text not null check (state in ('live', 'gone')),
      stale ${int} not null default 0,
      reposts ${int} not null default 0,
      posted_at ${int} not null,
      updated_at ${int} not null,
      primary key (company_id, subject_noun, subject_id, card, lane, platform)
    )${end}`,
    'create index placed_cards_message on placed_cards (company_id, platform, tenant, channel, message)',
    `create table workspace_pauses (
      company_id text not null,
      platform text not null,
      tenant text not null,
      what text not null check (what in ('rate', 'gone')),
      until_at ${int} not null,
      why text not null,
      primary key (company_id, platform, tenant)
    )${end}`,
  ]
  if (sqlite)
    statements.push(
      `create table jobs (
        id integer primary key autoincrement,
        name text not null,
        key text,
        data text not null,
        state text not null check (state in ('ready', 'retry', 'active', 'dead')),
        due_at integer not null,
        attempts integer not null default 0,
        lease_id text,
        lease_until integer not null default 0,
        last_error text,
        created_at integer not null
      ) strict`,
      "create unique index jobs_key on jobs (name, key) where state = 'ready' and key is not null",
      "create index jobs_due on jobs (name, due_at) where state in ('ready', 'retry')",
      "create index jobs_leases on jobs (name, lease_until) where state = 'active'",
    )
  for (const statement of statements) await sql.raw(statement).execute(db)
}
