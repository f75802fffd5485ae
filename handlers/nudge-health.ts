import { addDays } from '../src/canon/calendar.ts'
import { csManagersOf, healthOwner, planAsks, reviewPresses } from '../src/canon/health-task.ts'
import type { Because, Finding, NudgeKind, NudgeSubject } from '../src/canon/nudge.ts'
import { type Stakes, stakesIn, weightOf } from '../src/canon/nudge-weight.ts'
import type { OpenHealthTask } from '../src/ports/health.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

// What is told of account health (Canon, Account health): a red account at once, a yellow one's action plan.

/** Tasks read at once: the walk over a large company stays short of a second and holds nothing up. */
const page = 500

/** Every open review or plan of a company, with its account. */
export async function* openTasks(
  desk: Pick<RuleDesk, 'store' | 'company'>,
  kind: 'review' | 'plan',
): AsyncGenerator<OpenHealthTask> {
  let after = ''
  for (;;) {
    const found = await desk.store.openHealthTasks(desk.company, kind, after, page)
    yield* found
    const last = found.at(-1)
    if (!last || found.length < page) return
    after = last.task.id
  }
}

/** The one open task of a kind that a nudge's subject has, with its account. */
async function openTask(
  desk: RuleDesk,
  kind: 'review' | 'plan',
  account: string,
): Promise<OpenHealthTask | undefined> {
  const [tasks, record, health] = await Promise.all([
    desk.store.healthTasksOf(desk.company, account, 10),
    desk.store.account(desk.company, account),
    desk.store.healthOf(desk.company, account),
  ])
  const task = tasks.find((each) => each.kind === kind && each.status === 'open')
  return task && record && { task, account: record, ...(health ? { health } : {}) }
}

/**
 * What is told first: by the ARR at stake, of which a lower score puts more in doubt; an account whose ARR nobody knows
 * is not the last of all for that. Rates are read when there is something to weigh, and once.
 */
function pressingIn({ store, company, org, today }: RuleDesk) {
  let known: Promise<Stakes> | undefined
  const read = async () => stakesIn(org.company.currency, await store.fxRates(company, today))
  return async (kind: NudgeKind, { arr }: OpenHealthTask, score: number, days: number): Promise<number> => {
    known ??= read()
    return 30 + weightOf(kind, (await known)(arr?.amount, arr?.currency, 100 - score / 10), days)
  }
}

function redBecause({ task, health }: OpenHealthTask): Because | undefined {
  if (!health || !reviewPresses(task, health)) return undefined
  return {
    kind: 'health-red',
    score: health.score,
    ...(health.before ? { before: health.before.score } : {}),
    since: health.since,
  }
}

/**
 * One review, one telling: an account that turns red again after its review was closed has a new one, and a review that
 * was opened again has a higher version.
 */
const cycleOf = ({ task }: OpenHealthTask): string => `${task.id}:${task.version}`

const people = (ids: readonly string[], owner: string): readonly string[] => ids.filter((id) => id !== owner)

/** An account is red and nobody has closed its review: its CSM and CS Manager, at once. */
export const healthRed: NudgeRule = {
  kind: 'health-red',
  async *find(desk) {
    const pressing = pressingIn(desk)
    for await (const found of openTasks(desk, 'review')) {
      const because = redBecause(found)
      const owner = healthOwner(found.account, desk.org)
      if (!because || !owner || !found.health) continue
      const finding: Finding = {
        kind: 'health-red',
        subject: { noun: 'account', id: found.account.id },
        cycle: cycleOf(found),
        owner,
        alsoTell: people(csManagersOf(found.account, desk.org), owner),
        because,
        urgent: true,
        weight: await pressing('health-red', found, found.health.score, 30),
      }
      yield finding
    }
  },
  async still(subject, cycle, desk) {
    const found = await openTask(desk, 'review', subject.id)
    return found && cycleOf(found) === cycle ? redBecause(found) : undefined
  },
  actions: (subject: NudgeSubject) => [
    { action: 'health.review', on: subject },
    { action: 'health.open', on: subject },
  ],
}

/** What is asked of a yellow account's plan today, and the cycle in which it is asked once. */
function yellowAsk({ task, health }: OpenHealthTask, desk: RuleDesk) {
  const asks = health && planAsks(task, health.grade, desk.today)
  if (!asks || !health || !task.dueOn) return undefined
  const because: Because = {
    kind: 'health-yellow',
    score: health.score,
    since: health.since,
    dueOn: asks === 'check' ? (task.plannedUntil ?? task.dueOn) : task.dueOn,
    asks,
  }
  // Overdue, it is asked again every week until there is a plan.
  const late = asks === 'overdue' ? weeksLate(task.dueOn, desk.today) : ''
  const cycle = `${task.id}:${asks}${asks === 'check' ? `:${task.plannedUntil}` : late}`
  return { because, cycle }
}

function weeksLate(dueOn: string, today: string): string {
  let weeks = 0
  for (let day = addDays(dueOn, 8); day <= today && weeks < 520; day = addDays(day, 7)) weeks += 1
  return `:${weeks}`
}

/** An account is yellow and has no action plan, or the plan's day has come: its CSM. */
export const healthYellow: NudgeRule = {
  kind: 'health-yellow',
  async *find(desk) {
    const pressing = pressingIn(desk)
    for await (const found of openTasks(desk, 'plan')) {
      const asked = yellowAsk(found, desk)
      const owner = healthOwner(found.account, desk.org)
      if (!asked || !owner || !found.health) continue
      const overdue = asked.because.kind === 'health-yellow' && asked.because.asks === 'overdue'
      const finding: Finding = {
        kind: 'health-yellow',
        subject: { noun: 'account', id: found.account.id },
        cycle: asked.cycle,
        owner,
        because: asked.because,
        weight: await pressing('health-yellow', found, found.health.score, overdue ? 30 : 1),
      }
      yield finding
    }
  },
  async still(subject, cycle, desk) {
    const found = await openTask(desk, 'plan', subject.id)
    const asked = found && yellowAsk(found, desk)
    // From “make it” to “it is due soon” it is the same plan that is asked for.
    return asked && found && cycle.startsWith(`${found.task.id}:`) ? asked.because : undefined
  },
  actions: (subject: NudgeSubject) => [
    { action: 'health.plan', on: subject },
    { action: 'health.open', on: subject },
  ],
}
