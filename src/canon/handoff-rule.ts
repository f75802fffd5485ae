import { addDays, isPlainDate, localDate, type PlainDate } from './calendar.ts'
import {
  type Handoff,
  type HandoffAct,
  type HandoffFact,
  type HandoffStep,
  type HandoffWorld,
  type Milestone,
  milestoneDays,
} from './handoff.ts'
import { dealFromCs, dealFromLead, finishWon } from './handoff-deal.ts'
import { arrived, type Course, sent, tidied, turned, unreadable } from './handoff-life.ts'
import { actsFor, mayAccept, unfitness } from './handoff-people.ts'
import { type Reading, type Refusal, type Ruling, refuse } from './refusal.ts'

type Act<K extends HandoffAct['act']> = Extract<HandoffAct, { act: K }>
type Answer = Reading<Course>

const done = (step: HandoffStep, ...facts: HandoffFact[]): Answer => ({ ok: true, next: { step, facts } })
const notWaiting = ({ status }: Handoff): Refusal => ({ code: 'handoff-not-waiting', status })
const isWithSender = ({ status }: Handoff) => status === 'draft' || status === 'returned'
const todayOf = ({ now, org }: HandoffWorld) => localDate(now, org.company.working.timeZone)

/** What a person's gesture does to a handoff (Canon, Handoffs). */
export function rule(
  handoff: Handoff,
  act: HandoffAct,
  world: HandoffWorld,
): Ruling<HandoffStep, HandoffFact> {
  if (!world.org.people.get(act.by)?.active) return refuse({ code: 'inactive' })
  const answer = ruled(handoff, act, world)
  return answer.ok ? { ok: true, ...arrived(answer.next, handoff) } : answer
}

function ruled(handoff: Handoff, act: HandoffAct, world: HandoffWorld): Answer {
  switch (act.act) {
    case 'submit':
      return submit(handoff, act, world)
    case 'edit':
      return edit(handoff, act, world)
    case 'accept':
      return accept(handoff, act, world)
    case 'return':
      return giveBack(handoff, act, world)
    case 'reassign':
      return reassign(handoff, act, world)
    case 'withdraw':
      return withdraw(handoff, act, world)
    case 'kickoff':
      return kickoff(handoff, act, world)
    case 'rate':
      return rate(handoff, act, world)
    case 'milestone-done':
    case 'milestone-change':
      return milestone(handoff, act, world)
    case 'first-value':
      return firstValue(handoff, act, world)
  }
}

// ── the sender's turn ────────────────────────────────────────────────────────

function senderMay(handoff: Handoff, by: string, world: HandoffWorld): Refusal | undefined {
  if (!isWithSender(handoff)) return notWaiting(handoff)
  return actsFor(by, handoff.sender, world) ? undefined : { code: 'not-the-sender', sender: handoff.sender }
}

function submit(handoff: Handoff, act: Act<'submit'>, world: HandoffWorld): Answer {
  const refusal = senderMay(handoff, act.by, world)
  if (refusal) return refuse(refusal)
  const items = tidied(handoff.kind, { ...handoff.items, ...act.items })
  const submitted = sent(handoff, items, act.receiver, world)
  if (!submitted.ok) return submitted
  const fact = handoff.returns.length > 0 ? 'resubmitted' : 'submitted'
  return done({ handoff: submitted.next }, { fact, to: submitted.next.receiver! })
}

function edit(handoff: Handoff, act: Act<'edit'>, world: HandoffWorld): Answer {
  const refusal = senderMay(handoff, act.by, world)
  if (refusal) return refuse(refusal)
  const items = tidied(handoff.kind, { ...handoff.items, ...act.items })
  const wrong = unreadable(items, world)
  return wrong ? refuse(wrong) : done({ handoff: { ...handoff, items } }, { fact: 'edited' })
}

function withdraw(handoff: Handoff, act: Act<'withdraw'>, world: HandoffWorld): Answer {
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return refuse(notWaiting(handoff))
  if (!actsFor(act.by, handoff.sender, world))
    return refuse({ code: 'not-the-sender', sender: handoff.sender })
  // A won deal is always handed over; it can be reassigned, not dropped.
  if (handoff.kind === 'ae-to-cs' && handoff.openedBy === 'system')
    return refuse({ code: 'not-allowed', what: 'handoff.withdraw' })
  const why = act.reason?.trim()
  return done(
    { handoff: { ...handoff, status: 'withdrawn', ...(why ? { settledWhy: why } : {}) } },
    { fact: 'withdrawn', by: act.by },
  )
}

// ── the receiver's turn ──────────────────────────────────────────────────────

function receiverMay(handoff: Handoff, by: string, world: HandoffWorld): Refusal | undefined {
  if (handoff.status !== 'submitted') return notWaiting(handoff)
  const receivers = mayAccept(handoff, world)
  return receivers.includes(by) ? undefined : { code: 'not-the-receiver', receivers }
}

function accept(handoff: Handoff, act: Act<'accept'>, world: HandoffWorld): Answer {
  const refusal = receiverMay(handoff, act.by, world)
  if (refusal) return refuse(refusal)
  const kickoffOn = act.kickoffOn ?? handoff.kickoffOn
  if (kickoffOn !== undefined && !isPlainDate(kickoffOn)) return refuse({ code: 'bad-date', text: kickoffOn })
  const receiver = handoff.receiver!
  const accepted: Handoff = {
    ...handoff,
    status: 'accepted',
    acceptedAt: world.now,
    acceptedBy: act.by,
    ...(kickoffOn === undefined ? {} : { kickoffOn }),
  }
  const fact: HandoffFact = {
    fact: 'accepted',
    by: act.by,
    ...(act.by === receiver ? {} : { for: receiver }),
  }
  if (handoff.kind === 'ae-to-cs') {
    const began = kickoffOn ?? todayOf(world)
    const handed = { ...accepted, milestones: milestonesOf(accepted, began) }
    const finished = finishWon(handed, world)
    const account =
      world.account && world.account.csm === undefined
        ? {
            before: world.account,
            next: {
              ...world.account,
              csm: receiver,
              updatedAt: world.now,
              version: world.account.version + 1,
            },
          }
        : undefined
    return done(
      { handoff: handed, ...(finished ? { deal: finished } : {}), ...(account ? { account } : {}) },
      fact,
      ...(finished ? ([{ fact: 'won-finished' }] as const) : []),
    )
  }
  const opened = handoff.kind === 'sdr-to-ae' ? dealFromLead(accepted, world) : dealFromCs(accepted, world)
  if (!opened.ok) return opened
  const deal = opened.next
  const { lead } = world
  return done(
    {
      handoff: { ...accepted, opened: deal.next.id },
      deal,
      ...(lead && handoff.kind === 'sdr-to-ae'
        ? {
            lead: {
              before: lead,
              next: {
                ...lead,
                status: 'handed_over',
                deal: deal.next.id,
                updatedAt: world.now,
                version: lead.version + 1,
              },
            },
          }
        : {}),
    },
    fact,
  )
}

/** The checklist that the drafted milestones become; a day without words of its own is kept, to be filled in. */
const milestonesOf = (handoff: Handoff, began: PlainDate): Milestone[] =>
  milestoneDays.map((day) => ({
    day,
    text: handoff.items[`milestone_${day}`] ?? '',
    owner: handoff.receiver!,
    dueOn: addDays(began, day),
  }))

function giveBack(handoff: Handoff, act: Act<'return'>, world: HandoffWorld): Answer {
  const refusal = receiverMay(handoff, act.by, world)
  if (refusal) return refuse(refusal)
  const note = act.note?.trim()
  if (act.missing.length === 0 && !note) return refuse({ code: 'reason-missing' })
  const returned = {
    at: world.now,
    by: act.by,
    missing: [...new Set(act.missing)],
    ...(note ? { note } : {}),
  }
  return done(
    {
      handoff: turned({ ...handoff, status: 'returned', returns: [...handoff.returns, returned] }, world.now),
    },
    { fact: 'returned', by: act.by, missing: returned.missing, at: world.now },
  )
}

function reassign(handoff: Handoff, act: Act<'reassign'>, world: HandoffWorld): Answer {
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return refuse(notWaiting(handoff))
  if (!isParty(handoff, act.by, world)) return refuse({ code: 'not-allowed', what: 'handoff.reassign' })
  const unfit = unfitness(act.to, handoff.kind, handoff.sender, world)
  if (unfit) return refuse(unfit)
  const { receiver: from } = handoff
  const moved = { ...handoff, receiver: act.to }
  return done(
    { handoff: handoff.status === 'submitted' ? turned(moved, world.now) : moved },
    {
      fact: 'reassigned',
      side: 'receiver',
      ...(from === undefined ? {} : { from }),
      to: act.to,
      by: act.by,
    },
  )
}

// ── after acceptance ─────────────────────────────────────────────────────────

const isParty = (handoff: Handoff, by: string, world: HandoffWorld) =>
  actsFor(by, handoff.receiver, world) || actsFor(by, handoff.sender, world)

function kickoff(handoff: Handoff, act: Act<'kickoff'>, world: HandoffWorld): Answer {
  if (handoff.kind !== 'ae-to-cs' || handoff.status === 'withdrawn') return refuse(notWaiting(handoff))
  if (!isParty(handoff, act.by, world)) return refuse({ code: 'not-allowed', what: 'handoff.kickoff' })
  if (!isPlainDate(act.on)) return refuse({ code: 'bad-date', text: act.on })
  const { kickoffOn: before } = handoff
  const began =
    before ??
    (handoff.acceptedAt === undefined
      ? undefined
      : localDate(handoff.acceptedAt, world.org.company.working.timeZone))
  const { ratingAskedAt: _asked, kickoffAskedAt: _kickoff, ...rest } = handoff
  const scheduled: Handoff = {
    ...rest,
    items: { ...handoff.items, kickoff_on: act.on },
    kickoffOn: act.on,
    // What nobody has moved by hand moves with the kickoff.
    milestones: handoff.milestones.map((each) =>
      each.doneOn === undefined && began !== undefined && each.dueOn === addDays(began, each.day)
        ? { ...without(each), dueOn: addDays(act.on, each.day) }
        : each,
    ),
  }
  const finished = finishWon(scheduled, world)
  return done(
    { handoff: scheduled, ...(finished ? { deal: finished } : {}) },
    { fact: 'kickoff-scheduled', on: act.on, ...(before === undefined ? {} : { before }) },
    ...(finished ? ([{ fact: 'won-finished' }] as const) : []),
  )
}

/** The milestone as nobody was reminded of it: it has a new day. */
const without = ({ remindedAt: _reminded, ...rest }: Milestone): Milestone => rest

function rate(handoff: Handoff, act: Act<'rate'>, world: HandoffWorld): Answer {
  if (handoff.status !== 'accepted') return refuse(notWaiting(handoff))
  if (act.by !== handoff.receiver && act.by !== handoff.acceptedBy)
    return refuse({ code: 'not-the-receiver', receivers: [handoff.receiver!] })
  if (!Number.isInteger(act.score) || act.score < 1 || act.score > 5)
    return refuse({ code: 'rating-out-of-range' })
  const { kickoffOn } = handoff
  // A handoff that knows no kickoff is rated once it is taken over.
  if (handoff.kind === 'ae-to-cs' && (kickoffOn === undefined || kickoffOn > todayOf(world)))
    return refuse({ code: 'kickoff-first', ...(kickoffOn === undefined ? {} : { kickoffOn }) })
  const note = act.note?.trim()
  const rating = { score: act.score, by: act.by, at: world.now, ...(note ? { note } : {}) }
  return done({ handoff: { ...handoff, rating } }, { fact: 'rated', by: act.by, score: act.score })
}

function milestone(
  handoff: Handoff,
  act: Act<'milestone-done'> | Act<'milestone-change'>,
  world: HandoffWorld,
): Answer {
  const found = handoff.milestones.find((each) => each.day === act.day)
  if (handoff.status !== 'accepted' || !found) return refuse({ code: 'no-such-milestone' })
  if (!actsFor(act.by, found.owner, world) && !isParty(handoff, act.by, world))
    return refuse({ code: 'not-allowed', what: 'handoff.milestone' })
  const { doneOn: _on, doneBy: _by, ...undone } = found
  let next: Milestone
  if (act.act === 'milestone-done')
    next = act.done ? { ...undone, doneOn: todayOf(world), doneBy: act.by } : undone
  else {
    const { text, owner, dueOn } = act
    if (dueOn !== undefined && !isPlainDate(dueOn)) return refuse({ code: 'bad-date', text: dueOn })
    if (owner !== undefined && !world.org.people.get(owner)?.active)
      return refuse({ code: 'unfit-receiver', person: owner, why: 'inactive' })
    next = {
      ...(dueOn === undefined || dueOn === found.dueOn ? found : without(found)),
      ...(text?.trim() ? { text: text.trim() } : {}),
      ...(owner === undefined ? {} : { owner }),
      ...(dueOn === undefined ? {} : { dueOn }),
    }
  }
  return done(
    { handoff: { ...handoff, milestones: handoff.milestones.map((each) => (each === found ? next : each)) } },
    {
      fact: act.act === 'milestone-done' ? 'milestone-done' : 'milestone-changed',
      day: act.day,
      by: act.by,
    },
  )
}

function firstValue(handoff: Handoff, act: Act<'first-value'>, world: HandoffWorld): Answer {
  if (handoff.kind !== 'ae-to-cs' || handoff.status !== 'accepted') return refuse(notWaiting(handoff))
  if (!isParty(handoff, act.by, world)) return refuse({ code: 'not-allowed', what: 'handoff.first-value' })
  if (!isPlainDate(act.on)) return refuse({ code: 'bad-date', text: act.on })
  if (act.on > todayOf(world)) return refuse({ code: 'bad-date', text: act.on })
  return done(
    { handoff: { ...handoff, firstValueOn: act.on } },
    { fact: 'first-value', on: act.on, by: act.by },
  )
}
