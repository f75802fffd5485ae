import { threadPlaces } from '../handlers/deal-thread.ts'
import { consequences } from '../handlers/discount-consequences.ts'
import { type DiscountFact, tick } from '../src/canon/discount.ts'
import type { ScheduleDesk, ScheduleLine, TaskSchedule } from './schedule.ts'

const cap = 500

/**
 * What time does to open requests: reminds after 24 working hours, lets stand-ins decide after 48, expires after
 * 14 days, and asks somebody else where an approver has left or lost the role (Canon, Discount approval).
 * Each request is one commit guarded by its version, so two replicas or a repeated run change nothing twice.
 */
export const approvalReminders: TaskSchedule = {
  name: 'approval-reminders',
  when: { every: 'minute' },
  graceHours: 0,
  audience: 'the approver whose step waits, stand-ins after escalation, the requester when a request expires',
  cap,
  run: async (desk) => {
    const due = await desk.store.dueDiscounts(desk.now, cap)
    const lines: ScheduleLine[] = []
    for (const { company, id } of due) {
      if (desk.company && company !== desk.company) continue
      const line = await sweepOne(desk, company, id)
      if (line) lines.push(line)
    }
    return lines
  },
}

async function sweepOne(desk: ScheduleDesk, company: string, id: string): Promise<ScheduleLine | undefined> {
  const { store, now } = desk
  const request = await store.discount(company, id)
  const deal = request && (await store.deal(company, request.deal))
  if (!request || !deal) return undefined
  const [org, policy] = await Promise.all([store.org(company), store.policy(company, request.policyVersion)])
  const world = { now, org, policy, deal }
  const ticked = tick(request, world)
  const line: ScheduleLine = {
    company,
    subject: id,
    what: ticked ? ticked.facts.map((fact) => fact.fact).join(', ') : 'due time moved',
    to: ticked ? ticked.facts.flatMap(peopleOf) : [],
  }
  if (desk.dryRun) return ticked && line
  const actor = { by: 'system', platform: 'system' as const }
  const places = ticked ? await threadPlaces(store, deal, org, await store.policy(company)) : []
  // Nothing to do after all (somebody else left, a holiday was added): only the due time moves, the version stays.
  const change = ticked
    ? consequences(request, ticked.next, ticked.facts, world, actor, places)
    : { ...consequences(request, request, [], world, actor), refresh: [] }
  const commit = await store.commit({ company, ...change })
  // Somebody acted in between: their change set the next due time itself.
  return commit.outcome === 'committed' && ticked ? line : undefined
}

const peopleOf = (fact: DiscountFact): readonly string[] =>
  'people' in fact ? fact.people : 'to' in fact ? [fact.to] : []
