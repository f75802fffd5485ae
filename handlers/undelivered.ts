import { deadLetterCard } from '../blocks/notice.ts'
import type { Org } from '../src/canon/people.ts'
import { may } from '../src/canon/visibility.ts'
import type { Delivery, Store } from '../src/ports.ts'
import type { CardEntry } from './desk.ts'
import { digestCards } from './digest-cards.ts'
import { standInsOf } from './digest-places.ts'
import { bundleCard } from './nudge-tell.ts'

/** The card that tells of a message which reached nobody; its subject's id is the delivery's. */
export const undeliveredCard = 'company.undelivered'

/** Drawn from the list of dead deliveries, so that it shows what is still undelivered and nothing that was mended. */
export const undeliveredEntry: CardEntry = async (subject, desk) => {
  const dead = await desk.store.deadDeliveries(desk.company, 500)
  const letter = dead.find((each) => each.id === subject.id)
  if (!letter) return undefined
  const nameOf = (id: string) => desk.org.people.get(id)?.name ?? id
  const request =
    letter.subject.noun === 'discount'
      ? await desk.store.discount(desk.company, letter.subject.id)
      : undefined
  const handoff =
    letter.subject.noun === 'handoff' ? await desk.store.handoff(desk.company, letter.subject.id) : undefined
  const about = request?.deal ?? handoff?.deal ?? handoff?.opened
  const deal =
    letter.subject.noun === 'deal' || about !== undefined
      ? await desk.store.deal(desk.company, about ?? letter.subject.id)
      : undefined
  return {
    card: deadLetterCard(
      {
        id: letter.id,
        card: letter.card,
        audience: 'person' in letter.audience ? nameOf(letter.audience.person) : letter.audience.channel.id,
        about: deal?.name,
        why: letter.why,
        at: letter.at,
      },
      desk.org.company.working.timeZone,
      desk.words,
    ),
    drawings: [],
  }
}

/**
 * Who hears of a delivery that will not arrive (B5.50): the one who asked, because a request that nobody sees waits
 * for ever, and the administrators, once a place. A refresh that found nothing is nobody's loss.
 */
export async function insteadOf(
  store: Store,
  org: Org,
  death: { readonly id: number; readonly delivery: Delivery; readonly placeKey: string },
): Promise<readonly Delivery[]> {
  const { delivery, placeKey } = death
  if (delivery.kind === 'refresh' || delivery.card === undeliveredCard) return []
  const lost = 'person' in delivery.audience ? delivery.audience.person : undefined
  const administrators = [...org.people.values()].filter(
    (p) => p.active && may(p, 'company.administer', {}, org),
  )
  const request =
    delivery.subject.noun === 'discount'
      ? await store.discount(org.company.id, delivery.subject.id)
      : undefined
  const handoff =
    delivery.subject.noun === 'handoff' ? await store.handoff(org.company.id, delivery.subject.id) : undefined
  /** Who asked and would wait for ever. */
  const waits = request?.requester ?? handoff?.sender
  const told = new Set(administrators.map((person) => person.id))
  if (waits !== undefined && delivery.kind === 'ask') told.add(waits)
  if (lost) told.delete(lost)
  return [
    ...(await nudgesInstead(store, org, delivery)),
    ...(await digestInstead(store, org, delivery)),
    ...[...told].map((person) => ({
      kind: 'tell' as const,
      card: undeliveredCard,
      subject: { noun: 'none' as const, id: String(death.id) },
      audience: { person },
      // An administrator hears of a place once; whoever asked of each thing they asked for.
      once: person === waits ? `undelivered:${death.id}:${person}` : `${placeKey}:${person}`,
    })),
  ]
}

/** Nudges whose channel is lost go to each owner's DM, where everybody sees their own (B5.50). */
async function nudgesInstead(store: Store, { company }: Org, delivery: Delivery): Promise<Delivery[]> {
  if (delivery.card !== bundleCard || !('channel' in delivery.audience)) return []
  const bundle = await store.nudgeBundle(company.id, delivery.subject.id)
  const nudges = await store.nudgesById(company.id, bundle?.items.map((item) => item.nudge) ?? [])
  return [...new Set(nudges.map(({ owner }) => owner))].sort().map((person) => ({
    kind: 'nudge' as const,
    card: bundleCard,
    subject: delivery.subject,
    audience: { person },
    once: `nudges:${delivery.subject.id}:${person}`,
  }))
}

/** A digest whose channel is lost goes to who stands in for it, the team's manager; the thread under it was that channel's alone (B5.50). */
async function digestInstead(store: Store, org: Org, delivery: Delivery): Promise<Delivery[]> {
  if (delivery.card !== digestCards.team || !('channel' in delivery.audience) || delivery.line !== undefined)
    return []
  const report = await store.report(org.company.id, delivery.subject.id)
  const team = report && org.teams.get(report.of.id)
  if (!report || !team) return []
  const { card, subject } = delivery
  const people = standInsOf(team, org, await store.linkedPeople(org.company.id))
  return people.map((person) => ({
    kind: 'nudge',
    card,
    subject,
    audience: { person },
    once: `${report.id}:${person}`,
  }))
}
