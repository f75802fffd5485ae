import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { Forgery } from './faults.ts'

/** Who signs what is sent to apps, as Bot Framework's own metadata names it. */
const channelIssuer = 'https://api.botframework.com'

interface Key {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The channels it may speak for. */
  readonly endorsements: readonly string[]
}

const newKid = (): string => randomBytes(15).toString('base64url')

function newKey(endorsements: readonly string[]): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid: newKid(), privateKey, publicKey, endorsements }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const rs256 = (text: string, key: Key): string =>
  sign('RSA-SHA256', Buffer.from(text), key.privateKey).toString('base64url')

interface Said {
  readonly audience: string
  readonly serviceUrl: string
  /** Epoch ms, wall time. */
  readonly now: number
}

/** The keys of one local Teams, made at its start, and what is signed with them. */
export class ChannelKeys {
  readonly issuer: string
  #key = newKey(['msteams'])
  /** Published under an id of its own, for another channel; making a key takes long, so it is the same one. */
  readonly #unendorsed: Key = { ...this.#key, kid: newKid(), endorsements: ['webchat'] }
  /** The app's own tokens carry this: Entra's, not the channel's. */
  readonly #loginKid = newKid()
  /** Nowhere published: an impostor's. */
  #impostor: Key | undefined

  constructor(issuer: string = channelIssuer) {
    this.issuer = issuer
  }

  /** The signing key is replaced, as Bot Framework does every few days; tokens of the old one hold no more. */
  rotate(): void {
    this.#key = newKey(['msteams'])
  }

  #foreign(): Key {
    this.#impostor ??= newKey(['msteams'])
    return this.#impostor
  }

  /** The published keys, with the channels each is endorsed for. */
  published(): readonly Record<string, unknown>[] {
    return [this.#key, this.#unendorsed].map(({ kid, publicKey, endorsements }) => ({
      ...publicKey.export({ format: 'jwk' }),
      use: 'sig',
      kid,
      x5t: kid,
      endorsements,
    }))
  }

  /** The `Authorization` header of an activity; undefined: none at all. */
  authorization(said: Said, forgery?: Forgery): string | undefined {
    if (forgery === 'no-token') return undefined
    if (forgery === 'garbage-token') return 'Bearer not.a.token'
    return `Bearer ${this.#token(said, forgery)}`
  }

  #token({ audience, serviceUrl, now }: Said, forgery: Forgery | undefined): string {
    const seconds = Math.floor(now / 1000)
    const begins =
      forgery === 'not-yet-valid' ? seconds + 3600 : forgery === 'expired' ? seconds - 7200 : seconds
    const claims = {
      serviceurl: forgery === 'wrong-service-url' ? 'https://smba.trafficmanager.net/elsewhere/' : serviceUrl,
      nbf: begins,
      exp: begins + 3600,
      iss: forgery === 'wrong-issuer' ? 'https://login.impostor.example' : this.issuer,
      aud: forgery === 'wrong-audience' ? '00000000-0000-0000-0000-00000000dead' : audience,
    }
    const key =
      forgery === 'unknown-key'
        ? this.#foreign()
        : forgery === 'no-endorsement'
          ? this.#unendorsed
          : this.#key
    const { kid } = key
    if (forgery === 'alg-none') return `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(claims)}.`
    const header = { alg: forgery === 'hs256' ? 'HS256' : 'RS256', kid, x5t: kid, typ: 'JWT' }
    const signed = `${encode(header)}.${encode(claims)}`
    // The classic confusion: the published key, which everybody has, taken for a shared secret.
    if (forgery === 'hs256') {
      const secret = key.publicKey.export({ format: 'pem', type: 'spki' })
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }
    const signer = forgery === 'bad-signature' ? this.#foreign() : key
    return `${signed}.${rs256(signed, signer)}`
  }

  /** A token for the app's own calls, as Entra gives it for a client id and secret; `seconds` long. */
  appToken(appId: string, tenant: string, now: number, seconds: number): string {
    const at = Math.floor(now / 1000)
    const kid = this.#loginKid
    const header = { typ: 'JWT', alg: 'RS256', kid, x5t: kid }
    const claims = {
      aud: channelIssuer,
      iss: `https://sts.windows.net/${tenant}/`,
      iat: at,
      nbf: at,
      exp: at + seconds,
      appid: appId,
      tid: tenant,
      ver: '1.0',
    }
    const signed = `${encode(header)}.${encode(claims)}`
    return `${signed}.${rs256(signed, this.#key)}`
  }
}
