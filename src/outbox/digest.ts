import { createHash } from 'node:crypto'
import type { DrawnCard } from './parts.ts'

/**
 * What a message shows, as a digest. The ids of the drawings differ every time and are left out; what they stand
 * on is not: a card that looks the same but stands on an older version would have its buttons refused, be
 * “redrawn” into itself, and be refused again.
 */
export function digestOf({ card, drawings }: DrawnCard): string {
  const seen = drawings.map(({ subject, version, step }) => [subject.noun, subject.id, version, step ?? null])
  const shown = JSON.stringify(card, (key, value: unknown) => (key === 'drawing' ? undefined : value))
  return createHash('sha256').update(shown).update(JSON.stringify(seen)).digest('base64url')
}
