import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/ports.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'
import type { Modal } from '../support/slack-screen.ts'

// Changing stages on the local Slack: what is refused, what is told, what two people at once see.

const day = 86_400_000

describe('changing the stage of a deal', () => {
  let desk: Product
  let ae: Persona
  let manager: Persona

  beforeEach(async () => {
    desk = await product()
    ae = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
    // A deal of which the record knows the four fields up to S4 and nothing of what was done.
    const committed = await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'opportunity',
          expect: 'new',
          next: {
            id: 'D-9',
            name: '대륭오토텍 제2공장',
            account: 'daeryung',
            owner: 'kim-seoyeon',
            amount: { amount: 90_000_000, currency: 'KRW' },
            listAmount: { amount: 90_000_000, currency: 'KRW' },
            stage: 'S4',
            stageEnteredOn: '2026-11-16',
            meddicc: {
              metrics: '불량률 1.8% → 1.1%',
              identify_pain: '야간 불량',
              champion: '이정민 책임',
              decision_criteria: 'MES 연동',
              economic_buyer: '최영호 상무',
            },
            updatedAt: desk.clock.now(),
            version: 1,
          },
        },
      ],
      audit: [],
      deliveries: [],
    })
    expect(committed.outcome).toBe('committed')
  })
  afterEach(() => desk.stop())

  const dealNow = async (id: string) => (await desk.app.store.deal('ondam', id))!
  const audit = (id: string): Promise<AuditEntry[]> =>
    desk.app.store.auditOf('ondam', { noun: 'deal', id }, 50)
  const last = async (id: string) => (await desk.app.store.stageHistory('ondam', id, 1))[0]

  /** The form of `/stage`, with a stage chosen and drawn. */
  async function formFor(who: Persona, deal: string, to: string): Promise<Modal> {
    await who.command('/stage', `${deal} ${to}`)
    return who.modal(/거래 단계 변경|Change the stage/)
  }

  /** All the evidence that a demo deal lacks, as a person fills it in. */
  async function fillDates(form: Modal): Promise<void> {
    const dates = ['evidence', 'demo', 'proposal', 'negotiation', 'verbal_agreement', 'contract_signed']
    const asked = form.fields().filter((field) => dates.includes(field))
    await form.fill(Object.fromEntries(asked.map((field) => [field, '2026-11-20'])))
  }

  it('asks at its field for each thing that is missing, and changes nothing before it is there', async () => {
    const form = await formFor(manager, 'D-9', 'S5')
    expect(form.fields()).toContain('decision_process')
    const result = await form.trySubmit()
    expect(result).toMatchObject({ ok: false })
    const errors = form.errors()
    expect(errors.decision_process ?? errors.negotiation).toMatch(/단계에 필요합니다/)
    // Illegal transitions name what is missing (B5.100).
    expect(errors.stage).toMatch(/아직 S5 협상 단계로 갈 수 없습니다/)
    expect((await dealNow('D-9')).stage).toBe('S4')
  })

  it('moves once everything is there, keeps the history, and tells the owner when somebody else did it', async () => {
    const form = await formFor(manager, 'D-9', 'S5')
    await fillDates(form)
    const texts = ['decision_process'].filter((field) => form.fields().includes(field))
    await form.fill(Object.fromEntries(texts.map((field) => [field, '대표 결재'])))
    await form.submit()
    await desk.settled()
    expect((await dealNow('D-9')).stage).toBe('S5')
    expect(await last('D-9')).toMatchObject({ from: 'S4', to: 'S5', by: 'park-junho', door: 'slack' })
    const told = await ae.dm().waitForMessage(/거래 단계 변경/)
    expect(told.text()).toContain('박준호님이')
    expect((await audit('D-9')).map((entry) => entry.what)).toContain('deal.advanced')
  })

  it('goes back with a reason only, and asks nothing else', async () => {
    const form = await formFor(ae, 'D-9', 'S2')
    expect(form.fields()).toEqual(['stage', 'reason'])
    expect(await form.trySubmit()).toMatchObject({ ok: false, errors: { reason: expect.any(String) } })
    await form.fill({ reason: '챔피언이 바뀌었습니다' })
    await form.submit()
    await desk.settled()
    expect(await last('D-9')).toMatchObject({ to: 'S2', reason: '챔피언이 바뀌었습니다' })
  })

  it('B5.99 two people at once: the second sees the new state and keeps what they typed', async () => {
    const slow = await formFor(ae, 'D-9', 'S5')
    await fillDates(slow)
    await slow.fill({ decision_process: '천천히 쓴 내용' })
    const quick = await formFor(manager, 'D-9', 'S3')
    await quick.fill({ reason: '예산이 보류되었습니다' })
    await quick.submit()
    await desk.settled()

    await slow.trySubmit()
    await slow.waitFor(/박준호님이 .*S3 솔루션 설계 단계로 옮겼습니다/)
    expect(slow.value('decision_process')).toBe('천천히 쓴 내용')
    expect((await dealNow('D-9')).stage).toBe('S3')
    await slow.submit()
    await desk.settled()
    expect(await dealNow('D-9')).toMatchObject({
      stage: 'S5',
      meddicc: { decision_process: '천천히 쓴 내용' },
    })
  })

  it('an override is the manager’s: it becomes debt, is told, and never covers the contract', async () => {
    const mine = await formFor(ae, 'D-9', 'S6')
    expect(mine.fields()).not.toContain('override_reason')
    await mine.close()

    const form = await formFor(manager, 'D-9', 'S6')
    await form.fill({ override_reason: '고객사 일정이 먼저입니다' })
    expect(await form.trySubmit()).toMatchObject({ errors: { override_until: expect.any(String) } })
    await form.fill({ override_until: '2026-12-11' })
    await form.submit()
    await desk.settled()
    const deal = await dealNow('D-9')
    expect(deal.stage).toBe('S6')
    expect(deal.gateDebt?.every((debt) => debt.until === '2026-12-11')).toBe(true)
    const above = await desk.slack
      .as('U0HAEUN')
      .dm()
      .waitForMessage(/조건 없이 단계 진행/)
    expect(above.text()).toContain('고객사 일정이 먼저입니다')
    await ae.dm().waitForMessage(/조건 없이 단계 진행/)

    const win = await formFor(manager, 'D-9', 'CW')
    await win.fill({ override_reason: '구두로 확정', override_until: '2026-12-11' }).catch(() => undefined)
    expect(await win.trySubmit()).toMatchObject({ ok: false })
    expect((await dealNow('D-9')).stage).toBe('S6')
  })

  it('lost: the reasons come from the managed list, the second under the first, with the competitor', async () => {
    const form = await formFor(ae, 'D-9', 'CL')
    expect(form.fields()).toEqual(['stage', 'loss_reason', 'competitor'])
    await form.fill({ loss_reason: '가격' })
    await form.waitFor(/세부 사유/)
    await form.fill({ loss_reason_detail: '경쟁사가 더 저렴', competitor: '팩토리온' })
    await form.submit()
    await desk.settled()
    expect(await dealNow('D-9')).toMatchObject({
      stage: 'CL',
      lossReason: 'price',
      lossReasonDetail: 'competitor_cheaper',
      competitor: '팩토리온',
    })
  })

  it('a closed deal is reopened by a Sales Manager or above, with a reason; the AE is told who may', async () => {
    const lose = await formFor(ae, 'D-9', 'CL')
    await lose.fill({ loss_reason: '기타' })
    await lose.waitFor(/세부 사유/)
    await lose.fill({ loss_reason_detail: '기타', competitor: '없음' })
    await lose.submit()
    await desk.settled()

    const mine = await formFor(ae, 'D-9', 'S4')
    expect(mine.text()).toMatch(/영업 매니저 이상/)
    expect(mine.fields()).toEqual(['deal'])
    await mine.close()

    const form = await formFor(manager, 'D-9', 'S4')
    await form.fill({
      reason: '예산이 다시 잡혔습니다',
      override_reason: '기록 이전',
      override_until: '2026-12-01',
    })
    await form.submit()
    await desk.settled()
    const deal = await dealNow('D-9')
    expect(deal.stage).toBe('S4')
    expect(deal.lossReason).toBeUndefined()
    expect(await last('D-9')).toMatchObject({ from: 'CL', to: 'S4', by: 'park-junho' })
  })

  it('B5.99 a pending discount request is told of the new stage, and a closed deal voids it', async () => {
    await ae.command('/approve-discount', 'D-9 15')
    const ask = await ae.modal(/할인 요청/)
    await ask.fill({ reason: '연내 계약' })
    await ask.submit()
    const card = await manager.dm().waitForMessage(/15%/)
    const form = await formFor(ae, 'D-9', 'CL')
    expect(form.text()).toContain('15%')
    await form.fill({ loss_reason: '시기' })
    await form.waitFor(/세부 사유/)
    await form.fill({ loss_reason_detail: '일정 연기', competitor: '없음' })
    await form.submit()
    await desk.settled()
    expect(await desk.app.store.openDiscount('ondam', 'D-9')).toBeUndefined()
    expect(card.buttons()).toEqual([])
  })

  it('who may not change the deal is told so before anything is typed, and it is not found by others', async () => {
    const peer = desk.slack.as('U0MINJAE')
    const form = await formFor(peer, 'D-9', 'S5')
    expect(form.fields()).toEqual(['deal'])
    expect(form.text()).toMatch(/권한이 없어/)
    await form.close()
    // Somebody of another team does not even learn that there is such a deal.
    const other = desk.slack.as('U0TAEYUN')
    await other.command('/stage', 'D-9')
    await other.ephemeral(/해당하는 거래가 없습니다/)
  })

  it('a day that is still to come is no evidence', async () => {
    const form = await formFor(ae, 'D-9', 'S5')
    await fillDates(form)
    await form.fill({ evidence: '2026-12-24' })
    if (form.fields().includes('decision_process')) await form.fill({ decision_process: '대표 결재' })
    expect(await form.trySubmit()).toMatchObject({
      errors: { evidence: expect.stringMatching(/아직 오지 않은/) },
    })
    expect((await dealNow('D-9')).stage).toBe('S4')
  })

  it('activities on record are the evidence: they are filled in, and nothing is asked twice', async () => {
    await desk.app.store.commit({
      company: 'ondam',
      save: (['demo', 'proposal', 'negotiation'] as const).map((kind, at) => ({
        noun: 'activity' as const,
        next: {
          id: `act-${kind}`,
          deal: 'D-9',
          kind,
          happenedAt: desk.clock.now() - (9 - at) * day,
          loggedAt: desk.clock.now(),
        },
      })),
      audit: [],
      deliveries: [],
    })
    const form = await formFor(ae, 'D-9', 'S5')
    expect(form.value('evidence')).toBe('2026-11-14')
    expect(form.value('demo')).toBe('2026-11-14')
    expect(form.value('proposal')).toBe('2026-11-15')
    expect(form.value('negotiation')).toBe('2026-11-16')
  })

  it('the thread of a deal in its team’s channel tells each change, without an amount, where the team wants it', async () => {
    const policy = await desk.app.store.policy('ondam')
    await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'policy',
          next: { ...policy, version: policy.version + 1, dealThreads: ['enterprise'] },
          expect: policy.version,
        },
      ],
      audit: [],
      deliveries: [],
    })
    for (const [to, reason] of [
      ['S3', '하나'],
      ['S2', '둘'],
    ] as const) {
      const form = await formFor(ae, 'D-9', to)
      await form.fill({ reason })
      await form.submit()
      await desk.settled()
    }
    const head = await manager.channel('엔터프라이즈영업').waitForMessage(/대륭오토텍 제2공장/)
    expect(head.text()).toContain('S2 자격 검증')
    const lines = head.thread().messages()
    expect(lines.map((line) => line.text())).toEqual([
      expect.stringContaining('S3 솔루션 설계'),
      expect.stringContaining('S2 자격 검증'),
    ])
    await ae.command('/approve-discount', 'D-1042 15')
    const ask = await ae.modal(/할인 요청/)
    await ask.fill({ reason: '연내 계약' })
    await ask.submit()
    await (await manager.dm().waitForMessage(/15%/)).click('discount.approve')
    await desk.settled()
    const other = await manager.channel('엔터프라이즈영업').waitForMessage(/한누리반도체/)
    const approvals = other.thread().messages()
    expect(approvals.map((line) => line.text())).toEqual([
      '김서연님이 할인을 요청했습니다.',
      '김서연님이 요청한 할인이 승인되었습니다.',
    ])
    // B5.62: a channel sees no more than anybody in it may see.
    for (const card of [head, ...lines, other, ...approvals]) expect(card.text()).not.toMatch(/₩|%|하나|둘/)
  })
})
