import { loadDemo } from '../../data/demo.ts'
import type { Run } from './command.ts'
import { withStore } from './open.ts'

/** The server, in this process, until it is asked to stop. */
export const start: Run = async () => {
  await import('../main.ts')
  return 0
}

/** Loads the demo companies. */
export const demo: Run = (_given, terminal) =>
  withStore(terminal, async (store, clock) => {
    const companies = await loadDemo(store, () => clock.now())
    for (const company of companies)
      await terminal.out(
        `${company.id}: ${company.name}, ${company.people.length} people, ${company.deals.length} deals, workspace ${company.slackTenant}\n`,
      )
    return 0
  })
