import { randomUUID } from 'node:crypto'
import { wordsFor } from '../blocks/words/index.ts'
import type { Drawn, EaselDesk, Registry } from '../handlers/desk.ts'
import type { Org } from './canon/people.ts'
import { localeOf } from './intake.ts'
import type { Audience, Clock, Delivery, Store } from './ports.ts'

/** Draws what a delivery says, from the record as it is at this instant and in its audience's language. */
export function createEasel(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly registry: Registry
}): (company: string, delivery: Delivery) => Promise<Drawn | undefined> {
  const { store, clock, registry } = parts
  return async (company, delivery) => {
    const entry = registry.cards[delivery.card]
    if (!entry) throw new Error(`no card is registered as ${delivery.card}`)
    const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
    const viewer = 'person' in delivery.audience ? org.people.get(delivery.audience.person) : undefined
    // Somebody who has left is told nothing any more (B5.8).
    if ('person' in delivery.audience && !viewer?.active) return undefined
    const locale = viewer ? localeOf(viewer, org) : channelLocale(delivery.audience, org)
    const desk: EaselDesk = {
      now: clock.now(),
      company,
      org,
      viewer,
      audience: delivery.audience,
      policy,
      locale,
      words: wordsFor(locale),
      store,
      newId: randomUUID,
    }
    return entry(delivery.subject, desk, delivery.line)
  }
}

/** A channel speaks its team's language, else the company's (Canon, language). */
function channelLocale(audience: Audience, org: Org) {
  if (!('channel' in audience)) return org.company.locale
  const { platform, id } = audience.channel
  const team = [...org.teams.values()].find(
    (each) => (platform === 'slack' ? each.slackChannel : each.teamsChannel) === id,
  )
  return team?.locale ?? org.company.locale
}
