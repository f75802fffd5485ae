import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRecord } from './check/rule.ts'
import type { World } from './world.ts'

/** Reads the world of an earlier run; `undefined` when there is none, or it is of another shape. */
export function readSnapshot(path: string): World | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && value.version === 1 ? (value as unknown as World) : undefined
  } catch {
    // It is only a rehearsal's conversation: the database has the truth, and cards are posted afresh.
    return undefined
  }
}

/** Writes the world in one step: a reader finds the old one or the new one, never half of it. */
export function writeSnapshot(path: string, world: World): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.new`
  try {
    writeFileSync(draft, JSON.stringify(world), { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Writes the world some time after it changed, and once more at the end. */
export class Snapshots {
  readonly #path: string
  readonly #world: World
  readonly #delayMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(path: string, world: World, delayMs = 500) {
    this.#path = path
    this.#world = world
    this.#delayMs = delayMs
  }

  soon(): void {
    if (this.#timer) return
    this.#timer = setTimeout(() => this.now(), this.#delayMs)
    this.#timer.unref()
  }

  now(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    writeSnapshot(this.#path, this.#world)
  }
}
