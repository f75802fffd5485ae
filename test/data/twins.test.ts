import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import { dimensions, metricSources } from '../../src/canon/metric.ts'
import type { Store } from '../../src/ports.ts'
import { engines, freshStore } from '../support/databases.ts'
import { customers, seedCustomers } from './twins-customers.ts'
import { nudges, seedNudges } from './twins-nudge.ts'
import { renewals, seedRenewals } from './twins-renewal.ts'
import { scans, seedScans } from './twins-scan.ts'
import {
  account,
  activity,
  addDeals,
  asked,
  at,
  by,
  change,
  company,
  contact,
  deal,
  entry,
  handoff,
  krw,
  lead,
  line,
  opened,
  request,
  settle,
} from './world.ts'

const twins = ['left', 'right'] as const
type Twin = (typeof twins)[number]

/** Everything that belongs to one company carries its name somewhere; whatever names the other has leaked. */
const mark = (twin: Twin) => `only-${twin}`
const subject = { noun: 'discount', id: 'R1' } as const
const day = '2026-05-04'
const days = {
  today: day,
  quarterTo: '2026-06-30',
  nextTo: '2026-09-30',
  stalledBefore: '2036-01-01',
} as const
/** Long enough for everything that was seeded. */
const ages = { from: '2000-01-01', to: '2100-01-01', since: 0, until: at + 1e12 } as const
const ref = { platform: 'slack', tenant: 'T-shared', channel: 'C1', message: '1.1' } as const

async function seed(store: DataStore, twin: Twin): Promise<void> {
  const own = mark(twin)
  await settle(store, twin)
  await addDeals(store, twin, [
    deal('D2', { name: own, accountName: own, accountCsm: 'csm', product: 'p' }),
    deal('W1', {
      stage: 'CW',
      closedOn: '2026-05-01',
      listAmount: krw(1_000),
      price: krw(twin === 'left' ? 900 : 500),
    }),
  ])
  await store.commit(
    change(twin, {
      save: [
        opened(request('R1', { reason: own })),
        opened(request('R2', { deal: 'D2', status: 'approved', settledAt: at, reason: own }), {
          waiting: [],
        }),
      ],
      audit: [line('discount.requested', { detail: { own } })],
      drawings: [{ id: 'W1', subject, version: 1, shown: { own }, at }],
      once: { key: 'K1', fingerprint: own, reply: own },
    }),
  )
  await store.commit(
    change(twin, {
      save: [
        { noun: 'account', next: account('A-1', { name: own, csm: 'csm' }), expect: 'new' },
        { noun: 'contact', next: contact('C-1', { name: own, department: own }), expect: 'new' },
        { noun: 'lead', next: lead('L-1', { name: own, owner: 'ae' }), expect: 'new' },
        {
          noun: 'opportunity',
          next: deal('D3', { name: own, account: 'A-1' }),
          expect: 'new',
          entry: entry('D3', { reason: own }),
        },
        { noun: 'activity', next: activity('X-1', { deal: 'D3', contact: 'C-1', note: own }) },
        { noun: 'handoff', next: handoff('H-1', { deal: 'D3', items: { pain: own } }), ...asked },
      ],
    }),
  )
  await seedHealth(store, twin)
  await seedScans(store, twin, own)
  await seedRenewals(store, twin, own)
  await seedNudges(store, twin, own)
  await seedCustomers(store, twin, own)
  await store.commit(
    change(twin, {
      save: [
        {
          noun: 'report',
          next: {
            id: 'P-1',
            kind: 'weekly-digest',
            of: { noun: 'team', id: own },
            slot: day,
            at,
            body: { own },
          },
        },
        {
          noun: 'report',
          next: {
            id: own,
            kind: 'personal-summary',
            of: { noun: 'person', id: 'ae' },
            slot: day,
            at,
            body: {},
          },
        },
        {
          noun: 'pipeline-snapshot',
          cells: [
            {
              takenOn: day,
              team: 't',
              facet: 'owner',
              value: own,
              stage: 'S4',
              currency: 'KRW',
              deals: 1,
              amount: 1,
            },
          ],
        },
        {
          noun: 'forecast-snapshot',
          rows: [
            {
              quarter: '2026-Q2',
              team: own,
              currency: 'KRW',
              takenAt: at,
              weighted: 1,
              commit: 1,
              best: 1,
              pipeline: 1,
              won: 1,
            },
          ],
        },
      ],
    }),
  )
  await store.database.transact(async (trx) => {
    await trx
      .insertInto('deliveries')
      .values({
        company_id: twin,
        lane: '["person","ae"]',
        kind: 'tell',
        card: 'c',
        subject_noun: 'discount',
        subject_id: 'R1',
        line: null,
        once_key: null,
        coalesce_key: null,
        state: 'dead',
        after_at: at,
        first_tried_at: null,
        sending_since: null,
        sending_to: null,
        what: 'refused',
        why: own,
        held_by: null,
        cause: null,
        created_at: at,
        settled_at: at,
      })
      .execute()
    await trx
      .insertInto('placed_cards')
      .values({
        company_id: twin,
        subject_noun: 'discount',
        subject_id: 'R1',
        card: own,
        lane: '["person","ae"]',
        ...ref,
        digest: own,
        state: 'live',
        posted_at: at,
        updated_at: at,
      })
      .execute()
  })
  await store.database.transact(async (trx) => {
    const numbers = { company_id: twin, updated_at: at }
    const usd = twin === 'left' ? 'USD' : 'EUR'
    await trx
      .insertInto('revenue')
      .values({
        ...numbers,
        account: 'A-1',
        month: '2026-01',
        currency: usd,
        mrr: 5,
        expansion: 1,
        contraction: 0,
        churn: 0,
      })
      .execute()
    await trx
      .insertInto('costs')
      .values({ ...numbers, period: '2026', currency: usd, sm_cost: 7 })
      .execute()
    await trx
      .insertInto('fx')
      .values({ ...numbers, date: '2026-01-01', from: usd, to: 'KRW', rate: '1300' })
      .execute()
  })
  await store.createToken({ company: twin, label: own, scopes: [] }, by)
  await store.saveInstallation({ platform: 'slack', tenant: `T-${twin}`, company: twin, content: { own } })
  await store.takeSlot('digest', twin, twin === 'left' ? '2026-01-01' : '2026-02-02', 60_000)
}

/** Equal accounts, signals and tasks in both, and each text its own. */
async function seedHealth(store: DataStore, twin: Twin): Promise<void> {
  const own = mark(twin)
  const score = twin === 'left' ? 411 : 422
  await store.commit(
    change(twin, {
      save: [
        {
          noun: 'health-signal',
          next: {
            account: 'A-1',
            component: 'adoption',
            score,
            measuredOn: '2026-05-01',
            recordedAt: at,
            by: own,
            door: 'api',
          },
        },
        {
          noun: 'health',
          next: {
            account: 'A-1',
            version: 1,
            score,
            grade: 'critical',
            since: '2026-05-01',
            computedAt: at,
            rules: own,
          },
          expect: 'new',
          change: { account: 'A-1', at, on: '2026-05-01', to: 'critical', score },
        },
        {
          noun: 'health-task',
          next: {
            id: 'HT-1',
            account: 'A-1',
            kind: 'review',
            version: 1,
            status: 'open',
            openedAt: at,
            openedOn: '2026-05-01',
            score,
            note: own,
          },
          expect: 'new',
        },
      ],
    }),
  )
}

/** The nightly walks, each over one company. */
function walksOf<K extends string>(
  each: Readonly<Record<K, (store: DataStore, company: string, own: string) => unknown>>,
): Record<K, (store: DataStore, twin: Twin) => unknown> {
  const walks = Object.entries(each) as [K, (typeof each)[K]][]
  return Object.fromEntries(
    walks.map(([name, read]) => [name, (store: DataStore, twin: Twin) => read(store, twin, mark(twin))]),
  ) as Record<K, (store: DataStore, twin: Twin) => unknown>
}

/** One walk over every reading member of the store, for one company. */
const reads: {
  [K in Exclude<keyof Store, 'commit' | 'saveDrawings' | 'retryDelivery' | 'dismissDelivery'>]: (
    store: DataStore,
    twin: Twin,
  ) => unknown
} = {
  whoIs: (store, twin) => store.whoIs('slack', `T-${twin}`, 'U-ae'),
  tenantsOf: (store, twin) => store.tenantsOf(twin),
  org: (store, twin) => store.org(twin),
  policy: (store, twin) => store.policy(twin),
  seen: (store, twin) => store.seen(twin, 'K1'),
  deal: (store, twin) => store.deal(twin, 'D2'),
  findDeals: async (store, twin) => [
    await store.findDeals(twin, { all: true }, 'only', 10),
    await store.findDeals(twin, { all: true }, '', 10),
    await store.findDeals(twin, { all: false, owners: ['ae'], csm: 'csm' }, '', 10),
    await store.findDeals(
      twin,
      { all: false, owners: Array.from({ length: 40 }, (_, i) => `x${i}`).concat('ae') },
      '',
      10,
    ),
  ],
  dealsOf: (store, twin) => store.dealsOf(twin, 'ae', 10),
  dealsNamed: (store, twin) => store.dealsNamed(twin, mark(twin), 10),
  openByStage: (store, twin) => store.openByStage(twin, 'all'),
  discountStats: (store, twin) => store.discountStats(twin, { from: '2026-01-01', to: '2026-12-31' }),
  discount: (store, twin) => store.discount(twin, 'R1'),
  openDiscount: (store, twin) => store.openDiscount(twin, 'D1'),
  discountsOfDeal: (store, twin) => store.discountsOfDeal(twin, 'D1', 10),
  waitingFor: (store, twin) => store.waitingFor(twin, 'manager', 10),
  askedBy: (store, twin) => store.askedBy(twin, 'ae', 10),
  dueDiscounts: async (store, twin) =>
    (await store.dueDiscounts(at + 1e12, 10)).filter((each) => each.company === twin),
  openDiscountsWith: (store, twin) => store.openDiscountsWith(twin, ['manager']),
  account: (store, twin) => store.account(twin, 'A-1'),
  findAccounts: (store, twin) => store.findAccounts(twin, { all: true }, '', 10),
  dealsOfAccount: (store, twin) => store.dealsOfAccount(twin, 'A-1', 10),
  contact: (store, twin) => store.contact(twin, 'C-1'),
  contactsOf: (store, twin) => store.contactsOf(twin, 'A-1', 10),
  activitiesOf: (store, twin) => store.activitiesOf(twin, { account: 'A-1' }, 10),
  lead: (store, twin) => store.lead(twin, 'L-1'),
  findLeads: (store, twin) => store.findLeads(twin, { all: false, owners: ['ae'] }, '', 10),
  stageHistory: (store, twin) => store.stageHistory(twin, 'D3', 10),
  handoff: (store, twin) => store.handoff(twin, 'H-1'),
  handoffsOf: (store, twin) => store.handoffsOf(twin, { deal: 'D3' }, 10),
  openHandoff: (store, twin) => store.openHandoff(twin, 'ae-to-cs', { deal: 'D3' }),
  handoffsWaitingFor: (store, twin) => store.handoffsWaitingFor(twin, 'csm', 10),
  handoffsSentBy: (store, twin) => store.handoffsSentBy(twin, 'ae', 10),
  dueHandoffs: async (store, twin) =>
    (await store.dueHandoffs(at + 1e12, 10)).filter((each) => each.company === twin),
  accountsInContact: async (store, twin) =>
    (await store.accountsInContact(0, at + 1e12, 10)).filter((each) => each.company === twin),
  openHandoffsWith: (store, twin) => store.openHandoffsWith(twin, ['ae']),
  healthOf: (store, twin) => store.healthOf(twin, 'A-1'),
  signalsOf: (store, twin) => store.signalsOf(twin, 'A-1', 10),
  healthHistory: (store, twin) => store.healthHistory(twin, 'A-1', 10),
  healthTask: (store, twin) => store.healthTask(twin, 'HT-1'),
  healthTasksOf: (store, twin) => store.healthTasksOf(twin, 'A-1', 10),
  openHealthTasks: (store, twin) => store.openHealthTasks(twin, 'review', '', 10),
  healthMix: (store, twin) => store.healthMix(twin, { all: true }),
  healthList: (store, twin) => store.healthList(twin, { all: true }, 10),
  healthToCompute: (store, twin) => store.healthToCompute(twin, mark(twin), 10),
  pipelineCells: (store, twin) =>
    Promise.all(
      (['product', 'industry'] as const).map((by) => store.pipelineCells(twin, 'all', days, { by })),
    ),
  pipelineSnapshot: (store, twin) => store.pipelineSnapshot(twin, ['t'], '2026-05-01', day),
  dealMoves: (store, twin) => store.dealMoves(twin, 'all', ages),
  wonCells: (store, twin) => store.wonCells(twin, 'all', '2026-01-01', '2026-12-31'),
  riskRows: (store, twin) => store.riskRows(twin, 'all', days, 0, 5),
  givenDiscounts: (store, twin) => store.givenDiscounts(twin, 0, at + 1e12),
  closedCells: (store, twin) => store.closedCells(twin, 'all', '2026-01-01', '2026-12-31'),
  forecastSnapshots: (store, twin) => store.forecastSnapshots(twin, '2026-Q2'),
  report: (store, twin) => store.report(twin, 'P-1'),
  reportIds: (store, twin) => store.reportIds(twin, 'personal-summary', day),
  // The names of all companies are what the portfolio report is of; each is asked for by itself after that.
  comparedCompanies: async (store, twin) => (await store.comparedCompanies()).filter((id) => id === twin),
  fxRates: (store, twin) => store.fxRates(twin, '2026-12-31'),
  metricSource: async (store, twin) =>
    Promise.all(metricSources.map((source) => store.metricSource(twin, source))),
  metricSums: async (store, twin) =>
    Promise.all(
      metricSources.flatMap((source) =>
        [undefined, ...dimensions].map((dimension) =>
          store.metricSums(twin, source, {
            periods: [{ kind: 'quarter', from: '2026-01-01', to: '2026-12-31' }],
            ...(dimension && { by: dimension }),
            owners: 'all',
            now: at + 86_400_000,
            today: '2026-10-02',
            working: company(twin).working,
            stalledAfterDays: 30,
          }),
        ),
      ),
    ),
  drawing: (store, twin) => store.drawing(twin, 'W1'),
  cardsOf: (store, twin) => store.cardsOf(twin, subject),
  cardAt: (store, twin) => store.cardAt(twin, ref),
  identitiesOf: (store, twin) => store.identitiesOf(twin, 'ae'),
  linkedPeople: (store, twin) => store.linkedPeople(twin),
  auditOf: (store, twin) => store.auditOf(twin, subject, 10),
  deadDeliveries: (store, twin) => store.deadDeliveries(twin, 10),
  ...walksOf(scans),
  ...walksOf(nudges),
  ...renewals,
  ...customers,
}

const administrative: Record<string, (store: DataStore, twin: Twin) => unknown> = {
  tokens: (store, twin) => store.tokens(twin),
  bindings: (store, twin) => store.bindings(twin),
  installation: (store, twin) => store.installation('slack', `T-${twin}`),
  installations: (store, twin) => store.installations(twin),
  lastSlot: (store, twin) => store.lastSlot('digest', twin),
  verifyAudit: (store, twin) => store.verifyAudit(twin),
  auditRows: async (store, twin) => {
    const rows = []
    for await (const row of store.auditRows(twin)) rows.push(row)
    return rows
  },
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_key, held) =>
    held instanceof Map ? [...held] : held instanceof Set ? [...held] : (held as unknown),
  ) ?? ''

describe.each(engines)('two companies with equal ids on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  const encryptionKey = Buffer.alloc(32, 7)
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { encryptionKey }))
    for (const twin of twins) await seed(store, twin)
  })
  afterAll(() => close())

  const walk = Object.entries({ ...reads, ...administrative })

  it.each(walk)('B5.84 %s answers one company and never the other', async (_name, read) => {
    const answers = { left: text(await read(store, 'left')), right: text(await read(store, 'right')) }
    for (const twin of twins) {
      const other = twin === 'left' ? 'right' : 'left'
      expect(answers[twin]).not.toContain(mark(other))
      expect(answers[twin]).not.toMatch(new RegExp(`"(company|tenant)":"(T-)?${other}"`))
      // An answer without anything in it would prove nothing.
      expect(answers[twin].replaceAll(/[^\w]|null|undefined|total|requests|deals|0/g, '')).not.toBe('')
    }
  })

  it('B5.84 a change in one company leaves its twin as it was', async () => {
    const before = await everything(store, 'right')
    await store.commit(
      change('left', {
        save: [
          { noun: 'deal', id: 'D2', expect: 1, set: { approvedDiscount: 1 } },
          { noun: 'person', id: 'ae', set: { locale: 'en', admin: true } },
          opened(request('R1', { version: 2, status: 'withdrawn', settledAt: at }), {
            expect: 1,
            waiting: [],
          }),
        ],
        audit: [line('discount.withdrawn')],
        drawings: [{ id: 'W2', subject, version: 1, shown: {}, at }],
      }),
    )
    await store.forgetPerson('left', 'manager', by)
    const [token] = await store.tokens('left')
    expect(await store.revokeToken('right', token!.id, by)).toBe(false)
    expect(await everything(store, 'right')).toBe(before)
  })

  async function everything(from: DataStore, twin: Twin): Promise<string> {
    const answers: string[] = []
    for (const [name, read] of walk) answers.push(`${name} ${text(await read(from, twin))}`)
    return answers.join('\n')
  }
})
