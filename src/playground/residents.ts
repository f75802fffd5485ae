import { createHash } from 'node:crypto'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import type { DataStore } from '../../data/store.ts'
import { localDate } from '../canon/calendar.ts'
import type { Company, Org, Person } from '../canon/people.ts'
import type { Clock } from '../ports.ts'
import { workspaceOfDemo, workspaceOfOrg } from './companies.ts'
import type { Playground } from './playground.ts'
import type { WorkspaceSeed } from './slack/seed.ts'
import { madeUser, tenantOfDemo, tenantOfOrg } from './teams/companies.ts'
import { guidOf } from './teams/ids.ts'
import type { TenantSeed } from './teams/seed.ts'

const system = { by: 'system', platform: 'system' } as const

/** A workspace made for a company that is bound to none: only there does the playground link people itself. */
const madeTenant = (company: string): string =>
  `T0PLAY${createHash('sha256').update(company).digest('hex').slice(0, 8).toUpperCase()}`

/** … and a Microsoft 365 tenant. */
const madeTeamsTenant = (company: string): string => guidOf(`playground/${company}`)

type Platform = 'slack' | 'teams'
const made: Record<Platform, (company: string) => string> = { slack: madeTenant, teams: madeTeamsTenant }

/** The companies as the switcher lists them: the demo's first, as it introduces them. */
function inDemoOrder(companies: readonly Company[]): readonly Company[] {
  const order = demoCompanies('2026-01-01').map((demo) => demo.id)
  const rank = (company: Company) => (order.includes(company.id) ? order.indexOf(company.id) : order.length)
  return [...companies].sort((a, b) => rank(a) - rank(b))
}

/** Loads the demo companies into a database that has none. */
export async function loadDemoOnce(store: DataStore, clock: Clock): Promise<void> {
  const there = new Set((await store.companies()).map((company) => company.id))
  const wanted = demoCompanies(localDate(clock.now(), 'Asia/Seoul'))
  if (!wanted.some((demo) => there.has(demo.id))) await loadDemo(store, () => clock.now(), { teams: true })
}

/** Keeps the local Slack's workspaces and the local Teams' tenants in step with the companies and people of the database. */
export class Residents {
  readonly #store: DataStore
  readonly #clock: Clock
  readonly #stamps = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: DataStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Brings in whoever is new. An import may run in another process, so this is asked again and again. */
  async settle(playground: Pick<Playground, 'plant' | 'plantTenant'>): Promise<void> {
    for (const company of inDemoOrder(await this.#store.companies())) {
      const org = await this.#store.org(company.id)
      if (this.#stamps.get(company.id) === org.stamp) continue
      playground.plant(await this.#workspaceOf(company, org))
      playground.plantTenant(await this.#teamsTenantOf(company, org))
      this.#stamps.set(company.id, (await this.#store.org(company.id)).stamp)
    }
  }

  watch(
    playground: Pick<Playground, 'plant' | 'plantTenant' | 'announce'>,
    onError: (error: unknown) => void,
    everyMs = 5_000,
  ): void {
    let running = false
    this.#timer = setInterval(() => {
      if (running) return
      running = true
      this.settle(playground)
        .then(() => playground.announce())
        .catch(onError)
        .finally(() => {
          running = false
        })
    }, everyMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #workspaceOf(company: Company, org: Org): Promise<WorkspaceSeed> {
    const tenant = await this.#tenantOf(company.id, 'slack')
    const users = await this.#usersOf(company.id, org, 'slack', tenant)
    const seed = workspaceOfOrg(org, tenant, (person) => users.get(person.id))
    if (tenant === madeTenant(company.id))
      for (const [index, person] of [...org.people.values()].entries())
        if (!users.has(person.id))
          await this.#link(company.id, 'slack', tenant, person, seed.users[index]!.id)
    return withDemo(seed, this.#clock)
  }

  /** People of a demo company are linked too: the database may be older than its Teams. */
  async #teamsTenantOf(company: Company, org: Org): Promise<TenantSeed> {
    const demo = demoCompanies(localDate(this.#clock.now(), 'Asia/Seoul')).find(
      (one) => one.id === company.id,
    )
    const tenant = await this.#tenantOf(company.id, 'teams', demo?.teamsTenant)
    const users = await this.#usersOf(company.id, org, 'teams', tenant)
    const ours = tenant === madeTeamsTenant(company.id) || tenant === demo?.teamsTenant
    for (const person of org.people.values()) {
      if (users.has(person.id) || !ours) continue
      const known = demo?.people.find((one) => one.id === person.id)
      const user = known?.teamsUser ?? madeUser(tenant, person.id)
      users.set(person.id, user)
      await this.#link(company.id, 'teams', tenant, person, user)
    }
    const seed = tenantOfOrg(org, tenant, (person) => users.get(person.id))
    if (demo?.teamsTenant !== tenant) return seed
    const drawn = tenantOfDemo(demo)
    const later = seed.users.filter((user) => !drawn.users.some((one) => one.id === user.id))
    const gone = new Set(seed.users.filter((user) => user.deleted).map((user) => user.id))
    return {
      ...drawn,
      users: [...drawn.users.map((user) => ({ ...user, deleted: gone.has(user.id) })), ...later],
    }
  }

  /** The users of the people who have one there, by person. */
  async #usersOf(
    company: string,
    org: Org,
    platform: Platform,
    tenant: string,
  ): Promise<Map<string, string>> {
    const users = new Map<string, string>()
    for (const person of org.people.values()) {
      const identities = await this.#store.identitiesOf(company, person.id)
      const known = identities.find((one) => one.platform === platform && one.tenant === tenant)
      if (known) users.set(person.id, known.user)
    }
    return users
  }

  async #tenantOf(company: string, platform: Platform, wanted = made[platform](company)): Promise<string> {
    const bindings = await this.#store.bindings(company)
    const bound = bindings.find((binding) => binding.platform === platform)
    if (bound) return bound.tenant
    await this.#store.bindTenant({ platform, tenant: wanted, company }, system)
    return wanted
  }

  async #link(
    company: string,
    platform: Platform,
    tenant: string,
    person: Person,
    user: string,
  ): Promise<void> {
    await this.#store.commit({
      company,
      save: [{ noun: 'identity', platform, tenant, user, person: person.id }],
      audit: [
        {
          at: this.#clock.now(),
          what: 'person.linked',
          by: 'system',
          platform: 'cli',
          subject: { noun: 'person', id: person.id },
          detail: { how: 'playground', tenant, user },
        },
      ],
      deliveries: [],
    })
  }
}

/** What a client shows of the demo's people and channels beyond what the product keeps: titles, colours, topics. */
function withDemo(seed: WorkspaceSeed, clock: Clock): WorkspaceSeed {
  const demo = demoCompanies(localDate(clock.now(), 'Asia/Seoul')).find(
    (company) => company.slackTenant === seed.id,
  )
  if (!demo) return seed
  const drawn = workspaceOfDemo(demo)
  const users = new Map(seed.users.map((user) => [user.id, user]))
  for (const user of drawn.users)
    users.set(user.id, { ...user, ...(users.get(user.id)?.deleted === true ? { deleted: true } : {}) })
  // The switcher lists people as the demo introduces them, then whoever came later.
  const order = [...drawn.users.map((user) => user.id), ...users.keys()]
  return {
    ...drawn,
    users: [...new Set(order)].map((id) => users.get(id)!),
    channels: drawn.channels ?? [],
  }
}
