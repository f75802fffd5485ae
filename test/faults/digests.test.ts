import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

// Digests where something is in the way: channels and accounts that are gone, teams that lack something.

describe('digests in trouble', () => {
  let desk: Product
  beforeEach(async () => {
    desk = await product({
      platforms: ['slack', 'teams'],
      now: Date.parse('2026-11-20T10:00:00+09:00'),
      nudges: false,
    })
  }, 60_000)
  afterEach(() => desk?.stop())

  const monday = () => desk.clock.set('2026-11-23T09:00:00+09:00')
  const slack = (user: string, what: RegExp) =>
    desk.slack
      .as(user)
      .dm()
      .messages()
      .filter((message) => what.test(message.text()))
  const digest = /주간 파이프라인/
  /** As an administrator would leave a team: what is named is not there. */
  let stamp = 1_000_000
  const without = (team: string, fields: Record<string, null>) =>
    desk.app.store.database.transact(async (trx) => {
      await trx
        .updateTable('teams')
        .set(fields)
        .where('company_id', '=', 'ondam')
        .where('id', '=', team)
        .execute()
      await trx.updateTable('companies').set({ org_stamp: ++stamp }).where('id', '=', 'ondam').execute()
    })
  const noChannel = { slack_channel: null, teams_channel: null }
  /** Without an account, and not to be found by e-mail: on Teams a look at a card would link them again. */
  const unlink = (person: string) =>
    desk.app.store.database.transact(async (trx) => {
      await trx
        .deleteFrom('identities')
        .where('company_id', '=', 'ondam')
        .where('person_id', '=', person)
        .execute()
      await trx
        .updateTable('people')
        .set({ email: null })
        .where('company_id', '=', 'ondam')
        .where('id', '=', person)
        .execute()
      await trx.updateTable('companies').set({ org_stamp: ++stamp }).where('id', '=', 'ondam').execute()
    })

  it('B5.50 the channel is archived on Slack: the manager has it by DM, the administrator one notice and no second', async () => {
    await desk.slack.as('U0JUNHO').archive('C0ENTERPRISE')
    await monday()
    expect(slack('U0JUNHO', digest)).toHaveLength(1)
    expect(slack('U0EUNBI', /is_archived/)).toHaveLength(1)
    await desk.clock.set('2026-11-30T09:00:00+09:00')
    expect(slack('U0JUNHO', digest)).toHaveLength(2)
    expect(slack('U0EUNBI', /is_archived/)).toHaveLength(1)
    // Teams goes on as it was.
    const channel = desk.teams.as('박준호').channel('엔터프라이즈영업')
    expect(channel.messages().filter((card) => digest.test(card.text()))).toHaveLength(2)
  })

  it('B5.50 the channel is deleted on Teams: the same', async () => {
    await desk.teams.as('박준호').deleteChannel('엔터프라이즈영업')
    await monday()
    expect(slack('U0JUNHO', digest)).toHaveLength(1)
    expect(slack('U0EUNBI', /전달하지 못|닿지 못|보내지 못/)).toHaveLength(1)
    await desk.clock.set('2026-11-30T09:00:00+09:00')
    expect(slack('U0JUNHO', digest)).toHaveLength(2)
    expect(slack('U0EUNBI', /전달하지 못|닿지 못|보내지 못/)).toHaveLength(1)
  })

  it('neither a channel nor a manager with a chat account: it goes to the nearest above who has one', async () => {
    await without('enterprise', noChannel)
    await unlink('park-junho')
    await monday()
    expect(slack('U0HAEUN', digest)).toHaveLength(1)
    expect(slack('U0EUNBI', /전달하지 못|닿지 못|보내지 못/)).toEqual([])
  })

  it('nobody above either: it goes to those who can give it a channel', async () => {
    await without('enterprise', { ...noChannel, manager: null })
    await monday()
    expect(slack('U0EUNBI', digest)).toHaveLength(1)
    expect(slack('U0EUNBI', /주간 요약에 빠진 설정[\s\S]*채널 없음, 팀장 없음/)).toHaveLength(1)
  })

  it('a channel that is lost under a team without a manager: the administrators have the digest', async () => {
    await without('enterprise', { manager: null })
    await desk.slack.as('U0JUNHO').archive('C0ENTERPRISE')
    await monday()
    expect(slack('U0EUNBI', digest)).toHaveLength(1)
  })

  it('somebody without a chat account has no summary, nobody else reads it, and nothing lies undelivered', async () => {
    await unlink('kim-seoyeon')
    await monday()
    const { store } = desk.app
    expect(await store.report('ondam', 'personal-summary:person:kim-seoyeon:2026-11-23')).toBeUndefined()
    expect(await store.report('ondam', 'personal-summary:person:lee-minjae:2026-11-23')).toBeDefined()
    expect(await store.deadDeliveries('ondam', 10)).toEqual([])
    expect(slack('U0MINJAE', /나의 주간 요약/)).toHaveLength(1)
  })

  it('what a team lacks: its digest says so in its language, and Sales Ops hear once of all', async () => {
    const noTarget = { quarterly_target: null }
    const noZone = { time_zone: null }
    await without('enterprise', noChannel)
    await without('commercial', noTarget)
    await without('success', noZone)
    await without('international', { ...noChannel, ...noTarget, ...noZone })
    await monday()
    expect(slack('U0JUNHO', digest)[0]!.text()).toMatch(/빠진 설정: 채널 없음\./)
    const posted = (user: string, channel: string) =>
      desk.slack
        .as(user)
        .channel(channel)
        .waitForMessage(/빠진 설정/)
    expect((await posted('U0JIWON', 'C0COMMERCIAL')).text()).toMatch(/빠진 설정: 분기 목표 없음\./)
    expect((await posted('U0MINKYUNG', 'C0SUCCESS')).text()).toMatch(
      /빠진 설정: 시간대 없음\(회사 시간대 사용\)\./,
    )
    // A team without a zone of its own has the company's: Seoul's nine o'clock.
    expect(slack('U0GRACE', /the pipeline this week/)[0]!.text()).toMatch(
      /This team has no channel, no quarterly target, no time zone \(the company’s is used\)\. Sales Ops was told\./,
    )
    const setup = () => slack('U0EUNBI', /주간 요약에 빠진 설정/)
    expect(setup()).toHaveLength(1)
    expect(setup()[0]!.text()).toMatch(
      /커머셜영업팀: 분기 목표 없음\n엔터프라이즈영업팀: 채널 없음\nInternational Sales: 채널 없음, 분기 목표 없음, 시간대 없음\(회사 시간대 사용\)\n고객성공팀: 시간대 없음\(회사 시간대 사용\)\n.*teams\.csv/,
    )
    await desk.clock.set('2026-11-30T09:00:00+09:00')
    expect(setup()).toHaveLength(1)
  })
})
