import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import { readOnTeams } from '../support/teams-people.ts'

// What is done where the clock has told it: a risk put off from the digest, a forecast that misses.

describe('a risk put off from the digest, a forecast that misses', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product({
      platforms: ['slack', 'teams'],
      now: Date.parse('2026-11-19T20:00:00+09:00'),
    })
    // Larkfield's VP reads Teams, Ondam's reads Slack.
    await readOnTeams([desk.teams.as('Victor Hale')], /Microsoft Teams/)
    await desk.settled()
    // Friday morning in Seoul and in New York: what stands still is told, and is to be answered by Monday.
    await desk.clock.set('2026-11-20T09:00:00+09:00')
    await desk.clock.set('2026-11-20T09:00:00-05:00')
    await desk.clock.set('2026-11-23T09:00:00+09:00')
  }, 120_000)
  afterAll(() => desk?.stop())

  const name = /주간 파이프라인/
  const onSlack = (user: string) => desk.slack.as(user).channel('엔터프라이즈영업').waitForMessage(name)
  const onTeams = (who: string) => desk.teams.as(who).channel('엔터프라이즈영업').waitForCard(name)
  const stalled = async (deal: string) =>
    (await desk.app.store.openNudgesOn('ondam', { noun: 'deal', id: deal })).find(
      ({ kind }) => kind === 'stalled',
    )

  it('on Slack: who does not own it is refused in private, and it stands as it was', async () => {
    const card = await onSlack('U0SEOYEON')
    await card.choose('digest.snooze', '7', { near: /청명화학/ })
    await desk.settled()
    expect(await stalled('D-1060')).toMatchObject({ status: 'open' })
    expect(card.text()).not.toMatch(/알림을 미뤄 둠/)
    expect(desk.slack.as('U0SEOYEON').ephemerals().at(0)?.text()).toMatch(/권한이 없어/)
  })

  it('on Slack: its owner puts it off, and the digest says so on both platforms', async () => {
    const card = await onSlack('U0MINJAE')
    await card.choose('digest.snooze', '7', { near: /청명화학/ })
    await desk.settled()
    expect(await stalled('D-1060')).toMatchObject({ status: 'snoozed', answered: { by: 'lee-minjae' } })
    expect(card.text()).toMatch(/청명화학 여수[\s\S]*?알림을 미뤄 둠[\s\S]*한서정밀/)
    expect(card.text()).not.toMatch(/한서정밀[\s\S]*알림을 미뤄 둠/)
    expect((await onTeams('이민재')).text()).toMatch(/청명화학 여수[\s\S]*?알림을 미뤄 둠/)
  })

  it('on Teams: the same with the days below the row', async () => {
    const card = await onTeams('김서연')
    await card.press('3일')
    await desk.settled()
    expect(await stalled('D-1063')).toMatchObject({ status: 'snoozed', answered: { by: 'kim-seoyeon' } })
    expect(card.text()).toMatch(/한서정밀[\s\S]*알림을 미뤄 둠/)
    expect((await onSlack('U0SEOYEON')).text()).toMatch(/한서정밀[\s\S]*알림을 미뤄 둠/)
  })

  it('on Slack a forecast over 20 % below its target reaches VP Sales by DM, once, with the forecast behind it', async () => {
    const haeun = desk.slack.as('U0HAEUN')
    const misses = () =>
      haeun
        .dm()
        .messages()
        .filter((message) => /예측이 목표보다 \d+% 낮음/.test(message.text()))
    expect(misses()).toHaveLength(1)
    expect(misses()[0]!.text()).toMatch(/온담소프트\n2026-Q4: 예측이 목표보다 4\d% 낮음/)
    await misses()[0]!.click('forecast.open', { near: /온담소프트/ })
    await haeun.dm().waitForMessage(/2026-Q4 예측/)
    // Nobody else hears of it at once.
    for (const user of ['U0DOHYUN', 'U0JUNHO', 'U0EUNBI'])
      expect(
        desk.slack
          .as(user)
          .dm()
          .messages()
          .filter((message) => /예측이 목표보다/.test(message.text())),
      ).toEqual([])
    await desk.clock.set('2026-11-24T09:00:00+09:00')
    expect(misses()).toHaveLength(1)
  })

  it('on Teams the same, in English', async () => {
    const victor = desk.teams.as('Victor Hale')
    const card = await victor.chat().waitForCard(/below (the|its) target/)
    expect(card.text()).toMatch(/Larkfield[\s\S]*2026-Q\d: .*\d+%/)
    await card.press('forecast.open')
    await victor.dialog(/Forecast/)
    expect(
      victor
        .chat()
        .messages()
        .filter((each) => /below (the|its) target/.test(each.text())),
    ).toHaveLength(1)
  })
})
