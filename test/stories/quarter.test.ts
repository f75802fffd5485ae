import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localDate, localTime, nextWorkingMoment } from '../../src/canon/calendar.ts'
import { type NudgeKind, nudgeKinds } from '../../src/canon/nudge.ts'
import { type Product, product } from '../support/product.ts'

// The turn of a quarter as two demo companies live it, on Slack and on Teams, while nobody lifts a finger: what is told
// comes by itself, in its place, at its hour and once. Christmas and New Year's Day are days off in Korea.

interface Told {
  /** When it was seen, and when one looked before. */
  readonly at: number
  readonly since: number
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  readonly place: string
  readonly dm: boolean
  readonly thread: boolean
  readonly text: string
}

describe('the turn of a quarter', () => {
  let desk: Product
  const told: Told[] = []
  const seen = new Set<string>()

  let before = 0
  const take = (key: string, message: Told): void => {
    if (seen.has(key)) return
    seen.add(key)
    told.push(message)
  }

  function collect(at: number): void {
    for (const { id: tenant, channels } of Object.values(desk.slack.core.world.workspaces))
      for (const { id: place, kind, messages } of Object.values(channels))
        for (const { ts, text, botId, threadTs } of messages)
          if (botId !== undefined)
            take(`${tenant} ${place} ${ts}`, {
              ...{ at, since: before, platform: 'slack', tenant, place, text },
              dm: kind === 'dm',
              thread: threadTs !== undefined && threadTs !== ts,
            })
    for (const { id: tenant, conversations } of Object.values(desk.teams.core.world.tenants))
      for (const { id: place, kind, messages } of Object.values(conversations))
        for (const { id, from, summary, text, root } of messages)
          if (from === 'bot')
            take(`${tenant} ${place} ${id}`, {
              ...{ at, since: before, platform: 'teams', tenant, place, text: summary ?? text },
              dm: kind === 'personal',
              thread: root !== undefined,
            })
    before = at
  }

  beforeAll(async () => {
    desk = await product({
      platforms: ['slack', 'teams'],
      now: Date.parse('2026-12-23T20:00:00+09:00'),
    })
    await desk.settled()
    collect(desk.clock.now())
    told.length = 0
    await desk.clock.walk('2027-01-05T12:00:00+09:00', collect)
  }, 300_000)
  afterAll(() => desk.stop())

  it('nudges of every kind that the record gives cause for are told, and none fails', async () => {
    const { rows } = await sql<{ kind: NudgeKind }>`select distinct kind from nudges`.execute(
      desk.app.store.database.read,
    )
    const kinds = rows.map(({ kind }) => kind)
    // No lead comes in by itself; the stories of that kind tell it.
    const later: readonly NudgeKind[] = ['lead-response']
    expect(nudgeKinds.filter((kind) => !kinds.includes(kind) && !later.includes(kind))).toEqual([])
    expect(desk.lines.filter((line) => line.includes('schedule failed'))).toEqual([])
  })

  it('every digest, summary and review is kept once for its slot, and posted once', async () => {
    const { rows } = await sql<{ company_id: string; kind: string; of_id: string; slot: string }>`
      select company_id, kind, of_id, slot from reports where slot >= '2026-12-24'`.execute(
      desk.app.store.database.read,
    )
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(
      new Set(['weekly-digest', 'personal-summary', 'monthly-report', 'quarterly-review']),
    )
    const keys = rows.map((row) => Object.values(row).join(' '))
    expect(new Set(keys).size).toBe(keys.length)
    const weekly = rows.filter(({ kind, company_id }) => kind === 'weekly-digest' && company_id === 'ondam')
    expect(new Set(weekly.map(({ slot }) => slot))).toEqual(new Set(['2026-12-28', '2027-01-04']))
    for (const platform of ['slack', 'teams'] as const) {
      const digests = told.filter(
        (each) => each.platform === platform && !each.dm && !each.thread && /^커머셜영업팀: /.test(each.text),
      )
      expect(
        digests.map(({ at }) => `${localDate(at, 'Asia/Seoul')} ${localTime(at, 'Asia/Seoul')}`),
      ).toEqual(['2026-12-28 09:00', '2027-01-04 09:00'])
    }
  })

  it('nothing comes at night, on a weekend or on a public holiday', async () => {
    const { company } = await desk.app.store.org('ondam')
    // Somebody in Singapore begins an hour later: between two looks there was working time.
    const late = told.filter(
      ({ at, since, tenant }) => tenant === 'T0DEALDESK' && nextWorkingMoment(since, company.working) > at,
    )
    expect(late.map(({ at, text }) => `${new Date(at).toISOString()} ${text}`)).toEqual([])
    const days = new Set(
      told.filter(({ tenant }) => tenant === 'T0DEALDESK').map(({ at }) => localDate(at, 'Asia/Seoul')),
    )
    for (const off of ['2026-12-25', '2026-12-26', '2026-12-27', '2027-01-01', '2027-01-02', '2027-01-03'])
      expect(days).not.toContain(off)
    expect(days).toContain('2026-12-28')
  })

  it('nobody’s nudges of one morning come in two messages, and no text comes twice at one hour', () => {
    const keys = told
      .filter(({ thread }) => !thread)
      .map(({ at, platform, tenant, place, text }) => `${at} ${platform} ${tenant} ${place} ${text}`)
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
  })

  it('speaks Korean to one company and English to the other, and to the team abroad', () => {
    const of = (tenant: string) => told.filter((each) => each.tenant === tenant).map(({ text }) => text)
    expect(of('T0LARKFIELD').filter((text) => /[가-힣]/u.test(text))).toEqual([])
    const korean = told.filter(({ place }) => place === 'C0COMMERCIAL')
    expect(korean.length).toBeGreaterThan(3)
    expect(korean.every(({ text }) => /[가-힣]/u.test(text))).toBe(true)
    expect(told.filter(({ place }) => place === 'C0INTLSALES').some(({ text }) => /open in/.test(text))).toBe(
      true,
    )
  })
})
