import { type Instant, localDate, type PlainDate } from './calendar.ts'
import type { EvidenceKind } from './opportunity.ts'

export const activityKinds = [
  'call',
  'email',
  'message',
  'meeting',
  'demo',
  'poc',
  'proposal',
  'negotiation',
  'note',
] as const
export type ActivityKind = (typeof activityKinds)[number]

/** Something that was done with a customer, or is planned: then it lies ahead of now. */
export interface Activity {
  readonly id: string
  readonly deal?: string
  readonly account?: string
  readonly lead?: string
  /** Person id of who did it. */
  readonly person?: string
  readonly kind: ActivityKind
  readonly happenedAt: Instant
  readonly loggedAt: Instant
  /** Contact id. */
  readonly contact?: string
  readonly note?: string
}

/** Which evidence of a gate an activity is, where it is one. */
const evidenceOf: Readonly<Partial<Record<ActivityKind, EvidenceKind>>> = {
  meeting: 'first_meeting',
  demo: 'demo',
  poc: 'demo',
  proposal: 'proposal',
  negotiation: 'negotiation',
}

/**
 * The evidence that activities which have happened speak of, with the day of the first of each kind: what a form is
 * filled with, so that nobody is asked for what the record knows. A demo was a meeting too.
 */
export function evidenceFrom(
  activities: readonly Activity[],
  now: Instant,
  zone: string,
): Partial<Record<EvidenceKind, PlainDate>> {
  const first: Partial<Record<EvidenceKind, PlainDate>> = {}
  for (const activity of activities) {
    if (activity.happenedAt > now) continue
    const on = localDate(activity.happenedAt, zone)
    const kind = evidenceOf[activity.kind]
    for (const each of kind === 'demo' ? (['first_meeting', 'demo'] as const) : kind ? [kind] : [])
      if (first[each] === undefined || on < first[each]) first[each] = on
  }
  return first
}
