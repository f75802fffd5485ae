import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoCompanies } from '../../data/demo.ts'
import { localDate } from '../../src/canon/calendar.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/teams-people.ts'

// A renewal on the local Teams: told in the channel, worked on in dialogs, recorded once for both platforms.

const at = (day: string, time = '09:30') => `${day}T${time}:00+09:00`

describe('a renewal on Teams', () => {
  let desk: Product
  let csm: Persona
  let lead: Persona
  const account = async () => (await desk.app.store.account('ondam', 'walk'))!

  beforeAll(async () => {
    const now = Date.parse(at('2026-03-04', '12:00'))
    desk = await product({ now, platforms: ['slack', 'teams'] })
    await desk.app.store.commit({
      company: 'ondam',
      save: ['bae-soyul', 'seo-minkyung', 'choi-yujin'].map(
        (id) => ({ noun: 'person', id, set: { prefers: 'teams' } }) as const,
      ),
      audit: [],
      deliveries: [],
    })
    csm = desk.teams.as('배소율')
    lead = desk.teams.as('서민경')
    const others = demoCompanies(localDate(now, 'Asia/Seoul'))[0]!.accounts.map(({ id }) => `${id},T3,`)
    await desk.importFile('accounts.csv', ['id,tier,renewal_on', ...others, ''].join('\n'))
    await desk.importFile(
      'accounts.csv',
      'id,name,tier,csm,ae,arr,currency,renewal_on\nwalk,걸음산업,T3,bae-soyul,choi-yujin,2000000000,KRW,2026-06-03\n',
    )
  }, 60_000)
  afterAll(() => desk.stop())

  it('is told in the CS team’s channel, and a milestone is done from there in one dialog', async () => {
    await desk.clock.set(at('2026-03-05'))
    const card = await csm.channel('고객성공').waitForCard(/걸음산업/)
    expect(card.text()).toContain('(D-90): 갱신 절차 시작, CSM·AE 미팅')
    expect(card.text()).toContain('AE 최유진님')
    // The AE is in no team of this channel, and only named.
    expect(card.calls()).toEqual(['배소율'])
    await card.press('할 일 완료')
    const form = await csm.dialog()
    expect(form.fields()).toEqual(['milestone', 'note'])
    await form.fill({ note: '킥오프 미팅 완료' })
    await form.trySubmit()
    await desk.settled()
    const [renewal] = await desk.app.store.renewalsOf('ondam', 'walk', 1)
    expect(renewal?.done).toMatchObject([{ day: 90, by: 'bae-soyul', note: '킥오프 미팅 완료' }])
  })

  it('a milestone that was marked by mistake is taken back from the renewal’s card, by whoever marked it', async () => {
    const after = csm.chat().mark()
    await csm.say('갱신 120')
    const list = await csm.chat().waitForCard(/다가오는 갱신/, { after })
    await list.press('열기')
    const card = await csm.dialog()
    await card.press('D-90 되돌리기')
    await desk.settled()
    const [renewal] = await desk.app.store.renewalsOf('ondam', 'walk', 1)
    expect(renewal).toMatchObject({
      done: [],
      reopened: [{ done: { day: 90, note: '킥오프 미팅 완료' }, by: 'bae-soyul' }],
    })
    const [last] = await desk.app.store.auditOf('ondam', { noun: 'account', id: 'walk' }, 1)
    expect(last).toMatchObject({ what: 'renewal.milestone-reopened', by: 'bae-soyul', platform: 'teams' })
  })

  it('the list answers to the Korean word, and an outcome goes wrong and right in the same dialog', async () => {
    await desk.clock.set(at('2026-06-04'))
    await lead.say('갱신 30')
    const list = await lead.chat().waitForCard(/기한 1일 지남 · /)
    expect(list.text()).toContain('걸음산업')
    expect(list.text()).toContain('기한 1일 지남')
    await list.press('결과 기록')
    const form = await lead.dialog()
    expect(form.fields()).toEqual(['outcome', 'renewal_on', 'arr', 'reason'])
    expect(form.value('renewal_on')).toBe('2027-06-03')
    // Chosen and sent without drawing the form anew: it asks for what a contraction needs, and keeps what was typed.
    await form.fill({ outcome: 'contraction', arr: '15억' })
    await form.trySubmit()
    expect(form.closed).toBe(false)
    expect(form.text()).toContain('축소 사유')
    expect(form.value('arr')).toBe('15억')
    await form.fill({ reason: '2공장 철수' })
    await form.trySubmit()
    await desk.settled()
    expect(await account()).toMatchObject({ arr: { amount: 1_500_000_000 }, renewalOn: '2027-06-03' })
    await csm.chat().waitForCard(/서민경님이 걸음산업 축소 갱신을 기록했습니다/)
  })

  it('churn asks for the reason alone', async () => {
    const after = csm.chat().mark()
    await csm.say('갱신 400')
    const list = await csm.chat().waitForCard(/다가오는 갱신/, { after })
    await list.press('열기')
    const card = await csm.dialog()
    expect(`${card.title}\n${card.text()}`).toContain('걸음산업 갱신')
    await card.press('결과 기록')
    const form = await csm.dialog()
    await form.waitFor(/다음 갱신일/)
    await form.fill({ outcome: 'churn' })
    await form.continue()
    expect(form.fields()).toEqual(['outcome', 'reason'])
    await form.fill({ reason: '본사 표준 도구로 전환' })
    await form.trySubmit()
    await desk.settled()
    expect(await account()).toMatchObject({ arr: { amount: 0 } })
    expect((await account()).renewalOn).toBeUndefined()
  })
})
