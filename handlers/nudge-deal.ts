import { addDays, type PlainDate } from '../src/canon/calendar.ts'
import type { Because, NudgeKind, NudgeSubject } from '../src/canon/nudge.ts'
import {
  closeDateCycle,
  daysPast,
  debtCycle,
  debtOf,
  gapCycle,
  meddiccGap,
  missingOf,
  requiredByStage,
  stalledCycle,
  standstill,
} from '../src/canon/nudge-deal.ts'
import { weightOf } from '../src/canon/nudge-weight.ts'
import {
  isOpen,
  meddiccFields,
  type Opportunity,
  requiredMeddicc,
  type Stage,
} from '../src/canon/opportunity.ts'
import type { ScannedDeal } from '../src/ports/scan.ts'
import { answerableIn, findingsOf, onceFor, worthIn } from './nudge-findings.ts'
import type { NudgeAction, NudgeRule, RuleDesk } from './nudge-rule.ts'

// What the deals themselves say: that they stand still, that their date is past, that their gates are not filled.

export const onDeal = (id: string): NudgeSubject => ({ noun: 'deal', id })

const openDeal = async (
  subject: NudgeSubject,
  { store, company }: RuleDesk,
): Promise<Opportunity | undefined> => {
  const deal = subject.noun === 'deal' ? await store.deal(company, subject.id) : undefined
  return deal && isOpen(deal.stage) ? deal : undefined
}

export const buttons =
  (...names: readonly string[]) =>
  (on: NudgeSubject): readonly NudgeAction[] =>
    names.map((action) => ({ action, on }))

type Worth = Awaited<ReturnType<typeof worthIn>>

/** Open deals that entered their stage over 30 days ago: to the owner's channel and the manager (Canon, Nudges). */
export const stalledRule: NudgeRule = {
  kind: 'stalled',
  find(desk) {
    const { store, company, org, policy, today } = desk
    const who = answerableIn(org)
    const stood = onceFor((since) => {
      const still = standstill(since, today, policy.nudges)
      return (
        still && {
          ...still,
          since,
          cycle: stalledCycle(since, still.days, policy.nudges),
          because: {} as Record<Stage, Because>,
        }
      )
    })
    const deals = store.stalledDeals(company, addDays(today, -policy.nudges.stalledAfterDays))
    const finding = (worth: Worth) => (row: ScannedDeal) => {
      const still = stood(row.on)
      if (!still) return undefined
      const { days, risk, since } = still
      const { owner, channelOf, manager } = who(row.owner)
      still.because[row.stage] ??= { kind: 'stalled', stage: row.stage, since, days, risk }
      return {
        kind: 'stalled',
        subject: onDeal(row.id),
        cycle: still.cycle,
        owner,
        alsoTell: manager,
        channelOf,
        because: still.because[row.stage],
        weight: weightOf('stalled', worth(row), days),
      } as const
    }
    return findingsOf(deals, worthIn(desk).then(finding))
  },
  async still(subject, _cycle, desk) {
    const deal = await openDeal(subject, desk)
    const since = deal?.stageEnteredOn
    const still = standstill(since, desk.today, desk.policy.nudges)
    return deal && since !== undefined && still
      ? { kind: 'stalled', stage: deal.stage, since, ...still }
      : undefined
  },
  actions: (on, because) =>
    because.kind === 'stalled' && because.risk
      ? buttons('stage.open', 'deal.close-date', 'activity.log')(on)
      : buttons('stage.open', 'activity.log', 'deal.open')(on),
}

/** Open deals that should have closed: their owner puts the date right. */
export const closeDateRule: NudgeRule = {
  kind: 'close-date-past',
  find(desk) {
    const { store, company, org, today } = desk
    const who = answerableIn(org)
    const past = onceFor((closeOn: PlainDate) => {
      const days = daysPast(closeOn, today) ?? 0
      return {
        days,
        cycle: closeDateCycle(closeOn, days),
        because: { kind: 'close-date-past', closeOn, days } as const,
      }
    })
    const finding = (worth: Worth) => (row: ScannedDeal) => {
      const { days, cycle, because } = past(row.on)
      return {
        kind: 'close-date-past',
        subject: onDeal(row.id),
        cycle,
        owner: who(row.owner).owner,
        because,
        weight: weightOf('close-date-past', worth(row), days),
      } as const
    }
    return findingsOf(store.pastCloseDeals(company, today), worthIn(desk).then(finding))
  },
  async still(subject, _cycle, desk) {
    const closeOn = (await openDeal(subject, desk))?.expectedCloseOn
    const days = daysPast(closeOn, desk.today)
    return closeOn !== undefined && days !== undefined
      ? { kind: 'close-date-past', closeOn, days }
      : undefined
  },
  actions: buttons('deal.close-date', 'stage.open', 'deal.open'),
}

/** Open deals that lack MEDDICC fields that their stage requires and that nobody let them owe. */
export const meddiccGapRule: NudgeRule = {
  kind: 'meddicc-gap',
  async *find(desk) {
    const { store, company, org, policy, today } = desk
    const who = answerableIn(org)
    const required = requiredByStage(policy)
    const worth = await worthIn(desk)
    for await (const page of store.meddiccGaps(company, required))
      for (const row of page) {
        const missing = missingOf(required[row.stage] ?? [], row.known)
        // What is owed, and why, only the whole deal says; few owe anything.
        const deal = row.owes ? await store.deal(company, row.id) : undefined
        const fields = meddiccGap(
          {
            stage: row.stage,
            meddicc: Object.fromEntries(meddiccFields.filter((f) => !missing.includes(f)).map((f) => [f, f])),
            ...(deal?.gateDebt ? { gateDebt: deal.gateDebt } : {}),
            ...(row.championLeft ? { championLeft: { contact: '', said: '' } } : {}),
          },
          missing,
        )
        if (fields.length === 0) continue
        yield {
          kind: 'meddicc-gap' as NudgeKind,
          subject: onDeal(row.id),
          cycle: gapCycle(row.stage, fields, today),
          owner: who(row.owner).owner,
          because: { kind: 'meddicc-gap', stage: row.stage, fields },
          weight: weightOf('meddicc-gap', worth(row), fields.length),
        }
      }
  },
  async still(subject, _cycle, desk) {
    const deal = await openDeal(subject, desk)
    const fields = deal ? meddiccGap(deal, requiredMeddicc(deal.stage, desk.policy)) : []
    return deal && fields.length > 0 ? { kind: 'meddicc-gap', stage: deal.stage, fields } : undefined
  },
  actions: buttons('deal.meddicc', 'stage.open', 'deal.open'),
}

/** Open deals that were let pass a gate, until what they owe is paid. */
export const gateDebtRule: NudgeRule = {
  kind: 'gate-debt',
  async *find(desk) {
    const { store, company, org, today } = desk
    const who = answerableIn(org)
    const worth = await worthIn(desk)
    for await (const page of store.owingDeals(company))
      for (const deal of page) {
        const because = debtOf(deal, today)
        if (!because) continue
        yield {
          kind: 'gate-debt' as NudgeKind,
          subject: onDeal(deal.id),
          cycle: debtCycle(because.until, today),
          owner: who(deal.owner).owner,
          because,
          weight: weightOf(
            'gate-debt',
            worth({ stage: deal.stage, ...deal.amount }),
            because.overdue ? 10 : 1,
          ),
        }
      }
  },
  async still(subject, _cycle, desk) {
    const deal = await openDeal(subject, desk)
    return deal && debtOf(deal, desk.today)
  },
  actions: buttons('deal.meddicc', 'deal.open'),
}
