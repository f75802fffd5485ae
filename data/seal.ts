import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Version of the sealed form: AES-256-GCM, nonce of 12 bytes, tag of 16. */
const form = 'v1'

/** Seals text under a 32-byte key. `about` is bound in: a sealed text moved to another row does not open there. */
export function sealText(key: Uint8Array, text: string, about: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return [form, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
}

/** Opens what `sealText` sealed. Throws a sentence when the key is another one or the text was changed. */
export function openText(key: Uint8Array, sealed: string, about: string): string {
  const [version, nonce, tag, body] = sealed.split('.')
  if (version !== form || nonce === undefined || tag === undefined || body === undefined) {
    throw new Error(`What is stored for ${about} is not in the sealed form this version knows.`)
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new Error(
      `What is stored for ${about} does not open with this ENCRYPTION_KEY. ` +
        'Set the key it was stored with, or install the app there again.',
      { cause: error },
    )
  }
}
