import type { Migration } from './index.ts'

/** Companies, people, deals, requests, audit: every row has its company from the first migration on (B5.84). */
export const foundation: Migration = {
  name: '0001-foundation',
  statements: (engine, is) => [
    `create table settings (
      key ${is.text} primary key,
      value ${is.text} not null
    )${is.keyed}`,

    `create table server_locks (
      name ${is.text} primary key,
      token ${is.text} not null,
      pid ${is.int} not null,
      host ${is.text} not null,
      started_at ${is.int} not null,
      beat_at ${is.int} not null
    )${is.keyed}`,

    `create table companies (
      id ${is.text} primary key,
      name ${is.text} not null,
      locale ${is.text} not null,
      currency ${is.text} not null,
      fiscal_year_start ${is.small} not null check (fiscal_year_start between 1 and 12),
      working ${is.text} not null,
      org_stamp ${is.int} not null,
      created_at ${is.int} not null
    )${is.keyed}`,

    `create table tenants (
      platform ${is.text} not null,
      tenant ${is.text} not null,
      enterprise ${is.text},
      company_id ${is.text} not null references companies (id),
      bound_at ${is.int} not null,
      bound_by ${is.text} not null,
      primary key (platform, tenant)
    )${is.keyed}`,
    'create index tenants_of_company on tenants (company_id)',

    `create table people (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      name ${is.text} not null,
      email ${is.text},
      roles ${is.text} not null,
      manager ${is.text},
      team ${is.text},
      locale ${is.text},
      time_zone ${is.text},
      active ${is.small} not null check (active in (0, 1)),
      admin ${is.small} not null check (admin in (0, 1)),
      delegate ${is.text},
      away_from ${is.text},
      away_until ${is.text},
      updated_at ${is.int} not null,
      primary key (company_id, id)
    )${is.keyed}`,

    // One user of one tenant is one person, and a person is one user there (B5.85).
    `create table identities (
      platform ${is.text} not null,
      tenant ${is.text} not null,
      user_id ${is.text} not null,
      company_id ${is.text} not null,
      person_id ${is.text} not null,
      linked_at ${is.int} not null,
      primary key (platform, tenant, user_id),
      foreign key (company_id, person_id) references people (company_id, id)
    )${is.keyed}`,
    'create unique index identities_of_person on identities (company_id, person_id, platform, tenant)',

    `create table teams (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      name ${is.text} not null,
      manager ${is.text},
      locale ${is.text},
      time_zone ${is.text},
      slack_channel ${is.text},
      teams_channel ${is.text},
      quarterly_target ${is.int},
      currency ${is.text},
      updated_at ${is.int} not null,
      primary key (company_id, id)
    )${is.keyed}`,

    `create table accounts (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      name ${is.text} not null,
      tier ${is.text},
      industry ${is.text},
      region ${is.text},
      csm ${is.text},
      ae ${is.text},
      executive_sponsor ${is.text},
      arr ${is.int},
      currency ${is.text},
      renewal_on ${is.text},
      updated_at ${is.int} not null,
      primary key (company_id, id)
    )${is.strict}`,

    `create table opportunities (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      name ${is.text} not null,
      account ${is.text},
      account_name ${is.text},
      account_csm ${is.text},
      tier ${is.text},
      owner ${is.text},
      amount ${is.int},
      list_amount ${is.int},
      currency ${is.text},
      stage ${is.text} not null,
      closed ${is.small} not null check (closed in (0, 1)),
      stage_entered_on ${is.text},
      created_on ${is.text},
      expected_close_on ${is.text},
      closed_on ${is.text},
      channel ${is.text},
      product ${is.text},
      metrics ${is.text},
      economic_buyer ${is.text},
      decision_criteria ${is.text},
      decision_process ${is.text},
      identify_pain ${is.text},
      champion ${is.text},
      competition ${is.text},
      loss_reason ${is.text},
      loss_reason_detail ${is.text},
      competitor ${is.text},
      approved_discount ${is.int},
      price ${is.int},
      discount_flagged ${is.small} not null check (discount_flagged in (0, 1)),
      last_activity_at ${is.int},
      search ${is.text} not null,
      updated_at ${is.int} not null,
      version ${is.int} not null,
      primary key (company_id, id)
    )${is.strict}`,
    // The search walks this index alone: the rows themselves are many times as wide.
    'create index opportunities_search on opportunities (company_id, closed, search, id, stage, owner, account_csm)',
    'create index opportunities_recent on opportunities (company_id, updated_at) where closed = 0',
    'create index opportunities_of_owner on opportunities (company_id, owner, closed, updated_at)',
    `create index opportunities_of_csm on opportunities (company_id, account_csm, closed, updated_at)
      where account_csm is not null`,
    'create index opportunities_of_account on opportunities (company_id, account) where account is not null',
    // Everything the forecast and the discount statistics add up is in their indexes.
    `create index opportunities_open on opportunities (company_id, owner, stage, currency, amount)
      where closed = 0`,
    `create index opportunities_won on opportunities
      (company_id, closed_on, currency, owner, product, tier, list_amount, price, amount, id)
      where stage = 'CW'`,

    `create table policies (
      company_id ${is.text} not null references companies (id),
      version ${is.int} not null,
      body ${is.text} not null,
      set_at ${is.int} not null,
      set_by ${is.text} not null,
      primary key (company_id, version)
    )${is.strict}`,

    `create table discount_requests (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      deal ${is.text} not null,
      requester ${is.text} not null,
      status ${is.text} not null,
      open ${is.small} not null check (open in (0, 1)),
      discount ${is.int} not null,
      version ${is.int} not null,
      opened_at ${is.int} not null,
      settled_at ${is.int},
      due_at ${is.int},
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    // A second open request for a deal cannot exist, whoever races whom (Canon, what it is).
    'create unique index discount_requests_open on discount_requests (company_id, deal) where open = 1',
    'create index discount_requests_of_deal on discount_requests (company_id, deal, opened_at)',
    'create index discount_requests_asked on discount_requests (company_id, requester, open, opened_at)',
    'create index discount_requests_due on discount_requests (due_at) where due_at is not null',

    `create table discount_waiting (
      company_id ${is.text} not null,
      person_id ${is.text} not null,
      request_id ${is.text} not null,
      waits ${is.small} not null check (waits in (0, 1)),
      step ${is.small} not null check (step in (0, 1)),
      opened_at ${is.int} not null,
      primary key (company_id, person_id, request_id),
      foreign key (company_id, request_id) references discount_requests (company_id, id)
    )${is.keyed}`,
    'create index discount_waiting_of_request on discount_waiting (company_id, request_id)',

    `create table drawings (
      company_id ${is.text} not null,
      id ${is.text} not null,
      noun ${is.text} not null,
      subject ${is.text} not null,
      version ${is.int} not null,
      step ${is.int},
      viewer ${is.text},
      shown ${is.text} not null,
      at ${is.int} not null,
      primary key (company_id, id)
    )${is.keyed}`,
    'create index drawings_by_age on drawings (at)',

    `create table once_keys (
      company_id ${is.text} not null,
      key ${is.text} not null,
      fingerprint ${is.text} not null,
      reply ${is.text} not null,
      at ${is.int} not null,
      primary key (company_id, key)
    )${is.keyed}`,
    'create index once_keys_by_age on once_keys (at)',

    `create table audit (
      company_id ${is.text} not null,
      seq ${is.int} not null,
      at ${is.int} not null,
      what ${is.text} not null,
      by ${is.text} not null,
      on_behalf_of ${is.text},
      platform ${is.text} not null,
      noun ${is.text} not null,
      subject ${is.text} not null,
      policy_version ${is.int},
      saw ${is.text},
      detail ${is.text},
      key_id ${is.text} not null,
      seal ${is.text} not null,
      primary key (company_id, seq)
    )${is.strict}`,
    'create index audit_of_subject on audit (company_id, noun, subject, seq)',
    `create table audit_heads (
      company_id ${is.text} primary key,
      seq ${is.int} not null,
      seal ${is.text} not null
    )${is.keyed}`,
    ...appendOnly[engine],

    `create table installations (
      platform ${is.text} not null,
      tenant ${is.text} not null,
      enterprise ${is.text},
      company_id ${is.text} not null references companies (id),
      sealed ${is.text} not null,
      version ${is.int} not null,
      installed_at ${is.int} not null,
      updated_at ${is.int} not null,
      primary key (platform, tenant)
    )${is.strict}`,
    'create index installations_of_company on installations (company_id)',

    `create table api_tokens (
      id ${is.text} primary key,
      company_id ${is.text} not null references companies (id),
      hash ${is.text} not null unique,
      label ${is.text} not null,
      scopes ${is.text} not null,
      created_at ${is.int} not null,
      created_by ${is.text} not null,
      revoked_at ${is.int}
    )${is.keyed}`,
    'create index api_tokens_of_company on api_tokens (company_id)',

    `create table slots (
      company_id ${is.text} not null,
      name ${is.text} not null,
      last ${is.text} not null,
      claimed_at ${is.int} not null,
      primary key (company_id, name)
    )${is.keyed}`,
  ],
}

/** What is written in the audit stays: edits and deletions are refused by the database itself (B5.91). */
const appendOnly = {
  sqlite: [
    `create trigger audit_no_update before update on audit
      begin select raise(abort, 'the audit is append-only'); end`,
    `create trigger audit_no_delete before delete on audit
      begin select raise(abort, 'the audit is append-only'); end`,
  ],
  postgres: [
    `create function audit_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the audit is append-only'; end $$`,
    `create trigger audit_no_change before update or delete on audit
      for each row execute function audit_append_only()`,
    `create trigger audit_no_truncate before truncate on audit
      for each statement execute function audit_append_only()`,
  ],
} as const
