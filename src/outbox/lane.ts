import type { Audience } from '../ports.ts'

/** The queue whose jobs say “this lane has something to send”. */
export const laneQueue = 'outbox'

/** An audience in canonical form: the key of its conversation, its order and its pace. */
export function laneOf(audience: Audience): string {
  return 'person' in audience
    ? JSON.stringify(['person', audience.person])
    : JSON.stringify([audience.channel.platform, audience.channel.tenant, audience.channel.id])
}

/** The audience behind a lane's key. */
export function audienceOf(lane: string): Audience {
  const [first, second, third] = JSON.parse(lane) as string[]
  if (first === 'person') return { person: second! }
  return { channel: { platform: first as 'slack' | 'teams', tenant: second!, id: third! } }
}
