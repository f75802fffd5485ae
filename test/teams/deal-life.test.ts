import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Handoff } from '../../src/canon/handoff.ts'
import { type Product, product } from '../support/product.ts'
import { type Persona, readOnTeams } from '../support/teams-people.ts'
import type { Dialog } from '../support/teams-screen.ts'

// One customer from the first call to the second sale, on the local Teams: every dialog filled, every card pressed.

describe('a deal on Teams, from the lead to the new opportunity', () => {
  let desk: Product
  let sdr: Persona
  let ae: Persona
  let manager: Persona
  let vp: Persona
  let csm: Persona
  let deal = ''
  let before: readonly string[] = []
  const lastInSlack = () =>
    ['U0SUBIN', 'U0SEOYEON', 'U0JUNHO', 'U0HAEUN', 'U0SOYUL'].map((user) => desk.slack.as(user).dm().mark())

  beforeAll(async () => {
    desk = await product({ platforms: ['slack', 'teams'] })
    sdr = desk.teams.as('오수빈')
    ae = desk.teams.as('김서연')
    manager = desk.teams.as('박준호')
    vp = desk.teams.as('윤하은')
    csm = desk.teams.as('배소율')
    await readOnTeams([sdr, ae, manager, vp, csm])
    await desk.settled()
    before = lastInSlack()
    const { store } = desk.app
    const now = desk.clock.now()
    const committed = await store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'lead',
          expect: 'new',
          next: {
            id: 'L-1',
            name: '최영호 상무',
            company: '대륭오토텍',
            account: 'daeryung',
            email: 'yh.choi@daeryung.example',
            owner: 'oh-subin',
            status: 'qualified',
            updatedAt: now,
            version: 1,
          },
        },
        {
          noun: 'activity',
          next: {
            id: 'act-1',
            lead: 'L-1',
            person: 'oh-subin',
            kind: 'call',
            happenedAt: now - 3 * 86_400_000,
            loggedAt: now - 3 * 86_400_000,
            note: '불량률 문의',
          },
        },
      ],
      audit: [],
      deliveries: [],
    })
    expect(committed).toEqual({ outcome: 'committed' })
  })
  afterAll(() => desk.stop())

  const latest = async (of: { deal: string } | { lead: string } | { account: string }): Promise<Handoff> =>
    (await desk.app.store.handoffsOf('ondam', of, 5))[0]!
  const dealNow = async () => (await desk.app.store.deal('ondam', deal))!

  /** Says the words, and opens the dialog that the answer leads to. */
  async function opened(who: Persona, words: string): Promise<Dialog> {
    const after = who.chat().mark()
    await who.say(words)
    const doorstep = await who.chat().waitForCard(/양식이 열립니다/, { after })
    await doorstep.press('양식 열기')
    return who.dialog()
  }

  /** Sends a dialog in; what it answers instead of closing is a sentence with nothing to fill in, read and closed. */
  async function send(form: Dialog): Promise<string> {
    const { title } = form
    await form.trySubmit()
    if (form.closed) return ''
    const said = form.text()
    expect(form.fields(), `“${title}” stayed:\n${said}`).toEqual([])
    await form.close()
    return said
  }

  /** Moves the deal in the two steps of the dialog; what the gates ask is given by name. */
  async function move(to: string, answers: Record<string, string>): Promise<string> {
    const form = await opened(ae, `단계 ${deal}`)
    expect(form.fields()).toEqual(['deal', 'stage'])
    await form.fill({ stage: to })
    await form.continue()
    await form.waitFor(/더 필요합니다|모두 있습니다/)
    await form.fill(answers)
    await send(form)
    await desk.settled()
    return (await dealNow()).stage
  }

  it('the SDR hands the lead over with one dialog, filled in with what the record knows', async () => {
    const form = await opened(sdr, '인계 대륭오토텍')
    await form.waitFor(/SDR → AE/)
    expect(form.value('contacts')).toContain('최영호 상무')
    expect(form.value('engagement_history')).toContain('불량률 문의')
    expect(form.value('receiver')).toContain('김서연')
    await form.fill({
      first_meeting_on: '2026-11-20',
      pain: '야간 불량 원인을 다음 날에야 파악',
      budget: '연 1.5억 원 확보',
      authority: '최영호 상무',
      need: '올해 안에 불량률 1%대',
      timeline: '2027년 1분기',
    })
    await send(form)
    await desk.settled()
    expect((await latest({ lead: 'L-1' })).status).toBe('submitted')
  })

  it('the AE accepts: the deal opens at S1 as theirs, and the SDR hears that it counts', async () => {
    const card = await ae.chat().waitForCard(/오수빈님이 인계했습니다/)
    expect(card.text()).toContain('야간 불량 원인')
    await card.press('handoff.accept')
    await desk.settled()
    deal = (await latest({ lead: 'L-1' })).opened!
    expect(await dealNow()).toMatchObject({
      stage: 'S1',
      owner: 'kim-seoyeon',
      account: 'daeryung',
      evidence: { first_meeting: '2026-11-20' },
    })
    await sdr.chat().waitForCard(/성과로 기록됩니다/)
    await card.waitFor(/수락했습니다/)
    expect(card.buttons()).not.toContain('수락')
  })

  it('the second step asks what the gates miss, and an error at a field keeps the answers', async () => {
    const form = await opened(ae, `단계 ${deal} S2`)
    // The stage was said: the dialog begins with what is missing for it.
    await form.waitFor(/더 필요합니다/)
    expect(form.fields()).toEqual(['stage', 'metrics', 'identify_pain', 'champion'])
    expect(form.value('identify_pain')).toBe('야간 불량 원인을 다음 날에야 파악')
    await form.fill({ champion: '이정민 책임' })
    await form.trySubmit()
    // At the field, and once above the fields, with where the deal can go instead.
    expect(form.text()).toMatch(/정량 지표 \[\]\nS2 자격 검증 단계에 필요합니다/)
    expect(form.text()).toContain('지금 갈 수 있는 단계는 실주입니다')
    expect(form.closed).toBe(false)
    expect((await dealNow()).stage).toBe('S1')
    expect(form.value('champion')).toBe('이정민 책임')
    await form.fill({ metrics: '불량률 1.8% → 1.1%' })
    await send(form)
    await desk.settled()
    expect((await dealNow()).stage).toBe('S2')
    expect(await move('S3', { evidence: '2026-11-22', decision_criteria: 'MES 연동' })).toBe('S3')
    expect(await move('S4', { evidence: '2026-11-22', economic_buyer: '최영호 상무' })).toBe('S4')
    expect(await move('S5', { evidence: '2026-11-23', decision_process: '품질총괄 → 대표' })).toBe('S5')
  })

  it('a 22 % discount goes through manager and VP', async () => {
    const form = await opened(ae, `할인 ${deal} 22`)
    // The record has no list price, and the preview needs one: it is the first step's.
    await form.fill({ list_amount: '100,000,000' })
    await form.continue()
    await form.waitFor(/₩78,000,000/)
    await form.fill({ reason: '3년 계약' })
    await send(form)
    await desk.settled()
    await (await manager.chat().waitForCard(/22%/)).press('discount.approve')
    await desk.settled()
    await (await vp.chat().waitForCard(/22%/)).press('discount.approve')
    await desk.settled()
    expect((await dealNow()).approvedDiscount).toBe(2200)
  })

  it('the signed contract wins it, and the handoff to CS opens by itself, filled in', async () => {
    expect(await move('S6', { evidence: '2026-11-23' })).toBe('S6')
    expect(await move('CW', { evidence: '2026-11-23' })).toBe('CW')
    expect(await dealNow()).toMatchObject({ won: 'unfinished' })
    const draft = await ae.chat().waitForCard(/배소율님께 보내 주세요/)
    expect(draft.text()).toContain('불량률 1.8% → 1.1%')
    await draft.press('handoff.edit')
    const form = await ae.dialog(/AE → CS/)
    expect(form.value('contract_summary')).toContain('₩78,000,000')
    expect(form.value('champion')).toBe('이정민 책임')
    await form.fill({
      day_to_day_contact: '생산기술팀 이정민',
      open_issues: '야간 지원 인력 미정',
      milestone_30: '데이터 연동',
      milestone_60: '첫 불량 리포트',
      milestone_90: '전 라인 확대',
      kickoff_on: '2026-11-26',
    })
    await send(form)
    await desk.settled()
    expect((await latest({ deal })).status).toBe('submitted')
  })

  it('CS returns it once with what is missing, the AE completes it, CS accepts, and the win is finished', async () => {
    const card = await csm.chat().waitForCard(/김서연님이 인계했습니다/)
    await card.press('handoff.return')
    const back = await csm.dialog(/돌려보내기/)
    // Neither an item nor a reason: the sentence stands at the field, and the dialog stays.
    await back.trySubmit()
    await back.waitFor(/한마디 \[\]\n사유를 적어 주세요/)
    await back.fill({ missing: ['성공 기준'], note: '몇 %가 성공인지 알려 주세요' })
    await send(back)
    await desk.settled()

    const returned = await ae.chat().waitForCard(/인계 반송/)
    expect(returned.text()).toContain('성공 기준')
    await returned.press('handoff.edit')
    const form = await ae.dialog(/AE → CS/)
    expect(form.text()).toContain('몇 %가 성공인지')
    expect(form.value('milestone_60')).toBe('첫 불량 리포트')
    await form.fill({ success_criteria: '불량률 1.1% 이하 3개월 유지' })
    await send(form)
    await desk.settled()

    await csm.chat().waitForCard(/보완해 다시 보냈습니다/)
    await card.waitFor(/불량률 1.1% 이하/)
    await card.press('handoff.accept')
    await desk.settled()
    expect(await latest({ deal })).toMatchObject({ status: 'accepted', kickoffOn: '2026-11-26' })
    expect((await dealNow()).won).toBe('finished')
    await card.waitFor(/온보딩 마일스톤/)
    await ae.chat().waitForCard(/인계 수락/)
  })

  it('after the kickoff CS rates it with one number, and ticks the milestones off', async () => {
    await desk.clock.set('2026-11-27T10:00:00+09:00')
    const ask = await csm.chat().waitForCard(/인계는 어땠나요/)
    await ask.press('handoff.rate')
    const form = await csm.dialog()
    await form.fill({ score: '4' })
    await send(form)
    await desk.settled()
    expect((await latest({ deal })).rating).toMatchObject({ score: 4, by: 'bae-soyul' })
    expect(ask.buttons()).not.toContain('평가하기')

    await desk.clock.set('2026-12-28T10:00:00+09:00')
    const due = await csm.chat().waitForCard(/마일스톤 기한/)
    await due.press('milestone.done')
    await desk.settled()
    expect((await latest({ deal })).milestones[0]).toMatchObject({ day: 30, doneOn: '2026-12-28' })
  })

  it('a health signal drafts the handoff back to the AE, filled in, and acceptance opens a new deal of the account', async () => {
    const after = csm.chat().mark()
    await desk.importFile(
      'health-signals.csv',
      'account,component,score,measured_on\ndaeryung,adoption,70,2026-09-20\ndaeryung,adoption,98,2026-12-28\n',
    )
    await desk.clock.forward(60_000)
    const draft = await csm.chat().waitForCard(/대륭오토텍[\s\S]*70 → 98/, { after })
    await draft.press('handoff.edit')
    const form = await csm.dialog()
    await form.waitFor(/CS → AE/)
    expect(form.value('health_score')).toMatch(/^9\d(\.\d)? \/ 100 \(2026-12-28\)$/)
    expect(form.value('why_now')).toContain('70 → 98')
    await form.fill({ opportunity: '제2공장 확대', product: '온담 Analytics', amount: '6,000만' })
    await send(form)
    await desk.settled()
    const card = await ae.chat().waitForCard(/배소율님이 인계했습니다/)
    await card.press('handoff.accept')
    await desk.settled()
    const handoff = await latest({ account: 'daeryung' })
    expect(await desk.app.store.deal('ondam', handoff.opened!)).toMatchObject({
      stage: 'S1',
      channel: 'cs_driven',
      account: 'daeryung',
      owner: 'kim-seoyeon',
      amount: { amount: 60_000_000, currency: 'KRW' },
      gateDebt: [{ gate: 'first_meeting' }],
    })
    await csm.chat().waitForCard(/인계 수락/)
  })

  it('the deal’s card in Teams shows the whole of it, with every button that leads on', async () => {
    const after = ae.chat().mark()
    await ae.say(`딜 ${deal}`)
    const card = await ae.chat().waitForCard(/MEDDICC/, { after })
    expect(card.text()).toContain('이정민 책임')
    expect(card.text()).toContain('22%')
  })

  it('everything was told and pressed in Teams alone, and the audit says so unbroken', async () => {
    const verdicts = await desk.app.store.verifyAudit('ondam')
    expect(verdicts[0]?.broken).toBeUndefined()
    // What was told in Slack was told before they asked for Teams.
    expect(lastInSlack()).toEqual(before)
  })
})
