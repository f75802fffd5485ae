import { describe, expect, it } from 'vitest'
import { hearersOf, tellingTo } from '../../src/canon/nudge-hearers.ts'
import { finding, type Given, seoul, world } from './nudge-world.ts'

const hears = (given: Given, more: Parameters<typeof finding>[0] = {}) =>
  hearersOf(finding(more), world(given)).hearings.map(({ person, as, instead, channel }) =>
    [person, as, instead, channel && 'channel' in channel ? channel.channel.id : undefined]
      .filter((part) => part !== undefined)
      .join(' '),
  )

const away = { awayFrom: '2026-11-20', awayUntil: '2026-11-27' }

describe('who hears of a cause', () => {
  it.each<[string, Given, Parameters<typeof finding>[0], readonly string[]]>([
    ['the owner, in a DM', {}, {}, ['ae owner']],
    ['the owner, in the channel of the team named', {}, { channelOf: 'east' }, ['ae owner C-EAST']],
    [
      'in the team’s Teams channel where the owner is on Teams',
      { platforms: ['teams'] },
      { channelOf: 'east' },
      ['ae owner 19:east'],
    ],
    [
      'where the owner prefers to be told, when they are on both',
      { platforms: ['slack', 'teams'], people: { ae: { prefers: 'teams' } } },
      { channelOf: 'east' },
      ['ae owner 19:east'],
    ],
    [
      'a DM where the person prefers one',
      { preferences: { ae: { place: 'dm' } } },
      { channelOf: 'east' },
      ['ae owner'],
    ],
    ['a DM where the team has no channel', {}, { channelOf: 'west' }, ['ae owner']],
    [
      'others beside the owner, each once',
      {},
      { alsoTell: ['manager', 'ae', 'manager', 'nobody'] },
      ['ae owner', 'manager copy'],
    ],
    [
      'the delegate of somebody who is away',
      { people: { ae: { ...away, delegate: 'ae2' } } },
      {},
      ['ae2 stands-in away'],
    ],
    ['the manager where nobody is the delegate', { people: { ae: away } }, {}, ['manager stands-in away']],
    [
      'a manager who is told anyway is told once',
      { people: { ae: away } },
      { alsoTell: ['manager'] },
      ['manager stands-in away'],
    ],
    [
      'the manager of somebody without a chat account',
      { linked: ['manager', 'ops'] },
      {},
      ['manager stands-in no-account'],
    ],
    [
      'the next manager up where the nearest has no account either',
      { linked: ['vp', 'ops'] },
      {},
      ['vp stands-in no-account'],
    ],
    [
      'the manager of somebody who has left',
      { people: { ae: { active: false } } },
      {},
      ['manager stands-in gone'],
    ],
    ['Sales Ops for what nobody owns', {}, { owner: '' }, ['ops stands-in unowned']],
    [
      'Sales Ops where the whole line has left',
      {
        people: {
          ae: { active: false },
          manager: { active: false },
          vp: { active: false },
          boss: { active: false },
        },
      },
      {},
      ['ops stands-in gone'],
    ],
    ['nobody where the owner switched the kind off', { preferences: { ae: { off: ['stalled'] } } }, {}, []],
    [
      'those beside an owner who switched the kind off',
      { preferences: { ae: { off: ['stalled'] } } },
      { alsoTell: ['manager'] },
      ['manager copy'],
    ],
    [
      'nobody who switched the kind off, though they are told beside the owner',
      { preferences: { manager: { off: ['stalled'] } } },
      { alsoTell: ['manager'] },
      ['ae owner'],
    ],
    [
      'the delegate of a manager who is away',
      { people: { manager: { ...away, delegate: 'ops' } } },
      { alsoTell: ['manager'] },
      ['ae owner', 'ops copy'],
    ],
    [
      'nobody beside the owner who has left',
      { people: { manager: { active: false } } },
      { alsoTell: ['manager'] },
      ['ae owner'],
    ],
  ])('%s', (_name, given, more, expected) => {
    expect(hears(given, more)).toEqual(expected)
  })

  it('says who has no account and which team has no channel, for the administrators', () => {
    expect(hearersOf(finding(), world({ linked: ['manager'] })).unreachable).toBe('ae')
    expect(hearersOf(finding({ channelOf: 'west' }), world()).channelless).toBe('west')
    expect(hearersOf(finding({ channelOf: 'east' }), world())).not.toHaveProperty('channelless')
  })

  it('who takes the place of one who left is to act from now on; one who is away is still to act', () => {
    expect(hearersOf(finding(), world({ people: { ae: { active: false } } })).owner).toBe('manager')
    expect(hearersOf(finding(), world({ people: { ae: away } })).owner).toBe('ae')
  })
})

describe('when somebody is told', () => {
  const at = (given: Given, urgent = false, person = 'ae') => tellingTo({ person }, urgent, world(given))

  it.each<[string, Given, string]>([
    ['at once in working time', {}, '2026-11-23T10:00'],
    ['B5.80 in the morning, at night', { now: seoul('2026-11-23T21:00') }, '2026-11-24T09:00'],
    ['on Monday, at a weekend', { now: seoul('2026-11-21T11:00') }, '2026-11-23T09:00'],
    ['after a public holiday (Christmas)', { now: seoul('2026-12-25T10:00') }, '2026-12-28T09:00'],
    [
      'within the person’s own hours',
      { preferences: { ae: { from: '11:00', until: '16:00' } } },
      '2026-11-23T11:00',
    ],
    [
      'in the person’s own zone: 10:00 in Seoul is Sunday evening in Chicago',
      { people: { ae: { timeZone: 'America/Chicago' } } },
      '2026-11-24T00:00',
    ],
    [
      'one message a day: this morning’s is over, so tomorrow’s',
      { now: seoul('2026-11-23T10:30'), preferences: { ae: { pace: 'daily' } } },
      '2026-11-24T09:00',
    ],
    [
      'one message a day: while the morning lasts',
      { now: seoul('2026-11-23T09:02'), preferences: { ae: { pace: 'daily' } } },
      '2026-11-23T09:02',
    ],
  ])('%s', (_name, given, expected) => {
    expect(new Date(at(given).at + 9 * 3_600_000).toISOString().slice(0, 16)).toBe(expected)
  })

  it('urgent ones come at once to whoever wants one message a day', () => {
    const daily = { preferences: { ae: { pace: 'daily' as const } } }
    expect(at({ ...daily, now: seoul('2026-11-23T14:00') }, true)).toMatchObject({
      at: seoul('2026-11-23T14:00'),
      daily: false,
    })
  })

  it('counts for the local day on which it arrives', () => {
    expect(at({ now: seoul('2026-11-20T19:00') }).day).toBe('2026-11-23')
    expect(at({ people: { ae: { timeZone: 'America/Chicago' } } }).day).toBe('2026-11-23')
  })

  it('a channel follows its team’s zone', () => {
    const channel = { channel: { platform: 'slack' as const, tenant: 'T1', id: 'C-EAST' } }
    expect(tellingTo(channel, false, world({ now: seoul('2026-11-23T08:00') })).at).toBe(
      seoul('2026-11-23T09:00'),
    )
  })
})
