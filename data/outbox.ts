import type { Instant } from '../src/canon/calendar.ts'
import { audienceOf, laneOf, laneQueue } from '../src/outbox/lane.ts'
import type { Delivery, Subject } from '../src/ports.ts'
import type { Tx } from './database.ts'
import { enqueueJobs } from './jobs.ts'
import { bundlesWith } from './nudge.ts'
import { on } from './statement.ts'

/** What a fallback remembers of the dead delivery it stands in for. */
export interface Cause {
  readonly id: number
  readonly depth: number
}

/**
 * Writes deliveries and the jobs that send them, inside the transaction of the change they follow from.
 * A delivery whose `once` was used before is left out; a refresh folds into one that has not begun.
 */
export async function enqueueDeliveries(
  trx: Tx,
  company: string,
  deliveries: readonly Delivery[],
  now: Instant,
  cause?: Cause,
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = deliveries.map((delivery) => ({ delivery, lane: laneOf(delivery.audience) }))
  // One order for everybody, refreshes first: two transactions that touch the same pending refreshes
  // would otherwise wait for each other. Within a lane the given order of the others is kept.
  const refreshes = rows
    .filter(({ delivery }) => coalesceKey(delivery) !== null)
    .sort((a, b) => compare(a.lane + coalesceKey(a.delivery), b.lane + coalesceKey(b.delivery)))
  const others = rows.filter(({ delivery }) => coalesceKey(delivery) === null)
  for (const { delivery, lane } of [...refreshes, ...others]) {
    const coalesce = coalesceKey(delivery)
    const { kind, card, subject } = delivery
    // What is due at once stays due when the clock is set back before it was sent (B5.82).
    const after = delivery.after ?? 0
    const [causeId, depth] = [cause?.id ?? null, cause?.depth ?? 0]
    if (coalesce !== null)
      // The no-op update takes the row's lock until we commit: a sender that is about to draw this refresh
      // waits for us, instead of drawing the record as it was before.
      await on(trx)`
        insert into deliveries (company_id, lane, kind, card, subject_noun, subject_id, coalesce_key, state, after_at,
                                cause, depth, created_at)
        values (${company}, ${lane}, ${kind}, ${card}, ${subject.noun}, ${subject.id}, ${coalesce}, 'pending', ${after},
                ${causeId}, ${depth}, ${now})
        on conflict (company_id, lane, coalesce_key) where coalesce_key is not null
        do update set coalesce_key = excluded.coalesce_key`
    // The only thing there may be already is its once-key.
    else
      await on(trx)`
        insert into deliveries (company_id, lane, kind, card, subject_noun, subject_id, line, once_key, state, after_at,
                                cause, depth, created_at)
        values (${company}, ${lane}, ${kind}, ${card}, ${subject.noun}, ${subject.id}, ${delivery.line ?? null},
                ${delivery.once ?? null}, 'pending', ${after}, ${causeId}, ${depth}, ${now})
        on conflict do nothing`
  }
  // What is due later by business time is found by the sweep: the clock can be moved, a queue's delay cannot.
  const lanes = new Set(rows.filter(({ delivery }) => (delivery.after ?? now) <= now).map(({ lane }) => lane))
  await enqueueJobs(
    trx,
    [...lanes].map((lane) => laneJob(company, lane)),
  )
}

/**
 * Refreshes every card of these subjects: those that stand and those on their way, found in the same
 * transaction, so that a card that is being posted at this instant does not stay as it was drawn.
 */
export async function enqueueRefreshes(
  trx: Tx,
  company: string,
  subjects: readonly Subject[],
  now: Instant,
): Promise<void> {
  const refreshes: Delivery[] = []
  for (const subject of await withNudges(trx, company, subjects)) {
    const { rows } = await on<{ card: string; lane: string }>(trx)`
      select card, lane from placed_cards
      where company_id = ${company} and subject_noun = ${subject.noun} and subject_id = ${subject.id}
        and state = 'live'
      union
      select card, lane from deliveries
      where company_id = ${company} and subject_noun = ${subject.noun} and subject_id = ${subject.id}
        and state = 'pending' and kind <> 'refresh'`
    for (const { card, lane } of rows)
      refreshes.push({ kind: 'refresh', card, subject, audience: audienceOf(lane) })
  }
  await enqueueDeliveries(trx, company, refreshes, now)
}

/** With the messages in which these subjects are nudged about: a deal that moved on is not to look stalled any more. */
async function withNudges(trx: Tx, company: string, subjects: readonly Subject[]): Promise<Subject[]> {
  const bundles = new Set<string>()
  for (const subject of subjects)
    if (nudged.has(subject.noun))
      for (const bundle of await bundlesWith(trx, company, subject)) bundles.add(bundle)
  return [...subjects, ...[...bundles].sort().map((id) => ({ noun: 'nudges' as const, id }))]
}

const nudged: ReadonlySet<Subject['noun']> = new Set(['nudge', 'deal', 'account', 'lead', 'person'])

/** The job “this lane has something to send”. */
export function laneJob(company: string, lane: string, delayMs = 0) {
  return { name: laneQueue, key: `${company} ${lane}`, data: { company, lane }, delayMs }
}

function coalesceKey(delivery: Delivery): string | null {
  if (delivery.kind !== 'refresh' || delivery.line !== undefined || delivery.once !== undefined) return null
  if (delivery.after !== undefined) return null
  return JSON.stringify([delivery.card, delivery.subject.noun, delivery.subject.id])
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
