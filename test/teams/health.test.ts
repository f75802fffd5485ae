import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import { type Persona, readOnTeams } from '../support/teams-people.ts'

// An account's health on the local Teams, for somebody who lives there, and in English at the second company.

const minute = 60_000

describe('the health of an account on Teams', () => {
  let desk: Product
  let csm: Persona
  let lead: Persona

  beforeAll(async () => {
    desk = await product({ platforms: ['slack', 'teams'] })
    csm = desk.teams.as('배소율')
    lead = desk.teams.as('서민경')
    await readOnTeams([csm, lead])
    await desk.clock.forward(minute)
  })
  afterAll(() => desk.stop())

  const red = /새벽푸드[\s\S]*위험/

  it('an account that turns red is told once to the CSM and the CS Manager, who close its review in a dialog', async () => {
    await desk.importFile(
      'health-signals.csv',
      'account,component,score,measured_on\nsaebyeok,adoption,20,2026-11-23\nsaebyeok,support,30,2026-11-23\nsaebyeok,relationship,30,2026-11-23\nsaebyeok,sentiment,25,2026-11-23\n',
    )
    await desk.clock.forward(minute)
    const card = await csm.chat().waitForCard(red)
    await lead.chat().waitForCard(red)
    await desk.clock.forward(30 * minute)
    const told = (who: Persona) =>
      who
        .chat()
        .messages()
        .filter((each) => red.test(each.text()))
    expect(told(csm)).toHaveLength(1)
    expect(told(lead)).toHaveLength(1)

    await card.press('health.review')
    const form = await csm.dialog()
    await form.waitFor(/점검 마치기/)
    expect(form.value('sponsor')).toContain('강도현')
    await form.fill({ action_taken: '경영진 면담' })
    await form.trySubmit()
    if (!form.closed) await form.close()
    await desk.settled()
    const [review] = await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5)
    expect(review).toMatchObject({
      kind: 'review',
      status: 'closed',
      closedBy: 'bae-soyul',
      sponsor: 'kang-dohyun',
    })
    // Everybody's message says that its cause is gone; nothing is left to press.
    await told(lead)[0]!.waitFor(/알릴 이유가 없어졌습니다/)
    expect([...told(csm), ...told(lead)].flatMap((each) => each.live())).not.toContain('health.review')
  })

  it('the card shows score, weights and age; signals are typed in and count at once', async () => {
    const after = csm.chat().mark()
    await csm.say('헬스 새벽푸드')
    const card = await csm.chat().waitForCard(/등급 변화/, { after })
    expect(card.text()).toMatch(/제품 활용[\s\S]*20[\s\S]*30%/)
    expect(card.text()).toMatch(/경영진 면담/)
    await card.press('health.signal')
    const form = await csm.dialog()
    await form.fill({ adoption: '90', support: '88', relationship: '90', sentiment: '80' })
    await form.trySubmit()
    if (!form.closed) await form.close()
    await desk.settled()
    expect(await desk.app.store.healthOf('ondam', 'saebyeok')).toMatchObject({ grade: 'healthy' })
    expect((await desk.app.store.signalsOf('ondam', 'saebyeok', 1))[0]).toMatchObject({
      by: 'bae-soyul',
      door: 'teams',
    })
  })

  it('in English, at the other company: the list, the red account first, and its card', async () => {
    const hannah = desk.teams.as('Hannah Sato')
    const after = hannah.chat().mark()
    await hannah.say('health')
    const list = await hannah.chat().waitForCard(/Lowest scores first/, { after })
    expect(list.text()).toMatch(/Tamarack County[\s\S]*Fenwick Labs[\s\S]*Orchard Mutual/)
    expect(list.text()).toMatch(/target 70%/)
    await list.press('health.open', { near: /Tamarack/ })
    const card = await hannah.dialog()
    await card.waitFor(/Changes of grade/)
    expect(card.text()).toMatch(/Critical/)
    expect(card.text()).toMatch(/Proposed executive sponsor: Maya Ellison/)
    expect(card.text()).not.toMatch(/[가-힣]/)
  })
})
