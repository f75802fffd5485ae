import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { phone, type Screen } from '../support/browser.ts'
import type { TeamsPage } from '../support/teams-page.ts'
import { browserWanted, type Visit, Visits } from '../support/visits.ts'

// The Teams half of the playground in a real browser, and both halves beside each other.

// A browser beside other tests is slow on a small machine; what is waited for has its own shorter limit.
describe.runIf(browserWanted)('a discount on Teams, in a real browser', { timeout: 60_000 }, () => {
  let visits: Visits
  beforeAll(async () => {
    visits = await Visits.begin()
  }, 60_000)
  afterAll(() => visits?.end())
  afterEach(async () => expect(await visits.leave()).toEqual([]))
  const visit = async (options: Visit): Promise<TeamsPage> =>
    (await visits.open({ plain: true, ...options })).teams
  const sees = (card: ReturnType<Screen['message']>, text: string | RegExp) =>
    card.filter({ hasText: text }).waitFor()

  it('is asked for, refused while an answer is missing, approved by three in their order and settled for all', async () => {
    const teams = await visit({
      language: 'ko',
      platform: 'teams',
      workspace: 'T0DEALDESK',
      user: 'U0SEOYEON',
    })
    for (const name of ['박준호', '윤하은', '강도현', '김서연']) {
      await teams.become(name)
      await teams.preferTeams()
    }
    await teams.form('approve-discount')
    await teams.choose('거래', '대륭', /대륭오토텍 품질 분석 확장/)
    await teams.fill({ 할인율: '32' })
    await teams.more()
    // The second step shows who will decide and at which price, before anything is sent.
    await teams.dialog.getByText('₩85,000,000').waitFor()
    expect(await teams.dialog.textContent()).toMatch(/영업 매니저 · 박준호.*영업 총괄\(VP\) · 윤하은.*강도현/)
    await teams.fill({ '예외 사유서': '3년 계약과 레퍼런스 공개를 받는 조건입니다' })
    await teams.dialog.getByRole('button', { name: '요청 보내기' }).click()
    // One answer is missing: the dialog says so and keeps the others.
    await teams.dialog.getByText('입력해 주세요').waitFor()
    expect(await teams.dialog.getByLabel('예외 사유서').inputValue()).toBe(
      '3년 계약과 레퍼런스 공개를 받는 조건입니다',
    )
    expect(await teams.dialog.getByRole('combobox', { name: '거래' }).inputValue()).toContain('대륭오토텍')
    await teams.fill({ '요청 사유': '경쟁사가 30% 낮은 견적을 냈습니다' })
    await teams.submit('요청 보내기')
    await sees(teams.message('내 할인 요청 · 32%'), '박준호님의 결정을 기다리고 있습니다')

    // An AE of the same team has nothing to press.
    await teams.become('이민재')
    expect(await teams.client.getByRole('button', { name: '승인', exact: true }).count()).toBe(0)

    for (const [name, after] of [
      ['박준호', '윤하은님의 결정을 기다리고 있습니다'],
      ['윤하은', '강도현님의 결정을 기다리고 있습니다'],
      ['강도현', '승인 완료 · 32%'],
    ] as const) {
      await teams.become(name)
      const brief = teams.message('대륭오토텍 품질 분석 확장')
      await sees(brief, '할인 승인 요청 · 32%')
      await sees(brief, '경쟁사가 30% 낮은 견적을 냈습니다')
      await teams.press(brief, '승인', '승인')
      await sees(teams.message('대륭오토텍 품질 분석 확장'), after)
      expect(await brief.getByRole('button', { name: '승인', exact: true }).count()).toBe(0)
    }
    for (const name of ['김서연', '박준호', '윤하은']) {
      await teams.become(name)
      await sees(teams.message('대륭오토텍 품질 분석 확장'), '승인 완료 · 32%')
    }
  })

  it('asked in Slack, countered in Teams, accepted in Slack: each side is redrawn without being touched', async () => {
    const manager = await visit({
      language: 'ko',
      platform: 'teams',
      workspace: 'T0DEALDESK',
      user: 'U0JUNHO',
    })
    await manager.preferTeams()
    const asker = await visit({
      language: 'ko',
      platform: 'both',
      workspace: 'T0DEALDESK',
      user: 'U0MINJAE',
      at: 'messages',
      size: { width: 1440, height: 900 },
    })
    const slack = asker.screen.page.getByRole('main', { name: 'Slack' })
    const own = slack.getByRole('article').filter({ hasText: '해온중공업 도크 통합 관제' })
    await asker.screen.command('/approve-discount D-1044 25')
    await asker.screen.fill({ '요청 사유': '경쟁 입찰 마지막 라운드입니다' })
    await asker.screen.submit('요청 보내기')
    await own.filter({ hasText: '박준호님의 결정을 기다리고 있습니다' }).first().waitFor()

    // The manager's Teams was open all along.
    const brief = manager.message('해온중공업 도크 통합 관제')
    await sees(brief, '할인 승인 요청 · 25%')
    await manager.press(brief, '역제안')
    await manager.fill({ '제안할 할인율': '18', 메모: '2년 계약이면 가능합니다' })
    await manager.submit('역제안 보내기')
    await sees(brief, '이민재님의 수락 또는 거절을 기다리고 있습니다')

    const offer = own.filter({ hasText: '2년 계약이면 가능합니다' }).last()
    await offer.waitFor()
    await asker.screen.press(offer, '역제안 수락', '역제안 수락')
    await slack.getByText('역제안이 수락되어 18% 할인이 승인되었습니다').first().waitFor()
    const settled = manager.message('승인 완료 · 18%')
    await sees(settled, '해온중공업 도크 통합 관제')
    expect(await settled.getByRole('button', { name: '역제안', exact: true }).count()).toBe(0)
    // The engineer's panel shows both wires.
    await asker.screen.page.getByRole('button', { name: '내부 동작 보기' }).click()
    const traffic = asker.screen.page.getByRole('list', { name: '트래픽' })
    await traffic
      .getByRole('button', { name: /^Teams → 앱: invoke task\/submit/ })
      .first()
      .waitFor()
    await traffic
      .getByRole('button', { name: /^Slack → 앱: block_actions/ })
      .first()
      .waitFor()
  })

  it('the same in English on a phone, where nothing reaches over the edge', async () => {
    const teams = await visit({
      language: 'en',
      size: phone,
      platform: 'teams',
      workspace: 'T0LARKFIELD',
      user: 'U0NOAH',
    })
    for (const name of ['Inês Duarte', 'Victor Hale', 'Maya Ellison', 'Noah Brandt']) {
      await teams.become(name)
      await teams.preferTeams()
    }
    await teams.form('approve-discount L-311 32')
    await teams.dialog.getByText('$179,520').waitFor()
    await teams.fill({
      Reason: 'Clarivo is at 25 % off; we keep the account for three years',
      'Justification for the exception': 'Reference customer for the region, three-year term',
    })
    expect(await teams.overflow()).toEqual([])
    await teams.submit('Send request')
    await sees(teams.message('Orchard Mutual enterprise rollout'), 'Waiting for Inês Duarte')
    expect(await teams.overflow()).toEqual([])
    for (const name of ['Inês Duarte', 'Victor Hale', 'Maya Ellison']) {
      await teams.become(name)
      const brief = teams.message('Orchard Mutual enterprise rollout')
      await sees(brief, 'Discount request 32%')
      expect(await teams.overflow()).toEqual([])
      await teams.press(brief, 'Approve', 'Approve')
      await brief.getByRole('button', { name: 'Approve', exact: true }).first().waitFor({ state: 'detached' })
    }
    await teams.become('Noah Brandt')
    await sees(teams.message('Orchard Mutual enterprise rollout'), 'Approved · 32%')
  })

  it('in a channel the app hears its mention alone, and answers under the post what only the one who presses sees', async () => {
    const teams = await visit({ language: 'en', platform: 'teams', workspace: 'T0LARKFIELD', user: 'U0NOAH' })
    await teams.client.getByRole('button', { name: /^Channels/ }).click()
    await teams.client.getByRole('button', { name: 'General' }).first().click()
    const post = teams.client.getByRole('textbox', { name: 'Start a post in General' })
    await teams.say('approvals', post)
    await teams.client.getByRole('article').filter({ hasText: 'approvals' }).waitFor()
    await post.fill('@De')
    await teams.client.getByRole('option', { name: /^Dealdesk/ }).click()
    expect(await post.inputValue()).toBe('@Dealdesk ')
    await teams.say('@Dealdesk approvals', post)
    const answer = teams.client.getByRole('article', { name: /^Dealdesk/ })
    await answer.getByRole('button').first().waitFor()
    expect(await answer.count()).toBe(1)
    await answer.getByRole('button').first().click()
    await teams.dialog.waitFor()
    await teams.screen.page.keyboard.press('Escape')
    await teams.dialog.waitFor({ state: 'detached' })
  })
})
