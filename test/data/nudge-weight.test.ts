import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import type { NudgeRule } from '../../handlers/nudge-rule.ts'
import { nudgeRules } from '../../handlers/nudge-rules.ts'
import type { NudgeKind } from '../../src/canon/nudge.ts'
import { meddiccFields, type Opportunity } from '../../src/canon/opportunity.ts'
import type { Save } from '../../src/ports.ts'
import { engines, freshStore } from '../support/databases.ts'
import { account, addDeals, at, change, contact, deal, krw, settle } from './world.ts'

// What is told first, out of a record in several currencies, by the rates the company brought (fx.csv).

const usd = (amount: number) => ({ amount, currency: 'USD' })

describe.each(engines)('causes in several currencies on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => at } }))
    await settle(store, 'c')
    await store.database.transact((trx) =>
      trx
        .insertInto('fx')
        .values({ company_id: 'c', date: '2026-09-30', from: 'USD', to: 'KRW', rate: '1400', updated_at: at })
        .execute(),
    )
    const known = Object.fromEntries(meddiccFields.map((field) => [field, 'said']))
    const twins = (name: string, over: (of: string) => Partial<Opportunity>): Opportunity[] => [
      deal(`${name}-krw`, { amount: krw(20_000_000), ...over('krw') }),
      deal(`${name}-usd`, { amount: usd(1_000_000 * 3), ...over('usd') }),
    ]
    const settled = { stage: 'S4', meddicc: known, stageEnteredOn: '2026-09-30' } as const
    await addDeals(store, 'c', [
      ...twins('stalled', () => ({ ...settled, stageEnteredOn: '2026-08-01' })),
      ...twins('late', () => ({ ...settled, expectedCloseOn: '2026-09-01' })),
      ...twins('gap', () => ({ ...settled, meddicc: { identify_pain: 'slow' } })),
      ...twins('silent', (of) => ({
        ...settled,
        account: `A-${of}`,
        createdOn: '2026-01-01',
        meddicc: { ...known, champion: `K-${of}` },
      })),
    ])
    const arr = { krw: krw(20_000_000), usd: usd(3_000_000) }
    const accounts = (['krw', 'usd'] as const).map((of) =>
      account(`A-${of}`, { arr: arr[of], csm: 'ae', renewalOn: '2026-10-30' }),
    )
    await store.commit(
      change('c', {
        save: [
          ...accounts.map((next) => ({ noun: 'account' as const, next, expect: 'new' as const })),
          ...['krw', 'usd'].map((of) => ({
            noun: 'contact' as const,
            next: contact(`K-${of}`, { account: `A-${of}` }),
            expect: 'new' as const,
          })),
          ...accounts.flatMap(({ id }): Save[] => [
            {
              noun: 'health',
              next: {
                account: id,
                version: 1,
                score: 650,
                grade: 'at-risk',
                since: '2026-09-25',
                computedAt: at,
                rules: 'r',
              },
              expect: 'new',
            },
            {
              noun: 'health-task',
              next: {
                id: `T-${id}`,
                account: id,
                kind: 'plan',
                version: 1,
                status: 'open',
                openedAt: at,
                openedOn: '2026-09-25',
                score: 650,
                dueOn: '2026-10-25',
              },
              expect: 'new',
            },
          ]),
        ],
      }),
    )
  })
  afterAll(() => close())

  const weights = async (kind: NudgeKind): Promise<Record<string, number>> => {
    const desk: Parameters<NudgeRule['find']>[0] = {
      store,
      company: 'c',
      org: await store.org('c'),
      policy: await store.policy('c'),
      now: at,
      today: '2026-10-01',
    }
    const found: Record<string, number> = {}
    for await (const { subject, weight } of nudgeRules[kind]!.find(desk)) found[subject.id] = weight
    return found
  }

  it.each([
    ['stalled', 'stalled'],
    ['close-date-past', 'late'],
    ['meddicc-gap', 'gap'],
    ['champion-silent', 'silent'],
    ['renewal', 'A'],
    ['health-yellow', 'A'],
  ] as const)('%s: thirty thousand dollars weigh more than twenty million won', async (kind, name) => {
    const found = await weights(kind)
    expect(found[`${name}-krw`]).toBeGreaterThan(0)
    expect(found[`${name}-usd`]).toBeGreaterThan(found[`${name}-krw`]!)
  })
})
