import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding, Nudge } from '../../src/canon/nudge.ts'
import {
  admits,
  byWeight,
  intoMessages,
  isNews,
  NudgeChoice,
  type NudgePick,
  replacedBy,
  urgentMost,
} from '../../src/canon/nudge-choice.ts'
import { hearersOf } from '../../src/canon/nudge-hearers.ts'
import { raise } from '../../src/canon/nudge-life.ts'
import { finding, now, world } from './nudge-world.ts'

const told = (over: Partial<Nudge> = {}, of: Partial<Finding> = {}): Nudge => ({
  ...raise(finding(of), { id: 'N', owner: 'ae', ears: [{ person: 'ae' }], at: now }, world()),
  ...over,
})
const answered = { by: 'ae', at: now, how: 'acted' as const }

describe('whether a cause may be told', () => {
  it.each<[string, readonly Nudge[], 'new' | 'more' | 'not']>([
    ['what was never told', [], 'new'],
    ['what is open, to whoever has not heard it yet', [told()], 'more'],
    ['not what was answered', [told({ answered })], 'not'],
    ['not what is done in this cycle', [told({ status: 'done' })], 'not'],
    ['not what was gone and came back within a cycle', [told({ status: 'gone' })], 'not'],
    ['what was done in an earlier cycle', [told({ status: 'done', cycle: 'earlier' })], 'new'],
    ['what is open from an earlier cycle', [told({ cycle: 'earlier' })], 'new'],
    [
      'not what is snoozed, whatever cycle it was told in',
      [told({ status: 'snoozed', cycle: 'earlier', snoozedUntil: now + 1 })],
      'not',
    ],
    [
      'what was snoozed in an earlier cycle and is due again',
      [told({ status: 'snoozed', cycle: 'earlier', snoozedUntil: now })],
      'new',
    ],
    ['not what is muted, ever', [told({ status: 'muted', cycle: 'earlier' })], 'not'],
    ['what is muted of another kind', [told({ status: 'muted', kind: 'meddicc-gap' })], 'new'],
    [
      'what is muted on another deal',
      [told({ status: 'muted', subject: { noun: 'deal', id: 'D2' } })],
      'new',
    ],
    [
      'what is muted on an account of the same id',
      [told({ status: 'muted', subject: { noun: 'account', id: 'D1' } })],
      'new',
    ],
  ])('%s', (_name, known, expected) => {
    const admission = admits(finding(), known, now)
    expect(admission === 'new' ? 'new' : admission ? 'more' : 'not').toBe(expected)
  })

  it('who has heard it in person or in the channel is not told again', () => {
    const channel = { channel: { platform: 'slack' as const, tenant: 'T1', id: 'C-EAST' } }
    const nudge = told({ told: ['person:ae', 'channel:slack:T1:C-EAST'] })
    expect(isNews(nudge, { person: 'ae', as: 'owner' })).toBe(false)
    expect(isNews(nudge, { person: 'ae2', as: 'owner', channel })).toBe(false)
    expect(isNews(nudge, { person: 'manager', as: 'copy' })).toBe(true)
    expect(isNews('new', { person: 'ae', as: 'owner' })).toBe(true)
    expect(isNews(undefined, { person: 'ae', as: 'owner' })).toBe(false)
  })

  it('a new cycle takes the place of what stands of the old', () => {
    const old = told({ id: 'old', cycle: 'earlier' })
    const known = [
      old,
      told({ id: 'muted', cycle: 'x', status: 'muted' }),
      told({ id: 'done', cycle: 'y', status: 'done' }),
      told({ id: 'same' }),
    ]
    expect(replacedBy(finding(), known)).toEqual([old])
  })
})

// ── the stream ───────────────────────────────────────────────────────────────

const owners = ['ae', 'ae2', 'other', 'csm'] as const
const causes = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('stalled', 'meddicc-gap', 'close-date-past'),
    deal: fc.integer({ min: 0, max: 40 }),
    cycle: fc.constantFrom('a', 'b'),
    owner: fc.constantFrom(...owners),
    urgent: fc.boolean(),
    weight: fc.integer({ min: 0, max: 5 }),
    copies: fc.subarray(['manager', 'ae2']),
    channel: fc.boolean(),
  }),
  { maxLength: 120, selector: ({ kind, deal, cycle }) => `${kind} ${deal} ${cycle}` },
)
const findingsOf = (all: typeof causes extends fc.Arbitrary<infer T> ? T : never): Finding[] =>
  all.map(({ deal, copies, channel, kind, ...rest }) =>
    finding({
      ...rest,
      kind: kind as Finding['kind'],
      subject: { noun: 'deal', id: `D${deal}` },
      alsoTell: copies,
      ...(channel ? { channelOf: 'east' } : {}),
    }),
  )

function chosen(
  findings: readonly Finding[],
  room: (person: string) => number,
  known: readonly Nudge[] = [],
) {
  const desk = world()
  const choice = new NudgeChoice(room)
  for (const one of findings) {
    const { owner, hearings } = hearersOf(one, desk)
    for (const hearing of hearings) {
      const pick: NudgePick = { finding: one, hearing, owner }
      if (choice.wants(pick) && isNews(admits(one, known, now), hearing)) choice.add(pick)
    }
  }
  return choice.chosen()
}

const nameOf = ({ finding: { kind, subject, cycle } }: NudgePick) => `${kind} ${subject.id} ${cycle}`
const text = (all: ReadonlyMap<string, readonly NudgePick[]>) =>
  [...all].map(([person, picks]) => `${person}: ${picks.map(nameOf).join(', ')}`).join('\n')

describe('the choice', () => {
  const rooms = fc.record({
    ae: fc.nat(6),
    ae2: fc.nat(6),
    other: fc.nat(6),
    csm: fc.nat(6),
    manager: fc.nat(6),
  })

  it('is never over anybody’s budget, and never without the heaviest that fit', () => {
    fc.assert(
      fc.property(causes, rooms, (all, room) => {
        const findings = findingsOf(all)
        const roomFor = (person: string) => room[person as keyof typeof room] ?? 0
        for (const [person, picks] of chosen(findings, roomFor)) {
          const budgeted = picks.filter((pick) => !pick.finding.urgent)
          expect(budgeted.length).toBeLessThanOrEqual(roomFor(person))
          expect(picks.length - budgeted.length).toBeLessThanOrEqual(urgentMost)
          const everything = findings
            .filter((one) => !one.urgent)
            .flatMap((one) => {
              const { owner, hearings } = hearersOf(one, world())
              return hearings
                .filter((hearing) => hearing.person === person)
                .map((hearing) => ({ finding: one, hearing, owner }))
            })
            .sort(byWeight)
          expect(budgeted.map(nameOf)).toEqual(everything.slice(0, roomFor(person)).map(nameOf))
        }
      }),
    )
  })

  it('does not depend on the order in which causes are found', () => {
    fc.assert(
      fc.property(
        causes.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const roomFor = () => 3
          expect(text(chosen(findingsOf(shuffled), roomFor))).toBe(text(chosen(findingsOf(all), roomFor)))
        },
      ),
    )
  })

  it('never holds what is muted, snoozed or told in its cycle', () => {
    const states = fc.array(
      fc.record({
        deal: fc.integer({ min: 0, max: 40 }),
        cycle: fc.constantFrom('a', 'b'),
        status: fc.constantFrom('snoozed', 'muted', 'done', 'gone'),
        hours: fc.integer({ min: 1, max: 100 }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(causes, states, (all, kept) => {
        const known = kept.map(({ deal, cycle, status, hours }) =>
          told({
            kind: 'stalled',
            subject: { noun: 'deal', id: `D${deal}` },
            cycle,
            status: status as Nudge['status'],
            snoozedUntil: now + hours * 3_600_000,
          }),
        )
        for (const picks of chosen(findingsOf(all), () => 100, known).values())
          for (const { finding: one } of picks) {
            const mine = known.filter((each) => each.kind === one.kind && each.subject.id === one.subject.id)
            expect(mine.filter((each) => each.status === 'muted' || each.status === 'snoozed')).toEqual([])
            expect(mine.filter((each) => each.cycle === one.cycle)).toEqual([])
          }
      }),
    )
  })

  it('the same cause found twice in a run is one', () => {
    const all = chosen([finding(), finding(), finding({ alsoTell: ['manager'] })], () => 5)
    expect(all.get('ae')).toHaveLength(1)
    expect(all.get('manager')).toHaveLength(1)
  })

  it('keeps a handful a person of three hundred thousand causes', () => {
    const choice = new NudgeChoice(() => 5)
    let kept = 0
    for (let i = 0; i < 300_000; i++) {
      const one = finding({ subject: { noun: 'deal', id: `D${i}` }, weight: (i * 7_919) % 300_007 })
      const pick = { finding: one, hearing: { person: `P${i % 50}`, as: 'owner' as const }, owner: 'ae' }
      if (choice.wants(pick)) {
        choice.add(pick)
        kept += 1
      }
    }
    expect([...choice.chosen().values()].flat()).toHaveLength(250)
    // Few are looked up at all: what is lighter than all that is kept is passed by.
    expect(kept).toBeLessThan(10_000)
  })
})

describe('putting it into messages', () => {
  it('a channel takes the heaviest five, and the owners hear of the rest alone', () => {
    const findings = Array.from({ length: 8 }, (_, i) =>
      finding({
        subject: { noun: 'deal', id: `D${i}` },
        weight: i,
        owner: i % 2 ? 'ae' : 'ae2',
        channelOf: 'east',
      }),
    )
    const { channels, people } = intoMessages(
      chosen(findings, () => 5),
      () => 5,
    )
    const east = channels.get('channel:slack:T1:C-EAST')
    expect(east?.map((pick) => pick.finding.subject.id)).toEqual(['D7', 'D6', 'D5', 'D4', 'D3'])
    expect(people.get('ae')?.map((pick) => pick.finding.subject.id)).toEqual(['D1'])
    expect(people.get('ae2')?.map((pick) => pick.finding.subject.id)).toEqual(['D2', 'D0'])
    expect(people.get('ae')?.[0]?.hearing).toEqual({ person: 'ae', as: 'owner' })
  })

  it('a channel that was told today has no room but for what is urgent', () => {
    const findings = [
      finding({ channelOf: 'east' }),
      finding({ subject: { noun: 'deal', id: 'D2' }, channelOf: 'east', urgent: true }),
    ]
    const { channels, people } = intoMessages(
      chosen(findings, () => 5),
      () => 0,
    )
    expect([...channels.values()].flat().map(nameOf)).toEqual(['stalled D2 2026-10-01'])
    expect([...people.values()].flat().map(nameOf)).toEqual(['stalled D1 2026-10-01'])
  })

  it('loses nothing and doubles nothing', () => {
    fc.assert(
      fc.property(causes, fc.nat(7), (all, room) => {
        const picked = chosen(findingsOf(all), () => 4)
        const { channels, people } = intoMessages(picked, () => room)
        const count = (maps: ReadonlyMap<string, readonly NudgePick[]>[]) =>
          maps
            .flatMap((map) =>
              [...map.values()].flat().map((pick) => `${nameOf(pick)} ${pick.hearing.person}`),
            )
            .sort()
        expect(count([channels, people])).toEqual(count([picked]))
      }),
    )
  })
})
