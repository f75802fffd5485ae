import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, openBrowser, Screen, type ScreenOptions } from '../support/browser.ts'
import { openPlayground, type TestPlayground } from '../support/playground.ts'
import { TeamsPage } from '../support/teams-page.ts'

// A deal from its proposal to a customer in onboarding, in a real browser: what a person sees and presses.

const required = process.env.DEALDESK_REQUIRE_BROWSER === '1'
const present = chromiumPath !== undefined || required
if (!present)
  process.stderr.write(
    'The pages were not tried: no Chromium is installed. Install one (or name it in CHROMIUM) to run test/browser.\n',
  )

describe.runIf(present)('a deal, won and handed over, in a real browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let playground: TestPlayground
  let screen: Screen
  beforeAll(async () => {
    ;[browser, playground] = await Promise.all([
      openBrowser(),
      openPlayground({ DEALDESK_NOW: '2026-11-23T10:12:00+09:00' }),
    ])
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await playground?.stop()
  })
  afterEach(async () => {
    const { complaints } = screen
    await screen.close()
    expect(complaints).toEqual([])
  })
  const open = async (options: Omit<ScreenOptions, 'url'>) => {
    screen = await Screen.open(browser, { url: playground.url, plain: true, ...options })
  }

  /** Chooses from a menu of the dialog in front. */
  async function choose(label: string, option: RegExp): Promise<void> {
    await screen.dialog.getByRole('combobox', { name: label }).click()
    await screen.page.getByRole('option', { name: option }).click()
  }

  it('each stage asks what its gates miss, the win opens the handoff, and CS takes it the second time', async () => {
    await open({ language: 'ko', workspace: 'T0DEALDESK', user: 'U0SEOYEON', at: 'messages' })
    const { dialog } = screen
    await screen.command('/deal D-1051')
    const card = screen.message('대륭오토텍 품질 분석 확장')
    await card.getByText('MEDDICC 5/7').or(card.getByText('MEDDICC 6/7')).waitFor()
    await screen.press(card, '단계 변경')
    await choose('새 단계', /^S5/)
    await dialog.getByText('2가지가 더 필요합니다').waitFor()
    // One of the two is left empty: the form stays, says so at the field and keeps the other.
    await screen.fill({ '가격·조건 협상 시작일': '2026-11-20' })
    await dialog.getByRole('button', { name: '단계 변경', exact: true }).click()
    await dialog.locator('[aria-invalid=true]').first().waitFor()
    expect(await dialog.getByLabel('가격·조건 협상 시작일').inputValue()).toBe('2026-11-20')
    await screen.fill({ '의사결정 절차': '품질총괄 결재 → 구매팀 계약' })
    await screen.submit('단계 변경')

    await screen.command('/stage D-1051 S6')
    await screen.fill({ 구두: '2026-11-22' })
    await screen.submit('단계 변경')
    await screen.command('/stage D-1051 CW')
    await dialog.getByText('CS 인계를 자동으로 엽니다').waitFor()
    await screen.fill({ '계약 체결일': '2026-11-23' })
    await screen.submit('단계 변경')

    const draft = screen.message('배소율님께 보내 주세요')
    await screen.press(draft, '채워서 보내기')
    expect(await dialog.getByRole('textbox', { name: '챔피언' }).inputValue()).toContain('김나래')
    expect(await dialog.getByRole('textbox', { name: '계약 요약' }).inputValue()).toContain('₩125,000,000')
    await screen.fill({
      '실무 담당자': '품질보증팀 김나래 파트장',
      '미해결 이슈': '야간 지원 인력 미정',
      '30일 마일스톤': '데이터 연동',
      '60일 마일스톤': '첫 불량 리포트',
      '90일 마일스톤': '전 라인 확대',
      '킥오프 날짜': '2026-11-26',
    })
    await screen.submit('인계 보내기')

    await screen.become('배소율')
    const handed = screen.message('김서연님이 인계했습니다')
    await screen.press(handed, '돌려보내기')
    await choose('무엇이 빠졌나요?', /^성공 기준/)
    await screen.fill({ 한마디: '몇 %가 성공인지 알려 주세요' })
    await screen.submit('돌려보내기')

    await screen.become('김서연')
    const returned = screen.message('인계 반송')
    await returned.getByText('몇 %가 성공인지').waitFor()
    await screen.press(returned, '채워서 보내기')
    expect(await dialog.getByRole('textbox', { name: '60일 마일스톤' }).inputValue()).toBe('첫 불량 리포트')
    await screen.fill({ '성공 기준': '불량률 1.1% 이하 3개월 유지' })
    await screen.submit('인계 보내기')

    await screen.become('배소율')
    await screen.message('보완해 다시 보냈습니다').waitFor()
    const again = screen.page.getByRole('article').filter({ hasText: '불량률 1.1% 이하' }).first()
    await screen.press(again, '수락')
    await again.getByText('온보딩 마일스톤').waitFor()
    expect(await again.getByRole('button', { name: '수락', exact: true }).count()).toBe(0)

    await screen.become('김서연')
    await screen.message('인계 수락').waitFor()
    await screen.command('/deal D-1051')
    await screen.message(/수주.*MEDDICC/s).waitFor()
    expect(await screen.overflow()).toEqual([])
  })

  it('a lead becomes a deal when the AE accepts it, and an expansion another', async () => {
    await open({ language: 'ko', workspace: 'T0DEALDESK', user: 'U0SUBIN', at: 'messages' })
    const { dialog } = screen
    await screen.command('/handoff 청명화학')
    await dialog.getByText('SDR → AE').first().waitFor()
    expect(await dialog.getByRole('textbox', { name: '연락처' }).inputValue()).toMatch(
      /서민규 차장.*\n.*설비본부장/,
    )
    await screen.fill({
      '첫 미팅일': '2026-11-20',
      '핵심 문제': '배치 기록을 종이로 남겨 출하가 늦음',
      예산: '내년 설비 예산 8천만 원',
      '의사결정 권한': '생산본부장',
      필요성: '심사 전 전자기록 전환',
      '도입 시기': '2027년 1분기',
    })
    await screen.submit('인계 보내기')

    await screen.become('이민재')
    const lead = screen.message('오수빈님이 인계했습니다')
    await screen.press(lead, '수락')
    await screen.page.getByText('거래가 열렸습니다').first().waitFor()
    await screen.become('오수빈')
    await screen.message('성과로 기록됩니다').waitFor()

    await screen.become('배소율')
    await screen.command('/handoff 대륭오토텍')
    await dialog.getByText('CS → AE').first().waitFor()
    await screen.fill({
      '헬스 점수': '91',
      '사용 현황': '사용자 40명 → 120명',
      '발견한 기회': '제2공장 확대',
      제품: '온담 Analytics',
      규모: '6,000만',
      '지금 필요한 이유': '1월 증설 확정',
    })
    await screen.submit('인계 보내기')
    await screen.become('김서연')
    const growth = screen.message('배소율님이 인계했습니다')
    await screen.press(growth, '수락')
    await screen.page.getByText('거래가 열렸습니다').first().waitFor()
  })

  it('the same on Teams: two steps for a stage, dialogs for the handoff, and the cards change where they stand', async () => {
    await open({
      language: 'ko',
      platform: 'teams',
      workspace: 'T0DEALDESK',
      user: 'U0SEOYEON',
    })
    const teams = new TeamsPage(screen, 'ko')
    const { dialog } = teams
    for (const name of ['배소율', '김서연']) {
      await teams.become(name)
      await teams.say('dealdesk settings')
      await teams
        .message('요청을 받을 곳')
        .getByRole('button', { name: /Microsoft Teams$/ })
        .click()
      // The card is drawn anew where it stands, with what was chosen marked.
      await teams
        .message('요청을 받을 곳')
        .getByRole('button', { name: /✓ Microsoft Teams$/ })
        .waitFor()
    }
    /** Sends the dialog, and closes the sentence that it answers with. */
    const send = async (button: string, said: string | RegExp) => {
      await dialog.getByRole('button', { name: button, exact: true }).click()
      await dialog.getByText(said).first().waitFor()
      await screen.page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    /** Takes the one of a menu whose line begins so. */
    const pick = async (label: string, option: string) => {
      const menu = dialog.getByLabel(label)
      const line = await menu.locator('option').filter({ hasText: option }).first().textContent()
      await menu.selectOption({ label: line ?? option })
    }
    const stage = async (words: string) => {
      await teams.say(words)
      await teams.press(teams.message('거래 단계 변경'), '양식 열기')
    }

    await stage('stage D-1042')
    // The first step asks for the stage, the second for what it needs.
    await pick('새 단계', 'S6')
    await dialog.getByRole('button', { name: '계속' }).click()
    await dialog.getByText('1가지가 더 필요합니다').waitFor()
    await dialog.getByRole('button', { name: '단계 변경', exact: true }).click()
    await dialog.getByText('S6 구두 합의 단계에 필요합니다').waitFor()
    await teams.fill({ '구두 합의일': '2026-11-20' })
    await send('단계 변경', 'S6 구두 합의')
    await stage('stage D-1042 CW')
    await dialog.getByText('CS 인계를 자동으로 엽니다').waitFor()
    await teams.fill({ '계약 체결일': '2026-11-23' })
    await send('단계 변경', 'CS 인계를 열었습니다')

    const draft = teams.message('채워서 보내기')
    await teams.press(draft, '채워서 보내기')
    await dialog.getByLabel('챔피언').waitFor()
    expect(await dialog.getByLabel('챔피언').inputValue()).toContain('이정민')
    // Nobody looks after this customer yet: the AE says who will.
    await teams.choose('이어받을 분', '배소율', /배소율/)
    await teams.fill({
      '성공 기준': '라인 정지 월 15시간 이하',
      '실무 담당자': '생산기술팀 이정민 책임',
      '미해결 이슈': '야간 교육 일정 미정',
      '30일 마일스톤': '설비 312대 연동',
      '60일 마일스톤': '정지 원인 실시간 표시',
      '90일 마일스톤': '2공장 전 라인 적용',
      '킥오프 날짜': '2026-11-26',
    })
    await send('인계 보내기', '보냈습니다')

    await teams.become('배소율')
    const handed = teams.message('김서연님이 인계했습니다')
    await teams.press(handed, '돌려보내기')
    await teams.fill({ 한마디: '야간 교육은 누가 맡나요?' })
    await teams.submit('돌려보내기')

    await teams.become('김서연')
    const returned = teams.message('인계 반송')
    await returned.getByText('야간 교육은 누가 맡나요?').waitFor()
    await teams.press(returned, '채워서 보내기')
    await dialog.getByLabel('60일 마일스톤').waitFor()
    expect(await dialog.getByLabel('60일 마일스톤').inputValue()).toBe('정지 원인 실시간 표시')
    await teams.fill({ '미해결 이슈': '야간 교육은 고객사 연수팀이 맡음' })
    await send('인계 보내기', '보냈습니다')

    await teams.become('배소율')
    await teams.message('보완해 다시 보냈습니다').waitFor()
    const again = teams.client.getByRole('article').filter({ hasText: '고객사 연수팀이 맡음' }).first()
    await teams.press(again, '수락')
    await again.getByText('온보딩 마일스톤').waitFor()
    expect(await again.getByRole('button', { name: '수락', exact: true }).count()).toBe(0)
    expect(await teams.overflow()).toEqual([])
    await teams.become('김서연')
    await teams.message('인계 수락').waitFor()
  })
})
