import type { Because, Finding } from '../src/canon/nudge.ts'
import { type Tier, tiers } from '../src/canon/opportunity.ts'
import { type QbrDue, qbrCycle, qbrDue, qbrQuarters, qbrsNeeded } from '../src/canon/qbr.ts'
import type { QbrLine } from '../src/ports/renewal.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

const page = 1_000

/** Customers whose tier needs a QBR in this quarter and that have none, to the CSM with the AE told (Canon, Nudges). */
export const qbrRule: NudgeRule = {
  kind: 'qbr-due',
  async *find(desk) {
    for await (const { line, due } of qbrsDue(desk)) yield findingOf(line, due, desk)
  },
  async still(subject, _cycle, desk) {
    const account = await desk.store.account(desk.company, subject.id)
    if (!account?.csm || account.arr?.amount === 0) return undefined
    const held = await desk.store.qbrsOf(desk.company, account.id, 8)
    const due = dueOf(
      account.tier,
      held.map(({ quarter }) => quarter),
      desk,
    )
    return due && becauseOf(due, held[0]?.heldOn)
  },
  actions: (subject) => [
    { action: 'qbr.record', on: subject },
    { action: 'renewal.open', on: subject },
  ],
}

/** What says which QBRs are due. */
type QbrDesk = Pick<RuleDesk, 'store' | 'company' | 'org' | 'policy' | 'today'>

/** Every customer that needs a QBR in this quarter and had none. */
export async function* qbrsDue(desk: QbrDesk): AsyncGenerator<{ line: QbrLine; due: QbrDue }> {
  const { store, company } = desk
  const needing = tiers.filter((tier) => qbrsNeeded(tier, desk.policy.health) > 0)
  const quarters = quartersOf(desk)
  let after: string | undefined
  // Customers of a tier with QBRs in the same quarters are due alike.
  const known = new Map<string, QbrDue | undefined>()
  const dueLike = ({ tier, held }: QbrLine): QbrDue | undefined => {
    const key = `${tier} ${[...held].sort().join()}`
    if (!known.has(key)) known.set(key, dueOf(tier, held, desk))
    return known.get(key)
  }
  for (;;) {
    const lines: QbrLine[] = await store.qbrLines(company, needing, quarters, after, page)
    for (const line of lines) {
      const due = dueLike(line)
      if (due) yield { line, due }
    }
    if (lines.length < page) return
    after = lines.at(-1)?.account
  }
}

const quartersOf = ({ today, org }: QbrDesk): string[] =>
  qbrQuarters(today, org.company.fiscalYearStart).map(({ name }) => name)

const dueOf = (
  tier: Tier | undefined,
  held: readonly string[],
  { today, org, policy }: QbrDesk,
): QbrDue | undefined => qbrDue(tier, held, today, org.company.fiscalYearStart, policy.health)

const becauseOf = ({ quarter, dueOn }: QbrDue, lastHeldOn: string | undefined): Because => ({
  kind: 'qbr-due',
  quarter,
  dueOn,
  ...(lastHeldOn === undefined ? {} : { lastHeldOn }),
})

function findingOf(line: QbrLine, due: QbrDue, { org }: RuleDesk): Finding {
  const { ae } = line
  const tellsAe = due.lastCall && ae !== undefined && ae !== line.csm && org.people.get(ae)?.active
  return {
    kind: 'qbr-due',
    subject: { noun: 'account', id: line.account },
    cycle: qbrCycle(due),
    owner: line.csm,
    ...(tellsAe ? { alsoTell: [ae] } : {}),
    because: becauseOf(due, line.lastHeldOn),
    // Planning can wait for what is urgent; in the last weeks of the quarter it can't.
    weight: (due.lastCall ? 95 : 30) + (line.tier === 'T1' ? 5 : 0),
  }
}
