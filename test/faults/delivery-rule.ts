import { sql } from 'kysely'
import type { DataStore } from '../../data/store.ts'
import { audienceOf } from '../../src/outbox/lane.ts'
import type { Delivery } from '../../src/ports.ts'
import type { TestSlack } from '../support/slack-people.ts'
import type { TestTeams } from '../support/teams-people.ts'

/** A delivery as the record has it. */
interface Owed {
  readonly id: number
  readonly company: string
  readonly kind: Delivery['kind']
  readonly card: string
  readonly noun: string
  readonly subject: string
  readonly lane: string
  readonly line: string | null
  readonly state: string
  readonly after: number
}

/** Everything that was ever owed, the oldest first, but for redraws. */
export async function owedOf(store: DataStore): Promise<readonly Owed[]> {
  const { rows } = await sql<Owed>`
    select id, company_id as company, kind, card, subject_noun as noun, subject_id as subject, lane, line, state,
           after_at as after
    from deliveries where kind <> 'refresh' order by id`.execute(store.database.read)
  return rows
}

/** The same card or line for the same audience, whichever delivery brought it. */
const nameOf = ({ card, subject, lane }: Owed, line: string | null): string =>
  [card, subject, lane, line ?? 'card'].join(' ')

/** What stands in Slack, by name; the key of a line that had to bring its card ends in `c`. */
export function toldInSlack(slack: TestSlack, owed: readonly Owed[]): ReadonlyMap<string, number> {
  const byId = new Map(owed.map((each) => [each.id, each]))
  const told = new Map<string, number>()
  for (const { channels } of Object.values(slack.core.world.workspaces))
    for (const { messages } of Object.values(channels))
      for (const { metadata } of messages) {
        const [, id, card] = /^d(\d+)(c?)$/.exec(String(metadata?.event_payload.key)) ?? []
        const delivery = byId.get(Number(id))
        if (!delivery) continue
        const name = nameOf(delivery, card ? null : delivery.line)
        told.set(name, (told.get(name) ?? 0) + 1)
      }
  return told
}

/**
 * What stands in the channels of Teams, by the same names. Teams keeps nothing of ours beside a message: a card is known
 * by what its buttons stand on, and its lines by being answers to it, of which no two may say the same.
 */
export async function toldInTeams(
  teams: TestTeams,
  store: DataStore,
  owed: readonly Owed[],
): Promise<ReadonlyMap<string, number>> {
  const drawings = await store.database.read.selectFrom('drawings').select(['id', 'subject']).execute()
  const subjectOf = new Map(drawings.map(({ id, subject }) => [id, subject]))
  const conversations = Object.values(teams.core.world.tenants).flatMap((tenant) =>
    Object.values(tenant.conversations),
  )
  const told = new Map<string, number>()
  for (const each of owed) {
    const audience = audienceOf(each.lane)
    const id = 'channel' in audience ? audience.channel.id : undefined
    const { messages = [] } = conversations.find((conversation) => conversation.id === id) ?? {}
    const cards = messages.filter(
      ({ root, cards: posted }) =>
        root === undefined &&
        (JSON.stringify(posted).match(uuids) ?? []).some(
          (drawing) => subjectOf.get(drawing) === each.subject,
        ),
    )
    const lines = messages.filter(({ root }) => cards.some((card) => card.id === root))
    const times =
      each.line === null
        ? cards.length
        : Math.max(0, ...lines.map((line) => lines.filter(({ summary }) => summary === line.summary).length))
    if (times > 0) told.set(nameOf(each, each.line), times)
  }
  return told
}

const uuids = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g

/**
 * Where the delivery rule is broken (Canon): a nudge or digest at most once, and once where the record says that it was
 * sent; an ask at least once. Until everything that is due has been settled, only what came twice is a breach.
 */
export function breaches(
  owed: readonly Owed[],
  told: ReadonlyMap<string, number>,
  settledAt?: number,
): readonly string[] {
  const named = new Map<string, Owed[]>()
  for (const each of owed) {
    const name = nameOf(each, each.line)
    named.set(name, [...(named.get(name) ?? []), each])
  }
  return [...named].flatMap(([name, all]) => {
    const times = told.get(name) ?? 0
    const sent = all.filter(({ state }) => state === 'sent')
    // A reminder of the same thing is a delivery of its own.
    const [nudges, asks] = [
      all.filter(({ kind }) => kind === 'nudge'),
      all.filter(({ kind }) => kind !== 'nudge'),
    ]
    if (asks.length === 0 && times > nudges.length) return [`${name}: told ${times} times`]
    if (settledAt === undefined) return []
    // Asks of one thing share their card.
    if (times < (asks.length > 0 ? Math.min(1, sent.length) : sent.length))
      return [`${name}: sent ${sent.length} times, told ${times} times`]
    return all
      .filter(({ state, after }) => state !== 'sent' && !(state === 'pending' && after > settledAt))
      .filter(({ kind, state, line }) => kind !== 'nudge' || (state !== 'unknown' && line === null))
      .map(({ state, kind }) => `${kind} ${name}: ${state}`)
  })
}
