import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Handoff } from '../../src/canon/handoff.ts'
import type { AuditEntry } from '../../src/ports.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'
import type { Card } from '../support/slack-screen.ts'

// Handoffs on the local Slack: refusals, late and double clicks, people who are away or gone, and the clock.

describe('handing over', () => {
  let desk: Product
  let sdr: Persona
  let ae: Persona
  let manager: Persona

  beforeEach(async () => {
    desk = await product()
    sdr = desk.slack.as('U0SUBIN')
    ae = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
    await desk.app.store.commit({
      company: 'ondam',
      save: ['L-1', 'L-2'].map((id) => ({
        noun: 'lead' as const,
        expect: 'new' as const,
        next: {
          id,
          name: `문의 ${id}`,
          company: '대륭오토텍',
          account: 'daeryung',
          owner: 'oh-subin',
          status: 'qualified' as const,
          updatedAt: desk.clock.now(),
          version: 1,
        },
      })),
      audit: [],
      deliveries: [],
    })
  })
  afterEach(() => desk.stop())

  const filled = {
    pain: '야간 불량 원인 파악 지연',
    contacts: '최영호 상무',
    engagement_history: '11/20 통화',
    budget: '연 1.5억 원',
    authority: '최영호 상무',
    need: '불량률 1%대',
    timeline: '2027년 1분기',
  }
  const latest = async (lead = 'L-1'): Promise<Handoff> =>
    (await desk.app.store.handoffsOf('ondam', { lead }, 1))[0]!
  const audit = async (id: string): Promise<AuditEntry[]> =>
    desk.app.store.auditOf('ondam', { noun: 'handoff', id }, 50)

  async function send(lead = 'L-1', more: Record<string, string> = {}): Promise<Handoff> {
    await sdr.command('/handoff', lead)
    const form = await sdr.modal(/SDR → AE/)
    await form.fill({ ...filled, ...more })
    await form.submit()
    await desk.settled()
    return latest(lead)
  }
  const cardOf = (who: Persona): Promise<Card> => who.dm().waitForMessage(/오수빈님이/)

  /** A button of somebody else's card, pressed all the same. */
  async function press(who: Persona, action: string, card: Card): Promise<void> {
    const value = card.elements().find(({ element }) => element.action_id === action)?.element as {
      value: string
    }
    await who.command('/dealdesk', 'help')
    const help = await who.ephemeral(/approve-discount/)
    const forged = who.forging((payload) => ({
      ...payload,
      actions: [{ ...(payload as { actions: object[] }).actions[0], action_id: action, value: value.value }],
    }))
    await forged.message(help).tryClick('person.settings')
  }

  it('what is missing is said at its field, and nothing typed is lost', async () => {
    await sdr.command('/handoff', 'L-1')
    const form = await sdr.modal(/SDR → AE/)
    await form.fill({ pain: '문제' })
    expect(await form.trySubmit()).toMatchObject({
      ok: false,
      errors: { budget: expect.any(String), timeline: expect.any(String) },
    })
    expect(form.value('pain')).toBe('문제')
    expect(await desk.app.store.handoffsOf('ondam', { lead: 'L-1' }, 1)).toEqual([])
  })

  it('B5.1 a double click on Accept is one acceptance and one deal', async () => {
    const handoff = await send()
    const card = await cardOf(ae)
    await Promise.all([card.tryClick('handoff.accept'), card.tryClick('handoff.accept')])
    await desk.settled()
    const facts = (await audit(handoff.id)).map((entry) => entry.what)
    expect(facts.filter((what) => what === 'handoff.accepted')).toHaveLength(1)
    const opened = (await latest()).opened!
    expect(await desk.app.store.stageHistory('ondam', opened, 5)).toHaveLength(1)
  })

  it('accept and return at the same instant: one counts, the other hears how it stands', async () => {
    const handoff = await send()
    const card = await cardOf(ae)
    await card.click('handoff.return')
    const form = await ae.modal(/돌려보내기/)
    await form.fill({ note: '예산 근거가 필요합니다' })
    await Promise.all([form.trySubmit(), card.tryClick('handoff.accept')])
    await desk.settled()
    const { status } = await latest()
    expect(['accepted', 'returned']).toContain(status)
    const facts = (await audit(handoff.id)).map((entry) => entry.what)
    expect(facts.filter((what) => /accepted|returned/.test(what))).toHaveLength(1)
    expect(facts).toContain('handoff.refused')
  })

  it('nobody but the receiver accepts: a forged press is refused, told and in the audit', async () => {
    const handoff = await send()
    const card = await cardOf(ae)
    await press(sdr, 'handoff.accept', card)
    await sdr.ephemeral(/김서연님의 답을 기다리고/)
    // Somebody who may not even see it learns nothing.
    await press(desk.slack.as('U0DANIEL'), 'handoff.accept', card)
    expect((await latest()).status).toBe('submitted')
    expect((await audit(handoff.id)).filter((entry) => entry.what === 'handoff.refused')).toMatchObject([
      { by: 'oh-subin', detail: { act: 'accept', code: 'not-the-receiver' } },
    ])
  })

  it('an old card is refused after the handoff came back changed: people accept what they saw', async () => {
    await send()
    const card = await cardOf(ae)
    const old = card.elements().find(({ element }) => element.action_id === 'handoff.accept')!.element
    await card.click('handoff.return')
    const back = await ae.modal(/돌려보내기/)
    await back.fill({ missing: ['예산'] })
    await back.submit()
    const returned = await sdr.dm().waitForMessage(/인계 반송/)
    await returned.click('handoff.edit')
    const form = await sdr.modal(/SDR → AE/)
    await form.fill({ budget: '2억 원, 승인 완료' })
    await form.submit()
    await desk.settled()
    const forged = ae.forging((payload) => ({
      ...payload,
      actions: [
        {
          ...(payload as { actions: object[] }).actions[0],
          action_id: 'handoff.accept',
          value: (old as { value?: string }).value,
        },
      ],
    }))
    await forged.message(card).tryClick('handoff.return')
    await ae.ephemeral(/바뀌어 결정하지 않았습니다/)
    expect((await latest()).status).toBe('submitted')
  })

  it('one handoff of a lead is under way at a time: asking again shows it', async () => {
    await send()
    await sdr.command('/handoff', 'L-1')
    await sdr.ephemeral(/오수빈님이 김서연님께 인계했습니다/)
    expect(await desk.app.store.handoffsOf('ondam', { lead: 'L-1' }, 5)).toHaveLength(1)
  })

  it('several things that match are offered, never guessed', async () => {
    await sdr.command('/handoff', '문의')
    const which = await sdr.ephemeral(/어느 것을 인계할까요/)
    expect(which.text()).toContain('문의 L-2')
    await which.click('handoff.start', { near: /L-2/ })
    expect((await sdr.modal(/SDR → AE/)).fields()).toContain('budget')
  })

  it('without a name: what waits for me and what I sent, and the way to a new one', async () => {
    await send()
    await ae.command('/handoff')
    const mine = await ae.ephemeral(/인계함/)
    expect(mine.text()).toMatch(/내가 처리할 인계 \(1\)/)
    await mine.click('handoff.open')
    await (await ae.ephemeral(/수락하시면 담당이 됩니다/)).click('handoff.accept')
    await desk.settled()
    expect((await latest()).status).toBe('accepted')

    await sdr.command('/handoff')
    await (await sdr.ephemeral(/내가 보낸 인계 \(1\)/)).click('handoff.start')
    const start = await sdr.modal(/인계하기/)
    await start.fill({ subject: '문의 L-2' })
    await start.submit()
    expect((await sdr.modal(/SDR → AE/)).value('receiver')).toBe('김서연')
  })

  it('a receiver without the role is refused at the field', async () => {
    await sdr.command('/handoff', 'L-1')
    const form = await sdr.modal(/SDR → AE/)
    const offered = (await form.search('receiver', '')).map((option) => option.value)
    expect(offered).toContain('lee-minjae')
    expect(offered).not.toContain('bae-soyul')
    await form.fill(filled)
    const forged = sdr.forging((payload) => {
      const view = (payload as { view: { state: { values: Record<string, object> } } }).view
      view.state.values.receiver = {
        receiver: { type: 'external_select', selected_option: { value: 'bae-soyul' } },
      }
      return payload
    })
    const same = await forged.modal(/SDR → AE/)
    expect(await same.trySubmit()).toMatchObject({
      errors: { receiver: expect.stringMatching(/맞는 역할이 없습니다/) },
    })
  })

  it('reminds after 24 working hours, tells both managers after 48, and somebody else can be named', async () => {
    await send()
    // Monday 10:00: one working day later the receiver, two days later both managers.
    await desk.clock.set('2026-11-24T10:01:00+09:00')
    const reminder = await ae.dm().waitForMessage(/기다리는 인계/)
    expect(reminder.buttons()).toEqual(expect.arrayContaining(['수락', '돌려보내기']))
    await desk.clock.set('2026-11-25T10:01:00+09:00')
    const stuck = await manager.dm().waitForMessage(/지연된 인계/)
    await desk.slack
      .as('U0JIWON')
      .dm()
      .waitForMessage(/지연된 인계/)
    await stuck.click('handoff.reassign')
    const form = await manager.modal(/다른 분께 인계/)
    await form.fill({ to: '이민재' })
    await form.submit()
    await desk.settled()
    expect((await latest()).receiver).toBe('lee-minjae')
    const theirs = await cardOf(desk.slack.as('U0MINJAE'))
    await theirs.click('handoff.accept')
    await desk.settled()
    expect((await desk.app.store.deal('ondam', (await latest()).opened!))?.owner).toBe('lee-minjae')
    // The one who had it before sees that it is over.
    expect(reminder.buttons()).not.toContain('수락')
  })

  it('a run that is repeated reminds nobody twice', async () => {
    await send()
    await desk.clock.set('2026-11-24T10:01:00+09:00')
    await desk.clock.set('2026-11-24T10:02:00+09:00')
    const told = ae
      .dm()
      .messages()
      .filter((card) => /기다리는 인계/.test(card.text()))
    expect(told).toHaveLength(1)
  })

  it('the delegate of somebody who is away accepts in their place, and the record says so', async () => {
    await ae.command('/dealdesk', 'away')
    await (await ae.ephemeral(/부재/)).click('person.away')
    const away = await ae.modal()
    await away.fill({ away_from: '2026-11-23', away_until: '2026-11-27', delegate: '이민재' })
    await away.submit()
    await send()
    const card = await cardOf(desk.slack.as('U0MINJAE'))
    expect(card.text()).toContain('대신 수락하실 수 있습니다')
    await card.click('handoff.accept')
    await desk.settled()
    const handoff = await latest()
    expect(handoff).toMatchObject({ status: 'accepted', receiver: 'kim-seoyeon', acceptedBy: 'lee-minjae' })
    expect((await audit(handoff.id)).find((entry) => entry.what === 'handoff.accepted')).toMatchObject({
      by: 'lee-minjae',
      for: 'kim-seoyeon',
    })
  })

  it('B5.8 a receiver who leaves is asked nothing more: the next one above takes it over', async () => {
    await send('L-1')
    await (await cardOf(ae)).waitFor(/수락하시면/)
    await desk.slack.as('U0EUNBI').deactivate('U0SEOYEON')
    await desk.settled()
    await desk.clock.forward(60_000)
    const handoff = await latest()
    expect(handoff.receiver).not.toBe('kim-seoyeon')
    const next = desk.slack.as('U0JUNHO')
    expect(handoff.receiver).toBe('park-junho')
    await (await cardOf(next)).click('handoff.accept')
    await desk.settled()
    expect((await latest()).status).toBe('accepted')
  })

  it('withdrawn by the sender: the receiver’s card says so and offers nothing', async () => {
    await send()
    const card = await cardOf(ae)
    const mine = await sdr.dm().waitForMessage(/김서연님께 인계했습니다/)
    await mine.click('handoff.withdraw')
    await (await sdr.modal()).submit()
    await desk.settled()
    await card.waitFor(/철회된 인계/)
    expect(card.buttons()).not.toContain('수락')
    expect((await latest()).status).toBe('withdrawn')
  })

  it('B5.58 what somebody typed is shown as it is, on every card', async () => {
    const evil = '<!channel> *굵게* <https://evil.example|승인>'
    await send('L-1', { pain: evil, need: `첫 줄\n✅ ${evil}` })
    const card = await cardOf(ae)
    expect(card.text()).toContain(evil)
    expect(card.live()).toEqual([])
  })

  it('a first meeting that is not held yet is owed by its day, on the deal that is opened', async () => {
    await send('L-1', { first_meeting_on: '2026-12-02' })
    await (await cardOf(ae)).click('handoff.accept')
    await desk.settled()
    const opened = (await latest()).opened!
    expect(await desk.app.store.deal('ondam', opened)).toMatchObject({
      stage: 'S1',
      gateDebt: [{ gate: 'first_meeting', until: '2026-12-02' }],
    })
    await ae.command('/deal', opened)
    expect((await ae.ephemeral(/다음에 할 일/)).text()).toContain('미비 항목')
  })
})

describe('what an account says of its growth', () => {
  let desk: Product
  let ae: Persona
  let csm: Persona
  const day = 86_400_000

  beforeEach(async () => {
    desk = await product()
    ae = desk.slack.as('U0SEOYEON')
    csm = desk.slack.as('U0SOYUL')
    const now = desk.clock.now()
    const contact = (id: string, name: string, department: string) => ({
      noun: 'contact' as const,
      expect: 'new' as const,
      next: { id, account: 'daeryung', name, department, version: 1 },
    })
    await desk.app.store.commit({
      company: 'ondam',
      save: [
        contact('C-OLD', '최영호', '품질팀'),
        contact('C-NEW', '한도윤', '구매팀'),
        {
          noun: 'activity',
          next: {
            id: 'act-old',
            deal: 'D-1051',
            account: 'daeryung',
            kind: 'meeting',
            contact: 'C-OLD',
            happenedAt: now - 90 * day,
            loggedAt: now - 90 * day,
          },
        },
      ],
      audit: [],
      deliveries: [],
    })
  })
  afterEach(() => desk.stop())

  const drafts = () => desk.app.store.handoffsOf('ondam', { account: 'daeryung' }, 5)

  async function log(contact: string): Promise<void> {
    await ae.command('/deal', 'D-1051')
    await (await ae.ephemeral(/다음에 할 일/)).click('activity.log')
    const form = await ae.modal(/활동 기록/)
    await form.fill({ kind: '미팅', contact })
    await form.submit()
    await desk.settled()
  }

  it('a meeting with somebody of a new department drafts the handoff for the CSM, prefilled, to be sent', async () => {
    await log('한도윤')
    const card = await csm.dm().waitForMessage(/CS → AE 인계/)
    expect(card.text()).toContain('새 부서와 소통 시작: 구매팀')
    await card.click('handoff.edit')
    const form = await csm.modal(/CS → AE/)
    expect(form.value('why_now')).toContain('구매팀')
    await form.fill({
      health_score: '88',
      usage_data: '사용자 120명',
      opportunity: '구매 분석',
      product: '온담 Analytics',
      amount: '3,000만',
    })
    await form.submit()
    await ae.dm().waitForMessage(/배소율님이 인계했습니다/)
  })

  it('somebody of a department that is known drafts nothing, and a department is told once', async () => {
    await log('최영호')
    expect(await drafts()).toEqual([])
    await log('한도윤')
    await log('한도윤')
    expect(await drafts()).toHaveLength(1)
  })

  it('activities that other systems bring are found by the clock', async () => {
    await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'activity',
          next: {
            id: 'act-new',
            account: 'daeryung',
            kind: 'call',
            contact: 'C-NEW',
            happenedAt: desk.clock.now() - day,
            loggedAt: desk.clock.now(),
          },
        },
      ],
      audit: [],
      deliveries: [],
    })
    await desk.clock.forward(3_600_000)
    await csm.dm().waitForMessage(/구매팀/)
    await desk.clock.forward(3_600_000)
    expect(await drafts()).toHaveLength(1)
  })
})
