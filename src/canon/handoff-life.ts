import type { Account } from './account.ts'
import { isPlainDate } from './calendar.ts'
import {
  type ExpansionSignal,
  type Handoff,
  type HandoffAsk,
  type HandoffFact,
  type HandoffItem,
  type HandoffItems,
  type HandoffKind,
  type HandoffStep,
  type HandoffWorld,
  handoffItems,
} from './handoff.ts'
import { mayStart, receiverFor, receivingRole, unfitness } from './handoff-people.ts'
import { isLive } from './lead.ts'
import { parseMoney } from './money.ts'
import type { Opportunity } from './opportunity.ts'
import { managersOf } from './people.ts'
import type { Policy } from './policy.ts'
import { type Reading, type Refusal, type Ruling, refuse } from './refusal.ts'

/** A handoff on its way to its next version. */
export interface Course {
  readonly step: HandoffStep
  readonly facts: readonly HandoffFact[]
}

/** The end of a ruling: one version on, however much has happened. */
export const arrived = ({ step, facts }: Course, before: Handoff) => ({
  next: { ...step, handoff: { ...step.handoff, version: before.version + 1 } },
  facts,
})

/** Required items that say nothing yet, in the order of the form. */
export function missingItems(
  kind: HandoffKind,
  items: HandoffItems,
  policy: Pick<Policy, 'handoff'>,
): HandoffItem[] {
  const required = policy.handoff.required[kind]
  return handoffItems[kind].filter((item) => required.includes(item) && !items[item]?.trim())
}

/** What was typed, without what the kind does not ask and what says nothing. */
export function tidied(kind: HandoffKind, items: HandoffItems): HandoffItems {
  return Object.fromEntries(
    handoffItems[kind].flatMap((item) => {
      const said = items[item]?.trim()
      return said ? [[item, said]] : []
    }),
  )
}

/** The currency that an amount of a handoff is in. */
export const currencyOf = ({ account, deal, org }: HandoffWorld): string =>
  account?.arr?.currency ?? deal?.amount?.currency ?? org.company.currency

/** What is wrong with items as such: a day that does not exist, an amount that can't be read. */
export function unreadable(items: HandoffItems, world: HandoffWorld): Refusal | undefined {
  for (const day of [items.first_meeting_on, items.kickoff_on])
    if (day !== undefined && !isPlainDate(day)) return { code: 'bad-date', text: day }
  if (items.amount === undefined) return undefined
  const amount = parseMoney(items.amount, currencyOf(world))
  return amount.ok ? undefined : amount.refusal
}

/** A handoff as sent: complete, and to somebody who can take it; its receiver's turn begins. */
export function sent(
  handoff: Handoff,
  items: HandoffItems,
  receiver: string | undefined,
  world: HandoffWorld,
): Reading<Handoff> {
  const { kind, sender } = handoff
  const missing = missingItems(kind, items, world.policy)
  if (missing.length > 0) return refuse({ code: 'handoff-items-missing', items: missing })
  const wrong = unreadable(items, world)
  if (wrong) return refuse(wrong)
  const to = receiver ?? handoff.receiver ?? receiverFor(kind, world)?.id
  if (to === undefined) return refuse({ code: 'no-receiver', kind, role: receivingRole(kind) })
  const unfit = unfitness(to, kind, sender, world)
  if (unfit) return refuse(unfit)
  return {
    ok: true,
    next: turned(
      {
        ...handoff,
        items,
        receiver: to,
        status: 'submitted',
        submittedAt: world.now,
        ...(items.kickoff_on === undefined ? {} : { kickoffOn: items.kickoff_on }),
      },
      world.now,
    ),
  }
}

/** Somebody else's turn: the clock begins anew. */
export function turned(handoff: Handoff, now: number): Handoff {
  const { remindedAt: _reminded, escalatedAt: _escalated, ...rest } = handoff
  return { ...rest, turnSince: now }
}

/** Whether what is to be handed over is there and can be. */
function obstacle(kind: HandoffKind, { lead, deal, account, underWay }: HandoffWorld): Refusal | undefined {
  if (underWay) return { code: 'handoff-under-way', handoff: underWay.id }
  if (kind === 'sdr-to-ae') {
    if (!lead) return { code: 'not-found', what: 'lead' }
    return isLive(lead) ? undefined : { code: 'lead-not-live', status: lead.status }
  }
  if (kind === 'ae-to-cs') {
    if (!deal) return { code: 'not-found', what: 'deal' }
    return deal.stage === 'CW' ? undefined : { code: 'handoff-needs-won-deal', stage: deal.stage }
  }
  return account ? undefined : { code: 'not-found', what: 'account' }
}

const blank = (
  given: { id: string; kind: HandoffKind; sender: string; by: string; items: HandoffItems },
  world: HandoffWorld,
): Handoff => {
  const { lead, deal, account } = world
  const ofAccount = account?.id ?? deal?.account ?? lead?.account
  const ofDeal = given.kind === 'ae-to-cs' ? deal?.id : given.kind === 'sdr-to-ae' ? lead?.deal : undefined
  return {
    id: given.id,
    kind: given.kind,
    version: 1,
    status: 'draft',
    ...(given.kind === 'sdr-to-ae' && lead ? { lead: lead.id } : {}),
    ...(ofDeal === undefined ? {} : { deal: ofDeal }),
    ...(ofAccount === undefined ? {} : { account: ofAccount }),
    sender: given.sender,
    items: tidied(given.kind, given.items),
    policyVersion: world.policy.version,
    openedAt: world.now,
    openedBy: given.by,
    returns: [],
    turnSince: world.now,
    milestones: [],
  }
}

/** Whose it is to hand over. */
function senderOf(kind: HandoffKind, by: string, { lead, deal, account, org }: HandoffWorld): string {
  const owner = kind === 'sdr-to-ae' ? lead?.owner : kind === 'ae-to-cs' ? deal?.owner : account?.csm
  return owner !== undefined && org.people.get(owner)?.active ? owner : by
}

/** Opens a handoff: a draft of its sender's, or sent at once (Canon, Handoffs). */
export function open(ask: HandoffAsk, world: HandoffWorld): Ruling<HandoffStep, HandoffFact> {
  const { kind, by } = ask
  const person = world.org.people.get(by)
  if (!person?.active) return refuse({ code: 'inactive' })
  const refusal = obstacle(kind, world)
  if (refusal) return refuse(refusal)
  if (!mayStart(person, kind, world)) return refuse({ code: 'not-allowed', what: 'handoff.start' })
  const sender = senderOf(kind, by, world)
  const draft = blank({ id: ask.id, kind, sender, by, items: ask.items }, world)
  const receiver = ask.receiver ?? receiverFor(kind, world)?.id
  if (!ask.submit) {
    const opened: Handoff = { ...draft, ...(receiver === undefined ? {} : { receiver }) }
    return { ok: true, next: { handoff: opened }, facts: [{ fact: 'opened', by }] }
  }
  const submitted = sent(draft, draft.items, receiver, world)
  if (!submitted.ok) return submitted
  return {
    ok: true,
    next: { handoff: submitted.next },
    facts: [
      { fact: 'opened', by },
      { fact: 'submitted', to: submitted.next.receiver! },
    ],
  }
}

/**
 * The AE→CS handoff that Closed Won opens by itself (Canon, Handoffs): a draft of the AE's, prefilled, whose clock runs.
 * Of an AE who left it is the nearest active manager's; `undefined` where nobody at all is there.
 */
export function openFromWon(
  given: { readonly id: string; readonly items: HandoffItems },
  world: HandoffWorld & { readonly deal: Opportunity },
): { next: HandoffStep; facts: readonly HandoffFact[] } | undefined {
  const { deal, org } = world
  if (deal.stage !== 'CW' || world.underWay) return undefined
  const owner = org.people.get(deal.owner ?? '')
  const sender = owner && [owner, ...managersOf(owner, org)].find((each) => each.active)
  return sender && drafted({ ...given, kind: 'ae-to-cs', sender: sender.id }, world)
}

/** The CS→AE handoff that an expansion signal drafts for the CSM; `undefined` where there is no CSM or one is under way. */
export function openFromSignals(
  given: {
    readonly id: string
    readonly items: HandoffItems
    readonly signals: readonly ExpansionSignal[]
  },
  world: HandoffWorld & { readonly account: Account },
): { next: HandoffStep; facts: readonly HandoffFact[] } | undefined {
  const { account, org } = world
  const csm = org.people.get(account.csm ?? '')
  if (!csm?.active || world.underWay || given.signals.length === 0) return undefined
  const opened = drafted({ ...given, kind: 'cs-to-ae', sender: csm.id }, world)
  return {
    ...opened,
    next: { ...opened.next, handoff: { ...opened.next.handoff, signals: given.signals } },
  }
}

function drafted(
  given: { id: string; kind: HandoffKind; sender: string; items: HandoffItems },
  world: HandoffWorld,
): { next: HandoffStep; facts: readonly HandoffFact[] } {
  const receiver = receiverFor(given.kind, world)?.id
  const handoff: Handoff = {
    ...blank({ ...given, by: 'system' }, world),
    ...(receiver === undefined || receiver === given.sender ? {} : { receiver }),
  }
  return { next: { handoff }, facts: [{ fact: 'opened', by: 'system' }] }
}
