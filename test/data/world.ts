import { dealRow } from '../../data/opportunity.ts'
import { upsertPeople, upsertTeams } from '../../data/people.ts'
import type { DataStore } from '../../data/store.ts'
import type { Account } from '../../src/canon/account.ts'
import type { Activity } from '../../src/canon/activity.ts'
import type { Contact } from '../../src/canon/contact.ts'
import type { DiscountRequest, Step } from '../../src/canon/discount.ts'
import type { Handoff } from '../../src/canon/handoff.ts'
import type { Lead } from '../../src/canon/lead.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import type { Company, Person, Team } from '../../src/canon/people.ts'
import type { StageEntry } from '../../src/canon/stage.ts'
import type { AuditEntry, Change, Save } from '../../src/ports.ts'

export const at = Date.UTC(2026, 9, 1, 3)

export const by = { by: 'cli', platform: 'cli' } as const

export const company = (id: string, over: Partial<Company> = {}): Company => ({
  id,
  name: `Company ${id}`,
  locale: 'ko',
  currency: 'KRW',
  fiscalYearStart: 1,
  working: { timeZone: 'Asia/Seoul', days: [1, 2, 3, 4, 5], start: '09:00', end: '18:00', holidays: [] },
  ...over,
})

export const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  name: `Name of ${id}`,
  roles: ['ae'],
  active: true,
  admin: false,
  ...over,
})

export const krw = (amount: number) => ({ amount, currency: 'KRW' })

export const deal = (id: string, over: Partial<Opportunity> = {}): Opportunity => ({
  id,
  name: `Deal ${id}`,
  owner: 'ae',
  amount: krw(100_000_000),
  listAmount: krw(125_000_000),
  stage: 'S4',
  meddicc: {},
  updatedAt: at,
  version: 1,
  ...over,
})

export const step = (people: readonly string[], over: Partial<Step> = {}): Step => ({
  order: 1,
  kind: 'rung',
  level: 'sales_manager',
  covers: ['sales_manager'],
  people,
  need: 'any',
  state: 'open',
  decisions: [],
  alsoMayDecide: [],
  openedAt: at,
  ...over,
})

export const request = (id: string, over: Partial<DiscountRequest> = {}): DiscountRequest => ({
  id,
  deal: 'D1',
  requester: 'ae',
  version: 1,
  status: 'pending',
  discount: 1500,
  asked: 1500,
  list: krw(125_000_000),
  price: krw(106_250_000),
  stage: 'S4',
  reason: 'the competitor is at our throat',
  policyVersion: 1,
  openedAt: at,
  expiresAt: at + 14 * 86_400_000,
  steps: [step(['manager'])],
  conversation: [],
  notices: [],
  ...over,
})

export const opened = (
  next: DiscountRequest,
  over: Partial<Extract<Save, { noun: 'discount' }>> = {},
): Save => ({
  noun: 'discount',
  next,
  expect: 'new',
  waiting: ['manager'],
  dueAt: at + 86_400_000,
  ...over,
})

export const account = (id: string, over: Partial<Account> = {}): Account => ({
  id,
  name: `Account ${id}`,
  updatedAt: at,
  version: 1,
  ...over,
})

export const contact = (id: string, over: Partial<Contact> = {}): Contact => ({
  id,
  account: 'A-1',
  name: `Contact ${id}`,
  version: 1,
  ...over,
})

export const lead = (id: string, over: Partial<Lead> = {}): Lead => ({
  id,
  name: `Lead ${id}`,
  status: 'working',
  updatedAt: at,
  version: 1,
  ...over,
})

export const activity = (id: string, over: Partial<Activity> = {}): Activity => ({
  id,
  kind: 'meeting',
  happenedAt: at - 86_400_000,
  loggedAt: at,
  ...over,
})

export const entry = (of: string, over: Partial<StageEntry> = {}): StageEntry => ({
  deal: of,
  to: 'S4',
  at,
  by: 'ae',
  door: 'slack',
  ...over,
})

export const handoff = (id: string, over: Partial<Handoff> = {}): Handoff => ({
  id,
  kind: 'ae-to-cs',
  version: 1,
  status: 'submitted',
  deal: 'D1',
  sender: 'ae',
  receiver: 'csm',
  items: {},
  policyVersion: 1,
  openedAt: at,
  openedBy: 'ae',
  turnSince: at,
  returns: [],
  milestones: [],
  ...over,
})

/** What a sent handoff is saved with. */
export const asked = { expect: 'new', waiting: ['csm'], dueAt: at + 86_400_000 } as const

export const line = (what: string, over: Partial<AuditEntry> = {}): AuditEntry => ({
  at,
  what,
  by: 'ae',
  platform: 'slack',
  subject: { noun: 'discount', id: 'R1' },
  ...over,
})

export const change = (id: string, over: Partial<Change> = {}): Change => ({
  company: id,
  save: [],
  audit: [],
  deliveries: [],
  ...over,
})

/** A company with two people, a team, a bound workspace with one linked user, and one deal. */
export async function settle(store: DataStore, id: string, tenant = `T-${id}`): Promise<void> {
  await store.addCompany(company(id), by)
  await store.bindTenant({ platform: 'slack', tenant, company: id }, by)
  await store.database.transact(async (trx) => {
    await upsertTeams(trx, id, [team('north')], at)
    await upsertPeople(
      trx,
      id,
      [person('ae', { manager: 'manager' }), person('manager', { roles: ['sales_manager'] })],
      at,
    )
    await trx
      .insertInto('opportunities')
      .values(dealRow(id, deal('D1')))
      .execute()
  })
  await store.commit(
    change(id, { save: [{ noun: 'identity', platform: 'slack', tenant, user: 'U-ae', person: 'ae' }] }),
  )
}

const team = (id: string, over: Partial<Team> = {}): Team => ({ id, name: `Team ${id}`, ...over })

export async function addDeals(store: DataStore, id: string, deals: readonly Opportunity[]): Promise<void> {
  await store.database.transact(async (trx) => {
    for (const each of deals) await trx.insertInto('opportunities').values(dealRow(id, each)).execute()
  })
}
