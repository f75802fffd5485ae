import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { phone, type Screen } from '../support/browser.ts'
import { browserWanted, type Visit, Visits } from '../support/visits.ts'

// The playground as `npm start` opens it, in a real browser: what a person sees and presses, nothing else.

// A browser beside other tests is slow on a small machine; what is waited for has its own shorter limit.
describe.runIf(browserWanted)('a discount, in a real browser', { timeout: 60_000 }, () => {
  let visits: Visits
  let screen: Screen
  beforeAll(async () => {
    visits = await Visits.begin()
  }, 60_000)
  afterAll(() => visits?.end())
  afterEach(async () => expect(await visits.leave()).toEqual([]))
  const open = async (visit: Visit) => {
    screen = await visits.open(visit)
  }
  const sees = (card: ReturnType<Screen['message']>, text: string | RegExp) =>
    card.filter({ hasText: text }).waitFor()

  it('32 % is approved by the three who may in their order, refused to a fourth, and settled for the requester', async () => {
    await open({ language: 'ko' })
    await screen.become('김서연')
    await screen.command('/approve-discount')
    // The form shows who will decide, and at which price, before anything is sent.
    const { dialog } = screen
    await screen.choose('거래', '대륭', /대륭오토텍 품질 분석 확장/)
    await screen.fill({ 할인율: '32' })
    await dialog.getByText('₩85,000,000').waitFor()
    expect(await dialog.textContent()).toMatch(/영업 매니저 · 박준호\s+.*영업 총괄\(VP\) · 윤하은\s+.*강도현/)
    await screen.fill({
      '요청 사유': '경쟁사가 30% 낮은 견적을 냈습니다',
      '예외 사유서': '3년 계약과 레퍼런스 공개를 받는 조건입니다',
    })
    await screen.submit('요청 보내기')
    await sees(screen.message('내 할인 요청 · 32%'), '박준호님의 결정을 기다리고 있습니다')

    // An AE of the same team has nothing to press.
    await screen.become('이민재')
    expect(await screen.page.getByRole('button', { name: '승인', exact: true }).count()).toBe(0)
    // The third in the row has nothing to press before it is their turn.
    await screen.become('강도현')
    expect(await screen.page.getByRole('button', { name: '승인', exact: true }).count()).toBe(0)

    for (const [name, after] of [
      ['박준호', '윤하은님의 결정을 기다리고 있습니다'],
      ['윤하은', '강도현님의 결정을 기다리고 있습니다'],
      ['강도현', '승인 완료 · 32%'],
    ] as const) {
      await screen.become(name)
      const brief = screen.message('대륭오토텍 품질 분석 확장')
      await sees(brief, '할인 승인 요청 · 32%')
      await sees(brief, '경쟁사가 30% 낮은 견적을 냈습니다')
      await screen.press(brief, '승인', '승인')
      await sees(screen.message('대륭오토텍 품질 분석 확장'), after)
      expect(await brief.getByRole('button', { name: '승인', exact: true }).count()).toBe(0)
    }

    await screen.become('김서연')
    const mine = screen.page.getByRole('article').filter({ hasText: '승인 완료 · 32%' })
    await mine.first().waitFor()
    expect(await mine.first().textContent()).toContain('₩85,000,000')
    // Everybody on the route has the settled card.
    for (const name of ['박준호', '윤하은']) {
      await screen.become(name)
      await sees(screen.message('대륭오토텍 품질 분석 확장'), '승인 완료 · 32%')
    }

    // A fourth person who asks for the deal is refused in private, in a sentence.
    await screen.become('최유진')
    await screen.command('/approve-discount D-1051 12')
    await screen.page.getByText('찾지 못했습니다').or(screen.page.getByText('권한이 없어')).first().waitFor()

    expect(await visits.playground.dealdesk('audit', 'verify')).toMatchObject({ code: 0 })
  })

  it('the same in English on a phone, where nothing reaches over the edge', async () => {
    await open({
      language: 'en',
      size: phone,
      workspace: 'T0LARKFIELD',
      user: 'U0NOAH',
      at: 'messages',
      plain: true,
    })
    await screen.command('/approve-discount L-311 32')
    await screen.dialog.getByText('$179,520').waitFor()
    await screen.fill({
      Reason: 'Clarivo is at 25 % off; we keep the account for three years',
      'Justification for the exception': 'Reference customer for the region, three-year term',
    })
    expect(await screen.overflow()).toEqual([])
    await screen.submit('Send request')
    await sees(screen.message('Orchard Mutual enterprise rollout'), 'Waiting for Inês Duarte')
    expect(await screen.overflow()).toEqual([])
    for (const name of ['Inês Duarte', 'Victor Hale', 'Maya Ellison']) {
      await screen.become(name)
      const brief = screen.message('Orchard Mutual enterprise rollout')
      await sees(brief, 'Discount request 32%')
      expect(await screen.overflow()).toEqual([])
      await screen.press(brief, 'Approve', 'Approve')
      await brief.getByRole('button', { name: 'Approve', exact: true }).waitFor({ state: 'detached' })
    }
    await screen.become('Noah Brandt')
    await sees(screen.message('Orchard Mutual enterprise rollout').first(), 'Approved · 32%')
    await screen.tab('home')
    await screen.page.getByText('32% approved').waitFor()
  })

  it('a counter-offer is made, accepted, and goes no further than its percent needs', async () => {
    await open({ language: 'ko', user: 'U0MINJAE', workspace: 'T0DEALDESK', at: 'messages' })
    await screen.command('/approve-discount D-1044 25')
    await screen.fill({ '요청 사유': '경쟁 입찰 마지막 라운드입니다' })
    await screen.submit('요청 보내기')
    await screen.become('박준호')
    const brief = screen.message('해온중공업 도크 통합 관제')
    await screen.press(brief, '역제안')
    await screen.fill({ '제안할 할인율': '18', 메모: '2년 계약이면 가능합니다' })
    await screen.submit('역제안 보내기')
    await sees(brief, '이민재님의 수락 또는 거절을 기다리고 있습니다')
    await screen.become('이민재')
    const offer = screen.message('해온중공업 도크 통합 관제')
    await sees(offer, '2년 계약이면 가능합니다')
    await screen.press(offer, '역제안 수락', '역제안 수락')
    // 18 % is the manager's own: nobody else is asked.
    await sees(screen.message('해온중공업 도크 통합 관제'), '승인')
    await screen.page.getByText('역제안이 수락되어 18% 할인이 승인되었습니다').first().waitFor()
    await screen.become('윤하은')
    expect(await screen.page.getByRole('article').filter({ hasText: '해온중공업 도크' }).count()).toBe(0)
  })

  it('B5.58 B5.60 what somebody typed is read as it was typed, and leads nowhere', async () => {
    await open({ language: 'ko', user: 'U0MINJAE', workspace: 'T0DEALDESK', at: 'messages' })
    const words = '<!channel> <https://evil.example|승인> *굵게* <script>alert(1)</script> [승인]'
    await screen.command('/approve-discount D-1055 15')
    await screen.fill({ '요청 사유': words })
    await screen.submit('요청 보내기')
    await screen.become('박준호')
    const brief = screen.message('가온제약 오송 GMP 기록 전산화')
    await sees(brief, words)
    expect(await brief.getByRole('link').count()).toBe(0)
    expect(await brief.getByRole('button', { name: '승인' }).count()).toBe(1)
    await screen.tab('home')
    await screen.page.getByRole('tabpanel').getByText('가온제약 오송 GMP 기록 전산화').first().waitFor()
  })
})
