import { addDays, isPlainDate, localDate } from './calendar.ts'
import type { Handoff, HandoffWorld } from './handoff.ts'
import { currencyOf } from './handoff-life.ts'
import { leadChannel } from './lead.ts'
import { parseMoney } from './money.ts'
import { isOpen } from './opportunity.ts'
import { type Reading, refuse } from './refusal.ts'
import type { DealStep, OpenAsk } from './stage.ts'
import { openDeal, revise } from './stage-change.ts'

// What acceptance does to deals: an SDR's handoff and a CSM's open one at S1, an AE's finishes the won one.

const todayOf = ({ now, org }: HandoffWorld) => localDate(now, org.company.working.timeZone)

/** What the account gives a deal of its own. */
const ofAccount = ({ account, lead, deal }: HandoffWorld) => {
  const id = account?.id ?? deal?.account ?? lead?.account
  return {
    ...(id === undefined ? {} : { account: id }),
    ...(account ? { accountName: account.name } : {}),
    ...(account?.csm === undefined ? {} : { accountCsm: account.csm }),
    ...(account?.tier === undefined ? {} : { tier: account.tier }),
  }
}

/**
 * The first meeting as the handoff tells of it: held, or owed until it is. One that lies ahead is owed by its own day
 * (Canon, Opportunity stages: a handoff carries `first_meeting_on`, else the deal opens with that as gate debt).
 */
function firstMeeting(handoff: Handoff, world: HandoffWorld) {
  const on = handoff.items.first_meeting_on
  const today = todayOf(world)
  const held = on !== undefined && isPlainDate(on) && on <= today ? on : undefined
  const until =
    on !== undefined && isPlainDate(on) && on > today
      ? on
      : addDays(today, world.policy.handoff.firstMeetingDebtDays)
  return {
    evidence: held === undefined ? undefined : { first_meeting: held },
    owing: { gates: ['first_meeting'] as const, until, reason: `handoff ${handoff.kind}` },
  }
}

const begun = (
  handoff: Handoff,
  deal: Omit<OpenAsk['deal'], 'id' | 'stage' | 'owner' | 'createdOn' | 'openedBy'>,
  world: HandoffWorld,
): Reading<DealStep> => {
  if (world.newDealId === undefined) throw new Error('A handoff that opens a deal needs an id for it.')
  const { evidence, owing } = firstMeeting(handoff, world)
  const opened = openDeal(
    {
      deal: {
        ...deal,
        id: world.newDealId,
        stage: 'S1',
        owner: handoff.receiver!,
        createdOn: todayOf(world),
        openedBy: handoff.id,
        ...(evidence ? { evidence } : {}),
      },
      by: handoff.acceptedBy!,
      door: 'system',
      owing,
    },
    world,
  )
  return opened.ok ? { ok: true, next: opened.next } : opened
}

/** The deal that an accepted SDR→AE handoff opens at S1, or the lead's open deal with the AE as owner. */
export function dealFromLead(handoff: Handoff, world: HandoffWorld): Reading<DealStep> {
  const { deal, lead } = world
  const { evidence } = firstMeeting(handoff, world)
  const pain = handoff.items.pain ?? ''
  if (deal && isOpen(deal.stage)) {
    const met = evidence && deal.evidence?.first_meeting === undefined
    return {
      ok: true,
      next: revise(
        deal,
        {
          owner: handoff.receiver!,
          meddicc: { ...(pain ? { identify_pain: pain } : {}), ...deal.meddicc },
          ...(met ? { evidence: { ...deal.evidence, ...evidence } } : {}),
        },
        [],
        world,
      ),
    }
  }
  return begun(
    handoff,
    {
      name: world.account?.name ?? lead?.company ?? lead?.name ?? handoff.id,
      ...ofAccount(world),
      channel: leadChannel(lead),
      meddicc: pain ? { identify_pain: pain } : {},
    },
    world,
  )
}

/** The deal that an accepted CS→AE handoff opens at S1, channel CS-driven, linked to the account (Canon, Handoffs). */
export function dealFromCs(handoff: Handoff, world: HandoffWorld): Reading<DealStep> {
  const { items } = handoff
  const { account } = world
  if (!account) return refuse({ code: 'not-found', what: 'account' })
  const amount = items.amount === undefined ? undefined : parseMoney(items.amount, currencyOf(world))
  if (amount && !amount.ok) return amount
  const pain = [items.opportunity, items.why_now].filter(Boolean).join('\n')
  return begun(
    handoff,
    {
      name: items.product ? `${account.name} · ${items.product}` : account.name,
      ...ofAccount(world),
      channel: 'cs_driven',
      ...(items.product ? { product: items.product } : {}),
      ...(amount ? { amount: amount.next } : {}),
      meddicc: pain ? { identify_pain: pain } : {},
    },
    world,
  )
}

/** The won deal as finished, once its handoff is accepted and the kickoff scheduled; `undefined` until then. */
export function finishWon(handoff: Handoff, world: HandoffWorld): DealStep | undefined {
  const { deal } = world
  if (handoff.status !== 'accepted' || handoff.kickoffOn === undefined) return undefined
  if (deal?.stage !== 'CW' || deal.won !== 'unfinished') return undefined
  return revise(deal, { won: 'finished' }, [{ fact: 'won-finished' }], world)
}
