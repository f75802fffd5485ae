import type { NudgeRule } from '../handlers/nudge-rule.ts'
import { nudgeRules } from '../handlers/nudge-rules.ts'
import { messageOf, nudgeSubject, type TellingDesk, tellingDesk } from '../handlers/nudge-tell.ts'
import { addDays, instantAt, nextWorkingMoment } from '../src/canon/calendar.ts'
import { earOf, type HeardAs, type Nudge, type NudgeKind } from '../src/canon/nudge.ts'
import { tellingTo, workingOf } from '../src/canon/nudge-hearers.ts'
import { closed, putOff, tick } from '../src/canon/nudge-life.ts'
import type { Save } from '../src/ports.ts'
import { ruleDeskOf } from './nudge-run.ts'
import type { ScheduleDesk, ScheduleLine, TaskSchedule } from './schedule.ts'

/** Nudges that are looked at in one run; the rest is due at the next. */
const cap = 2_000

type Rules = Readonly<Partial<Record<NudgeKind, NudgeRule>>>

/**
 * What time does to nudges: one that nobody answered goes to the next person up, one that was snoozed comes back when
 * its time is over, each only while its cause still holds (Canon, Nudges and escalations).
 */
export const nudgeLadder: TaskSchedule = {
  name: 'nudge-ladder',
  when: { every: 'hour' },
  graceHours: 0,
  audience:
    'the manager of somebody who has not answered a nudge, then VP Sales; whoever snoozed one until now',
  cap,
  run: (desk) => climbNudges(desk),
}

/** The sweep itself; `rules` are the product's own unless told otherwise. */
export async function climbNudges(desk: ScheduleDesk, rules: Rules = nudgeRules): Promise<ScheduleLine[]> {
  const due = await desk.store.dueNudges(desk.now, cap, desk.company)
  const companies = new Map<string, string[]>()
  for (const { company, id } of due) companies.set(company, [...(companies.get(company) ?? []), id])
  const lines: ScheduleLine[] = []
  for (const [company, ids] of companies) lines.push(...(await climbIn(desk, company, ids, rules)))
  return lines
}

/** One nudge that somebody is to hear of again. */
interface Step {
  readonly before: Nudge
  readonly next: Nudge
  readonly as: HeardAs
}

async function climbIn(
  desk: ScheduleDesk,
  company: string,
  ids: readonly string[],
  rules: Rules,
): Promise<ScheduleLine[]> {
  const telling = await tellingDesk(desk.store, company, desk.now)
  const quiet: { before: Nudge; next: Nudge }[] = []
  const steps = new Map<string, Step[]>()
  for (const nudge of await desk.store.nudgesById(company, ids)) {
    // Answered since it was listed.
    if (nudge.status !== 'open' && nudge.status !== 'snoozed') continue
    const ticked = (await still(nudge, telling, rules)) ? tick(nudge, telling) : undefined
    if (!ticked) {
      quiet.push({ before: nudge, next: closed(nudge) })
      continue
    }
    const ear = ticked.what === 'woken' ? firstReachable(ticked.to, telling) : ticked.to
    if (ear === undefined || !telling.platforms.has(ear)) quiet.push({ before: nudge, next: ticked.next })
    else steps.set(ear, [...(steps.get(ear) ?? []), { before: nudge, next: ticked.next, as: ticked.what }])
  }
  if (!desk.dryRun) await settleQuietly(telling, quiet)
  const lines: ScheduleLine[] = []
  for (const [person, list] of [...steps].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const told = desk.dryRun ? list : await tellPerson(telling, person, list)
    for (const { next, as } of told)
      lines.push({
        company,
        subject: `${next.subject.noun} ${next.subject.id}`,
        what: `${next.kind}: ${as}`,
        to: [person],
      })
  }
  return lines
}

async function still(nudge: Nudge, telling: TellingDesk, rules: Rules): Promise<boolean> {
  const rule = rules[nudge.kind]
  if (!rule || telling.policy.nudges.off.includes(nudge.kind)) return false
  return (await rule.still(nudge.subject, nudge.cycle, ruleDeskOf(telling))) !== undefined
}

/** Who asked to be reminded, else the owner. */
const firstReachable = (people: readonly string[], { platforms, org }: TellingDesk): string | undefined =>
  [...people].reverse().find((id) => platforms.has(id) && org.people.get(id)?.active)

/** What rings nobody: causes that are gone, rungs without anybody new on them. */
async function settleQuietly(
  { store, company }: TellingDesk,
  all: readonly { readonly before: Nudge; readonly next: Nudge }[],
): Promise<void> {
  for (const { before, next } of all)
    await store.commit({
      company,
      save: [{ noun: 'nudge', next, expect: before.version }],
      audit: [],
      deliveries: [],
      refresh: [nudgeSubject(next.id)],
    })
}

/**
 * One message to one person, within the day's budget; what does not fit is looked at again when their next day begins.
 * What somebody snoozed is theirs to get back, whatever else they were told.
 */
async function tellPerson(
  desk: TellingDesk,
  person: string,
  steps: readonly Step[],
): Promise<readonly Step[]> {
  const ear = { person }
  const telling = tellingTo(ear, false, desk)
  for (let attempt = 0; attempt < 6; attempt++) {
    const fresh = new Map(
      (
        await desk.store.nudgesById(
          desk.company,
          steps.map(({ before }) => before.id),
        )
      ).map((nudge) => [nudge.id, nudge]),
    )
    const mine = steps
      .filter(({ before }) => fresh.get(before.id)?.version === before.version)
      .sort((a, b) => b.next.weight - a.next.weight || (a.next.id < b.next.id ? -1 : 1))
    const counts = await desk.store.nudgeCounts(desk.company, [{ ear: earOf(ear), day: telling.day }])
    const counted = counts.get(earOf(ear)) ?? 0
    let room = desk.policy.nudges.perPersonAndDay - counted
    const told = mine.filter(({ as, next }) => as === 'woken' || next.urgent || room-- > 0)
    const later = mine.filter((step) => !told.includes(step))
    const working = workingOf(person, desk)
    const tomorrow = nextWorkingMoment(instantAt(addDays(telling.day, 1), '00:00', working.timeZone), working)
    const save: Save[] = [
      ...told.map(({ before, next }): Save => ({ noun: 'nudge', next, expect: before.version })),
      ...later.map(
        ({ before }): Save => ({ noun: 'nudge', next: putOff(before, tomorrow), expect: before.version }),
      ),
    ]
    const spent = told.filter(({ as, next }) => as === 'climbed' && !next.urgent).length
    if (spent > 0)
      save.push({ noun: 'nudge-count', ear: earOf(ear), day: telling.day, expect: counted, add: spent })
    if (save.length === 0) return []
    const refresh = told.map(({ next }) => nudgeSubject(next.id))
    const items = told.map(({ next, as }) => ({ nudge: next.id, as }))
    const change =
      told.length === 0 ? { save, deliveries: [] } : messageOf(desk, ear, telling, items, save, refresh)
    const commit = await desk.store.commit({ company: desk.company, audit: [], ...change })
    if (commit.outcome === 'committed') return told
  }
  return []
}
