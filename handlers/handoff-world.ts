import type { Handoff, HandoffKind, HandoffRecord, HandoffWorld } from '../src/canon/handoff.ts'
import type { AccountHealth } from '../src/canon/health.ts'
import type { Org } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Of, Store } from '../src/ports.ts'

/** What reading about a handoff takes: a desk, an easel's or a schedule's. */
export interface HandoffReader {
  readonly store: Store
  readonly company: string
  readonly now: number
  readonly org: Org
  readonly policy: Policy
}

/** What is handed over, by its ids. */
export interface HandoffOf {
  readonly lead?: string
  readonly deal?: string
  readonly account?: string
}

/** The record around what is handed over, as it stands now. */
export async function handoffWorld(
  reader: HandoffReader,
  kind: HandoffKind,
  of: HandoffOf,
  newDealId?: string,
): Promise<HandoffWorld> {
  const { store, company, now, org, policy } = reader
  const lead = of.lead === undefined ? undefined : await store.lead(company, of.lead)
  const dealId = of.deal ?? (kind === 'sdr-to-ae' ? lead?.deal : undefined)
  const deal = dealId === undefined ? undefined : await store.deal(company, dealId)
  const accountId = of.account ?? deal?.account ?? lead?.account
  const account = accountId === undefined ? undefined : await store.account(company, accountId)
  return {
    now,
    org,
    policy,
    ...(lead ? { lead } : {}),
    ...(deal ? { deal } : {}),
    ...(account ? { account } : {}),
    ...(newDealId ? { newDealId } : {}),
  }
}

/** The world of a handoff that exists; acceptance may need an id for the deal it opens. */
export const worldOfHandoff = (reader: HandoffReader, handoff: Handoff, newDealId?: string) =>
  handoffWorld(reader, handoff.kind, handoff, newDealId)

/** Which of the record's lists a kind of handoff is looked up in. */
export function ofKind(kind: HandoffKind, of: HandoffOf): Of | undefined {
  if (kind === 'sdr-to-ae') return of.lead === undefined ? undefined : { lead: of.lead }
  if (kind === 'ae-to-cs') return of.deal === undefined ? undefined : { deal: of.deal }
  return of.account === undefined ? undefined : { account: of.account }
}

/** What a draft is filled from. */
export async function handoffRecord(
  reader: HandoffReader,
  kind: HandoffKind,
  world: HandoffWorld,
  /** The account's health, where it was computed just now. */
  computed?: AccountHealth,
): Promise<HandoffRecord> {
  const { store, company } = reader
  const { lead, deal, account, now, org, policy } = world
  const of: Of | undefined =
    kind === 'sdr-to-ae'
      ? lead && { lead: lead.id }
      : kind === 'ae-to-cs'
        ? deal && { deal: deal.id }
        : account && { account: account.id }
  const [contacts, activities, health] = await Promise.all([
    account ? store.contactsOf(company, account.id, 30) : [],
    of ? store.activitiesOf(company, of, 50) : [],
    computed ?? (account && kind === 'cs-to-ae' ? store.healthOf(company, account.id) : undefined),
  ])
  return {
    now,
    org,
    policy,
    contacts,
    activities,
    ...(health ? { health } : {}),
    ...(lead ? { lead } : {}),
    ...(deal ? { deal } : {}),
    ...(account ? { account } : {}),
  }
}
