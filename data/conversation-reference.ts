import { sql } from 'kysely'
import { among, type Database } from './database.ts'
import type {} from './schema-teams.ts'
import { on } from './statement.ts'

/** Where a Teams conversation is, as the latest verified activity in it said. */
export interface ConversationReference {
  readonly tenant: string
  readonly conversation: string
  readonly kind: 'personal' | 'channel' | 'group'
  /** The person of a personal chat, by Entra object id. */
  readonly user?: string
  /** What the conversation calls the bot. */
  readonly bot: string
  readonly serviceUrl: string
}

type Row = {
  tenant: string
  conversation: string
  kind: ConversationReference['kind']
  user_id: string | null
  bot: string
  service_url: string
}

const referenceOf = (row: Row): ConversationReference => ({
  tenant: row.tenant,
  conversation: row.conversation,
  kind: row.kind,
  ...(row.user_id === null ? {} : { user: row.user_id }),
  bot: row.bot,
  serviceUrl: row.service_url,
})

/** Conversations are kept per tenant, which is bound to one company; what was forgotten comes back by the next activity. */
export function createConversationReferences(database: Database, wall: () => number = Date.now) {
  const { read } = database
  return {
    /** The company this tenant was bound to beforehand. */
    async companyOf(tenant: string): Promise<string | undefined> {
      const { rows } = await on<{ company: string }>(read)`
        select company_id as company from tenants where platform = 'teams' and tenant = ${tenant}`
      return rows[0]?.company
    },

    async of(tenant: string, conversation: string): Promise<ConversationReference | undefined> {
      const { rows } = await on<Row>(read)`
        select tenant, conversation, kind, user_id, bot, service_url from conversation_references
        where tenant = ${tenant} and conversation = ${conversation}`
      return rows[0] && referenceOf(rows[0])
    },

    async personal(tenant: string, user: string): Promise<ConversationReference | undefined> {
      const { rows } = await on<Row>(read)`
        select tenant, conversation, kind, user_id, bot, service_url from conversation_references
        where tenant = ${tenant} and user_id = ${user}`
      return rows[0] && referenceOf(rows[0])
    },

    /** Any conversation of the tenant, the one seen last: its address serves the whole tenant. */
    async newest(tenant: string): Promise<ConversationReference | undefined> {
      const { rows } = await on<Row>(read)`
        select tenant, conversation, kind, user_id, bot, service_url from conversation_references
        where tenant = ${tenant} order by seen_at desc limit 1`
      return rows[0] && referenceOf(rows[0])
    },

    async remember(company: string, seen: ConversationReference): Promise<void> {
      const at = wall()
      await database.transact(async (trx) => {
        // After a new installation a person has another personal chat; the old one is answered by nobody.
        if (seen.user !== undefined)
          await on(trx)`
            delete from conversation_references
            where tenant = ${seen.tenant} and user_id = ${seen.user} and conversation <> ${seen.conversation}`
        await on(trx)`
          insert into conversation_references
            (tenant, conversation, company_id, kind, user_id, bot, service_url, seen_at)
          values (${seen.tenant}, ${seen.conversation}, ${company}, ${seen.kind}, ${seen.user ?? null},
                  ${seen.bot}, ${seen.serviceUrl}, ${at})
          on conflict (tenant, conversation) do update set
            company_id = excluded.company_id, kind = excluded.kind, user_id = excluded.user_id,
            bot = excluded.bot, service_url = excluded.service_url, seen_at = excluded.seen_at`
      })
    },

    async forget(tenant: string, conversation: string): Promise<void> {
      await database.transact(async (trx) => {
        await on(trx)`
          delete from conversation_references where tenant = ${tenant} and conversation = ${conversation}`
      })
    },

    async rememberUser(
      company: string,
      seen: { tenant: string; user: string; chatUser: string },
    ): Promise<void> {
      const at = wall()
      await database.transact(async (trx) => {
        await on(trx)`
          insert into teams_users (tenant, user_id, company_id, chat_user, seen_at)
          values (${seen.tenant}, ${seen.user}, ${company}, ${seen.chatUser}, ${at})
          on conflict (tenant, user_id) do update set
            company_id = excluded.company_id, chat_user = excluded.chat_user, seen_at = excluded.seen_at`
      })
    },

    /** What Teams calls these people of the company, for those who have been seen there. */
    async chatUsersOf(tenant: string, people: readonly string[]): Promise<string[]> {
      if (people.length === 0) return []
      const rows = await read
        .selectFrom('identities as i')
        .innerJoin('teams_users as u', (join) =>
          join
            .onRef('u.tenant', '=', 'i.tenant')
            .onRef('u.user_id', '=', 'i.user_id')
            .onRef('u.company_id', '=', 'i.company_id'),
        )
        .select('u.chat_user as chatUser')
        .where('i.platform', '=', 'teams')
        .where('i.tenant', '=', tenant)
        .where(among(read, sql.ref('i.person_id'), people))
        .execute()
      return rows.map((row) => row.chatUser)
    },
  }
}
