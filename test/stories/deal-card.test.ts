import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

describe('the deal’s card, the place to act from', () => {
  let desk: Product
  let ae: Persona
  let csm: Persona
  const day = 86_400_000

  beforeAll(async () => {
    desk = await product()
    // What the morning's run has to say of the demo is said: who left is cleared by the next one, not under a test.
    await desk.clock.forward(0)
    ae = desk.slack.as('U0SEOYEON')
    csm = desk.slack.as('U0SOYUL')
    const now = desk.clock.now()
    const committed = await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'account',
          expect: 'new',
          next: {
            id: 'acme',
            name: '아크메',
            csm: 'bae-soyul',
            ae: 'kim-seoyeon',
            updatedAt: now,
            version: 1,
          },
        },
        {
          noun: 'contact',
          expect: 'new',
          next: {
            id: 'C-1',
            account: 'acme',
            name: '이정민',
            role: 'champion',
            leftOn: '2026-11-16',
            version: 1,
          },
        },
        {
          noun: 'contact',
          expect: 'new',
          next: {
            id: 'C-2',
            account: 'acme',
            name: '최영호',
            role: 'economic_buyer',
            engagement: 'high',
            version: 1,
          },
        },
        {
          noun: 'opportunity',
          expect: 'new',
          next: {
            id: 'D-7',
            name: '아크메 MES',
            account: 'acme',
            owner: 'kim-seoyeon',
            amount: { amount: 50_000_000, currency: 'KRW' },
            stage: 'S2',
            stageEnteredOn: '2026-09-01',
            expectedCloseOn: '2026-11-10',
            meddicc: { metrics: '20% 절감', identify_pain: '수기 기록', champion: 'C-1' },
            evidence: { first_meeting: '2026-08-20' },
            updatedAt: now,
            version: 1,
          },
        },
        {
          noun: 'activity',
          next: {
            id: 'act-1',
            deal: 'D-7',
            account: 'acme',
            person: 'kim-seoyeon',
            kind: 'meeting',
            contact: 'C-2',
            happenedAt: now - 20 * day,
            loggedAt: now - 20 * day,
            note: '요건 협의',
          },
        },
      ],
      audit: [],
      deliveries: [],
    })
    expect(committed.outcome).toBe('committed')
  })
  afterAll(() => desk.stop())

  it('says what to do next, the risks first, each with why', async () => {
    await ae.command('/deal', '아크메 MES')
    const card = await ae.ephemeral(/다음에 할 일/)
    const text = card.text()
    expect(text).toMatch(/새 챔피언을 찾아 주세요. 이정민님이 11월 16일 \(월\)에 퇴사했습니다/)
    expect(text).toMatch(/예상 마감일을 고쳐 주세요. 11월 10일 \(화\)에서 13일이 지났습니다/)
    expect(text).toMatch(/83일째 단계가 그대로입니다/)
    expect(text).toMatch(/S3 솔루션 설계 단계로 가는 데 더 필요한 내용: 데모 또는 PoC, 의사결정 기준/)
    // A contact's id is read as the contact's name.
    expect(text).toMatch(/챔피언\s+이정민/)
    expect(text).toMatch(/최종 의사결정자\s+최영호 · 관여도 높음 · 마지막 연락 20일 전/)
    expect(text).toContain('미팅 · 최영호 · 김서연 · 요건 협의')
    expect(card.buttons()).toEqual(['단계 변경', '활동 기록', 'MEDDICC 수정'])
  })

  it('an activity logged from it is on it, and is the evidence of the next gate', async () => {
    await ae.command('/deal', 'D-7')
    await (await ae.ephemeral(/다음에 할 일/)).click('activity.log')
    const form = await ae.modal(/활동 기록/)
    expect(form.value('happened_on')).toBe('2026-11-23')
    await form.fill({ kind: '데모', contact: '최영호', note: '본사 시연' })
    await form.submit()
    await ae.ephemeral(/기록했습니다: 데모/)
    await ae.command('/stage', 'D-7 S3')
    const stage = await ae.modal(/거래 단계 변경/)
    expect(stage.value('evidence')).toBe('2026-11-23')
    await stage.close()
    const entries = await desk.app.store.auditOf('ondam', { noun: 'deal', id: 'D-7' }, 5)
    expect(entries.map((entry) => entry.what)).toContain('activity.logged')
    // Names and words of people stay out of the chain (B5.92).
    expect(JSON.stringify(entries)).not.toContain('본사 시연')
  })

  it('MEDDICC is edited in one form: what is taken out is taken out, what is untouched stays as the record has it', async () => {
    await ae.command('/deal', 'D-7')
    await (await ae.ephemeral(/다음에 할 일/)).click('deal.meddicc')
    const form = await ae.modal(/MEDDICC/)
    expect(form.value('champion')).toBe('이정민')
    await form.fill({ metrics: '', decision_criteria: '연동', expected_close_on: '2026-12-18' })
    await form.submit()
    await desk.settled()
    expect(await desk.app.store.deal('ondam', 'D-7')).toMatchObject({
      meddicc: { decision_criteria: '연동', champion: 'C-1', identify_pain: '수기 기록' },
      expectedCloseOn: '2026-12-18',
    })
    expect((await desk.app.store.deal('ondam', 'D-7'))?.meddicc.metrics).toBeUndefined()
  })

  it('a deal without an amount is given one on its way, in the words people use, and it can be put right', async () => {
    const { store } = desk.app
    const deal = await store.deal('ondam', 'D-7')
    const { amount: _amount, ...without } = deal!
    await store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'opportunity',
          next: {
            ...without,
            stage: 'S3',
            meddicc: {
              ...without.meddicc,
              economic_buyer: '최영호',
              decision_criteria: '연동',
              champion: '이정민',
            },
            evidence: { ...without.evidence, demo: '2026-11-10' },
            version: deal!.version + 1,
          },
          expect: deal!.version,
        },
      ],
      audit: [],
      deliveries: [],
    })
    await ae.command('/stage', 'D-7 S4')
    const stage = await ae.modal(/거래 단계 변경/)
    await stage.fill({ amount: '많이', evidence: '2026-11-20', metrics: '20% 절감' })
    expect(await stage.trySubmit()).toMatchObject({ errors: { amount: expect.stringContaining('많이') } })
    await stage.fill({ amount: '1억 2,000만원' })
    await stage.submit()
    await desk.settled()
    expect(await store.deal('ondam', 'D-7')).toMatchObject({
      stage: 'S4',
      amount: { amount: 120_000_000, currency: 'KRW' },
    })
    await ae.command('/deal', 'D-7')
    await (await ae.ephemeral(/다음에 할 일/)).click('deal.meddicc')
    const form = await ae.modal(/MEDDICC/)
    expect(form.value('amount')).toBe('120000000')
    await form.fill({ amount: '9천만' })
    await form.submit()
    await desk.settled()
    expect((await store.deal('ondam', 'D-7'))?.amount?.amount).toBe(90_000_000)
    const said = await store.auditOf('ondam', { noun: 'deal', id: 'D-7' }, 10)
    expect(said.filter(({ what }) => what === 'deal.amount-set')).toHaveLength(2)
    // Known now: nobody is asked for it again.
    await ae.command('/stage', 'D-7 S5')
    const next = await ae.modal(/거래 단계 변경/)
    expect(next.fields()).not.toContain('amount')
  })

  it('B5.99 two people edit at once: the second sees what was changed and keeps what they typed', async () => {
    await ae.command('/deal', 'D-7')
    await (await ae.ephemeral(/다음에 할 일/)).click('deal.meddicc')
    const slow = await ae.modal(/MEDDICC/)
    await slow.fill({ competition: '팩토리온' })
    const manager = desk.slack.as('U0JUNHO')
    await manager.command('/deal', 'D-7')
    await (await manager.ephemeral(/다음에 할 일/)).click('deal.meddicc')
    const quick = await manager.modal(/MEDDICC/)
    await quick.fill({ decision_process: '대표 결재' })
    await quick.submit()
    await desk.settled()
    await slow.trySubmit()
    await slow.waitFor(/거래 내용이 바뀌었습니다/)
    await slow.submit()
    await desk.settled()
    expect((await desk.app.store.deal('ondam', 'D-7'))?.meddicc).toMatchObject({
      competition: '팩토리온',
      decision_process: '대표 결재',
    })
  })

  it('who may see but not change it is offered no more than that, and in a channel nobody else sees it', async () => {
    await csm.channel('고객성공').tryCommand('/deal', 'D-7')
    const card = await csm.ephemeral(/다음에 할 일/)
    expect(card.ephemeral).toBe(true)
    // The account's CSM may hand it over for new business; the stage is not theirs.
    expect(card.buttons()).toEqual(['인계하기', '활동 기록'])
  })

  it('App Home shows the handoffs that wait for me, to be opened in place', async () => {
    await csm.command('/handoff', 'acme')
    const form = await csm.modal(/CS → AE/)
    await form.fill({
      health_score: '90',
      usage_data: '120명',
      opportunity: '확대',
      product: 'MES',
      amount: '1,000만',
      why_now: '증설',
    })
    await form.submit()
    await desk.settled()
    const home = await ae.home()
    expect(home.text()).toMatch(/내가 처리할 인계 \(1\)/)
    expect(home.text()).toMatch(/1건 있습니다/)
    await home.click('handoff.open', { near: /아크메/ })
    await ae.modal(/수락하시면 담당이 됩니다/)
  })
})
