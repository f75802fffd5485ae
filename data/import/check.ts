import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { searchText } from '../search.ts'
import { type Cell, type DateFormat, money, type Reading, short, Unfit } from './columns.ts'
import { type Column, columnsOf, type Entity, oneOfEntity } from './entities.ts'
import type { Draw } from './mapping.ts'
import type { Counts, Problem } from './report.ts'
import type { Row } from './rows.ts'
import { entityCode, given, type Part, type StagedRow, stagedLines } from './staging.ts'

/** One of our columns and the function that draws its cell out of a row of the file. */
export interface Drawn {
  readonly column: Column
  readonly draw: Draw
}

/** A file's rows on their way into the company: what is read, how, and what it is counted under. */
export interface Intake {
  readonly entity: Entity
  readonly file: string
  readonly part: number
  readonly drawn: readonly Drawn[]
  readonly distinct?: Draw
  readonly dates?: DateFormat
  /** ISO 4217, where a row names none and the thing is new. */
  readonly currency: string
  readonly timeZone: string
  readonly counts: Counts
  /** Cells a plain file must have; a mapped one may repeat columns as it likes. */
  readonly width?: number
}

/** Who and what the rows may refer to. `undefined`: not checked here, because its file is still being read. */
export interface Known {
  readonly people?: ReadonlySet<string>
  readonly teams?: ReadonlySet<string>
}

interface Existing {
  currency: string | null
  name: string
  account: string | null
  account_name: string | null
}

/** The columns that staged rows of an intake hold, in order. */
export function stagedColumns(entity: Entity, drawn: readonly Drawn[]): string[] {
  const names = drawn
    .map(({ column }) => column.name)
    .filter((name) => name !== 'id' && !(name === 'currency' && hasCurrency(entity)))
  if (hasCurrency(entity)) names.push('currency')
  if (entity === 'opportunities') names.push('search')
  return names
}

const hasCurrency = (entity: Entity): boolean =>
  entity === 'teams' || entity === 'accounts' || entity === 'opportunities'

/** At most this many account names are remembered between batches. */
const accountsKept = 50_000

/** Checks rows of one import, batch by batch. It reads the database and writes nothing. */
export class Checker {
  readonly #database: Database
  readonly #importId: number
  readonly #company: string
  readonly #fail: (problem: Problem) => void
  readonly #accounts = new Map<string, string | null>()
  #seq = 0

  constructor(database: Database, importId: number, company: string, fail: (problem: Problem) => void) {
    this.#database = database
    this.#importId = importId
    this.#company = company
    this.#fail = fail
  }

  get seq(): number {
    return this.#seq
  }

  /** The good rows of a batch, ready to be staged; the bad ones are reported. */
  async check(intake: Intake, batch: readonly Row[], known: Known, seen: Set<string>): Promise<StagedRow[]> {
    const rows = this.#read(intake, batch, seen)
    const fresh = await this.#withoutRepeats(intake, rows)
    const existing = await this.#existing(
      intake.entity,
      fresh.map((row) => row.id),
    )
    if (intake.entity === 'opportunities') await this.#loadAccounts(fresh)
    const good: StagedRow[] = []
    for (const row of fresh) {
      const cells = this.#finish(intake, row, existing.get(row.id), known)
      if (cells === undefined) {
        intake.counts.bad++
        continue
      }
      if (!existing.has(row.id)) intake.counts.added++
      good.push({ seq: ++this.#seq, key: row.id, line: row.line, cells })
    }
    return good
  }

  /** First look: everything a row says by itself. */
  #read(intake: Intake, batch: readonly Row[], seen: Set<string>): Read[] {
    const reading: Reading = {
      currency: intake.currency,
      timeZone: intake.timeZone,
      ...(intake.dates ? { dates: intake.dates } : {}),
    }
    const { drawn, distinct } = intake
    const found: Read[] = []
    for (const { line, cells } of batch) {
      if (distinct) {
        const value = distinct(cells)
        if (value.trim() === '' || seen.has(value)) continue
        seen.add(value)
      }
      intake.counts.rows++
      if (intake.width !== undefined && cells.length !== intake.width) {
        this.#fail({
          file: intake.file,
          line,
          why: `the row has ${cells.length} cells where the header has ${intake.width}`,
        })
        intake.counts.bad++
        continue
      }
      let bad = false
      let id = ''
      const values: Cell[] = new Array(drawn.length)
      for (let at = 0; at < drawn.length; at++) {
        const { column, draw } = drawn[at] as Drawn
        const raw = draw(cells)
        if (raw === '' || raw.trim() === '') {
          values[at] = null
          if (column.needed) {
            this.#fail({ file: intake.file, line, column: column.name, why: 'is empty; every row needs it' })
            bad = true
          }
          continue
        }
        if (column.is.kind === 'money') {
          values[at] = raw
          continue
        }
        const value =
          column.is.kind === 'reference' ? raw.trim().normalize('NFC') : column.is.parse(raw, reading)
        if (value instanceof Unfit) {
          this.#fail({ file: intake.file, line, column: column.name, why: value.why })
          bad = true
          continue
        }
        values[at] = value
        if (column.name === 'id') id = value as string
      }
      if (bad) intake.counts.bad++
      else found.push({ line, id, values })
    }
    return found
  }

  /** Second look: an id may come once an import. */
  async #withoutRepeats(intake: Intake, rows: readonly Read[]): Promise<Read[]> {
    if (rows.length === 0) return []
    const before = await stagedLines(
      this.#database.read,
      this.#database.engine,
      this.#importId,
      intake.entity,
      rows.map((row) => row.id),
    )
    const here = new Map<string, number>()
    return rows.filter((row) => {
      const first = before.get(row.id) ?? here.get(row.id)
      if (first === undefined) {
        here.set(row.id, row.line)
        return true
      }
      this.#fail({
        file: intake.file,
        line: row.line,
        column: 'id',
        why: `“${short(row.id)}” was there before, on line ${first}; a ${oneOfEntity[intake.entity]} comes once`,
      })
      intake.counts.bad++
      return false
    })
  }

  async #existing(entity: Entity, ids: readonly string[]): Promise<ReadonlyMap<string, Existing>> {
    if (ids.length === 0) return new Map()
    const more = {
      companies: sql`name`,
      people: sql`name`,
      teams: sql`name, currency`,
      accounts: sql`name, currency`,
      opportunities: sql`name, currency, account, account_name`,
    }[entity]
    const own = entity === 'companies' ? sql`1 = 1` : sql`t.company_id = ${this.#company}`
    const { rows } = await sql<Existing & { id: string }>`
      select t.id, ${more} from ${given(this.#database.engine, ids)}
      cross join ${sql.table(entity)} t where ${own} and t.id = g.id`.execute(this.#database.read)
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** Names of the accounts that this batch speaks of; null marks one that is nowhere. */
  async #loadAccounts(rows: readonly Read[]): Promise<void> {
    if (this.#accounts.size > accountsKept) this.#accounts.clear()
    const at = this.#accountAt
    if (at === -1) return
    const wanted = new Set<string>()
    for (const row of rows) {
      const id = row.values[at]
      if (typeof id === 'string' && !this.#accounts.has(id)) wanted.add(id)
    }
    if (wanted.size === 0) return
    const ids = [...wanted]
    for (const id of ids) this.#accounts.set(id, null)
    const { engine, read } = this.#database
    const stored = await sql<{ id: string; name: string }>`
      select t.id, t.name from ${given(engine, ids)}
      cross join accounts t where t.company_id = ${this.#company} and t.id = g.id`.execute(read)
    for (const { id, name } of stored.rows) this.#accounts.set(id, name)
    if (this.#nameIn.size === 0) return
    const staged = await sql<{ id: string; part: number; cells: string }>`
      select r.key as id, r.part, r.cells from ${given(engine, ids)}
      cross join import_rows r
      where r.import_id = ${this.#importId} and r.entity = ${entityCode('accounts')} and r.key = g.id`.execute(
      read,
    )
    for (const { id, part, cells } of staged.rows) {
      const name = (JSON.parse(cells) as Cell[])[this.#nameIn.get(part) ?? -1]
      this.#accounts.set(id, typeof name === 'string' ? name : (this.#accounts.get(id) ?? id))
    }
  }

  #accountAt = -1
  /** Part → where its staged rows hold the account's name. */
  readonly #nameIn = new Map<number, number>()

  /** Says, before deals are checked, where their account stands and where staged accounts hold their names. */
  prepareDeals(drawn: readonly Drawn[], parts: readonly Part[]): void {
    this.#accountAt = drawn.findIndex(({ column }) => column.name === 'account')
    parts.forEach((part, at) => {
      if (part.entity === 'accounts') this.#nameIn.set(at, part.columns.indexOf('name'))
    })
  }

  /** Third look: what a row says of other things, and its money. Returns the cells to stage. */
  #finish(intake: Intake, row: Read, existing: Existing | undefined, known: Known): Cell[] | undefined {
    const { drawn, entity, file } = intake
    let bad = false
    const fail = (column: string | undefined, why: string): void => {
      this.#fail({ file, line: row.line, ...(column ? { column } : {}), why })
      bad = true
    }
    if (!existing) {
      const lacking = columnsOf[entity].filter(
        (column) => column.needed && !drawn.some((each) => each.column.name === column.name),
      )
      if (lacking.length > 0)
        fail(
          undefined,
          `the ${oneOfEntity[entity]} “${short(row.id)}” is not known yet, and a new one needs ${lacking.map((column) => column.name).join(' and ')}`,
        )
    }
    let currency = existing?.currency ?? intake.currency
    const cells: Cell[] = []
    let name = existing?.name ?? row.id
    let account = existing?.account_name ?? undefined
    for (let at = 0; at < drawn.length; at++)
      if (drawn[at]?.column.name === 'currency') currency = (row.values[at] as string | null) ?? currency
    for (let at = 0; at < drawn.length; at++) {
      const { column } = drawn[at] as Drawn
      let value = row.values[at] ?? null
      if (column.name === 'id' || (column.name === 'currency' && hasCurrency(entity))) continue
      if (value !== null && column.is.kind === 'money') {
        const amount = money(value as string, currency)
        if (amount instanceof Unfit) fail(column.name, amount.why)
        else value = amount
      } else if (value !== null && column.is.kind === 'reference') {
        const id = value as string
        if (column.is.to === 'person' && known.people && !known.people.has(id))
          fail(column.name, `“${short(id)}” is not the id of a person of this company`)
        else if (column.is.to === 'team' && known.teams && !known.teams.has(id))
          fail(column.name, `“${short(id)}” is not the id of a team of this company`)
        else if (column.is.to === 'account') {
          account = this.#accounts.get(id) ?? undefined
          if (account === undefined)
            fail(column.name, `“${short(id)}” is not the id of an account of this company`)
        }
      } else if (column.name === 'account') account = undefined
      if (column.name === 'name' && value !== null) name = value as string
      cells.push(value)
    }
    if (bad) return undefined
    if (hasCurrency(entity)) cells.push(currency)
    if (entity === 'opportunities') cells.push(searchText({ id: row.id, name, accountName: account }))
    return cells
  }
}

interface Read {
  readonly line: number
  readonly id: string
  readonly values: Cell[]
}
