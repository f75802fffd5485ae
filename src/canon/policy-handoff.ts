import { z } from 'zod'

export const handoffKinds = ['sdr-to-ae', 'ae-to-cs', 'cs-to-ae'] as const
export type HandoffKind = (typeof handoffKinds)[number]

/** What each handoff can carry, in the order of its form; the names are those of the form's fields (contract). */
export const handoffItems = {
  'sdr-to-ae': [
    'first_meeting_on',
    'pain',
    'contacts',
    'engagement_history',
    'budget',
    'authority',
    'need',
    'timeline',
  ],
  'ae-to-cs': [
    'pain',
    'success_criteria',
    'economic_buyer',
    'champion',
    'day_to_day_contact',
    'contract_summary',
    'open_issues',
    'milestone_30',
    'milestone_60',
    'milestone_90',
    'kickoff_on',
  ],
  'cs-to-ae': ['health_score', 'usage_data', 'opportunity', 'product', 'amount', 'why_now'],
} as const
export type HandoffItem = (typeof handoffItems)[HandoffKind][number]

/** The handoff rules of a company (Canon, Handoffs). */
export interface HandoffPolicy {
  /** The items without which a handoff can't be sent. */
  readonly required: Readonly<Record<HandoffKind, readonly HandoffItem[]>>
  readonly remindAfterWorkingHours: number
  readonly escalateAfterWorkingHours: number
  /** Days until the first meeting's day is to be filled in, where a handoff came without it. */
  readonly firstMeetingDebtDays: number
  /** Days after which an overdue onboarding milestone is told again. */
  readonly milestoneAgainDays: number
  /** Target days from the contract to the first value. */
  readonly firstValueTargetDays: number
  /** A company's standard onboarding milestones: what a draft is filled with. */
  readonly milestoneTexts?: { readonly 30?: string; readonly 60?: string; readonly 90?: string }
  /** Growth in percent from which usage, and in points from which NPS, counts as an expansion signal. */
  readonly expansion: { readonly usageGrowthPercent: number; readonly npsGrowthPoints: number }
}

/** The Canon's own: every item must be carried; the first meeting may follow as gate debt. */
export const handoffDefaults: HandoffPolicy = {
  required: {
    'sdr-to-ae': ['pain', 'contacts', 'engagement_history', 'budget', 'authority', 'need', 'timeline'],
    'ae-to-cs': handoffItems['ae-to-cs'],
    'cs-to-ae': handoffItems['cs-to-ae'],
  },
  remindAfterWorkingHours: 24,
  escalateAfterWorkingHours: 48,
  firstMeetingDebtDays: 14,
  milestoneAgainDays: 7,
  firstValueTargetDays: 30,
  expansion: { usageGrowthPercent: 20, npsGrowthPoints: 10 },
}

const hours = z.number().positive().max(2_400)
const days = z.int().min(1).max(365)

export const handoffSchema = z
  .strictObject({
    required: z.strictObject({
      'sdr-to-ae': z.array(z.enum(handoffItems['sdr-to-ae'])),
      'ae-to-cs': z.array(z.enum(handoffItems['ae-to-cs'])),
      'cs-to-ae': z.array(z.enum(handoffItems['cs-to-ae'])),
    }),
    remindAfterWorkingHours: hours,
    escalateAfterWorkingHours: hours,
    firstMeetingDebtDays: days,
    milestoneAgainDays: days,
    firstValueTargetDays: days,
    milestoneTexts: z
      .strictObject({ 30: z.string().optional(), 60: z.string().optional(), 90: z.string().optional() })
      .optional(),
    expansion: z.strictObject({
      usageGrowthPercent: z.number().positive().max(1_000),
      npsGrowthPoints: z.number().positive().max(200),
    }),
  })
  .refine((h) => h.escalateAfterWorkingHours > h.remindAfterWorkingHours, {
    path: ['escalateAfterWorkingHours'],
    error: 'the escalation comes after the reminder',
  })
