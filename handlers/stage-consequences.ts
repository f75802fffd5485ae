import { managersOf, type Org } from '../src/canon/people.ts'
import type { DealStep, StageFact, StageWorld } from '../src/canon/stage.ts'
import type { Audience, AuditEntry, Change, Delivery, Drawing, Subject } from '../src/ports.ts'
import { threadLines } from './deal-thread.ts'
import { consequences as discountConsequences } from './discount-consequences.ts'

/** A change without who made it and its once-key: what the consequences of rules add up to. */
export type Part = Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'>

/** Who did it and what they saw, for the audit. */
export interface Actor {
  /** Person id, `system`, or at a data door who brought it. */
  readonly by: string
  readonly platform: AuditEntry['platform']
  readonly saw?: Drawing
}

/** The names of the cards of a deal. */
export const dealCards = {
  /** A gate was overridden: to the managers above, and to the AE when somebody else did it. */
  overridden: 'deal.overridden',
  /** Somebody else moved my deal. */
  moved: 'deal.moved',
  /** The head of a deal's thread in the team's channel. */
  thread: 'deal.thread',
} as const

export const dealSubject = (id: string): Subject => ({ noun: 'deal', id })

/** Several parts as one. */
export const merged = (parts: readonly (Part | undefined)[]): Part => ({
  save: parts.flatMap((part) => part?.save ?? []),
  audit: parts.flatMap((part) => part?.audit ?? []),
  deliveries: parts.flatMap((part) => part?.deliveries ?? []),
  refresh: parts.flatMap((part) => part?.refresh ?? []),
})

/** Everything that follows from a change of a deal, whichever door it came through. Pure, as the ruling is. */
export function stageConsequences(
  step: DealStep,
  world: StageWorld,
  actor: Actor,
  /** Where the deal's thread hangs (`threadPlaces`). */
  places: readonly Audience[] = [],
): Part {
  const { before, next, entry, discount } = step
  const lines =
    entry && !entry.asIs ? threadLines(places, next.id, [`stage:${next.version}:${entry.at}`]) : []
  const own: Part = {
    save: [
      { noun: 'opportunity', next, expect: before ? before.version : 'new', ...(entry ? { entry } : {}) },
    ],
    audit: step.facts.map((fact) => auditOf(fact, step, world, actor)),
    deliveries: [...noticesOf(step, world, actor), ...lines],
    refresh: [dealSubject(next.id)],
  }
  if (!discount) return own
  const after = discountConsequences(
    discount.before,
    discount.next,
    discount.facts,
    { ...world, deal: next },
    actor,
    places,
  )
  return merged([own, after])
}

/** Numbers, ids and names of fields; what people wrote stays in the record (B5.92). */
function auditOf(fact: StageFact, { next, entry }: DealStep, world: StageWorld, actor: Actor): AuditEntry {
  const { fact: name, ...rest } = fact
  return {
    at: world.now,
    what: `deal.${name}`,
    by: actor.by,
    platform: actor.platform,
    subject: dealSubject(next.id),
    policyVersion: world.policy.version,
    ...(actor.saw ? { saw: sawOf(actor.saw) } : {}),
    detail: { ...rest, version: next.version, ...(entry?.asIs ? { asIs: true } : {}) },
  }
}

const sawOf = ({ id, version, shown }: Drawing) => ({
  drawing: id,
  version,
  ...(shown.stage === undefined ? {} : { stage: shown.stage }),
  ...(shown.to === undefined ? {} : { to: shown.to }),
})

/** An attempt that was refused is history too. */
export const refusedStage = (deal: string, code: string, now: number, actor: Actor): AuditEntry => ({
  at: now,
  what: 'deal.refused',
  by: actor.by,
  platform: actor.platform,
  subject: dealSubject(deal),
  ...(actor.saw ? { saw: sawOf(actor.saw) } : {}),
  detail: { code },
})

function noticesOf({ before, next, entry, facts }: DealStep, { org }: StageWorld, actor: Actor): Delivery[] {
  // That a champion left is told by its nudge.
  if (!entry || entry.asIs || entry.championLeft || !before) return []
  const tell = (person: string, card: string): Delivery => ({
    kind: 'tell',
    card,
    subject: dealSubject(next.id),
    audience: { person },
    once: `${card}:${next.id}:${next.version}:${person}`,
  })
  const owner = next.owner
  const others = owner && owner !== actor.by ? [owner] : []
  if (facts.some((fact) => fact.fact === 'overridden'))
    return [...new Set([...others, ...managerAbove(owner, actor.by, org)])].map((person) =>
      tell(person, dealCards.overridden),
    )
  return others.map((person) => tell(person, dealCards.moved))
}

/** The nearest manager above a person who is here and did not do it themselves. */
function managerAbove(person: string | undefined, except: string, org: Org): string[] {
  const found = person === undefined ? undefined : org.people.get(person)
  const manager = found && managersOf(found, org).find((each) => each.active && each.id !== except)
  return manager ? [manager.id] : []
}
