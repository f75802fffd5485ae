import { approvalsCard } from '../../blocks/approvals.ts'
import type { Card } from '../../blocks/card.ts'
import { dealCard, dealChoices } from '../../blocks/deal.ts'
import { adminCard, awayCard, commandNames, helpCard, linkCard, settingsCard } from '../../blocks/dealdesk.ts'
import { adminGrantForm, awayForm, linkPersonForm } from '../../blocks/dealdesk-form.ts'
import {
  copiedCard,
  type DiscountBrief,
  decisionCard,
  discountCard,
  participantCard,
  requesterCard,
} from '../../blocks/discount.ts'
import {
  answerForm,
  askForm,
  counterForm,
  reassignForm,
  rejectForm,
  requestForm,
  withdrawForm,
} from '../../blocks/discount-form.ts'
import {
  counteredCard,
  questionCard,
  reminderCard,
  settledCard,
  type ThreadLineKind,
  threadLine,
} from '../../blocks/discount-thread.ts'
import type { FormView } from '../../blocks/form.ts'
import { homeCard } from '../../blocks/home.ts'
import { deadLetterCard, errorCard, noticeCard, takesLongCard } from '../../blocks/notice.ts'
import { policyCard } from '../../blocks/policy.ts'
import {
  agreementAnswers,
  agreementForm,
  answersOf,
  copyAnswers,
  copyForm,
  policyForm,
} from '../../blocks/policy-form.ts'
import type { Words } from '../../blocks/words/index.ts'
import type { DiscountStatus } from '../../src/canon/discount.ts'
import type { Policy } from '../../src/canon/policy.ts'
import {
  adminFor,
  bareBrief,
  briefFor,
  counterFor,
  dealFor,
  formStateFor,
  hour,
  namesFor,
  now,
  policy,
  requestFor,
  rowFor,
  type Typed,
} from './briefs.ts'
import { briefOf } from './briefs-deal.ts'
import { dealCards, dealForms } from './gallery-deal.ts'
import { digestCardsFor } from './gallery-digest.ts'
import { healthCards, healthForms } from './gallery-health.ts'
import { metricCards } from './gallery-metric.ts'
import { nudgeCards, nudgeForms } from './gallery-nudge.ts'
import { renewalCards, renewalForms } from './gallery-renewal.ts'

const settled: readonly DiscountStatus[] = [
  'approved',
  'rejected',
  'withdrawn',
  'expired',
  'voided',
  'superseded',
]

const lines: readonly ThreadLineKind[] = [
  'question',
  'answer',
  'requested',
  'took-effect',
  'step-opened',
  'step-approved',
  'approved',
  'rejected',
  'asked',
  'answered',
  'countered',
  'counter-accepted',
  'counter-declined',
  'withdrawn',
  'reassigned',
  'rerouted',
  'reminded',
  'escalated',
  'expired',
  'voided',
  'superseded',
  'noticed',
]

/** Every card the product draws, with one kind of typed text in all its places. */
export function cards(kind: Typed, w: Words): Record<string, Card> {
  const brief = briefFor(kind)
  const viewers = ['approver', 'requester', 'participant', 'copied'] as const
  const countered: DiscountBrief = briefFor(
    kind,
    { viewer: 'requester', actions: ['accept-counter', 'decline-counter', 'answer', 'withdraw', 'reassign'] },
    { status: 'countered', counter: counterFor(kind) },
  )
  const drawn: Record<string, Card> = {
    ...dealCards(kind, w),
    ...renewalCards(kind, w),
    ...healthCards(kind, w),
    ...digestCardsFor(kind, w),
    ...metricCards(kind, w),
    ...nudgeCards(kind, w),
    decision: decisionCard(brief, w),
    'decision, not my turn': decisionCard({ ...brief, actions: [] }, w),
    'decision, bare': decisionCard(bareBrief, w),
    request: requesterCard({ ...brief, viewer: 'requester', actions: ['answer', 'withdraw', 'reassign'] }, w),
    'request, bare': requesterCard({ ...bareBrief, viewer: 'requester' }, w),
    'request, countered': requesterCard(countered, w),
    participant: participantCard({ ...brief, viewer: 'participant', numbers: undefined, actions: [] }, w),
    copied: copiedCard({ ...brief, viewer: 'copied', actions: [] }, w),
    question: questionCard({ ...brief, viewer: 'requester', actions: ['answer'] }, undefined, w),
    'question, over': questionCard({ ...bareBrief, viewer: 'requester' }, undefined, w),
    countered: counteredCard(countered, w),
    'countered, over': counteredCard(bareBrief, w),
    reminder: reminderCard(brief, w),
    approvals: approvalsCard(
      {
        waiting: [
          rowFor(kind),
          rowFor(kind, { question: true }),
          rowFor(kind, { status: 'countered', who: [] }),
          rowFor(kind, { standsInFor: kind.name }),
          ...Array.from({ length: 30 }, () => rowFor(kind, { account: undefined })),
        ],
        asked: [
          rowFor(kind, { who: Array.from({ length: 9 }, () => kind.name) }),
          rowFor(kind, { question: true }),
          rowFor(kind, { status: 'countered' }),
          ...settled.map((status) => rowFor(kind, { status })),
        ],
        totals: { waiting: 90, asked: 14 },
        now,
        drawing: 'drawing-1',
      },
      w,
    ),
    'approvals, empty': approvalsCard(
      { waiting: [], asked: [], totals: { waiting: 0, asked: 0 }, now, drawing: 'drawing-1' },
      w,
    ),
    deal: dealCard(
      {
        deal: dealFor(kind, {
          approvedDiscount: 3200,
          price: { amount: 85_000_000, currency: 'KRW' },
          discountFlagged: true,
        }),
        names: namesFor(kind),
        timeZone: 'Asia/Seoul',
        now,
        today: '2026-11-20',
        drawing: 'drawing-1',
        mayAsk: true,
        probability: 80,
        required: ['economic_buyer', 'proposal_submitted'],
        requests: [
          { request: requestFor(kind), drawing: 'drawing-2' },
          ...settled.map((status) => ({ request: requestFor(kind, { status, settledAt: now - hour }) })),
        ],
      },
      w,
    ),
    'deal, bare': dealCard(
      {
        deal: {
          id: 'D-2',
          name: kind.deal,
          stage: 'CL',
          meddicc: {},
          closedOn: '2026-01-02',
          updatedAt: now,
          version: 1,
        },
        names: {},
        timeZone: 'UTC',
        now,
        today: '2026-11-20',
        drawing: 'drawing-1',
        mayAsk: false,
        probability: 0,
        required: [],
        requests: [],
      },
      w,
    ),
    choices: dealChoices(
      {
        query: kind.deal,
        rows: [
          {
            hit: {
              id: 'D-1',
              name: kind.deal,
              accountName: kind.account,
              stage: 'S4',
              amount: { amount: 1_200_000, currency: 'USD' },
            },
            drawing: 'drawing-2',
            ownerName: kind.name,
          },
          {
            hit: { id: 'D-2', name: kind.deal, stage: 'S1' },
            drawing: 'drawing-3',
            action: 'discount.start',
          },
        ],
      },
      w,
    ),
    'choices, none': dealChoices({ query: kind.deal, rows: [] }, w),
    home: homeCard(
      {
        name: kind.name,
        today: '2026-11-20',
        handoffs: {
          waiting: Array.from({ length: 12 }, () => briefOf(kind, 'ae-to-cs', 'submitted')),
          total: 12,
        },
        waiting: Array.from({ length: 20 }, () => rowFor(kind)),
        asked: Array.from({ length: 20 }, () => rowFor(kind)),
        totals: { waiting: 20, asked: 20 },
        deals: Array.from({ length: 14 }, (_, at) => ({
          deal: dealFor(kind, {
            expectedCloseOn: at % 2 ? '2026-11-01' : '2027-01-05',
            approvedDiscount: 1000,
          }),
          drawing: `drawing-${at}`,
        })),
        dealsTotal: 44,
        away: { from: '2026-11-19', until: '2026-11-25', delegateName: kind.name, now: true },
        standsInFor: [kind.name, kind.name],
        isAdmin: true,
        now,
        drawing: 'drawing-1',
      },
      w,
    ),
    'home, empty': homeCard(
      {
        name: kind.name,
        today: '2026-11-20',
        handoffs: { waiting: [], total: 0 },
        waiting: [],
        asked: [],
        totals: { waiting: 0, asked: 0 },
        deals: [],
        dealsTotal: 0,
        standsInFor: [],
        isAdmin: false,
        now,
        drawing: 'drawing-1',
      },
      w,
    ),
    help: helpCard({ roles: ['ae'], commands: commandNames, linked: true, isAdmin: true, drawing: 'd' }, w),
    'help, approver': helpCard(
      { roles: ['vp_sales'], commands: commandNames, linked: true, isAdmin: false },
      w,
    ),
    'help, other': helpCard({ roles: [], commands: commandNames, linked: true, isAdmin: false }, w),
    'help, admin': helpCard({ roles: ['sales_ops'], commands: commandNames, linked: true, isAdmin: true }, w),
    'help, not linked': helpCard(
      { roles: [], commands: commandNames, linked: false, isAdmin: false, drawing: 'd' },
      w,
    ),
    settings: settingsCard(
      {
        name: kind.name,
        timeZone: 'Asia/Seoul',
        roles: ['ae', 'sales_manager'],
        away: { from: '2026-12-01', until: '2026-12-03', now: false },
        drawing: 'drawing-1',
      },
      w,
    ),
    'settings, bare': settingsCard(
      { name: kind.name, locale: 'ko', timeZone: 'UTC', roles: [], drawing: 'd' },
      w,
    ),
    away: awayCard(
      {
        away: { from: '2026-12-01', until: '2026-12-03', delegateName: kind.name, now: false },
        drawing: 'd',
      },
      w,
    ),
    'away, alone': awayCard(
      { away: { from: '2026-11-01', until: '2026-12-03', now: true }, drawing: 'd' },
      w,
    ),
    'away, not': awayCard({ drawing: 'd' }, w),
    admin: adminCard(adminFor(kind), w),
    'admin, all well': adminCard(
      {
        ...adminFor(kind),
        unlinked: { total: 0, names: [] },
        admins: [],
        missingRoles: [],
        dead: { total: 0, letters: [] },
      },
      w,
    ),
    policy: policyCard({ company: kind.account, policy, names: namesFor(kind) }, w),
    'policy, to change': policyCard(
      {
        company: kind.account,
        policy,
        names: namesFor(kind),
        change: {
          whole: 'd',
          agreements: policy.discount.agreements.map(() => 'd'),
          copies: policy.discount.copies.map(() => 'd'),
        },
        notice: kind.text || 'saved',
      },
      w,
    ),
    notice: noticeCard(kind.text || '—'),
    error: errorCard('e-123', w),
    'dead letter': deadLetterCard(adminFor(kind).dead.letters[0]!, 'Asia/Seoul', w),
    'took too long': takesLongCard(w, { action: 'discount.start', drawing: 'd' }),
  }
  for (const outcome of ['no-match', 'several', 'taken', 'guest', 'no-email', 'not-bound'] as const)
    drawn[`link, ${outcome}`] = linkCard({ outcome }, w)
  for (const outcome of ['linked', 'already'] as const)
    drawn[`link, ${outcome}`] = linkCard({ outcome, name: kind.name }, w)
  for (const status of settled) {
    const done = briefFor(
      kind,
      {},
      {
        status,
        settledAt: now - hour,
        settledBy: 'vp',
        settledWhy: status === 'voided' ? 'amount-changed' : kind.text,
        asked: 3500,
        steps: [
          {
            ...requestFor(kind).steps[0]!,
            state: status === 'rejected' ? 'refused' : 'done',
            decisions: [
              {
                verdict: status === 'rejected' ? 'reject' : 'approve',
                by: 'p3',
                for: 'vp',
                at: now - hour,
                platform: 'slack',
                discount: 3200,
              },
            ],
          },
          { ...requestFor(kind).steps[3]!, state: 'not-needed' },
        ],
      },
    )
    for (const viewer of viewers) drawn[`${status}, ${viewer}`] = discountCard({ ...done, viewer }, w)
    drawn[`${status}, told`] = settledCard(done, w)
  }
  drawn['own authority'] = requesterCard(
    briefFor(
      kind,
      { viewer: 'requester', actions: [] },
      { status: 'approved', settledAt: now, steps: [], discount: 800, asked: 800 },
    ),
    w,
  )
  for (const line of lines) {
    drawn[`line, ${line}`] = threadLine(line, undefined, countered, w)
    drawn[`line, ${line}, bare`] = threadLine(line, undefined, bareBrief, w)
  }
  drawn['line, reassigned from'] = threadLine(
    'reassigned',
    { fact: 'reassigned', order: 2, from: 'vp', to: 'p5' },
    brief,
    w,
  )
  return drawn
}

/** Every form, with one kind of typed text in all its places. */
export function forms(kind: Typed, w: Words): Record<string, FormView> {
  const brief = briefFor(kind)
  const options = [{ value: 'p5', label: kind.name, description: kind.account }]
  return {
    ...dealForms(kind, w),
    ...renewalForms(kind, w),
    ...healthForms(kind, w),
    ...nudgeForms(kind, w),
    request: requestForm(formStateFor(kind), w),
    'request, own authority': requestForm(
      formStateFor(kind, {
        justificationNeeded: false,
        listAmountNeeded: false,
        preview: { ...formStateFor(kind).preview!, ownAuthority: true, steps: [], supersedes: undefined },
      }),
      w,
    ),
    'request, obstacle': requestForm(
      formStateFor(kind, { preview: undefined, obstacle: kind.text || 'no' }),
      w,
    ),
    'request, empty': requestForm(
      {
        drawing: 'd',
        currency: 'USD',
        justificationNeeded: false,
        listAmountNeeded: false,
        timeZone: 'UTC',
      },
      w,
    ),
    reject: rejectForm(brief, w),
    counter: counterForm(brief, w),
    ask: askForm(brief, w),
    answer: answerForm(brief, w),
    'answer, no question': answerForm(bareBrief, w),
    withdraw: withdrawForm(brief, w),
    reassign: reassignForm({ ...brief, options }, w),
    away: awayForm(
      { drawing: 'd', awayFrom: '2026-12-01', awayUntil: '2026-12-03', delegate: options[0] },
      w,
    ),
    'away, empty': awayForm({ drawing: 'd' }, w),
    link: linkPersonForm({ drawing: 'd', person: options[0] }, w),
    grant: adminGrantForm({ drawing: 'd' }, w),
    policy: policyForm(
      {
        drawing: 'd',
        policy,
        typed: answersOf(policy),
        ahead: { draft: policy.discount },
        vacant: ['legal'],
      },
      w,
    ),
    'policy, typed': policyForm(
      {
        drawing: 'd',
        policy,
        typed: { ...answersOf(policy), up_to_1: kind.text },
        ahead: { obstacles: [kind.text || '—'] },
      },
      w,
    ),
    'policy, seven levels': policyForm(
      { drawing: 'd', policy: sevenLevels, typed: answersOf(sevenLevels), ahead: undefined },
      w,
    ),
    ...groupForms(kind, w),
  }
}

/** As many levels as a ladder that is set in chat may have. */
const sevenLevels: Policy = {
  ...policy,
  discount: {
    ...policy.discount,
    rungs: (['ae', 'se', 'sales_manager', 'legal', 'finance', 'vp_sales', 'c_level'] as const).map(
      (role, at) => ({ role, upTo: at === 6 ? null : (at + 1) * 500 }),
    ),
  },
}

/** The forms of agreements and copies: new, of somebody by name, of nobody today. */
function groupForms(kind: Typed, w: Words): Record<string, FormView> {
  const { rungs, agreements, copies } = policy.discount
  const names = namesFor(kind)
  const people = Object.keys(names)
  const state = { drawing: 'd', version: policy.version, names, people }
  const agreement = agreements[0]!
  const copy = copies[0]!
  return {
    'agreement, new': agreementForm({ ...state, rungs, people: [], typed: {}, ahead: undefined }, w),
    agreement: agreementForm(
      {
        ...state,
        rungs,
        typed: { ...agreementAnswers(agreement), people, person_1: people[0] },
        ahead: { draft: { ...agreement, group: { people } } },
        today: people,
      },
      w,
    ),
    'copy, new': copyForm({ ...state, people: [], typed: {}, ahead: { obstacles: [kind.text || '—'] } }, w),
    copy: copyForm(
      {
        ...state,
        typed: { ...copyAnswers(copy), people },
        ahead: { draft: { ...copy, group: { people } } },
        today: [],
      },
      w,
    ),
  }
}
