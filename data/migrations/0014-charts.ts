import type {} from '../schema-published.ts'
import type { Migration } from './index.ts'

/**
 * What may be fetched by a signed address for a while: the charts and files of a company. Its secret is its own, so
 * that no address of one company opens anything of another's.
 */
export const charts: Migration = {
  name: '0014-charts',
  statements: (_engine, is) => [
    `create table published (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      kind ${is.text} not null check (kind in ('chart', 'file')),
      name ${is.text} not null,
      content ${is.text} not null,
      until ${is.int} not null,
      primary key (company_id, id)
    )${is.strict}`,
    'create index published_by_end on published (company_id, kind, until)',
    'create index published_over on published (until)',
    `create table link_secrets (
      company_id ${is.text} not null primary key references companies (id),
      secret ${is.text} not null
    )${is.keyed}`,
  ],
}
