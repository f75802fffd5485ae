import { z } from 'zod'
import type { Locale } from './people.ts'

/**
 * A reason why deals are lost. `labels` are a company's own words; the codes of the default list have words of ours
 * (`blocks/words`).
 */
export interface LossReason {
  /** Lower-case letters, digits and `_`. */
  readonly code: string
  readonly labels?: Readonly<Partial<Record<Locale, string>>>
  /** The secondary reasons under it. */
  readonly details: readonly LossDetail[]
}

export type LossDetail = Omit<LossReason, 'details'>

const of = (code: string, ...details: string[]): LossReason => ({
  code,
  details: [...details, 'other'].map((detail) => ({ code: detail })),
})

/** What a company has until it writes its own list. */
export const defaultLossReasons: readonly LossReason[] = [
  of('price', 'over_budget', 'competitor_cheaper', 'value_not_seen'),
  of('product', 'missing_feature', 'integration', 'usability', 'performance'),
  of('competitor', 'incumbent', 'better_fit', 'relationship'),
  of('no_decision', 'status_quo', 'priority_changed', 'no_budget', 'champion_left'),
  of('timing', 'postponed', 'reorganisation', 'procurement'),
  of('terms', 'legal', 'security', 'contract_length'),
  of('process', 'no_response', 'too_slow', 'wrong_contact'),
  of('other'),
]

const code = z.string().regex(/^[a-z0-9_]{1,40}$/, 'a code is lower-case letters, digits and _')
const labels = z.strictObject({ ko: z.string().min(1).optional(), en: z.string().min(1).optional() })
const distinct = (list: readonly { code: string }[]) =>
  new Set(list.map((each) => each.code)).size === list.length

export const lossReasonsSchema = z
  .array(
    z.strictObject({
      code,
      labels: labels.optional(),
      details: z
        .array(z.strictObject({ code, labels: labels.optional() }))
        .min(1, 'a reason has at least one secondary reason')
        .refine(distinct, 'a code stands twice'),
    }),
  )
  .min(1, 'there is at least one reason')
  .refine(distinct, 'a code stands twice')
