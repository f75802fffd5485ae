import { sql } from 'kysely'
import { jobNames } from '../jobs.ts'
import type {} from '../schema-outbox.ts'
import type { Migration } from './index.ts'

/** The outbox: deliveries, lanes, the messages we own, pauses; and the job table that only SQLite needs. */
export const outbox: Migration = {
  name: '0002-outbox',
  statements: (engine, is) => {
    const serial =
      engine === 'sqlite'
        ? 'integer primary key autoincrement'
        : 'bigint generated always as identity primary key'
    const statements = [
      `create table deliveries (
        id ${serial},
        company_id ${is.text} not null,
        lane ${is.text} not null,
        kind ${is.text} not null check (kind in ('ask', 'tell', 'refresh', 'nudge')),
        card ${is.text} not null,
        subject_noun ${is.text} not null,
        subject_id ${is.text} not null,
        line ${is.text},
        once_key ${is.text},
        coalesce_key ${is.text},
        state ${is.text} not null check (state in ('pending', 'sent', 'paused', 'dead', 'unknown', 'dropped')),
        after_at ${is.int} not null,
        attempts ${is.int} not null default 0,
        first_tried_at ${is.int},
        sending_since ${is.int},
        sending_to ${is.text},
        what ${is.text},
        why ${is.text},
        held_by ${is.text},
        cause ${is.int},
        depth ${is.int} not null default 0,
        created_at ${is.int} not null,
        settled_at ${is.int}
      )${is.strict}`,
      'create unique index deliveries_once on deliveries (company_id, once_key) where once_key is not null',
      'create unique index deliveries_coalesce on deliveries (company_id, lane, coalesce_key) where coalesce_key is not null',
      "create index deliveries_pending on deliveries (company_id, lane, id) where state = 'pending'",
      "create index deliveries_due on deliveries (after_at) where state = 'pending'",
      "create index deliveries_subject on deliveries (company_id, subject_noun, subject_id) where state = 'pending'",
      "create index deliveries_attention on deliveries (company_id, id) where state in ('dead', 'unknown', 'paused')",
      `create table lanes (
        company_id ${is.text} not null,
        lane ${is.text} not null,
        next_at ${is.int} not null default 0,
        lease_id ${is.text},
        lease_until ${is.int} not null default 0,
        job_at ${is.int} not null default 0,
        gone_since ${is.int},
        primary key (company_id, lane)
      )${is.strict}`,
      `create table placed_cards (
        company_id ${is.text} not null,
        subject_noun ${is.text} not null,
        subject_id ${is.text} not null,
        card ${is.text} not null,
        lane ${is.text} not null,
        platform ${is.text} not null,
        tenant ${is.text} not null,
        channel ${is.text} not null,
        message ${is.text} not null,
        digest ${is.text} not null,
        state ${is.text} not null check (state in ('live', 'gone')),
        stale ${is.int} not null default 0,
        reposts ${is.int} not null default 0,
        posted_at ${is.int} not null,
        updated_at ${is.int} not null,
        primary key (company_id, subject_noun, subject_id, card, lane, platform)
      )${is.strict}`,
      'create index placed_cards_message on placed_cards (company_id, platform, tenant, channel, message)',
      `create table workspace_pauses (
        company_id ${is.text} not null,
        platform ${is.text} not null,
        tenant ${is.text} not null,
        what ${is.text} not null check (what in ('rate', 'gone')),
        until_at ${is.int} not null,
        why ${is.text} not null,
        primary key (company_id, platform, tenant)
      )${is.strict}`,
    ]
    if (engine === 'sqlite')
      statements.push(
        `create table jobs (
          id integer primary key autoincrement,
          name ${is.text} not null,
          key ${is.text},
          data ${is.text} not null,
          state ${is.text} not null check (state in ('ready', 'retry', 'active', 'dead')),
          due_at integer not null,
          attempts integer not null default 0,
          lease_id ${is.text},
          lease_until integer not null default 0,
          last_error ${is.text},
          created_at integer not null
        ) strict`,
        "create unique index jobs_key on jobs (name, key) where state = 'ready' and key is not null",
        "create index jobs_due on jobs (name, due_at) where state in ('ready', 'retry')",
        "create index jobs_leases on jobs (name, lease_until) where state = 'active'",
      )
    return statements
  },
  // pg-boss makes its queues here, under the migration's lock, and nowhere else: replicas that make them while
  // they start lock each other out (pg-boss 10.x).
  run: async (trx, engine) => {
    if (engine === 'sqlite') return
    const { default: PgBoss } = await import('pg-boss')
    // Its script brings a transaction of its own, which would end ours in the middle.
    const script = PgBoss.getConstructionPlans()
      .replace(/^\s*BEGIN;/, '')
      .replace(/COMMIT;\s*$/, '')
    await sql.raw(script).execute(trx)
    for (const name of jobNames) {
      const options = JSON.stringify({ policy: 'standard', retryBackoff: true, retryDelay: 1 })
      await sql`select pgboss.create_queue(${name}, ${options}::json)`.execute(trx)
    }
  },
}
