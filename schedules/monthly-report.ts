import { monthlyReportOf } from '../handlers/summary.ts'
import { summaryCards } from '../handlers/summary-cards.ts'
import { reportId } from '../src/canon/report.ts'
import { peopleWith, reportDesk, tellReport } from './report.ts'
import type { TaskSchedule } from './schedule.ts'

/** The first working day of a month: the metrics of the month before against their targets (Canon, Digests). */
export const monthlyReport: TaskSchedule = {
  name: 'monthly-report',
  when: { at: '09:00', on: 'month-starts', zone: 'company' },
  graceHours: 120,
  audience: 'Sales Ops and VP Sales',
  cap: 1,
  run: async (desk) => {
    const numbers = await reportDesk(desk)
    const { company, slot, store } = numbers
    const of = { noun: 'company', id: company } as const
    if (await store.report(company, reportId('monthly-report', of, slot))) return []
    const body = await monthlyReportOf(numbers, slot)
    const to = peopleWith(numbers, ['sales_ops', 'vp_sales'])
    const card = summaryCards.monthly
    return tellReport(desk, {
      company,
      kind: 'monthly-report',
      of,
      slot,
      card,
      body,
      to,
      what: 'monthly report',
    })
  },
}
