import { setTimeout as delay } from 'node:timers/promises'
import type BetterSqlite3 from 'better-sqlite3'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { StorageError } from './database.ts'

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''

/** Statements are prepared once by their text: preparing costs more than running them. */
const preparedMost = 400

/** One connection to the file. */
export class FileConnection implements DatabaseConnection {
  readonly db: BetterSqlite3.Database
  readonly #prepared = new Map<string, BetterSqlite3.Statement>()

  constructor(db: BetterSqlite3.Database) {
    this.db = db
  }

  exec(text: string): void {
    this.#statement(text).run()
  }

  #statement(text: string): BetterSqlite3.Statement {
    const known = this.#prepared.get(text)
    if (known !== undefined) return known
    const statement = this.db.prepare(text)
    if (this.#prepared.size >= preparedMost) this.#prepared.clear()
    this.#prepared.set(text, statement)
    return statement
  }

  /** Whether a statement changes nothing, so that any connection may run it. */
  reads(text: string): boolean {
    return this.#statement(text).readonly
  }

  async executeQuery<R>({
    sql: text,
    parameters,
  }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    const statement = this.#statement(text)
    if (statement.reader) return { rows: statement.all(parameters) as R[] }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  // An open cursor would block the connection for everybody else; long walks use keyset pages.
  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and this one only refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming a query would hold the connection: walk it in keyset pages.')
  }

  close(): void {
    this.#prepared.clear()
    this.db.close()
  }
}

/**
 * Where reads go. A query runs from its beginning to its end in one go, so nobody has to wait for a turn. Between
 * transactions it takes the writing connection: that one still holds the pages it wrote last, while every commit
 * empties the cache of the other. During a transaction it takes the reading connection, which sees what is committed.
 */
export class Reads implements DatabaseConnection {
  readonly #own: FileConnection
  readonly #turns: WriteTurns

  constructor(own: FileConnection, turns: WriteTurns) {
    this.#own = own
    this.#turns = turns
  }

  async executeQuery<R>(query: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    const { idle, connection } = this.#turns
    if (idle && connection.reads(query.sql)) {
      try {
        return await connection.executeQuery<R>(query)
      } catch (error) {
        // The writing connection waits for nobody, not for a reading either; the other one does for a moment.
        if (!codeOf(error).startsWith('SQLITE_BUSY')) throw error
      }
    }
    // What would write fails here: this connection cannot.
    return this.#own.executeQuery<R>(query)
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    return this.#own.streamQuery<R>()
  }

  close(): void {
    this.#own.close()
  }
}

/** Kysely's way to the reads. */
export class ReadDriver implements Driver {
  readonly #connection: Reads

  constructor(connection: Reads) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Reads> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new Error('The reading connection has no transactions: a write belongs into `transact`.')
  }

  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection.close()
  }
}

/** Most transactions that go to the disk together, and how long they may gather, ms: another process waits for them. */
const together = { most: 64, ms: 20 }

/** Transactions that are one for SQLite: BEGIN IMMEDIATE … COMMIT, with a savepoint for each but the first. */
interface Group {
  readonly durable: boolean
  readonly began: number
  members: number
  /** `open`: nobody has waited for others yet; `held`: it waits for them; `over`: this turn of the loop has ended. */
  gathering: 'open' | 'held' | 'over'
  readonly ended: Promise<void>
  readonly end: (fault?: unknown) => void
}

interface Waiting {
  readonly durable: boolean
  readonly turn: () => void
}

/**
 * The one writing connection, whose transactions take turns in order of arrival. Those that wait for their turn share
 * one COMMIT with those before them, so that they wait for the disk once and not once each. Nobody learns the outcome
 * of their part, not even a refusal that rests on another's part, before the whole is on the disk.
 */
export class WriteTurns {
  readonly connection: FileConnection
  readonly #patienceMs: number
  readonly #turnMs: number
  readonly #queue: Waiting[] = []
  #taken = false
  #group: Group | undefined
  #current: Part | undefined
  /** `synchronous` is lowered for transactions that need not be durable. */
  #lowered = false

  constructor(db: BetterSqlite3.Database, patienceMs: number, turnMs: number) {
    this.connection = new FileConnection(db)
    this.#patienceMs = patienceMs
    this.#turnMs = turnMs
  }

  /** The part that has begun and not ended: what a transaction's own statements run on. */
  get current(): DatabaseConnection | undefined {
    return this.#current
  }

  /** Nobody has the connection, and no transaction is open on it. */
  get idle(): boolean {
    return !this.#taken && this.#group === undefined
  }

  /** Kysely's way to the connection, for transactions that are all durable or all not. */
  driver(durable: boolean): Driver {
    return {
      init: async () => {},
      acquireConnection: () => this.#acquire(durable),
      beginTransaction: (part) => this.#begin(part as Part),
      commitTransaction: (part) => this.#commit(part as Part),
      rollbackTransaction: (part) => this.#rollback(part as Part),
      releaseConnection: async (part) => {
        if (!(part as Part).passedOn) this.#next()
      },
      destroy: async () => {},
    }
  }

  async #acquire(durable: boolean): Promise<Part> {
    if (!this.#taken) this.#taken = true
    else
      await new Promise<void>((resolve, reject) => {
        const waiting: Waiting = {
          durable,
          turn: () => {
            clearTimeout(late)
            resolve()
          },
        }
        const late = setTimeout(() => {
          this.#queue.splice(this.#queue.indexOf(waiting), 1)
          reject(
            new StorageError(
              'busy',
              `Not saved: a transaction waited ${this.#turnMs} ms for another of this process. ` +
                'Was one opened inside another? Inside `transact`, use the transaction that was handed in.',
            ),
          )
        }, this.#turnMs)
        this.#queue.push(waiting)
      })
    return new Part(this.connection, durable)
  }

  #next(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#taken = false
    else next.turn()
  }

  async #begin(part: Part): Promise<void> {
    this.#current = part
    if (this.#group !== undefined) {
      this.connection.exec('savepoint part')
      this.#group.members += 1
      part.inside = true
      return
    }
    const durable = part.durable || this.#queue.some((waiting) => waiting.durable)
    this.#synchronous(durable)
    await this.#beginImmediate()
    let end!: Group['end']
    const ended = new Promise<void>((resolve, reject) => {
      end = (fault) => (fault === undefined ? resolve() : reject(fault))
    })
    // Where nobody shares the transaction, nobody listens either.
    ended.catch(() => {})
    this.#group = { durable, began: performance.now(), members: 1, gathering: 'open', ended, end }
  }

  /** `synchronous` can be changed between transactions only. */
  #synchronous(durable: boolean): void {
    const { db } = this.connection
    if (durable) {
      if (this.#lowered) db.pragma('synchronous = FULL')
      this.#lowered = false
    } else if (!this.#lowered && db.pragma('synchronous', { simple: true }) === 2) {
      db.pragma('synchronous = NORMAL')
      this.#lowered = true
    }
  }

  async #beginImmediate(): Promise<void> {
    // SQLite's own busy handler sleeps on the only thread; waiting here lets everybody else go on.
    const deadline = Date.now() + this.#patienceMs
    for (;;) {
      try {
        this.connection.exec('begin immediate')
        return
      } catch (error) {
        if (!codeOf(error).startsWith('SQLITE_BUSY') || Date.now() >= deadline) throw error
      }
      await delay(2 + Math.random() * 8)
    }
  }

  async #commit(part: Part): Promise<void> {
    if (part.inside && this.connection.db.inTransaction) this.connection.exec('release part')
    await this.#settle(part)
  }

  async #rollback(part: Part): Promise<void> {
    // Its outcome is known: the commit was tried, alone or together with others.
    if (part.settled) return
    const { db } = this.connection
    // After SQLITE_FULL and its like SQLite has rolled back by itself; a second rollback would hide the reason.
    if (part.inside && db.inTransaction) {
      this.connection.exec('rollback to part')
      this.connection.exec('release part')
      return this.#settle(part)
    }
    const group = this.#group
    this.#group = undefined
    part.settled = true
    if (db.inTransaction) this.connection.exec('rollback')
    // The first of a group has nobody before it; anybody else's group is here only when SQLite gave it up.
    group?.end(part.inside ? part.fault : undefined)
  }

  /** Ends this part: hands the open transaction on to whoever waits or is about to come, or commits it for everybody in it. */
  async #settle(part: Part): Promise<void> {
    const group = this.#group!
    part.settled = true
    const next = this.#queue[0]
    const mayGather =
      this.connection.db.inTransaction &&
      group.members < together.most &&
      performance.now() - group.began < together.ms
    const mayHold = next === undefined && group.durable && group.gathering !== 'over'
    if (mayGather && (mayHold || (next !== undefined && (group.durable || !next.durable)))) {
      if (mayHold) this.#hold(group)
      part.passedOn = true
      this.#next()
      return group.ended
    }
    this.#end(group)
    return group.ended
  }

  /**
   * Nothing of a transaction waits for anything but the disk, so of several requests that came in together each would
   * have committed before the next is read. Until the end of this turn of the loop they may join.
   */
  #hold(group: Group): void {
    if (group.gathering === 'held') return
    group.gathering = 'held'
    setImmediate(() => {
      group.gathering = 'over'
      // Whoever has the connection now ends the group with their part.
      if (this.#group === group && !this.#taken) this.#end(group)
    })
  }

  /** Commits for everybody in the group and tells them. */
  #end(group: Group): void {
    this.#group = undefined
    try {
      this.connection.exec('commit')
    } catch (error) {
      const { db } = this.connection
      if (db.open && db.inTransaction) this.connection.exec('rollback')
      group.end(error)
      return
    }
    group.end()
  }
}

/** One transaction's use of the writing connection. */
class Part implements DatabaseConnection {
  readonly durable: boolean
  readonly #connection: FileConnection
  /** The connection went to the next transaction before this one's outcome was known. */
  passedOn = false
  settled = false
  /** It came into a transaction that was open already. */
  inside = false
  /** The last error of one of its statements. */
  fault: unknown

  constructor(connection: FileConnection, durable: boolean) {
    this.#connection = connection
    this.durable = durable
  }

  async executeQuery<R>(query: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    try {
      return await this.#connection.executeQuery<R>(query)
    } catch (error) {
      this.fault = error
      throw error
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    return this.#connection.streamQuery<R>()
  }
}
