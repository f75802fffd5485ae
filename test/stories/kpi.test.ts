import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'
import type { Card } from '../support/slack-screen.ts'

// Metrics as people read them: in their language and reach, on both platforms, each with what it is made of.

describe('metrics in chat', () => {
  let desk: Product
  let ops: Persona
  let ae: Persona
  let vp: Persona

  beforeAll(async () => {
    desk = await product({ platforms: ['slack', 'teams'] })
    ops = desk.slack.as('U0EUNBI')
    ae = desk.slack.as('U0SEOYEON')
    vp = desk.slack.as('U0HAEUN')
    await desk.settled()
  }, 60_000)
  afterAll(() => desk.stop())

  /** What the person is answered, wherever it is shown. */
  async function kpi(who: Persona, text: string, pattern: RegExp): Promise<Card> {
    const after = who.dm().mark()
    await who.command('/kpi', text)
    return Promise.any([who.ephemeral(pattern, { after }), who.dm().waitForMessage(pattern, { after })])
  }

  it('without a word: the metrics of the role with value, change and target, and how old they are', async () => {
    const card = await kpi(ops, '', /회사 전체 수치/)
    const text = card.text()
    expect(text).toMatch(/회사 전체 수치 · 2026년 4분기/)
    expect(text).toMatch(/승률 \| [\d.]+% \| ▼ [\d.]+%p/)
    expect(text).toMatch(/파이프라인 커버리지 \| [\d.]+× \| .* \| 3–5×/)
    expect(text).toMatch(/데이터 완성도 \| [\d.]+% \| – \| 85% 이상/)
    expect(text).toMatch(/최신 데이터: .*조회: 11월 23일 10:00/)
    expect(text).toMatch(/수치가 없는 지표: .*인계 품질/)
  })

  it('one metric: value, formula, team’s table; dimension and period change in its place', async () => {
    const card = await kpi(ops, '승률 담당자별 올해', /수주 ÷/)
    expect(card.text()).toMatch(/[\d.]+% · 2026년 · 회사 전체/)
    expect(card.text()).toContain('담당자별 | 값 | 건수')
    expect(card.text()).toContain('김서연')
    const after = ops.dm().mark()
    await card.choose('kpi.by', '제품')
    const next = await Promise.any([
      ops.ephemeral(/제품별 \|/),
      ops.dm().waitForMessage(/제품별 \|/, { after }),
    ])
    expect(next.text()).toContain('2026년')
    expect(next.text()).not.toContain('담당자별 |')
    await next.choose('kpi.period', '2026년 3분기')
    await Promise.any([
      ops.ephemeral(/· 2026년 3분기 ·/),
      ops.dm().waitForMessage(/· 2026년 3분기 ·/, { after }),
    ])
  })

  it('an AE sees their own numbers and the team’s total, and nobody else’s by name', async () => {
    const text = (await kpi(ae, 'win rate by rep', /본인/)).text()
    expect(text).toMatch(/소속 팀 엔터프라이즈영업팀: [\d.]+%/)
    expect(text).toContain('김서연')
    for (const name of ['이민재', '최유진', '정태윤']) expect(text).not.toContain(name)
    expect((await kpi(ae, 'cac', /고객 획득 비용/)).text()).toContain('경영진과 세일즈 옵스가 볼 수 있습니다')
  })

  it('a metric without its data names what is missing, never a number', async () => {
    expect((await kpi(vp, 'tam', /TAM 커버리지/)).text()).toContain('시장 전체 고객사 목록을 보관하지 않아')
    expect((await kpi(vp, 'nrr 2020', /2020년 ·/)).text()).toContain(
      'revenue.csv에 2020년 데이터가 아직 없습니다',
    )
    expect((await kpi(vp, 'cac 2020-Q1', /2020년 1분기 ·/)).text()).toContain(
      'costs.csv에 2020년 1분기 데이터가 아직 없습니다',
    )
    expect((await kpi(vp, '정체율 지난 분기', /정체율/)).text()).toContain('현재 상태만 보관하므로')
  })

  it('a dimension that has no meaning for a metric is said with its reason, asked for or not', async () => {
    expect((await kpi(vp, '응답 시간 제품별', /리드 응답/)).text()).toContain(
      '제품별로는 나눌 수 없습니다. 리드는 거래가 되기 전까지 제품이 정해지지 않습니다.',
    )
    const cac = (await kpi(vp, 'cac', /고객 획득 비용/)).text()
    expect(cac).toContain('티어, 채널, 담당자, 팀, 산업, 제품별로는 나눌 수 없습니다.')
    const response = (await kpi(vp, '응답 시간 채널별', /채널은 리드가 들어온 경로/)).text()
    expect(response).toContain('채널별 | 값 | 건수')
    const qbr = (await kpi(vp, 'qbr 이번 달', /분기 단위로 보관합니다/)).text()
    expect(qbr).toContain('분기나 회계연도를 선택해 주세요')
  })

  it('a typo is answered with what may have been meant', async () => {
    const card = await kpi(vp, '승룰', /“승룰”/)
    const after = vp.dm().mark()
    await card.choose('kpi.metric', '승률')
    await Promise.any([vp.ephemeral(/수주 ÷/), vp.dm().waitForMessage(/수주 ÷/, { after })])
  })

  it('the table goes to the person as a CSV file', async () => {
    const card = await kpi(vp, 'acv by tier', /계약 수/)
    const after = vp.dm().mark()
    await card.click('kpi.export')
    const told = await Promise.any([
      vp.ephemeral(/표를 CSV로/, { after }),
      vp.dm().waitForMessage(/표를 CSV로/, { after }),
    ])
    expect(told.text()).toContain('평균 계약 금액(ACV), 2026년 4분기')
    expect(desk.slack.calls('files.completeUploadExternal').length).toBeGreaterThan(0)
  })

  it('on Teams the words alone do it, in Korean, and the dialog shows the choice', async () => {
    const person = desk.teams.as('조은비')
    await person.say('kpi 커버리지 팀별')
    const card = await person.chat().waitForCard(/팀별 \|/)
    expect(card.text()).toMatch(/[\d.]+× · 2026년 4분기 · 회사 전체/)
    expect(card.text()).toContain('엔터프라이즈영업팀 |')
    await card.press('티어')
    const dialog = await person.dialog(/티어별/)
    expect(dialog.text()).toContain('T1 |')
  })

  describe('the portfolio', () => {
    it('is for the portfolio operator alone', async () => {
      expect((await kpi(vp, 'portfolio', /포트폴리오/)).text()).toContain('포트폴리오 운영자만')
      expect((await kpi(ops, 'portfolio', /포트폴리오/)).text()).toContain('포트폴리오 운영자만')
    })

    it('compares companies in aggregates, and names no customer and no person', async () => {
      const card = await kpi(desk.slack.as('U0ELENA'), '', /Portfolio/)
      const text = card.text()
      expect(text).toMatch(/Metric \| Larkfield \(USD\) \| 온담소프트 \(KRW\)/)
      expect(text).toMatch(/Win rate \(Q4 2026\) \| [\d.]+% \| [\d.]+%/)
      const after = desk.slack.as('U0ELENA').dm().mark()
      await card.click('portfolio.export')
      await Promise.any([
        desk.slack.as('U0ELENA').ephemeral(/companies/, { after }),
        desk.slack
          .as('U0ELENA')
          .dm()
          .waitForMessage(/companies/, { after }),
      ])
      const { store } = desk.app
      for (const company of ['ondam', 'larkfield']) {
        const { people } = await store.org(company)
        const accounts = await store.findAccounts(company, { all: true }, '', 100)
        for (const { name } of [...people.values(), ...accounts]) expect(text).not.toContain(name)
      }
    })

    it('the operator sees the numbers of no company but as a comparison', async () => {
      const text = (await kpi(desk.slack.as('U0ELENA'), 'win rate by rep', /Portfolio/)).text()
      expect(text).not.toContain('김서연')
    })
  })
})
