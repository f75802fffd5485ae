import { readJson, writeJson } from '../file.ts'
import { isRecord } from './check/rule.ts'
import type { World } from './world.ts'

/**
 * Reads the world of an earlier run; `undefined` when there is none, or it cannot be read: it is only a
 * rehearsal's conversation. The database has the truth, and cards are posted afresh.
 */
export function readSnapshot(path: string): World | undefined {
  const value = readJson(path)
  if (!isRecord(value) || value.version !== 1) return undefined
  const world = value as unknown as World
  // The answer a form waited for at the stop will not come any more.
  for (const workspace of Object.values(world.workspaces))
    for (const open of Object.values(workspace.modals).flat()) open.busy = false
  return world
}

/** Writes the world some time after it changed, and once more at the end. */
export class Snapshots {
  readonly #path: string
  readonly #world: object
  readonly #delayMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(path: string, world: object, delayMs = 500) {
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
    writeJson(this.#path, this.#world)
  }
}
