import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { Keys } from './keys.ts'

/** Why a token was not accepted, as a metric counts it. */
export type TokenFlaw =
  | 'no-token'
  | 'malformed'
  | 'algorithm'
  | 'key'
  | 'keys-unavailable'
  | 'endorsement'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'claims'

export interface TokenRules {
  /** The bot's App ID, which the token must be for. Never empty (B5.30). */
  readonly appId: string
  readonly issuer: string
  readonly keys: Keys
  readonly wallNow?: () => number
}

export type Verified =
  | { readonly ok: true; readonly serviceUrl: string }
  | { readonly ok: false; readonly flaw: TokenFlaw }

/** Asymmetric ones alone: with HS256 the published key itself would sign (B5.29). */
const algorithms = ['RS256', 'RS384', 'RS512']

/** Bot Framework allows five minutes between its clock and ours (reliability: B1). */
const skewSeconds = 300

const channel = 'msteams'

/**
 * Holds the `Authorization` header of a request against the Bot Framework's rules. The SDK's own check lets pass what
 * these do not: keys without endorsements, tokens without a serviceUrl claim when the activity names none, tokens of
 * the Emulator signed by any Entra tenant (and it widens its list of issuers by what an unverified token says); and it
 * answers a bad signature with 500 (reliability: Traps).
 */
export function createTokenCheck(rules: TokenRules) {
  const { appId, issuer, keys, wallNow = Date.now } = rules
  if (appId === '') throw new Error('MicrosoftAppId is empty: Teams never runs without it (B5.30).')

  return async function verify(header: string | undefined): Promise<Verified> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/.exec(header ?? '')?.[1]
    if (token === undefined) return no(header ? 'malformed' : 'no-token')
    let kid: string | undefined
    try {
      const { alg, kid: named } = decodeProtectedHeader(token)
      if (!alg || !algorithms.includes(alg)) return no('algorithm')
      kid = named
    } catch {
      return no('malformed')
    }
    if (typeof kid !== 'string' || kid === '') return no('key')
    const found = await keys.find(kid)
    if (found === 'unavailable') return no('keys-unavailable')
    if (found === 'unknown') return no('key')
    try {
      const { payload } = await jwtVerify(token, found.key, {
        algorithms,
        issuer,
        audience: appId,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp'],
        currentDate: new Date(wallNow()),
      })
      // The key says for which channels it may sign; one without a word may sign for none.
      if (!found.endorsements.includes(channel)) return no('endorsement')
      const { serviceurl } = payload
      return typeof serviceurl === 'string' ? { ok: true, serviceUrl: serviceurl } : no('claims')
    } catch (error) {
      return no(flawOf(error))
    }
  }
}

const no = (flaw: TokenFlaw): Verified => ({ ok: false, flaw })

function flawOf(error: unknown): TokenFlaw {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'iss' ? 'issuer' : error.claim === 'aud' ? 'audience' : 'claims'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  return 'malformed'
}
