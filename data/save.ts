import type { Instant } from '../src/canon/calendar.ts'
import type { Change, Save } from '../src/ports.ts'
import { saveAccount } from './account.ts'
import { saveActivity } from './activity.ts'
import { saveContact } from './contact.ts'
import { saveCustomerSnapshot } from './customers.ts'
import type { Tx } from './database.ts'
import { saveDiscount } from './discount.ts'
import { saveHandoff } from './handoff.ts'
import { saveHealth, saveHealthComputed, saveHealthSignal, saveHealthTask } from './health.ts'
import { saveLead } from './lead.ts'
import { saveNudge, saveNudgeBundle, saveNudgeCount, saveNudgePreferences } from './nudge.ts'
import { saveDeal } from './opportunity.ts'
import { saveIdentity, savePerson } from './people.ts'
import { savePolicy } from './policy.ts'
import { saveQbr } from './qbr.ts'
import { saveRenewal } from './renewal.ts'
import { saveReport } from './report.ts'
import { saveOpportunity } from './stage.ts'

/** Records that exist before new ones: a request that is superseded makes room for the one that takes its place. */
export const inOrder = (saves: readonly Save[]): readonly Save[] =>
  saves.length < 2 ? saves : [...saves].sort((a, b) => rankOf(a) - rankOf(b))

/** A new deal repeats what its account says, so that comes before it; an activity says on its deal when it was. */
const rankOf = (save: Save): number => {
  if (save.noun === 'activity') return 3
  if (!('expect' in save) || save.expect !== 'new') return 0
  return save.noun === 'account' ? 1 : 2
}

/** Writes one record of a change. False when it moved since it was read: then nothing of the change is kept. */
export function applySave(
  trx: Tx,
  company: string,
  save: Save,
  change: Change,
  at: Instant,
): Promise<boolean> {
  switch (save.noun) {
    case 'discount':
      return saveDiscount(trx, company, save)
    case 'deal':
      return saveDeal(trx, company, save, at)
    case 'opportunity':
      return saveOpportunity(trx, company, save)
    case 'account':
      return saveAccount(trx, company, save)
    case 'contact':
      return saveContact(trx, company, save)
    case 'lead':
      return saveLead(trx, company, save)
    case 'activity':
      return saveActivity(trx, company, save, at)
    case 'handoff':
      return saveHandoff(trx, company, save)
    case 'health-signal':
      return saveHealthSignal(trx, company, save)
    case 'health':
      return saveHealth(trx, company, save)
    case 'health-computed':
      return saveHealthComputed(trx, company, save)
    case 'health-task':
      return saveHealthTask(trx, company, save)
    case 'renewal':
      return saveRenewal(trx, company, save)
    case 'qbr':
      return saveQbr(trx, company, save)
    case 'person':
      return savePerson(trx, company, save, at).then(() => true)
    case 'identity':
      return saveIdentity(trx, company, save, at)
    case 'nudge':
      return saveNudge(trx, company, save)
    case 'nudge-bundle':
      return saveNudgeBundle(trx, company, save)
    case 'nudge-count':
      return saveNudgeCount(trx, company, save)
    case 'nudge-preferences':
      return saveNudgePreferences(trx, company, save)
    case 'policy':
      return savePolicy(trx, company, save, change.audit[0]?.by ?? 'system', at)
    case 'customer-snapshot':
      return saveCustomerSnapshot(trx, company, save)
    case 'report':
    case 'pipeline-snapshot':
    case 'forecast-snapshot':
      return saveReport(trx, company, save)
  }
}
