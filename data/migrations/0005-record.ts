import { sql } from 'kysely'
import type { Tx } from '../database.ts'
import type {} from '../schema-record.ts'
import { searchText } from '../search.ts'
import type { Migration } from './index.ts'

/** The record behind a deal: contacts, activities, leads, stage history and handoffs; evidence and gate debt on deals. */
export const record: Migration = {
  name: '0005-record',
  statements: (_engine, is) => [
    // JSON of `Opportunity.evidence` and `gateDebt`; `debt_until` is the earliest day by which something is owed.
    `alter table opportunities add column evidence ${is.text}`,
    `alter table opportunities add column gate_debt ${is.text}`,
    `alter table opportunities add column debt_until ${is.text}`,
    `alter table opportunities add column won ${is.text}`,
    `alter table opportunities add column opened_by ${is.text}`,
    `create index opportunities_owing on opportunities (company_id, debt_until)
      where closed = 0 and debt_until is not null`,

    `alter table accounts add column search ${is.text} not null default ''`,
    `alter table accounts add column version ${is.int} not null default 1`,
    'create index accounts_search on accounts (company_id, search, id, ae, csm)',
    'create index accounts_of_ae on accounts (company_id, ae) where ae is not null',
    'create index accounts_of_csm on accounts (company_id, csm) where csm is not null',

    `create table contacts (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      account ${is.text} not null,
      name ${is.text} not null,
      email ${is.text},
      role ${is.text},
      engagement ${is.text},
      department ${is.text},
      updated_on ${is.text},
      left_on ${is.text},
      version ${is.int} not null,
      primary key (company_id, id)
    )${is.strict}`,
    'create index contacts_of_account on contacts (company_id, account, name)',

    `create table activities (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      deal ${is.text},
      account ${is.text},
      lead ${is.text},
      person ${is.text},
      kind ${is.text} not null,
      happened_at ${is.int} not null,
      logged_at ${is.int} not null,
      contact ${is.text},
      note ${is.text},
      primary key (company_id, id)
    )${is.strict}`,
    'create index activities_of_deal on activities (company_id, deal, happened_at) where deal is not null',
    'create index activities_of_account on activities (company_id, account, happened_at) where account is not null',
    'create index activities_of_lead on activities (company_id, lead, happened_at) where lead is not null',
    'create index activities_of_contact on activities (company_id, contact, happened_at) where contact is not null',
    'create index activities_of_person on activities (company_id, person, happened_at) where person is not null',

    `create table leads (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      name ${is.text} not null,
      company ${is.text},
      account ${is.text},
      email ${is.text},
      source ${is.text},
      arrived_at ${is.int},
      owner ${is.text},
      first_touch_at ${is.int},
      score ${is.small},
      status ${is.text} not null,
      live ${is.small} not null check (live in (0, 1)),
      deal ${is.text},
      search ${is.text} not null,
      updated_at ${is.int} not null,
      version ${is.int} not null,
      primary key (company_id, id)
    )${is.strict}`,
    'create index leads_search on leads (company_id, live, search, id, owner)',
    'create index leads_of_owner on leads (company_id, owner, live, updated_at)',
    'create index leads_untouched on leads (company_id, arrived_at) where live = 1 and first_touch_at is null',

    `create table stage_history (
      company_id ${is.text} not null references companies (id),
      deal ${is.text} not null,
      seq ${is.int} not null,
      from_stage ${is.text},
      to_stage ${is.text} not null,
      at ${is.int} not null,
      by ${is.text} not null,
      door ${is.text} not null,
      reason ${is.text},
      overridden ${is.text},
      as_is ${is.small} not null check (as_is in (0, 1)),
      primary key (company_id, deal, seq)
    )${is.keyed}`,
    'create index stage_history_at on stage_history (company_id, at)',

    `create table handoffs (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      kind ${is.text} not null,
      status ${is.text} not null,
      open ${is.small} not null check (open in (0, 1)),
      subject ${is.text} not null,
      lead ${is.text},
      deal ${is.text},
      account ${is.text},
      sender ${is.text} not null,
      receiver ${is.text},
      version ${is.int} not null,
      opened_at ${is.int} not null,
      due_at ${is.int},
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    // Whoever races whom, one handoff of a kind is under way for a thing.
    'create unique index handoffs_under_way on handoffs (company_id, kind, subject) where open = 1',
    'create index handoffs_of_deal on handoffs (company_id, deal, opened_at) where deal is not null',
    'create index handoffs_of_account on handoffs (company_id, account, opened_at) where account is not null',
    'create index handoffs_of_lead on handoffs (company_id, lead, opened_at) where lead is not null',
    'create index handoffs_of_sender on handoffs (company_id, sender, open, opened_at)',
    'create index handoffs_of_receiver on handoffs (company_id, receiver) where open = 1',
    'create index handoffs_due on handoffs (due_at) where due_at is not null',

    `create table handoff_waiting (
      company_id ${is.text} not null,
      person_id ${is.text} not null,
      handoff_id ${is.text} not null,
      since ${is.int} not null,
      primary key (company_id, person_id, handoff_id),
      foreign key (company_id, handoff_id) references handoffs (company_id, id)
    )${is.keyed}`,
    'create index handoff_waiting_of_handoff on handoff_waiting (company_id, handoff_id)',
  ],
  run: fillAccountSearch,
}

/** What the search looks through is made by our own rules, not by SQL. */
async function fillAccountSearch(trx: Tx): Promise<void> {
  const { rows } = await sql<{ company_id: string; id: string; name: string }>`
    select company_id, id, name from accounts`.execute(trx)
  for (const row of rows)
    await sql`update accounts set search = ${searchText(row)}
      where company_id = ${row.company_id} and id = ${row.id}`.execute(trx)
}
