import type { NumbersDesk } from '../handlers/digest.ts'
import { reportSubject } from '../handlers/digest-cards.ts'
import { localDate, type PlainDate } from '../src/canon/calendar.ts'
import type { Role } from '../src/canon/people.ts'
import { type Report, type ReportKind, type ReportOf, reportId } from '../src/canon/report.ts'
import type { Save } from '../src/ports.ts'
import type { ScheduleDesk, ScheduleLine } from './schedule.ts'

/** What a report's run has before it: one company, and the local day it is for. */
export async function reportDesk(desk: ScheduleDesk): Promise<NumbersDesk & { readonly slot: PlainDate }> {
  const { company, store, now } = desk
  if (company === undefined) throw new Error('A report is run for one company.')
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  return {
    store,
    company,
    org,
    policy,
    now,
    slot: desk.slot ?? localDate(now, org.company.working.timeZone),
  }
}

/** Active people with one of these roles, in a fixed order. */
export const peopleWith = ({ org }: Pick<NumbersDesk, 'org'>, roles: readonly Role[]): string[] =>
  [...org.people.values()]
    .filter((person) => person.active && person.roles.some((role) => roles.includes(role)))
    .map(({ id }) => id)
    .sort()

/** Keeps a report and tells it to these people, once for its slot whoever computes it (B5.68, B5.78). */
export async function tellReport(
  desk: ScheduleDesk,
  of: {
    readonly company: string
    readonly kind: ReportKind
    readonly of: ReportOf
    readonly slot: PlainDate
    readonly card: string
    readonly body: unknown
    readonly to: readonly string[]
    readonly what: string
    /** Numbers of the day that are kept with it. */
    readonly numbers?: readonly Save[]
  },
): Promise<ScheduleLine[]> {
  const id = reportId(of.kind, of.of, of.slot)
  const line: ScheduleLine = { company: of.company, subject: of.of.id, what: of.what, to: of.to }
  if (desk.dryRun) return [line]
  const next: Report = { id, kind: of.kind, of: of.of, slot: of.slot, at: desk.now, body: of.body }
  const commit = await desk.store.commit({
    company: of.company,
    audit: [],
    save: [{ noun: 'report', next }, ...(of.numbers ?? [])],
    deliveries: of.to.map((person) => ({
      kind: 'nudge' as const,
      card: of.card,
      subject: reportSubject(id),
      audience: { person },
      once: `${id}:${person}`,
    })),
  })
  return commit.outcome === 'committed' ? [line] : []
}
