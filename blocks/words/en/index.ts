import { common } from './common.ts'
import { deal } from './deal.ts'
import { desk } from './desk.ts'
import { discount } from './discount.ts'
import { forms } from './forms.ts'
import { handoff } from './handoff.ts'
import { nudge } from './nudge.ts'
import { record } from './record.ts'
import { refusals } from './refusals.ts'
import { dealRefusals } from './refusals-deal.ts'
import { renewal } from './renewal.ts'
import { stage } from './stage.ts'

/** The English sentences; their keys and values are what Korean is held to. */
export const en = {
  ...common,
  ...discount,
  ...forms,
  ...deal,
  ...desk,
  ...refusals,
  ...dealRefusals,
  ...stage,
  ...handoff,
  ...record,
  ...nudge,
  ...renewal,
} as const
