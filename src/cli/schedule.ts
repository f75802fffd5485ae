import { createTask } from 'node-cron'
import { schedules } from '../../schedules/index.ts'
import { nearest } from '../canon/nearest.ts'
import { type Run, table, UsageError } from './command.ts'
import { companyOf, withStore } from './open.ts'

/** When a cron expression fires next, in UTC. */
function nextOf(cron: string): string {
  const task = createTask(cron, () => {}, { timezone: 'Etc/UTC' })
  try {
    // A task knows its next time only once it runs; it is gone before that time comes.
    void task.start()
    return task.getNextRun()?.toISOString().slice(0, 16).replace('T', ' ') ?? '-'
  } finally {
    void task.destroy()
  }
}

export const list: Run = async (_given, terminal) => {
  await terminal.out(
    table(
      ['NAME', 'NEXT (UTC)', 'EVERY', 'AT MOST', 'TELLS'],
      schedules.map((each) => [each.name, nextOf(each.cron), each.cron, `${each.cap} a run`, each.audience]),
    ),
  )
  return 0
}

export const run: Run = async (given, terminal) => {
  const [name = ''] = given.words
  const schedule = schedules.find((each) => each.name === name)
  if (!schedule) {
    const names = schedules.map((each) => each.name)
    const near = nearest(name, names)
    throw new UsageError(
      `There is no schedule “${name}”${near ? `; did you mean ${near}?` : ` (there are: ${names.join(', ')}).`}`,
    )
  }
  const at = given.text('at')
  const instant = at === undefined ? undefined : Date.parse(at)
  if (at !== undefined && (Number.isNaN(instant) || !/^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(at)))
    throw new UsageError(
      `--at must be an instant with its zone, such as 2026-11-23T09:00:00+09:00, not “${at}”.`,
    )
  return withStore(terminal, async (store, clock) => {
    const company = given.text('company')
    const dryRun = given.flag('dry-run')
    const lines = await schedule.run({
      store,
      now: instant ?? clock.now(),
      dryRun,
      ...(company === undefined ? {} : { company: (await companyOf(store, company)).id }),
    })
    if (lines.length > 0)
      await terminal.out(
        table(
          ['COMPANY', 'ABOUT', 'WHAT', 'TO'],
          lines.map((line) => [line.company, line.subject, line.what, line.to.join(', ') || '-']),
        ),
      )
    const count =
      lines.length === 1 ? 'One thing' : `${lines.length === 0 ? 'Nothing' : `${lines.length} things`}`
    await terminal.out(
      dryRun
        ? `${count} would be done; nothing was changed.\n`
        : `${count} done. A running server sends what follows from it.\n`,
    )
    return 0
  })
}
