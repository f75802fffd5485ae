import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

/** Success keeps Ondam's customers; Larkfield's Field Sales sells and keeps them. Everybody is on Slack and on Teams. */
describe('the customers’ week on Slack and on Teams', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product({
      platforms: ['slack', 'teams'],
      now: Date.parse('2026-11-20T10:00:00+09:00'),
    })
    await desk.clock.set('2026-11-23T09:00:00+09:00')
  }, 90_000)
  afterAll(() => desk?.stop())

  const minkyung = () => desk.slack.as('U0MINKYUNG')
  const jaehyun = () => desk.slack.as('U0JAEHYUN')
  const channel = () => minkyung().channel('고객성공')
  const digests = () =>
    channel()
      .messages()
      .filter((message) => /주간 고객 현황/.test(message.text()))

  it('a team that keeps customers and sells nothing hears of them alone, with last week beside it', async () => {
    const card = await channel().waitForMessage(/주간 고객 현황/)
    const text = card.text()
    expect(text).toMatch(/11월 16일 \(월\) ~ 11월 22일 \(일\)/)
    expect(text).toMatch(/18곳 · ARR ₩17억 1,650만/)
    expect(text).toMatch(/🔴 위험 1 \(\+1\) · 🟡 주의 2 \(=\) · 🟢 양호 8 \(−1\)/)
    expect(text).toMatch(/₩1억 8,303만 · 전체의 11% · 11월 13일 \(금\) 대비 ▲ \d+%/)
    expect(text).toMatch(/진행 중인 점검 1건 · 이번 분기에 할 QBR 4건/)
    expect(text).toMatch(/확장 신호\s+1건 · Meridian Semicon/)
    // No pipeline, and no word about there being none.
    expect(text).not.toMatch(/커버리지|진행 중인 거래/)
    expect(digests()).toHaveLength(1)
  })

  it('renewals stand by how near they are, with what is at risk and how much of it was worked on', async () => {
    const [card] = digests()
    const text = card!.text()
    expect(text).toMatch(/기한 지남 \| 0\/2 \| ₩7,660만 \| –/)
    expect(text).toMatch(/30일 이내 \| 0\/4 \| ₩4억 6,743만 \| ₩1억 1,103만/)
    expect(text).toMatch(/91~180일 \| 0\/5/)
    expect(text).toMatch(/빛가람전력 · ₩4,900만\n.*기한 9일 지남.*임재현/)
  })

  it('what is out of the ordinary is a sentence, and a red customer comes with its reason and its owner', async () => {
    const [card] = digests()
    expect(card!.text()).toMatch(/이번 주 위험 고객사의 ARR이 새로 생김: ₩5,400만 \(1곳\)/)
    expect(card!.text()).toMatch(
      /서해물류 · ₩5,400만\n🔴 위험 · 39\.8점 · 11월 20일 \(금\)부터 · 제품 활용 28 · 임재현/,
    )
  })

  it('the picture says in words what it shows', async () => {
    const [card] = digests()
    expect(card!.text()).toMatch(
      /고객 헬스: 위험 1, 주의 2, 양호 8, 측정 전 7\. 11월 13일 \(금\): 위험 0, 주의 2, 양호 9, 측정 전 7\./,
    )
  })

  it('by CSM in the thread, and nobody is named there for what is late', async () => {
    const [card] = digests()
    const line = await card!.thread().waitForMessage(/CSM별/)
    expect(line.text()).toMatch(/임재현 \| 9 \| ₩10억 3,287만 \| 1 \(\+1\) \| 1 \| 5/)
    expect(line.text()).not.toMatch(/밀린 일|지난 갱신/)
  })

  it('Teams has the same in its channel; there its manager sees by CSM what is late', async () => {
    const manager = desk.teams.as('seo-minkyung')
    const card = await manager.channel('고객성공').waitForCard(/주간 고객 현황/)
    expect(card.text()).toMatch(/서해물류/)
    await card.press('digest.details')
    const details = await manager.dialog(/밀린 일/)
    expect(details.text()).toMatch(/임재현/)
  })

  it('the buttons open the list of health and the renewals ahead, for whoever may see them', async () => {
    const [card] = digests()
    await card!.click('health.list')
    await minkyung().ephemeral(/서해물류/)
    await card!.click('renewal.list')
    await minkyung().ephemeral(/빛가람전력[\s\S]*결과 기록/)
  })

  it('a CSM’s own week has their customers, reds and renewals, and nobody else’s', async () => {
    const summary = await jaehyun()
      .dm()
      .waitForMessage(/나의 주간 요약/)
    expect(summary.text()).toMatch(/9곳 · ARR ₩10억 3,287만/)
    expect(summary.text()).toMatch(/서해물류/)
    expect(summary.text()).toMatch(/30일 이내 \| 0\/3/)
    expect(summary.text()).not.toMatch(/여울수자원/)
  })

  it('a red customer is put off from the digest: the card says so, and next Monday does not name it', async () => {
    const card = jaehyun().message(digests()[0]!)
    await card.choose('digest.snooze', '7', { near: /서해물류/ })
    await desk.settled()
    expect(digests()[0]!.text()).toMatch(/서해물류[\s\S]*알림을 미뤄 둠/)
    const { store } = desk.app
    const [nudge] = (await store.openNudgesOn('ondam', { noun: 'account', id: 'seohae' })).filter(
      ({ kind }) => kind === 'health-red',
    )
    expect(nudge).toMatchObject({ status: 'snoozed', answered: { by: 'im-jaehyun' } })
    await desk.clock.set('2026-11-30T08:59:00+09:00')
    await desk.clock.set('2026-11-30T09:00:00+09:00')
    const next = digests().at(-1)!
    expect(digests()).toHaveLength(2)
    expect(next.text()).toMatch(/🔴 위험 1 \(=\)/)
    expect(next.text()).not.toMatch(/🔴 위험 · 39\.8점/)
  })

  it('a team that sells and keeps customers hears of both, and has both threads', async () => {
    const hannah = desk.slack.as('U0HANNAH', 'T0LARKFIELD')
    await desk.clock.set('2026-11-30T09:00:00-05:00')
    const card = await hannah.channel('field-sales').waitForMessage(/the pipeline this week/)
    expect(card.text()).toMatch(/Coverage/)
    expect(card.text()).toMatch(/Customers[\s\S]*🔴 Critical \d/)
    expect(card.text()).toMatch(/Pipeline by stage: .* Customers by health: /)
    await card.thread().waitForMessage(/By rep/)
    await card.thread().waitForMessage(/By CSM/)
  })
})
