import type { Opportunity } from '../src/canon/opportunity.ts'
import type { Org } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Audience, Delivery, Store } from '../src/ports.ts'

/** The card at the head of a deal's thread in its team's channel. */
const threadCard = 'deal.thread'

/** Where the thread of a deal hangs: the channels of the owner's team, where the team wants threads (Canon, places). */
export async function threadPlaces(
  store: Pick<Store, 'tenantsOf'>,
  deal: Pick<Opportunity, 'owner'>,
  { company, people, teams }: Org,
  policy: Pick<Policy, 'dealThreads'>,
): Promise<Audience[]> {
  const team = deal.owner === undefined ? undefined : people.get(deal.owner)?.team
  if (team === undefined || !policy.dealThreads.includes(team)) return []
  const { slackChannel, teamsChannel } = teams.get(team) ?? {}
  if (!slackChannel && !teamsChannel) return []
  const tenants = await store.tenantsOf(company.id)
  return tenants.flatMap(({ platform, tenant }): Audience[] => {
    const id = platform === 'slack' ? slackChannel : teamsChannel
    return id ? [{ channel: { platform, tenant, id } }] : []
  })
}

/**
 * Lines in a deal's thread. `line` names what is told (`stage:7`, `handoff:ID:3:accepted`) and is looked up when it is
 * sent; each is told once in each place.
 */
export const threadLines = (
  places: readonly Audience[],
  deal: string,
  lines: readonly string[],
): Delivery[] =>
  places.flatMap((audience) =>
    lines.map(
      (line): Delivery => ({
        kind: 'tell',
        card: threadCard,
        subject: { noun: 'deal', id: deal },
        audience,
        line,
        once: `thread:${deal}:${line}:${'channel' in audience ? audience.channel.id : ''}`,
      }),
    ),
  )
