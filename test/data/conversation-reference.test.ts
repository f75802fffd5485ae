import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormView } from '../../blocks/form.ts'
import { createConversationReferences } from '../../data/conversation-reference.ts'
import { loadDemo } from '../../data/demo.ts'
import { createDialogs } from '../../data/dialog.ts'
import type { DataStore } from '../../data/store.ts'
import { engines, freshStore } from '../support/databases.ts'

const tenant = '0d0d0d0d-aaaa-4bbb-8ccc-000000000001'
const monday = Date.parse('2026-11-23T10:00:00+09:00')
const by = { by: 'test', platform: 'cli' } as const

describe.each(engines)('what Teams needs remembered, on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let wall = 1_000
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => monday + 1_000 } }))
    await loadDemo(store, () => monday)
    await store.bindTenant({ platform: 'teams', tenant, company: 'ondam' }, by)
  })
  afterAll(() => close())
  const references = () => createConversationReferences(store.database, () => wall)
  const chat = (conversation: string, user: string, serviceUrl = 'https://smba.trafficmanager.net/kr/') =>
    ({ tenant, conversation, kind: 'personal', user, bot: '28:app', serviceUrl }) as const

  it('knows the company of a bound tenant, and of no other', async () => {
    expect(await references().companyOf(tenant)).toBe('ondam')
    expect(await references().companyOf('ffffffff-aaaa-4bbb-8ccc-000000000009')).toBeUndefined()
  })

  it('keeps one chat a person, with the latest verified address', async () => {
    const { remember, personal, of, newest } = references()
    await remember('ondam', chat('a:1', 'u1'))
    wall += 1
    await remember('ondam', chat('a:1', 'u1', 'https://smba.trafficmanager.net/emea/'))
    expect(await of(tenant, 'a:1')).toEqual(chat('a:1', 'u1', 'https://smba.trafficmanager.net/emea/'))
    wall += 1
    await remember('ondam', chat('a:2', 'u1'))
    expect((await personal(tenant, 'u1'))?.conversation).toBe('a:2')
    expect(await of(tenant, 'a:1')).toBeUndefined()
    wall += 1
    await remember('ondam', {
      tenant,
      conversation: '19:c',
      kind: 'channel',
      bot: '28:app',
      serviceUrl: 'https://smba.trafficmanager.net/kr/',
    })
    expect((await newest(tenant))?.conversation).toBe('19:c')
    expect(await personal('another-tenant', 'u1')).toBeUndefined()
  })

  it('forgets a place that is gone', async () => {
    await references().forget(tenant, 'a:2')
    expect(await references().personal(tenant, 'u1')).toBeUndefined()
  })

  it('knows what Teams calls the people who were seen there', async () => {
    const org = await store.org('ondam')
    const [first, second] = [...org.people.keys()]
    await store.commit({
      company: 'ondam',
      save: [{ noun: 'identity', platform: 'teams', tenant, user: 'u7', person: first! }],
      audit: [],
      deliveries: [],
    })
    await references().rememberUser('ondam', { tenant, user: 'u7', chatUser: '29:old' })
    await references().rememberUser('ondam', { tenant, user: 'u7', chatUser: '29:seven' })
    expect(await references().chatUsersOf(tenant, [first!, second!])).toEqual(['29:seven'])
    expect(await references().chatUsersOf(tenant, [])).toEqual([])
  })

  it('keeps an open form as it was shown, of its company alone, for a day', async () => {
    const view: FormView = { form: 'f', title: '제목 🚀', close: 'x', drawing: 'd1', items: [] }
    const dialogs = createDialogs(store.database, () => wall)
    await dialogs.save('ondam', view)
    await dialogs.save('ondam', { ...view, title: 'again' })
    expect(await dialogs.load('ondam', 'd1')).toEqual({ ...view, title: 'again' })
    expect(await dialogs.load('larkfield', 'd1')).toBeUndefined()
    wall += 2 * 86_400_000
    await dialogs.save('ondam', { ...view, drawing: 'd2' })
    expect(await dialogs.load('ondam', 'd1')).toBeUndefined()
  })

  it('puts the platform a person prefers first, and the one they were linked on first without', async () => {
    const org = await store.org('ondam')
    const [first] = [...org.people.keys()]
    const order = async () => (await store.identitiesOf('ondam', first!)).map((identity) => identity.platform)
    const prefer = (prefers: 'slack' | 'teams' | null) =>
      store.commit({
        company: 'ondam',
        save: [{ noun: 'person', id: first!, set: { prefers } }],
        audit: [],
        deliveries: [],
      })
    expect(await order()).toEqual(['slack', 'teams'])
    await prefer('teams')
    expect(await order()).toEqual(['teams', 'slack'])
    expect((await store.org('ondam')).people.get(first!)?.prefers).toBe('teams')
    await prefer(null)
    expect(await order()).toEqual(['slack', 'teams'])
  })
})
