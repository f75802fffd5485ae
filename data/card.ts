import { audienceOf } from '../src/outbox/lane.ts'
import type { Audience, MessageRef, Subject } from '../src/ports.ts'
import type { Reader } from './database.ts'

/** Every card of a subject that was posted and still stands. */
export async function cardsOf(
  db: Reader,
  company: string,
  subject: Subject,
): Promise<{ card: string; audience: Audience; ref: MessageRef }[]> {
  const rows = await db
    .selectFrom('placed_cards')
    .select(['card', 'lane', 'platform', 'tenant', 'channel', 'message'])
    .where('company_id', '=', company)
    .where('subject_noun', '=', subject.noun)
    .where('subject_id', '=', subject.id)
    .where('state', '=', 'live')
    .orderBy('posted_at')
    .execute()
  return rows.map(({ card, lane, ...ref }) => ({ card, audience: audienceOf(lane), ref }))
}

/** The card behind a message of ours. */
export async function cardAt(
  db: Reader,
  company: string,
  ref: MessageRef,
): Promise<{ card: string; subject: Subject; audience: Audience } | undefined> {
  const row = await db
    .selectFrom('placed_cards')
    .select(['card', 'lane', 'subject_noun', 'subject_id'])
    .where('company_id', '=', company)
    .where('platform', '=', ref.platform)
    .where('tenant', '=', ref.tenant)
    .where('channel', '=', ref.channel)
    .where('message', '=', ref.message)
    .executeTakeFirst()
  return (
    row && {
      card: row.card,
      subject: { noun: row.subject_noun as Subject['noun'], id: row.subject_id },
      audience: audienceOf(row.lane),
    }
  )
}

/** What was not delivered, or (a nudge) perhaps not, the newest first: the administrator's list. */
export async function deadDeliveries(
  db: Reader,
  company: string,
  limit: number,
): Promise<{ id: string; card: string; subject: Subject; audience: Audience; why: string; at: number }[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'card', 'lane', 'subject_noun', 'subject_id', 'what', 'why', 'settled_at', 'created_at'])
    .where('company_id', '=', company)
    .where('state', 'in', ['dead', 'unknown'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: String(row.id),
    card: row.card,
    subject: { noun: row.subject_noun as Subject['noun'], id: row.subject_id },
    audience: audienceOf(row.lane),
    why: row.why ?? row.what ?? '',
    at: row.settled_at ?? row.created_at,
  }))
}
