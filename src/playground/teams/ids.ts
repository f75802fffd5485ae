import { createHash } from 'node:crypto'
import type { World } from './world.ts'

const digest = (of: string): Buffer => createHash('sha256').update(of).digest()

/** A GUID made from a name: the same name gives the same one at every start. */
export function guidOf(name: string): string {
  const bytes = digest(name).subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** `29:…`: how one app knows one person. */
export const chatIdOf = (appId: string, user: string): string =>
  `29:1${digest(`${appId}/${user}`).toString('base64url')}`

/** `a:1…`: the chat of one person with one app. */
export const personalChatId = (appId: string, tenant: string, user: string): string =>
  `a:1${digest(`chat/${appId}/${tenant}/${user}`).toString('base64url')}`

/** `19:…@thread.tacv2`: a channel. */
export const channelIdOf = (name: string): string =>
  `19:${digest(`channel/${name}`).toString('base64url').replaceAll(/[-_]/g, 'x')}1@thread.tacv2`

/** `19:…@thread.v2`: a group chat. */
export const groupChatIdOf = (name: string): string =>
  `19:${digest(`chat/${name}`).toString('hex').slice(0, 32)}@thread.v2`

/** An id of an activity in a conversation: milliseconds as text, strictly rising even when the clock steps back. */
export function freshActivityId(world: World, now: number): string {
  world.counters.lastActivity = Math.max(now, world.counters.lastActivity + 1)
  return String(world.counters.lastActivity)
}

/** An id of what is no message (an invoke, an event, a dialog): `f:…`. */
export function freshId(world: World): string {
  world.counters.id += 1
  return `f:${guidOf(`${world.app.id}/${world.counters.id}`)}`
}

/** The conversation and the post behind an id as activities carry it: `19:…@thread.tacv2;messageid=…`. */
export function placeOf(id: string): { readonly conversation: string; readonly root?: string } {
  const found = /^(.*);messageid=(\d+)$/.exec(id)
  return found ? { conversation: found[1]!, root: found[2]! } : { conversation: id }
}
