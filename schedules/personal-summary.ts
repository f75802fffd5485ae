import { hasSummary, snapshotOfNobody, summariesOf } from '../handlers/summary.ts'
import { summaryCards } from '../handlers/summary-cards.ts'
import { reportId } from '../src/canon/report.ts'
import { saysSomething } from '../src/canon/summary.ts'
import { scoreAccounts } from './red-health.ts'
import { reportDesk, tellReport } from './report.ts'
import type { ScheduleLine, TaskSchedule } from './schedule.ts'

const cap = 20_000

/**
 * Monday morning by DM, to everybody who sells or keeps customers: their own week, and to those who lead, the discounts
 * that their people gave (Canon, Digests; Discount approval: the AE's own authority). Who has nothing to hear hears nothing.
 */
export const personalSummary: TaskSchedule = {
  name: 'personal-summary',
  when: { at: '09:00', on: 'mondays', zone: 'company' },
  graceHours: 96,
  audience: 'each AE, CSM and Sales Manager, and VP Sales',
  cap,
  run: async (desk) => {
    await scoreAccounts(desk)
    const reading = await reportDesk(desk)
    const { store, company, org, slot } = reading
    const told = new Set(await store.reportIds(company, 'personal-summary', slot))
    const linked = await store.linkedPeople(company)
    const people = [...org.people.values()]
      .filter(hasSummary)
      // Nobody else may read somebody's week; that they have no account is on their manager's hygiene list.
      .filter(({ id }) => linked.has(id))
      .filter(({ id }) => !told.has(reportId('personal-summary', { noun: 'person', id }, slot)))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, cap)
    if (!desk.dryRun) {
      const cells = await snapshotOfNobody(reading, slot)
      if (cells.length > 0)
        await store.commit({
          company,
          audit: [],
          deliveries: [],
          save: [{ noun: 'pipeline-snapshot', cells }],
        })
    }
    const lines: ScheduleLine[] = []
    for await (const batch of summariesOf(reading, people, slot))
      for (const { person, summary, snapshot } of batch) {
        const numbers = snapshot.length > 0 ? [{ noun: 'customer-snapshot', cells: snapshot } as const] : []
        if (!saysSomething(summary)) {
          // Next week it may, and is compared with this one.
          if (numbers.length > 0 && !desk.dryRun)
            await store.commit({ company, audit: [], deliveries: [], save: numbers })
          continue
        }
        const of = { noun: 'person', id: person.id } as const
        const { digest } = summary
        const what = digest
          ? `personal summary: ${digest.pipeline.deals} ${digest.pipeline.deals === 1 ? 'deal' : 'deals'}`
          : 'personal summary'
        lines.push(
          ...(await tellReport(desk, {
            company,
            kind: 'personal-summary',
            of,
            slot,
            card: summaryCards.person,
            body: summary,
            numbers,
            to: [person.id],
            what,
          })),
        )
      }
    return lines
  },
}
