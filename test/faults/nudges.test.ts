import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { raiseNow, runNudges } from '../../schedules/nudge-run.ts'
import type { NudgeKind } from '../../src/canon/nudge.ts'
import { Causes, cause } from '../support/causes.ts'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

const held = vi.hoisted(() => ({ rules: {} as Record<string, unknown> }))
vi.mock('../../handlers/nudge-rules.ts', () => ({ nudgeRules: held.rules }))

const causes = new Causes(['stalled', 'meddicc-gap'])
Object.assign(held.rules, causes.rules)

// Nudges where something is in the way: channels, accounts and people that are gone, Slack that does not answer, clocks.

describe('nudges in trouble', () => {
  let desk: Product
  let seoyeon: Persona
  let manager: Persona

  beforeEach(async () => {
    causes.set()
    causes.onFind = () => {}
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
  const run = async (kinds: readonly NudgeKind[] = ['stalled', 'meddicc-gap']) => {
    const lines = await runNudges(slot(), kinds)
    await desk.settled()
    return lines
  }
  const told = (who: Persona) =>
    who
      .dm()
      .messages()
      .filter((card) => /단계 변화 없음|누락/.test(card.text()))
  const hour = 3_600_000
  const ops = () => desk.slack.as('U0EUNBI')

  it('B5.50 the channel is archived: the owner hears in a DM, and the administrators once', async () => {
    await manager.archive('C0ENTERPRISE')
    causes.set(cause('D-1042', { channelOf: 'enterprise' }), cause('D-1051', { channelOf: 'enterprise' }))
    await run()
    expect(told(seoyeon)).toHaveLength(1)
    expect(told(seoyeon)[0]!.text()).toMatch(/이천[\s\S]*대륭/)
    const notices = () =>
      ops()
        .dm()
        .messages()
        .filter((card) => /is_archived/.test(card.text()))
    expect(notices()).toHaveLength(1)
    desk.clock.jump(24 * hour)
    causes.set(...causes.found, cause('D-1058', { channelOf: 'enterprise' }))
    await run()
    expect(told(seoyeon)).toHaveLength(2)
    expect(notices()).toHaveLength(1)
  })

  const unlink = (user: string) =>
    desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'identity',
          platform: 'slack',
          tenant: Object.keys(desk.slack.core.world.workspaces)[0]!,
          user,
          person: null,
        },
      ],
      audit: [],
      deliveries: [],
    })

  it('somebody without a chat account: their manager hears, and the administrators once a month', async () => {
    await unlink('U0SEOYEON')
    causes.set(cause('D-1042', { alsoTell: ['park-junho'] }))
    await run()
    await run()
    expect(told(manager)).toHaveLength(1)
    expect(told(manager)[0]!.text()).toMatch(/채팅 계정이 없는 김서연님 대신/)
    const notices = () =>
      ops()
        .dm()
        .messages()
        .filter((card) => /채팅 계정이 없어 관리자에게 알린 사람: 김서연/.test(card.text()))
    expect(notices()).toHaveLength(1)
    desk.clock.jump(24 * hour)
    causes.set(cause('D-1051'))
    await run()
    expect(notices()).toHaveLength(1)
  })

  it('a team without a channel: the owner hears in a DM, and the administrators that it has none', async () => {
    await desk.importFile('teams.csv', 'id,name,manager\nquiet,조용한 팀,park-junho\n')
    causes.set(cause('D-1042', { channelOf: 'quiet' }))
    await run()
    expect(told(seoyeon)).toHaveLength(1)
    await ops()
      .dm()
      .waitForMessage(/채널이 없어[\s\S]*조용한 팀/)
  })

  it('the owner has left: their manager hears and is to act; what nobody owns goes to Sales Ops', async () => {
    await desk.app.store.commit({
      company: 'ondam',
      save: [{ noun: 'person', id: 'kim-seoyeon', set: { active: false } }],
      audit: [],
      deliveries: [],
    })
    causes.set(cause('D-1042'), cause('D-1051', { owner: 'nobody-at-all' }))
    await run()
    expect(told(manager)[0]!.text()).toMatch(/이천[\s\S]*담당자가 없습니다/)
    expect(
      (await desk.app.store.nudgesOf('ondam', 'park-junho', { status: 'open', mine: true }, 5)).total,
    ).toBe(1)
    expect(told(ops())[0]!.text()).toMatch(/대륭/)
  })

  it('the owner is away: the delegate hears and may answer in their place', async () => {
    await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'person',
          id: 'kim-seoyeon',
          set: { awayFrom: '2026-11-20', awayUntil: '2026-11-27', delegate: 'lee-minjae' },
        },
      ],
      audit: [],
      deliveries: [],
    })
    const minjae = desk.slack.as('U0MINJAE')
    causes.set(cause('D-1042'))
    await run()
    expect(told(seoyeon)).toEqual([])
    expect(told(minjae)[0]!.text()).toMatch(/부재 중인 김서연님 대신/)
    await told(minjae)[0]!.click('nudge.done')
    await told(minjae)[0]!.waitFor(/완료/)
  })

  it('B5.47 nobody knows whether it arrived: it is not repeated, /nudges says so, and the next cycle tells it', async () => {
    // What the morning's schedules post comes first, so that the fault meets the nudge.
    await desk.clock.forward(0)
    const before = desk.slack.calls('chat.postMessage').length
    desk.slack.fault({
      on: 'api',
      method: 'chat.postMessage',
      kind: 'error',
      error: 'internal_error',
      times: 1,
    })
    causes.set(cause('D-1042'))
    await run()
    expect(desk.slack.calls('chat.postMessage')).toHaveLength(before + 1)
    expect(told(seoyeon)).toEqual([])
    await seoyeon.command('/nudges')
    await seoyeon.ephemeral(/이천[\s\S]*전달되지 않았을 수 있습니다/)
    expect(await run()).toEqual([])
    causes.set(cause('D-1042', { cycle: 'the next' }))
    await run()
    expect(told(seoyeon)).toHaveLength(1)
  })

  it('B5.45 Slack asks to wait: it comes once, when Slack lets it', async () => {
    desk.slack.fault({ on: 'api', method: 'chat.*', kind: 'rate-limit', retryAfter: 1, times: 3 })
    causes.set(cause('D-1042', { alsoTell: ['park-junho'] }))
    await run()
    expect(told(seoyeon)).toHaveLength(1)
    expect(told(manager)).toHaveLength(1)
  })

  it('B5.82 the clock is set back a day and forward again: nothing is told a second time', async () => {
    causes.set(cause('D-1042'), cause('D-1051'))
    await run()
    await desk.clock.set('2026-11-20T10:00:00+09:00')
    expect(await run()).toEqual([])
    await desk.clock.set('2026-11-24T10:00:00+09:00')
    expect(await run()).toEqual([])
    expect(told(seoyeon)).toHaveLength(1)
  })

  it('B5.80 down for three days: what fell due is told once, in one message', async () => {
    await desk.clock.set('2026-11-23T10:05:00+09:00')
    causes.set(cause('D-1042', { cycle: 'mon' }))
    await run()
    desk.clock.jump(72 * hour)
    causes.set(cause('D-1042', { cycle: 'thu' }), cause('D-1051', { cycle: 'thu' }))
    await desk.restart()
    await desk.clock.forward(0)
    expect(told(seoyeon)).toHaveLength(2)
    expect(told(seoyeon)[1]!.text()).toMatch(/확인할 일 2건/)
    // The old cycle was told anew; where it stood it says so, and its manager is not bothered with it.
    expect(told(seoyeon).length + told(manager).length).toBe(2)
  })

  it('one rule that fails keeps no other from being told, and the run is made again', async () => {
    causes.set(cause('D-1042'), cause('D-1051', { kind: 'meddicc-gap' }))
    causes.onFind = ({ kind }) => {
      if (kind === 'stalled') throw new Error('out of order')
    }
    await expect(run()).rejects.toThrow('some causes could not be looked for')
    await desk.settled()
    expect(told(seoyeon)).toHaveLength(1)
    causes.onFind = () => {}
    expect((await run()).map(({ subject }) => subject)).toEqual(['deal D-1042'])
  })

  it('a rule that fails half way closes nothing', async () => {
    causes.set(cause('D-1042'))
    await run()
    causes.onFind = () => {
      throw new Error('out of order')
    }
    await expect(run(['stalled'])).rejects.toThrow()
    const { total } = await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)
    expect(total).toBe(1)
  })

  it('a kind that the company does without is neither told nor kept open', async () => {
    causes.set(cause('D-1042'))
    await run()
    const policy = await desk.app.store.policy('ondam')
    await desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'policy',
          next: {
            ...policy,
            version: policy.version + 1,
            nudges: { ...policy.nudges, off: ['stalled'] },
          },
          expect: policy.version,
        },
      ],
      audit: [],
      deliveries: [],
    })
    causes.set(cause('D-1042'), cause('D-1051'))
    expect(await run()).toEqual([])
    expect(await raiseNow(slot(), [cause('D-1058')])).toEqual([])
    desk.clock.jump(200 * hour)
    await desk.clock.forward(0)
    expect((await desk.app.store.nudgesOf('ondam', 'kim-seoyeon', { status: 'open' }, 5)).total).toBe(0)
  })

  it('told at once by something else than a schedule, it is told once all the same', async () => {
    const found = [cause('D-1042', { urgent: true })]
    causes.set(...found)
    expect(await raiseNow(slot(), found)).toHaveLength(1)
    expect(await raiseNow(slot(), found)).toEqual([])
    expect(await run()).toEqual([])
    expect(told(seoyeon)).toHaveLength(1)
  })

  it('a deal that changes redraws the messages that nudge about it', async () => {
    causes.set(cause('D-1042'))
    await run()
    const card = told(seoyeon)[0]!
    causes.set()
    const deal = (await desk.app.store.deal('ondam', 'D-1042'))!
    await desk.app.store.commit({
      company: 'ondam',
      save: [{ noun: 'deal', id: deal.id, expect: deal.version, set: { discountFlagged: true } }],
      audit: [],
      deliveries: [],
      refresh: [{ noun: 'deal', id: deal.id }],
    })
    await desk.settled()
    await card.waitFor(/정리됨/)
    expect(card.actions()).toEqual([])
  })
})
