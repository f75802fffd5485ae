import { openDatabase } from '../../data/store.ts'
import type { Courier } from '../../src/ports.ts'
import { Rig } from './rig.ts'

/** Sends what the database owes to a chat in another process, until that is done or it is killed on the way. */
const chat = process.env.CHAT_URL!

async function call<T>(op: string, ...args: unknown[]): Promise<T> {
  const response = await fetch(chat, { method: 'POST', body: JSON.stringify({ op, args }) })
  const { answer } = (await response.json()) as { answer: T }
  return answer
}

const courier: Courier = {
  platform: 'slack',
  paceMs: 0,
  reach: (...args) => call('reach', ...args),
  post: (...args) => call('post', ...args),
  update: (...args) => call('update', ...args),
  find: (...args) => call('find', ...args),
}

const database = await openDatabase({ url: process.env.DATABASE_URL! })
const rig = new Rig(database)
rig.now = Number(process.env.NOW)
rig.versions.set('r1', Number(process.env.VERSION))
await rig.start(1, { couriers: [courier], settings: { leaseMs: 400 } })
await rig.idle()
await rig.stop()
await database.close()
