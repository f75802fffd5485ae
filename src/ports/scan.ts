import type { Instant, PlainDate } from '../canon/calendar.ts'
import type { Contact } from '../canon/contact.ts'
import type { Lead } from '../canon/lead.ts'
import type { MeddiccField, Opportunity, Stage } from '../canon/opportunity.ts'

/**
 * An open deal as the nightly walks read it: what a finding is made of and nothing else, as it is stored (`null` where
 * the deal does not say), because there may be hundreds of thousands of them.
 */
export interface ScannedDeal {
  readonly id: string
  readonly owner: string | null
  readonly stage: Stage
  /** Minor units of `currency`. */
  readonly amount: number | null
  readonly currency: string | null
  /** The day that the walk is about: when the stage was entered, or when the deal was to close. */
  readonly on: PlainDate
}

/** An open deal whose MEDDICC lacks something that its stage requires. */
export interface ScannedGap extends Omit<ScannedDeal, 'on'> {
  /** Bit n is set where the n-th of `meddiccFields` says something. */
  readonly known: number
  /** Something is owed by gate debt as well: which fields, the whole deal says. */
  readonly owes: boolean
  /** Its champion left, which is told by a nudge of its own. */
  readonly championLeft: boolean
}

/** An open deal that names a champion. */
export interface ScannedChampion extends Omit<ScannedDeal, 'on'> {
  readonly account: string
  /** A contact's id or name, or words about somebody. */
  readonly champion: string
  readonly createdOn: PlainDate | null
}

/** Some deals, with the contacts of their accounts by account. */
export interface ChampionPage {
  readonly deals: readonly ScannedChampion[]
  readonly contacts: ReadonlyMap<string, readonly Contact[]>
}

/** An open deal whose champion left, and who takes nobody's place yet. */
export interface ScannedLeaver extends ScannedDeal {
  readonly contact: string
  readonly contactName: string
}

/** How much of something one person has to put in order. */
export interface Tally {
  readonly person: string
  readonly count: number
}

/**
 * The store's walks over a whole company for the nightly rules. Each comes in pages, and between two pages everybody
 * else has a turn: a walk over a million deals makes nobody wait.
 */
export interface ScanReads {
  /** Open deals that entered their stage before a day. */
  stalledDeals(company: string, enteredBefore: PlainDate): AsyncIterable<readonly ScannedDeal[]>
  /** Open deals that were expected to close before a day. */
  pastCloseDeals(company: string, closeBefore: PlainDate): AsyncIterable<readonly ScannedDeal[]>
  /** Open deals that lack MEDDICC fields that their stage requires. */
  meddiccGaps(
    company: string,
    required: Readonly<Partial<Record<Stage, readonly MeddiccField[]>>>,
  ): AsyncIterable<readonly ScannedGap[]>
  /** Open deals that owe a gate. */
  owingDeals(company: string): AsyncIterable<readonly Opportunity[]>
  /** Open deals that name a champion. */
  championDeals(company: string): AsyncIterable<ChampionPage>
  /** Of these accounts alone; read at once, so they should be few. */
  championDealsAt(company: string, accounts: readonly string[]): Promise<ChampionPage>
  /** Open deals whose champion was cleared because they left. */
  leftChampions(company: string): AsyncIterable<readonly ScannedLeaver[]>
  /** Accounts with contacts who left by a day, for finding the deals that still count on them. */
  accountsLeft(company: string, until: PlainDate): AsyncIterable<readonly string[]>
  /** Live leads that arrived after an instant and that nobody has touched, the oldest first. */
  untouchedLeads(company: string, since: Instant, until: Instant): AsyncIterable<readonly Lead[]>
  /** Live leads that arrived before an instant and that nobody has touched, by owner. */
  oldUntouchedLeads(company: string, before: Instant): Promise<readonly Tally[]>
  /** The same of one person, the oldest first. */
  oldUntouchedLeadsOf(
    company: string,
    person: string,
    before: Instant,
    limit: number,
  ): Promise<readonly Lead[]>
  /** Activities logged in (from, to] over so many ms after they happened, by who did them. */
  lateActivities(company: string, from: Instant, to: Instant, overMs: number): Promise<readonly Tally[]>
  /** The same of one person, the newest first. */
  lateActivitiesOf(
    company: string,
    person: string,
    from: Instant,
    to: Instant,
    overMs: number,
    limit: number,
  ): Promise<
    readonly {
      readonly id: string
      readonly deal?: string
      readonly kind: string
      readonly happenedAt: Instant
      readonly loggedAt: Instant
    }[]
  >
  /**
   * Contacts here whose role and engagement were last looked at before a day, at accounts with an open deal, by who
   * keeps the account: its AE, else its CSM.
   */
  staleContacts(company: string, before: PlainDate): Promise<readonly Tally[]>
  /** The same of one person, the oldest first. */
  staleContactsOf(
    company: string,
    person: string,
    before: PlainDate,
    limit: number,
  ): Promise<readonly Contact[]>
}
