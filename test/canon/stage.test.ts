import { describe, expect, it } from 'vitest'
import { open } from '../../src/canon/discount.ts'
import { type Opportunity, type Stage, stages, takesAmount } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import {
  allowedTargets,
  change,
  fill,
  missingFor,
  openDeal,
  type StageAsk,
  type StageWorld,
} from '../../src/canon/stage.ts'
import { askOf, codeOf, dealOf, granted, monday, orgOf, person, refusalOf, staff, worldOf } from './world.ts'

const world: StageWorld = { now: monday, org: orgOf(), policy: defaultPolicy }
const today = '2026-11-02'

/** Everything that all gates up to S6 ask for. */
const known: Partial<Opportunity> = {
  meddicc: {
    metrics: 'hours saved',
    economic_buyer: 'Kim',
    decision_criteria: 'security',
    decision_process: 'board',
    identify_pain: 'manual work',
    champion: 'Lee',
  },
  evidence: {
    first_meeting: '2026-08-01',
    demo: '2026-09-01',
    proposal: '2026-09-15',
    negotiation: '2026-10-01',
    verbal_agreement: '2026-10-20',
  },
}
const deal = (stage: Stage, more: Partial<Opportunity> = {}) => dealOf({ stage, ...known, ...more })
const asking = (to: Stage, more: Partial<StageAsk> = {}): StageAsk => ({
  to,
  by: 'mina',
  door: 'slack',
  ...more,
})
const moved = (from: Opportunity, to: Stage, more: Partial<StageAsk> = {}) =>
  granted(change(from, asking(to, more), world)).next
const missed = (from: Opportunity, to: Stage) => missingFor(from, to, defaultPolicy).map(({ field }) => field)

describe('what a stage asks for', () => {
  it.each<[Stage, string[]]>([
    ['S1', ['first_meeting', 'identify_pain']],
    ['S2', ['first_meeting', 'identify_pain', 'metrics', 'champion']],
    ['S3', ['first_meeting', 'identify_pain', 'metrics', 'champion', 'demo', 'decision_criteria']],
    [
      'S4',
      [
        'first_meeting',
        'identify_pain',
        'metrics',
        'champion',
        'demo',
        'decision_criteria',
        'proposal',
        'economic_buyer',
      ],
    ],
    ['CL', ['loss_reason', 'loss_reason_detail', 'competitor']],
  ])('%s asks an empty deal for its own gate and those before it, in order', (to, fields) => {
    expect(missed(dealOf({ stage: 'S1' }), to)).toEqual(fields)
  })

  it('what the record knows is not asked for', () => {
    expect(missed(deal('S2'), 'CW')).toEqual(['contract_signed'])
    expect(missed(deal('S2', { meddicc: { ...known.meddicc, competition: 'Rival' } }), 'CL')).toEqual([
      'loss_reason',
      'loss_reason_detail',
    ])
  })

  it('a company’s own policy may ask for less or more, but never less than the signed contract', () => {
    const policy = { ...defaultPolicy, evidence: { ...defaultPolicy.evidence, S3: [] } }
    expect(missingFor(dealOf({ stage: 'S2' }), 'S3', policy).map((m) => m.field)).not.toContain('demo')
  })
})

describe('moving forward', () => {
  it('skips stages where every gate on the way holds, and is history with who, when, from and to', () => {
    const step = moved(deal('S1'), 'S5')
    expect(step.next).toMatchObject({ stage: 'S5', stageEnteredOn: today, version: 2 })
    expect(step.entry).toEqual({
      deal: 'D-1',
      from: 'S1',
      to: 'S5',
      at: monday,
      by: 'mina',
      door: 'slack',
    })
    expect(step.facts).toEqual([{ fact: 'advanced', from: 'S1', to: 'S5' }])
  })

  it('brings the fields of the gate with it in the same form', () => {
    const bare = dealOf({ stage: 'S1', evidence: { first_meeting: '2026-10-01' } })
    const step = moved(bare, 'S2', {
      meddicc: { identify_pain: 'p', metrics: 'm', champion: ' Lee ', competition: '' },
    })
    expect(step.next.meddicc).toEqual({ identify_pain: 'p', metrics: 'm', champion: 'Lee' })
    expect(step.facts[0]).toEqual({ fact: 'filled', fields: ['identify_pain', 'metrics', 'champion'] })
  })

  it('B5.100 names what is missing, of which gate, and the stages that can be entered', () => {
    const bare = deal('S2', { meddicc: { ...known.meddicc, decision_criteria: '' } })
    expect(refusalOf(change(bare, asking('S4'), world))).toEqual({
      code: 'gates-missing',
      to: 'S4',
      missing: [{ field: 'decision_criteria', stage: 'S3', overridable: true }],
      allowed: ['S1', 'CL'],
    })
  })

  it.each<[string, StageAsk, string]>([
    ['the same stage', asking('S3'), 'no-such-move'],
    ['somebody who is not the deal’s', asking('S4', { by: 'jiho' }), 'not-allowed'],
    ['somebody unknown', asking('S4', { by: 'ghost' }), 'not-allowed'],
    ['evidence of a day to come', asking('S4', { evidence: { demo: '2027-01-01' } }), 'day-still-ahead'],
    ['evidence of no day', asking('S4', { evidence: { demo: 'soon' } }), 'bad-date'],
    ['the stage before without a reason', asking('S2'), 'reason-missing'],
    ['the stage before with an empty reason', asking('S2', { reason: '  ' }), 'reason-missing'],
  ])('%s is refused', (_name, ask, code) => {
    expect(codeOf(change(deal('S3'), ask, world))).toBe(code)
  })

  it('a data door asks nobody’s rights, and the gates all the same', () => {
    const api = { by: 'token-1', door: 'api' } as const
    expect(moved(deal('S1'), 'S4', api).entry).toMatchObject({ by: 'token-1', door: 'api' })
    expect(codeOf(change(dealOf({ stage: 'S1' }), asking('S4', api), world))).toBe('gates-missing')
    const override = { reason: 'x', until: '2026-12-01' }
    expect(codeOf(change(dealOf({ stage: 'S1' }), asking('S4', { ...api, override }), world))).toBe(
      'override-needs-manager',
    )
  })
})

describe('going back, losing, winning, reopening', () => {
  it('back is allowed at any time with a reason, and what is known stays known', () => {
    const step = moved(deal('S5'), 'S2', { reason: 'the champion left' })
    expect(step.next).toMatchObject({ stage: 'S2', evidence: known.evidence })
    expect(step.entry).toMatchObject({ reason: 'the champion left' })
    expect(step.facts).toEqual([{ fact: 'went-back', from: 'S5', to: 'S2' }])
  })

  it('lost takes its reasons from the managed list, by code or by the company’s own label', () => {
    const labelled = {
      ...world,
      policy: {
        ...defaultPolicy,
        lossReasons: [{ code: 'price', labels: { ko: '가격' }, details: [{ code: 'over_budget' }] }],
      },
    }
    const loss = { lossReason: '가격', lossReasonDetail: 'Over_Budget', competitor: 'Rival' }
    expect(granted(change(deal('S3'), asking('CL', loss), labelled)).next.next).toMatchObject({
      stage: 'CL',
      closedOn: today,
      lossReason: 'price',
      lossReasonDetail: 'over_budget',
      competitor: 'Rival',
    })
    expect(refusalOf(change(deal('S3'), asking('CL', { ...loss, lossReason: 'prise' }), labelled))).toEqual({
      code: 'unknown-loss-reason',
      field: 'loss_reason',
      text: 'prise',
      near: ['price'],
    })
  })

  it('a secondary reason belongs to its primary one', () => {
    const loss = { lossReason: 'price', lossReasonDetail: 'security', competitor: 'Rival' }
    expect(refusalOf(change(deal('S3'), asking('CL', loss), world))).toMatchObject({
      code: 'unknown-loss-reason',
      field: 'loss_reason_detail',
    })
  })

  it('lost needs both reasons and the competitor, which MEDDICC may know already', () => {
    expect(refusalOf(change(deal('S3'), asking('CL'), world))).toMatchObject({
      code: 'gates-missing',
      missing: [{ field: 'loss_reason' }, { field: 'loss_reason_detail' }, { field: 'competitor' }],
    })
    const knows = deal('S3', { meddicc: { competition: 'Rival' } })
    const step = moved(knows, 'CL', { lossReason: 'price', lossReasonDetail: 'other' })
    expect(step.next.competitor).toBe('Rival')
  })

  it('won is entered by the signed contract alone, on its day, and stays unfinished until it is handed over', () => {
    expect(codeOf(change(deal('S6'), asking('CW'), world))).toBe('gates-missing')
    const step = moved(deal('S6'), 'CW', { evidence: { contract_signed: '2026-10-30' } })
    expect(step.next).toMatchObject({ stage: 'CW', closedOn: '2026-10-30', won: 'unfinished' })
    expect(step.facts).toContainEqual({ fact: 'won', from: 'S6', to: 'CW' })
  })

  const won = deal('CW', {
    closedOn: '2026-10-30',
    won: 'unfinished',
    evidence: { ...known.evidence, contract_signed: '2026-10-30' },
  })

  it.each<[string, StageAsk, string | undefined]>([
    ['its AE', asking('S5', { reason: 'r' }), 'reopen-needs-manager'],
    ['another AE', asking('S5', { by: 'jiho', reason: 'r' }), 'not-allowed'],
    ['the Sales Manager in its line', asking('S5', { by: 'seojun', reason: 'r' }), undefined],
    ['the VP in its line', asking('S5', { by: 'yuna', reason: 'r' }), undefined],
    ['Sales Ops', asking('S5', { by: 'sora', reason: 'r' }), undefined],
    ['the Sales Manager without a reason', asking('S5', { by: 'seojun' }), 'reason-missing'],
    ['the API', asking('S5', { by: 't', door: 'api', reason: 'r' }), 'reopen-needs-manager'],
    ['nobody, into the other close', asking('CL', { by: 'seojun', reason: 'r' }), 'no-such-move'],
  ])('a closed deal is reopened by %s: %s', (_name, ask, code) => {
    expect(codeOf(change(won, ask, world))).toBe(code)
  })

  it('a reopened deal is not won any more: it needs another signature', () => {
    const { next } = moved(won, 'S5', { by: 'seojun', reason: 'cancelled within a week' })
    expect(next).not.toHaveProperty('won')
    expect(next).not.toHaveProperty('closedOn')
    expect(missed(next, 'CW')).toEqual(['contract_signed'])
  })
})

describe('overrides and gate debt', () => {
  const bare = deal('S2', { evidence: { first_meeting: '2026-08-01' } })
  const override = { reason: 'demo is on Friday', until: '2026-11-09' }
  const asManager = asking('S3', { by: 'seojun', override })

  it('a Sales Manager or above in the line lets a deal pass, and it owes the gate until the day', () => {
    const step = granted(change(bare, asManager, world)).next
    expect(step.next.gateDebt).toEqual([
      {
        gate: 'demo',
        stage: 'S3',
        until: '2026-11-09',
        reason: 'demo is on Friday',
        by: 'seojun',
        at: monday,
      },
    ])
    expect(step.entry).toMatchObject({ overridden: ['demo'], reason: 'demo is on Friday' })
    expect(step.facts).toContainEqual({ fact: 'overridden', gates: ['demo'], until: '2026-11-09' })
  })

  it.each<[string, Partial<StageAsk>, string]>([
    ['the AE', { by: 'mina' }, 'override-needs-manager'],
    ['no reason', { override: { ...override, reason: ' ' } }, 'reason-missing'],
    ['a day that has passed', { override: { ...override, until: '2026-11-01' } }, 'day-not-ahead'],
    ['today', { override: { ...override, until: today } }, 'day-not-ahead'],
    ['no day', { override: { ...override, until: 'soon' } }, 'bad-date'],
  ])('%s overrides nothing', (_name, more, code) => {
    expect(codeOf(change(bare, { ...asManager, ...more }, world))).toBe(code)
  })

  it('nobody overrides the signed contract, or why a deal was lost', () => {
    const chief = { by: 'sora', override }
    expect(refusalOf(change(deal('S6'), asking('CW', chief), world))).toEqual({
      code: 'never-overridden',
      fields: ['contract_signed'],
    })
    expect(codeOf(change(deal('S3'), asking('CL', chief), world))).toBe('never-overridden')
  })

  const owing = granted(change(bare, asManager, world)).next.next

  it('what is owed and not overdue does not hinder the next stage; overdue it does', () => {
    const ahead = { ...owing, evidence: { ...owing.evidence, proposal: '2026-10-30' } }
    expect(moved(ahead, 'S4').next.stage).toBe('S4')
    const late = { ...world, now: monday + 8 * 86_400_000 }
    expect(refusalOf(change(ahead, asking('S4'), late))).toMatchObject({
      code: 'gates-missing',
      missing: [{ field: 'demo', stage: 'S3' }],
    })
  })

  it('filling the field pays the debt', () => {
    const step = granted(
      fill(owing, { by: 'mina', door: 'slack', evidence: { demo: '2026-11-01' } }, world),
    ).next
    expect(step.next).not.toHaveProperty('gateDebt')
    expect(step.facts).toContainEqual({ fact: 'debt-paid', gates: ['demo'] })
    expect(step.entry).toBeUndefined()
  })
})

describe('what a change does to an open discount request', () => {
  const request = granted(open(askOf(1_500), worldOf({ deal: deal('S5') }))).next

  it('another amount voids it, and is no longer anybody’s to say once a discount is asked for or approved', () => {
    const asked = { ...world, discount: request }
    const amount = { amount: 1, currency: 'KRW' }
    const step = granted(fill(deal('S5'), { by: 'mina', door: 'slack', amount }, asked)).next
    expect(step.discount?.next).toMatchObject({ status: 'voided', settledWhy: 'amount-changed' })
    expect(step.facts).toEqual([{ fact: 'amount-set', from: deal('S5').amount, to: amount }])
    expect(granted(fill(step.next, { by: 'mina', door: 'slack', amount }, world)).facts).toEqual([])
    expect([
      takesAmount(deal('S5'), false),
      takesAmount(deal('S5'), true),
      takesAmount({ ...deal('S5'), approvedDiscount: 1_000 }, false),
      takesAmount(deal('CW'), false),
    ]).toEqual([true, false, false, false])
  })

  it('B5.99 another stage is noticed on its card; a closed deal voids it', () => {
    const asked = { ...world, discount: request }
    const noticed = granted(change(deal('S5'), asking('S6'), asked)).next.discount
    expect(noticed?.next.notices).toMatchObject([{ code: 'stage-changed', detail: 'S5>S6' }])
    const loss = { lossReason: 'price', lossReasonDetail: 'other', competitor: 'Rival' }
    const lost = granted(change(deal('S5'), asking('CL', loss), asked)).next.discount
    expect(lost?.next).toMatchObject({ status: 'voided', settledWhy: 'deal-closed' })
  })
})

describe('opening a deal', () => {
  const fresh = (stage: Stage, more: Partial<Opportunity> = {}) => ({
    id: 'D-9',
    name: 'New',
    owner: 'mina',
    stage,
    meddicc: {},
    ...more,
  })

  it('holds the gates of its stage, and says what is missing', () => {
    const ask = { deal: fresh('S1'), by: 'import', door: 'import' } as const
    expect(refusalOf(openDeal(ask, world))).toMatchObject({
      code: 'gates-missing',
      missing: [{ field: 'first_meeting' }, { field: 'identify_pain' }],
      allowed: [],
    })
    expect(granted(openDeal({ ...ask, deal: fresh('S4', known) }, world)).next.next).toMatchObject({
      stage: 'S4',
      stageEnteredOn: today,
      version: 1,
    })
  })

  it('lets follow what it is told may follow, and nothing else', () => {
    const owing = { gates: ['first_meeting'] as const, until: '2026-11-16', reason: 'handoff' }
    const ask = { by: 'mina', door: 'system', owing } as const
    expect(codeOf(openDeal({ ...ask, deal: fresh('S1') }, world))).toBe('gates-missing')
    const opened = granted(
      openDeal({ ...ask, deal: fresh('S1', { meddicc: { identify_pain: 'p' } }) }, world),
    )
    expect(opened.next.next.gateDebt).toMatchObject([{ gate: 'first_meeting', until: '2026-11-16' }])
    expect(opened.next.entry).toMatchObject({ overridden: ['first_meeting'] })
  })

  it('loads history as it is, and says so', () => {
    const ask = {
      deal: fresh('CW', { closedOn: '2020-01-01' }),
      by: 'import',
      door: 'import',
      asIs: true,
    } as const
    const { next } = granted(openDeal(ask, world))
    expect(next.next).not.toHaveProperty('won')
    expect(next.next).not.toHaveProperty('stageEnteredOn')
    expect(next.entry).toMatchObject({ asIs: true, to: 'CW' })
  })
})

it('the stages a deal may enter are those that a change into is not refused for its gates', () => {
  const loss = { lossReason: 'price', lossReasonDetail: 'other', competitor: 'Rival' }
  for (const from of stages)
    for (const more of [{}, known]) {
      const at = dealOf({ stage: from, ...more })
      const by = { by: 'seojun', reason: 'r', ...loss }
      const entered = stages.filter((to) => change(at, asking(to, by), world).ok)
      expect([from, allowedTargets(at, defaultPolicy, today)]).toEqual([from, entered])
    }
})

it('a deal whose owner is a Sales Manager is overridden by those above alone', () => {
  const org = orgOf([...staff, person('boss', ['sales_manager'], 'yuna')])
  const own = dealOf({ stage: 'S1', owner: 'boss' })
  const override = { reason: 'r', until: '2026-12-01' }
  const ask = (by: string) => change(own, asking('S2', { by, override }), { ...world, org })
  expect(codeOf(ask('boss'))).toBe('override-needs-manager')
  expect(codeOf(ask('yuna'))).toBeUndefined()
})
