import type { ApprovalRow } from '../../blocks/approvals.ts'
import type { AdminBrief } from '../../blocks/dealdesk.ts'
import type { DiscountBrief, DiscountFormState, Names } from '../../blocks/discount.ts'
import type { Decision, DiscountRequest, Remark, Step } from '../../src/canon/discount.ts'
import { type Opportunity, stages } from '../../src/canon/opportunity.ts'
import { defaultPolicy, type Policy } from '../../src/canon/policy.ts'

export const now = Date.UTC(2026, 10, 20, 5, 0)
export const hour = 3_600_000
const krw = (amount: number) => ({ amount, currency: 'KRW' })

/** What people type: one kind of text in every place where somebody's own words go. */
export interface Typed {
  readonly name: string
  readonly deal: string
  readonly account: string
  readonly text: string
}

export const typed = {
  plain: {
    name: 'Jane Miller',
    deal: 'Acme renewal 2027',
    account: 'Acme Inc.',
    text: 'They moved the budget to Q1.',
  },
  korean: {
    name: '김민준',
    deal: '한빛전자 플랫폼 도입',
    account: '한빛전자(주)',
    text: '경쟁사가 30%를 제시했습니다.\n올해 안에 계약하려면 필요합니다.',
  },
  emoji: { name: '🧑🏽‍💻 Kim', deal: '🚀🚀 로켓 👨‍👩‍👧‍👦', account: '🏢', text: '👍🏻'.repeat(40) },
  rightToLeft: {
    name: 'דוד לוי',
    deal: 'صفقة \u202Eevil\u202C كبيرة',
    account: 'شركة',
    text: 'السعر \u202E%05 مناسب',
  },
  injection: {
    name: '<@U123> *bold* {{name}}',
    deal: '<!channel> $t(button.approve) {{discount}} <https://evil|Approve>',
    account: '`code`\n\n✅ Approved by CEO',
    text: '> quoted\n<!here> [x](http://evil) _i_ {{price}} $t(form.close)',
  },
  /** Marked, so that a test can tell theirs from ours wherever it turns up. */
  marked: { name: '⟦name⟧', deal: '⟦deal⟧', account: '⟦account⟧', text: '⟦text⟧' },
  long: {
    name: 'N'.repeat(400),
    deal: '가'.repeat(4000),
    account: 'é'.normalize('NFD').repeat(3000),
    text: `a${'\u0301'.repeat(10_000)}${'긴 글 '.repeat(3000)}`,
  },
  hollow: { name: ' ', deal: '\u0000\u202E', account: '\n', text: '' },
} as const satisfies Record<string, Typed>

export const policy: Policy = {
  ...defaultPolicy,
  version: 3,
  discount: {
    rungs: [
      { role: 'ae', upTo: 1000 },
      { role: 'sales_manager', upTo: 2000 },
      { role: 'vp_sales', upTo: 3000 },
      { role: 'c_level', upTo: null },
    ],
    exceptionOver: 3000,
    agreements: [
      { over: 2500, beside: 'vp_sales', group: { roles: ['finance'] }, need: 'any' },
      {
        over: 3000,
        beside: 'c_level',
        group: { roles: ['legal'], people: ['p3', 'p4'] },
        need: { atLeast: 2 },
      },
    ],
    copies: [{ over: 2000, group: { roles: ['sales_ops'] } }],
    remindAfterWorkingHours: 24,
    escalateAfterWorkingHours: 48,
    expireAfterDays: 14,
    entryStage: 'S4',
    averageTarget: 1500,
  },
  probability: Object.fromEntries(stages.map((stage) => [stage, 60])) as Policy['probability'],
  gates: Object.fromEntries(stages.map((stage) => [stage, []])) as unknown as Policy['gates'],
  evidence: defaultPolicy.evidence,
  lossReasons: defaultPolicy.lossReasons,
  handoff: defaultPolicy.handoff,
  dealThreads: [],
}

export const namesFor = (kind: Typed): Names =>
  Object.fromEntries(['ae', 'sm', 'vp', 'ceo', 'p3', 'p4', 'p5'].map((id) => [id, `${kind.name} ${id}`]))

export const dealFor = (kind: Typed, more: Partial<Opportunity> = {}): Opportunity => ({
  id: 'D-1',
  name: kind.deal,
  account: 'A-1',
  accountName: kind.account,
  tier: 'T1',
  owner: 'ae',
  amount: krw(125_000_000),
  listAmount: krw(125_000_000),
  stage: 'S5',
  stageEnteredOn: '2026-11-01',
  expectedCloseOn: '2026-12-31',
  product: kind.text,
  competitor: kind.account,
  meddicc: { metrics: kind.text, champion: kind.name },
  updatedAt: now,
  version: 4,
  ...more,
})

const decision = (by: string, more: Partial<Decision> = {}): Decision => ({
  verdict: 'approve',
  by,
  at: now - 5 * hour,
  platform: 'slack',
  discount: 3200,
  ...more,
})

const step = (order: number, level: Step['level'], more: Partial<Step>): Step => ({
  order,
  kind: 'rung',
  level,
  covers: [level],
  people: ['sm'],
  need: 'any',
  state: 'waiting',
  decisions: [],
  alsoMayDecide: [],
  ...more,
})

const stepsFor = (kind: Typed): readonly Step[] => [
  step(1, 'sales_manager', {
    state: 'done',
    people: ['sm'],
    decisions: [decision('p3', { for: 'sm', note: kind.text, kept: true })],
  }),
  step(2, 'vp_sales', {
    state: 'open',
    people: ['vp'],
    covers: ['sales_manager', 'vp_sales'],
    alsoMayDecide: ['p5'],
    openedAt: now - 30 * hour,
  }),
  step(2, 'vp_sales', { kind: 'agreement', state: 'open', people: ['p3', 'p4', 'p5'], need: { atLeast: 2 } }),
  step(3, 'c_level', { people: ['ceo'] }),
  step(3, 'c_level', { kind: 'copy', state: 'copied', people: ['p4'] }),
]

const remark = (id: number, kind: Remark['kind'], text: string): Remark => ({
  id: `r${id}`,
  at: now - id * hour,
  by: kind === 'question' ? 'vp' : 'ae',
  kind,
  text,
  platform: 'slack',
})

export const requestFor = (kind: Typed, more: Partial<DiscountRequest> = {}): DiscountRequest => ({
  id: 'R-1',
  deal: 'D-1',
  requester: 'ae',
  version: 7,
  status: 'pending',
  discount: 3200,
  asked: 3200,
  list: krw(125_000_000),
  price: krw(85_000_000),
  stage: 'S5',
  amount: krw(125_000_000),
  reason: kind.text,
  competitor: kind.account,
  neededBy: '2026-12-05',
  justification: kind.text,
  policyVersion: 3,
  openedAt: now - 48 * hour,
  expiresAt: now + 240 * hour,
  steps: stepsFor(kind),
  conversation: [
    remark(4, 'question', kind.text),
    remark(3, 'answer', kind.text),
    remark(2, 'question', kind.text),
  ],
  notices: [
    { at: now - hour, code: 'stage-changed' },
    { at: now - hour, code: 'requester-left' },
    { at: now - hour, code: 'rerouted' },
  ],
  ...more,
})

export const counterFor = (kind: Typed): NonNullable<DiscountRequest['counter']> => ({
  discount: 2500,
  price: krw(93_750_000),
  by: 'vp',
  at: now - 2 * hour,
  order: 2,
  level: 'vp_sales',
  note: kind.text,
})

export const briefFor = (
  kind: Typed,
  more: Partial<DiscountBrief> = {},
  request: Partial<DiscountRequest> = {},
): DiscountBrief => ({
  request: requestFor(kind, request),
  deal: dealFor(kind),
  names: namesFor(kind),
  timeZone: 'Asia/Seoul',
  now,
  viewer: 'approver',
  standsInFor: 'vp',
  drawing: 'drawing-1',
  actions: ['approve', 'reject', 'counter', 'ask'],
  numbers: {
    requesterAverage: { deals: 12, average: 1620 },
    averageTarget: 1500,
    similarWon: { deals: 5, average: 1450, lowest: 500, highest: 2800 },
    meddicc: { known: 5, of: 7, missing: ['champion', 'competition'] },
    forecastEffect: krw(-32_000_000),
    probability: 80,
  },
  ...more,
})

/** A request with as little in it as the rules allow. */
export const bareBrief: DiscountBrief = {
  request: {
    ...requestFor(typed.plain),
    steps: [],
    conversation: [],
    notices: [],
    reason: '',
    justification: undefined,
    competitor: undefined,
    neededBy: undefined,
  },
  deal: { id: 'D-1', name: 'Deal', stage: 'S4', meddicc: {}, updatedAt: now, version: 1 },
  names: {},
  timeZone: 'UTC',
  now,
  viewer: 'approver',
  drawing: 'drawing-1',
  actions: [],
}

export const formStateFor = (kind: Typed, more: Partial<DiscountFormState> = {}): DiscountFormState => ({
  drawing: 'drawing-1',
  deal: dealFor(kind),
  dealOption: { value: 'D-1', label: kind.deal, description: kind.account },
  discountText: '32',
  listAmountText: '125000000',
  currency: 'KRW',
  reason: kind.text,
  competitor: kind.account,
  neededBy: '2026-12-05',
  justification: kind.text,
  justificationNeeded: true,
  listAmountNeeded: true,
  preview: {
    ownAuthority: false,
    steps: stepsFor(kind),
    names: namesFor(kind),
    price: krw(85_000_000),
    list: krw(125_000_000),
    requesterAverage: { deals: 3, average: 1200 },
    averageAfter: 1700,
    averageTarget: 1500,
    supersedes: { discount: 2500, openedAt: now - 70 * hour },
  },
  timeZone: 'Asia/Seoul',
  ...more,
})

export const rowFor = (kind: Typed, more: Partial<ApprovalRow> = {}): ApprovalRow => ({
  drawing: 'drawing-2',
  deal: kind.deal,
  account: kind.account,
  discount: 3200,
  list: krw(125_000_000),
  price: krw(85_000_000),
  status: 'pending',
  who: [kind.name],
  since: now - 3 * hour,
  ...more,
})

export const adminFor = (kind: Typed): AdminBrief => ({
  company: kind.account,
  drawing: 'drawing-1',
  policyVersion: 3,
  people: 40,
  unlinked: { total: 25, names: Array.from({ length: 12 }, (_, at) => `${kind.name} ${at}`) },
  admins: [kind.name],
  missingRoles: ['c_level', 'legal'],
  dead: {
    total: 14,
    letters: Array.from({ length: 12 }, (_, at) => ({
      id: `x${at}`,
      drawing: `drawing-x${at}`,
      card: 'discount.decision',
      audience: kind.name,
      about: kind.deal,
      why: kind.text,
      at: now,
    })),
  },
  timeZone: 'Asia/Seoul',
})
