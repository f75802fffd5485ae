import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Assessed, assess, forgotten } from '../handlers/health-assess.ts'
import { merged, type Part } from '../handlers/stage-consequences.ts'
import { scoringRules } from '../src/canon/health.ts'
import type { NudgeSchedule, ScheduleDesk, ScheduleLine } from './schedule.ts'

/** Accounts computed in one run, and in one commit: a file of signals is worked off in some minutes, beside everything else. */
const cap = 2_000
const together = 50

/**
 * Scores the accounts whose signals, or whose rules, have changed, and tells the CSM and the CS Manager of those that
 * turned red (Canon, Account health).
 */
export const redHealth: NudgeSchedule = {
  name: 'red-health',
  when: { every: 'minute' },
  graceHours: 0,
  audience: 'the CSM of the account and their CS Manager',
  cap,
  nudges: ['health-red'],
  before: scoreAccounts,
}

/** Scores what waits to be scored, so that whoever reads health next reads it as of now. */
export async function scoreAccounts(desk: ScheduleDesk): Promise<readonly ScheduleLine[]> {
  const { store, now } = desk
  // Always given by the run of nudges: causes are looked for company by company.
  const company = desk.company
  if (company === undefined) return []
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  const waiting = await store.healthToCompute(company, scoringRules(policy.health), cap)
  const reader = { store, company, now, org, policy, newId: randomUUID }
  const lines: ScheduleLine[] = []
  for (let at = 0; at < waiting.length; at += together) {
    const found: { readonly part: Part; readonly lines: readonly ScheduleLine[] }[] = []
    for (const { account, marks } of waiting.slice(at, at + together)) {
      const assessed = await assess(reader, account, marks === undefined ? {} : { marks })
      if (assessed) found.push({ part: assessed.part, lines: linesOf(assessed, company) })
      else if (marks !== undefined) found.push({ part: forgotten(account, marks), lines: [] })
    }
    if (desk.dryRun) lines.push(...found.flatMap((each) => each.lines))
    else lines.push(...(await keep(desk, company, found)))
    // Reading SQLite yields to nobody: whoever presses a button meanwhile has a turn here.
    await setImmediate()
  }
  return lines
}

/** All in one commit; where something moved meanwhile, each by itself, and what moved again is due at the next run. */
async function keep(
  { store }: ScheduleDesk,
  company: string,
  found: readonly { readonly part: Part; readonly lines: readonly ScheduleLine[] }[],
): Promise<readonly ScheduleLine[]> {
  if (found.length === 0) return []
  const all = await store.commit({ company, ...merged(found.map(({ part }) => part)) })
  if (all.outcome === 'committed') return found.flatMap(({ lines }) => lines)
  if (found.length === 1) return []
  const lines: ScheduleLine[] = []
  for (const each of found) {
    const one = await store.commit({ company, ...each.part })
    if (one.outcome === 'committed') lines.push(...each.lines)
  }
  return lines
}

const linesOf = ({ account, change, expansionFor }: Assessed, company: string): ScheduleLine[] => [
  ...(change
    ? [
        {
          company,
          subject: account.id,
          what: `health ${change.from ?? 'new'} → ${change.to} (${change.score / 10})`,
          to: [],
        },
      ]
    : []),
  ...(expansionFor
    ? [{ company, subject: account.id, what: 'expansion handoff drafted', to: [expansionFor] }]
    : []),
]
