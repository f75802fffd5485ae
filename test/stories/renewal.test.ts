import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoCompanies } from '../../data/demo.ts'
import { localDate } from '../../src/canon/calendar.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

// Renewals on the local Slack, the clock moved through them: what is told, where, and what one does about it.

const at = (day: string, time = '09:30') => `${day}T${time}:00+09:00`
const accounts = (...rows: string[]) =>
  ['id,name,tier,csm,ae,arr,currency,renewal_on', ...rows, ''].join('\n')

/** The demo's own customers without renewals and QBRs, so that what is told here is about those of this story. */
const quiet = (now: number): string =>
  [
    'id,tier,renewal_on',
    ...demoCompanies(localDate(now, 'Asia/Seoul'))[0]!.accounts.map(({ id }) => `${id},T3,`),
    '',
  ].join('\n')

describe('a renewal from D-180 to the day itself and after', () => {
  let desk: Product
  let csm: Persona
  let ae: Persona
  let lead: Persona
  const store = () => desk.app.store
  const account = async (id = 'walk') => (await store().account('ondam', id))!
  const renewal = async (id = 'walk') => (await store().renewalsOf('ondam', id, 1))[0]
  const messages = (where: ReturnType<Persona['dm']>, name: string) =>
    where.messages().filter((message) => new RegExp(`${name}\\n.* 갱신`).test(message.text()))
  /** Messages in the CS team's channel that speak of an account. */
  const told = (name = '걸음산업') => messages(csm.channel('고객성공'), name)
  const last = (name = '걸음산업') => told(name).at(-1)!
  /** The lines of one account in a message that may speak of several. */
  const lineOf = (text: string, name = '걸음산업') => {
    const lines = text.split('\n')
    return lines[lines.findIndex((line) => line.includes(name)) + 1]!
  }

  beforeAll(async () => {
    desk = await product({ now: Date.parse(at('2026-03-04', '12:00')) })
    csm = desk.slack.as('U0SOYUL')
    ae = desk.slack.as('U0YUJIN')
    lead = desk.slack.as('U0MINKYUNG')
    await desk.importFile('accounts.csv', quiet(Date.parse(at('2026-03-04'))))
    await desk.importFile(
      'accounts.csv',
      accounts(
        'walk,걸음산업,T3,bae-soyul,choi-yujin,2000000000,KRW,2026-09-01',
        'late,늦은상사,T3,bae-soyul,choi-yujin,1900000000,KRW,2026-04-20',
      ),
    )
  }, 60_000)
  afterAll(() => desk.stop())

  it('is told in the channel of the CSM’s team at D-180: what to do, how much, the health, the AE', async () => {
    await desk.clock.set(at('2026-03-05'))
    expect(told()).toHaveLength(1)
    const line = lineOf(last().text())
    expect(line).toContain('(D-180): 갱신 예측 등록, 헬스 점검')
    expect(line).toContain('₩20억')
    expect(line).toContain('헬스 –')
    expect(line).toContain('AE @최유진님')
  })

  it('an account that arrived at D-47 is told the one milestone it is at', () => {
    const texts = told('늦은상사').map((message) => lineOf(message.text(), '늦은상사'))
    expect(texts).toHaveLength(1)
    expect(texts[0]).toContain('고객과 갱신 조건 논의')
  })

  it('is not told again the next day, and once more after a week in which nobody acted', async () => {
    await desk.clock.set(at('2026-03-06'))
    await desk.clock.set(at('2026-03-11'))
    expect(told()).toHaveLength(1)
    await desk.clock.set(at('2026-03-12'))
    expect(told()).toHaveLength(2)
    expect(lineOf(last().text())).toContain('아직 미완료')
  })

  it('the CSM marks it as done from there, with a note, and it is quiet until D-90', async () => {
    await last().click('renewal.milestone', { near: /걸음산업/ })
    const form = await csm.modal(/갱신 할 일 완료/)
    expect(form.value('milestone')).toBe('D-180')
    await form.fill({ note: '예측에 넣었고 사용량 점검 완료' })
    await form.submit()
    await csm.ephemeral(/D-180 할 일을 완료했습니다/)
    await desk.settled()
    expect((await renewal())?.done).toMatchObject([
      { day: 180, by: 'bae-soyul', note: '예측에 넣었고 사용량 점검 완료' },
    ])
    await desk.clock.set(at('2026-03-19'))
    await desk.clock.set(at('2026-03-26'))
    expect(told()).toHaveLength(2)
  })

  it('marked by mistake it is taken back and due again, by whoever marked it and not by the AE', async () => {
    const notice = await csm.ephemeral(/D-180 할 일을 완료했습니다/)
    await notice.click('renewal.reopen')
    await csm.ephemeral(/D-180 완료를 되돌렸습니다/)
    await desk.settled()
    expect(await renewal()).toMatchObject({ done: [], reopened: [{ by: 'bae-soyul', done: { day: 180 } }] })
    const [taken] = await store().auditOf('ondam', { noun: 'account', id: 'walk' }, 1)
    expect(taken).toMatchObject({
      what: 'renewal.milestone-reopened',
      by: 'bae-soyul',
      detail: { milestone: 180, doneBy: 'bae-soyul' },
    })
    const opened = async (who: typeof csm, days: string) => {
      await who.command('/renewals', days)
      const list = await who.ephemeral(/다가오는 갱신/)
      await list.click('renewal.open', { near: /걸음산업/ })
      return who.ephemeral(/걸음산업 갱신/)
    }
    const again = await opened(csm, '200')
    expect(again.buttons()).not.toContain('D-180 되돌리기')
    await again.click('renewal.milestone')
    const form = await csm.modal(/갱신 할 일 완료/)
    await form.fill({ note: '예측에 넣었고 사용량 점검 완료' })
    await form.submit()
    await desk.settled()
    expect((await renewal())?.done).toHaveLength(1)
    expect((await opened(ae, '200')).buttons()).not.toContain('D-180 되돌리기')
    expect((await opened(lead, '201')).buttons()).toContain('D-180 되돌리기')
    await desk.clock.set(at('2026-03-27'))
    expect(told()).toHaveLength(2)
  })

  it('at D-90 CSM and AE are both told that the renewal starts', async () => {
    await desk.clock.set(at('2026-06-02'))
    expect(told()).toHaveLength(2)
    await desk.clock.set(at('2026-06-04'))
    expect(told()).toHaveLength(3)
    expect(lineOf(last().text())).toContain('갱신 절차 시작, CSM·AE 미팅')
    await ae.dm().waitForMessage(/걸음산업/)
  })

  it('the list shows it with ARR, health and what is due, and the AE sees it without the buttons', async () => {
    await csm.command('/renewals', '120')
    const list = await csm.ephemeral(/다가오는 갱신/)
    expect(list.text()).toContain('걸음산업 · ₩20억')
    expect(list.text()).toMatch(/D-89 · 헬스 – · D-90 갱신 절차 시작/)
    expect(list.text()).toContain('갱신 대상 ARR')
    expect(list.text()).toContain('기한이 지났고 결과가 없는 갱신')
    await ae.command('/renewals', '１２０일')
    const seen = await ae.ephemeral(/다가오는 갱신/)
    expect(seen.text()).toContain('걸음산업')
    expect(seen.buttons()).not.toContain('결과 기록')
    await seen.click('renewal.open', { near: /걸음산업/ })
    const card = await ae.ephemeral(/걸음산업 갱신/)
    expect(card.text()).toContain('예측에 넣었고 사용량 점검 완료')
    expect(card.buttons()).not.toContain('결과 기록')
    await csm.command('/renewals', '내년')
    await csm.ephemeral(/“내년”: 일수로 읽을 수 없습니다/)
  })

  it('D-60, D-30 and the day itself come once each, a Sunday on the Monday after', async () => {
    await desk.clock.set(at('2026-07-03'))
    expect(lineOf(last().text())).toContain('(D-60): 고객과 갱신 조건 논의')
    await desk.clock.set(at('2026-08-03'))
    expect(lineOf(last().text())).toContain('(D-29): 계약서 발송, 법무 검토')
    const before = told().length
    await desk.clock.set(at('2026-09-01'))
    expect(told()).toHaveLength(before + 1)
    expect(lineOf(last().text())).toContain('(D-day): 갱신 또는 해지 결과 기록')
  })

  it('past its day without an outcome it goes to the CS Manager, and the CSM is told', async () => {
    const before = told().length
    await desk.clock.set(at('2026-09-02'))
    const card = await lead.dm().waitForMessage(/걸음산업/)
    expect(lineOf(card.text())).toContain('결과 미기록(기한 1일 지남)')
    await csm.dm().waitForMessage(/걸음산업/)
    expect(told()).toHaveLength(before)
  })

  it('what is wrong is said at its field, and nothing typed is lost', async () => {
    const card = messages(lead.dm(), '걸음산업').at(-1)!
    await card.click('renewal.record', { near: /걸음산업/ })
    const form = await lead.modal(/갱신 결과/)
    expect(form.value('renewal_on')).toBe('2027-09-01')
    expect(form.value('arr')).toBe('2000000000')
    await form.fill({ arr: '15억' })
    expect(await form.trySubmit()).toMatchObject({ errors: { arr: expect.stringContaining('축소 갱신') } })
    await form.fill({ outcome: '축소 갱신' })
    await form.waitFor(/축소 사유/)
    expect(form.value('arr')).toBe('15억')
    expect(await form.trySubmit()).toMatchObject({ ok: false })
    await form.fill({ reason: '2공장 철수', renewal_on: '2026-09-01' })
    expect(await form.trySubmit()).toMatchObject({
      errors: { renewal_on: expect.stringContaining('뒤여야') },
    })
    await form.fill({ renewal_on: '2027-09-01' })
    await form.submit()
    await lead.ephemeral(/축소 갱신을 기록했습니다/)
    await desk.settled()
    expect(await account()).toMatchObject({ arr: { amount: 1_500_000_000 }, renewalOn: '2027-09-01' })
    const notice = await csm.dm().waitForMessage(/서민경님이 걸음산업 축소 갱신을 기록했습니다/)
    expect(notice.text()).toContain('₩2,000,000,000 → ₩1,500,000,000')
    expect(notice.text()).toContain('2공장 철수')
    expect(notice.buttons()).not.toContain('되돌리기')
    await ae.dm().waitForMessage(/축소 갱신을 기록했습니다/)
  })

  it('the renewal is over: its nudges are closed, and who comes late hears who was first', async () => {
    const old = messages(csm.dm(), '걸음산업').find((each) => /결과 미기록|해결|끝|사라/.test(each.text()))!
    await desk.clock.set(at('2026-09-03'))
    expect(old.text()).not.toContain('[결과 기록]')
    const again = messages(lead.dm(), '걸음산업').length
    await desk.clock.set(at('2026-09-09'))
    expect(messages(lead.dm(), '걸음산업')).toHaveLength(again)
  })

  it('the CS Manager takes it back, the account is as before, and those who were told see it', async () => {
    await lead.command('/renewals')
    const list = await lead.ephemeral(/최근 기록한 결과/)
    await list.click('renewal.undo', { near: /걸음산업/ })
    await lead.ephemeral(/결과를 되돌렸습니다/)
    await desk.settled()
    expect(await account()).toMatchObject({ arr: { amount: 2_000_000_000 }, renewalOn: '2026-09-01' })
    expect(await renewal()).toMatchObject({
      undone: [{ by: 'seo-minkyung', outcome: { kind: 'contraction' } }],
    })
    await csm.dm().waitForMessage(/서민경님이 결과를 되돌렸습니다/)
    const what = (await store().auditOf('ondam', { noun: 'account', id: 'walk' }, 20)).map(
      (each) => each.what,
    )
    expect(what).toEqual(
      expect.arrayContaining(['renewal.milestone-done', 'renewal.contraction', 'renewal.outcome-undone']),
    )
  })

  it('a customer who leaves: ARR zero, no renewal ahead, and no nudge any more', async () => {
    await csm.command('/renewals', '', '고객성공')
    const list = await csm.ephemeral(/기한이 지났고 결과가 없는 갱신/, {
      after: csm.ephemerals().at(0)?.ts ?? '',
    })
    await list.click('renewal.record', { near: /걸음산업/ })
    const form = await csm.modal(/갱신 결과/)
    await form.fill({ outcome: '해지' })
    await form.waitFor(/ARR이 0이 되고/)
    expect(form.fields()).toEqual(['outcome', 'reason'])
    expect(await form.trySubmit()).toMatchObject({ ok: false })
    await form.fill({ reason: '본사 표준 도구로 전환' })
    await form.submit()
    await csm.ephemeral(/해지를 기록했습니다/)
    await desk.settled()
    expect(await account()).toMatchObject({ arr: { amount: 0, currency: 'KRW' } })
    expect((await account()).renewalOn).toBeUndefined()
    await lead.dm().waitForMessage(/배소율님이 걸음산업 해지를 기록했습니다/)
    const before = messages(lead.dm(), '걸음산업').length
    await desk.clock.set(at('2026-09-16'))
    expect(messages(lead.dm(), '걸음산업')).toHaveLength(before)
  })
})

describe('a QBR', () => {
  let desk: Product
  let csm: Persona
  beforeAll(async () => {
    desk = await product({ now: Date.parse(at('2026-04-01', '08:00')) })
    csm = desk.slack.as('U0SOYUL')
    await desk.importFile('accounts.csv', quiet(Date.parse(at('2026-04-01'))))
    await desk.importFile(
      'accounts.csv',
      accounts('qbr,분기상사,T1,bae-soyul,choi-yujin,2000000000,KRW,2027-12-01'),
    )
  }, 60_000)
  afterAll(() => desk.stop())

  it('is told to the CSM when its quarter begins, and recorded from there', async () => {
    await desk.clock.set(at('2026-06-11'))
    const card = await csm.dm().waitForMessage(/분기상사/)
    expect(card.text()).toContain('2026-Q2')
    await card.click('qbr.record', { near: /분기상사/ })
    const form = await csm.modal(/QBR 기록/)
    expect(form.value('held_on')).toBe('2026-06-11')
    await form.fill({ held_on: '2026-06-12' })
    expect(await form.trySubmit()).toMatchObject({
      errors: { held_on: expect.stringContaining('아직 오지') },
    })
    await form.fill({ held_on: '2026-06-10', notes: '확대 논의' })
    await form.submit()
    await csm.ephemeral(/2026-Q2 QBR로 기록했습니다/)
    await desk.settled()
    expect(await desk.app.store.qbrsOf('ondam', 'qbr', 1)).toEqual([
      { account: 'qbr', quarter: '2026-Q2', heldOn: '2026-06-10', by: 'bae-soyul', notes: '확대 논의' },
    ])
  })
})
