import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { Scene } from './scene.ts'

// Two companies on one server at the same time: one Korean, one English, neither ever reads of the other (P5).

describe.each(engines)('two companies at the same time, on %s', (engine) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open({ engine })
  })
  afterAll(() => scene?.desk.stop())
  const abroad = (user: string) => scene.desk.slack.as(user, 'T0LARKFIELD')
  const everything = (workspace: string) =>
    JSON.stringify(
      Object.values(scene.desk.slack.core.world.workspaces[workspace]!.channels).map(
        ({ messages }) => messages,
      ),
    ) + JSON.stringify(scene.desk.slack.core.world.workspaces[workspace]!.homes)

  it('B5.84 each asks, decides and opens its Home, and no word of one is in the other’s workspace', async () => {
    const deal = await scene.deal()
    const noah = abroad('U0NOAH')
    const askAbroad = async () => {
      await noah.command('/approve-discount', 'L-311 32')
      const form = await noah.modal()
      await form.fill({ reason: 'Clarivo undercuts us', justification: 'Three-year term' })
      await form.submit()
    }
    const [request] = await Promise.all([scene.ask(deal, 32), askAbroad()])
    const approveAbroad = async (user: string) => {
      const card = await abroad(user)
        .dm()
        .waitForMessage(/Orchard Mutual/)
      await card.click('discount.approve')
      await scene.desk.settled()
    }
    for (const [here, there] of [
      ['manager', 'U0INES'],
      ['vp', 'U0VICTOR'],
      ['ceo', 'U0MAYA'],
    ] as const)
      await Promise.all([scene.press(here, deal, 'discount.approve'), approveAbroad(there)])
    await Promise.all([scene.as('seoyeon').home(), noah.home()])
    await scene.desk.settled()

    expect((await scene.now(request)).status).toBe('approved')
    const [other] = await scene.desk.app.store.discountsOfDeal('larkfield', 'L-311', 1)
    expect(other?.status).toBe('approved')
    const [ondam, larkfield] = [everything('T0DEALDESK'), everything('T0LARKFIELD')]
    expect(ondam).toContain('시험 거래')
    expect(larkfield).toContain('Orchard Mutual')
    // Korean where people read Korean, English where they read English.
    expect(larkfield).not.toMatch(/[가-힣]/)
    for (const word of ['Orchard', 'Larkfield', 'Noah', 'Clarivo', 'L-311']) expect(ondam).not.toContain(word)
    await scene.holds([request])
  })

  it('B5.84 B5.85 nobody finds, opens or decides anything of the other company', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 18)
    const brief = await scene.with('manager', deal, 'discount.approve')
    const drawing = brief.elements().find(({ element }) => element.action_id === 'discount.approve')!.element
      .value!

    const victor = abroad('U0VICTOR')
    await victor.command('/deal', deal)
    await victor.ephemeral(/matches/)
    await victor.command('/approve-discount', `${deal} 5`)
    expect(await scene.desk.app.store.discountsOfDeal('ondam', deal, 5)).toHaveLength(1)
    // The drawing of a card of the other company, pressed from here: as if it did not exist.
    await victor.command('/dealdesk', 'help')
    const help = await victor.ephemeral(/approve-discount/)
    const forged = victor.forging((payload) => ({
      ...payload,
      actions: [
        { ...(payload as { actions: object[] }).actions[0], action_id: 'discount.approve', value: drawing },
      ],
    }))
    await forged.message(help).tryClick('person.settings')
    await victor.ephemeral(/out of date/)
    expect((await scene.now(request)).version).toBe(request.version)
    await scene.holds([request])
  })
})
