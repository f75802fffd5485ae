import { threadPlaces } from '../handlers/deal-thread.ts'
import { leavers } from '../handlers/nudge-champion.ts'
import { merged, type Part, stageConsequences } from '../handlers/stage-consequences.ts'
import { localDate } from '../src/canon/calendar.ts'
import { isOpen } from '../src/canon/opportunity.ts'
import { clearChampion } from '../src/canon/stage.ts'
import type { NudgeSchedule, ScheduleDesk, ScheduleLine } from './schedule.ts'

/** Deals whose champion left, cleared in one change: few wait for the disk, and nobody waits long for the lock. */
const together = 50

/**
 * Champions who fell silent or left the customer. Before it is told, those who left are cleared from their deals, each
 * with a line in its history and in the audit (Canon, Nudges: MEDDICC Champion is cleared when they left).
 */
export const championRisk: NudgeSchedule = {
  name: 'champion-risk',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 12,
  audience: 'the AE whose champion nobody spoke with for 30 days, or left the customer',
  cap: 5_000,
  nudges: ['champion-silent', 'champion-left'],
  before: clearLeavers,
}

async function clearLeavers(desk: ScheduleDesk): Promise<readonly ScheduleLine[]> {
  const { store, now, company } = desk
  if (company === undefined) return []
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  const today = localDate(now, org.company.working.timeZone)
  const world = { now, org, policy }
  const lines: ScheduleLine[] = []
  let batch: { readonly part: Part; readonly line: ScheduleLine }[] = []
  const settle = async () => {
    const parts = batch
    batch = []
    if (parts.length === 0) return
    const all = await store.commit({ company, ...merged(parts.map(({ part }) => part)) })
    // Somebody changed one of the deals meanwhile: each by itself then, and that one tomorrow.
    for (const { part, line } of parts) {
      const done =
        all.outcome === 'committed' || (await store.commit({ company, ...part })).outcome === 'committed'
      if (done) lines.push(line)
    }
  }
  for await (const { deal: found, trouble } of leavers({ ...world, store, company, today })) {
    if (lines.length + batch.length >= championRisk.cap) break
    const { contact } = trouble
    const line: ScheduleLine = {
      company,
      subject: found.id,
      what: `champion ${contact.id} left, cleared`,
      to: found.owner === null ? [] : [found.owner],
    }
    if (desk.dryRun) {
      lines.push(line)
      continue
    }
    const deal = await store.deal(company, found.id)
    if (!deal || !isOpen(deal.stage) || deal.meddicc.champion !== found.champion) continue
    const step = clearChampion(deal, contact, world)
    const places = await threadPlaces(store, step.next, org, policy)
    const part = stageConsequences(step, world, { by: 'system', platform: 'system' }, places)
    batch.push({ part, line })
    if (batch.length >= together) await settle()
  }
  await settle()
  return lines
}
