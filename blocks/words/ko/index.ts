import type { en } from '../en/index.ts'
import { common } from './common.ts'
import { customers } from './customers.ts'
import { deal } from './deal.ts'
import { desk } from './desk.ts'
import { digest } from './digest.ts'
import { discount } from './discount.ts'
import { forms } from './forms.ts'
import { handoff } from './handoff.ts'
import { health } from './health.ts'
import { hygiene } from './hygiene.ts'
import { metric } from './metric.ts'
import { nudge } from './nudge.ts'
import { pipeline } from './pipeline.ts'
import { policy } from './policy.ts'
import { record } from './record.ts'
import { refusals } from './refusals.ts'
import { dealRefusals } from './refusals-deal.ts'
import { renewal } from './renewal.ts'
import { stage } from './stage.ts'

/** Korean counts in one form only, so of a plural it has `_other` alone. */
type Korean = { readonly [key in Exclude<keyof typeof en, `${string}_one`>]: string }

/** The Korean sentences. A name is followed by 님; particles after other values agree through `{{value, 이/가}}`. */
export const ko = {
  ...common,
  ...discount,
  ...digest,
  ...customers,
  ...pipeline,
  ...forms,
  ...deal,
  ...desk,
  ...policy,
  ...refusals,
  ...dealRefusals,
  ...stage,
  ...handoff,
  ...record,
  ...nudge,
  ...hygiene,
  ...health,
  ...renewal,
  ...metric,
} satisfies Korean
