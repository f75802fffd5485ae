import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { climbNudges } from '../../schedules/nudge-climb.ts'
import { runNudges } from '../../schedules/nudge-run.ts'
import { Causes, cause } from '../support/causes.ts'
import { type Product, product } from '../support/product.ts'
import { type Persona, readOnTeams } from '../support/teams-people.ts'

const held = vi.hoisted(() => ({ rules: {} as Record<string, unknown> }))
vi.mock('../../handlers/nudge-rules.ts', () => ({ nudgeRules: held.rules }))

const causes = new Causes(['stalled', 'meddicc-gap'])
Object.assign(held.rules, causes.rules)

// The same nudges on the local Teams: one product for all, so each story has deals of its own.

describe('nudges on Teams', () => {
  let desk: Product
  let ae: Persona
  let manager: Persona
  let colleague: Persona

  beforeAll(async () => {
    desk = await product({ platforms: ['slack', 'teams'] })
    ae = desk.teams.as('김서연')
    manager = desk.teams.as('박준호')
    colleague = desk.teams.as('이민재')
    await readOnTeams([ae, manager, colleague])
    await desk.clock.forward(0)
  }, 60_000)
  afterAll(() => desk?.stop())
  beforeEach(() => desk.clock.forward(24 * 3_600_000))

  const run = async () => {
    const { store } = desk.app
    const now = desk.clock.now()
    const lines = await runNudges({ store, now, company: 'ondam', slot: '2026-11-24', dryRun: false }, [
      'stalled',
      'meddicc-gap',
    ])
    await desk.settled()
    return lines
  }

  it('one message: answered, put off and taken up in place, and undone', async () => {
    causes.set(cause('D-1042'), cause('D-1042', { kind: 'meddicc-gap', weight: 9 }))
    await run()
    const card = await ae.chat().waitForCard(/확인할 일 2건/)
    expect(card.text()).toMatch(/이천[\s\S]*34일째 단계 변화 없음/)
    const press = async (what: string) => {
      await card.press(what)
      await desk.settled()
    }
    await press('nudge.done')
    expect(card.text()).toMatch(/김서연님이 완료/)
    await press('nudge.undo')
    expect(card.text()).not.toMatch(/완료,/)
    await press('3일')
    expect(card.text()).toMatch(/김서연님이 11월 27일 10:00까지 미룸/)
    await press('nudge.undo')
    expect(card.text()).not.toMatch(/미룸/)
    await card.press('deal.open')
    await ae.dialog()
    await card.waitFor(/김서연님이 처리 중/)
  })

  it('muted with a reason in a dialog', async () => {
    causes.set(cause('D-1051'))
    await run()
    const card = await ae.chat().waitForCard(/대륭[\s\S]*34일째/)
    await card.press('nudge.mute')
    const dialog = await ae.dialog()
    await dialog.fill({ reason: '고객 사정' })
    await dialog.submit()
    await card.waitFor(/김서연님이 끔: 고객 사정/)
  })

  it('in the team’s channel: whoever does not own it is refused, and the owner may', async () => {
    causes.set(cause('D-1058', { channelOf: 'enterprise' }))
    await run()
    const seen = (who: Persona) => who.channel('엔터프라이즈영업').waitForCard(/담당 김서연님/)
    expect((await seen(colleague)).calls()).toEqual(['김서연'])
    await (await seen(colleague)).press('nudge.done')
    await desk.settled()
    const [nudge] = await desk.app.store.openNudgesOn('ondam', { noun: 'deal', id: 'D-1058' })
    expect(nudge?.answered).toBeUndefined()
    const audit = await desk.app.store.auditOf('ondam', { noun: 'nudge', id: nudge!.id }, 5)
    expect(audit).toMatchObject([
      { what: 'nudge.refused', platform: 'teams', detail: { why: 'not-allowed' } },
    ])
    await (await seen(ae)).press('nudge.done')
    const settled = await seen(manager)
    await settled.waitFor(/김서연님이 완료/)
    expect(settled.calls()).toEqual([])
  })

  it('nobody answers: the manager hears', async () => {
    causes.set(cause('D-1063'))
    await run()
    await desk.clock.forward(96 * 3_600_000)
    await climbNudges({ store: desk.app.store, now: desk.clock.now(), company: 'ondam', dryRun: false })
    await desk.settled()
    await manager.chat().waitForCard(/김서연님이 .*부터 답하지 않았습니다/)
  })

  it('/nudges and the preferences', async () => {
    causes.set(cause('D-1070'))
    await run()
    await ae.say('알림')
    const list = await ae.chat().waitForCard(/열림 \(\d/)
    await list.press('nudge.preferences')
    const dialog = await ae.dialog()
    await dialog.fill({ off: ['stalled'], from: '9:30', until: '17:00' })
    await dialog.trySubmit()
    await desk.settled()
    const preferences = await desk.app.store.nudgePreferences('ondam')
    expect(preferences.get('kim-seoyeon')).toMatchObject({ off: ['stalled'], from: '09:30', until: '17:00' })
    causes.set(cause('D-1074'))
    expect(await run()).toEqual([])
  })
})
