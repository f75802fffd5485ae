import { type RawBuilder, sql } from 'kysely'
import type { Slice } from '../src/canon/metric.ts'

/** The channel that a customer was won through: the one of their first contract. */
export const firstChannel = (
  company: RawBuilder<unknown>,
  account: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`(select w.channel from opportunities w where w.company_id = ${company} and w.account = ${account}
    and w.stage = 'CW' and w.closed_on is not null order by w.closed_on, w.id limit 1)`

/** What accounts (`a`) are grouped by; a rep is the CSM. A product is nobody's: an account is kept whole. */
export function accountKey(by: Slice['by']): RawBuilder<unknown> | undefined {
  switch (by) {
    case 'tier':
      return sql`a.tier`
    case 'industry':
      return sql`a.industry`
    case 'rep':
      return sql`a.csm`
    case 'channel':
      return firstChannel(sql`a.company_id`, sql`a.id`)
    default:
      return undefined
  }
}
