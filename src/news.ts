import type { Log } from './log.ts'
import type { Clock, Store } from './ports.ts'

/** Somebody's chat account was deactivated: they decide nothing more, and what waits for them goes on (B5.8, B5.9). */
export function createNews(parts: { readonly store: Store; readonly clock: Clock; readonly log: Log }) {
  const { store, clock, log } = parts
  return {
    async userGone(platform: 'slack' | 'teams', tenant: string, user: string): Promise<void> {
      const who = await store.whoIs(platform, tenant, user)
      if (!who?.person) return
      const person = (await store.org(who.company)).people.get(who.person)
      if (!person?.active) return
      await store.commit({
        company: who.company,
        save: [{ noun: 'person', id: person.id, set: { active: false } }],
        audit: [
          {
            at: clock.now(),
            what: 'person.deactivated',
            by: 'system',
            platform: 'system',
            subject: { noun: 'person', id: person.id },
            detail: { platform, tenant },
          },
        ],
        deliveries: [],
      })
      log.info({ company: who.company, person: person.id }, 'a person left their workspace')
    },
  }
}
