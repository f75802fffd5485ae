import { createReadStream } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { parse } from 'csv-parse'
import { answering } from './child.ts'
import { bigCompany, prepareCompany } from './deals.ts'
import { pragmas } from './pragmas.ts'

/**
 * The least an import could do: csv-parse and one prepared insert into the product's own table with its indexes, 2,000
 * rows a transaction. Nothing is checked, compared or reported.
 */
answering({
  start: () => undefined,
  async run({ csv, file }: { csv: string; file: string }): Promise<number> {
    await prepareCompany(file)
    const db = new BetterSqlite3(file)
    for (const pragma of pragmas) db.pragma(pragma)
    const began = performance.now()
    const insert = db.prepare(`
      insert into opportunities (company_id, id, name, account, owner, amount, list_amount, currency, stage, closed,
        created_on, stage_entered_on, expected_close_on, closed_on, product, metrics, champion, discount_flagged, search,
        updated_at, version)
      values ('${bigCompany}', @id, @name, @account, @owner, cast(@amount as integer), cast(@list_amount as integer),
        @currency, @stage, @stage in ('CW', 'CL'), @created_on, @stage_entered_on, @expected_close_on, @closed_on,
        @product, @metrics, @champion, 0, lower(@name), 0, 1)`)
    let rows = 0
    for await (const row of createReadStream(csv).pipe(parse({ columns: true }))) {
      if (rows % 2_000 === 0) db.exec(rows === 0 ? 'begin immediate' : 'commit; begin immediate')
      insert.run(row)
      rows += 1
    }
    db.exec('commit')
    db.close()
    return (performance.now() - began) / 1_000
  },
  stop: () => undefined,
})
