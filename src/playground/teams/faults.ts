import { type FaultSpec, Faults } from '../slack/faults.ts'

export const apiFaultKinds = [
  'rate-limit',
  'status',
  'error',
  'hang',
  'accept-then-hang',
  'accept-then-drop',
  'drop',
  'slow',
] as const

/** Tokens that are no token of the channel's (B5.29, B5.33). */
export const forgeries = [
  'no-token',
  'garbage-token',
  'bad-signature',
  'wrong-audience',
  'wrong-issuer',
  'expired',
  'not-yet-valid',
  'alg-none',
  'hs256',
  'unknown-key',
  'wrong-service-url',
  'no-endorsement',
  'foreign-tenant',
] as const
export type Forgery = (typeof forgeries)[number]

export const appFaultKinds = ['duplicate', 'delay-ack', 'unanswered', ...forgeries] as const

type TeamsFaultKind = (typeof apiFaultKinds)[number] | (typeof appFaultKinds)[number]
export type TeamsFaultSpec = FaultSpec<TeamsFaultKind>

/** The scripted faults of the local Teams (docs/playground-api.md, Faults of Teams). */
export class TeamsFaults extends Faults<TeamsFaultKind> {
  constructor(changed: () => void) {
    super(changed, 'teams-fault')
  }

  override add(spec: TeamsFaultSpec) {
    return super.add({ ...spec, platform: 'teams' })
  }
}

export const isForgery = (kind: string | undefined): kind is Forgery =>
  (forgeries as readonly string[]).includes(kind ?? '')
