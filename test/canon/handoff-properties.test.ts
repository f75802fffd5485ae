import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Account } from '../../src/canon/account.ts'
import {
  type Handoff,
  type HandoffAct,
  type HandoffKind,
  type HandoffWorld,
  handoffItems,
  handoffKinds,
  mayAccept,
  missingItems,
  nextDueAt,
  open,
  rule,
  tick,
  waitsOn,
} from '../../src/canon/handoff.ts'
import type { Lead } from '../../src/canon/lead.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { dealOf, hour, monday, orgOf, person, staff } from './world.ts'

const people = [
  ...staff,
  person('sam', ['sdr'], 'seojun', { team: 'seoul' }),
  person('cody', ['csm'], 'carl'),
]
const lead: Lead = { id: 'L-1', name: 'Choi', owner: 'sam', status: 'working', updatedAt: monday, version: 1 }
const account: Account = { id: 'A-1', name: 'Hanbit', csm: 'cara', ae: 'mina', updatedAt: monday, version: 1 }
const days: readonly string[] = ['first_meeting_on', 'kickoff_on']
const itemsOf = (kind: HandoffKind) =>
  Object.fromEntries(
    handoffItems[kind].map((item) => [
      item,
      days.includes(item) ? '2026-11-05' : item === 'amount' ? '100' : item,
    ]),
  )
const sender = { 'sdr-to-ae': 'sam', 'ae-to-cs': 'mina', 'cs-to-ae': 'cara' } as const

const who = fc.constantFrom('mina', 'jiho', 'seojun', 'cara', 'cody', 'carl', 'sam', 'sora', 'law')
const acts = fc.oneof(
  fc.constant({ act: 'submit', items: {} }),
  fc.constant({ act: 'edit', items: { pain: '' } }),
  fc.constant({ act: 'accept' }),
  fc.constant({ act: 'return', missing: ['pain'] }),
  who.map((to) => ({ act: 'reassign', to })),
  fc.constant({ act: 'withdraw' }),
  fc.constantFrom('2026-11-03', '2026-12-01', 'soon').map((on) => ({ act: 'kickoff', on })),
  fc.integer({ min: -1, max: 7 }).map((score) => ({ act: 'rate', score })),
  fc.constantFrom(30, 60, 90).map((day) => ({ act: 'milestone-done', day, done: true })),
  fc.constant({ act: 'first-value', on: '2026-11-02' }),
)
const steps = fc.array(
  fc.oneof(
    fc.record({ by: who, what: acts }),
    fc.record({ wait: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ leaves: fc.constantFrom('mina', 'cara', 'sam', 'jiho') }),
  ),
  { maxLength: 25 },
)

it('whatever people do and time does, a handoff is its receiver’s only once accepted, and a won deal finished only then', () => {
  fc.assert(
    fc.property(fc.constantFrom(...handoffKinds), steps, (kind, story) => {
      let deal = dealOf({ stage: 'CW', account: 'A-1', won: 'unfinished' })
      const gone: Record<string, { active: false }> = {}
      let now = monday
      const world = (): HandoffWorld => ({
        now,
        org: orgOf(people, gone),
        policy: defaultPolicy,
        account,
        newDealId: 'D-new',
        ...(kind === 'sdr-to-ae' ? { lead } : {}),
        ...(kind === 'ae-to-cs' ? { deal } : {}),
      })
      const ask = {
        id: 'H',
        kind,
        by: sender[kind],
        platform: 'slack',
        items: itemsOf(kind),
        submit: true,
      } as const
      const opened = open(ask, world())
      if (!opened.ok) throw new Error(opened.refusal.code)
      let handoff: Handoff = opened.next.handoff
      for (const step of story) {
        const before = handoff
        if ('leaves' in step) gone[step.leaves] = { active: false }
        else if ('wait' in step) now += step.wait * hour
        const ruled =
          'by' in step
            ? rule(before, { by: step.by, platform: 'slack', ...step.what } as unknown as HandoffAct, world())
            : tick(before, world())
        if (!ruled || ('ok' in ruled && !ruled.ok)) continue
        const { handoff: next, deal: after } = ruled.next
        const receivers = mayAccept(before, world())
        handoff = next
        expect(next.version).toBe(before.version + 1)
        if (next.status === 'accepted' && before.status !== 'accepted') {
          expect('by' in step && receivers.includes(step.by)).toBe(true)
          expect(missingItems(kind, next.items, defaultPolicy)).toEqual([])
          expect(after !== undefined).toBe(true)
        }
        // Accepted and withdrawn are ends: nothing makes a handoff travel again.
        if (before.status === 'accepted') expect(next.status).toBe('accepted')
        expect(before.status).not.toBe('withdrawn')
        if (after?.next.won === 'finished')
          expect(next.status === 'accepted' && next.kickoffOn !== undefined).toBe(true)
        if (after && kind === 'ae-to-cs') deal = after.next
        if (after && kind !== 'ae-to-cs') expect(after.next.owner).toBe(next.receiver)
        // The same instant has nothing more to say, and what is due next lies ahead.
        const settled = tick(handoff, world())?.next.handoff ?? handoff
        expect(tick(settled, world())).toBeUndefined()
        const due = nextDueAt(settled, world())
        if (due !== undefined) expect(due).toBeGreaterThan(now)
        for (const id of waitsOn(handoff, world())) expect(id).not.toBe(undefined)
      }
    }),
    { numRuns: 300 },
  )
})
