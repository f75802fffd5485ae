import { createHash, randomBytes } from 'node:crypto'
import type { World } from './world.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** An id like Slack's (`C…`, `D…`, `V…`): never the same twice in a world, in no order one could rely on. */
export function freshId(world: World, prefix: string): string {
  world.counters.id += 1
  const digest = createHash('sha256').update(`${prefix}:${world.counters.id}`).digest()
  return prefix + Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** A message's ts: sixteen digits of microseconds with a point, strictly rising even when the clock steps back. */
export function freshTs(world: World, now: number): string {
  let ts = `${String(Math.floor(now / 1000)).padStart(10, '0')}.${String((now % 1000) * 1000).padStart(6, '0')}`
  if (ts <= world.counters.lastTs) ts = next(world.counters.lastTs)
  world.counters.lastTs = ts
  return ts
}

function next(ts: string): string {
  const micros = BigInt(ts.replace('.', '')) + 1n
  const digits = String(micros).padStart(16, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}

export const secret = (bytes = 16): string => randomBytes(bytes).toString('hex')

/** A fresh bot token of a kind. */
export const freshToken = (rotating: boolean): string =>
  rotating ? `xoxe.xoxb-1-${secret(24)}` : `xoxb-local-${secret(18)}`
