import { isFresh, leadKeepers, leadWaits, managerHears, watchedSince } from '../src/canon/nudge-lead.ts'
import { weightOf } from '../src/canon/nudge-weight.ts'
import { answerableIn, findingsOf } from './nudge-findings.ts'
import type { NudgeRule } from './nudge-rule.ts'

/** Inbound leads that nobody touched within 5 minutes of working time: the SDR, and after as long again the manager. */
export const leadResponseRule: NudgeRule = {
  kind: 'lead-response',
  find(desk) {
    const { store, company, org, policy, now } = desk
    const { working } = org.company
    const who = answerableIn(org)
    let keepers: readonly string[] | undefined
    const until = now - policy.nudges.leadResponseMinutes * 60_000
    return findingsOf(store.untouchedLeads(company, watchedSince(now, working.timeZone), until), (lead) => {
      const because = leadWaits(lead, now, working, policy.nudges)
      if (!because) return undefined
      const { minutes, arrivedAt } = because
      const common = {
        kind: 'lead-response' as const,
        subject: { noun: 'lead' as const, id: lead.id },
        cycle: String(arrivedAt),
        because,
        urgent: isFresh(minutes),
        // A lead that came just now is still warm; its score says how much it may be worth.
        weight:
          weightOf('lead-response', 100 * (lead.score ?? 50), 1) - Math.round(10 * Math.log10(1 + minutes)),
      }
      const { owner, manager } = who(lead.owner)
      if (owner !== '')
        return {
          ...common,
          owner,
          ...(manager && managerHears(minutes, policy.nudges) ? { alsoTell: manager } : {}),
        }
      keepers ??= leadKeepers(org).map(({ id }) => id)
      return { ...common, owner: keepers[0] ?? '', alsoTell: keepers.slice(1) }
    })
  },
  async still(subject, _cycle, { store, company, org, policy, now }) {
    const lead = subject.noun === 'lead' ? await store.lead(company, subject.id) : undefined
    return lead && leadWaits(lead, now, org.company.working, policy.nudges)
  },
  actions: (on) => [
    { action: 'activity.log', on },
    { action: 'handoff.start', on },
  ],
}
