import type { Card } from '../../blocks/card.ts'
import { dealCard } from '../../blocks/deal.ts'
import type { HandoffBrief } from '../../blocks/handoff.ts'
import type { StageFormState } from '../../blocks/stage-form.ts'
import type { Words } from '../../blocks/words/index.ts'
import { activityKinds } from '../../src/canon/activity.ts'
import { contactRoles, engagements } from '../../src/canon/contact.ts'
import { type Handoff, type HandoffKind, type HandoffStatus, handoffItems } from '../../src/canon/handoff.ts'
import type { NextAction } from '../../src/canon/next-actions.ts'
import { evidenceKinds, meddiccFields } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import type { StageEntry } from '../../src/canon/stage.ts'
import { dealFor, hour, namesFor, now, type Typed } from './briefs.ts'

export const statuses: readonly HandoffStatus[] = ['draft', 'submitted', 'returned', 'accepted', 'withdrawn']
export const today = '2026-11-20'

export const handoffFor = (
  kind: Typed,
  of: HandoffKind,
  status: HandoffStatus,
  more: Partial<Handoff> = {},
): Handoff => ({
  id: 'H-1',
  kind: of,
  version: 3,
  status,
  sender: 'ae',
  receiver: 'sm',
  items: Object.fromEntries(
    handoffItems[of].map((item) => [item, item.endsWith('_on') ? '2026-11-18' : kind.text]),
  ),
  policyVersion: 1,
  openedAt: now - 50 * hour,
  openedBy: 'system',
  returns: [{ at: now - 10 * hour, by: 'sm', missing: ['pain', 'champion'], note: kind.text }],
  turnSince: now - 9 * hour,
  milestones: [],
  ...(status === 'accepted'
    ? {
        acceptedAt: now - hour,
        acceptedBy: 'p3',
        kickoffOn: '2026-11-18',
        rating: { score: 4, by: 'sm', at: now, note: kind.text },
        firstValueOn: '2026-11-19',
        milestones: [
          { day: 30, text: kind.text, owner: 'sm', dueOn: '2026-11-10', doneOn: '2026-11-09', doneBy: 'sm' },
          { day: 60, text: kind.text, owner: 'sm', dueOn: '2026-11-15' },
          { day: 90, text: '', owner: 'sm', dueOn: '2027-02-15' },
        ],
      }
    : {}),
  ...more,
})

export const briefOf = (
  kind: Typed,
  of: HandoffKind,
  status: HandoffStatus,
  more: Partial<HandoffBrief> = {},
  handoff: Partial<Handoff> = {},
): HandoffBrief => ({
  handoff: handoffFor(kind, of, status, handoff),
  lead: kind.name,
  account: kind.account,
  deal: { name: kind.deal, accountName: kind.account, closedOn: '2026-11-01', won: 'unfinished' },
  opened: kind.deal,
  names: namesFor(kind),
  policy: defaultPolicy,
  timeZone: 'Asia/Seoul',
  now,
  today,
  viewer: 'sm',
  actions: ['accept', 'return', 'edit', 'kickoff', 'rate', 'first-value', 'reassign', 'withdraw'],
  drawing: 'drawing-1',
  milestones: { 30: 'drawing-30', 60: 'drawing-60', 90: 'drawing-90' },
  escalatesAt: now + 5 * hour,
  dealDrawing: 'drawing-2',
  ...more,
})

/** A handoff with as little in it as the rules allow. */
export const bareHandoff = (of: HandoffKind): HandoffBrief => ({
  handoff: {
    id: 'H-2',
    kind: of,
    version: 1,
    status: 'draft',
    sender: 'gone',
    items: {},
    policyVersion: 1,
    openedAt: now,
    openedBy: 'system',
    returns: [],
    turnSince: now,
    milestones: [],
  },
  names: {},
  policy: defaultPolicy,
  timeZone: 'UTC',
  now,
  today,
  actions: [],
  drawing: 'drawing-1',
  milestones: {},
})

export const entryFor = (kind: Typed, more: Partial<StageEntry> = {}): StageEntry => ({
  deal: 'D-1',
  from: 'S3',
  to: 'S4',
  at: now - hour,
  by: 'ae',
  door: 'slack',
  reason: kind.text,
  overridden: ['champion', 'demo'],
  ...more,
})

export const debts = (kind: Typed) =>
  (['champion', 'demo'] as const).map((gate, at) => ({
    gate,
    stage: 'S3' as const,
    until: at === 0 ? '2026-11-01' : '2026-12-24',
    reason: kind.text,
    by: 'sm',
    at: now,
  }))

export const nextOnes = (kind: Typed): readonly NextAction[] => [
  { code: 'requalify-champion', risk: true, contact: 'C-1', leftOn: '2026-11-03' },
  { code: 'contact-champion', risk: true, contact: 'C-1', days: 41 },
  { code: 'contact-champion', risk: true, contact: 'C-9' },
  { code: 'pay-gate-debt', risk: true, debts: debts(kind), overdue: true },
  { code: 'pay-gate-debt', risk: false, debts: debts(kind), overdue: false },
  { code: 'fix-close-date', risk: true, closeOn: '2026-11-01', days: 19 },
  { code: 'set-close-date', risk: false },
  { code: 'stalled', risk: true, days: 31, since: '2026-10-20', critical: false },
  { code: 'stalled', risk: true, days: 1, since: '2026-09-20', critical: true },
  { code: 'review-discount', risk: true },
  { code: 'answer-counter', risk: false, request: 'R-1' },
  { code: 'await-approval', risk: false, request: 'R-1', people: ['sm', 'vp'], days: 1 },
  { code: 'fill-gates', risk: true, stage: 'S4', fields: ['champion', 'proposal'] },
  { code: 'finish-handoff', risk: true, handoff: 'H-1', status: 'submitted', people: ['sm'], days: 3 },
  { code: 'finish-handoff', risk: false, handoff: 'H-1', status: 'draft', people: [], days: 1 },
  { code: 'schedule-kickoff', risk: false, handoff: 'H-1' },
  { code: 'plan-next-step', risk: false, days: 8 },
  { code: 'plan-next-step', risk: false },
  { code: 'advance', risk: false, to: 'S5' },
  { code: 'prepare-gate', risk: false, to: 'S6', fields: ['verbal_agreement'] },
]

export function dealFull(kind: Typed, actions: readonly NextAction[], w: Words): Card {
  return dealCard(
    {
      deal: dealFor(kind, { gateDebt: debts(kind), won: 'unfinished' }),
      names: namesFor(kind),
      timeZone: 'Asia/Seoul',
      now,
      today,
      drawing: 'drawing-1',
      mayAsk: true,
      probability: 80,
      required: ['economic_buyer'],
      requests: [],
      mayChange: true,
      mayHandOver: true,
      mayLog: true,
      record: {
        contacts: Array.from({ length: 12 }, (_, at) => ({
          id: `C-${at}`,
          account: 'A-1',
          name: kind.name,
          version: 1,
          ...(at < 5 ? { role: contactRoles[at]! } : {}),
          ...(at < 4 ? { engagement: engagements[at]! } : {}),
          ...(at === 6 ? { leftOn: '2026-11-01' } : {}),
          ...(at % 2 ? { lastContactedAt: now - 90 * hour } : {}),
        })),
        activities: activityKinds.map((each, at) => ({
          id: `act-${at}`,
          deal: 'D-1',
          kind: each,
          happenedAt: now + (2 - at) * 24 * hour,
          loggedAt: now,
          contact: 'C-1',
          person: 'ae',
          note: kind.text,
        })),
        handoffs: statuses.map((status, at) => ({
          handoff: handoffFor(kind, 'ae-to-cs', status),
          names: namesFor(kind),
          drawing: at === 0 ? '' : `drawing-h${at}`,
        })),
        history: [entryFor(kind), entryFor(kind, { by: 'import' })],
        actions,
        lossReasons: defaultPolicy.lossReasons,
      },
    },
    w,
  )
}

/** The cards of stages, handoffs and the deal's record. */
export const stateFor = (kind: Typed, more: Partial<StageFormState> = {}): StageFormState => ({
  drawing: 'drawing-1',
  deal: dealFor(kind),
  dealOption: { value: 'D-1', label: kind.deal, description: kind.account },
  dealFixed: true,
  to: 'CW',
  way: 'won',
  options: [
    { stage: 'S1', way: 'back', missing: 0 },
    { stage: 'S6', way: 'forward', missing: 1 },
    { stage: 'CW', way: 'won', missing: 4 },
    { stage: 'CL', way: 'lost', missing: 0 },
  ],
  fields: [
    ...meddiccFields.map((asked) => ({
      name: asked,
      asked,
      stage: 'S3' as const,
      value: kind.text,
    })),
    ...evidenceKinds.map((asked, at) => ({
      name: at === 0 ? 'evidence' : asked,
      asked,
      stage: 'S5' as const,
      ...(at % 2 ? { owedUntil: '2026-12-01' } : { value: '2026-11-01' }),
    })),
  ],
  contacts: [kind.name, kind.name],
  missing: 4,
  override: { reason: kind.text, until: '2026-12-24' },
  discount: 2200,
  noOwner: true,
  meanwhile: { stage: 'S5', name: kind.name, at: now - hour },
  now,
  timeZone: 'Asia/Seoul',
  ...more,
})

/** The forms of stages, handoffs and the deal's record. */
