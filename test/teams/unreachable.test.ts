import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runNudges } from '../../schedules/nudge-run.ts'
import { Causes, cause } from '../support/causes.ts'
import { type Product, product } from '../support/product.ts'
import { type Persona, readOnTeams } from '../support/teams-people.ts'

const held = vi.hoisted(() => ({ rules: {} as Record<string, unknown> }))
vi.mock('../../handlers/nudge-rules.ts', () => ({ nudgeRules: held.rules }))

const causes = new Causes(['stalled'])
Object.assign(held.rules, causes.rules)

// Nudges that cannot be where they should, for people who read Teams.

describe('nudges on Teams whose place or person is gone', () => {
  let desk: Product
  let ae: Persona
  let manager: Persona
  let ops: Persona

  beforeAll(async () => {
    desk = await product({ platforms: ['slack', 'teams'] })
    ae = desk.teams.as('김서연')
    manager = desk.teams.as('박준호')
    ops = desk.teams.as('조은비')
    await readOnTeams([ae, manager, ops])
    await desk.settled()
  }, 60_000)
  afterAll(() => desk?.stop())

  const run = async () => {
    const { store } = desk.app
    const now = desk.clock.now()
    await runNudges({ store, now, company: 'ondam', slot: '2026-11-23', dryRun: false }, ['stalled'])
    await desk.settled()
  }
  const told = (who: Persona, what: RegExp) =>
    who
      .chat()
      .messages()
      .filter((card) => what.test(card.text()))

  it('B5.50 the channel is deleted: the owner hears in their chat, and the administrator once', async () => {
    // Those of the team on Slack read their channel there as before.
    await manager.deleteChannel('엔터프라이즈영업')
    causes.set(cause('D-1042', { channelOf: 'enterprise' }))
    await run()
    expect(told(ae, /이천[\s\S]*단계 변화 없음/)).toHaveLength(1)
    const notices = () => told(ops, /전달하지 못|닿지 못|보내지 못/)
    expect(notices()).toHaveLength(1)
    desk.clock.jump(24 * 3_600_000)
    causes.set(...causes.found, cause('D-1051', { channelOf: 'enterprise' }))
    await run()
    expect(told(ae, /대륭[\s\S]*단계 변화 없음/)).toHaveLength(1)
    expect(notices()).toHaveLength(1)
  })

  it('somebody without a chat account: their manager hears in their place, and the administrator once', async () => {
    await desk.app.store.database.transact((trx) =>
      trx
        .deleteFrom('identities')
        .where('company_id', '=', 'ondam')
        .where('person_id', '=', 'kim-seoyeon')
        .execute(),
    )
    desk.clock.jump(24 * 3_600_000)
    causes.set(cause('D-1058'))
    await run()
    await run()
    expect(told(manager, /채팅 계정이 없는 김서연님 대신/)).toHaveLength(1)
    expect(told(ops, /채팅 계정이 없어[^:]*: 김서연/)).toHaveLength(1)
  })
})
