import { setImmediate } from 'node:timers/promises'
import { becauseLine } from '../blocks/nudge-because.ts'
import { plain } from '../blocks/text.ts'
import { wordsFor } from '../blocks/words/index.ts'
import type { NudgeRule, RuleDesk } from '../handlers/nudge-rule.ts'
import { nudgeRules } from '../handlers/nudge-rules.ts'
import {
  bundleCard,
  bundleSubject,
  knownOf,
  nudgeSubject,
  type TellingDesk,
  tellEar,
  tellingDesk,
} from '../handlers/nudge-tell.ts'
import { localDate } from '../src/canon/calendar.ts'
import { earOf, type Finding, type NudgeEar, type NudgeKind } from '../src/canon/nudge.ts'
import {
  admits,
  channelMost,
  intoMessages,
  isNews,
  NudgeChoice,
  type NudgePick,
} from '../src/canon/nudge-choice.ts'
import { hearersOf, tellingTo } from '../src/canon/nudge-hearers.ts'
import { closed } from '../src/canon/nudge-life.ts'
import { may } from '../src/canon/visibility.ts'
import type { Save } from '../src/ports.ts'
import type { ScheduleLine, SlotDesk } from './schedule.ts'

/** Causes that are looked up together. */
const chunk = 500

/**
 * Finds the causes of these kinds in one company, keeps to the rules against fatigue, and tells each person once. What
 * was told is in the database by cause and cycle, so a run that was cut off goes on where it stopped when it is made
 * again, and a second process tells nothing a second time (B5.68, B5.78).
 */
export async function runNudges(
  desk: SlotDesk,
  kinds: readonly NudgeKind[],
  rules: Readonly<Partial<Record<NudgeKind, NudgeRule>>> = nudgeRules,
): Promise<readonly ScheduleLine[]> {
  const company = await companyDesk(desk)
  const run = startRun(company)
  const failures: unknown[] = []
  for (const kind of kinds) {
    const rule = rules[kind]
    if (!rule || company.policy.nudges.off.includes(kind)) continue
    try {
      const standing = desk.dryRun ? undefined : await standingOf(company, kind)
      for await (const findings of inChunks(rule.find(company))) {
        for (const { subject } of findings) standing?.delete(`${subject.noun} ${subject.id}`)
        await run.look(findings)
      }
      if (standing) await closeGone(company, rule, standing)
    } catch (error) {
      // One rule that fails keeps the others from nobody; the run is made again and tells the rest.
      failures.push(error)
    }
  }
  const lines = await run.tell(desk.dryRun)
  if (failures.length > 0) throw new AggregateError(failures, 'some causes could not be looked for')
  return lines
}

/** Tells at once of causes that something else than a schedule found: an import, a form, the API. */
export async function raiseNow(
  desk: Pick<SlotDesk, 'store' | 'company' | 'now' | 'dryRun'>,
  findings: readonly Finding[],
): Promise<readonly ScheduleLine[]> {
  const company = await companyDesk(desk)
  const run = startRun(company)
  await run.look(findings.filter(({ kind }) => !company.policy.nudges.off.includes(kind)))
  return run.tell(desk.dryRun)
}

/** What every run needs, whether it finds anything or not. */
async function companyDesk({
  store,
  company,
  now,
}: Pick<SlotDesk, 'store' | 'company' | 'now'>): Promise<RuleDesk> {
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  return ruleDeskOf({ store, company, org, policy, now })
}

/** What a rule reads with. */
export const ruleDeskOf = ({
  store,
  company,
  org,
  policy,
  now,
}: Pick<TellingDesk, 'store' | 'company' | 'org' | 'policy' | 'now'>): RuleDesk => ({
  store,
  company,
  org,
  policy,
  now,
  today: localDate(now, org.company.working.timeZone),
})

async function* inChunks(found: AsyncIterable<Finding>): AsyncGenerator<readonly Finding[]> {
  let some: Finding[] = []
  for await (const finding of found) {
    some.push(finding)
    if (some.length < chunk) continue
    yield some
    some = []
    // SQLite answers without giving way: whoever presses a button meanwhile has a turn here.
    await setImmediate()
  }
  if (some.length > 0) yield some
}

/** How much more each person may be told today: read once for each who is to hear of something, and for nobody else. */
class Rooms {
  readonly #desk: TellingDesk
  readonly #told = new Map<string, number>()
  constructor(desk: TellingDesk) {
    this.#desk = desk
  }

  async read(people: Iterable<string>): Promise<void> {
    const { store, company } = this.#desk
    const asked = [...new Set(people)]
      .filter((person) => !this.#told.has(person))
      .map((person) => {
        const ear = { person }
        return { person, ear: earOf(ear), day: tellingTo(ear, false, this.#desk).day }
      })
    const counts = await store.nudgeCounts(company, asked)
    for (const { person, ear } of asked) this.#told.set(person, counts.get(ear) ?? 0)
  }

  of = (person: string): number =>
    Math.max(0, this.#desk.policy.nudges.perPersonAndDay - (this.#told.get(person) ?? 0))
}

/** What a run has read once something was found: most runs of the minute find nothing, and read none of it. */
interface Telling {
  readonly desk: TellingDesk
  readonly rooms: Rooms
  readonly choice: NudgeChoice
}

/** One run over one company: looks at causes as they stream by and keeps what each person may be told. */
function startRun(company: RuleDesk) {
  let begun: Promise<Telling> | undefined
  async function begin(): Promise<Telling> {
    const desk = await tellingDesk(company.store, company.company, company.now, company)
    const rooms = new Rooms(desk)
    return { desk, rooms, choice: new NudgeChoice(rooms.of) }
  }
  const missing = { people: new Set<string>(), teams: new Set<string>() }

  async function look(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return
    begun ??= begin()
    const { desk, rooms, choice } = await begun
    const heard = findings.map((finding) => ({ finding, hearers: hearersOf(finding, desk) }))
    await rooms.read(heard.flatMap(({ hearers }) => hearers.hearings.map(({ person }) => person)))
    const picks: NudgePick[] = []
    for (const { finding, hearers } of heard) {
      if (hearers.unreachable !== undefined) missing.people.add(hearers.unreachable)
      if (hearers.channelless !== undefined) missing.teams.add(hearers.channelless)
      for (const hearing of hearers.hearings) {
        const pick = { finding, hearing, owner: hearers.owner }
        if (choice.wants(pick)) picks.push(pick)
      }
    }
    if (picks.length === 0) return
    const known = new Map<string, Awaited<ReturnType<typeof knownOf>>>()
    for (const nudge of await knownOf(desk, picks)) {
      const key = `${nudge.kind} ${nudge.subject.noun} ${nudge.subject.id}`
      const list = known.get(key)
      if (list) list.push(nudge)
      else known.set(key, [nudge])
    }
    for (const pick of picks) {
      const { kind, subject } = pick.finding
      const admission = admits(
        pick.finding,
        known.get(`${kind} ${subject.noun} ${subject.id}`) ?? [],
        desk.now,
      )
      if (isNews(admission, pick.hearing)) choice.add(pick)
    }
  }

  async function tell(dryRun: boolean): Promise<readonly ScheduleLine[]> {
    if (!begun) return []
    const { desk, choice } = await begun
    const chosen = choice.chosen()
    const ears = new Map<string, NudgeEar>()
    for (const picks of chosen.values())
      for (const { hearing } of picks) if (hearing.channel) ears.set(earOf(hearing.channel), hearing.channel)
    const channelCounts = await desk.store.nudgeCounts(
      desk.company,
      [...ears].map(([ear, channel]) => ({ ear, day: tellingTo(channel, false, desk).day })),
    )
    const { channels, people } = intoMessages(chosen, (ear) => channelMost - (channelCounts.get(ear) ?? 0))
    const messages: (readonly [NudgeEar, readonly NudgePick[]])[] = [
      ...[...channels].map(([ear, picks]) => [ears.get(ear)!, picks] as const),
      ...[...people].flatMap(([person, picks]) =>
        partsFor({ person }, picks, desk).map((part) => [{ person }, part] as const),
      ),
    ]
    const lines: ScheduleLine[] = []
    for (const [ear, picks] of messages) {
      await setImmediate()
      const told = dryRun ? picks : await tellEar(desk, ear, picks)
      for (const pick of told) lines.push(lineOf(desk, ear, pick))
    }
    if (!dryRun) await tellOfMissing(desk, missing)
    return lines
  }

  return { look, tell }
}

/** Whoever wants one message a day gets the urgent ones beside it. */
function partsFor(ear: NudgeEar, picks: readonly NudgePick[], desk: TellingDesk): (readonly NudgePick[])[] {
  if (!tellingTo(ear, false, desk).daily) return [picks]
  const urgent = picks.filter(({ finding }) => finding.urgent)
  const rest = picks.filter(({ finding }) => !finding.urgent)
  return [urgent, rest].filter((part) => part.length > 0)
}

/** Who gets what, and why, for `dealdesk run` and the log. */
function lineOf(desk: TellingDesk, ear: NudgeEar, { finding, hearing }: NudgePick): ScheduleLine {
  const { subject, kind, because } = finding
  const why = plain(becauseLine(because, wordsFor('en'), desk.now, desk.org.company.working.timeZone))
  const where = 'channel' in ear ? ` in #${ear.channel.id}` : ''
  const instead = hearing.instead ? ` (${hearing.as}: ${hearing.instead})` : ''
  return {
    company: desk.company,
    subject: `${subject.noun} ${subject.id}`,
    what: `${kind}${where}${instead}: ${why}`,
    to: [hearing.person],
  }
}

// ── causes that are gone ─────────────────────────────────────────────────────

/** The open nudges of a kind by their subjects: what the rule does not find any more has lost its cause. */
async function standingOf(desk: RuleDesk, kind: NudgeKind): Promise<Map<string, string[]>> {
  const standing = new Map<string, string[]>()
  let after = ''
  for (;;) {
    const page = await desk.store.standingNudges(desk.company, kind, after, 2_000)
    for (const { id, subject } of page) {
      const key = `${subject.noun} ${subject.id}`
      const ids = standing.get(key)
      if (ids) ids.push(id)
      else standing.set(key, [id])
    }
    if (page.length < 2_000) return standing
    after = page.at(-1)!.id
  }
}

/** Closes nudges whose cause is gone, some at a time; one that was answered meanwhile is looked at again next time. */
async function closeGone(
  desk: RuleDesk,
  rule: NudgeRule,
  standing: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const ids = [...standing.values()].flat()
  for (let from = 0; from < ids.length; from += 50) {
    const save: Save[] = []
    for (const nudge of await desk.store.nudgesById(desk.company, ids.slice(from, from + 50))) {
      if (nudge.status !== 'open' && nudge.status !== 'snoozed') continue
      // A rule may stream only what is new: the cause itself is asked before it is called gone.
      if (await rule.still(nudge.subject, nudge.cycle, desk)) continue
      save.push({ noun: 'nudge', next: closed(nudge), expect: nudge.version })
    }
    for (const part of save.length > 1 ? [save, ...save.map((each) => [each])] : [save]) {
      if (part.length === 0) break
      const refresh = part.flatMap((each) => (each.noun === 'nudge' ? [nudgeSubject(each.next.id)] : []))
      const commit = await desk.store.commit({
        company: desk.company,
        save: part,
        audit: [],
        deliveries: [],
        refresh,
      })
      if (part === save && commit.outcome === 'committed') break
    }
  }
}

// ── who can't be reached ─────────────────────────────────────────────────────

/** One notice a month to the administrators: whom nudges can't reach, and which teams have no channel. */
async function tellOfMissing(
  desk: TellingDesk,
  missing: { readonly people: ReadonlySet<string>; readonly teams: ReadonlySet<string> },
): Promise<void> {
  if (missing.people.size === 0 && missing.teams.size === 0) return
  const { company, org, now } = desk
  const administrators = [...org.people.values()].filter(
    (person) => desk.platforms.has(person.id) && may(person, 'company.administer', {}, org),
  )
  if (administrators.length === 0) return
  const month = localDate(now, org.company.working.timeZone).slice(0, 7)
  const id = `missing:${month}`
  const known = await desk.store.nudgeBundle(company, id)
  if (known) return
  await desk.store.commit({
    company,
    save: [
      {
        noun: 'nudge-bundle',
        next: {
          id,
          ear: { person: administrators[0]!.id },
          at: now,
          items: [],
          missing: { people: [...missing.people].sort(), teams: [...missing.teams].sort() },
        },
      },
    ],
    audit: [],
    deliveries: administrators.map(({ id: person }) => ({
      kind: 'tell' as const,
      card: bundleCard,
      subject: bundleSubject(id),
      audience: { person },
      once: `nudges:${id}:${person}`,
      after: tellingTo({ person }, true, desk).at,
    })),
  })
}
