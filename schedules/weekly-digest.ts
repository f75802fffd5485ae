import { createHash } from 'node:crypto'
import { type ComputedDigest, digestsOf, groupOfTeam, membersByTeam } from '../handlers/digest.ts'
import { csmsLine, digestCards, reportSubject, repsLine } from '../handlers/digest-cards.ts'
import { type ComputedCustomers, customersReader } from '../handlers/digest-customers.ts'
import {
  administrators,
  lacksOfTeam,
  placeKey,
  placesOfDigest,
  sellsOf,
  type Tenants,
} from '../handlers/digest-places.ts'
import { localDate } from '../src/canon/calendar.ts'
import { isQuiet, type TeamLack } from '../src/canon/digest.ts'
import { allOf } from '../src/canon/digest-customer-anomaly.ts'
import type { Org } from '../src/canon/people.ts'
import { type Report, reportId } from '../src/canon/report.ts'
import type { TeamDigest } from '../src/canon/summary.ts'
import type { Delivery, Save } from '../src/ports.ts'
import { scoreAccounts } from './red-health.ts'
import type { ScheduleDesk, ScheduleLine, TaskSchedule } from './schedule.ts'

/** Digests of one commit: few enough that nobody waits behind it, many enough that a thousand teams take seconds. */
const atOnce = 20
const cap = 5_000
/** Renewals that a team's digest names. */
const renewalsNamed = 3

/** Monday morning in every team's channel: the pipeline and the customers of the week (Canon, Digests). */
export const weeklyDigest: TaskSchedule = {
  name: 'weekly-digest',
  when: { at: '09:00', on: 'mondays', zone: 'team' },
  // Until Friday: three days down are one digest, a week is none.
  graceHours: 96,
  audience: 'the channel of every team, else its manager',
  cap,
  run,
}

async function run(desk: ScheduleDesk): Promise<readonly ScheduleLine[]> {
  const { company } = desk
  if (company === undefined) throw new Error('The weekly digest is run for one company.')
  const { store, now } = desk
  // Signals of this very minute count.
  await scoreAccounts(desk)
  const [org, policy, tenants, linked] = await Promise.all([
    store.org(company),
    store.policy(company),
    store.tenantsOf(company),
    store.linkedPeople(company),
  ])
  const own = org.company.working.timeZone
  const slot = desk.slot ?? localDate(now, own)
  const told = new Set(await store.reportIds(company, 'weekly-digest', slot))
  const members = membersByTeam(org)
  const here = [...org.teams.values()]
    .filter(({ timeZone }) => desk.zone === undefined || (timeZone ?? own) === desk.zone)
    .map((team) => ({ team: team.id, lacks: lacksOfTeam(team, org, members.get(team.id) ?? [], tenants) }))
  const lacks = new Map(here.map((each) => [each.team, each.lacks]))
  const groups = here
    .filter(({ team }) => !told.has(digestId(team, slot)))
    .slice(0, cap)
    .map(({ team }) => groupOfTeam(team, org, members))
  const lines: ScheduleLine[] = []
  const reading = { store, company, org, policy, now }
  const customersOf = customersReader(reading, slot, renewalsNamed)
  for await (const computed of digestsOf(reading, groups, slot)) {
    const customers = await customersOf(computed.map(({ group }) => group))
    for (let at = 0; at < computed.length; at += atOnce) {
      const parts = computed.slice(at, at + atOnce).map((each) =>
        partOf(each, customers.get(each.group.id), {
          lacks: lacks.get(each.group.id)!,
          sells: sellsOf(members.get(each.group.id) ?? [], org),
          org,
          tenants,
          linked,
          slot,
          now,
        }),
      )
      lines.push(...(await tell(desk, company, parts)))
    }
  }
  // Of all teams, also of those that a run which was cut off has told: it died before it came to this (B5.68).
  const lacking = here.filter((each) => each.lacks.length > 0)
  lines.push(...(await tellLacks(desk, company, org, lacking, slot)))
  return lines
}

const digestId = (team: string, slot: string): string =>
  reportId('weekly-digest', { noun: 'team', id: team }, slot)

interface Part {
  readonly save: readonly Save[]
  readonly deliveries: readonly Delivery[]
  readonly line: { readonly subject: string; readonly what: string; readonly to: readonly string[] }
}

function partOf(
  { group, digest, snapshot }: ComputedDigest,
  customers: ComputedCustomers | undefined,
  of: {
    readonly lacks: readonly TeamLack[]
    readonly sells: boolean
    readonly org: Org
    readonly tenants: Tenants
    readonly linked: ReadonlySet<string>
    readonly slot: string
    readonly now: number
  },
): Part {
  const { lacks, linked, org, sells, tenants, slot, now } = of
  const id = digestId(group.id, slot)
  const quiet = isQuiet(digest)
  const body: TeamDigest = {
    digest,
    lacks,
    ...(customers ? { customers: customers.digest } : {}),
    ...(customers && quiet && !sells ? { customersOnly: true } : {}),
  }
  const next: Report = { id, kind: 'weekly-digest', of: { noun: 'team', id: group.id }, slot, at: now, body }
  const places = placesOfDigest(org.teams.get(group.id)!, org, tenants, linked)
  const subject = reportSubject(id)
  const deliveries = places.flatMap((audience): Delivery[] => {
    const card = {
      kind: 'nudge',
      card: digestCards.team,
      subject,
      audience,
      once: `${id}:${placeKey(audience)}`,
    } as const
    // By rep and by CSM in the thread; a DM has no need of a second message, the card has a button.
    if ('person' in audience) return [card]
    const lines = [
      ...(digest.reps.length > 0 ? [repsLine] : []),
      ...(customers && customers.digest.csms.length > 0 ? [csmsLine] : []),
    ]
    return [card, ...lines.map((line) => ({ ...card, line, once: `${card.once}:${line}` }))]
  })
  return {
    save: [
      { noun: 'report', next },
      { noun: 'pipeline-snapshot', cells: snapshot },
      ...(customers ? [{ noun: 'customer-snapshot', cells: customers.snapshot } as const] : []),
    ],
    deliveries,
    line: {
      subject: group.id,
      what:
        quiet && !customers
          ? 'weekly digest: nothing is open'
          : `weekly digest: ${[
              ...(quiet
                ? []
                : [`${digest.pipeline.deals} ${digest.pipeline.deals === 1 ? 'deal' : 'deals'}`]),
              ...(customers ? [`${allOf(customers.digest.grades).accounts} customers`] : []),
            ].join(', ')}`,
      to: places.map(placeKey),
    },
  }
}

/**
 * Several digests in one commit. Somebody else may have told one of them meanwhile, after this slot was taken up twice:
 * then each goes by itself, and what is there stays as it is (B5.68, B5.78).
 */
async function tell(desk: ScheduleDesk, company: string, parts: readonly Part[]): Promise<ScheduleLine[]> {
  const lineOf = ({ line }: Part): ScheduleLine => ({ company, ...line })
  if (desk.dryRun) return parts.map(lineOf)
  const commit = (of: readonly Part[]) =>
    desk.store.commit({
      company,
      audit: [],
      save: of.flatMap(({ save }) => save),
      deliveries: of.flatMap(({ deliveries }) => deliveries),
    })
  if ((await commit(parts)).outcome === 'committed') return parts.map(lineOf)
  const lines: ScheduleLine[] = []
  for (const part of parts) if ((await commit([part])).outcome === 'committed') lines.push(lineOf(part))
  return lines
}

/** What teams lack is told to those who can mend it: once, and again only when it is something else. */
async function tellLacks(
  desk: ScheduleDesk,
  company: string,
  org: Org,
  lacking: readonly { readonly team: string; readonly lacks: TeamLack[] }[],
  slot: string,
): Promise<ScheduleLine[]> {
  if (lacking.length === 0) return []
  const teams = [...lacking].sort((a, b) => (a.team < b.team ? -1 : 1))
  const what = createHash('sha256').update(JSON.stringify(teams)).digest('hex').slice(0, 16)
  const of = { noun: 'company', id: company } as const
  const id = reportId('digest-setup', of, what)
  const to = administrators(org).map((person) => person.id)
  const line = { company, subject: company, what: 'what the weekly digest lacks', to }
  if (await desk.store.report(company, id)) return []
  if (desk.dryRun) return [line]
  const commit = await desk.store.commit({
    company,
    audit: [],
    save: [{ noun: 'report', next: { id, kind: 'digest-setup', of, slot, at: desk.now, body: { teams } } }],
    deliveries: to.map((person) => ({
      kind: 'tell',
      card: digestCards.setup,
      subject: reportSubject(id),
      audience: { person },
      once: `${id}:${person}`,
    })),
  })
  return commit.outcome === 'committed' ? [line] : []
}
