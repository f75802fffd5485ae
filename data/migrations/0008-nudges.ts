import type { Migration } from './index.ts'

/** Nudges, what was told together, and what people want to hear. */
export const nudges: Migration = {
  name: '0008-nudges',
  statements: (_engine, is) => [
    `create table nudges (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      kind ${is.text} not null,
      subject_noun ${is.text} not null,
      subject_id ${is.text} not null,
      cycle ${is.text} not null,
      owner ${is.text} not null,
      status ${is.text} not null,
      live ${is.small} not null check (live in (0, 1)),
      how ${is.text},
      ignored ${is.small} not null check (ignored in (0, 1)),
      weight ${is.int} not null,
      raised_at ${is.int} not null,
      due_at ${is.int},
      version ${is.int} not null,
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    // The durable promise: one nudge of a kind for a subject and cycle, whoever finds it and however often.
    'create unique index nudges_once on nudges (company_id, kind, subject_noun, subject_id, cycle)',
    'create index nudges_live on nudges (company_id, kind, id) where live = 1',
    'create index nudges_of_subject on nudges (company_id, subject_noun, subject_id) where live = 1',
    'create index nudges_due on nudges (due_at, company_id) where due_at is not null',
    'create index nudges_raised on nudges (company_id, raised_at, kind, status, how, ignored)',

    `create table nudge_people (
      company_id ${is.text} not null,
      person_id ${is.text} not null,
      nudge_id ${is.text} not null,
      status ${is.text} not null,
      kind ${is.text} not null,
      own ${is.small} not null check (own in (0, 1)),
      weight ${is.int} not null,
      primary key (company_id, person_id, nudge_id)
    )${is.keyed}`,
    'create index nudge_people_list on nudge_people (company_id, person_id, status, weight)',
    'create index nudge_people_nudge on nudge_people (company_id, nudge_id)',

    `create table nudge_bundles (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      ear ${is.text} not null,
      at ${is.int} not null,
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    `create table nudge_bundle_items (
      company_id ${is.text} not null,
      nudge_id ${is.text} not null,
      bundle_id ${is.text} not null,
      primary key (company_id, nudge_id, bundle_id)
    )${is.keyed}`,

    `create table nudge_counts (
      company_id ${is.text} not null,
      ear ${is.text} not null,
      day ${is.text} not null,
      told ${is.int} not null,
      primary key (company_id, ear, day)
    )${is.keyed}`,
    `create table nudge_preferences (
      company_id ${is.text} not null references companies (id),
      person_id ${is.text} not null,
      body ${is.text} not null,
      primary key (company_id, person_id)
    )${is.keyed}`,
    `create index deliveries_unknown on deliveries (company_id, lane, created_at) where state = 'unknown'`,
  ],
}
