import { type CryptoKey, importJWK, type JWK } from 'jose'
import type { Log } from '../ports.ts'

/** A signing key of the channel, with the channels it may speak for. */
interface SigningKey {
  readonly key: CryptoKey | Uint8Array
  readonly endorsements: readonly string[]
}

export interface Keys {
  /** The key of this id; `unknown` where the channel has none; `unavailable` while its keys can't be had. */
  find(kid: string): Promise<SigningKey | 'unknown' | 'unavailable'>
  /** Reads them ahead of the first request. */
  warm(): Promise<void>
  /**
   * Reads them again when they are missing or old. Called by a clock: a server that is not ready gets no request that
   * could make it ready.
   */
  tend(): void
  /** False while there are none that could be believed. */
  readonly known: boolean
}

export interface KeysOptions {
  /** The OpenID metadata document that names the keys. */
  readonly url: string
  readonly log: Log
  /** Wall time in ms: tokens and keys are judged by it, never by the business clock (B5.82). */
  readonly wallNow?: () => number
  readonly timeoutMs?: number
}

const hour = 3_600_000
/** Keys are asked for anew in the background after this, and believed no longer than `expireMs` without an answer. */
const refreshMs = 6 * hour
const expireMs = 24 * hour
/** Least time between two looks for a key that nobody knows: a flood of invented ids costs one request (B5.31). */
const againMs = 60_000
/** The same while no key was ever read: a start during an outage should not wait a whole minute after it. */
const firstAgainMs = 2_000

/**
 * The channel's published keys, kept while the channel can't be asked and given up after a day (B5.31). The SDK's own
 * keeper asks at every request while its first look fails, waits for ever and logs the keys it has.
 */
export function createKeys(options: KeysOptions): Keys {
  const { url, log, wallNow = Date.now, timeoutMs = 5_000 } = options
  let keys = new Map<string, SigningKey>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function json(address: string): Promise<Record<string, unknown>> {
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
    return (await answer.json()) as Record<string, unknown>
  }

  async function load(): Promise<void> {
    const { jwks_uri: at } = await json(url)
    if (typeof at !== 'string' || !trusted(at, url)) throw new Error('the metadata names no keys')
    const { keys: list } = await json(at)
    const found = new Map<string, SigningKey>()
    for (const jwk of Array.isArray(list) ? (list as (JWK & { endorsements?: unknown })[]) : []) {
      if (typeof jwk.kid !== 'string' || jwk.kty !== 'RSA') continue
      const endorsements = Array.isArray(jwk.endorsements)
        ? jwk.endorsements.filter((e) => typeof e === 'string')
        : []
      found.set(jwk.kid, { key: await importJWK(jwk, 'RS256'), endorsements })
    }
    if (found.size === 0) throw new Error('there are no keys')
    keys = found
    loadedAt = wallNow()
  }

  function ask(): Promise<void> {
    asking ??= (() => {
      askedAt = wallNow()
      return load()
        .catch((error: unknown) => {
          log.warn(
            { error: error instanceof Error ? error.message : String(error) },
            'teams signing keys not read',
          )
        })
        .finally(() => {
          asking = undefined
        })
    })()
    return asking
  }

  const mayAsk = (after = againMs) => asking !== undefined || wallNow() - askedAt >= after

  return {
    async find(kid) {
      if (wallNow() - loadedAt > expireMs) {
        // At first, or after a day of silence: nothing is believed until the channel has answered.
        if (mayAsk(loadedAt === Number.NEGATIVE_INFINITY ? firstAgainMs : againMs)) await ask()
        if (wallNow() - loadedAt > expireMs) return 'unavailable'
      } else if (wallNow() - loadedAt > refreshMs && mayAsk()) void ask()
      const known = keys.get(kid)
      if (known) return known
      if (mayAsk()) await ask()
      return keys.get(kid) ?? 'unknown'
    },
    warm: ask,
    tend() {
      const age = wallNow() - loadedAt
      if (age > expireMs ? mayAsk(firstAgainMs) : age > refreshMs && mayAsk()) void ask()
    },
    get known() {
      return wallNow() - loadedAt <= expireMs
    },
  }
}

/** The keys come over TLS, or from this machine when the metadata does. */
function trusted(keysUrl: string, metadataUrl: string): boolean {
  if (!URL.canParse(keysUrl)) return false
  const at = new URL(keysUrl)
  if (at.protocol === 'https:') return true
  return at.protocol === 'http:' && at.origin === new URL(metadataUrl).origin
}
