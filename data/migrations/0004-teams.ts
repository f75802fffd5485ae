import type {} from '../schema-teams.ts'
import type { Migration } from './index.ts'

/**
 * What Microsoft Teams needs remembered: where its conversations are and under which verified address, what its
 * clients call a user, which dialogs are open; and, now that a person may be in two places, where they prefer
 * to be asked.
 */
export const teams: Migration = {
  name: '0004-teams',
  statements: (_engine, is) => [
    `create table conversation_references (
      tenant ${is.text} not null,
      conversation ${is.text} not null,
      company_id ${is.text} not null references companies (id),
      kind ${is.text} not null check (kind in ('personal', 'channel', 'group')),
      user_id ${is.text},
      bot ${is.text} not null,
      service_url ${is.text} not null,
      seen_at ${is.int} not null,
      primary key (tenant, conversation)
    )${is.keyed}`,
    `create unique index conversation_references_of_user on conversation_references (tenant, user_id)
      where user_id is not null`,
    'create index conversation_references_newest on conversation_references (tenant, seen_at)',

    // A card's refresh.userIds are these ids; a user's own (Entra) id is what everything else here goes by.
    `create table teams_users (
      tenant ${is.text} not null,
      user_id ${is.text} not null,
      company_id ${is.text} not null references companies (id),
      chat_user ${is.text} not null,
      seen_at ${is.int} not null,
      primary key (tenant, user_id)
    )${is.keyed}`,

    `create table dialogs (
      company_id ${is.text} not null references companies (id),
      drawing ${is.text} not null,
      view ${is.text} not null,
      at ${is.int} not null,
      primary key (company_id, drawing)
    )${is.keyed}`,
    'create index dialogs_by_age on dialogs (at)',

    `alter table people add column prefers ${is.text}`,
  ],
}
