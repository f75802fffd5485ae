import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingest } from '../../data/ingest.ts'
import type { DataStore } from '../../data/store.ts'
import { createIngest, mostBytes, mostRows, type Taken } from '../../src/api/ingest.ts'
import { by, company, settle } from '../data/world.ts'
import { engines, freshStore } from '../support/databases.ts'

const now = Date.UTC(2026, 10, 20, 3)
const silent = { debug() {}, info() {}, warn() {}, error() {} }

describe.each(engines)('rows over the API on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let server: Server
  let url = ''
  let token = ''
  let waits = 0

  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => now } }))
    await settle(store, 'acme')
    await store.addCompany(company('other'), by)
    token = (await store.createToken({ company: 'acme', label: 'crm', scopes: [] }, by)).token
    const route = createIngest({
      tokenOf: (given) => store.tokenOf(given),
      take: (given, entity, rows) => ingest(store, given, entity, rows, () => now),
      log: silent,
      pace: { take: () => waits },
    })
    server = createServer(async (req, res) => {
      if (!(await route(req, res))) res.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve))
    await close()
  })

  const send = async (entity: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/v1/${entity}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Taken & { error?: string } }
  }

  it('a row is added, changed where it differs, and left alone where it says the same', async () => {
    const row = { id: 'A-9', name: 'Hanbit', tier: 'T1', csm: 'manager', arr: 120000000 }
    expect(await send('accounts', [row])).toMatchObject({ status: 200, body: { added: 1, refused: 0 } })
    expect(await send('accounts', [row])).toMatchObject({ body: { added: 0, changed: 0, unchanged: 1 } })
    expect(await send('accounts', [{ id: 'A-9', region: 'Seoul' }])).toMatchObject({ body: { changed: 1 } })
    expect(await store.account('acme', 'A-9')).toMatchObject({
      name: 'Hanbit',
      region: 'Seoul',
      arr: { amount: 120_000_000, currency: 'KRW' },
    })
    expect(await store.account('other', 'A-9')).toBeUndefined()
  })

  it('each bad row is refused by itself, with its field and a sentence; the good ones are taken', async () => {
    const { status, body } = await send('contacts', [
      { id: 'C-1', account: 'A-9', name: 'Kim Hana', role: 'champion' },
      { id: 'C-2', account: 'A-9', name: 'Lee', rol: 'champion' },
      { id: 'C-3', account: 'nowhere', name: 'Park' },
      { name: 'nobody' },
      { id: 'C-5', account: 'A-9', name: { first: 'Ann' } },
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({ added: 1, refused: 4 })
    expect(body.results.map((row) => row.errors?.[0]?.field)).toEqual([
      undefined,
      'rol',
      'account',
      'id',
      'name',
    ])
    expect(body.results[1]?.errors?.[0]?.why).toContain('did you mean role?')
    expect(await store.contactsOf('acme', 'A-9', 10)).toMatchObject([{ id: 'C-1', role: 'champion' }])
  })

  it('users 15: the gates hold for the API as for the form; the row says what is missing and where it may go', async () => {
    const { status, body } = await send('opportunities', [{ id: 'D1', stage: 'CW' }])
    expect(status).toBe(422)
    const why = body.results[0]?.errors?.[0]?.why ?? ''
    expect(why).toContain('contract_signed_on (gate of CW)')
    expect(why).toContain('CL')
    expect((await store.deal('acme', 'D1'))?.stage).toBe('S4')
  })

  const complete = {
    metrics: 'm',
    economic_buyer: 'e',
    decision_criteria: 'c',
    decision_process: 'p',
    identify_pain: 'i',
    champion: 'Kim Hana',
    first_meeting_on: '2026-09-01',
    demo_on: '2026-09-10',
    proposal_on: '2026-09-20',
    negotiation_on: '2026-10-01',
    verbal_agreement_on: '2026-11-01',
    contract_signed_on: '2026-11-18',
  }

  it('a deal that is won over the API opens its AE→CS handoff, with history and audit', async () => {
    const { body } = await send('opportunities', [{ id: 'D1', stage: 'CW', account: 'A-9', ...complete }])
    expect(body).toMatchObject({ changed: 1, refused: 0 })
    expect(await store.deal('acme', 'D1')).toMatchObject({
      stage: 'CW',
      won: 'unfinished',
      closedOn: '2026-11-18',
      stageEnteredOn: '2026-11-20',
    })
    expect(await store.stageHistory('acme', 'D1', 5)).toMatchObject([{ from: 'S4', to: 'CW', door: 'api' }])
    expect(await store.openHandoff('acme', 'ae-to-cs', { deal: 'D1' })).toMatchObject({
      status: 'draft',
      sender: 'ae',
      openedBy: 'system',
    })
    const audit = await store.auditOf('acme', { noun: 'deal', id: 'D1' }, 5)
    expect(audit.some((entry) => entry.what === 'deal.won' && entry.platform === 'api')).toBe(true)
    // The same again is the same deal: nothing moves, and nobody hands it over twice.
    expect((await send('opportunities', [{ id: 'D1', stage: 'CW' }])).body).toMatchObject({ unchanged: 1 })
    expect((await store.handoffsOf('acme', { deal: 'D1' }, 5)).length).toBe(1)
  })

  it('a closed deal is not reopened over the API', async () => {
    const { body } = await send('opportunities', [{ id: 'D1', stage: 'S5', reason: 'they called' }])
    expect(body.results[0]?.errors?.[0]?.why).toContain('Sales Manager')
  })

  it('leads, activities and stage history come in, and say on the deal when something last happened', async () => {
    await send('opportunities', [
      { id: 'D7', name: 'New', stage: 'S1', owner: 'ae', identify_pain: 'i', first_meeting_on: '2026-11-02' },
    ])
    expect((await send('leads', [{ id: 'L-1', name: 'Choi', source: 'inbound' }])).body).toMatchObject({
      added: 1,
    })
    const sent = await send('activities', [
      { id: 'X-1', opportunity: 'D7', kind: 'call', happened_at: '2026-11-19T10:00:00+09:00', person: 'ae' },
      { id: 'X-2', lead: 'L-1', kind: 'email', happened_at: '2026-11-19T11:00:00+09:00' },
    ])
    expect(sent.body).toMatchObject({ added: 2 })
    expect((await store.deal('acme', 'D7'))?.lastActivityAt).toBe(Date.UTC(2026, 10, 19, 1))
    expect((await store.lead('acme', 'L-1'))?.firstTouchAt).toBe(Date.UTC(2026, 10, 19, 2))
    const history = { opportunity: 'D7', from: 'S1', to: 'S2', at: '2026-11-19', by: 'ae' }
    expect((await send('stage-history', [history])).body).toMatchObject({ added: 1 })
    expect((await send('stage-history', [history])).body).toMatchObject({ added: 0, unchanged: 1 })
  })

  it('a change of role or reporting line is told to the administrators and audited', async () => {
    await send('people', [{ id: 'ops', name: 'Sora', roles: ['sales_ops'] }])
    expect((await send('people', [{ id: 'ae', roles: ['ae', 'sales_manager'] }])).body).toMatchObject({
      changed: 1,
    })
    const told = await store.database.read
      .selectFrom('deliveries')
      .select(['lane', 'subject_id'])
      .where('company_id', '=', 'acme')
      .where('card', '=', 'person.changed')
      .execute()
    expect(told).toEqual([{ lane: '["person","ops"]', subject_id: 'ae' }])
    const [entry] = await store.auditOf('acme', { noun: 'person', id: 'ae' }, 1)
    expect(entry).toMatchObject({ what: 'person.changed', platform: 'api' })
  })

  it.each<[string, () => Promise<{ status: number; body: { error?: string } }>, number, string]>([
    ['without a token', () => send('people', [], { authorization: '' }), 401, 'token create'],
    ['with a token nobody made', () => send('people', [], { authorization: 'Bearer dd_x' }), 401, 'revoked'],
    ['to a place that is none', () => send('nothing', []), 404, 'opportunities'],
    ['that is no JSON', () => send('people', '[{'), 422, 'not JSON'],
    ['that is no array', () => send('people', { id: 'x' }), 422, 'array'],
    ['with a row that is no object', () => send('people', [{ id: 'x' }, 7]), 422, 'Row 1'],
    ['with too many rows', () => send('people', Array(mostRows + 1).fill({ id: 'x' })), 413, 'most is'],
    ['that is too large', () => send('people', `["${'x'.repeat(mostBytes)}"]`), 413, 'MB'],
    ['that is a form', () => send('people', '[]', { 'content-type': 'text/plain' }), 415, 'Content-Type'],
  ])('B5.27 a request %s is turned away with a sentence', async (_name, request, status, holds) => {
    const answer = await request()
    expect(answer.status).toBe(status)
    expect(answer.body.error).toContain(holds)
  })

  it('a token sends only what its scopes name', async () => {
    const own = (await store.createToken({ company: 'acme', label: 'leads', scopes: ['leads'] }, by)).token
    const as = { authorization: `Bearer ${own}` }
    expect((await send('leads', [], as)).status).toBe(200)
    expect(await send('people', [], as)).toMatchObject({ status: 403 })
  })

  it('B5.44 a token that floods is told when to come again', async () => {
    waits = 7
    expect(await send('leads', [])).toMatchObject({
      status: 429,
      body: { error: expect.stringContaining('7 s') },
    })
    waits = 0
  })

  it('requests that come together wait for each other, and all are taken', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) => send('leads', [{ id: `L-t${at}`, name: `Lead ${at}` }])),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  })
})
