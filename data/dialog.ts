import type { FormView } from '../blocks/form.ts'
import { type Database, toJson } from './database.ts'
import type {} from './schema-teams.ts'
import { on } from './statement.ts'

/** A dialog that stood open for longer was forgotten by whoever opened it. */
const keptMs = 86_400_000
const pruneEveryMs = 3_600_000

/**
 * The forms that are open in Teams, as they were shown: a submission brings back answers and nothing of the form,
 * and with an error the form is drawn again with them, by whichever replica gets it.
 */
export function createDialogs(database: Database, wall: () => number = Date.now) {
  let prunedAt = 0
  return {
    async save(company: string, view: FormView): Promise<void> {
      const at = wall()
      const prune = at - prunedAt > pruneEveryMs
      if (prune) prunedAt = at
      await database.transact(async (trx) => {
        if (prune) await on(trx)`delete from dialogs where at < ${at - keptMs}`
        await on(trx)`
          insert into dialogs (company_id, drawing, view, at)
          values (${company}, ${view.drawing}, ${toJson(view)}, ${at})
          on conflict (company_id, drawing) do update set view = excluded.view, at = excluded.at`
      })
    },

    async load(company: string, drawing: string): Promise<FormView | undefined> {
      const { rows } = await on<{ view: string }>(database.read)`
        select view from dialogs where company_id = ${company} and drawing = ${drawing}`
      return rows[0] && (JSON.parse(rows[0].view) as FormView)
    },
  }
}
