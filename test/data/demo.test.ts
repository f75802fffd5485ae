import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import type { DataStore } from '../../data/store.ts'
import { contactNamed } from '../../src/canon/contact.ts'
import { route } from '../../src/canon/discount.ts'
import { mayStart } from '../../src/canon/handoff.ts'
import { evidenceKinds } from '../../src/canon/opportunity.ts'
import { roles } from '../../src/canon/people.ts'
import { missingFor } from '../../src/canon/stage.ts'
import { freshStore } from '../support/databases.ts'

const now = Date.UTC(2026, 10, 20, 3)

describe('the demo companies', () => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore('sqlite', { clock: { now: () => now } }))
    await loadDemo(store, () => now)
  })
  afterAll(() => close())

  it('are the same to the letter on the same day', () => {
    expect(demoCompanies('2026-11-20')).toEqual(demoCompanies('2026-11-20'))
  })

  it('have somebody for every role, and each person has a user of their own in Slack', () => {
    const [first] = demoCompanies('2026-11-20')
    expect(new Set(first?.people.flatMap((person) => person.roles))).toEqual(new Set(roles))
    const users = demoCompanies('2026-11-20').flatMap((company) =>
      company.people.map((person) => person.slackUser),
    )
    expect(new Set(users).size).toBe(users.length)
  })

  it('speak of people, teams and accounts that exist, and of channels whose members do', () => {
    for (const company of demoCompanies('2026-11-20')) {
      const people = new Set(company.people.map((person) => person.id))
      const accounts = new Set(company.accounts.map((account) => account.id))
      for (const deal of company.deals) {
        expect(people).toContain(deal.owner)
        if (deal.account) expect(accounts).toContain(deal.account)
      }
      for (const channel of company.channels)
        for (const member of channel.members) expect(people).toContain(member)
      for (const team of company.teams)
        expect(company.channels.map((channel) => channel.id)).toContain(team.slackChannel)
    }
  })

  it('are found by their Slack users', async () => {
    expect(await store.whoIs('slack', 'T0DEALDESK', 'U0SEOYEON')).toEqual({
      company: 'ondam',
      person: 'kim-seoyeon',
    })
    expect(await store.whoIs('slack', 'T0LARKFIELD', 'U0NOAH')).toEqual({
      company: 'larkfield',
      person: 'noah-brandt',
    })
  })

  it('let every AE ask for a discount of 32 % that three people must approve', async () => {
    for (const { id } of demoCompanies('2026-11-20')) {
      const org = await store.org(id)
      const policy = await store.policy(id)
      for (const person of [...org.people.values()].filter((each) => each.roles.includes('ae'))) {
        const deals = await store.dealsOf(id, person.id, 50)
        const deal = deals.find((each) => ['S4', 'S5', 'S6'].includes(each.stage) && each.listAmount)
        expect(deal, `${person.name} has a deal that is ready`).toBeDefined()
        const routed = route({ requester: person.id, discount: 3200 }, { now, org, policy, deal: deal! })
        expect(routed).toMatchObject({
          ok: true,
          next: { steps: [{ level: 'sales_manager' }, { level: 'vp_sales' }, { level: 'c_level' }] },
        })
      }
    }
  })

  it('have a record behind every open deal: the evidence of its gates, its people, and what was done', async () => {
    for (const { id, deals } of demoCompanies('2026-11-20')) {
      const policy = await store.policy(id)
      for (const { id: deal, stage } of deals.filter((each) => each.stage !== 'CW' && each.stage !== 'CL')) {
        const kept = (await store.deal(id, deal))!
        const missing = missingFor(kept, stage, policy).map(({ field }) => field)
        for (const kind of evidenceKinds) expect(missing, deal).not.toContain(kind)
        expect(kept.lastActivityAt, deal).toBeLessThan(now)
        const named = kept.account && kept.meddicc.champion
        if (named) {
          const contacts = await store.contactsOf(id, kept.account!, 50)
          expect(contactNamed(named, contacts)?.lastContactedAt, deal).toBeGreaterThan(0)
        }
      }
    }
  })

  it('have leads that their SDR can hand over', async () => {
    for (const { id, leads } of demoCompanies('2026-11-20')) {
      const org = await store.org(id)
      const own = leads.filter((lead) => lead.status === 'qualified')
      expect(own.length).toBeGreaterThan(0)
      for (const { id: of, owner } of own) {
        const world = { now, org, policy: await store.policy(id), lead: (await store.lead(id, of))! }
        expect(mayStart(org.people.get(owner)!, 'sdr-to-ae', world)).toBe(true)
        expect(await store.activitiesOf(id, { lead: of }, 5)).toHaveLength(1)
      }
    }
  })

  it('have given discounts that averages can be made of', async () => {
    const stats = await store.discountStats('ondam', {
      owner: 'lee-minjae',
      from: '2025-11-20',
      to: '2026-11-20',
    })
    expect(stats.deals).toBeGreaterThanOrEqual(5)
    expect(stats.average).toBeGreaterThan(1500)
  })

  it('are brought once: again on the same day changes nothing', async () => {
    const before = await store.deal('ondam', 'D-1042')
    await loadDemo(store, () => now)
    expect(await store.deal('ondam', 'D-1042')).toEqual(before)
  })
})
