import { quarterlyReviewOf } from '../handlers/summary.ts'
import { summaryCards } from '../handlers/summary-cards.ts'
import { reportId } from '../src/canon/report.ts'
import { keepFirstDay } from './forecast-watch.ts'
import { peopleWith, reportDesk, tellReport } from './report.ts'
import type { TaskSchedule } from './schedule.ts'

/**
 * The first working day of a quarter: what was forecast on the first day of the last one against what came, and why
 * deals were won and lost (Canon, Digests).
 */
export const quarterlyReview: TaskSchedule = {
  name: 'quarterly-review',
  when: { at: '09:00', on: 'quarter-starts', zone: 'company' },
  graceHours: 240,
  audience: 'VP Sales, C-level and Sales Ops',
  cap: 1,
  run: async (desk) => {
    const numbers = await reportDesk(desk)
    const { company, slot, store } = numbers
    const of = { noun: 'company', id: company } as const
    const kept = await keepFirstDay({ ...desk, company })
    if (await store.report(company, reportId('quarterly-review', of, slot))) return kept
    const body = await quarterlyReviewOf(numbers)
    const to = peopleWith(numbers, ['vp_sales', 'c_level', 'sales_ops'])
    const what = `review of ${body.quarter}`
    const card = summaryCards.quarterly
    return [
      ...kept,
      ...(await tellReport(desk, { company, kind: 'quarterly-review', of, slot, card, body, to, what })),
    ]
  },
}
