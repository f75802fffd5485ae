import { type RawBuilder, sql } from 'kysely'
import type { Dimension, Slice } from '../src/canon/metric.ts'
import { channels } from '../src/canon/opportunity.ts'
import type { Reader } from './database.ts'
import { engineOf } from './engine.ts'
import { firstChannel } from './number-account.ts'
import { dealKeys } from './number-deals.ts'
import { using } from './opportunity.ts'
import type {} from './schema-nudge.ts'
import type {} from './schema-record.ts'

/** How a source knows each dimension: the expression it is grouped by, and the joins that the expression needs. */
export interface Known {
  readonly key: RawBuilder<unknown>
  readonly join?: RawBuilder<unknown>
}
type KnownBy = Readonly<Record<Exclude<Dimension, 'team'>, Known>>

const nothingKnown: Known = { key: sql`null` }

export const knownBy = (by: Slice['by'], known: KnownBy): Required<Known> => ({
  join: sql``,
  ...(by === undefined || by === 'team' ? nothingKnown : known[by]),
})

export const dealJoin = (deal: RawBuilder<unknown>, of: RawBuilder<unknown>) =>
  sql`left join opportunities o on o.company_id = ${of} and o.id = ${deal}`
const accountJoin = (db: Reader, account: RawBuilder<unknown>, of: RawBuilder<unknown>) =>
  sql`left join accounts a ${using(db, 'accounts_counted')} on a.company_id = ${of} and a.id = ${account}`

/** As `leadChannel` reads a lead's source: who does not say where it came from, it came to them. */
function sourceChannel(db: Reader, source: RawBuilder<unknown>): RawBuilder<unknown> {
  const holds = (channel: string) =>
    engineOf(db) === 'sqlite'
      ? sql`instr(lower(${source}), ${sql.lit(channel)}) > 0`
      : sql`strpos(lower(${source}), ${sql.lit(channel)}) > 0`
  return sql`case ${sql.join(
    channels.map((channel) => sql`when ${holds(channel)} then ${sql.lit(channel)}`),
    sql` `,
  )} else 'inbound' end`
}

/** What an activity is about: an account, a deal, or a lead, which may have become a deal of an account. */
export function ofActivity(db: Reader): KnownBy {
  const company = sql`x.company_id`
  const lead = sql`left join leads l on l.company_id = ${company} and l.id = x.lead`
  const account = { join: sql`${lead} ${accountJoin(db, sql`coalesce(x.account, l.account)`, company)}` }
  const deal = { join: sql`${lead} ${dealJoin(sql`coalesce(x.deal, l.deal)`, company)}` }
  const fromLead = sql`case when l.id is not null then ${sourceChannel(db, sql`l.source`)} end`
  return {
    rep: { key: sql`x.person` },
    tier: { key: sql`a.tier`, ...account },
    industry: { key: sql`a.industry`, ...account },
    channel: { key: sql`coalesce(o.channel, ${fromLead})`, ...deal },
    product: { key: sql`o.product`, ...deal },
  }
}

/** What a lead says of itself, and its account. */
export function ofLead(db: Reader): KnownBy {
  const account = { join: accountJoin(db, sql`l.account`, sql`l.company_id`) }
  return {
    rep: { key: sql`l.owner` },
    tier: { key: sql`a.tier`, ...account },
    industry: { key: sql`a.industry`, ...account },
    channel: { key: sourceChannel(db, sql`l.source`) },
    // A lead has no product until it is a deal (metric-activity).
    product: nothingKnown,
  }
}

/** A lead that was handed over: what it says, and the deal that it became. */
export function ofSql(db: Reader): KnownBy {
  const company = sql`h.company_id`
  const lead = sql`left join leads l on l.company_id = ${company} and l.id = h.lead`
  const account = { join: sql`${lead} ${accountJoin(db, sql`coalesce(h.account, l.account)`, company)}` }
  return {
    rep: { key: sql`h.sender` },
    tier: { key: sql`a.tier`, ...account },
    industry: { key: sql`a.industry`, ...account },
    channel: { key: sourceChannel(db, sql`l.source`), join: lead },
    product: { key: sql`o.product`, join: sql`${lead} ${dealJoin(sql`coalesce(h.deal, l.deal)`, company)}` },
  }
}

/** What the deal says that a row is about; the rep is whose row it is. */
export const ofDealOf = (row: string, rep: string): KnownBy => {
  const join = dealJoin(sql.ref(`${row}.deal`), sql.ref(`${row}.company_id`))
  const { rep: _owner, ...keys } = dealKeys
  return {
    rep: { key: sql.ref(`${row}.${rep}`) },
    tier: { key: keys.tier, join },
    channel: { key: keys.channel, join },
    industry: { key: keys.industry, join },
    product: { key: keys.product, join },
  }
}

/** What a nudge is about: a deal, an account or a lead; what is about a person or a team is about none of them. */
export function ofNudge(db: Reader): KnownBy {
  const company = sql`x.company_id`
  const about = (noun: string, table: string, alias: string) =>
    sql`left join ${sql.table(table)} ${sql.ref(alias)} on x.subject_noun = ${sql.lit(noun)}
      and ${sql.ref(`${alias}.company_id`)} = ${company} and ${sql.ref(`${alias}.id`)} = x.subject_id`
  const deal = about('deal', 'opportunities', 'o')
  const lead = about('lead', 'leads', 'l')
  const account = sql`${lead} left join accounts a on x.subject_noun in ('account', 'lead')
    and a.company_id = ${company} and a.id = case when x.subject_noun = 'account' then x.subject_id else l.account end`
  const fromLead = sql`case when l.id is not null then ${sourceChannel(db, sql`l.source`)} end`
  return {
    rep: { key: sql`x.owner` },
    tier: { key: sql`coalesce(o.tier, a.tier)`, join: sql`${deal} ${account}` },
    industry: { key: sql`coalesce(o.account_industry, a.industry)`, join: sql`${deal} ${account}` },
    channel: {
      key: sql`coalesce(o.channel, ${fromLead}, ${firstChannel(sql`a.company_id`, sql`a.id`)})`,
      join: sql`${deal} ${account}`,
    },
    product: { key: sql`o.product`, join: deal },
  }
}
