import type { Instant } from '../src/canon/calendar.ts'
import type { RecordReads } from '../src/ports/record.ts'
import { account, dealsOfAccount, findAccounts } from './account.ts'
import { activitiesOf } from './activity.ts'
import { accountsInContact, contact, contactsOf } from './contact.ts'
import type { Reader } from './database.ts'
import {
  dueHandoffs,
  handoff,
  handoffsOf,
  handoffsSentBy,
  handoffsWaitingFor,
  openHandoff,
  openHandoffsWith,
} from './handoff.ts'
import { findLeads, lead } from './lead.ts'
import { stageHistory } from './stage.ts'

/** The store's readings of the record behind the deals. */
export const recordReads = (read: Reader, now: () => Instant): RecordReads => ({
  account: (company, id) => account(read, company, id),
  findAccounts: (company, scope, query, limit) => findAccounts(read, company, scope, query, limit),
  dealsOfAccount: (company, id, limit) => dealsOfAccount(read, company, id, limit),
  contact: (company, id) => contact(read, company, id, now()),
  contactsOf: (company, of, limit) => contactsOf(read, company, of, limit, now()),
  activitiesOf: (company, of, limit) => activitiesOf(read, company, of, limit),
  lead: (company, id) => lead(read, company, id),
  findLeads: (company, scope, query, limit) => findLeads(read, company, scope, query, limit),
  stageHistory: (company, deal, limit) => stageHistory(read, company, deal, limit),
  handoff: (company, id) => handoff(read, company, id),
  handoffsOf: (company, of, limit) => handoffsOf(read, company, of, limit),
  openHandoff: (company, kind, of) => openHandoff(read, company, kind, of),
  handoffsWaitingFor: (company, person, limit) => handoffsWaitingFor(read, company, person, limit),
  handoffsSentBy: (company, person, limit) => handoffsSentBy(read, company, person, limit),
  dueHandoffs: (at, limit) => dueHandoffs(read, at, limit),
  accountsInContact: (since, until, limit) => accountsInContact(read, since, until, limit),
  openHandoffsWith: (company, people) => openHandoffsWith(read, company, people),
})
