import { z } from 'zod'
import { type BasisPoints, whole } from './money.ts'
import {
  type EvidenceKind,
  evidenceKinds,
  meddiccFields,
  openStages,
  type Stage,
  stages,
} from './opportunity.ts'
import { type Role, roles } from './people.ts'
import { type HandoffPolicy, handoffDefaults, handoffSchema } from './policy-handoff.ts'
import { type HealthPolicy, healthDefaults, healthSchema } from './policy-health.ts'
import { defaultLossReasons, type LossReason, lossReasonsSchema } from './policy-loss.ts'
import { type TargetPolicy, targetDefaults, targetSchema } from './policy-metric.ts'
import { type NudgePolicy, nudgeDefaults, nudgeSchema } from './policy-nudge.ts'
import { type Reading, refuse } from './refusal.ts'

/** A group that decides or is copied: everybody active with one of the roles, and the named people. */
export interface Group {
  readonly roles?: readonly Role[]
  readonly people?: readonly string[]
}

/** The discount rules of a company (Canon, Discount approval). Ranges are basis points. */
export interface DiscountPolicy {
  /** The ladder in order. The first is the requester's own authority; `upTo: null` has no upper end. */
  readonly rungs: readonly { readonly role: Role; readonly upTo: BasisPoints | null }[]
  /** Over this a written justification is asked. */
  readonly exceptionOver: BasisPoints
  /** 합의: another function must also agree, beside the named rung, over the given discount. */
  readonly agreements: readonly {
    readonly over: BasisPoints
    readonly beside: Role
    readonly group: Group
    readonly need: 'any' | 'all' | { readonly atLeast: number }
  }[]
  /** 참조: copied, no decision. */
  readonly copies: readonly { readonly over: BasisPoints; readonly group: Group }[]
  readonly remindAfterWorkingHours: number
  readonly escalateAfterWorkingHours: number
  readonly expireAfterDays: number
  readonly entryStage: Stage
  readonly averageTarget: BasisPoints
}

/** The rules of one company at one version; every decision records the version it was taken under. */
export interface Policy {
  readonly version: number
  readonly discount: DiscountPolicy
  /** Win probability of each stage in percent, 0–100 (Canon, Opportunity stages). */
  readonly probability: Readonly<Record<Stage, number>>
  /** MEDDICC fields each stage's gate asks for (Canon, Opportunity stages). */
  readonly gates: Readonly<Record<Stage, readonly string[]>>
  /** What must have happened, with its day, for each stage's gate (Canon, Opportunity stages). */
  readonly evidence: Readonly<Record<Stage, readonly EvidenceKind[]>>
  /** The managed list a lost deal's reasons are chosen from. */
  readonly lossReasons: readonly LossReason[]
  readonly handoff: HandoffPolicy
  readonly health: HealthPolicy
  readonly nudges: NudgePolicy
  /** What each metric is held to. */
  readonly targets: TargetPolicy
  /** Ids of the teams in whose channel each deal has a thread of its own. */
  readonly dealThreads: readonly string[]
}

/** The Canon's own numbers: what a company has until it says otherwise. */
export const defaultPolicy: Policy = {
  version: 1,
  discount: {
    rungs: [
      { role: 'ae', upTo: 1_000 },
      { role: 'sales_manager', upTo: 2_000 },
      { role: 'vp_sales', upTo: 3_000 },
      { role: 'c_level', upTo: null },
    ],
    exceptionOver: 3_000,
    agreements: [],
    copies: [],
    remindAfterWorkingHours: 24,
    escalateAfterWorkingHours: 48,
    expireAfterDays: 14,
    entryStage: 'S4',
    averageTarget: 1_500,
  },
  probability: { S1: 10, S2: 20, S3: 40, S4: 60, S5: 80, S6: 90, CW: 100, CL: 0 },
  gates: {
    S1: ['identify_pain'],
    S2: ['metrics', 'identify_pain', 'champion'],
    S3: ['decision_criteria'],
    S4: ['economic_buyer'],
    S5: ['decision_process'],
    S6: [],
    CW: [],
    CL: [],
  },
  evidence: {
    S1: ['first_meeting'],
    S2: [],
    S3: ['demo'],
    S4: ['proposal'],
    S5: ['negotiation'],
    S6: ['verbal_agreement'],
    CW: ['contract_signed'],
    CL: [],
  },
  lossReasons: defaultLossReasons,
  handoff: handoffDefaults,
  health: healthDefaults,
  nudges: nudgeDefaults,
  targets: targetDefaults,
  dealThreads: [],
}

// ── what a company may write ─────────────────────────────────────────────────

const role = z.enum(roles)
const share = z.int('a share is a whole number of basis points: 10 % is 1000').min(0).max(whole)
const group = z
  .strictObject({ roles: z.array(role).optional(), people: z.array(z.string().min(1)).optional() })
  .refine(
    (g) => (g.roles?.length ?? 0) + (g.people?.length ?? 0) > 0,
    'a group names at least one role or person',
  )

const discount = z
  .strictObject({
    rungs: z
      .array(z.strictObject({ role, upTo: share.nullable() }))
      .min(1, 'the ladder has at least one rung'),
    exceptionOver: share,
    agreements: z.array(
      z.strictObject({
        over: share,
        beside: role,
        group,
        need: z.union(
          [z.literal('any'), z.literal('all'), z.strictObject({ atLeast: z.int().min(1) })],
          'need is "any", "all" or {"atLeast": n}',
        ),
      }),
    ),
    copies: z.array(z.strictObject({ over: share, group })),
    remindAfterWorkingHours: z.number().positive().max(2_400),
    escalateAfterWorkingHours: z.number().positive().max(2_400),
    expireAfterDays: z.int().min(1).max(365),
    entryStage: z.enum(openStages),
    averageTarget: share,
  })
  .check((ctx) => {
    const { rungs, agreements, remindAfterWorkingHours, escalateAfterWorkingHours } = ctx.value
    const complain = (path: (string | number)[], message: string) =>
      ctx.issues.push({ code: 'custom', path, message, input: ctx.value })
    rungs.forEach((rung, at) => {
      const last = at === rungs.length - 1
      const below = at > 0 ? rungs[at - 1]!.upTo : null
      if (last && rung.upTo !== null)
        complain(['rungs', at, 'upTo'], 'the last rung has no upper end: write null')
      if (!last && rung.upTo === null) complain(['rungs', at, 'upTo'], 'only the last rung is open-ended')
      if (below !== null && rung.upTo !== null && rung.upTo <= below)
        complain(['rungs', at, 'upTo'], `the rungs ascend: this must be over ${below}`)
      if (rungs.findIndex((other) => other.role === rung.role) < at)
        complain(['rungs', at, 'role'], `${rung.role} has a rung already`)
    })
    agreements.forEach((agreement, at) => {
      if (!rungs.some((rung) => rung.role === agreement.beside))
        complain(['agreements', at, 'beside'], `${agreement.beside} is no rung of the ladder`)
    })
    if (escalateAfterWorkingHours <= remindAfterWorkingHours)
      complain(['escalateAfterWorkingHours'], 'the escalation comes after the reminder')
  })

const percent = z.number().min(0).max(100)
const byStage = <T extends z.ZodType>(value: T) =>
  z.strictObject(Object.fromEntries(stages.map((stage) => [stage, value])) as Record<Stage, T>)

const policy = z.strictObject({
  version: z.int().min(1),
  discount,
  probability: byStage(percent)
    .refine((p) => p.CW === 100, { path: ['CW'], error: 'a won deal is certain: 100' })
    .refine((p) => p.CL === 0, { path: ['CL'], error: 'a lost deal is worth nothing: 0' }),
  gates: byStage(z.array(z.enum(meddiccFields))),
  evidence: byStage(z.array(z.enum(evidenceKinds))).refine((e) => e.CW.includes('contract_signed'), {
    path: ['CW'],
    error: 'nothing is won without a signed contract: contract_signed stays',
  }),
  lossReasons: lossReasonsSchema,
  handoff: handoffSchema,
  health: healthSchema,
  nudges: nudgeSchema,
  targets: targetSchema,
  dealThreads: z.array(z.string().min(1)),
})

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parts a company wrote, over those it had; anything that is no object is left for the schema to complain of. */
const over = (base: object, written: unknown): unknown =>
  written === undefined ? base : isObject(written) ? { ...base, ...written } : written

/**
 * Reads a policy as a company wrote it (`policy set FILE`): any part may be left out and is taken from `base`; an
 * unknown key, a wrong number or a ladder that does not hold is refused with its place and the reason. The version in
 * the text is ignored: the next one is `base.version + 1`.
 */
export function parsePolicy(written: unknown, base: Policy = defaultPolicy): Reading<Policy> {
  if (!isObject(written)) return refuse({ code: 'policy-invalid', at: '', why: 'a policy is an object' })
  const result = policy.safeParse({
    ...written,
    version: base.version + 1,
    discount: over(base.discount, written.discount),
    probability: over(base.probability, written.probability),
    gates: over(base.gates, written.gates),
    evidence: over(base.evidence, written.evidence),
    lossReasons: written.lossReasons ?? base.lossReasons,
    handoff: over(base.handoff, written.handoff),
    health: over(base.health, written.health),
    nudges: over(base.nudges, written.nudges),
    targets: over(base.targets, written.targets),
    dealThreads: written.dealThreads ?? base.dealThreads,
  })
  if (result.success) return { ok: true, next: result.data }
  const issue = result.error.issues[0]!
  return refuse({ code: 'policy-invalid', at: placeOf(issue.path), why: issue.message })
}

/** A policy as it was kept, by this version or an earlier one: what was not known then is the Canon's own. */
export const keptPolicy = (kept: Partial<Policy>): Policy => ({ ...defaultPolicy, ...kept })

/** `discount.rungs[1].upTo` */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, at) => (typeof key === 'number' ? `[${key}]` : (at > 0 ? '.' : '') + String(key))).join('')
