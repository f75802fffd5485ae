import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Handoff } from '../../src/canon/handoff.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

// One customer from the first call to the second sale, on the local Slack: every form filled, every card pressed.

describe('a deal, from the lead to the new opportunity', () => {
  let desk: Product
  let sdr: Persona
  let ae: Persona
  let manager: Persona
  let vp: Persona
  let csm: Persona
  let deal = ''

  beforeAll(async () => {
    desk = await product()
    sdr = desk.slack.as('U0SUBIN')
    ae = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
    vp = desk.slack.as('U0HAEUN')
    csm = desk.slack.as('U0SOYUL')
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

  const handoffs = (of: { deal: string } | { lead: string } | { account: string }) =>
    desk.app.store.handoffsOf('ondam', of as { deal: string }, 5)
  const latest = async (of: Parameters<typeof handoffs>[0]): Promise<Handoff> => (await handoffs(of))[0]!
  const dealNow = async () => (await desk.app.store.deal('ondam', deal))!

  /** Moves the deal with the form; what the gates ask is given by name. */
  async function move(to: string, answers: Record<string, string>): Promise<string> {
    await ae.command('/stage', deal)
    const form = await ae.modal(/거래 단계 변경/)
    await form.fill({ stage: to })
    await form.waitFor(/더 필요합니다|모두 있습니다/)
    await form.fill(answers)
    await form.submit()
    await desk.settled()
    return (await dealNow()).stage
  }

  it('the SDR hands the lead over with one form, filled in with what the record knows', async () => {
    await sdr.command('/handoff', '대륭오토텍')
    const form = await sdr.modal(/SDR → AE/)
    expect(form.value('contacts')).toContain('최영호 상무')
    expect(form.value('engagement_history')).toContain('불량률 문의')
    expect(form.value('receiver')).toBe('김서연')
    expect(await form.trySubmit()).toMatchObject({ ok: false })
    await form.fill({
      first_meeting_on: '2026-11-20',
      pain: '야간 불량 원인을 다음 날에야 파악',
      budget: '연 1.5억 원 확보',
      authority: '최영호 상무',
      need: '올해 안에 불량률 1%대',
      timeline: '2027년 1분기',
    })
    await form.submit()
    await desk.settled()
    expect((await latest({ lead: 'L-1' })).status).toBe('submitted')
  })

  it('the AE accepts: the deal opens at S1 as theirs, and the SDR hears that it counts', async () => {
    const card = await ae.dm().waitForMessage(/오수빈님이 인계했습니다/)
    expect(card.text()).toContain('야간 불량 원인')
    await card.click('handoff.accept')
    await ae.ephemeral(/거래가 열렸습니다/)
    await desk.settled()
    deal = (await latest({ lead: 'L-1' })).opened!
    expect(await dealNow()).toMatchObject({
      stage: 'S1',
      owner: 'kim-seoyeon',
      account: 'daeryung',
      evidence: { first_meeting: '2026-11-20' },
    })
    await sdr.dm().waitForMessage(/성과로 기록됩니다/)
    expect((await desk.app.store.lead('ondam', 'L-1'))?.status).toBe('handed_over')
    await card.waitFor(/수락했습니다/)
    expect(card.buttons()).not.toContain('수락')
  })

  it('each stage asks exactly what its gates miss, and nothing twice', async () => {
    await ae.command('/stage', deal)
    const form = await ae.modal()
    await form.fill({ stage: 'S2' })
    await form.waitFor(/1가지가 더 필요합니다/)
    expect(form.fields()).toEqual(['stage', 'metrics', 'identify_pain', 'champion'])
    expect(form.value('identify_pain')).toBe('야간 불량 원인을 다음 날에야 파악')
    // The account's champion is among its contacts.
    expect(form.value('champion')).toBe('품질보증팀 김나래 파트장')
    expect(await form.trySubmit()).toMatchObject({ ok: false })
    await form.fill({ metrics: '불량률 1.8% → 1.1%', champion: '이정민 책임' })
    await form.submit()
    await desk.settled()
    expect((await dealNow()).stage).toBe('S2')
    expect(await move('S3', { evidence: '2026-11-22', decision_criteria: 'MES 연동' })).toBe('S3')
    expect(await move('S4', { evidence: '2026-11-22', economic_buyer: '최영호 상무' })).toBe('S4')
    expect(await move('S5', { evidence: '2026-11-23', decision_process: '품질총괄 → 대표' })).toBe('S5')
  })

  it('a 22 % discount goes through manager and VP', async () => {
    await ae.command('/approve-discount', `${deal} 22`)
    const form = await ae.modal(/할인 요청/)
    await form.fill({ list_amount: '100,000,000', reason: '3년 계약' })
    await form.submit()
    await (await manager.dm().waitForMessage(/22%/)).click('discount.approve')
    await (await vp.dm().waitForMessage(/22%/)).click('discount.approve')
    await desk.settled()
    expect((await dealNow()).approvedDiscount).toBe(2200)
  })

  it('the signed contract wins it, and the handoff to CS opens by itself, filled in', async () => {
    expect(await move('S6', { evidence: '2026-11-23' })).toBe('S6')
    expect(await move('CW', { evidence: '2026-11-23' })).toBe('CW')
    expect(await dealNow()).toMatchObject({ won: 'unfinished' })
    const draft = await ae.dm().waitForMessage(/배소율님께 보내 주세요/)
    expect(draft.text()).toContain('불량률 1.8% → 1.1%')
    await draft.click('handoff.edit')
    const form = await ae.modal(/AE → CS/)
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
    await form.submit()
    await desk.settled()
    expect((await latest({ deal })).status).toBe('submitted')
  })

  it('CS returns it once with what is missing, the AE completes it, CS accepts, and the win is finished', async () => {
    const card = await csm.dm().waitForMessage(/김서연님이 인계했습니다/)
    await card.click('handoff.return')
    const back = await csm.modal(/돌려보내기/)
    expect(await back.trySubmit()).toMatchObject({ errors: { note: expect.stringContaining('사유') } })
    await back.fill({ missing: ['성공 기준'], note: '몇 %가 성공인지 알려 주세요' })
    await back.submit()
    await desk.settled()

    const returned = await ae.dm().waitForMessage(/인계 반송/)
    expect(returned.text()).toContain('성공 기준')
    await returned.click('handoff.edit')
    const form = await ae.modal(/AE → CS/)
    expect(form.text()).toContain('몇 %가 성공인지')
    expect(form.value('milestone_60')).toBe('첫 불량 리포트')
    await form.fill({ success_criteria: '불량률 1.1% 이하 3개월 유지' })
    await form.submit()
    await desk.settled()

    await csm.dm().waitForMessage(/보완해 다시 보냈습니다/)
    await card.waitFor(/불량률 1.1% 이하/)
    await card.click('handoff.accept')
    await desk.settled()
    expect(await latest({ deal })).toMatchObject({ status: 'accepted', kickoffOn: '2026-11-26' })
    expect((await dealNow()).won).toBe('finished')
    await card.waitFor(/온보딩 마일스톤/)
    await ae.dm().waitForMessage(/인계 수락/)
  })

  it('after the kickoff CS rates it with one number, and ticks the milestones off', async () => {
    await desk.clock.set('2026-11-27T10:00:00+09:00')
    const ask = await csm.dm().waitForMessage(/인계는 어땠나요/)
    await ask.click('handoff.rate')
    const form = await csm.modal()
    await form.fill({ score: '4' })
    await form.submit()
    await desk.settled()
    expect((await latest({ deal })).rating).toMatchObject({ score: 4, by: 'bae-soyul' })
    expect(ask.buttons()).not.toContain('평가하기')

    const card = await csm.dm().waitForMessage(/온보딩 마일스톤/)
    await card.click('handoff.first-value')
    const first = await csm.modal(/첫 가치 실현/)
    expect(first.value('on')).toBe('2026-11-27')
    await first.submit()
    await desk.settled()
    await card.waitFor(/계약 후 4일/)

    await desk.clock.set('2026-12-28T10:00:00+09:00')
    const due = await csm.dm().waitForMessage(/마일스톤 기한/)
    await due.click('milestone.done')
    await desk.settled()
    expect((await latest({ deal })).milestones[0]).toMatchObject({ day: 30, doneOn: '2026-12-28' })
  })

  it('a health signal drafts the handoff back to the AE, filled in, and acceptance opens a new deal of the account', async () => {
    const before = csm.dm().mark()
    await desk
      .importFile(
        'health-signals.csv',
        'account,component,score,measured_on\ndaeryung,adoption,118.5,2026-12-28\n',
      )
      .then(
        () => expect.fail('a score over 100 was taken'),
        (refused: Error) => expect(refused.message).toContain('not a score from 0 to 100'),
      )
    await desk.importFile(
      'health-signals.csv',
      'account,component,score,measured_on\ndaeryung,adoption,70,2026-09-20\ndaeryung,adoption,98,2026-12-28\n',
    )
    await desk.clock.forward(60_000)
    // The newest reading beside the one of a quarter before it.
    const draft = await csm.dm().waitForMessage(/대륭오토텍[\s\S]*70 → 98/, { after: before })
    await draft.click('handoff.edit')
    const form = await csm.modal(/CS → AE/)
    expect(form.value('health_score')).toMatch(/^9\d(\.\d)? \/ 100 \(2026-12-28\)$/)
    expect(form.value('usage_data')).toContain('70 → 98')
    expect(form.value('why_now')).toContain('70 → 98')
    await form.fill({ opportunity: '제2공장 확대', product: '온담 Analytics', amount: '6,000만' })
    await form.submit()
    const card = await ae.dm().waitForMessage(/배소율님이 인계했습니다/)
    await card.click('handoff.accept')
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
    await csm.dm().waitForMessage(/인계 수락/)
    const verdicts = await desk.app.store.verifyAudit('ondam')
    expect(verdicts[0]?.broken).toBeUndefined()
  })
})
