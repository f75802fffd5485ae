import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

/** Enterprise speaks Korean in Seoul, International English in Singapore: everybody is on Slack and on Teams. */
describe('the week on Slack and on Teams', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product({
      platforms: ['slack', 'teams'],
      now: Date.parse('2026-11-20T10:00:00+09:00'),
    })
    await desk.clock.set('2026-11-23T09:00:00+09:00')
  }, 60_000)
  afterAll(() => desk?.stop())

  const junho = () => desk.slack.as('U0JUNHO')
  const digest = () =>
    junho()
      .channel('엔터프라이즈영업')
      .waitForMessage(/주간 파이프라인/)

  it('the team’s channel has its digest, with last week beside it, and by rep in the thread', async () => {
    const card = await digest()
    expect(card.text()).toMatch(/11월 16일 \(월\) ~ 11월 22일 \(일\)/)
    expect(card.text()).toMatch(/대비 [▲▼] \d+%|과 같음|와 같음/)
    expect(card.text()).toMatch(/2026-Q4 예측/)
    expect(card.text()).toMatch(/목표 15% 미만/)
    await card.thread().waitForMessage(/담당자별/)
    const all = junho()
      .channel('엔터프라이즈영업')
      .messages()
      .filter((message) => /주간 파이프라인/.test(message.text()))
    expect(all).toHaveLength(1)
  })

  it('nobody is named for what stands still beside their name, and no deal of another team', async () => {
    const card = await digest()
    expect(card.text()).not.toMatch(/담당 파이프라인/)
    const deals = await desk.app.store.dealsOf('ondam', 'choi-yujin', 50)
    for (const deal of deals) expect(card.text()).not.toContain(deal.name)
    // A discount is nobody’s business in a channel unless there are several.
    expect(card.text()).not.toMatch(/평균 \d/)
  })

  it('a risk opens from the card, for whoever may see the deal', async () => {
    const card = await digest()
    await card.click('deal.open', { near: /여수/ })
    await junho().ephemeral(/청명화학 여수 설비 예지보전/)
  })

  it('Teams has the same in its channel, with a button for what stands in the thread on Slack', async () => {
    const card = await desk.teams
      .as('park-junho')
      .channel('엔터프라이즈영업')
      .waitForCard(/주간 파이프라인/)
    expect(card.text()).toMatch(/먼저 살펴볼 거래/)
    expect(card.text()).toMatch(/담당자별/)
  })

  it('International has its own an hour later, in English', async () => {
    await desk.clock.set('2026-11-23T10:00:00+09:00')
    const grace = desk.slack.as('U0GRACE')
    const card = await grace.channel('intl-sales').waitForMessage(/the pipeline this week/)
    expect(card.text()).toMatch(/Coverage/)
  })

  it('an AE sees their own and the total of the team, not another team', async () => {
    const seoyeon = desk.slack.as('U0SEOYEON')
    await seoyeon.command('/pipeline')
    const own = await seoyeon.ephemeral(/파이프라인: 김서연/)
    expect(own.text()).toMatch(/팀 합계/)
    await seoyeon.command('/pipeline', '커머셜영업팀')
    await seoyeon.ephemeral(/이라는 이름이 없습니다|라는 이름이 없습니다/)
    await seoyeon.command('/pipeline', '엔터프라이즈영업팀')
    const team = await seoyeon.ephemeral(/파이프라인: 엔터프라이즈영업팀/)
    expect(team.text()).toMatch(/우리 팀의 합계/)
    expect(team.text()).not.toMatch(/먼저 살펴볼 거래/)
  })

  it('a manager turns the page: the forecast of the team, this quarter and the next', async () => {
    await junho().command('/forecast', '엔터프라이즈')
    const card = await junho().ephemeral(/2026-Q4 예측: 엔터프라이즈영업팀/)
    expect(card.text()).toMatch(/부족합니다|많습니다/)
    await card.choose('forecast.quarter', 'next')
    await junho().ephemeral(/2027-Q1 예측: 엔터프라이즈영업팀/)
  })

  it('an AE’s week comes by DM, to them alone', async () => {
    const seoyeon = desk.slack.as('U0SEOYEON')
    await seoyeon.dm().waitForMessage(/나의 주간 요약/)
    expect(
      desk.slack
        .as('U0SUBIN')
        .dm()
        .messages()
        .filter((message) => /나의 주간 요약/.test(message.text())),
    ).toEqual([])
  })
})
