import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDemo } from '../../data/demo.ts'
import { loadConfig } from '../../src/config.ts'
import { type Dealdesk, startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { freshPlace, type Place } from '../support/databases.ts'
import { mondayMorning } from '../support/product.ts'
import {
  type Answer,
  activityOf,
  appId,
  type ConnectorRig,
  connectorRig,
  personalChat,
  postActivity,
  tenant,
} from './rig.ts'

const seoyeon = '00000000-0000-4000-8000-00000000aaaa'
const junho = '00000000-0000-4000-8000-00000000bbbb'

describe('a discount over the wire of the Bot Connector', () => {
  let place: Place
  let rig: ConnectorRig
  let app: Dealdesk
  const lines: string[] = []
  beforeAll(async () => {
    place = await freshPlace('sqlite')
    rig = await connectorRig()
    app = await startDealdesk({
      config: loadConfig({ DATABASE_URL: place.url, PORT: '0', DEALDESK_HOST: '127.0.0.1' }),
      log: createLog('debug', { write: (line) => lines.push(line) }),
      clock: { now: () => mondayMorning },
      paceMs: 1,
      local: {
        teams: {
          appId,
          appType: 'MultiTenant',
          password: 'secret',
          channel: rig.channel,
        },
      },
      onStore: async (store) => {
        await loadDemo(store, () => mondayMorning)
        await store.bindTenant(
          { platform: 'teams', tenant, company: 'ondam' },
          { by: 'test', platform: 'cli' },
        )
      },
    })
    const org = await app.store.org('ondam')
    const people = [...org.people.values()]
    const email = (name: string) => people.find((person) => person.name === name)!.email!
    rig.members.set(seoyeon, {
      id: '29:s',
      name: '김서연',
      aadObjectId: seoyeon,
      email: email('김서연'),
      userRole: 'user',
      tenantId: tenant,
    })
    rig.members.set(junho, {
      id: '29:j',
      name: '박준호',
      aadObjectId: junho,
      email: email('박준호'),
      userRole: 'user',
      tenantId: tenant,
    })
  })
  afterAll(async () => {
    await app.stop()
    await rig.close()
    await place.remove()
  })

  const url = () => `http://127.0.0.1:${app.port}/api/messages`
  const send = async (user: string, more: Record<string, unknown>): Promise<Answer> =>
    postActivity(url(), activityOf(rig, { user }, more), `Bearer ${await rig.token()}`)
  const posted = (user: string) =>
    rig.calls.filter(
      (call) =>
        call.method === 'POST' && decodeURIComponent(call.path).includes(`${personalChat(user)}/activities`),
    )
  const firstTo = (user: string) =>
    rig.called(
      (call) =>
        call.method === 'POST' && decodeURIComponent(call.path).includes(`${personalChat(user)}/activities`),
    )

  it('goes from a typed command to the updated card', async () => {
    await send(junho, { type: 'message', text: 'approvals' })
    await firstTo(junho)
    const before = posted(junho).length
    await send(seoyeon, { type: 'message', text: 'approve-discount D-1051 15' })
    const doorstep = JSON.stringify((await firstTo(seoyeon)).body)
    expect(doorstep).toContain('task/fetch')
    const fetched = await send(seoyeon, {
      type: 'invoke',
      name: 'task/fetch',
      value: {
        data: {
          msteams: { type: 'task/fetch' },
          action: 'teams.again',
          command: 'approve-discount',
          text: 'D-1051 15',
        },
      },
    })
    expect(fetched.status, lines.slice(-3).join('\n')).toBe(200)
    const card = JSON.stringify(fetched.body)
    expect(card).toContain('박준호')
    const drawing = /"form":"discount.request","drawing":"([^"]+)"/.exec(card)?.[1]
    const submitted = await send(seoyeon, {
      type: 'invoke',
      name: 'task/submit',
      value: {
        data: {
          form: 'discount.request',
          drawing,
          deal: 'D-1051',
          discount: 15,
          reason: '3년 계약',
          competitor: '',
          needed_by: '',
        },
      },
    })
    expect(submitted).toMatchObject({ status: 200, text: '' })
    await app.idle()
    expect(posted(junho).length, lines.slice(-5).join('\n')).toBeGreaterThan(before)
    // The morning's nudges may come on top of it.
    const ask = posted(junho)
      .filter(({ body }) => JSON.stringify(body).includes('discount.approve'))
      .at(-1)!
    const approve = /"verb":"discount.approve","data":\{"action":"discount.approve","drawing":"([^"]+)"/.exec(
      JSON.stringify(ask.body),
    )?.[1]
    expect(approve).toBeDefined()
    const pressed = await send(junho, {
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: {
        action: {
          type: 'Action.Execute',
          verb: 'discount.approve',
          data: { action: 'discount.approve', drawing: approve },
        },
        trigger: 'manual',
      },
    })
    expect(pressed).toMatchObject({ status: 200, body: { statusCode: 200 } })
    await app.idle()
    const updates = rig.calls.filter((call) => call.method === 'PUT')
    expect(updates.length).toBeGreaterThan(0)
    for (const update of updates) expect(JSON.stringify(update.body)).not.toContain('discount.approve')
  })
})
