import type { PlainDate } from './calendar.ts'
import {
  type Gate,
  type GateDebt,
  isOpen,
  meddiccFields,
  type Opportunity,
  type Stage,
  stages,
} from './opportunity.ts'
import type { Policy } from './policy.ts'
import type { Asked, Missing } from './stage.ts'

/** The stages that must hold at a stage: itself and those before it, in order. */
const upTo = (stage: Stage): Stage[] => (stage === 'CL' ? ['CL'] : stages.slice(0, stages.indexOf(stage) + 1))

/** What one stage's own gate asks for. */
function asks(stage: Stage, policy: Pick<Policy, 'gates' | 'evidence'>): Asked[] {
  if (stage === 'CL') return ['loss_reason', 'loss_reason_detail', 'competitor']
  const meddicc = meddiccFields.filter((field) => policy.gates[stage].includes(field))
  return [...(stage === 'S1' ? (['owner'] as const) : []), ...policy.evidence[stage], ...meddicc]
}

const isMeddicc = (field: Asked): field is (typeof meddiccFields)[number] =>
  (meddiccFields as readonly string[]).includes(field)

/** Whether a deal says what is asked for. */
export function isKnown(deal: Opportunity, field: Asked): boolean {
  if (isMeddicc(field)) return Boolean(deal.meddicc[field]?.trim())
  switch (field) {
    case 'owner':
      return deal.owner !== undefined
    case 'loss_reason':
      return Boolean(deal.lossReason?.trim())
    case 'loss_reason_detail':
      return Boolean(deal.lossReasonDetail?.trim())
    case 'competitor':
      return Boolean(deal.competitor?.trim() || deal.meddicc.competition?.trim())
    default:
      return deal.evidence?.[field] !== undefined
  }
}

/** The signed contract, the AE and why a deal was lost are never owed: there is no deal, or no lesson, without them. */
const neverOwed: ReadonlySet<Asked> = new Set<Asked>([
  'contract_signed',
  'owner',
  'loss_reason',
  'loss_reason_detail',
  'competitor',
])

/** A debt that still may be owed on a day. */
const standingDebt = (deal: Opportunity, gate: Asked, today: PlainDate): GateDebt | undefined =>
  deal.gateDebt?.find((debt) => debt.gate === gate && debt.until >= today)

/**
 * What the gates up to a stage ask for and the deal does not say, in the order of the stages: exactly what a form has
 * to ask. What is owed and not overdue carries its debt; `today` left out, no debt counts.
 */
export function missingFor(
  deal: Opportunity,
  target: Stage,
  policy: Pick<Policy, 'gates' | 'evidence'>,
  today?: PlainDate,
): Missing[] {
  const seen = new Set<Asked>()
  return upTo(target).flatMap((stage) =>
    asks(stage, policy).flatMap((field): Missing[] => {
      if (seen.has(field) || isKnown(deal, field)) return []
      seen.add(field)
      const debt = today === undefined ? undefined : standingDebt(deal, field, today)
      return [{ field, stage, overridable: !neverOwed.has(field), ...(debt ? { debt } : {}) }]
    }),
  )
}

/** Of what is missing for a stage, what hinders a deal from entering it. */
export const blocking = (
  deal: Opportunity,
  target: Stage,
  policy: Pick<Policy, 'gates' | 'evidence'>,
  today: PlainDate,
): Missing[] => missingFor(deal, target, policy, today).filter((missing) => !missing.debt)

/**
 * The stages that an open deal may enter now: those before its own (with a reason), those ahead whose gates hold, and
 * Closed Lost (with its reasons). A closed deal may be reopened by whoever is entitled to, as far as the gates hold.
 */
export function allowedTargets(
  deal: Opportunity,
  policy: Pick<Policy, 'gates' | 'evidence'>,
  today: PlainDate,
): Stage[] {
  const here = isOpen(deal.stage) ? stages.indexOf(deal.stage) : -1
  return stages.filter((stage, at) => {
    if (stage === deal.stage) return false
    if (stage === 'CL') return isOpen(deal.stage)
    if (!isOpen(deal.stage) && !isOpen(stage)) return false
    return at < here || blocking(deal, stage, policy, today).length === 0
  })
}

/** The debts of a deal that are not paid by what it says. */
export const unpaid = (deal: Opportunity): GateDebt[] =>
  (deal.gateDebt ?? []).filter((debt) => !isKnown(deal, debt.gate))

/** What a gate's field is called in the record, for the facts. */
export const gatesOf = (missing: readonly Missing[]): Gate[] =>
  missing.flatMap(({ field }) => (neverOwed.has(field) ? [] : [field as Gate]))
