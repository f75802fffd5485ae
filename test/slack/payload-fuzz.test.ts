import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readAction, readCommand, readEvent, readSearch, readSubmission } from '../../src/slack/gesture.ts'
import { Capture, change, command, event, press, search, submission } from './rig.ts'

/** A payload as it was sent, as the object Bolt makes of it. */
const objectOf = (body: string): unknown => {
  if (body.startsWith('{')) return JSON.parse(body)
  const fields = Object.fromEntries(new URLSearchParams(body))
  return fields.payload ? JSON.parse(fields.payload) : fields
}

/** The same payload with one place in it replaced. */
function damaged(payload: unknown, steps: readonly number[], value: unknown): unknown {
  const copy = structuredClone(payload) as Record<string, unknown>
  let at = copy
  for (const [depth, step] of steps.entries()) {
    const keys = Object.keys(at)
    const key = keys[step % Math.max(1, keys.length)]
    if (key === undefined) break
    const inner = at[key]
    if (depth === steps.length - 1 || typeof inner !== 'object' || inner === null) {
      at[key] = value
      break
    }
    at = inner as Record<string, unknown>
  }
  return copy
}

const api = { api: Object.assign(new Capture(), { url: 'http://127.0.0.1:1/api/' }) }
const reading = { at: 1, commands: ['deal'] }
const message = {
  type: 'message',
  channel_type: 'im',
  channel: 'D1',
  user: 'U01',
  ts: '1.1',
  thread_ts: '1.0',
  text: 'hello',
}

it.each([
  ['a command', command(api, 'acme 15'), readCommand],
  ['a press', press(api, 'discount.approve', 'd1'), readAction],
  ['a change', change('discount'), readAction],
  ['a submitted form', submission(), readSubmission],
  ['a search', search('ac'), readSearch],
  ['a message', event(message), readEvent],
  ['an opened Home', event({ type: 'app_home_opened', user: 'U01', tab: 'home' }), readEvent],
  ['an archived channel', event({ type: 'channel_archive', channel: 'C1' }), readEvent],
  ['a person that changed', event({ type: 'user_change', user: { id: 'U5', deleted: true } }), readEvent],
] as const)('%s with anything in any place of it is a whole gesture or none', (_what, body, read) => {
  const payload = objectOf(body)
  expect(read(payload, reading)).toBeDefined()
  fc.assert(
    fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }), fc.jsonValue(), (steps, value) => {
      const received = read(damaged(payload, steps, value), reading)
      if (!received || !('gesture' in received)) return
      const { gesture, origin } = received
      for (const id of [gesture.tenant, gesture.user, gesture.key, gesture.fingerprint]) {
        expect(typeof id).toBe('string')
        expect(id).not.toBe('')
      }
      expect(origin.user).toBe(gesture.user)
      expect(origin.tenant).toBe(gesture.tenant)
      if ('drawing' in gesture) expect(typeof gesture.drawing).toBe('string')
      if ('text' in gesture) expect(typeof gesture.text).toBe('string')
    }),
    { numRuns: 300 },
  )
})

it('no payload at all is no gesture', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      for (const read of [readCommand, readAction, readSubmission, readSearch, readEvent])
        expect(read(body, reading)).toBeUndefined()
    }),
  )
})
