import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgeries } from '../../src/playground/teams/faults.ts'
import { localTeams, type TestTeams } from '../support/teams-people.ts'
import { plainTeamsApp } from './teams-app.ts'

let teams: TestTeams
let app: Awaited<ReturnType<typeof plainTeamsApp>>
beforeEach(async () => {
  teams = await localTeams({ messageMs: 150, invokeMs: 150 })
  app = await plainTeamsApp(teams)
})
afterEach(async () => {
  await app.close()
  await teams.close()
})

const vera = () => teams.as('vera')
const path = () => `conversations/${encodeURIComponent(vera().chat().state.id)}/activities`
const send = () => app.call('POST', path(), { type: 'message', text: 'hello' })
const arrived = () => vera().chat().messages().length

describe('faults between the app and the connector', () => {
  it('B5.45 too many requests, with the seconds to wait, as often as asked for', async () => {
    teams.fault({ on: 'api', method: 'sendActivity', kind: 'rate-limit', retryAfter: 7, times: 1 })
    const refused = await send()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    expect(arrived()).toBe(0)
    expect((await send()).status).toBe(201)
  })

  it.each([500, 502, 503, 504])('B5.47 a %d with no JSON in it', async (status) => {
    teams.fault({ on: 'api', kind: 'status', status, times: 1 })
    expect((await send()).status).toBe(status)
    expect(arrived()).toBe(0)
  })

  it.each([
    ['ConversationBlockedByUser', 403],
    ['BotNotInConversationRoster', 403],
    ['BotDisabledByAdmin', 403],
    ['MessageWritesBlocked', 403],
    ['ConversationNotFound', 404],
    ['ActivityNotFound', 404],
    ['PreconditionFailed', 412],
    ['MessageSizeTooBig', 413],
    ['ServiceError', 500],
  ])('B5.50, B5.51 %s as Teams says it', async (error, status) => {
    teams.fault({ on: 'api', kind: 'error', error, times: 1 })
    expect(await send()).toMatchObject({
      status,
      body: { error: { code: error, message: expect.any(String) } },
    })
  })

  it('B5.48 a message that was taken, though the answer is lost', async () => {
    teams.fault({ on: 'api', method: 'sendActivity', kind: 'accept-then-drop', times: 1 })
    await expect(send()).rejects.toThrow()
    expect(arrived()).toBe(1)
    teams.fault({ on: 'api', method: 'sendActivity', kind: 'drop', times: 1 })
    await expect(send()).rejects.toThrow()
    expect(arrived()).toBe(1)
  })

  it('B5.49 a request that is never answered, taken or not', async () => {
    for (const [kind, there] of [
      ['hang', 0],
      ['accept-then-hang', 1],
    ] as const) {
      teams.fault({ on: 'api', method: 'sendActivity', kind, times: 1 })
      const gone = new AbortController()
      const hanging = fetch(`${teams.core.serviceUrl}v3/${path()}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${[...teams.core.tokens.keys()][0]}` },
        body: JSON.stringify({ type: 'message', text: 'hello' }),
        signal: gone.signal,
      })
      const fits = ({ fault }: { fault?: string }) => fault === teams.core.faults.list().at(-1)?.id
      await teams.waitForCall('sendActivity', fits)
      gone.abort()
      await expect(hanging).rejects.toThrow()
      expect(arrived()).toBe(there)
    }
  })

  it('only where it was meant: one method, one conversation, one person', async () => {
    const other = teams.as('daniel')
    teams.fault({ on: 'api', kind: 'error', error: 'ServiceError', user: other.id })
    teams.fault({ on: 'api', method: 'updateActivity', kind: 'error', error: 'ServiceError' })
    expect((await send()).status).toBe(201)
    const elsewhere = `conversations/${encodeURIComponent(other.chat().state.id)}/activities`
    expect((await app.call('POST', elsewhere, { type: 'message', text: 'x' })).status).toBe(500)
  })
})

describe('faults between Teams and the app', () => {
  it('B5.22 an activity that comes twice has the same id', async () => {
    teams.fault({ on: 'app', method: 'message', kind: 'duplicate', times: 1 })
    await vera().say('approvals')
    await teams.settled()
    const [first, second] = app.heard
    expect(second).toEqual(first)
    expect(app.heard).toHaveLength(2)
  })

  it('B5.23 an unanswered message is sent again with the same id, an invoke is not', async () => {
    teams.fault({ on: 'app', kind: 'unanswered', times: 1 })
    await vera().say('approvals')
    expect(app.heard.map(({ id }) => id)).toEqual([app.heard[0]!.id, app.heard[0]!.id])
    expect(teams.received('message').map(({ note }) => note)).toEqual([
      'answered, but the answer is lost',
      'sent again: not answered in 150 ms',
    ])
  })

  it('an answer that is seen too late is none', async () => {
    teams.fault({ on: 'app', kind: 'delay-ack', ms: 500 })
    await vera().say('approvals')
    expect(teams.received('message').map(({ fault }) => fault)).toEqual(['teams-fault-1', 'teams-fault-1'])
  })

  it('B5.29 every kind of forged token goes over the wire as it was asked for', async () => {
    const good = teams.authorization()!
    for (const kind of forgeries) teams.fault({ on: 'app', kind, times: 1 })
    for (const _ of forgeries) await vera().say('approvals')
    const sent = forgeries.map((kind, index) => [kind, app.authorizations[index]] as const)
    const header = (token: string | undefined) =>
      JSON.parse(Buffer.from(token?.split(/[ .]/)[1] ?? '', 'base64url').toString() || '{}') as {
        alg?: string
        kid?: string
      }
    const { kid } = header(good)
    for (const [kind, authorization] of sent) {
      if (kind === 'no-token') expect(authorization).toBeUndefined()
      else if (kind === 'garbage-token') expect(authorization).toBe('Bearer not.a.token')
      else if (kind === 'alg-none') expect(header(authorization).alg).toBe('none')
      else if (kind === 'hs256') expect(header(authorization).alg).toBe('HS256')
      else expect(header(authorization).kid === kid).toBe(kind !== 'unknown-key' && kind !== 'no-endorsement')
    }
    const tenant = vera().actor.tenant.id
    const tenants = app.heard.map(
      ({ conversation }) => (conversation as { tenantId: string }).tenantId === tenant,
    )
    expect(tenants).toEqual(forgeries.map((kind) => kind !== 'foreign-tenant'))
  })

  it('an app that is not there is seen in the traffic, and harms nobody', async () => {
    await app.close()
    await vera().say('approvals')
    expect(teams.received('message').at(-1)).toMatchObject({
      outcome: 'failed',
      note: 'nobody answers at the messaging endpoint',
    })
    app = await plainTeamsApp(teams)
  })
})
