import type { Drawing, Subject } from '../src/ports.ts'
import type { Desk, EaselDesk } from './desk.ts'

/** A drawing for this person: what they are shown now, kept by the server, named by the buttons on it. */
export function drawingFor(
  desk: Pick<Desk, 'newId' | 'now' | 'person'>,
  subject: Subject,
  version = 0,
  shown: Drawing['shown'] = {},
): Drawing {
  return { id: desk.newId(), subject, version, viewer: desk.person.id, shown, at: desk.now }
}

/** The company itself: what forms about nothing in particular stand on. */
export const companySubject = (company: string): Subject => ({ noun: 'company', id: company })

/** A drawing on a card that is drawn late, for its viewer where it has one: a channel's is anybody's. */
export const drawn = (
  desk: Pick<EaselDesk, 'newId' | 'now' | 'viewer'>,
  subject: Subject,
  version = 0,
): Drawing => ({
  id: desk.newId(),
  subject,
  version,
  ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
  shown: {},
  at: desk.now,
})
