import { z } from 'zod'

/** What the product nudges about (Canon, Nudges and escalations). Contract: the names are kept in records. */
export const nudgeKinds = [
  'stalled',
  'close-date-past',
  'champion-silent',
  'champion-left',
  'meddicc-gap',
  'gate-debt',
  'hygiene',
  'lead-response',
  'health-red',
  'health-yellow',
  'renewal',
  'qbr-due',
  'forecast-miss',
] as const
export type NudgeKind = (typeof nudgeKinds)[number]

/** The last who hears of a nudge that nobody answers. */
const nudgeTops = ['owner', 'manager', 'vp_sales'] as const
export type NudgeTop = (typeof nudgeTops)[number]

/** The nudge rules of a company (Canon, Nudges and escalations). */
export interface NudgePolicy {
  /** Kinds that the company does without. */
  readonly off: readonly NudgeKind[]
  /** Days without a change of stage over which an open deal is stalled, and from which it is a risk. */
  readonly stalledAfterDays: number
  readonly riskAfterDays: number
  /** Days without contact after which a champion is silent. */
  readonly championSilentAfterDays: number
  /** Minutes of working time within which an inbound lead is to be touched first. */
  readonly leadResponseMinutes: number
  /** Hours after it happened within which an activity is to be logged. */
  readonly loggedWithinHours: number
  /** Days after which a contact's role or engagement is old. */
  readonly contactStaleAfterDays: number
  /** Nudges that one person gets on one day at most; urgent ones come on top. */
  readonly perPersonAndDay: number
  /** Working hours without an answer after which a nudge climbs to the next person up. */
  readonly climbAfterWorkingHours: number
  /** How far up each kind climbs: VP Sales is asked about exceptions alone. */
  readonly climbsTo: Readonly<Record<NudgeKind, NudgeTop>>
  /** Days for which a nudge can be snoozed. */
  readonly snoozeDays: readonly number[]
  /** Share of a rule's nudges, in percent, from which it is said to be mostly muted or ignored. */
  readonly noisyFromPercent: number
  /** Relative miss of a forecast, in percent, over which leadership reviews it. */
  readonly forecastMissPercent: number
}

/** The Canon's own numbers. */
export const nudgeDefaults: NudgePolicy = {
  off: [],
  stalledAfterDays: 30,
  riskAfterDays: 60,
  championSilentAfterDays: 30,
  leadResponseMinutes: 5,
  loggedWithinHours: 24,
  contactStaleAfterDays: 90,
  perPersonAndDay: 5,
  climbAfterWorkingHours: 48,
  climbsTo: {
    stalled: 'vp_sales',
    'close-date-past': 'manager',
    'champion-silent': 'manager',
    'champion-left': 'vp_sales',
    'meddicc-gap': 'manager',
    'gate-debt': 'vp_sales',
    hygiene: 'manager',
    'lead-response': 'manager',
    'health-red': 'vp_sales',
    'health-yellow': 'manager',
    renewal: 'vp_sales',
    'qbr-due': 'manager',
    'forecast-miss': 'owner',
  },
  snoozeDays: [1, 3, 7],
  noisyFromPercent: 50,
  forecastMissPercent: 20,
}

const days = z.int().min(1).max(365)

export const nudgeSchema = z
  .strictObject({
    off: z.array(z.enum(nudgeKinds)),
    stalledAfterDays: days,
    riskAfterDays: days,
    championSilentAfterDays: days,
    leadResponseMinutes: z.int().min(1).max(10_000),
    loggedWithinHours: z.int().min(1).max(1_000),
    contactStaleAfterDays: days,
    perPersonAndDay: z.int().min(1).max(100),
    climbAfterWorkingHours: z.number().positive().max(2_400),
    climbsTo: z.strictObject(
      Object.fromEntries(nudgeKinds.map((kind) => [kind, z.enum(nudgeTops)])) as Record<
        NudgeKind,
        z.ZodEnum<{ [top in NudgeTop]: top }>
      >,
    ),
    snoozeDays: z.array(days).min(1).max(5),
    noisyFromPercent: z.number().min(1).max(100),
    forecastMissPercent: z.number().min(1).max(100),
  })
  .refine((n) => n.riskAfterDays > n.stalledAfterDays, {
    path: ['riskAfterDays'],
    error: 'a deal is stalled before it is a risk',
  })
