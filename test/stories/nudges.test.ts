import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { climbNudges } from '../../schedules/nudge-climb.ts'
import { runNudges } from '../../schedules/nudge-run.ts'
import { Causes, cause, stalled } from '../support/causes.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

const held = vi.hoisted(() => ({ rules: {} as Record<string, unknown> }))
vi.mock('../../handlers/nudge-rules.ts', () => ({ nudgeRules: held.rules }))

const causes = new Causes(['stalled', 'meddicc-gap', 'health-red'])
Object.assign(held.rules, causes.rules)

// The engine with causes that a test puts there, in the whole product: what people see and press on the local Slack.

describe('nudges', () => {
  let desk: Product
  let seoyeon: Persona
  let manager: Persona

  beforeEach(async () => {
    causes.set()
    desk = await product()
    seoyeon = desk.slack.as('U0SEOYEON')
    manager = desk.slack.as('U0JUNHO')
  })
  afterEach(() => desk.stop())

  const slot = () => ({
    store: desk.app.store,
    now: desk.clock.now(),
    company: 'ondam',
    slot: '2026-11-23',
    dryRun: false,
  })
  const run = async () => {
    const lines = await runNudges(slot(), ['stalled', 'meddicc-gap', 'health-red'])
    await desk.settled()
    return lines
  }
  const climb = async () => {
    const lines = await climbNudges(slot())
    await desk.settled()
    return lines
  }
  const told = (who: Persona) =>
    who
      .dm()
      .messages()
      .filter((card) => card.actions().some((action) => action.startsWith('nudge.')))
  const hour = 3_600_000

  it('several are one message: what, why, and what to do; the second run tells nothing again', async () => {
    causes.set(
      cause('D-1042'),
      cause('D-1051', { weight: 50 }),
      cause('D-1042', {
        kind: 'meddicc-gap',
        weight: 70,
        because: { kind: 'meddicc-gap', stage: 'S4', fields: ['economic_buyer'] },
      }),
    )
    expect(await run()).toHaveLength(3)
    expect(await run()).toEqual([])
    expect(told(seoyeon)).toHaveLength(1)
    const card = told(seoyeon)[0]!
    expect(card.text()).toMatch(
      /확인할 일 3건[\s\S]*이천[\s\S]*34일째 단계 변화 없음[\s\S]*이천[\s\S]*누락[\s\S]*대륭/,
    )
    expect(card.summary()).toMatch(/이천.*34일째 단계 변화 없음.*3건/)
    expect(card.actions().slice(0, 4)).toEqual(['deal.open', 'nudge.done', 'nudge.mute', 'nudge.snooze'])
  })

  it('in the team’s channel the owner is named and no amount is said; the manager hears in a DM', async () => {
    causes.set(cause('D-1042', { channelOf: 'enterprise', alsoTell: ['park-junho'] }))
    await run()
    const card = await manager.channel('C0ENTERPRISE').waitForMessage(/34일째 단계 변화 없음/)
    expect(card.text()).toMatch(/담당 @?김서연님/)
    expect(card.live()).toEqual(['@U0SEOYEON'])
    expect(card.text()).not.toMatch(/₩|억/)
    expect(told(seoyeon)).toEqual([])
    expect(told(manager)[0]!.text()).toMatch(/참고: 김서연님에게 알렸습니다/)
  })

  it('snoozed in place, undone in place, and the manager sees it too', async () => {
    causes.set(cause('D-1042', { alsoTell: ['park-junho'] }))
    await run()
    const [card, copy] = [told(seoyeon)[0]!, told(manager)[0]!]
    await card.choose('nudge.snooze', '3')
    await card.waitFor(/김서연님이 11월 26일 10:00까지 미룸/)
    await copy.waitFor(/김서연님이 11월 26일 10:00까지 미룸/)
    expect(card.actions()).toEqual(['nudge.undo'])
    await copy.click('nudge.undo')
    await desk.settled()
    expect(card.text()).not.toMatch(/미룸/)
    expect(card.actions()).toContain('nudge.snooze')
  })

  it('snooze is law: no run and no new cycle tells it before its time, then it comes back once', async () => {
    causes.set(cause('D-1042'))
    await run()
    await told(seoyeon)[0]!.choose('nudge.snooze', '1')
    await desk.settled()
    causes.set(cause('D-1042', { cycle: 'another' }))
    expect(await run()).toEqual([])
    desk.clock.jump(23 * hour)
    expect(await run()).toEqual([])
    expect(await climb()).toEqual([])
    desk.clock.jump(1 * hour)
    expect(await climb()).toHaveLength(1)
    expect(await climb()).toEqual([])
    expect(told(seoyeon)).toHaveLength(2)
    expect(told(seoyeon)[1]!.text()).toMatch(/미뤄 둔 때가 되어 다시 알려 드립니다/)
  })

  it('muted with a reason it is never told again, until it is taken back', async () => {
    causes.set(cause('D-1042'))
    await run()
    const card = told(seoyeon)[0]!
    await card.click('nudge.mute')
    const form = await seoyeon.modal(/알림 끄기/)
    expect(await form.trySubmit()).toMatchObject({ ok: false, errors: { reason: expect.any(String) } })
    await form.fill({ reason: '고객이 1월까지 검토' })
    await form.submit()
    await card.waitFor(/김서연님이 끔: 고객이 1월까지 검토/)
    causes.set(cause('D-1042', { cycle: 'another' }))
    expect(await run()).toEqual([])
    await seoyeon.command('/nudges', '끈')
    const list = await seoyeon.ephemeral(/끔 \(1\)/)
    await list.click('nudge.undo')
    await desk.settled()
    expect(card.actions()).toContain('nudge.done')
  })

  it('a kind muted for oneself says nothing more of that kind, and the rest goes on', async () => {
    causes.set(cause('D-1042'), cause('D-1042', { kind: 'meddicc-gap' }))
    await run()
    await told(seoyeon)[0]!.click('nudge.mute', { near: /이천/ })
    const form = await seoyeon.modal(/알림 끄기/)
    await form.fill({ scope: 'kind', reason: '이미 보고 있음' })
    await form.submit()
    await desk.settled()
    causes.set(cause('D-1051'), cause('D-1051', { kind: 'meddicc-gap' }))
    const lines = await run()
    expect(lines.map(({ what }) => what.split(':')[0])).toEqual(['stalled'])
  })

  it('opening what it proposes takes it up: it says so, and it does not climb', async () => {
    causes.set(cause('D-1042'))
    await run()
    const card = told(seoyeon)[0]!
    await card.click('deal.open')
    await seoyeon.ephemeral(/이천/)
    await card.waitFor(/김서연님이 처리 중/)
    desk.clock.jump(200 * hour)
    expect(await climb()).toEqual([])
    const [nudge] = (await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)).nudges
    const audit = await desk.app.store.auditOf('ondam', { noun: 'nudge', id: nudge!.id }, 5)
    expect(audit).toMatchObject([{ what: 'nudge.acted', by: 'kim-seoyeon' }])
  })

  it('done is done for this cycle; the next one may tell it again', async () => {
    causes.set(cause('D-1042'))
    await run()
    await told(seoyeon)[0]!.click('nudge.done')
    await told(seoyeon)[0]!.waitFor(/김서연님이 완료/)
    expect(await run()).toEqual([])
    causes.set(cause('D-1042', { cycle: 'another' }))
    expect(await run()).toHaveLength(1)
  })

  it('nobody answers: the manager hears after two working days, VP Sales after two more, each once', async () => {
    causes.set(cause('D-1042', { because: stalled(64) }))
    await run()
    desk.clock.jump(47 * hour)
    expect(await climb()).toEqual([])
    desk.clock.jump(1 * hour)
    expect((await climb()).map(({ to }) => to)).toEqual([['park-junho']])
    expect(await climb()).toEqual([])
    expect(told(manager)[0]!.text()).toMatch(/김서연님이 11월 23일 10:00부터 답하지 않았습니다/)
    desk.clock.jump(48 * hour)
    expect((await climb()).map(({ to }) => to)).toEqual([['yoon-haeun']])
    desk.clock.jump(480 * hour)
    expect(await climb()).toEqual([])
    expect(told(desk.slack.as('U0HAEUN'))).toHaveLength(1)
    await told(manager)[0]!.click('nudge.done')
    await told(seoyeon)[0]!.waitFor(/박준호님이 완료/)
  })

  it('its cause is gone: the message says so where it stands, and nobody is told any more', async () => {
    causes.set(cause('D-1042'), cause('D-1051'))
    await run()
    causes.set(cause('D-1051'))
    await run()
    const card = told(seoyeon)[0]!
    await card.waitFor(/정리됨: 알릴 이유가 없어졌습니다/)
    expect(card.actions()).toEqual(['deal.open', 'nudge.done', 'nudge.mute', 'nudge.snooze'])
    desk.clock.jump(48 * hour)
    expect((await climb()).map(({ subject }) => subject)).toEqual(['deal D-1051'])
  })

  it('what lost its cause on the way is not told', async () => {
    await desk.clock.set('2026-11-21T12:00:00+09:00')
    causes.set(cause('D-1042'))
    expect(await run()).toHaveLength(1)
    expect(told(seoyeon)).toEqual([])
    causes.set()
    await desk.clock.set('2026-11-23T09:30:00+09:00')
    expect(told(seoyeon)).toEqual([])
  })

  it('B5.80 found on a Saturday it is told on Monday morning', async () => {
    await desk.clock.set('2026-11-21T12:00:00+09:00')
    causes.set(cause('D-1042'))
    await run()
    await desk.clock.set('2026-11-23T08:59:00+09:00')
    expect(told(seoyeon)).toEqual([])
    await desk.clock.set('2026-11-23T09:00:00+09:00')
    expect(told(seoyeon)).toHaveLength(1)
  })

  it('five a day and no more, the heaviest first; urgent ones beside them; the rest on the days after', async () => {
    const deals = ['D-1042', 'D-1051', 'D-1058', 'D-1063', 'D-1070', 'D-1074', 'D-1044']
    causes.set(
      ...deals.map((deal, i) => cause(deal, { weight: i })),
      cause('hannuri', {
        kind: 'health-red',
        subject: { noun: 'account', id: 'hannuri' },
        urgent: true,
        because: { kind: 'health-red', score: 412, since: '2026-11-23' },
      }),
    )
    const first = await run()
    expect(first.map(({ subject }) => subject)).toEqual([
      'account hannuri',
      'deal D-1044',
      'deal D-1074',
      'deal D-1070',
      'deal D-1063',
      'deal D-1058',
    ])
    expect(told(seoyeon)[0]!.text()).toMatch(/확인할 일 6건[\s\S]*… 1건 더: \/nudges/)
    expect(await run()).toEqual([])
    desk.clock.jump(24 * hour)
    expect((await run()).map(({ subject }) => subject)).toEqual(['deal D-1051', 'deal D-1042'])
  })

  describe('who may press in a channel', () => {
    const inChannel = async () => {
      causes.set(cause('D-1042', { channelOf: 'enterprise' }))
      await run()
      return (who: Persona) => who.channel('C0ENTERPRISE').waitForMessage(/34일째 단계 변화 없음/)
    }

    it('a colleague who does not own it is refused in private, and it is in the audit', async () => {
      const seen = await inChannel()
      const colleague = desk.slack.as('U0MINJAE')
      await (await seen(colleague)).click('nudge.done')
      await colleague.ephemeral(/./)
      await desk.settled()
      const [nudge] = (await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)).nudges
      expect(nudge?.answered).toBeUndefined()
      const audit = await desk.app.store.auditOf('ondam', { noun: 'nudge', id: nudge!.id }, 5)
      expect(audit).toMatchObject([{ what: 'nudge.refused', detail: { why: 'not-allowed', wanted: 'done' } }])
      await (await seen(colleague)).click('nudge.mute')
      await colleague.ephemeral(/./)
      expect((await seen(colleague)).text()).not.toMatch(/끔/)
    })

    it('a colleague may look at the deal, which takes nothing up', async () => {
      const seen = await inChannel()
      const colleague = desk.slack.as('U0MINJAE')
      await (await seen(colleague)).click('deal.open')
      await colleague.ephemeral(/이천/)
      await desk.settled()
      expect((await seen(colleague)).text()).not.toMatch(/처리 중/)
    })

    it('the owner and the manager may', async () => {
      const seen = await inChannel()
      await (await seen(seoyeon)).choose('nudge.snooze', '1')
      await (await seen(manager)).waitFor(/김서연님이 .*까지 미룸/)
      await (await seen(manager)).click('nudge.undo')
      await desk.settled()
      expect((await seen(seoyeon)).actions()).toContain('nudge.done')
    })
  })

  it('B5.2 two answers at once: one counts, the other hears that it has moved on', async () => {
    causes.set(cause('D-1042', { alsoTell: ['park-junho'] }))
    await run()
    await Promise.all([told(seoyeon)[0]!.click('nudge.done'), told(manager)[0]!.choose('nudge.snooze', '7')])
    await desk.settled()
    const { total } = await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)
    expect(total).toBe(0)
    expect(told(seoyeon)[0]!.actions()).toEqual(['nudge.undo'])
  })

  it('/nudges: what is open with the same buttons, narrowed, answered in place; empty where nothing is', async () => {
    await seoyeon.command('/nudges')
    await seoyeon.ephemeral(/열린 알림이 없어요/)
    causes.set(cause('D-1042'), cause('D-1051'), cause('D-1058', { kind: 'meddicc-gap' }))
    await run()
    await seoyeon.command('/nudges')
    const list = await seoyeon.ephemeral(/열림 \(3\)/)
    await list.choose('nudge.filter', 'MEDDICC 누락')
    const narrowed = await seoyeon.ephemeral(/열림 \(1\)/)
    await narrowed.click('nudge.done')
    await seoyeon.ephemeral(/김서연님이 완료/)
    await desk.settled()
    expect(told(seoyeon)[0]!.text()).toMatch(/김서연님이 완료/)
  })

  it('preferences: kinds, hours, place; a wrong time is said at its field', async () => {
    await seoyeon.command('/nudges', '설정')
    const form = await seoyeon.modal(/알림 설정/)
    await form.fill({ off: ['meddicc-gap'], from: '25:00', until: '15:00', place: 'dm' })
    expect(await form.trySubmit()).toMatchObject({ ok: false, errors: { from: expect.any(String) } })
    await form.fill({ from: '13:00' })
    await form.submit()
    await desk.settled()
    causes.set(cause('D-1042', { channelOf: 'enterprise' }), cause('D-1051', { kind: 'meddicc-gap' }))
    expect((await run()).map(({ subject }) => subject)).toEqual(['deal D-1042'])
    expect(told(seoyeon)).toEqual([])
    await desk.clock.set('2026-11-23T13:00:00+09:00')
    expect(told(seoyeon)).toHaveLength(1)
    expect(told(seoyeon)[0]!.text()).not.toMatch(/담당/)
  })

  it('one message a day: what is found through the day comes together the next morning, urgent ones at once', async () => {
    await seoyeon.command('/nudges', '설정')
    const form = await seoyeon.modal(/알림 설정/)
    await form.fill({ pace: 'daily' })
    await form.submit()
    await desk.settled()
    causes.set(cause('D-1042'))
    await run()
    causes.set(cause('D-1042'), cause('D-1051'), cause('D-1058', { kind: 'meddicc-gap', urgent: true }))
    await run()
    expect(told(seoyeon)).toHaveLength(1)
    expect(told(seoyeon)[0]!.text()).not.toMatch(/확인할 일/)
    await desk.clock.set('2026-11-24T09:00:00+09:00')
    expect(told(seoyeon)).toHaveLength(2)
    expect(told(seoyeon)[1]!.text()).toMatch(/확인할 일 2건/)
  })

  it('App Home shows the heaviest of my open nudges', async () => {
    causes.set(cause('D-1042'), cause('D-1051', { weight: 1 }))
    await run()
    const home = await seoyeon.home()
    expect(home.text()).toMatch(/내 알림 \(2\)[\s\S]*이천[\s\S]*대륭/)
  })

  it('a dry run says who would get what and why, and tells nobody', async () => {
    causes.set(cause('D-1042', { channelOf: 'enterprise', alsoTell: ['park-junho'] }))
    const lines = await runNudges({ ...slot(), dryRun: true }, ['stalled'])
    expect(lines).toEqual([
      {
        company: 'ondam',
        subject: 'deal D-1042',
        what: 'stalled in #C0ENTERPRISE: No change of stage for 34 days (in S4 Proposal since Tue, Oct 20)',
        to: ['kim-seoyeon'],
      },
      expect.objectContaining({ to: ['park-junho'] }),
    ])
    await desk.settled()
    expect(told(manager)).toEqual([])
    expect((await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)).total).toBe(0)
  })

  it('a kind that is mostly muted says so: in /nudges to Sales Ops alone, and once a month', async () => {
    const ops = desk.slack.as('U0EUNBI')
    const deals = ['D-1042', 'D-1051', 'D-1058', 'D-1063', 'D-1070']
    causes.set(...deals.map((deal) => cause(deal)))
    await run()
    const { nudges } = await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)
    await desk.app.store.commit({
      company: 'ondam',
      save: nudges.map((nudge) => ({
        noun: 'nudge' as const,
        expect: nudge.version,
        next: {
          ...nudge,
          status: 'muted' as const,
          answered: { by: 'kim-seoyeon', at: desk.clock.now(), how: 'muted' as const, reason: '소음' },
          version: nudge.version + 1,
        },
      })),
      audit: [],
      deliveries: [],
    })
    await ops.command('/nudges', 'use')
    await ops.ephemeral(
      /정체된 거래[\s\S]*정체된 거래: 100%가 꺼지거나 무시되었습니다[\s\S]*알림을 끈 이유[\s\S]*소음/,
    )
    await seoyeon.command('/nudges', 'use')
    await seoyeon.ephemeral(/열린 알림이 없어요/)
    const noisy = () =>
      ops
        .dm()
        .messages()
        .filter((card) => /대부분 소음인 알림/.test(card.text()))
    await desk.clock.set('2026-12-01T09:00:00+09:00')
    expect(noisy()).toHaveLength(1)
    expect(noisy()[0]!.text()).toMatch(/11월 1일 \(일\)부터 11월 30일 \(월\)까지/)
    expect(noisy()[0]!.text()).toMatch(/알림을 끈 이유[\s\S]*소음/)
    await desk.clock.set('2026-12-02T09:00:00+09:00')
    expect(noisy()).toHaveLength(1)
  })

  it('in English where people read English', async () => {
    const noah = desk.slack.as(
      'U0NOAH',
      desk.slack.core.world.workspaces.T0LARKFIELD ? 'T0LARKFIELD' : undefined,
    )
    causes.set(
      cause('L-311', {
        owner: 'noah-brandt',
        because: { kind: 'close-date-past', closeOn: '2026-11-20', days: 3 },
      }),
    )
    await runNudges({ ...slot(), now: Date.parse('2026-11-23T16:00:00Z'), company: 'larkfield' }, ['stalled'])
    await desk.clock.set('2026-11-23T16:00:00Z')
    const card = await noah.dm().waitForMessage(/expected close date/)
    expect(card.text()).toMatch(/The expected close date Fri, Nov 20 was 3 days ago/)
    expect(card.buttons()).toEqual(['Open the deal', 'Done', 'Mute…'])
  })
})
