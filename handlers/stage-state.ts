import type { AskedField, StageFormState, StageWay } from '../blocks/stage-form.ts'
import { isMeddiccField, mostWritten } from '../blocks/stage-form.ts'
import { type Activity, evidenceFrom } from '../src/canon/activity.ts'
import { localDate } from '../src/canon/calendar.ts'
import { type Contact, contactNamed, hasLeft } from '../src/canon/contact.ts'
import type { DiscountRequest } from '../src/canon/discount.ts'
import {
  currencyOfDeal,
  type EvidenceKind,
  evidenceKinds,
  isOpen,
  type MeddiccField,
  meddiccFields,
  type Opportunity,
  type Stage,
  stageAtLeast,
  stages,
  takesAmount,
} from '../src/canon/opportunity.ts'
import { missingFor, type StageEntry } from '../src/canon/stage.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import type { Desk } from './desk.ts'
import { sentenceOf } from './discount-request.ts'
import type { FirstShown } from './untouched.ts'

/** What stands in the fields now, by name. */
export type Typed = Readonly<Record<string, string | undefined>>

/** What the server remembers of a drawn form (`Drawing.shown`). */
export interface ShownStageForm {
  readonly [key: string]: unknown
  readonly stage?: Stage
  readonly to?: Stage
  /** Names of the fields that were asked. */
  readonly asked: readonly string[]
  /** The evidence that the field `evidence` stands for. */
  readonly evidence?: EvidenceKind
  readonly first: FirstShown
}

export const shownOf = (drawing: Drawing | undefined): ShownStageForm => {
  const shown = (drawing?.shown ?? {}) as Partial<ShownStageForm>
  return { ...shown, asked: shown.asked ?? [], first: shown.first ?? {} }
}

/** A deal with all that its form is made from. */
export interface StageFile {
  readonly deal: Opportunity
  /** Those who left come last. */
  readonly contacts: readonly Contact[]
  /** The newest first, planned ones before all. */
  readonly activities: readonly Activity[]
  readonly discount?: DiscountRequest
  /** The newest change of stage. */
  readonly last?: StageEntry
  /** The deal as the rest of the record completes it: evidence from activities, people from contacts. */
  readonly known: Opportunity
}

export async function stageFile(desk: Desk, deal: Opportunity): Promise<StageFile> {
  const { store, company } = desk
  const [activities, contacts, discount, history] = await Promise.all([
    store.activitiesOf(company, { deal: deal.id }, 100),
    deal.account ? store.contactsOf(company, deal.account, 100) : [],
    store.openDiscount(company, deal.id),
    store.stageHistory(company, deal.id, 1),
  ])
  const zone = desk.org.company.working.timeZone
  const today = localDate(desk.now, zone)
  const here = contacts.filter((contact) => !hasLeft(contact, today))
  const inRole = (role: Contact['role']) => here.find((contact) => contact.role === role)?.name
  const known: Opportunity = {
    ...deal,
    evidence: { ...evidenceFrom(activities, desk.now, zone), ...deal.evidence },
    meddicc: {
      ...defined({
        champion: inRole('champion'),
        economic_buyer: inRole('economic_buyer'),
        competition: deal.competitor,
      }),
      ...readable(deal.meddicc, contacts),
    },
  }
  return { deal, contacts, activities, discount, last: history[0], known }
}

const defined = (texts: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter((pair): pair is [string, string] => Boolean(pair[1])))

/** Champion and Economic Buyer may stand in the record as a contact's id: people read names. */
export function readable(
  meddicc: Opportunity['meddicc'],
  contacts: readonly Contact[],
): Partial<Record<MeddiccField, string>> {
  const read = { ...meddicc }
  for (const field of ['champion', 'economic_buyer'] as const) {
    const contact = contactNamed(meddicc[field], contacts)
    if (contact) read[field] = contact.name
  }
  return read
}

/** Which way a change from one stage to another goes; `undefined`: there is none. */
function wayOf(from: Stage, to: Stage): StageWay | undefined {
  if (from === to || (!isOpen(from) && !isOpen(to))) return undefined
  if (!isOpen(from)) return 'reopen'
  if (to === 'CL') return 'lost'
  if (to === 'CW') return 'won'
  return stages.indexOf(to) < stages.indexOf(from) ? 'back' : 'forward'
}

/** The form of a deal as it stands now, with what was typed so far. */
export function stageState(
  desk: Desk,
  file: StageFile | undefined,
  typed: Typed,
  before: ShownStageForm,
): Omit<StageFormState, 'drawing'> & { readonly evidence?: EvidenceKind } {
  const { now, org, policy, words } = desk
  const base = { now, timeZone: desk.person.timeZone ?? org.company.working.timeZone }
  const chosen = stages.find((stage) => stage === typed.stage)
  if (!file)
    return {
      ...base,
      dealFixed: false,
      options: [],
      fields: [],
      missing: 0,
      ...(chosen ? { to: chosen } : {}),
    }
  const { deal, known, discount } = file
  const today = localDate(now, org.company.working.timeZone)
  const to = chosen
  const way = to && wayOf(deal.stage, to)
  const obstacle = obstacleOf(desk, deal)
  const options = stages.flatMap((stage) => {
    const each = wayOf(deal.stage, stage)
    if (!each) return []
    const missing =
      each === 'back' || each === 'lost'
        ? 0
        : missingFor(known, stage, policy, today).filter(({ field, debt }) => field !== 'owner' && !debt)
            .length
    return [{ stage, way: each, missing }]
  })
  const state = {
    ...base,
    deal,
    dealOption: {
      value: deal.id,
      label: deal.name,
      description: [deal.accountName, words.t(`stage.${deal.stage}`)].filter(Boolean).join(' · '),
    },
    dealFixed: to !== undefined && obstacle === undefined,
    options,
    fields: [],
    missing: 0,
    ...(obstacle ? { obstacle } : {}),
  }
  if (!to || !way || obstacle) return state
  const asked = askedOf(desk, file, to, way, today)
  const evidence = before.evidence ?? asked.map((each) => each.asked).find(isEvidence)
  const fields = asked.map((each) => {
    const name = each.asked === evidence ? 'evidence' : each.asked
    const value = typed[name] ?? each.value
    return { ...each, name, ...(value ? { value } : { value: undefined }) }
  })
  const mayOverride = way !== 'back' && way !== 'lost' && may(desk.person, 'deal.override', { deal }, org)
  const lacking = asked.filter((each) => !each.value && !each.owedUntil)
  return {
    ...state,
    to,
    way,
    fields,
    missing: lacking.length,
    ...(asked.some((each) => each.asked === 'champion' || each.asked === 'economic_buyer')
      ? {
          contacts: file.contacts
            .filter((contact) => !hasLeft(contact, today))
            .slice(0, 6)
            .map(({ name }) => name),
        }
      : {}),
    noOwner: deal.owner === undefined && way !== 'back' && way !== 'lost',
    // A proposal says a price; before it, the deal's own form is the place for a guess.
    ...((way === 'forward' || way === 'won') &&
    stageAtLeast(to, 'S4') &&
    !deal.amount &&
    takesAmount(deal, discount !== undefined)
      ? { amount: { currency: currencyOfDeal(deal, org.company), text: typed.amount } }
      : {}),
    reason: typed.reason,
    ...(way === 'lost'
      ? {
          loss: {
            reasons: policy.lossReasons,
            reason: typed.loss_reason ?? deal.lossReason,
            detail: typed.loss_reason_detail ?? deal.lossReasonDetail,
            competitor: typed.competitor ?? deal.competitor ?? deal.meddicc.competition,
          },
        }
      : {}),
    // The signed contract is nobody's to waive: where nothing else is missing there is nothing to override.
    ...(mayOverride && lacking.some((each) => each.asked !== 'contract_signed')
      ? { override: { reason: typed.override_reason, until: typed.override_until } }
      : {}),
    ...(discount ? { discount: discount.discount } : {}),
    ...(evidence ? { evidence } : {}),
  }
}

const isEvidence = (asked: string): asked is EvidenceKind => evidenceKinds.some((kind) => kind === asked)

/** What the gates on the way ask: what is missing of all of them, and of those between also what is known, to confirm. */
function askedOf(
  desk: Desk,
  { deal, known }: StageFile,
  to: Stage,
  way: StageWay,
  today: string,
): AskedField[] {
  if (way === 'back' || way === 'lost') return []
  const { policy } = desk
  const from = isOpen(deal.stage) ? stages.indexOf(deal.stage) : stages.length
  // Against the record itself, so that what is only suggested is asked, filled in; its debt is told.
  const missing = new Map(missingFor(deal, to, policy, today).map((each) => [each.field as string, each]))
  const asked = new Map<string, AskedField>()
  for (const [at, stage] of stages.slice(0, stages.indexOf(to) + 1).entries())
    for (const gate of [
      ...policy.evidence[stage],
      ...meddiccFields.filter((f) => policy.gates[stage].includes(f)),
    ]) {
      const lacking = missing.get(gate)
      if (asked.has(gate) || (!lacking && at <= from)) continue
      const text = isMeddiccField(gate) ? known.meddicc[gate] : known.evidence?.[gate]
      asked.set(gate, {
        name: gate,
        asked: gate,
        stage,
        // What is longer than a field may hold would come back cut: it is kept as it is instead.
        ...(text && text.length <= mostWritten ? { value: text } : {}),
        ...(lacking?.debt ? { owedUntil: lacking.debt.until } : {}),
      })
    }
  return [...asked.values()]
}

/** Why this person can't move this deal at all, before anything is typed in vain. */
function obstacleOf(desk: Desk, deal: Opportunity): string | undefined {
  const { person, org } = desk
  if (!isOpen(deal.stage))
    return may(person, 'deal.reopen', { deal }, org)
      ? undefined
      : `${desk.words.t('form.stage.closed', { stage: desk.words.t(`stage.${deal.stage}`) })} ${sentenceOf(desk, { code: 'reopen-needs-manager' })}`
  return may(person, 'deal.change', { deal }, org)
    ? undefined
    : sentenceOf(desk, { code: 'not-allowed', what: 'deal.change' })
}
