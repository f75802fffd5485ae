import { approvalReminders } from './approval-reminders.ts'
import { championRisk } from './champion-risk.ts'
import { expansionSignals } from './expansion-signals.ts'
import { forecastWatch } from './forecast-watch.ts'
import { gateDebt } from './gate-debt.ts'
import { handoffReminders } from './handoff-reminders.ts'
import { hygiene } from './hygiene.ts'
import { leadResponse } from './lead-response.ts'
import { milestones } from './milestones.ts'
import { monthlyReport } from './monthly-report.ts'
import { nudgeLadder } from './nudge-climb.ts'
import { nudgeUsefulness } from './nudge-usefulness.ts'
import { personalSummary } from './personal-summary.ts'
import { qbrsDue } from './qbr-due.ts'
import { quarterlyReview } from './quarterly-review.ts'
import { redHealth } from './red-health.ts'
import { renewals } from './renewals.ts'
import type { Schedule } from './schedule.ts'
import { stalledDeals } from './stalled-deals.ts'
import { weeklyDigest } from './weekly-digest.ts'
import { yellowPlans } from './yellow-plans.ts'

/** Everything the product does by the clock. The CLI, the scheduler and the documentation read this list. */
export const schedules: readonly Schedule[] = [
  approvalReminders,
  handoffReminders,
  milestones,
  expansionSignals,
  leadResponse,
  stalledDeals,
  championRisk,
  hygiene,
  gateDebt,
  redHealth,
  yellowPlans,
  renewals,
  qbrsDue,
  forecastWatch,
  weeklyDigest,
  personalSummary,
  monthlyReport,
  quarterlyReview,
  nudgeLadder,
  nudgeUsefulness,
]
