import type { Card } from '../../blocks/card.ts'
import { dealCard } from '../../blocks/deal.ts'
import { activityForm, closeDateForm, meddiccForm } from '../../blocks/deal-form.ts'
import { discountThreadLine, threadHead } from '../../blocks/deal-thread.ts'
import type { FormView } from '../../blocks/form.ts'
import { handoffCard } from '../../blocks/handoff.ts'
import {
  firstValueForm,
  handoffForm,
  kickoffForm,
  milestoneForm,
  rateForm,
  reassignHandoffForm,
  returnForm,
  startForm,
  withdrawHandoffForm,
} from '../../blocks/handoff-form.ts'
import {
  acceptedCard,
  againCard,
  escalatedHandoff,
  handoffLine,
  handoffLines,
  kickoffCard,
  milestoneCard,
  ratingCard,
  reminderOfHandoff,
  returnedCard,
} from '../../blocks/handoff-notice.ts'
import { handoffChoices, handoffsCard } from '../../blocks/handoffs.ts'
import { contactForm, hygieneCard } from '../../blocks/hygiene.ts'
import { movedCard, overriddenCard, stageDone, stageThreadLine } from '../../blocks/stage.ts'
import { stageForm } from '../../blocks/stage-form.ts'
import type { Words } from '../../blocks/words/index.ts'
import type { Contact } from '../../src/canon/contact.ts'
import { handoffKinds } from '../../src/canon/handoff.ts'
import { meddiccFields, stages } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { dealFor, namesFor, now, type Typed } from './briefs.ts'

import {
  bareHandoff,
  briefOf,
  dealFull,
  debts,
  entryFor,
  handoffFor,
  nextOnes,
  stateFor,
  statuses,
  today,
} from './briefs-deal.ts'

const contactFor = (kind: Typed): Contact => ({
  id: 'C-1',
  account: 'A-1',
  name: kind.text,
  role: 'champion',
  engagement: 'low',
  updatedOn: '2026-03-02',
  version: 1,
})

const hygieneOf = (kind: Typed) => {
  const lead = { id: 'L', name: kind.text, company: kind.text, arrivedAt: now, updatedAt: now, version: 1 }
  return {
    now,
    timeZone: 'Asia/Seoul',
    loggedWithinHours: 24,
    contacts: {
      total: 40,
      shown: Array.from({ length: 10 }, () => ({
        contact: contactFor(kind),
        accountName: kind.text,
        drawing: 'd',
      })),
    },
    leads: {
      total: 9,
      shown: Array.from({ length: 5 }, () => ({ lead: { ...lead, status: 'new' as const }, drawing: 'd' })),
    },
    late: {
      total: 9,
      shown: Array.from({ length: 5 }, () => ({
        kind: 'call' as const,
        dealName: kind.text,
        happenedAt: now,
        loggedAt: now,
      })),
    },
    unlinked: { names: Array.from({ length: 40 }, () => kind.text), drawing: 'd' },
  }
}

export function dealCards(kind: Typed, w: Words): Record<string, Card> {
  const nothing = { total: 0, shown: [] }
  const drawn: Record<string, Card> = {
    hygiene: hygieneCard(hygieneOf(kind), w),
    'hygiene, nothing': hygieneCard(
      { ...hygieneOf(kind), contacts: nothing, leads: nothing, late: nothing, unlinked: { names: [] } },
      w,
    ),
    'deal, lost': dealCard(
      {
        deal: dealFor(kind, {
          stage: 'CL',
          closedOn: today,
          lossReason: 'price',
          lossReasonDetail: kind.text,
        }),
        names: {},
        timeZone: 'UTC',
        now,
        today,
        drawing: 'drawing-1',
        mayAsk: false,
        probability: 0,
        required: [],
        requests: [],
        record: {
          contacts: [],
          activities: [],
          handoffs: [],
          history: [],
          actions: [],
          lossReasons: defaultPolicy.lossReasons,
        },
      },
      w,
    ),
    'deal, thread': threadHead({ deal: dealFor(kind), owner: kind.name }, w),
    'deal, thread, nobody’s': threadHead({ deal: dealFor(kind) }, w),
    'deal, thread, discount': discountThreadLine('approved', { name: kind.name }, w)!,
    'deal, thread, discount of nobody': discountThreadLine('requested', {}, w)!,
    'stage, done': stageDone(
      {
        step: {
          before: dealFor(kind),
          next: dealFor(kind, { stage: 'CW', gateDebt: debts(kind) }),
          facts: [],
        },
        now,
        drawing: 'drawing-1',
        handoff: 'drawing-2',
      },
      w,
    ),
    handoffs: handoffsCard(
      {
        waiting: handoffKinds.flatMap((of) =>
          statuses.map((status) => ({
            ...briefOf(kind, of, status),
            drawing: `drawing-${of}-${status}`,
          })),
        ),
        sent: statuses.map((status) => briefOf(kind, 'ae-to-cs', status)),
        totals: { waiting: 40, sent: 5 },
        now,
        drawing: 'drawing-1',
      },
      w,
    ),
    'handoffs, empty': handoffsCard(
      { waiting: [], sent: [], totals: { waiting: 0, sent: 0 }, now, drawing: 'drawing-1' },
      w,
    ),
    'handoffs, which': handoffChoices(
      {
        query: kind.deal,
        rows: handoffKinds.map((of, at) => ({
          kind: of,
          label: kind.deal,
          drawing: `drawing-${at}`,
          ...(at === 0 ? {} : { note: kind.account }),
        })),
      },
      w,
    ),
  }
  for (const [at, action] of nextOnes(kind).entries())
    drawn[`deal, next ${action.code} ${at}`] = dealFull(kind, [action], w)
  drawn['deal, full'] = dealFull(kind, nextOnes(kind), w)
  for (const to of stages) {
    const entry = entryFor(kind, { from: to === 'S1' ? 'CL' : 'S2', to })
    const notice = {
      deal: dealFor(kind, { gateDebt: debts(kind) }),
      entry,
      names: namesFor(kind),
      now,
      drawing: 'drawing-1',
    }
    drawn[`stage, line to ${to}`] = stageThreadLine(notice, w)
    drawn[`stage, moved to ${to}`] = movedCard(notice, w)
    drawn[`stage, overridden to ${to}`] = overriddenCard(notice, w)
    drawn[`stage, brought to ${to}`] = movedCard({ ...notice, entry: { ...entry, by: 'import' } }, w)
  }
  for (const of of handoffKinds) {
    for (const status of statuses) {
      const brief = briefOf(kind, of, status)
      drawn[`handoff ${of}, ${status}`] = handoffCard(brief, w)
      drawn[`handoff ${of}, ${status}, looked at`] = handoffCard({ ...brief, viewer: 'x', actions: [] }, w)
      for (const [name, draw] of Object.entries({
        returnedCard,
        againCard,
        acceptedCard,
        reminderOfHandoff,
        escalatedHandoff,
        kickoffCard,
        ratingCard,
        milestoneCard,
      }))
        drawn[`${name} ${of}, ${status}`] = draw(brief, w)
    }
    drawn[`handoff ${of}, bare`] = handoffCard(bareHandoff(of), w)
    for (const line of handoffLines) {
      drawn[`handoff line ${line} ${of}`] = handoffLine(line, briefOf(kind, of, 'accepted'), w)
      drawn[`handoff line ${line} ${of}, bare`] = handoffLine(line, bareHandoff(of), w)
    }
  }
  drawn['handoff, from signals'] = handoffCard(
    briefOf(
      kind,
      'cs-to-ae',
      'draft',
      {},
      {
        signals: [
          { signal: 'usage-up', before: 40, now: 120 },
          { signal: 'nps-up', before: 30, now: 52 },
          { signal: 'new-department', department: kind.account, contact: 'C-1' },
        ],
      },
    ),
    w,
  )
  drawn['handoff, rating open'] = ratingCard(
    briefOf(kind, 'ae-to-cs', 'accepted', {}, { rating: undefined }),
    w,
  )
  drawn['handoff, kickoff open'] = kickoffCard(
    briefOf(kind, 'ae-to-cs', 'accepted', {}, { kickoffOn: undefined }),
    w,
  )
  drawn['handoff, deal lost again'] = handoffCard(
    briefOf(kind, 'ae-to-cs', 'withdrawn', {}, { settledWhy: 'deal-reopened' }),
    w,
  )
  return drawn
}

export function dealForms(kind: Typed, w: Words): Record<string, FormView> {
  const about = [{ user: kind.deal.trim() || '—' }]
  const small = { drawing: 'drawing-1', about }
  const options = [{ value: 'p5', label: kind.name, description: kind.account }]
  const milestone = { day: 30 as const, text: kind.text, owner: 'sm', dueOn: '2026-12-20' }
  const drawn: Record<string, FormView> = {
    'stage, won': stageForm(stateFor(kind), w),
    'stage, ready': stageForm(
      stateFor(kind, {
        to: 'S6',
        way: 'forward',
        missing: 0,
        fields: [{ name: 'first_meeting', asked: 'first_meeting', stage: 'S1', value: today }],
        amount: { currency: 'KRW', text: kind.text.slice(0, 40) },
      }),
      w,
    ),
    'stage, back': stageForm(stateFor(kind, { to: 'S1', way: 'back', reason: kind.text }), w),
    'stage, reopen': stageForm(stateFor(kind, { to: 'S4', way: 'reopen', reason: kind.text }), w),
    'stage, lost': stageForm(
      stateFor(kind, {
        to: 'CL',
        way: 'lost',
        loss: {
          reasons: defaultPolicy.lossReasons,
          reason: 'price',
          detail: 'over_budget',
          competitor: kind.account,
        },
      }),
      w,
    ),
    'stage, no stage': stageForm(
      stateFor(kind, { to: undefined, way: undefined, dealFixed: false, meanwhile: {} }),
      w,
    ),
    'stage, obstacle': stageForm(stateFor(kind, { obstacle: kind.text.trim() || '—' }), w),
    'stage, empty': stageForm(
      { drawing: 'd', dealFixed: false, options: [], fields: [], missing: 0, now, timeZone: 'UTC' },
      w,
    ),
    'handoff, start': startForm(
      {
        drawing: 'd',
        kinds: handoffKinds,
        kind: 'sdr-to-ae',
        subject: options[0]!,
        unknown: kind.deal.trim() || '—',
      },
      w,
    ),
    'handoff, start, empty': startForm({ drawing: 'd', kinds: handoffKinds }, w),
    'handoff, reassign': reassignHandoffForm({ ...small, options }, w),
    'handoff, withdraw': withdrawHandoffForm(small, w),
    'handoff, kickoff': kickoffForm({ ...small, on: '2026-12-01' }, w),
    'handoff, kickoff, empty': kickoffForm(small, w),
    'handoff, rate': rateForm(small, w),
    'handoff, milestone': milestoneForm({ ...small, milestone, owner: options[0]! }, w),
    'handoff, first value': firstValueForm({ ...small, on: today, targetDays: 30 }, w),
    meddicc: meddiccForm(
      {
        drawing: 'd',
        deal: dealFor(kind),
        values: Object.fromEntries(meddiccFields.map((field) => [field, kind.text])),
        required: ['champion'],
        currency: 'USD',
        meanwhile: true,
      },
      w,
    ),
    'meddicc, empty': meddiccForm(
      { drawing: 'd', deal: dealFor(kind), values: {}, required: ['champion'] },
      w,
    ),
    'meddicc, evidence owed': meddiccForm(
      {
        drawing: 'd',
        deal: dealFor(kind),
        values: {},
        required: [],
        evidence: ['first_meeting', 'demo', 'proposal', 'negotiation', 'verbal_agreement'],
      },
      w,
    ),
    'close date': closeDateForm({ drawing: 'd', deal: dealFor(kind), value: '2026-12-01', now }, w),
    'close date, none': closeDateForm(
      { drawing: 'd', deal: { ...dealFor(kind), expectedCloseOn: undefined }, now },
      w,
    ),
    contact: contactForm({ drawing: 'd', contact: contactFor(kind), accountName: kind.text, today }, w),
    activity: activityForm({ drawing: 'd', deal: dealFor(kind), today, contacts: options }, w),
    'activity, nobody': activityForm({ drawing: 'd', deal: dealFor(kind), today, contacts: [] }, w),
  }
  for (const of of handoffKinds) {
    drawn[`handoff ${of}`] = handoffForm(
      {
        drawing: 'd',
        kind: of,
        about,
        values: handoffFor(kind, of, 'returned').items,
        required: defaultPolicy.handoff.required[of],
        receiver: options[0]!,
        currency: 'KRW',
        returned: { by: kind.name.trim() || '—', missing: ['pain'], note: kind.text },
        meanwhile: kind.text.trim() || '—',
      },
      w,
    )
    drawn[`handoff ${of}, empty`] = handoffForm(
      { drawing: 'd', kind: of, about, values: {}, required: [], currency: 'USD' },
      w,
    )
    drawn[`handoff ${of}, return`] = returnForm({ ...small, kind: of }, w)
  }
  return drawn
}
