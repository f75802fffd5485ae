import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import { type HealthBrief, healthCard, sponsorCard } from '../../blocks/health.ts'
import { planForm, reviewForm, signalForm } from '../../blocks/health-form.ts'
import { healthChoices, healthListCard } from '../../blocks/health-list.ts'
import type { Words } from '../../blocks/words/index.ts'
import type { Account } from '../../src/canon/account.ts'
import { type AccountHealth, grades, healthComponents } from '../../src/canon/health.ts'
import type { HealthTask } from '../../src/canon/health-task.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import { now, type Typed } from './briefs.ts'

const today = '2026-11-20'

const accountFor = (kind: Typed): Account => ({
  id: 'A',
  name: kind.account,
  tier: 'T1',
  csm: 'csm',
  ae: 'ae',
  executiveSponsor: 'vp',
  arr: { amount: 184_000_000, currency: 'KRW' },
  renewalOn: '2026-12-02',
  updatedAt: now,
  version: 1,
})

const health: AccountHealth = {
  account: 'A',
  version: 2,
  score: 411,
  grade: 'critical',
  since: '2026-11-18',
  before: { grade: 'healthy', score: 869 },
  computedAt: now,
  rules: 'r',
}

const reviewFor = (kind: Typed, over: Partial<HealthTask> = {}): HealthTask => ({
  id: 'T',
  account: 'A',
  kind: 'review',
  version: 1,
  status: 'open',
  openedAt: now,
  openedOn: '2026-11-18',
  score: 411,
  sponsor: 'vp',
  action: kind.text,
  note: kind.text,
  ...over,
})
const planFor = (kind: Typed, over: Partial<HealthTask> = {}): HealthTask => ({
  ...reviewFor(kind),
  kind: 'plan',
  dueOn: '2026-12-18',
  ...over,
})

const parts = healthComponents.map((component, at) => ({
  component,
  score: 400 + at * 55,
  share: 200,
  measuredOn: '2026-11-01',
  ageDays: at * 40,
  old: at * 40 > 90,
}))

function briefFor(kind: Typed, over: Partial<HealthBrief> = {}): HealthBrief {
  return {
    account: accountFor(kind),
    health,
    reading: { score: 411, grade: 'critical', parts, missing: [] },
    history: [
      {
        account: 'A',
        at: now,
        on: '2026-11-18',
        from: 'healthy',
        to: 'critical',
        score: 411,
        scoreBefore: 869,
      },
      { account: 'A', at: now, on: '2025-12-18', to: 'healthy', score: 869 },
    ],
    months: ['2026-08-31', '2026-09-30', '2026-10-31', today].map((month, at) => ({
      month,
      score: at === 0 ? null : 900 - at * 160,
    })),
    names: { csm: kind.name, ae: kind.name, vp: kind.name },
    policy: healthDefaults,
    now,
    today,
    timeZone: 'Asia/Seoul',
    drawing: 'drawing-1',
    reviewDrawing: 'drawing-2',
    rights: { change: true, reopen: true, expand: true },
    ...over,
  }
}

export function healthCards(kind: Typed, w: Words): Record<string, Card> {
  const { health: _none, ...unmeasured } = briefFor(kind, {
    reading: { parts: [], missing: [...healthComponents] },
    history: [],
    months: [],
  })
  const rows = grades.map((grade, at) => ({
    account: accountFor(kind),
    health: { ...health, grade, score: 900 - at * 300 },
    review: at === 2,
    plan: at === 1,
    drawing: `drawing-${at}`,
  }))
  const list = {
    names: { csm: kind.name },
    target: healthDefaults.mix,
    now,
    today,
  }
  return {
    'health, review open': healthCard(briefFor(kind, { review: reviewFor(kind) }), w),
    'health, review closed': healthCard(
      briefFor(kind, {
        review: reviewFor(kind, { status: 'closed', closedAt: now, closedBy: 'csm' }),
        reading: {
          score: 411,
          grade: 'critical',
          parts: parts.slice(0, 2),
          missing: ['sentiment', 'financial'],
        },
      }),
      w,
    ),
    'health, plan asked': healthCard(briefFor(kind, { plan: planFor(kind) }), w),
    'health, plan late': healthCard(briefFor(kind, { plan: planFor(kind, { dueOn: '2026-11-01' }) }), w),
    'health, plan made': healthCard(
      briefFor(kind, { plan: planFor(kind, { plannedUntil: '2026-12-20', plannedBy: 'csm' }) }),
      w,
    ),
    'health, to look at': healthCard(
      briefFor(kind, { names: {}, rights: { change: false, reopen: false, expand: false } }),
      w,
    ),
    'health, not measured': healthCard(unmeasured, w),
    'health, sponsor': sponsorCard(
      {
        account: accountFor(kind),
        health,
        review: reviewFor(kind, { status: 'closed', closedBy: 'csm' }),
        names: { csm: kind.name },
        drawing: 'drawing-1',
      },
      w,
    ),
    'health, list': healthListCard(
      {
        ...list,
        rows: [
          ...rows,
          { account: { id: 'B', name: kind.account }, review: false, plan: false, drawing: 'drawing-9' },
        ],
        mix: { healthy: 7, 'at-risk': 2, critical: 1, unknown: 30 },
        mine: false,
      },
      w,
    ),
    'health, list of nothing measured': healthListCard(
      { ...list, rows: [], mix: { healthy: 0, 'at-risk': 0, critical: 0, unknown: 1 }, mine: true },
      w,
    ),
    'health, list empty': healthListCard(
      { ...list, rows: [], mix: { healthy: 0, 'at-risk': 0, critical: 0, unknown: 0 }, mine: true },
      w,
    ),
    'health, which': healthChoices(
      { query: kind.account, rows: [{ name: kind.account, tier: 'T1', drawing: 'drawing-1' }] },
      w,
    ),
    'health, none found': healthChoices({ query: kind.account, rows: [] }, w),
  }
}

export function healthForms(kind: Typed, w: Words): Record<string, FormView> {
  const about = { drawing: 'drawing-1', account: kind.account, now }
  return {
    'health.signal': signalForm({ ...about, parts: parts.slice(0, 3), today }, w),
    'health.review': reviewForm(
      {
        ...about,
        score: 411,
        grade: 'critical',
        action: kind.text,
        note: kind.text,
        sponsor: { value: 'vp', label: kind.name },
      },
      w,
    ),
    'health.review, bare': reviewForm({ ...about, score: 411, grade: 'critical' }, w),
    'health.plan': planForm({ ...about, plan: kind.text, until: '2026-12-20' }, w),
    'health.plan, new': planForm({ ...about, until: '2026-12-20' }, w),
  }
}
