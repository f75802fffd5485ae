import type { Store } from '../src/ports.ts'

const pending = (): never => {
  throw new Error('not there yet')
}
export const recordReads = (): Pick<
  Store,
  | 'account'
  | 'findAccounts'
  | 'dealsOfAccount'
  | 'contact'
  | 'contactsOf'
  | 'activitiesOf'
  | 'lead'
  | 'findLeads'
  | 'stageHistory'
  | 'handoff'
  | 'handoffsOf'
  | 'openHandoff'
  | 'handoffsWaitingFor'
  | 'handoffsSentBy'
  | 'dueHandoffs'
  | 'openHandoffsWith'
> => ({
  account: pending,
  findAccounts: pending,
  dealsOfAccount: pending,
  contact: pending,
  contactsOf: pending,
  activitiesOf: pending,
  lead: pending,
  findLeads: pending,
  stageHistory: pending,
  handoff: pending,
  handoffsOf: pending,
  openHandoff: pending,
  handoffsWaitingFor: pending,
  handoffsSentBy: pending,
  dueHandoffs: pending,
  openHandoffsWith: pending,
})
