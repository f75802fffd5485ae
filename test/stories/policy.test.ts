import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Drawing } from '../../src/ports.ts'
import type { Card, Modal } from '../support/slack-screen.ts'
import type { Dialog } from '../support/teams-screen.ts'
import { Scene } from './scene.ts'

// Sales Ops sets the whole discount policy where they work: the ladder, who also agrees (합의), who is copied (참조).

describe('the discount policy, set in chat', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open({ platforms: ['slack', 'teams'] })
  })
  afterAll(() => scene?.desk.stop())

  const policy = (company = 'ondam') => scene.desk.app.store.policy(company)
  const trail = (company = 'ondam') =>
    scene.desk.app.store.auditOf(company, { noun: 'company', id: company }, 100)

  /** The policy's card as Sales Ops sees it now. */
  async function shown(): Promise<Card> {
    const ops = scene.as('ops')
    const after = ops.ephemerals().at(-1)?.ts
    await ops.command('/dealdesk', 'policy')
    const now = new RegExp(`할인 정책[\\s\\S]*버전 ${(await policy()).version}`)
    return ops.ephemeral(now, after === undefined ? {} : { after })
  }
  async function press(action: string, near?: RegExp): Promise<Modal> {
    for (const left of scene.as('ops').modals()) await left.close({ all: true })
    await (await shown()).click(action, near ? { near } : {})
    return scene.as('ops').modal()
  }
  async function save(form: Modal): Promise<void> {
    await form.submit()
    await scene.desk.settled()
  }

  describe('in Slack, in Korean', () => {
    it('copies a role and a person by name, shows before saving who that is today, and says so on the card', async () => {
      const before = await policy()
      const form = await press('copy.add')
      await form.fill({ over: '15' })
      await form.fill({ roles: ['법무', '마케팅'] })
      await form.fill({ person_1: '조은비' })
      await form.waitFor(/15%를 넘으면 법무, 마케팅, 조은비에 참조로 공유합니다/)
      await form.waitFor(/지금은 3명입니다.*백지훈/)
      await save(form)

      const after = await policy()
      expect(after.version).toBe(before.version + 1)
      expect(after.discount.copies).toEqual([
        { over: 1500, group: { roles: ['legal', 'marketing'], people: ['jo-eunbi'] } },
      ])
      // The rest of the policy is as it was.
      expect({ ...after.discount, copies: [] }).toEqual(before.discount)
      const card = await scene.as('ops').ephemeral(new RegExp(`버전 ${after.version}.*저장했습니다`))
      expect(card.text()).toContain('15%를 넘으면 법무, 마케팅, 조은비에 참조로 공유합니다')
      expect((await trail()).find(({ what }) => what === 'policy.changed')).toMatchObject({
        by: 'jo-eunbi',
        platform: 'slack',
        detail: { from: before.version, to: after.version, discount: { copies: after.discount.copies } },
      })

      const deal = await scene.deal()
      await scene.ask(deal, 18)
      expect((await scene.card('legal', deal, /참조/)).buttons()).toEqual([])
      await scene.card('ops', deal, /참조/)
    })

    it('changes a copy where it stands: who is unmarked leaves, and the limit is the new one', async () => {
      const form = await press('copy.edit', /참조로 공유/)
      expect(form.value('over')).toBe('15')
      await form.fill({ over: '0', people: [], roles: ['재무'] })
      await form.waitFor(/0%를 넘으면 재무에 참조로/)
      await save(form)
      expect((await policy()).discount.copies).toEqual([{ over: 0, group: { roles: ['finance'] } }])
    })

    it('adds an agreement of two named people beside the level that decides at that size, and both are asked', async () => {
      const form = await press('agreement.add')
      await form.fill({ over: '22' })
      await form.fill({ person_1: '신동욱', person_2: '백지훈', need: 'at_least', at_least: '2' })
      await form.waitFor(
        /22%를 넘으면 영업 총괄\(VP\) 결재와 함께 신동욱, 백지훈 합의\(2명 이상\)가 필요합니다/,
      )
      await save(form)
      expect((await policy()).discount.agreements).toEqual([
        {
          over: 2200,
          beside: 'vp_sales',
          group: { people: ['shin-donguk', 'baek-jihun'] },
          need: { atLeast: 2 },
        },
      ])
      const deal = await scene.deal()
      const request = await scene.ask(deal, 25)
      await scene.press('manager', deal, 'discount.approve')
      await scene.press('vp', deal, 'discount.approve')
      await scene.press('finance', deal, 'discount.approve')
      expect((await scene.now(request)).status).toBe('pending')
      await scene.press('legal', deal, 'discount.approve')
      expect((await scene.now(request)).status).toBe('approved')
    })

    it('changes the ladder: a level comes in between, and the preview shows it before it is saved', async () => {
      const form = await press('policy.edit')
      await form.fill({
        role_3: '재무',
        up_to_3: '25',
        role_4: '영업 총괄(VP)',
        up_to_4: '35',
        role_5: 'C-level',
      })
      await form.waitFor(/저장하면[\s\S]*재무[\s\S]*20% 초과 25% 이하[\s\S]*25% 초과 35% 이하[\s\S]*35% 초과/)
      await form.fill({ exception_over: '35', entry_stage: 'S5 협상', average_target: '12.5' })
      await form.fill({ remind_after: '１２', escalate_after: '36', expire_after: '７' })
      await save(form)
      const { discount } = await policy()
      expect(discount.rungs).toEqual([
        { role: 'ae', upTo: 1000 },
        { role: 'sales_manager', upTo: 2000 },
        { role: 'finance', upTo: 2500 },
        { role: 'vp_sales', upTo: 3500 },
        { role: 'c_level', upTo: null },
      ])
      expect(discount).toMatchObject({
        exceptionOver: 3500,
        entryStage: 'S5',
        averageTarget: 1250,
        remindAfterWorkingHours: 12,
        escalateAfterWorkingHours: 36,
        expireAfterDays: 7,
      })
      // Agreements and copies are still there.
      expect(discount.agreements).toHaveLength(1)
      expect(discount.copies).toHaveLength(1)
    })

    it('refuses a ladder that does not ascend at its field, and keeps everything that was typed', async () => {
      const before = await policy()
      const form = await press('policy.edit')
      await form.fill({ average_target: '11', up_to_2: '10' })
      expect(await form.trySubmit()).toMatchObject({
        ok: false,
        errors: { up_to_2: expect.stringMatching(/10%보다 큰 값/) },
      })
      expect(form.value('average_target')).toBe('11')
      expect((await policy()).version).toBe(before.version)
    })

    it('a group with somebody who is not in the company is refused, whatever a client sends (B5.39)', async () => {
      const ops = scene.as('ops')
      const form = await press('copy.add')
      await form.fill({ over: '20', roles: ['재무'] })
      const option = { type: 'external_select', selected_option: { value: 'maya-ellison' } }
      const forged = ops.forging((payload) => {
        const { view } = payload as { view: { state: { values: Record<string, unknown> } } }
        view.state.values.person_1 = { person_1: option }
        return payload
      })
      const again = (await forged.modal()) as Modal
      expect(await again.trySubmit()).toMatchObject({
        ok: false,
        errors: { person_1: expect.stringMatching(/더 이상 없는 사람/) },
      })
      await form.close()
    })

    it('of two people who change the policy at once the second is told and loses nothing', async () => {
      const form = await press('copy.add')
      await form.fill({ over: '30', roles: ['마케팅'] })
      const before = await policy()
      await scene.desk.app.store.commit({
        company: 'ondam',
        save: [{ noun: 'policy', next: { ...before, version: before.version + 1 }, expect: before.version }],
        audit: [],
        deliveries: [],
      })
      expect(await form.trySubmit()).toMatchObject({ ok: false, errors: { over: expect.anything() } })
      expect(form.value('over')).toBe('30')
      await form.close()
    })

    it('a button of a policy that has changed since does nothing and shows the policy as it is', async () => {
      const ops = scene.as('ops')
      const old = await shown()
      const before = await policy()
      await scene.desk.app.store.commit({
        company: 'ondam',
        save: [{ noun: 'policy', next: { ...before, version: before.version + 1 }, expect: before.version }],
        audit: [],
        deliveries: [],
      })
      await old.click('copy.remove')
      await ops.ephemeral(new RegExp(`버전 ${before.version + 1}`))
      expect((await policy()).discount.copies).toHaveLength(1)
    })

    it('removes a copy and an agreement, each as a version of its own', async () => {
      const { version } = await policy()
      await (await shown()).click('copy.remove')
      await scene.desk.settled()
      await (await shown()).click('agreement.remove')
      await scene.desk.settled()
      expect(await policy()).toMatchObject({
        version: version + 2,
        discount: { copies: [], agreements: [] },
      })
    })

    it('B5.13 whoever may only read has no buttons, and a forged press or form is refused and audited', async () => {
      const seoyeon = scene.as('seoyeon')
      await seoyeon.command('/dealdesk', 'policy')
      const card = await seoyeon.ephemeral(/할인 정책/)
      expect(card.actions()).toEqual([])
      const before = await policy()
      const mine: Drawing = {
        id: 'drawing-of-nobody',
        subject: { noun: 'company', id: 'ondam' },
        version: before.version,
        shown: {},
        at: scene.desk.clock.now(),
      }
      await scene.desk.app.store.saveDrawings('ondam', [mine])
      const attempts = async () =>
        (await trail()).filter(({ what, by }) => what === 'company.refused' && by === 'kim-seoyeon').length
      const actions = ['policy.edit', 'agreement.add', 'copy.add', 'copy.remove', 'agreement.remove']
      for (const [at, action] of actions.entries()) {
        await seoyeon.command('/dealdesk', 'help')
        const help = await seoyeon.ephemeral(/approve-discount/)
        const forged = seoyeon.forging((payload) => ({
          ...payload,
          actions: [{ ...(payload as { actions: object[] }).actions[0], action_id: action, value: mine.id }],
        }))
        await forged.message(help).tryClick('person.settings')
        await vi.waitFor(async () => expect(await attempts(), action).toBe(at + 1), 8_000)
      }
      await seoyeon.noModal()
      expect((await policy()).version).toBe(before.version)
    })
  })

  describe('in Teams, in English', () => {
    const paul = () => scene.desk.teams.as('paul-okafor')
    /** Saving leaves the policy as it is then in the same window, with the buttons for the next rule. */
    async function save(form: Dialog, then: RegExp): Promise<void> {
      await form.trySubmit()
      await form.waitFor(then)
      await scene.desk.settled()
    }
    async function press(action: string): Promise<Dialog> {
      const after = paul().chat().mark()
      await paul().say('dealdesk policy')
      const card = await paul()
        .chat()
        .waitForCard(/Discount policy/, { after })
      await card.press(action)
      return paul().dialog()
    }

    it('copies a person and a role: asked in two steps, the second with who that is today', async () => {
      const before = await policy('larkfield')
      const form = await press('copy.add')
      await form.fill({ over: '20', roles: ['Finance'], person_1: 'Hannah Sato' })
      await form.continue()
      await form.waitFor(/Over 20% Finance, Hannah Sato is copied/)
      await form.waitFor(/Today that is 2 people:.*Dana Reyes/)
      await save(form, /Saved as version[\s\S]*Over 20% Finance, Hannah Sato is copied/)
      const after = await policy('larkfield')
      expect(after.version).toBe(before.version + 1)
      expect(after.discount.copies).toEqual([
        { over: 2000, group: { roles: ['finance'], people: ['hannah-sato'] } },
      ])
      expect((await trail('larkfield')).find(({ what }) => what === 'policy.changed')).toMatchObject({
        by: 'paul-okafor',
        platform: 'teams',
      })
    })

    it('adds an agreement of all of Legal beside the C-level', async () => {
      const form = await press('agreement.add')
      await form.fill({ over: '12.5', roles: ['Legal'], need: 'All', beside: 'C-level' })
      await form.continue()
      await form.waitFor(/Over 12\.5% Legal must also agree \(all\), beside C-level/)
      await save(form, /Saved as version/)
      expect((await policy('larkfield')).discount.agreements).toEqual([
        { over: 1250, beside: 'c_level', group: { roles: ['legal'] }, need: 'all' },
      ])
    })

    it('refuses an agreement that nobody could give, since it would stop every request', async () => {
      const before = await policy('larkfield')
      const form = await press('agreement.add')
      await form.fill({ over: '20', roles: ['Marketing'] })
      await form.continue()
      await form.trySubmit()
      await form.waitFor(/Nobody is in this group today, so no request over 20% could be approved/)
      expect((await policy('larkfield')).version).toBe(before.version)
      await form.close()
    })

    it('refuses a ladder that does not ascend at its field, with what was typed still there', async () => {
      const before = await policy('larkfield')
      const form = await press('policy.edit')
      await form.fill({ up_to_2: '8', average_target: '14' })
      await form.trySubmit()
      await form.waitFor(/The levels ascend: this must be over 10%/)
      expect(form.value('up_to_2')).toBe('8')
      expect(form.value('average_target')).toBe('14')
      expect((await policy('larkfield')).version).toBe(before.version)
      await form.fill({ up_to_2: '18' })
      await save(form, /Saved as version[\s\S]*up to 18%/)
      expect((await policy('larkfield')).discount.rungs[1]).toEqual({ role: 'sales_manager', upTo: 1800 })
    })

    it('removes a copy from the card', async () => {
      const after = paul().chat().mark()
      await paul().say('dealdesk policy')
      const card = await paul()
        .chat()
        .waitForCard(/Discount policy/, { after })
      await card.press('copy.remove')
      await scene.desk.settled()
      expect((await policy('larkfield')).discount.copies).toEqual([])
    })
  })
})
