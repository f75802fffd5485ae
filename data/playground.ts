import type { Database } from './database.ts'

const settingName = 'made_by'

/** Whose database this is: nobody's yet, the playground's own, or one that was made for something else. */
export async function databaseOrigin(database: Database): Promise<'empty' | 'playground' | 'foreign'> {
  const mark = await database.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', settingName)
    .executeTakeFirst()
  if (mark?.value === 'playground') return 'playground'
  const company = await database.read.selectFrom('companies').select('id').limit(1).executeTakeFirst()
  return company ? 'foreign' : 'empty'
}

/** Marks a database as made by the playground, which may use it again at its next start. */
export async function markPlayground(database: Database): Promise<void> {
  await database.transact((trx) =>
    trx
      .insertInto('settings')
      .values({ key: settingName, value: 'playground' })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute(),
  )
}
