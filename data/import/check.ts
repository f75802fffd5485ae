import { type Selectable, sql } from 'kysely'
import { addDays, instantAt, localDate } from '../../src/canon/calendar.ts'
import { nearest } from '../../src/canon/nearest.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import { quarterNamed, readPeriodName } from '../../src/canon/period.ts'
import { countsFor } from '../../src/canon/qbr.ts'
import type { StageWorld } from '../../src/canon/stage.ts'
import type { Database } from '../database.ts'
import { dealOf } from '../opportunity.ts'
import type { Schema } from '../schema.ts'
import { searchText } from '../search.ts'
import { type Cell, type DateFormat, money, type Reading, short, Unfit } from './columns.ts'
import { dealColumns, followingCells, overruled, ruleDeal } from './deals.ts'
import {
  type Column,
  columnsOf,
  type Entity,
  isKeyed,
  keyMark,
  keyOf,
  oneOfEntity,
  tableOf,
} from './entities.ts'
import type { Draw } from './mapping.ts'
import type { Counts, Problem } from './report.ts'
import type { Row } from './rows.ts'
import { entityCode, given, type Part, type StagedRow, stagedLines } from './staging.ts'
import { existingHistory, existingKeyed, isThing, Things } from './things.ts'

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

/** The rules that deals are taken under. */
export interface DealRules {
  /** History, loaded without gates. */
  readonly asIs: boolean
  readonly world: () => StageWorld
}

interface Existing {
  readonly currency?: string | null
  readonly name?: string
  /** Of a lead. */
  readonly company?: string | null
  readonly account_name?: string | null
  readonly deal?: Opportunity
}

/** The columns that staged rows of an intake hold, in order: those of the file, then those that follow from them. */
export function stagedColumns(entity: Entity, drawn: readonly Drawn[]): string[] {
  const names = drawn
    .map(({ column }) => column.as ?? column.name)
    .filter((name) => name !== 'id' && !(name === 'currency' && hasCurrency(entity)))
  return [...(entity === 'opportunities' ? dealColumns(names) : names), ...following(entity)]
}

/** What a staged row holds at its end, beside what the file says. */
const following = (entity: Entity): string[] => [
  ...(hasCurrency(entity) ? ['currency'] : []),
  ...(isSearched(entity) ? ['search'] : []),
]

const isSearched = (entity: Entity): boolean =>
  entity === 'opportunities' || entity === 'accounts' || entity === 'leads'

const hasCurrency = (entity: Entity): boolean =>
  ['teams', 'accounts', 'opportunities', 'revenue', 'costs'].includes(entity)

/** For at most this many unknown ids an import looks for the one that was meant: it compares with every person. */
const mostMeant = 200

/** At most this many account names are remembered between batches. */
const accountsKept = 50_000

/** Checks rows of one import, batch by batch. It reads the database and writes nothing. */
export class Checker {
  readonly #database: Database
  readonly #importId: number
  readonly #company: string
  readonly #fail: (problem: Problem) => void
  readonly #rules: DealRules
  readonly #accounts = new Map<string, string | null>()
  /** The currency of each of them, where it has one. */
  readonly #currencies = new Map<string, string>()
  readonly #things: Things
  #seq = 0

  constructor(
    database: Database,
    task: { readonly id: number; readonly company: string },
    rules: DealRules,
    fail: (problem: Problem) => void,
  ) {
    this.#database = database
    this.#importId = task.id
    this.#company = task.company
    this.#rules = rules
    this.#fail = fail
    this.#things = new Things(database, task)
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
    if (intake.drawn.some(({ column }) => column.is.kind === 'reference' && column.is.to === 'account'))
      await this.#loadAccounts(fresh)
    await this.#things.load(
      intake.drawn.map(({ column }) => column),
      fresh.map((row) => row.values),
    )
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
    const today = localDate(this.#rules.world().now, intake.timeZone)
    const reading: Reading = {
      currency: intake.currency,
      timeZone: intake.timeZone,
      today,
      tomorrow: instantAt(addDays(today, 1), '00:00', intake.timeZone),
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
      if (bad) {
        intake.counts.bad++
        continue
      }
      if (intake.entity === 'stage-history' || isKeyed(intake.entity))
        id = keyOf(intake.entity)
          .map((name) => values[drawn.findIndex((each) => each.column.name === name)])
          .join(isKeyed(intake.entity) ? keyMark : '|')
      found.push({ line, id, values })
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
        ...(isKeyed(intake.entity) ? {} : { column: 'id' }),
        why: `“${short(row.id)}” was there before, on line ${first}; a ${oneOfEntity[intake.entity]} comes once`,
      })
      intake.counts.bad++
      return false
    })
  }

  async #existing(entity: Entity, ids: readonly string[]): Promise<ReadonlyMap<string, Existing>> {
    if (ids.length === 0) return new Map()
    const { engine, read } = this.#database
    if (entity === 'opportunities') {
      const { rows } = await sql<Selectable<Schema['opportunities']>>`
        select t.* from ${given(engine, ids)}
        cross join opportunities t where t.company_id = ${this.#company} and t.id = g.id`.execute(read)
      return new Map(rows.map((row) => [row.id, { ...row, deal: dealOf(row) }]))
    }
    if (entity === 'stage-history') return existingHistory(read, engine, this.#company, ids)
    if (isKeyed(entity)) return existingKeyed(read, engine, this.#company, entity, ids)
    const more = {
      companies: sql`name`,
      people: sql`name`,
      teams: sql`name, currency`,
      accounts: sql`name, currency`,
      contacts: sql`name`,
      leads: sql`name, company`,
      activities: sql`kind`,
    }[entity]
    const own = entity === 'companies' ? sql`1 = 1` : sql`t.company_id = ${this.#company}`
    const { rows } = await sql<Existing & { id: string }>`
      select t.id, ${more} from ${given(engine, ids)}
      cross join ${sql.table(tableOf(entity))} t where ${own} and t.id = g.id`.execute(read)
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** Names of the accounts that this batch speaks of; null marks one that is nowhere. */
  async #loadAccounts(rows: readonly Read[]): Promise<void> {
    if (this.#accounts.size > accountsKept) {
      this.#accounts.clear()
      this.#currencies.clear()
    }
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
    const stored = await sql<{ id: string; name: string; currency: string | null }>`
      select t.id, t.name, t.currency from ${given(engine, ids)}
      cross join accounts t where t.company_id = ${this.#company} and t.id = g.id`.execute(read)
    for (const { id, name, currency } of stored.rows) {
      this.#accounts.set(id, name)
      if (currency !== null) this.#currencies.set(id, currency)
    }
    if (this.#nameIn.size === 0) return
    const staged = await sql<{ id: string; part: number; cells: string }>`
      select r.key as id, r.part, r.cells from ${given(engine, ids)}
      cross join import_rows r
      where r.import_id = ${this.#importId} and r.entity = ${entityCode('accounts')} and r.key = g.id`.execute(
      read,
    )
    for (const { id, part, cells } of staged.rows) {
      const staged = JSON.parse(cells) as Cell[]
      const name = staged[this.#nameIn.get(part) ?? -1]
      this.#accounts.set(id, typeof name === 'string' ? name : (this.#accounts.get(id) ?? id))
      const currency = staged[this.#currencyIn.get(part) ?? -1]
      if (typeof currency === 'string') this.#currencies.set(id, currency)
    }
  }

  #accountAt = -1
  /** Part → where its staged rows hold the account's name. */
  readonly #nameIn = new Map<number, number>()
  readonly #currencyIn = new Map<number, number>()

  /** Says, before rows are checked, where their account stands and where staged accounts hold their names. */
  prepare(drawn: readonly Drawn[], parts: readonly Part[]): void {
    this.#accountAt = drawn.findIndex(
      ({ column }) => column.is.kind === 'reference' && column.is.to === 'account',
    )
    this.#nameIn.clear()
    this.#currencyIn.clear()
    parts.forEach((part, at) => {
      if (part.entity !== 'accounts') return
      this.#nameIn.set(at, part.columns.indexOf('name'))
      this.#currencyIn.set(at, part.columns.indexOf('currency'))
    })
  }

  /** Third look: what a row says of other things, and its money. Returns the cells to stage. */
  #finish(intake: Intake, row: Read, existing: Existing | undefined, known: Known): Cell[] | undefined {
    const { drawn, entity, file } = intake
    let bad = false
    const fail = (column: string | undefined, why: string): undefined => {
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
    let cells: Cell[] = []
    const named = new Map<string, Cell>()
    let name = existing?.name ?? row.id
    let account = existing?.account_name ?? existing?.company ?? undefined
    // Revenue is in its account's currency, where the row does not say another.
    if (entity === 'revenue') currency = this.#currencies.get(String(row.values[this.#accountAt])) ?? currency
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
          fail(column.name, this.#unknown('person', id, known.people))
        else if (column.is.to === 'team' && known.teams && !known.teams.has(id))
          fail(column.name, this.#unknown('team', id, known.teams))
        else if (column.is.to === 'account') {
          account = this.#accounts.get(id) ?? undefined
          if (account === undefined)
            fail(column.name, `“${short(id)}” is not the id of an account of this company`)
        } else if (isThing(column.is.to) && !this.#things.has(column.is.to, id))
          fail(column.name, `“${short(id)}” is not the id of a ${column.is.to} of this company`)
      } else if (column.name === 'account') account = undefined
      if (column.name === 'name' && value !== null) name = value as string
      if (entity === 'leads' && column.name === 'company') account = (value as string | null) ?? undefined
      named.set(column.name, value)
      cells.push(value)
    }
    if (entity === 'qbrs' && !bad) {
      const why = this.#offQuarter(named)
      if (why) fail('held_on', why)
    }
    if (entity === 'costs' && !bad) {
      const why = this.#costsAhead(String(named.get('period')), intake.timeZone)
      if (why) fail('period', why)
    }
    if (entity === 'fx' && named.get('from') === named.get('to') && !bad)
      fail('to', `is ${named.get('to')} too; a rate is between two currencies`)
    if (bad) return undefined
    if (entity === 'opportunities') {
      const ruled = this.#ruled(row, named, currency, existing?.deal)
      if (!ruled.ok) return fail(ruled.column, ruled.why)
      cells = ruled.cells
    }
    if (hasCurrency(entity)) cells.push(currency)
    if (isSearched(entity)) cells.push(searchText({ id: row.id, name, accountName: account }))
    return cells
  }

  /** The same few ids are wrong again and again: each is looked for once, and after many of them no more. */
  readonly #meant = new Map<string, string | undefined>()

  #unknown(what: 'person' | 'team', id: string, known: ReadonlySet<string>): string {
    const key = `${what} ${id}`
    // Every id of one or two letters is near every other.
    if (id.length > 2 && !this.#meant.has(key) && this.#meant.size < mostMeant)
      this.#meant.set(key, nearest(id, [...known]))
    const near = this.#meant.get(key)
    return `“${short(id)}” is not the id of a ${what} of this company${near === undefined ? '' : `; did you mean ${near}?`}`
  }

  /** A QBR that was held far from the quarter it is to count for: one of the two is mistyped. */
  #offQuarter(named: ReadonlyMap<string, Cell>): string | undefined {
    const quarter = quarterNamed(
      String(named.get('quarter')),
      this.#rules.world().org.company.fiscalYearStart,
    )
    const heldOn = String(named.get('held_on'))
    if (!quarter || countsFor(quarter, heldOn)) return undefined
    return `${heldOn} is not in or near ${quarter.name}, which runs from ${quarter.from} to ${quarter.to}`
  }

  /** Costs of a period that has not begun. */
  #costsAhead(name: string, timeZone: string): string | undefined {
    const { now, org } = this.#rules.world()
    const period = readPeriodName(name, org.company.fiscalYearStart)
    const today = localDate(now, timeZone)
    return period && period.from > today ? `“${name}” lies ahead; today is ${today}` : undefined
  }

  /** What a deal's row means under the rules, as the cells of its part (`dealColumns`). */
  #ruled(row: Read, named: ReadonlyMap<string, Cell>, currency: string, before: Opportunity | undefined) {
    const { asIs, world } = this.#rules
    const ruled = ruleDeal(
      { id: row.id, row: named, currency, before, asIs, door: 'import', by: 'import' },
      world(),
    )
    if (!ruled.ok) return ruled
    const columns = dealColumns([...named.keys()])
    const own = new Map(named)
    const following = followingCells(columns, ruled.next, named, before)
    // What the file says stands; where the rules say more (a day, a reason's code), theirs does.
    const theirs = overruled(new Set(own.keys()))
    return {
      ok: true as const,
      cells: columns.map((column, at) =>
        own.has(column) && !theirs.has(column) ? (own.get(column) ?? null) : (following[at] ?? null),
      ),
    }
  }
}

interface Read {
  readonly line: number
  readonly id: string
  readonly values: Cell[]
}
