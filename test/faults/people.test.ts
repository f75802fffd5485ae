import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/ports.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'
import type { Card } from '../support/slack-screen.ts'

// Reliability B5, people and authority: each case over signed HTTP, from the click to the card.

const hour = 3_600_000
const day = 24 * hour

describe('people and authority', () => {
  let desk: Product
  let seoyeon: Persona
  let manager: Persona
  let vp: Persona
  let ceo: Persona
  let ops: Persona

  beforeEach(async () => {
    desk = await product()
    seoyeon = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
    vp = desk.slack.as('U0HAEUN')
    ceo = desk.slack.as('U0DOHYUN')
    ops = desk.slack.as('U0EUNBI')
  })
  afterEach(() => desk.stop())

  /** Asks with the form; the deal's open request. */
  async function ask(who: Persona, deal: string, percent: number, more: Record<string, string> = {}) {
    await who.command('/approve-discount', `${deal} ${percent}%`)
    const form = await who.modal()
    await form.fill({ reason: `사유 ${deal} ${percent}`, ...more })
    await form.submit()
    await desk.settled()
    const request = await desk.app.store.openDiscount('ondam', deal)
    if (!request) throw new Error(`no open request for ${deal}`)
    return request
  }
  const now = async (id: string) => (await desk.app.store.discount('ondam', id))!
  const audit = (id: string): Promise<AuditEntry[]> =>
    desk.app.store.auditOf('ondam', { noun: 'discount', id }, 100)
  const decisions = async (id: string) =>
    (await now(id)).steps.flatMap((step) => step.decisions).map((decision) => decision.by)
  const facts = async (id: string, what: string) => (await audit(id)).filter((entry) => entry.what === what)

  /** The drawing that a button of this card stands on, as anybody could read it from the wire. */
  function drawingOf(card: Card, action: string): string {
    const value = card
      .elements()
      .find(({ element }) => (element as { action_id?: string }).action_id === action)?.element as
      | { value?: string }
      | undefined
    if (!value?.value) throw new Error(`no ${action} on ${card.text()}`)
    return value.value
  }
  /** Presses a button that is not on this person's screen: a forged payload, or a phone that shows an old card. */
  async function press(who: Persona, action: string, drawing: string): Promise<void> {
    await who.command('/dealdesk', 'help')
    const help = await who.ephemeral(/approve-discount/)
    const forged = who.forging((payload) => ({
      ...payload,
      actions: [{ ...(payload as { actions: object[] }).actions[0], action_id: action, value: drawing }],
    }))
    await forged.message(help).tryClick('person.settings')
  }

  it('B5.1 a double click on Approve is one decision, and the second click hears that it was theirs', async () => {
    const request = await ask(seoyeon, 'D-1042', 22)
    const card = await manager.dm().waitForMessage(/사유 D-1042 22/)
    await Promise.all([card.tryClick('discount.approve'), card.tryClick('discount.approve')])
    await manager.ephemeral(/이미 .*승인하셨습니다/)
    await desk.settled()
    expect(await decisions(request.id)).toEqual(['park-junho'])
    expect(await facts(request.id, 'discount.step-approved')).toHaveLength(1)
    // Who has decided may still ask.
    expect(card.actions()).toEqual(['discount.ask'])
  })

  it('B5.2 two people who may both decide press at once: one wins, the other sees the settled state', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const first = await manager.dm().waitForMessage(/사유 D-1042 15/)
    // After 48 working hours the manager's manager may decide as well.
    await desk.clock.set('2026-11-25T10:05:00+09:00')
    const second = await vp.dm().waitForMessage(/사유 D-1042 15/)
    await Promise.all([first.tryClick('discount.approve'), second.tryClick('discount.approve')])
    await desk.settled()
    expect(await decisions(request.id)).toHaveLength(1)
    expect((await now(request.id)).status).toBe('approved')
    expect(await facts(request.id, 'discount.refused')).toHaveLength(1)
    for (const card of [first, second]) expect(card.buttons()).toEqual([])
  })

  it('B5.3 Approve and Reject at the same instant: exactly one counts, and the audit has both attempts', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    await card.click('discount.reject')
    const form = await manager.modal()
    await form.fill({ reason: '근거가 부족합니다' })
    await Promise.all([form.trySubmit(), card.tryClick('discount.approve')])
    await desk.settled()
    const settled = await now(request.id)
    expect(['approved', 'rejected']).toContain(settled.status)
    expect(await decisions(request.id)).toHaveLength(1)
    const attempts = (await audit(request.id)).filter((entry) => entry.by === 'park-junho')
    expect(attempts.map((entry) => entry.what)).toContain('discount.refused')
    expect(attempts.some((entry) => /rejected|step-approved|approved/.test(entry.what))).toBe(true)
  })

  it('B5.4 nobody approves their own request: the manager who asks is routed to the VP, and forging their own click changes nothing', async () => {
    const request = await ask(manager, 'D-1042', 15)
    expect(request.steps.map((step) => step.people)).toEqual([['yoon-haeun']])
    const theirs = await vp.dm().waitForMessage(/사유 D-1042 15/)
    // The manager presses the very button that only the VP was given.
    await press(manager, 'discount.approve', drawingOf(theirs, 'discount.approve'))
    await manager.ephemeral(/본인|자신/)
    expect(await decisions(request.id)).toEqual([])
    expect(await facts(request.id, 'discount.refused')).toMatchObject([
      { by: 'park-junho', detail: { code: 'own-request' } },
    ])
  })

  it('B5.4 nobody approves their own request through a delegation either', async () => {
    const request = await ask(manager, 'D-1042', 15)
    await vp.command('/dealdesk', 'away')
    await (await vp.ephemeral(/부재/)).click('person.away')
    const form = await vp.modal()
    await form.fill({ away_from: '2026-11-23', away_until: '2026-11-27', delegate: '박준호' })
    await form.submit()
    await desk.settled()
    const theirs = await vp.dm().waitForMessage(/사유 D-1042 15/)
    await press(manager, 'discount.approve', drawingOf(theirs, 'discount.approve'))
    await manager.ephemeral(/본인|자신/)
    expect(await decisions(request.id)).toEqual([])
  })

  it('B5.5 the same person never decides two rungs: the manager who stands in for the VP is refused the second', async () => {
    const request = await ask(seoyeon, 'D-1042', 22)
    await (await manager.dm().waitForMessage(/사유 D-1042 22/)).click('discount.approve')
    await desk.settled()
    await vp.command('/dealdesk', 'away')
    await (await vp.ephemeral(/부재/)).click('person.away')
    const form = await vp.modal()
    await form.fill({ away_from: '2026-11-23', away_until: '2026-11-27', delegate: '박준호' })
    await form.submit()
    await desk.settled()
    const theirs = await vp.dm().waitForMessage(/사유 D-1042 22/)
    await press(manager, 'discount.approve', drawingOf(theirs, 'discount.approve'))
    await manager.ephemeral(/이미|앞선|다른 단계/)
    expect(await decisions(request.id)).toEqual(['park-junho'])
  })

  it('B5.6 the requester withdraws while the approver looks: the late click hears so and sees the card as it is', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    const mine = await seoyeon.dm().waitForMessage(/내 할인 요청/)
    await mine.click('discount.withdraw')
    await (await seoyeon.modal()).submit()
    const stale = await card.tryClick('discount.approve')
    expect(stale.ok || stale.error !== undefined).toBe(true)
    await desk.settled()
    expect((await now(request.id)).status).toBe('withdrawn')
    expect(await decisions(request.id)).toEqual([])
    expect(card.buttons()).toEqual([])
    expect(card.text()).toMatch(/취소/)
  })

  it('B5.6 a click on a drawing that has moved on is refused, though the person could decide', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    const drawing = drawingOf(card, 'discount.approve')
    await card.click('discount.ask')
    const form = await manager.modal()
    await form.fill({ question: '왜 15%인가요?' })
    await form.submit()
    await desk.settled()
    expect(drawingOf(card, 'discount.approve')).not.toBe(drawing)
    await press(manager, 'discount.approve', drawing)
    await manager.ephemeral(/요청이 바뀌어/)
    expect(await decisions(request.id)).toEqual([])
  })

  it('B5.7 a role lost after the card was sent is a click refused', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    const drawing = drawingOf(card, 'discount.approve')
    await importPeople('id,name,roles,manager,team\npark-junho,박준호,ae,yoon-haeun,enterprise\n')
    await press(manager, 'discount.approve', drawing)
    await manager.ephemeral(/권한|차례|순서/)
    expect(await decisions(request.id)).toEqual([])
  })

  it('B5.8 an approver who left is asked nothing more: the request goes to the next one up', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    await manager.dm().waitForMessage(/사유 D-1042 15/)
    await ops.deactivate('U0JUNHO')
    await desk.slack.settled()
    await desk.clock.forward(60_000)
    const moved = await now(request.id)
    expect(moved.steps.filter((step) => step.state === 'open').flatMap((step) => step.people)).toEqual([
      'yoon-haeun',
    ])
    await (await vp.dm().waitForMessage(/사유 D-1042 15/)).click('discount.approve')
    await desk.settled()
    expect((await now(request.id)).status).toBe('approved')
  })

  it('B5.8 an approver who lost the role by an import is asked nothing more either', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    await importPeople('id,name,roles,manager,team\npark-junho,박준호,se,yoon-haeun,enterprise\n')
    await desk.clock.forward(60_000)
    const open = (await now(request.id)).steps.filter((step) => step.state === 'open')
    expect(open.flatMap((step) => step.people)).toEqual(['yoon-haeun'])
  })

  it('B5.9 a requester who left leaves the request decidable, with a notice on the card', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    await ops.deactivate('U0SEOYEON')
    await desk.slack.settled()
    await desk.clock.forward(60_000)
    expect((await now(request.id)).notices).toMatchObject([{ code: 'requester-left' }])
    await card.click('discount.approve')
    await desk.settled()
    expect((await now(request.id)).status).toBe('approved')
  })

  it('B5.10 a guest or a stranger from another workspace is refused and never linked by e-mail or name', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    await ops.welcome({ id: 'U0GUEST', realName: '박준호', email: 'guest@elsewhere.example', isGuest: true })
    await ops.welcome({ id: 'U0ALIEN', realName: '박준호', email: 'junho@ondam.example', isStranger: true })
    for (const id of ['U0GUEST', 'U0ALIEN']) {
      const outsider = desk.slack.as(id)
      await outsider.tryCommand('/approvals')
      await outsider.message(card).tryClick('discount.approve')
      await desk.settled()
      expect(await desk.app.store.whoIs('slack', 'T0DEALDESK', id)).not.toHaveProperty('person')
    }
    expect(await decisions(request.id)).toEqual([])
  })

  it('B5.10 a full member is linked once, by the e-mail address of their own profile, and the link is audited', async () => {
    await importPeople(
      'id,name,email,roles,manager,team\nnew-ae,신입 AE,newbie@ondam.example,ae,park-junho,enterprise\n',
    )
    await ops.welcome({ id: 'U0NEWBIE', realName: 'Somebody Else', email: 'Newbie@Ondam.example' })
    const newbie = desk.slack.as('U0NEWBIE')
    await newbie.command('/dealdesk', 'link')
    await newbie.ephemeral(/신입 AE/)
    expect(await desk.app.store.whoIs('slack', 'T0DEALDESK', 'U0NEWBIE')).toMatchObject({ person: 'new-ae' })
    expect(await desk.app.store.auditOf('ondam', { noun: 'person', id: 'new-ae' }, 10)).toContainEqual(
      expect.objectContaining({
        what: 'person.linked',
        detail: expect.objectContaining({ user: 'U0NEWBIE' }),
      }),
    )
  })

  it('B5.12 there is no privileged path: who may not press the button may not decide by any other gesture', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    const peer = desk.slack.as('U0MINJAE')
    const drawing = drawingOf(card, 'discount.approve')
    for (const action of ['approve', 'reject', 'counter', 'ask', 'withdraw', 'reassign', 'open'])
      await press(peer, `discount.${action}`, drawing)
    await desk.settled()
    expect(peer.modals()).toEqual([])
    expect((await now(request.id)).status).toBe('pending')
    expect(await decisions(request.id)).toEqual([])
  })

  it('B5.13 administration by somebody who is no administrator is refused in private, and audited', async () => {
    await seoyeon.command('/dealdesk', 'admin', '전체공지')
    await seoyeon.ephemeral(/관리|권한/)
    expect(desk.slack.as('U0JUNHO').channel('전체공지').messages()).toEqual([])
    expect(await desk.app.store.auditOf('ondam', { noun: 'company', id: 'ondam' }, 5)).toContainEqual(
      expect.objectContaining({ what: 'company.refused', by: 'kim-seoyeon' }),
    )
    await ops.command('/dealdesk', 'admin')
    await ops.ephemeral(/온담소프트/)
  })

  it('B5.14 a circle of delegates is refused when it would close', async () => {
    const away = async (who: Persona, delegate: string) => {
      await who.command('/dealdesk', 'away')
      await (await who.ephemeral(/부재/)).click('person.away')
      const form = await who.modal()
      await form.fill({ away_from: '2026-11-23', away_until: '2026-11-27', delegate })
      return form
    }
    await (await away(manager, '한지원')).submit()
    await desk.settled()
    const form = await away(desk.slack.as('U0JIWON'), '박준호')
    expect(await form.trySubmit()).toMatchObject({
      ok: false,
      errors: { delegate: expect.stringMatching(/대결|위임|돌아/) },
    })
  })

  it('B5.15 a policy changed between request and decision changes nothing for the request, and the card says which', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    await ops.command('/dealdesk', 'policy')
    await (await ops.ephemeral(/v1|버전 1/)).click('policy.edit')
    const form = await ops.modal()
    await form.fill({ up_to_1: '5', up_to_2: '12' })
    await form.submit()
    await desk.settled()
    expect((await desk.app.store.policy('ondam')).version).toBe(2)
    expect(card.text()).toMatch(/v1/)
    await card.click('discount.approve')
    await desk.settled()
    expect((await now(request.id)).status).toBe('approved')
    expect((await now(request.id)).policyVersion).toBe(1)
  })

  it.each([
    ['10', [], 'within the own authority'],
    ['10.01', ['park-junho'], 'over it by a hundredth'],
    ['20', ['park-junho'], 'the manager alone'],
    ['20.01', ['park-junho', 'yoon-haeun'], 'the VP as well'],
  ])('B5.16 %s %% needs %j: %s', async (percent, approvers) => {
    await seoyeon.command('/approve-discount', `D-1042 ${percent}`)
    const form = await seoyeon.modal()
    await form.fill({ reason: '경계값' })
    await form.submit()
    await desk.settled()
    const [request] = await desk.app.store.discountsOfDeal('ondam', 'D-1042', 1)
    expect(request?.steps.flatMap((step) => step.people)).toEqual(approvers)
    expect(request?.status).toBe(approvers.length === 0 ? 'approved' : 'pending')
  })

  it('B5.16 9.999 % is no discount: said at the field, and what was typed stays', async () => {
    await seoyeon.command('/approve-discount', 'D-1042')
    const form = await seoyeon.modal()
    await form.fill({ discount: '9.999', reason: '반올림하지 마세요' })
    expect(await form.trySubmit()).toMatchObject({
      ok: false,
      errors: { discount: expect.stringMatching(/소수|퍼센트|%/) },
    })
    expect(form.value('reason')).toBe('반올림하지 마세요')
  })

  it('B5.17 an approval after the expiry is refused, even before the sweep has come by', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    await desk.clock.jump(14 * day + hour)
    await card.tryClick('discount.approve')
    await manager.ephemeral(/만료|기한/)
    expect(await decisions(request.id)).toEqual([])
    await desk.clock.forward(0)
    expect((await now(request.id)).status).toBe('expired')
    expect(card.buttons()).toEqual([])
  })

  it('B5.17 an approval on a deal that was lost meanwhile is refused with the reason', async () => {
    const request = await ask(seoyeon, 'D-1042', 15)
    const card = await manager.dm().waitForMessage(/사유 D-1042 15/)
    const drawing = drawingOf(card, 'discount.approve')
    await importDeals(
      'id,name,stage,loss_reason,loss_reason_detail,competitor\nD-1042,한누리반도체 이천 2공장 MES,CL,price,budget cut,팩토리온\n',
    )
    await press(manager, 'discount.approve', drawing)
    await manager.ephemeral(/무효|종료/)
    await desk.settled()
    expect(await decisions(request.id)).toEqual([])
    expect((await now(request.id)).status).toBe('voided')
    expect(card.buttons()).toEqual([])
    expect(await ceo.dm().messages()).toEqual([])
  })

  const importPeople = (csv: string) => desk.importFile('people.csv', csv)
  const importDeals = (csv: string) => desk.importFile('opportunities.csv', csv)
})
