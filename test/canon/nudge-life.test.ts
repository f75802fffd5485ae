import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Nudge } from '../../src/canon/nudge.ts'
import {
  answer,
  closed,
  heardBy,
  mayAnswer,
  type NudgeAct,
  putOff,
  raise,
  tick,
} from '../../src/canon/nudge-life.ts'
import { type KindUse, usefulness } from '../../src/canon/nudge-use.ts'
import { finding, type Given, now, seoul, world } from './nudge-world.ts'

const hour = 3_600_000
/** A stalled deal that has become a risk: the kind of thing that climbs all the way. */
const risk = finding({
  because: { kind: 'stalled', stage: 'S4', since: '2026-09-20', days: 64, risk: true },
})
const told = (over: Partial<Nudge> = {}, given: Given = {}): Nudge => ({
  ...raise(risk, { id: 'N', owner: 'ae', ears: [{ person: 'ae' }], at: now }, world(given)),
  ...over,
})
const answeredWith = (nudge: Nudge, act: NudgeAct, given: Given = {}): Nudge => {
  const ruling = answer(nudge, act, world(given))
  if (!ruling.ok) throw new Error(ruling.refusal.code)
  return ruling.next
}
const refused = (nudge: Nudge, act: NudgeAct, given: Given = {}): string | undefined => {
  const ruling = answer(nudge, act, world(given))
  return ruling.ok ? undefined : ruling.refusal.code
}

describe('answers', () => {
  it('taken up: it stays open until its cause is gone, and does not climb', () => {
    const next = answeredWith(told(), { act: 'acted', by: 'ae' })
    expect(next).toMatchObject({ status: 'open', answered: { by: 'ae', how: 'acted' }, version: 2 })
    expect(next.climbsAt).toBeUndefined()
    expect(answeredWith(next, { act: 'acted', by: 'manager' })).toBe(next)
  })

  it.each([
    [1, '2026-11-24T10:00'],
    [3, '2026-11-26T10:00'],
    [7, '2026-11-30T10:00'],
  ])('snoozed for %i days it sleeps until then', (days, until) => {
    const next = answeredWith(told(), { act: 'snooze', by: 'ae', days })
    expect(next).toMatchObject({ status: 'snoozed', snoozedUntil: seoul(until), answered: { days } })
    expect(next.climbsAt).toBeUndefined()
  })

  it('snoozed into a weekend it comes back on Monday morning', () => {
    const friday = seoul('2026-11-27T15:00')
    const next = answeredWith(told(), { act: 'snooze', by: 'ae', days: 1 }, { now: friday })
    expect(next.snoozedUntil).toBe(seoul('2026-11-30T09:00'))
  })

  it('only for the days that the policy offers', () => {
    expect(refused(told(), { act: 'snooze', by: 'ae', days: 2 })).toBe('out-of-date')
    expect(
      refused(told(), { act: 'snooze', by: 'ae', days: 2 }, { nudges: { snoozeDays: [2] } }),
    ).toBeUndefined()
  })

  it('muted with a reason, never without', () => {
    expect(refused(told(), { act: 'mute', by: 'ae', reason: '  ' })).toBe('reason-missing')
    expect(answeredWith(told(), { act: 'mute', by: 'ae', reason: ' 고객 요청 ' })).toMatchObject({
      status: 'muted',
      answered: { how: 'muted', reason: '고객 요청' },
    })
  })

  it('undone it stands as if nobody had answered, and climbs from now on', () => {
    for (const act of [
      { act: 'done', by: 'ae' },
      { act: 'snooze', by: 'ae', days: 3 },
      { act: 'mute', by: 'ae', reason: 'x' },
    ] as const) {
      const back = answeredWith(answeredWith(told(), act), { act: 'undo', by: 'manager' })
      expect(back).toMatchObject({ status: 'open', climbsAt: told().climbsAt, version: 3 })
      expect(back).not.toHaveProperty('answered')
      expect(back).not.toHaveProperty('snoozedUntil')
    }
  })

  it('what is gone takes no answer, and what nobody answered no undo', () => {
    expect(refused(closed(told()), { act: 'done', by: 'ae' })).toBe('moved-on')
    expect(refused(closed(answeredWith(told(), { act: 'acted', by: 'ae' })), { act: 'undo', by: 'ae' })).toBe(
      'moved-on',
    )
    expect(refused(told(), { act: 'undo', by: 'ae' })).toBe('moved-on')
  })
})

describe('who may answer', () => {
  const away = { awayFrom: '2026-11-20', awayUntil: '2026-11-27', delegate: 'other' }
  it.each<[string, string, boolean, Given]>([
    ['the owner', 'ae', true, {}],
    ['their manager', 'manager', true, {}],
    ['those above', 'vp', true, {}],
    ['Sales Ops', 'ops', true, {}],
    ['not a colleague of the same team', 'ae2', false, {}],
    ['not somebody of another team', 'other', false, {}],
    ['whoever stands in for the owner while they are away', 'other', true, { people: { ae: away } }],
    ['not once they are back', 'other', false, { people: { ae: { ...away, awayUntil: '2026-11-22' } } }],
    ['nobody who has left', 'manager', false, { people: { manager: { active: false } } }],
  ])('%s: %s', (_name, id, expected, given) => {
    const desk = world(given)
    expect(mayAnswer(desk.org.people.get(id)!, told(), desk)).toBe(expected)
    if (!expected) expect(refused(told(), { act: 'done', by: id }, given)).toBe('not-allowed')
  })

  it('whoever was told', () => {
    expect(refused(heardBy(told(), [{ person: 'other' }]), { act: 'done', by: 'other' })).toBeUndefined()
  })
})

describe('the ladder', () => {
  // 48 working hours are two working days.
  const due = seoul('2026-11-25T10:00')

  it('nothing before its time', () => {
    expect(told().climbsAt).toBe(due)
    expect(tick(told(), world({ now: due - 1 }))).toBeUndefined()
  })

  it('owner, manager, VP Sales, and then no further', () => {
    const first = tick(told(), world({ now: due }))
    expect(first).toMatchObject({ what: 'climbed', to: 'manager', next: { rung: 1 } })
    const second = tick(first!.next, world({ now: due + 48 * hour }))
    expect(second).toMatchObject({ what: 'climbed', to: 'vp', next: { rung: 2 } })
    expect(second!.next.climbsAt).toBeUndefined()
    expect(second!.next.told).toEqual(['person:ae', 'person:manager', 'person:vp'])
    expect(tick(second!.next, world({ now: due + 1_000 * hour }))).toBeUndefined()
  })

  it('no further than its kind climbs: VP Sales hears of exceptions alone', () => {
    const early = raise(finding(), { id: 'N', owner: 'ae', ears: [{ person: 'ae' }], at: now }, world())
    const first = tick(early, world({ now: due }))
    expect(first).toMatchObject({ to: 'manager', next: { rung: 1 } })
    expect(first!.next.climbsAt).toBeUndefined()
    const { climbsTo } = world().policy.nudges
    const nobody = { nudges: { climbsTo: { ...climbsTo, stalled: 'owner' as const } } }
    expect(raise(risk, { id: 'N', owner: 'ae', ears: [], at: now }, world(nobody)).climbsAt).toBeUndefined()
  })

  it('over VP Sales and to C-level nothing climbs', () => {
    expect(tick(told({ owner: 'vp' }), world({ now: due }))).not.toHaveProperty('to')
    // The CS Manager reports to C-level: VP Sales hears, on the next rung.
    expect(tick(told({ owner: 'cs' }), world({ now: due }))).not.toHaveProperty('to')
  })

  it('only while nobody has answered', () => {
    for (const act of ['acted', 'done'] as const)
      expect(
        tick(answeredWith(told(), { act, by: 'ae' }), world({ now: due + 1_000 * hour })),
      ).toBeUndefined()
    const snoozed = answeredWith(told(), { act: 'snooze', by: 'ae', days: 7 })
    expect(tick(snoozed, world({ now: due }))).toBeUndefined()
  })

  it('a manager who heard it already is not told again: it waits there for its next rung', () => {
    const copied = heardBy(told(), [{ person: 'manager' }])
    const ticked = tick(copied, world({ now: due }))
    expect(ticked).toMatchObject({ what: 'climbed', next: { rung: 1, climbsAt: due + 48 * hour } })
    expect(ticked).not.toHaveProperty('to')
  })

  it('over a manager who has left, and to the company’s VP where the line has none', () => {
    const gone = tick(told(), world({ now: due, people: { manager: { active: false } } }))
    expect(gone).toMatchObject({ to: 'vp' })
    const csm = told({ owner: 'csm', rung: 1 })
    expect(tick(csm, world({ now: due }))).toMatchObject({ to: 'vp' })
  })

  it('not on a day off: raised on Friday, it climbs on Tuesday', () => {
    const friday = seoul('2026-11-20T10:00')
    const nudge = raise(finding(), { id: 'N', owner: 'ae', ears: [], at: friday }, world({ now: friday }))
    expect(nudge.climbsAt).toBe(seoul('2026-11-24T10:00'))
  })

  it('counts from when it was told, not from when it was found', () => {
    const morning = seoul('2026-11-24T09:00')
    const nudge = raise(finding(), { id: 'N', owner: 'ae', ears: [], at: morning }, world())
    expect(nudge.climbsAt).toBe(seoul('2026-11-26T09:00'))
  })

  it('woken when its time is over, for whoever snoozed it, and the ladder begins anew', () => {
    const climbed = tick(told(), world({ now: due }))!.next
    const snoozed = answeredWith(climbed, { act: 'snooze', by: 'manager', days: 1 }, { now: due })
    const until = snoozed.snoozedUntil!
    expect(tick(snoozed, world({ now: until - 1 }))).toBeUndefined()
    const woken = tick(snoozed, world({ now: until }))
    expect(woken).toMatchObject({ what: 'woken', to: ['ae', 'manager'], next: { status: 'open', rung: 0 } })
    expect(woken!.next).not.toHaveProperty('answered')
    expect(woken!.next.climbsAt).toBeGreaterThan(until)
  })

  it('put off, it is looked at again then', () => {
    expect(putOff(told(), due + 1)).toMatchObject({ climbsAt: due + 1, version: 2 })
    const snoozed = answeredWith(told(), { act: 'snooze', by: 'ae', days: 1 })
    expect(putOff(snoozed, due + 1)).toMatchObject({ snoozedUntil: due + 1 })
  })

  it('whatever people do and whenever: nobody is told twice, and what is snoozed sleeps', () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 120 }) }),
      fc.record({
        act: fc.constant('snooze' as const),
        by: fc.constantFrom('ae', 'manager'),
        days: fc.constantFrom(1, 3, 7),
      }),
      fc.record({
        act: fc.constantFrom('acted' as const, 'done' as const, 'undo' as const),
        by: fc.constantFrom('ae', 'manager'),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let nudge = told()
        let at = now
        for (const each of steps) {
          const before = nudge
          if (each.act === 'wait') {
            at += each.hours * hour
            const ticked = tick(nudge, world({ now: at }))
            if (!ticked) continue
            if (ticked.what === 'climbed' && ticked.to)
              expect(before.told).not.toContain(`person:${ticked.to}`)
            if (before.status === 'snoozed') expect(at).toBeGreaterThanOrEqual(before.snoozedUntil!)
            expect(before.status === 'open' ? before.answered : undefined).toBeUndefined()
            nudge = ticked.next
          } else {
            const ruling = answer(nudge, each as NudgeAct, world({ now: at }))
            if (ruling.ok) nudge = ruling.next
          }
          if (nudge !== before) expect(nudge.version).toBe(before.version + 1)
          expect(new Set(nudge.told).size).toBe(nudge.told.length)
          expect(nudge.status === 'snoozed').toBe(nudge.snoozedUntil !== undefined)
        }
      }),
    )
  })
})

describe('usefulness', () => {
  const use = (tallies: Parameters<typeof usefulness>[0]): KindUse[] => usefulness(tallies, 50)

  it('what was taken up, said to be done or solved by itself was useful; what was muted or ignored was not', () => {
    const [stalled] = use([
      { kind: 'stalled', status: 'open', how: 'acted', ignored: false, count: 3 },
      { kind: 'stalled', status: 'done', how: 'done', ignored: false, count: 2 },
      { kind: 'stalled', status: 'gone', ignored: false, count: 1 },
      { kind: 'stalled', status: 'snoozed', how: 'snoozed', ignored: false, count: 1 },
      { kind: 'stalled', status: 'muted', how: 'muted', ignored: false, count: 2 },
      { kind: 'stalled', status: 'open', ignored: true, count: 1 },
      { kind: 'stalled', status: 'open', ignored: false, count: 7 },
    ])
    expect(stalled).toEqual({
      kind: 'stalled',
      told: 17,
      acted: 6,
      snoozed: 1,
      muted: 2,
      ignored: 1,
      usefulPercent: 60,
      noisePercent: 30,
      noisy: false,
    })
  })

  it('from the policy’s share on a kind is noisy; a handful says nothing', () => {
    const of = (muted: number, acted: number) =>
      use([
        { kind: 'hygiene', status: 'muted', how: 'muted', ignored: false, count: muted },
        { kind: 'hygiene', status: 'done', how: 'done', ignored: false, count: acted },
      ])[0]?.noisy
    expect(of(5, 5)).toBe(true)
    expect(of(4, 6)).toBe(false)
    expect(of(3, 0)).toBe(false)
  })

  it('the most told first; what still waits for an answer has no share', () => {
    const kinds = use([
      { kind: 'hygiene', status: 'open', ignored: false, count: 1 },
      { kind: 'stalled', status: 'open', ignored: false, count: 9 },
    ])
    expect(kinds.map(({ kind }) => kind)).toEqual(['stalled', 'hygiene'])
    expect(kinds[0]).not.toHaveProperty('usefulPercent')
    expect(use([])).toEqual([])
  })
})
