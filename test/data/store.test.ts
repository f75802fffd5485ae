import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bumpOrg } from '../../data/people.ts'
import type { DataStore } from '../../data/store.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { engines, freshStore } from '../support/databases.ts'
import {
  addDeals,
  at,
  by,
  change,
  company,
  deal,
  krw,
  line,
  opened,
  person,
  request,
  settle,
  step,
} from './world.ts'

describe.each(engines)('the store on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let acme = ''
  let count = 0
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
  })
  afterAll(() => close())
  beforeEach(async () => {
    acme = `acme${++count}`
    await settle(store, acme)
  })

  const auditOf = (id: string) => store.auditOf(acme, { noun: 'discount', id }, 10)

  describe('one change', () => {
    it('keeps record, audit, deliveries, drawings and the once-key together', async () => {
      const drawing = {
        id: 'W1',
        subject: { noun: 'discount', id: 'R1' },
        version: 1,
        step: 1,
        viewer: 'manager',
        shown: { discount: 1500, 이름: '삼성' },
        at,
      } as const
      const outcome = await store.commit(
        change(acme, {
          save: [opened(request('R1'))],
          audit: [line('discount.requested', { saw: { price: 106_250_000 }, policyVersion: 1 })],
          deliveries: [
            {
              kind: 'ask',
              card: 'discount.ask',
              subject: { noun: 'discount', id: 'R1' },
              audience: { person: 'manager' },
            },
          ],
          drawings: [drawing],
          once: { key: 'K1', fingerprint: 'F1', reply: { kind: 'close' } },
        }),
      )
      expect(outcome).toEqual({ outcome: 'committed' })
      expect(await store.discount(acme, 'R1')).toEqual(request('R1'))
      expect(await auditOf('R1')).toEqual([
        line('discount.requested', { saw: { price: 106_250_000 }, policyVersion: 1 }),
      ])
      expect(await store.drawing(acme, 'W1')).toEqual(drawing)
      expect(await store.seen(acme, 'K1')).toEqual({ fingerprint: 'F1', reply: { kind: 'close' } })
      const owed = await store.database.read
        .selectFrom('deliveries')
        .select(['kind', 'card', 'subject_id', 'state'])
        .where('company_id', '=', acme)
        .execute()
      expect(owed).toEqual([{ kind: 'ask', card: 'discount.ask', subject_id: 'R1', state: 'pending' }])
    })

    it('a stale change leaves nothing of itself: no audit, no delivery, no key', async () => {
      await store.commit(change(acme, { save: [opened(request('R1'))] }))
      const outcome = await store.commit(
        change(acme, {
          save: [
            { noun: 'deal', id: 'D1', expect: 1, set: { approvedDiscount: 1500 } },
            opened(request('R1', { version: 3 }), { expect: 2 }),
          ],
          audit: [line('discount.approved')],
          deliveries: [
            { kind: 'tell', card: 'x', subject: { noun: 'discount', id: 'R1' }, audience: { person: 'ae' } },
          ],
          drawings: [{ id: 'W9', subject: { noun: 'none', id: '' }, version: 0, shown: {}, at }],
          once: { key: 'K2', fingerprint: 'F', reply: {} },
        }),
      )
      expect(outcome).toEqual({ outcome: 'stale' })
      expect(await auditOf('R1')).toEqual([])
      expect(await store.seen(acme, 'K2')).toBeUndefined()
      expect(await store.drawing(acme, 'W9')).toBeUndefined()
      expect((await store.deal(acme, 'D1'))?.approvedDiscount).toBeUndefined()
      const owed = await store.database.read
        .selectFrom('deliveries')
        .selectAll()
        .where('company_id', '=', acme)
        .execute()
      expect(owed).toEqual([])
    })

    it('B5.22 a replayed gesture gets its first reply again and has no second effect', async () => {
      const once = { key: 'K', fingerprint: 'F', reply: { kind: 'say', n: 1 } }
      await store.commit(change(acme, { audit: [line('discount.requested')], once }))
      const replay = change(acme, {
        audit: [line('discount.requested')],
        once: { ...once, reply: { kind: 'say', n: 2 } },
      })
      expect(await store.commit(replay)).toEqual({
        outcome: 'seen-before',
        reply: { kind: 'say', n: 1 },
        sameBody: true,
      })
      expect(await auditOf('R1')).toHaveLength(1)
    })

    it('B5.24 the same key with another body is told apart', async () => {
      await store.commit(change(acme, { once: { key: 'K', fingerprint: 'F', reply: {} } }))
      const other = await store.commit(change(acme, { once: { key: 'K', fingerprint: 'G', reply: {} } }))
      expect(other).toMatchObject({ outcome: 'seen-before', sameBody: false })
    })

    it('B5.1 a double click that arrives twice at once is committed once', async () => {
      const click = () =>
        store.commit(
          change(acme, {
            audit: [line('discount.approved')],
            once: { key: 'click', fingerprint: 'F', reply: 'first' },
          }),
        )
      const outcomes = await Promise.all([click(), click(), click(), click()])
      expect(outcomes.map((each) => each.outcome).sort()).toEqual([
        'committed',
        'seen-before',
        'seen-before',
        'seen-before',
      ])
      expect(await auditOf('R1')).toHaveLength(1)
    })

    it('B5.2 of two approvers at once exactly one moves the request', async () => {
      await store.commit(change(acme, { save: [opened(request('R1'))] }))
      const approve = (who: string) =>
        store.commit(
          change(acme, {
            save: [
              opened(request('R1', { version: 2, status: 'approved', settledBy: who }), {
                expect: 1,
                waiting: [],
              }),
            ],
            audit: [line('discount.approved', { by: who })],
          }),
        )
      const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map(approve))
      expect(outcomes.filter((each) => each.outcome === 'committed')).toHaveLength(1)
      expect(outcomes.filter((each) => each.outcome === 'stale')).toHaveLength(3)
      expect(await auditOf('R1')).toHaveLength(1)
    })

    it('a deal never has two open requests, whoever races whom', async () => {
      const ask = (id: string) => store.commit(change(acme, { save: [opened(request(id))] }))
      const outcomes = await Promise.all(['A', 'B', 'C', 'D'].map(ask))
      expect(outcomes.filter((each) => each.outcome === 'committed')).toHaveLength(1)
      expect(outcomes.filter((each) => each.outcome === 'stale')).toHaveLength(3)
      expect(await store.discountsOfDeal(acme, 'D1', 10)).toHaveLength(1)
    })

    it('a new request takes the place of the open one in one change, in whichever order the two are named', async () => {
      await store.commit(change(acme, { save: [opened(request('old'))] }))
      const outcome = await store.commit(
        change(acme, {
          save: [
            opened(request('new')),
            opened(request('old', { version: 2, status: 'superseded', settledAt: at }), {
              expect: 1,
              waiting: [],
            }),
          ],
        }),
      )
      expect(outcome).toEqual({ outcome: 'committed' })
      expect((await store.openDiscount(acme, 'D1'))?.id).toBe('new')
      expect((await store.discount(acme, 'old'))?.status).toBe('superseded')
    })

    it('tells its listeners after the commit, and a listener that throws harms nobody', async () => {
      const heard: unknown[] = []
      const stop = store.onCommit((committed) => heard.push(committed))
      const stopBad = store.onCommit(() => {
        throw new Error('listener')
      })
      const delivery = {
        kind: 'tell',
        card: 'c',
        subject: { noun: 'none', id: '' },
        audience: { person: 'ae' },
      } as const
      expect(await store.commit(change(acme, { deliveries: [delivery] }))).toEqual({ outcome: 'committed' })
      await store.commit(change(acme, { save: [opened(request('R1', { version: 9 }), { expect: 8 })] }))
      stop()
      stopBad()
      await store.commit(change(acme, { deliveries: [delivery] }))
      expect(heard).toEqual([{ company: acme, deliveries: 1 }])
    })

    it('a mistake inside a change throws and keeps nothing', async () => {
      const wrong = store.commit(
        change(acme, {
          save: [{ noun: 'person', id: 'nobody', set: { admin: true } }],
          once: { key: 'K', fingerprint: 'F', reply: {} },
        }),
      )
      await expect(wrong).rejects.toThrow(/no person nobody/)
      expect(await store.seen(acme, 'K')).toBeUndefined()
    })
  })

  describe('requests', () => {
    it('what waits for a person, and what a person asked for', async () => {
      await addDeals(store, acme, [deal('D2'), deal('D3')])
      await store.commit(
        change(acme, {
          save: [
            opened(request('R1', { openedAt: at + 2 })),
            opened(request('R2', { deal: 'D2', openedAt: at + 1 }), { waiting: ['manager', 'ae'] }),
            opened(request('R3', { deal: 'D3', status: 'approved', settledAt: at, openedAt: at + 3 }), {
              waiting: [],
            }),
          ],
        }),
      )
      const inbox = await store.waitingFor(acme, 'manager', 10)
      expect(inbox.requests.map((each) => each.id)).toEqual(['R2', 'R1'])
      expect(inbox.total).toBe(2)
      expect(await store.waitingFor(acme, 'manager', 1)).toMatchObject({ total: 2, requests: [{ id: 'R2' }] })
      expect((await store.waitingFor(acme, 'ae', 10)).requests.map((each) => each.id)).toEqual(['R2'])
      const asked = await store.askedBy(acme, 'ae', 2)
      expect(asked.requests.map((each) => each.id)).toEqual(['R1', 'R2'])
      expect(asked.total).toBe(3)
      expect((await store.askedBy(acme, 'ae', 10)).requests.map((each) => each.id)).toEqual([
        'R1',
        'R2',
        'R3',
      ])
    })

    it('a settled request waits for nobody and is never due', async () => {
      await store.commit(change(acme, { save: [opened(request('R1'))] }))
      expect(await store.dueDiscounts(at + 86_400_000, 100)).toContainEqual({ company: acme, id: 'R1' })
      expect(await store.dueDiscounts(at + 86_399_999, 100)).not.toContainEqual({ company: acme, id: 'R1' })
      await store.commit(
        change(acme, {
          save: [opened(request('R1', { version: 2, status: 'rejected', settledAt: at }), { expect: 1 })],
        }),
      )
      expect(await store.waitingFor(acme, 'manager', 10)).toEqual({ total: 0, requests: [] })
      expect(await store.dueDiscounts(at + 1e12, 1000)).not.toContainEqual({ company: acme, id: 'R1' })
      expect(await store.openDiscount(acme, 'D1')).toBeUndefined()
    })

    it('finds the requests whose open step names somebody, able to act or not', async () => {
      const steps = [
        step(['manager'], { state: 'done' }),
        step(['vp'], { order: 2, alsoMayDecide: ['deputy'] }),
        step(['ceo'], { order: 3, state: 'waiting' }),
      ]
      await store.commit(
        change(acme, { save: [opened(request('R1', { steps }), { waiting: ['somebody'] })] }),
      )
      const found = async (...people: string[]) =>
        (await store.openDiscountsWith(acme, people)).map((each) => each.id)
      expect(await found('vp')).toEqual(['R1'])
      expect(await found('x', 'deputy')).toEqual(['R1'])
      expect(await found('manager', 'ceo', 'somebody')).toEqual([])
      expect(await found()).toEqual([])
    })
  })

  describe('people', () => {
    it('the people are read again exactly when something about them changed', async () => {
      const before = await store.org(acme)
      expect([...before.people.keys()]).toEqual(['ae', 'manager'])
      expect(await store.org(acme)).toBe(before)
      await store.commit(
        change(acme, {
          save: [
            {
              noun: 'person',
              id: 'ae',
              set: { delegate: 'manager', awayFrom: '2026-10-01', awayUntil: '2026-10-05' },
            },
          ],
        }),
      )
      const after = await store.org(acme)
      expect(after.stamp).toBeGreaterThan(before.stamp)
      expect(after.people.get('ae')).toMatchObject({
        delegate: 'manager',
        awayFrom: '2026-10-01',
        awayUntil: '2026-10-05',
      })
      expect(before.people.get('ae')).toEqual(person('ae', { manager: 'manager' }))
      await store.commit(
        change(acme, {
          save: [{ noun: 'person', id: 'ae', set: { delegate: null, awayFrom: null, awayUntil: null } }],
        }),
      )
      expect((await store.org(acme)).people.get('ae')).toEqual(person('ae', { manager: 'manager' }))
    })

    it('a change of the company itself counts as a change of its people', async () => {
      const before = await store.org(acme)
      expect(await store.setCompany(company(acme, { locale: 'en', name: 'Renamed' }), by)).toBe(true)
      expect((await store.org(acme)).company).toEqual(company(acme, { locale: 'en', name: 'Renamed' }))
      expect((await store.org(acme)).stamp).toBeGreaterThan(before.stamp)
      await store.database.transact((trx) => bumpOrg(trx, acme))
      expect((await store.org(acme)).stamp).toBe(before.stamp + 2)
    })

    it('who somebody is comes from the binding and the link, never from another company', async () => {
      const tenant = `T-${acme}`
      expect(await store.whoIs('slack', tenant, 'U-ae')).toEqual({ company: acme, person: 'ae' })
      expect(await store.whoIs('slack', tenant, 'U-new')).toEqual({ company: acme })
      expect(await store.whoIs('teams', tenant, 'U-ae')).toBeUndefined()
      expect(await store.whoIs('slack', 'T-unbound', 'U-ae')).toBeUndefined()
      expect(await store.identitiesOf(acme, 'ae')).toEqual([{ platform: 'slack', tenant, user: 'U-ae' }])
      expect(await store.linkedPeople(acme)).toEqual(new Set(['ae']))
      await store.commit(
        change(acme, { save: [{ noun: 'identity', platform: 'slack', tenant, user: 'U-ae', person: null }] }),
      )
      expect(await store.whoIs('slack', tenant, 'U-ae')).toEqual({ company: acme })
    })

    it('B5.10 a person is linked to one user of a workspace: the second to claim it is too late', async () => {
      const link = (user: string) =>
        store.commit(
          change(acme, {
            save: [{ noun: 'identity', platform: 'slack', tenant: `T-${acme}`, user, person: 'manager' }],
          }),
        )
      expect(await link('U-1')).toEqual({ outcome: 'committed' })
      expect(await link('U-1')).toEqual({ outcome: 'committed' })
      expect(await link('U-2')).toEqual({ outcome: 'stale' })
      expect(await store.whoIs('slack', `T-${acme}`, 'U-2')).toEqual({ company: acme })
    })

    it('B5.10 of users who claim one person at the same instant one is linked', async () => {
      const claims = await Promise.all(
        ['U-1', 'U-2', 'U-3', 'U-4'].map((user) =>
          store.commit(
            change(acme, {
              save: [{ noun: 'identity', platform: 'slack', tenant: `T-${acme}`, user, person: 'manager' }],
              audit: [line('person.linked', { subject: { noun: 'person', id: 'manager' } })],
            }),
          ),
        ),
      )
      expect(claims.map((each) => each.outcome).sort()).toEqual(['committed', 'stale', 'stale', 'stale'])
      expect(await store.identitiesOf(acme, 'manager')).toHaveLength(1)
    })

    it('a workspace that is not bound to the company links nobody', async () => {
      const link = store.commit(
        change(acme, {
          save: [{ noun: 'identity', platform: 'slack', tenant: 'T-elsewhere', user: 'U', person: 'ae' }],
        }),
      )
      await expect(link).rejects.toThrow(/not bound/)
    })

    it('B5.92 a forgotten person is a bare id, and the decisions stay', async () => {
      await store.commit(change(acme, { audit: [line('discount.approved', { by: 'ae' })] }))
      await store.forgetPerson(acme, 'ae', by)
      expect((await store.org(acme)).people.get('ae')).toMatchObject({ name: 'ae', active: false })
      expect(await store.identitiesOf(acme, 'ae')).toEqual([])
      expect(await auditOf('R1')).toMatchObject([{ what: 'discount.approved', by: 'ae' }])
      expect(await store.verifyAudit(acme)).toMatchObject([{ company: acme }])
    })
  })

  describe('companies, policies, deals', () => {
    it('a workspace stays with the company it was bound to first', async () => {
      const binding = { platform: 'teams', tenant: `M-${acme}`, company: acme } as const
      await store.addCompany(company(`${acme}-other`), by)
      expect(await store.bindTenant(binding, by)).toBe(acme)
      expect(await store.bindTenant({ ...binding, company: `${acme}-other` }, by)).toBe(acme)
      expect(await store.bindings(acme)).toEqual([
        { platform: 'slack', tenant: `T-${acme}`, company: acme },
        binding,
      ])
      expect(await store.addCompany(company(acme), by)).toBe(false)
      expect(await store.setCompany(company('no-such'), by)).toBe(false)
    })

    it('a policy grows by versions, an old one stays readable, and of two setters one is stale', async () => {
      expect(await store.policy(acme)).toEqual(defaultPolicy)
      const next = (version: number) => ({ ...defaultPolicy, version })
      const set = (version: number, expectVersion: number) =>
        store.commit(change(acme, { save: [{ noun: 'policy', next: next(version), expect: expectVersion }] }))
      const { version } = defaultPolicy
      const outcomes = await Promise.all([set(version + 1, version), set(version + 1, version)])
      expect(outcomes.map((each) => each.outcome).sort()).toEqual(['committed', 'stale'])
      expect(await store.policy(acme)).toEqual(next(version + 1))
      expect(await store.policy(acme, version)).toEqual(defaultPolicy)
      await expect(store.policy(acme, 99)).rejects.toThrow(/no policy of version 99/)
    })

    it('a deal comes back as it was put in', async () => {
      const whole = deal('D2', {
        account: 'A1',
        accountName: '한빛물류',
        accountCsm: 'csm',
        tier: 'T1',
        product: 'platform',
        channel: 'partner',
        closedOn: '2026-09-30',
        stage: 'CW',
        price: krw(90_000_000),
        approvedDiscount: 2800,
        discountFlagged: true,
        meddicc: { champion: 'Kim', metrics: 'hours saved' },
      })
      await addDeals(store, acme, [whole])
      expect(await store.deal(acme, 'D2')).toEqual(whole)
    })

    it('B5.100 an approval writes the deal only as it was read', async () => {
      const set = { approvedDiscount: 1500, price: krw(106_250_000), discountFlagged: false }
      const approve = () => store.commit(change(acme, { save: [{ noun: 'deal', id: 'D1', expect: 1, set }] }))
      expect(await approve()).toEqual({ outcome: 'committed' })
      expect(await approve()).toEqual({ outcome: 'stale' })
      expect(await store.deal(acme, 'D1')).toMatchObject({
        version: 2,
        approvedDiscount: 1500,
        price: krw(106_250_000),
        amount: krw(100_000_000),
      })
    })

    it('sums open deals by stage and currency, of one owner or of all', async () => {
      await addDeals(store, acme, [
        deal('D2', { amount: krw(1) }),
        deal('D3', { owner: 'x', amount: { amount: 5, currency: 'USD' } }),
        deal('D4', { stage: 'CW' }),
        deal('D5', { stage: 'S1', owner: 'x', amount: krw(7) }),
      ])
      expect(await store.openByStage(acme, 'all')).toEqual([
        { stage: 'S1', currency: 'KRW', deals: 1, amount: 7 },
        { stage: 'S4', currency: 'KRW', deals: 2, amount: 100_000_001 },
        { stage: 'S4', currency: 'USD', deals: 1, amount: 5 },
      ])
      expect(await store.openByStage(acme, ['x'])).toEqual([
        { stage: 'S1', currency: 'KRW', deals: 1, amount: 7 },
        { stage: 'S4', currency: 'USD', deals: 1, amount: 5 },
      ])
      expect(await store.openByStage(acme, [])).toEqual([])
    })

    it('B5.16 discount statistics weigh by list price and round once, half up', async () => {
      const won = (id: string, list: number, price: number, over = {}) =>
        deal(id, { stage: 'CW', closedOn: '2026-05-01', listAmount: krw(list), price: krw(price), ...over })
      await addDeals(store, acme, [
        won('W1', 1_000_000, 900_000, { product: 'p', tier: 'T1' }),
        won('W2', 3_000_000, 2_400_100, { product: 'q', tier: 'T1' }),
        won('W3', 1_000_000, 1_000_000, { owner: 'x', product: 'q', tier: 'T2' }),
        won('W4', 1_000_000, 100, { closedOn: '2025-04-30' }),
        deal('W5', { stage: 'CW', closedOn: '2026-05-01', amount: krw(5), listAmount: undefined as never }),
      ])
      const year = { from: '2025-05-01', to: '2026-05-01' }
      expect(await store.discountStats(acme, { owner: 'ae', ...year })).toEqual({
        deals: 2,
        listTotal: 4_000_000,
        average: 1750,
        lowest: 1000,
        highest: 2000,
      })
      const like = (over: object) => store.discountStats(acme, { like: deal('D1', over), ...year })
      expect(await like({ product: 'q' })).toMatchObject({ deals: 2, listTotal: 4_000_000 })
      expect(await like({ product: 'unknown', tier: 'T1' })).toMatchObject({ deals: 2, average: 1750 })
      expect(await like({ product: 'unknown', tier: 'T3' })).toMatchObject({ deals: 3 })
      expect(await like({ listAmount: { amount: 1, currency: 'USD' } })).toEqual({ deals: 0 })
      expect(await store.discountStats(acme, { owner: 'nobody', ...year })).toEqual({ deals: 0 })
    })
  })
})
