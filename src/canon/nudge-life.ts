import { addLocalDays, addWorkingHours, type Instant, localDate, nextWorkingMoment } from './calendar.ts'
import { earOf, type Finding, type Nudge, type NudgeAnswer, type NudgeEar, personOfEar } from './nudge.ts'
import { withRole } from './nudge-hearers.ts'
import { delegateOf, managersOf, type Org, type Person } from './people.ts'
import type { Policy } from './policy.ts'
import { type Ruling, refuse } from './refusal.ts'

/** What the rules of a nudge's life look at. */
export interface NudgeWorld {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
}

/** What somebody does about a nudge. */
export type NudgeAct =
  /** Opened what it proposes. */
  | { readonly act: 'acted'; readonly by: string }
  | { readonly act: 'snooze'; readonly by: string; readonly days: number }
  | { readonly act: 'mute'; readonly by: string; readonly reason: string }
  | { readonly act: 'done'; readonly by: string }
  /** Takes the answer back: it stands again as if nobody had answered. */
  | { readonly act: 'undo'; readonly by: string }

/** When a nudge climbs if nobody answers, told at `at`. */
const climbsAfter = (at: Instant, { org, policy }: NudgeWorld): Instant => {
  const { working } = org.company
  return nextWorkingMoment(addWorkingHours(at, policy.nudges.climbAfterWorkingHours, working), working)
}

/** A nudge as it is first told. `at`: when it reaches its first hearer. */
export function raise(
  finding: Finding,
  told: {
    readonly id: string
    readonly owner: string
    readonly ears: readonly NudgeEar[]
    readonly at: Instant
  },
  world: NudgeWorld,
): Nudge {
  const { kind, subject, cycle, because, weight, urgent } = finding
  return {
    id: told.id,
    kind,
    subject,
    cycle,
    owner: told.owner,
    because,
    weight,
    ...(urgent ? { urgent } : {}),
    status: 'open',
    raisedAt: world.now,
    rung: 0,
    ...(topRung(finding, world) > 0 ? { climbsAt: climbsAfter(told.at, world) } : {}),
    told: told.ears.map(earOf),
    policyVersion: world.policy.version,
    version: 1,
  }
}

/** The same nudge, heard by more. */
export const heardBy = (nudge: Nudge, ears: readonly NudgeEar[]): Nudge => ({
  ...nudge,
  told: [...new Set([...nudge.told, ...ears.map(earOf)])],
  version: nudge.version + 1,
})

// ── answers ──────────────────────────────────────────────────────────────────

/**
 * Who may answer a nudge: its owner, whoever was told of it, those above the owner, whoever stands in for the owner, and
 * Sales Ops. Read at the click; in a channel everybody sees the buttons.
 */
export function mayAnswer(person: Person, nudge: Nudge, { org, now }: Omit<NudgeWorld, 'policy'>): boolean {
  if (!person.active) return false
  if (person.id === nudge.owner || person.roles.includes('sales_ops')) return true
  if (nudge.told.some((ear) => personOfEar(ear) === person.id)) return true
  const owner = org.people.get(nudge.owner)
  if (!owner) return false
  const today = localDate(now, org.company.working.timeZone)
  return (
    managersOf(owner, org).some((manager) => manager.id === person.id) ||
    delegateOf(owner, org, today)?.id === person.id
  )
}

/** Rules on what somebody does about a nudge. */
export function answer(nudge: Nudge, act: NudgeAct, world: NudgeWorld): Ruling<Nudge> {
  const person = world.org.people.get(act.by)
  if (!person || !mayAnswer(person, nudge, world)) return refuse({ code: 'not-allowed', what: 'nudge' })
  const { now } = world
  if (act.act === 'undo') {
    if (nudge.answered === undefined || nudge.status === 'gone') return refuse({ code: 'moved-on' })
    return changed(reopened(nudge, world))
  }
  if (nudge.status === 'gone') return refuse({ code: 'moved-on' })
  const answered = (more: Partial<NudgeAnswer> & Pick<NudgeAnswer, 'how'>): NudgeAnswer => ({
    by: act.by,
    at: now,
    ...more,
  })
  const still = withoutTimes(nudge)
  switch (act.act) {
    case 'acted':
      // Looking once more at what is settled, or put off, takes nothing back.
      if (nudge.answered !== undefined) return { ok: true, next: nudge, facts: [] }
      return changed({ ...still, status: 'open', answered: answered({ how: 'acted' }) })
    case 'snooze': {
      if (!world.policy.nudges.snoozeDays.includes(act.days)) return refuse({ code: 'out-of-date' })
      const { working } = world.org.company
      const until = nextWorkingMoment(addLocalDays(now, act.days, working.timeZone), working)
      return changed({
        ...still,
        status: 'snoozed',
        snoozedUntil: until,
        answered: answered({ how: 'snoozed', days: act.days }),
      })
    }
    case 'mute': {
      const reason = act.reason.trim()
      if (reason === '') return refuse({ code: 'reason-missing' })
      return changed({ ...still, status: 'muted', answered: answered({ how: 'muted', reason }) })
    }
    case 'done':
      return changed({ ...still, status: 'done', answered: answered({ how: 'done' }) })
  }
}

const changed = (next: Nudge): Ruling<Nudge> => ({
  ok: true,
  next: { ...next, version: next.version + 1 },
  facts: [],
})

const withoutTimes = ({ climbsAt: _climbs, snoozedUntil: _until, ...rest }: Nudge): Nudge => rest

function reopened(nudge: Nudge, world: NudgeWorld): Nudge {
  const { answered: _answered, ...rest } = withoutTimes(nudge)
  return {
    ...rest,
    status: 'open',
    ...(nudge.rung < topRung(nudge, world) ? { climbsAt: climbsAfter(world.now, world) } : {}),
  }
}

/** Its cause is gone, or a newer cycle took its place. */
export const closed = (nudge: Nudge, superseded = false): Nudge => ({
  ...withoutTimes(nudge),
  status: 'gone',
  ...(superseded ? { superseded } : {}),
  version: nudge.version + 1,
})

// ── time ─────────────────────────────────────────────────────────────────────

/** What the passing of time does to a nudge whose cause still holds. */
export type NudgeTick =
  | { readonly what: 'climbed'; readonly next: Nudge; readonly to?: string }
  | { readonly what: 'woken'; readonly next: Nudge; readonly to: readonly string[] }

/**
 * Climbs while nobody has answered, from the owner to the manager to VP Sales, one rung at a time and to nobody twice;
 * wakes what was snoozed until now. `undefined`: nothing is due.
 */
export function tick(nudge: Nudge, world: NudgeWorld): NudgeTick | undefined {
  const { now } = world
  if (nudge.status === 'snoozed' && nudge.snoozedUntil !== undefined && nudge.snoozedUntil <= now) {
    const { answered, ...rest } = nudge
    const next = { ...reopened({ ...rest, rung: 0 }, world), version: nudge.version + 1 }
    return { what: 'woken', next, to: [...new Set([nudge.owner, answered?.by ?? nudge.owner])] }
  }
  if (nudge.status !== 'open' || nudge.climbsAt === undefined || nudge.climbsAt > now) return undefined
  if (nudge.answered !== undefined || nudge.rung >= topRung(nudge, world)) return undefined
  const rung = nudge.rung === 0 ? 1 : 2
  const to = (rung === 1 ? managerOf : leaderOf)(nudge, world.org)
  const isNews = to !== undefined && !nudge.told.includes(earOf({ person: to }))
  const next: Nudge = {
    ...withoutTimes(nudge),
    rung,
    ...(rung < topRung(nudge, world) ? { climbsAt: climbsAfter(now, world) } : {}),
    told: isNews ? [...nudge.told, earOf({ person: to })] : nudge.told,
    version: nudge.version + 1,
  }
  return isNews ? { what: 'climbed', next, to } : { what: 'climbed', next }
}

/** The nearest active manager of the owner; over VP Sales, and to C-level, nothing climbs. */
const managerOf = ({ owner }: Nudge, org: Org): string | undefined => {
  const person = org.people.get(owner)
  if (!person || person.roles.includes('vp_sales')) return undefined
  return managersOf(person, org).find((manager) => manager.active && !manager.roles.includes('c_level'))?.id
}

/** The last rung of the ladder: 0 the owner, 1 their manager, 2 VP Sales, who hears of a stalled deal once it is a risk. */
function topRung({ kind, because }: Pick<Nudge, 'kind' | 'because'>, { policy }: NudgeWorld): 0 | 1 | 2 {
  switch (policy.nudges.climbsTo[kind]) {
    case 'owner':
      return 0
    case 'manager':
      return 1
    case 'vp_sales':
      return because.kind === 'stalled' && !because.risk ? 1 : 2
  }
}

/** VP Sales: in the owner's line, else the company's. */
const leaderOf = ({ owner }: Nudge, org: Org): string | undefined => {
  const person = org.people.get(owner)
  const line = person ? managersOf(person, org) : []
  const inLine = line.find((each) => each.active && each.roles.includes('vp_sales'))
  return (inLine ?? withRole('vp_sales', org)[0])?.id
}

/** The same nudge, to be looked at again at `at`: whoever is to hear of it has had the day's budget. */
export const putOff = (nudge: Nudge, at: Instant): Nudge => ({
  ...nudge,
  ...(nudge.status === 'snoozed' ? { snoozedUntil: at } : { climbsAt: at }),
  version: nudge.version + 1,
})
