import { backup as backupTo, restore as restoreFrom } from '../../data/backup.ts'
import type { Run } from './command.ts'
import { databaseConfig, databaseUrl, withStore } from './open.ts'

export const migrate: Run = (_given, terminal) =>
  withStore(terminal, async (store) => {
    await terminal.out(
      store.migrated.length > 0
        ? `The database is up to date now: ${store.migrated.join(', ')}.\n`
        : 'The database was up to date.\n',
    )
    return 0
  })

export const backup: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const [file = ''] = given.words
    await backupTo(store.database, file)
    await terminal.out(`Backed up to ${file}.\n`)
    return 0
  })

export const restore: Run = async (given, terminal) => {
  const [file = ''] = given.words
  const done = await restoreFrom(databaseUrl(databaseConfig(terminal.env)), file)
  await terminal.out(`Restored from ${file}.\n`)
  if (done.aside) await terminal.out(`The database that was there is kept as ${done.aside}.\n`)
  if (done.pending.length > 0)
    await terminal.out(`It is from an older version; the next start applies ${done.pending.join(', ')}.\n`)
  return 0
}
