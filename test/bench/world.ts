import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { companyAfter, newCompany } from '../../data/import/companies.ts'
import { planOf, rowsSource } from '../../data/import/plan.ts'
import { problemLine, runImport } from '../../data/import.ts'
import { openSqlite } from '../../data/sqlite.ts'
import { type DataStore, storeOn } from '../../data/store.ts'
import { registry } from '../../handlers/index.ts'
import type { Gesture } from '../../src/gesture.ts'
import { createIntake } from '../../src/intake.ts'
import type { Drawing } from '../../src/ports.ts'
import { morningIsOver } from '../support/morning.ts'

/** One company's people, all linked to one Slack workspace. */
export interface Company {
  readonly id: string
  readonly tenant: string
  /** One team each: manager `i` decides what AE `i` asks for. */
  readonly managers: readonly Member[]
  readonly aes: readonly Member[]
}

interface Member {
  readonly person: string
  readonly user: string
}

/** A request that waits for its manager, with the drawing that the manager's card carries. */
export interface Pending {
  readonly company: number
  readonly team: number
  readonly request: string
  readonly deal: string
  readonly drawing: string
}

/** A deal without a request, and a form its AE has open. */
export interface Free {
  readonly company: number
  readonly team: number
  readonly deal: string
  readonly drawing: string
}

export interface World {
  readonly file: string
  readonly companies: readonly Company[]
  readonly pending: readonly Pending[]
  readonly free: readonly Free[]
}

export interface WorldSize {
  readonly companies: number
  /** Teams a company: each a manager and an AE. */
  readonly teams: number
  readonly pending: number
  readonly free: number
}

/** Monday noon in Seoul: what follows from a decision is due at once. */
export const instant = Date.parse('2026-11-23T12:00:00+09:00')

const by = { by: 'system', platform: 'system' } as const

// Ids of one width, so that none is a part of another: the recorded statements are re-used by putting ids in their places.
const numbered = (letter: string, company: number, at: number) =>
  `${letter}${String(company).padStart(2, '0')}${String(at).padStart(6, '0')}`

/** Makes a database with companies, people, deals and open requests, through the product's own import and handlers. */
export async function buildWorld(file: string, size: WorldSize): Promise<World> {
  // Made once and thrown away after: nothing here has to survive a power cut.
  const database = openSqlite({ file, onWriter: (connection) => connection.pragma('synchronous = OFF') })
  const store = await storeOn(database, { clock: { now: () => instant } })
  try {
    const companies: Company[] = []
    for (let at = 0; at < size.companies; at++) companies.push(await buildCompany(store, at, size))
    // What is measured is what people do, not what is caught up at the start.
    await morningIsOver(store, instant)
    const place = <T>(count: number, make: (company: number, team: number, at: number) => T): T[] =>
      Array.from({ length: count }, (_, at) =>
        make(at % size.companies, Math.floor(at / size.companies) % size.teams, at),
      )
    const wanted = place(size.pending, (company, team, at) => ({
      company,
      team,
      deal: numbered('D', company, at),
      drawing: numbered('W', company, at),
    }))
    const pending: Pending[] = []
    for (const want of wanted) pending.push({ ...want, request: await ask(store, companies, want) })
    const free = place(size.free, (company, team, at) => ({
      company,
      team,
      deal: numbered('D', company, size.pending + at),
      drawing: numbered('F', company, at),
    }))
    await keepDrawings(store, companies, pending, free)
    await asIfDelivered(store, companies, pending)
    const world = { file, companies, pending, free }
    writeFileSync(`${file}.json`, JSON.stringify(world))
    return world
  } finally {
    await store.close()
  }
}

async function buildCompany(store: DataStore, at: number, size: WorldSize): Promise<Company> {
  const id = `company${at}`
  const tenant = numbered('T', at, 0)
  await store.addCompany(companyAfter(newCompany(id, 'KRW'), { name: `Company ${at}`, locale: 'ko' }), by)
  await store.bindTenant({ platform: 'slack', tenant, company: id }, by)
  const members = (letter: string): Member[] =>
    Array.from({ length: size.teams }, (_, team) => ({
      person: numbered(letter, at, team),
      user: numbered(`U${letter}`, at, team),
    }))
  const managers = members('M')
  const aes = members('A')
  const person = (member: Member, roles: string, more: Record<string, string>) => ({
    id: member.person,
    name: `사람 ${member.person}`,
    email: `${member.person.toLowerCase()}@example.com`,
    roles,
    slack_user: member.user,
    ...more,
  })
  const vp = { person: numbered('V', at, 0), user: numbered('UV', at, 0) }
  const chief = { person: numbered('C', at, 0), user: numbered('UC', at, 0) }
  const total = size.pending + size.free
  const deals = Array.from({ length: total }, (_, deal) => ({ deal, team: teamOf(deal, size) })).filter(
    ({ deal }) => (deal < size.pending ? deal : deal - size.pending) % size.companies === at,
  )
  const report = await runImport(
    store,
    planOf(
      [
        rowsSource(
          'teams',
          managers.map((manager, team) => ({
            id: numbered('G', at, team),
            name: `Team ${team}`,
            manager: manager.person,
          })),
        ),
        rowsSource('people', [
          person(chief, 'c_level', {}),
          person(vp, 'vp_sales', { manager: chief.person }),
          ...managers.map((manager, team) =>
            person(manager, 'sales_manager', { manager: vp.person, team: numbered('G', at, team) }),
          ),
          ...aes.map((ae, team) =>
            person(ae, 'ae', { manager: managers[team]!.person, team: numbered('G', at, team) }),
          ),
        ]),
        rowsSource('accounts', [
          { id: numbered('K', at, 0), name: '한빛전자', tier: 'T1', industry: 'electronics' },
        ]),
        rowsSource(
          'opportunities',
          deals.map(({ deal, team }) => ({
            id: numbered('D', at, deal),
            name: `데이터 플랫폼 ${deal}`,
            account: numbered('K', at, 0),
            owner: aes[team]!.person,
            amount: '120000000',
            list_amount: '120000000',
            currency: 'KRW',
            stage: 'S4',
            created_on: '2026-09-01',
            stage_entered_on: '2026-11-02',
            expected_close_on: '2026-12-20',
            metrics: 'Saves four hours a day in each plant',
            economic_buyer: 'CFO 박서준',
            champion: 'Plant manager',
          })),
        ),
      ],
      [],
      new Map(),
    ),
    { company: id, now: () => instant, asIs: true },
  )
  if (report.outcome === 'refused') throw new Error(report.problems.slice(0, 5).map(problemLine).join('\n'))
  return { id, tenant, managers, aes }
}

const teamOf = (deal: number, size: WorldSize): number =>
  Math.floor((deal < size.pending ? deal : deal - size.pending) / size.companies) % size.teams

/** An AE asks for 15 %: more than their own authority, so that their manager decides. */
async function ask(
  store: DataStore,
  companies: readonly Company[],
  want: Omit<Pending, 'request'>,
): Promise<string> {
  const company = companies[want.company]!
  const request = randomUUID()
  const intake = createIntake({
    store,
    clock: { now: () => instant },
    registry,
    linking: { link: async () => undefined },
    pace: { take: () => 0 },
    newId: () => request,
  })
  const key = `slack:submit:${want.deal}`
  const reply = await intake.take({
    ...submission(company, company.aes[want.team]!.user, want.deal, ''),
    key,
    fingerprint: key,
  })
  if (reply.kind !== 'close') throw new Error(`The request was not opened: ${JSON.stringify(reply)}`)
  return request
}

/** What an AE types into the form. */
export const answersFor = (deal: string) => ({ deal, discount: '15', reason: '경쟁사 대비 가격 조건' })

function submission(
  company: Company,
  user: string,
  deal: string,
  drawing: string,
): Extract<Gesture, { kind: 'submit' }> {
  return {
    platform: 'slack',
    tenant: company.tenant,
    user,
    outsider: false,
    key: '',
    fingerprint: '',
    at: instant,
    place: { kind: 'form' },
    kind: 'submit',
    form: 'discount.request',
    drawing,
    answers: answersFor(deal),
  } as Extract<Gesture, { kind: 'submit' }>
}

async function keepDrawings(
  store: DataStore,
  companies: readonly Company[],
  pending: readonly Pending[],
  free: readonly Free[],
): Promise<void> {
  for (const [at, company] of companies.entries()) {
    const drawings: Drawing[] = [
      ...pending
        .filter((each) => each.company === at)
        .map((each) => ({
          id: each.drawing,
          subject: { noun: 'discount' as const, id: each.request },
          version: 1,
          step: 1,
          viewer: company.managers[each.team]!.person,
          shown: { status: 'pending', discount: 1_500, list: 120_000_000, price: 102_000_000, stage: 'S4' },
          at: instant,
        })),
      ...free
        .filter((each) => each.company === at)
        .map((each) => ({
          id: each.drawing,
          subject: { noun: 'deal' as const, id: each.deal },
          version: 1,
          viewer: company.aes[each.team]!.person,
          shown: {},
          at: instant,
        })),
    ]
    for (let from = 0; from < drawings.length; from += 500)
      await store.saveDrawings(company.id, drawings.slice(from, from + 500))
  }
}

/** Every card is where it belongs: the requester's and the manager's hang in their DMs, and nothing is on its way. */
async function asIfDelivered(
  store: DataStore,
  companies: readonly Company[],
  pending: readonly Pending[],
): Promise<void> {
  await store.database.transact(async (trx) => {
    await trx.deleteFrom('deliveries').execute()
    await trx.deleteFrom('jobs').execute()
    const now = Date.now()
    for (const each of pending) {
      const company = companies[each.company]!
      for (const [card, member] of [
        ['discount.request', company.aes[each.team]!],
        ['discount.decision', company.managers[each.team]!],
      ] as const)
        await trx
          .insertInto('placed_cards')
          .values({
            company_id: company.id,
            subject_noun: 'discount',
            subject_id: each.request,
            card,
            lane: JSON.stringify(['person', member.person]),
            platform: 'slack',
            tenant: company.tenant,
            channel: `D${member.user}`,
            message: `${each.drawing}.${card}`,
            digest: '',
            state: 'live',
            posted_at: now,
            updated_at: now,
          })
          .execute()
    }
  })
}
