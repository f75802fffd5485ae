import type { Migration } from './index.ts'

/** Digests as they were told, snapshots of the pipeline, moved close dates, and the indexes they are added up from. */
export const reports: Migration = {
  name: '0012-reports',
  statements: (engine, is) => [
    // Everything a digest adds up is in this one index; it holds what `opportunities_open` held and takes its place.
    'drop index opportunities_open',
    `create index opportunities_pipeline on opportunities
      (company_id, owner, stage, currency, tier, channel, amount, expected_close_on, stage_entered_on, product, id)
      where closed = 0`,
    'create index opportunities_created on opportunities (company_id, created_on)',
    'create index opportunities_closed on opportunities (company_id, closed_on) where closed = 1',
    `create index discount_requests_given on discount_requests (company_id, settled_at)
      where status = 'approved'`,

    `create table close_moves (
      company_id ${is.text} not null,
      deal ${is.text} not null,
      seq ${is.int} not null,
      from_on ${is.text},
      to_on ${is.text},
      at ${is.int} not null,
      primary key (company_id, deal, seq)
    )${is.keyed}`,
    'create index close_moves_at on close_moves (company_id, at)',
    // Noted by the database itself: whatever door a date is moved through, the digest knows of it.
    ...closeMoved[engine],

    `create table pipeline_snapshots (
      company_id ${is.text} not null,
      team ${is.text} not null,
      taken_on ${is.text} not null,
      facet ${is.text} not null,
      value ${is.text} not null,
      stage ${is.text} not null,
      currency ${is.text} not null,
      deals ${is.int} not null,
      amount ${is.int} not null,
      primary key (company_id, team, taken_on, facet, value, stage, currency)
    )${is.keyed}`,

    `create table forecast_snapshots (
      company_id ${is.text} not null,
      quarter ${is.text} not null,
      team ${is.text} not null,
      currency ${is.text} not null,
      taken_at ${is.int} not null,
      weighted ${is.int} not null,
      committed ${is.int} not null,
      best ${is.int} not null,
      pipeline ${is.int} not null,
      won ${is.int} not null,
      target ${is.int},
      primary key (company_id, quarter, team, currency)
    )${is.keyed}`,

    `create table reports (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      kind ${is.text} not null,
      of_noun ${is.text} not null,
      of_id ${is.text} not null,
      slot ${is.text} not null,
      at ${is.int} not null,
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    'create index reports_of_slot on reports (company_id, kind, slot, id)',
    'create index reports_at on reports (at)',
  ],
}

/** `updated_at` is business time on every door, so that a move is dated by the clock that schedules keep. */
const closeMoved = {
  sqlite: [
    `create trigger opportunities_close_moved after update of expected_close_on on opportunities
      when old.expected_close_on is not new.expected_close_on
      begin
        insert into close_moves (company_id, deal, seq, from_on, to_on, at)
        values (new.company_id, new.id,
          coalesce((select max(seq) from close_moves where company_id = new.company_id and deal = new.id), 0) + 1,
          old.expected_close_on, new.expected_close_on, new.updated_at);
      end`,
  ],
  postgres: [
    `create function note_close_moved() returns trigger language plpgsql as $$
      begin
        insert into close_moves (company_id, deal, seq, from_on, to_on, at)
        values (new.company_id, new.id,
          coalesce((select max(seq) from close_moves where company_id = new.company_id and deal = new.id), 0) + 1,
          old.expected_close_on, new.expected_close_on, new.updated_at);
        return null;
      end $$`,
    `create trigger opportunities_close_moved after update of expected_close_on on opportunities
      for each row when (old.expected_close_on is distinct from new.expected_close_on)
      execute function note_close_moved()`,
  ],
} as const
