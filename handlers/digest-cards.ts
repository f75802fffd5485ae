import { type DigestBrief, type NamedDeal, teamDigestCard } from '../blocks/digest.ts'
import { csmsCard, detailsCard, repsCard, setupCard } from '../blocks/digest-reps.ts'
import type { Names } from '../blocks/discount.ts'
import { noticeCard } from '../blocks/notice.ts'
import type { Digest, Risk, RiskReason, TeamLack } from '../src/canon/digest.ts'
import { pipelineTargets } from '../src/canon/forecast.ts'
import type { Nudge, NudgeKind } from '../src/canon/nudge.ts'
import { isOpen, type Opportunity } from '../src/canon/opportunity.ts'
import type { Person } from '../src/canon/people.ts'
import { periodOf } from '../src/canon/period.ts'
import { sightOf } from '../src/canon/pipeline-scope.ts'
import type { Report } from '../src/canon/report.ts'
import type { TeamDigest } from '../src/canon/summary.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing, Subject } from '../src/ports.ts'
import type { CardEntry, EaselDesk, Handler } from './desk.ts'
import { briefOfCustomers } from './digest-customer-cards.ts'
import { drawn } from './drawing.ts'
import { snoozeNudge } from './nudge-acts.ts'
import { nudgeSeen } from './nudge-lines.ts'

/** The names of the cards of reports; `handlers/index.ts` registers a drawer under each. */
export const digestCards = {
  /** The weekly digest, in the team's channel or its manager's DM. */
  team: 'digest.team',
  /** What digests lack, to those who can mend it. */
  setup: 'digest.setup',
} as const

/** The lines in the thread under a digest: by rep, and the customers by CSM. */
export const repsLine = 'reps'
export const csmsLine = 'csms'

export const reportSubject = (id: string): Subject => ({ noun: 'report', id })

/** Names of the people a digest speaks of. */
function namesIn(digest: Digest, people: ReadonlyMap<string, Person>): Names {
  const ids = [
    ...digest.reps.flatMap(({ person }) => (person ? [person] : [])),
    ...digest.risks.flatMap(({ owner }) => (owner ? [owner] : [])),
    ...digest.anomalies.flatMap(({ by, key }) => (by === 'rep' ? [key] : [])),
  ]
  return Object.fromEntries(
    ids.flatMap((id) => {
      const name = people.get(id)?.name
      return name ? [[id, name]] : []
    }),
  )
}

/**
 * The deals that a digest names, as they are now, less those that this audience may not see: in a channel the deals of
 * the team's own people alone, for a person what they may see (complaint: nobody learns of a deal from a channel).
 */
async function dealsIn(
  digest: Digest,
  sees: (deal: Opportunity) => boolean,
  desk: EaselDesk,
): Promise<Opportunity[]> {
  const ids = new Set([...digest.risks.map(({ deal }) => deal), ...digest.moves.flatMap(({ top }) => top)])
  const deals: Opportunity[] = []
  for (const id of ids) {
    const deal = await desk.store.deal(desk.company, id)
    if (deal && sees(deal)) deals.push(deal)
  }
  return deals
}

/** The nudge that tells of the same as a risk does. */
const kindOf: Readonly<Partial<Record<RiskReason['code'], NudgeKind>>> = {
  stalled: 'stalled',
  'close-past': 'close-date-past',
  debt: 'gate-debt',
}

/** What is put off with a risk: the nudge about its worst reason, else another one about the deal. */
function nudgeOfRisk(risk: Risk | undefined, nudges: readonly Nudge[]): Nudge | undefined {
  const open = nudges.filter(({ status }) => status === 'open')
  const kinds = (risk?.reasons ?? []).map(({ code }) => kindOf[code])
  return kinds.flatMap((kind) => open.find((nudge) => nudge.kind === kind) ?? [])[0] ?? open[0]
}

/** A digest as its audience may see it, with the drawings its buttons stand on. */
export async function briefOfDigest(
  report: Report,
  digest: Digest,
  of: { readonly team?: string; readonly lacks: readonly TeamLack[] },
  desk: EaselDesk,
): Promise<{ readonly brief: DigestBrief; readonly drawings: readonly Drawing[] }> {
  const { org, viewer, now, store, company } = desk
  const team = of.team === undefined ? undefined : org.teams.get(of.team)
  const sees = (deal: Opportunity): boolean =>
    viewer
      ? may(viewer, 'deal.see', { deal }, org)
      : deal.owner !== undefined && org.people.get(deal.owner)?.team === of.team
  const own = drawn(desk, reportSubject(report.id))
  const drawings = [own]
  const deals: Record<string, NamedDeal> = {}
  const risks: Record<string, { deal: string; nudge?: string; snoozed?: true }> = {}
  const atRisk = new Set(digest.risks.map(({ deal }) => deal))
  for (const deal of await dealsIn(digest, sees, desk)) {
    deals[deal.id] = { name: deal.name, ...(deal.accountName ? { accountName: deal.accountName } : {}) }
    // What was closed since is a risk no more.
    if (!atRisk.has(deal.id) || !isOpen(deal.stage)) continue
    const drawing = drawn(desk, { noun: 'deal', id: deal.id }, deal.version)
    drawings.push(drawing)
    const nudges = await store.openNudgesOn(company, { noun: 'deal', id: deal.id })
    const snoozed = nudges.some(({ status }) => status === 'snoozed' || status === 'muted')
    const nudge = snoozed
      ? undefined
      : nudgeOfRisk(
          digest.risks.find((risk) => risk.deal === deal.id),
          nudges,
        )
    const later = nudge && {
      ...drawn(desk, { noun: 'nudge', id: nudge.id }, nudge.version),
      shown: { ...nudgeSeen(nudge), report: report.id },
    }
    if (later) drawings.push(later)
    risks[deal.id] = {
      deal: drawing.id,
      ...(later ? { nudge: later.id } : {}),
      ...(snoozed ? { snoozed: true as const } : {}),
    }
  }
  const inChannel = 'channel' in desk.audience
  const brief: DigestBrief = {
    digest,
    ...(of.team === undefined ? {} : { team: team?.name ?? of.team }),
    names: namesIn(digest, org.people),
    deals,
    at: report.at,
    now,
    timeZone: viewer?.timeZone ?? team?.timeZone ?? org.company.working.timeZone,
    drawing: own.id,
    risks,
    snoozeDays: desk.policy.nudges.snoozeDays,
    inChannel,
    detailsButton: !('channel' in desk.audience && desk.audience.channel.platform === 'slack'),
    lacks: of.lacks,
    targets: pipelineTargets(desk.policy, periodOf('quarter', digest.to, org.company.fiscalYearStart)),
  }
  return { brief, drawings }
}

/** A team's digest, its deals and its customers, as its audience may see them. */
async function briefOfTeam(
  report: Report,
  desk: EaselDesk,
): Promise<{ readonly brief: DigestBrief; readonly drawings: readonly Drawing[] }> {
  const { customers, customersOnly, digest, lacks } = report.body as TeamDigest
  const team = report.of.id
  const deals = await briefOfDigest(report, digest, { team, lacks }, desk)
  if (!customers) return deals
  const drawn = await briefOfCustomers(report, customers, { team }, desk)
  return {
    brief: { ...deals.brief, customers: { ...drawn.brief, only: customersOnly === true } },
    drawings: [...deals.drawings, ...drawn.drawings],
  }
}

const teamEntry: CardEntry = async (subject, desk, line) => {
  const report = await desk.store.report(desk.company, subject.id)
  if (report?.kind !== 'weekly-digest') return undefined
  const { brief, drawings } = await briefOfTeam(report, desk)
  // Where there are no threads, the card has a button for it.
  if (line === repsLine)
    return brief.digest.reps.length === 0
      ? undefined
      : { card: repsCard(brief, desk.words), drawings: [], threadOnly: true }
  if (line === csmsLine)
    return brief.customers === undefined
      ? undefined
      : { card: csmsCard(brief.customers, desk.words), drawings: [], threadOnly: true }
  return { card: teamDigestCard(brief, desk.words), drawings }
}

const setupEntry: CardEntry = async (subject, desk) => {
  const report = await desk.store.report(desk.company, subject.id)
  if (report?.kind !== 'digest-setup') return undefined
  const teams = (
    report.body as { readonly teams: readonly { readonly team: string; readonly lacks: TeamLack[] }[] }
  ).teams
  return {
    card: setupCard(
      teams.map(({ team, lacks }) => ({ name: desk.org.teams.get(team)?.name ?? team, lacks })),
      desk.words,
    ),
    drawings: [],
  }
}

export const digestCardEntries: Readonly<Record<string, CardEntry>> = {
  [digestCards.team]: teamEntry,
  [digestCards.setup]: setupEntry,
}

/** The button of a digest where there are no threads: by rep, for those who lead the team. */
export const openDigestDetails: Handler<'button'> = async (gesture, desk) => {
  const { store, company, org, person, words } = desk
  const drawing = await store.drawing(company, gesture.drawing)
  const report =
    drawing?.subject.noun === 'report' ? await store.report(company, drawing.subject.id) : undefined
  const say = (key: 'refusal.out-of-date' | 'pipeline.refused') => ({
    reply: { kind: 'say' as const, card: noticeCard(words.t(key)) },
  })
  if (report?.kind !== 'weekly-digest') return say('refusal.out-of-date')
  const sight = sightOf(person, { kind: 'team', team: report.of.id }, org)
  if (!sight) return say('pipeline.refused')
  const viewing = { ...desk, viewer: person, audience: { person: person.id } }
  const { brief } = await briefOfTeam(report, viewing)
  // What stands still with whom, and what is late, is for those who lead.
  const inChannel = sight === 'total'
  const { customers } = brief
  const seen = { ...brief, inChannel, ...(customers ? { customers: { ...customers, inChannel } } : {}) }
  return { reply: { kind: 'say', card: detailsCard(seen, words) } }
}

/** Puts a risk off: the nudge about it, and with it the digest that names it, which is drawn anew. */
export const snoozeRisk: Handler<'button'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const outcome = await snoozeNudge(gesture, desk)
  const report = drawing?.shown.report
  if (!outcome.change || typeof report !== 'string') return outcome
  const refresh = [...(outcome.change.refresh ?? []), reportSubject(report)]
  return { ...outcome, change: { ...outcome.change, refresh } }
}
