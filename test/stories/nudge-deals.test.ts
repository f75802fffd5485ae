import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

// The rules about deals, leads and records in the whole product: the hour they come at, whom they reach, and that they
// close themselves once what they speak of is done.

const minute = 60_000
const seoul = (text: string) => Date.parse(`${text}+09:00`)

/** Weighs more than all that the demo has, so that no day's budget hides it. */
const huge = 90_000_000_000

const deals = (...rows: readonly (readonly string[])[]) =>
  [
    'id,name,account,owner,amount,currency,stage,stage_entered_on,created_on,expected_close_on,metrics,identify_pain,champion,decision_criteria,economic_buyer',
    ...rows.map((row) => row.join(',')),
  ].join('\n')

const known = ['m', 'i', 'nobody', 'd', 'e']
/** Not the week's digest, which names it too. */
const nudged = /해맑은전자[\s\S]*44일째 단계 변화 없음/
/** A large deal of Kim Seoyeon's that has been at S3 since a day. */
const stalled = (since: string, closeOn = '2027-01-20') => [
  'D-9',
  '해맑은전자 MES',
  'hannuri',
  'kim-seoyeon',
  String(huge),
  'KRW',
  'S3',
  since,
  '2026-08-01',
  closeOn,
  ...known,
]

describe('nudges about deals on Slack', () => {
  let desk: Product
  let ae: Persona
  let manager: Persona
  let sdr: Persona

  beforeEach(async () => {
    // Sunday: nothing is due before Monday 09:00.
    desk = await product({ now: seoul('2026-11-22T20:00:00') })
    ae = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
    sdr = desk.slack.as('U0SUBIN')
  })
  afterEach(() => desk.stop())

  const deal = (id: string) => desk.app.store.deal('ondam', id)
  const audit = async (id: string) =>
    (await desk.app.store.auditOf('ondam', { noun: 'deal', id }, 20)).map(({ what }) => what)
  const about = (who: Persona, name: RegExp) =>
    who
      .dm()
      .messages()
      .filter((card) => name.test(card.text()) && !card.text().includes('기록했습니다'))

  it('a stalled deal reaches the team’s channel and the manager at nine, and closes itself when it moves', async () => {
    await desk.importFile(
      'opportunities.csv',
      deals([
        'D-9',
        '해맑은전자 MES',
        'hannuri',
        'kim-seoyeon',
        `${huge}`,
        'KRW',
        'S3',
        '2026-10-10',
        '2026-08-01',
        '2027-01-20',
        ...known,
      ]),
    )
    await desk.clock.set(seoul('2026-11-23T08:59:00'))
    expect(about(manager, /해맑은전자/)).toHaveLength(0)
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    const card = await manager.channel('C0ENTERPRISE').waitForMessage(nudged)
    expect(card.text()).not.toMatch(/₩|억/)
    expect(card.actions()).toEqual(expect.arrayContaining(['stage.open', 'nudge.snooze']))
    const copy = await manager.dm().waitForMessage(/해맑은전자/)
    // The same cause is told once, however often the minute comes round.
    await desk.clock.forward(5 * minute)
    expect(about(manager, /해맑은전자/)).toHaveLength(1)

    await ae.command('/stage', 'D-9 S2')
    const form = await ae.modal(/거래 단계 변경/)
    await form.fill({ reason: '예산이 다시 검토됩니다' })
    await form.submit()
    await desk.settled()
    await card.waitFor(/정리됨/)
    await copy.waitFor(/정리됨/)
  })

  it('after sixty days it is a risk: pushed out from the nudge, the forecast has another date', async () => {
    await desk.importFile(
      'opportunities.csv',
      deals([
        'D-9',
        '해맑은전자 MES',
        'hannuri',
        'kim-seoyeon',
        `${huge}`,
        'KRW',
        'S3',
        '2026-09-20',
        '2026-08-01',
        '2026-12-20',
        ...known,
      ]),
    )
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    const copy = await manager.dm().waitForMessage(/해맑은전자/)
    expect(copy.text()).toMatch(/64일째/)
    await copy.click('deal.close-date', { near: /해맑은전자/ })
    const form = await manager.modal(/예상 마감일/)
    expect(await form.trySubmit()).toMatchObject({ ok: false })
    await form.fill({ expected_close_on: '2026-11-20' })
    expect(await form.trySubmit()).toMatchObject({
      ok: false,
      errors: { expected_close_on: expect.stringMatching(/지난 날짜/) },
    })
    await form.fill({ expected_close_on: '2027-03-31' })
    await form.submit()
    await desk.settled()
    expect((await deal('D-9'))?.expectedCloseOn).toBe('2027-03-31')
    expect(await audit('D-9')).toContain('deal.close-date-moved')
    await manager.ephemeral(/3월 31일/)
  })

  it('a date that has passed is put right in place, and its nudge is settled', async () => {
    await desk.importFile(
      'opportunities.csv',
      deals([
        'D-9',
        '해맑은전자 MES',
        'hannuri',
        'kim-seoyeon',
        `${huge}`,
        'KRW',
        'S3',
        '2026-11-10',
        '2026-08-01',
        '2026-11-13',
        ...known,
      ]),
    )
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    const card = await ae.dm().waitForMessage(/해맑은전자/)
    await card.click('deal.close-date', { near: /해맑은전자/ })
    const form = await ae.modal(/예상 마감일/)
    await form.fill({ expected_close_on: '2026-12-30' })
    await form.submit()
    await desk.settled()
    await card.waitFor(/정리됨/)
  })

  it('a champion who left is cleared with a line in the history, and whoever takes their place ends it', async () => {
    await desk.importFile(
      'contacts.csv',
      'id,account,name,role,left_on\nhn-9,hannuri,도하윤 책임,champion,2026-11-21\n',
    )
    await desk.importFile(
      'opportunities.csv',
      deals([
        'D-9',
        '해맑은전자 MES',
        'hannuri',
        'kim-seoyeon',
        `${huge}`,
        'KRW',
        'S2',
        '2026-11-10',
        '2026-08-01',
        '2027-01-20',
        'm',
        'i',
        'hn-9',
        'd',
        'e',
      ]),
    )
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    const card = await ae.dm().waitForMessage(/해맑은전자/)
    expect(card.text()).toMatch(/도하윤/)
    expect(await deal('D-9')).toMatchObject({ championLeft: { contact: 'hn-9', said: 'hn-9' } })
    expect((await deal('D-9'))?.meddicc.champion).toBeUndefined()
    expect(await audit('D-9')).toContain('deal.champion-left')
    const [line] = await desk.app.store.stageHistory('ondam', 'D-9', 1)
    expect(line).toMatchObject({ from: 'S2', to: 'S2', championLeft: 'hn-9', by: 'system' })
    await ae.command('/deal', 'D-9')
    await ae.ephemeral(/도하윤 책임님이 고객사를 떠나/)

    await card.click('deal.meddicc', { near: /해맑은전자/ })
    const form = await ae.modal(/MEDDICC/)
    await form.fill({ champion: '남가온 팀장' })
    await form.submit()
    await desk.settled()
    await card.waitFor(/정리됨/)
    // The next morning nobody is cleared again, though a file still names who left.
    await desk.importFile(
      'opportunities.csv',
      deals([
        'D-9',
        '해맑은전자 MES',
        'hannuri',
        'kim-seoyeon',
        `${huge}`,
        'KRW',
        'S2',
        '2026-11-10',
        '2026-08-01',
        '2027-01-20',
        'm',
        'i',
        '남가온 팀장',
        'd',
        'e',
      ]),
    )
    await desk.clock.set(seoul('2026-11-24T09:00:00'))
    expect((await deal('D-9'))?.meddicc.champion).toBe('남가온 팀장')
  })

  const lead = (id: string, arrived: string) =>
    desk.importFile(
      'leads.csv',
      `id,name,company,source,owner,arrived_at,status\n${id},라온 ${id},라온테크,website,oh-subin,${arrived},new\n`,
    )
  const leadManager = () => desk.slack.as('U0JIWON')

  it('a lead waits five minutes for the SDR and ten for the manager, and its first touch ends it', async () => {
    await desk.clock.set(seoul('2026-11-23T14:00:00'))
    await lead('L-9', '2026-11-23T14:00:00+09:00')
    await desk.clock.forward(4 * minute)
    expect(about(sdr, /라온 L-9/)).toHaveLength(0)
    await desk.clock.forward(1 * minute)
    const card = await sdr.dm().waitForMessage(/라온 L-9/)
    expect(about(leadManager(), /라온 L-9/)).toHaveLength(0)
    await desk.clock.forward(5 * minute)
    await leadManager()
      .dm()
      .waitForMessage(/라온 L-9/)
    expect(about(sdr, /라온 L-9/)).toHaveLength(1)

    await card.click('activity.log', { near: /라온 L-9/ })
    const form = await sdr.modal(/활동 기록/)
    await form.fill({ kind: '통화' })
    await form.submit()
    await desk.settled()
    expect((await desk.app.store.lead('ondam', 'L-9'))?.firstTouchAt).toBe(desk.clock.now())
    await card.waitFor(/정리됨/)
    await desk.clock.forward(5 * minute)
    expect(about(sdr, /라온 L-9/)).toHaveLength(1)
  })

  it('at night and at the weekend a lead waits for the morning', async () => {
    await lead('L-9', '2026-11-22T20:30:00+09:00')
    await desk.clock.set(seoul('2026-11-23T07:00:00'))
    await desk.clock.set(seoul('2026-11-23T09:04:00'))
    expect(about(sdr, /라온 L-9/)).toHaveLength(0)
    await desk.clock.set(seoul('2026-11-23T09:05:00'))
    await sdr.dm().waitForMessage(/라온 L-9/)
  })

  it('records are one list a person, and a contact is looked at in place', async () => {
    await desk.importFile(
      'contacts.csv',
      'id,account,name,role,engagement,updated_on\nhn-9,hannuri,도하윤 책임,influencer,low,2026-05-01\n',
    )
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    await ae.command('/nudges')
    const list = await ae.ephemeral(/기록/)
    await list.click('hygiene.open')
    const own = await ae.ephemeral(/정리할 기록/)
    expect(own.text()).toMatch(/도하윤 책임/)
    await own.click('contact.edit', { near: /도하윤/ })
    const form = await ae.modal(/고객 담당자/)
    await form.fill({ engagement: '관여도 높음' })
    await form.submit()
    await desk.settled()
    expect(await desk.app.store.contact('ondam', 'hn-9')).toMatchObject({
      engagement: 'high',
      updatedOn: '2026-11-23',
    })
  })
})

describe('nudges about deals on Teams', () => {
  let desk: Product
  beforeEach(async () => {
    desk = await product({ now: seoul('2026-11-22T20:00:00'), platforms: ['slack', 'teams'] })
    // Where they want to be asked, their team's channel is as well.
    await desk.app.store.commit({
      company: 'ondam',
      save: ['kim-seoyeon', 'park-junho'].map((id) => ({ noun: 'person', id, set: { prefers: 'teams' } })),
      audit: [],
      deliveries: [],
    })
  })
  afterEach(() => desk.stop())

  it('a stalled deal reaches the team’s channel and the manager at nine; pushed on, it is settled in both', async () => {
    await desk.importFile('opportunities.csv', deals(stalled('2026-10-10')))
    await desk.clock.set(seoul('2026-11-23T09:00:00'))
    const manager = desk.teams.as('park-junho')
    const card = await manager.channel('엔터프라이즈영업').waitForCard(nudged)
    const copy = await manager.chat().waitForCard(/해맑은전자/)

    await copy.press('stage.open')
    const dialog = await manager.dialog()
    await dialog.fill({ stage: 'S2' })
    await dialog.continue()
    await dialog.fill({ reason: '예산이 다시 검토됩니다' })
    await dialog.trySubmit()
    await desk.settled()
    expect((await desk.app.store.deal('ondam', 'D-9'))?.stage).toBe('S2')
    await card.waitFor(/정리됨/)
    await copy.waitFor(/정리됨/)
  })
})
