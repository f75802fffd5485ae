import { noisyNudgesCard } from '../handlers/nudge-list.ts'
import { tellingDesk } from '../handlers/nudge-tell.ts'
import { addDays, instantAt } from '../src/canon/calendar.ts'
import { tellingTo, withRole } from '../src/canon/nudge-hearers.ts'
import { usefulness } from '../src/canon/nudge-use.ts'
import type { TaskSchedule } from './schedule.ts'

/** Tells Sales Ops once a month which kinds of nudges were mostly muted or ignored in the month before (Canon, fatigue). */
export const nudgeUsefulness: TaskSchedule = {
  name: 'nudge-usefulness',
  when: { at: '09:00', on: 'month-starts', zone: 'company' },
  graceHours: 72,
  audience: 'Sales Ops, where a kind of nudge was mostly muted or ignored',
  cap: 1,
  run: async ({ store, company, now, slot, dryRun }) => {
    if (company === undefined || slot === undefined) return []
    const desk = await tellingDesk(store, company, now)
    const zone = desk.org.company.working.timeZone
    const last = addDays(`${slot.slice(0, 7)}-01`, -1)
    const from = instantAt(`${last.slice(0, 7)}-01`, '00:00', zone)
    const until = instantAt(addDays(last, 1), '00:00', zone)
    const tallies = await store.nudgeTallies(company, from, until)
    const noisy = usefulness(tallies, desk.policy.nudges.noisyFromPercent).filter((use) => use.noisy)
    const ops = withRole('sales_ops', desk.org).filter(({ id }) => desk.platforms.has(id))
    if (noisy.length === 0 || ops.length === 0) return []
    if (!dryRun)
      await store.commit({
        company,
        save: [],
        audit: [],
        deliveries: ops.map(({ id: person }) => ({
          kind: 'nudge' as const,
          card: noisyNudgesCard,
          subject: { noun: 'none' as const, id: `${from}:${until}` },
          audience: { person },
          once: `${noisyNudgesCard}:${last.slice(0, 7)}:${person}`,
          after: tellingTo({ person }, true, desk).at,
        })),
      })
    return noisy.map(({ kind, noisePercent }) => ({
      company,
      subject: kind,
      what: `${noisePercent} % were muted or ignored`,
      to: ops.map(({ id }) => id),
    }))
  },
}
