import { linesMost, missingCard, nudgesCard } from '../blocks/nudge.ts'
import type { CardEntry, EaselDesk } from './desk.ts'
import { briefOf, drawLines } from './nudge-lines.ts'
import { bundleCard } from './nudge-tell.ts'

/**
 * Several nudges in one message, drawn late: what lost its cause or was answered on the way there is not told any more,
 * and says so where it was (Canon, Nudges and escalations). Someone who reads in place of a lost channel sees their own.
 */
const bundleEntry: CardEntry = async (subject, desk) => {
  const bundle = await desk.store.nudgeBundle(desk.company, subject.id)
  if (!bundle) return undefined
  if (bundle.missing) {
    const linked = await desk.store.linkedPeople(desk.company)
    const people = bundle.missing.people.filter((id) => desk.org.people.get(id)?.active && !linked.has(id))
    const teams = bundle.missing.teams.filter((id) => {
      const team = desk.org.teams.get(id)
      return team && !team.slackChannel && !team.teamsChannel
    })
    if (people.length === 0 && teams.length === 0 && bundle.missing.people.length === 0) return undefined
    const card = missingCard(
      {
        people: people.map((id) => desk.org.people.get(id)?.name ?? id),
        teams: teams.map((id) => desk.org.teams.get(id)?.name ?? id),
      },
      desk.words,
    )
    return { card, drawings: [], onlyRedraw: people.length === 0 && teams.length === 0 }
  }
  const kept = await desk.store.nudgesById(
    desk.company,
    bundle.items.map((item) => item.nudge),
  )
  const byId = new Map(kept.map((nudge) => [nudge.id, nudge]))
  const items = bundle.items.flatMap((item) => {
    const nudge = byId.get(item.nudge)
    if (!nudge) return []
    const instead = 'channel' in bundle.ear && desk.viewer !== undefined && nudge.owner !== desk.viewer.id
    return instead ? [] : [{ ...item, nudge }]
  })
  if (items.length === 0) return undefined
  const { lines, drawings, names } = await drawLines(items.slice(0, linesMost), desk)
  const more = items.length - lines.length
  const mentions = await mentionsOf(
    lines.flatMap(({ nudge, because }) => [
      nudge.owner,
      ...(because?.kind === 'renewal' && because.aeId ? [because.aeId] : []),
    ]),
    desk,
  )
  const card = nudgesCard({ ...briefOf(desk, names), mentions, lines, more }, desk.words)
  const asks = lines.some(
    ({ nudge, because }) => because && nudge.status === 'open' && nudge.answered === undefined,
  )
  return { card, drawings, onlyRedraw: !asks }
}

/** Who people are in the channel that looks; whoever has no account there is missing, and only named. */
async function mentionsOf(people: readonly string[], desk: EaselDesk): Promise<Record<string, string>> {
  if (!('channel' in desk.audience)) return {}
  const { platform, tenant } = desk.audience.channel
  const mentions: Record<string, string> = {}
  for (const person of new Set(people)) {
    const identities = await desk.store.identitiesOf(desk.company, person)
    const here = identities.find((each) => each.platform === platform && each.tenant === tenant)
    if (here) mentions[person] = here.user
  }
  return mentions
}

export const nudgeCardEntries: Readonly<Record<string, CardEntry>> = { [bundleCard]: bundleEntry }
