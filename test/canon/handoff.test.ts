import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/canon/account.ts'
import { instantAt } from '../../src/canon/calendar.ts'
import type { Contact } from '../../src/canon/contact.ts'
import {
  dealReopened,
  draftOf,
  expansionSignals,
  type Handoff,
  type HandoffAct,
  type HandoffFact,
  type HandoffItems,
  type HandoffKind,
  type HandoffWorld,
  mayAccept,
  mayStart,
  missingItems,
  nextDueAt,
  open,
  openFromSignals,
  openFromWon,
  plainItems,
  receiverFor,
  rule,
  tick,
  waitsOn,
} from '../../src/canon/handoff.ts'
import type { Lead } from '../../src/canon/lead.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { away, codeOf, dealOf, granted, monday, orgOf, person, refusalOf, staff } from './world.ts'

const team = [
  ...staff,
  person('sam', ['sdr'], 'seojun', { team: 'seoul' }),
  person('sue', ['sdr'], 'seojun'),
  person('cody', ['csm'], 'carl'),
]
const lead: Lead = {
  id: 'L-1',
  name: 'Choi',
  company: 'Hanbit',
  owner: 'sam',
  source: 'inbound',
  status: 'qualified',
  updatedAt: monday,
  version: 1,
}
const account: Account = { id: 'A-1', name: 'Hanbit', csm: 'cara', ae: 'mina', updatedAt: monday, version: 1 }
const won = dealOf({ stage: 'CW', account: 'A-1', won: 'unfinished', closedOn: '2026-11-01' })
const worldOf = (more: Partial<HandoffWorld> = {}): HandoffWorld => ({
  now: monday,
  org: orgOf(team),
  policy: defaultPolicy,
  account,
  newDealId: 'D-new',
  ...more,
})
const worlds: Readonly<Record<HandoffKind, HandoffWorld>> = {
  'sdr-to-ae': worldOf({ lead }),
  'ae-to-cs': worldOf({ deal: won }),
  'cs-to-ae': worldOf(),
}
const items: Readonly<Record<HandoffKind, HandoffItems>> = {
  'sdr-to-ae': {
    first_meeting_on: '2026-10-30',
    pain: 'manual work',
    contacts: 'Choi',
    engagement_history: 'two calls',
    budget: '1억',
    authority: 'CTO',
    need: 'yes',
    timeline: 'Q1',
  },
  'ae-to-cs': {
    pain: 'manual work',
    success_criteria: '30 % faster',
    economic_buyer: 'Kim',
    champion: 'Lee',
    day_to_day_contact: 'Park',
    contract_summary: '1 year',
    open_issues: 'none',
    milestone_30: 'live',
    milestone_60: 'trained',
    milestone_90: 'measured',
    kickoff_on: '2026-11-10',
  },
  'cs-to-ae': {
    health_score: '88',
    usage_data: '+40 %',
    opportunity: 'second plant',
    product: 'Line 2',
    amount: '90,000,000',
    why_now: 'budget in January',
  },
}
const sender = { 'sdr-to-ae': 'sam', 'ae-to-cs': 'mina', 'cs-to-ae': 'cara' } as const
const receiver = { 'sdr-to-ae': 'mina', 'ae-to-cs': 'cara', 'cs-to-ae': 'mina' } as const
const kinds = Object.keys(items) as HandoffKind[]

const asked = (kind: HandoffKind, more: Partial<Parameters<typeof open>[0]> = {}, world = worlds[kind]) =>
  open(
    { id: 'H-1', kind, by: sender[kind], platform: 'slack', items: items[kind], submit: true, ...more },
    world,
  )
const sent = (kind: HandoffKind, world = worlds[kind]) => granted(asked(kind, {}, world)).next.handoff
const act = (by: string, what: { act: HandoffAct['act'] } & Record<string, unknown>) =>
  ({ by, platform: 'slack', ...what }) as unknown as HandoffAct
const went = (handoff: Handoff, by: string, what: Parameters<typeof act>[1], world = worlds[handoff.kind]) =>
  granted(rule(handoff, act(by, what), world))
const codeWhen = (
  handoff: Handoff,
  by: string,
  what: Parameters<typeof act>[1],
  world = worlds[handoff.kind],
) => codeOf(rule(handoff, act(by, what), world))
const at = (world: HandoffWorld, text: string): HandoffWorld => ({
  ...world,
  now: instantAt(text.slice(0, 10), text.slice(11), 'Asia/Seoul'),
})
const factsOf = (ticked: { facts: readonly HandoffFact[] } | undefined) =>
  ticked?.facts.map((fact) => fact.fact)

describe.each(kinds)('a handoff %s', (kind) => {
  it('is sent complete, to whom the rules name, and waits for them', () => {
    const handoff = sent(kind)
    expect(handoff).toMatchObject({ status: 'submitted', sender: sender[kind], receiver: receiver[kind] })
    expect(waitsOn(handoff, worlds[kind])).toEqual([receiver[kind]])
  })

  it('names every required item that is missing, and keeps a draft without them', () => {
    const empty = refusalOf(asked(kind, { items: {} }))
    expect(empty).toEqual({
      code: 'handoff-items-missing',
      items: missingItems(kind, {}, defaultPolicy),
    })
    const draft = granted(asked(kind, { items: {}, submit: false })).next.handoff
    expect(draft.status).toBe('draft')
    expect(waitsOn(draft, worlds[kind])).toEqual([sender[kind]])
  })

  it('is accepted by its receiver alone', () => {
    expect(codeWhen(sent(kind), sender[kind], { act: 'accept' })).toBe('not-the-receiver')
    expect(codeWhen(sent(kind), 'jiho', { act: 'accept' })).toBe('not-the-receiver')
    expect(went(sent(kind), receiver[kind], { act: 'accept' }).next.handoff).toMatchObject({
      status: 'accepted',
      acceptedBy: receiver[kind],
      version: 2,
    })
  })

  it('comes back with what is missing, is completed and sent again', () => {
    expect(codeWhen(sent(kind), receiver[kind], { act: 'return', missing: [] })).toBe('reason-missing')
    const item = missingItems(kind, {}, defaultPolicy)[0]!
    const back = went(sent(kind), receiver[kind], { act: 'return', missing: [item], note: 'say more' })
    expect(back.next.handoff).toMatchObject({ status: 'returned', returns: [{ missing: [item] }] })
    expect(waitsOn(back.next.handoff, worlds[kind])).toEqual([sender[kind]])
    expect(codeWhen(back.next.handoff, receiver[kind], { act: 'accept' })).toBe('handoff-not-waiting')
    const again = went(back.next.handoff, sender[kind], { act: 'submit', items: {} })
    expect(again.facts).toEqual([{ fact: 'resubmitted', to: receiver[kind] }])
  })

  it('is passed on to somebody with the role, and refused to anybody else', () => {
    const to = kind === 'ae-to-cs' ? 'cody' : 'jiho'
    const moved = went(sent(kind), receiver[kind], { act: 'reassign', to })
    expect(mayAccept(moved.next.handoff, worlds[kind])).toEqual([to])
    expect(codeWhen(sent(kind), sender[kind], { act: 'reassign', to: 'law' })).toBe('unfit-receiver')
    expect(codeWhen(sent(kind), 'fin1', { act: 'reassign', to })).toBe('not-allowed')
  })

  it('reminds after 24 working hours, tells both managers after 48, and never expires', () => {
    const world = worlds[kind]
    const handoff = sent(kind)
    expect(tick(handoff, at(world, '2026-11-03 09:59'))).toBeUndefined()
    const reminded = tick(handoff, at(world, '2026-11-03 10:00'))!
    expect(reminded.facts).toEqual([{ fact: 'reminded', people: [receiver[kind]] }])
    const escalated = tick(reminded.next.handoff, at(world, '2026-11-04 10:00'))!
    expect(escalated.facts).toEqual([
      {
        fact: 'escalated',
        people:
          kind === 'ae-to-cs' ? ['seojun', 'carl'] : kind === 'sdr-to-ae' ? ['seojun'] : ['carl', 'seojun'],
      },
    ])
    expect(nextDueAt(escalated.next.handoff, at(world, '2027-11-04 10:00'))).toBeUndefined()
    expect(escalated.next.handoff.status).toBe('submitted')
  })

  it('somebody away is stood in for by their delegate', () => {
    const world = { ...worlds[kind], org: orgOf(team, { [receiver[kind]]: away('jiho') }) }
    expect(mayAccept(sent(kind, world), world)).toEqual([receiver[kind], 'jiho'])
    const { facts } = went(sent(kind, world), 'jiho', { act: 'accept' }, world)
    expect(facts[0]).toEqual({ fact: 'accepted', by: 'jiho', for: receiver[kind] })
  })

  it('B5.7 a receiver who left is replaced at the next look, and the clock begins anew', () => {
    const handoff = sent(kind)
    const world = {
      ...at(worlds[kind], '2026-11-03 09:30'),
      org: orgOf(team, { [receiver[kind]]: { active: false } }),
    }
    const ticked = tick(handoff, world)!
    expect(factsOf(ticked)).toEqual(['reassigned'])
    expect(world.org.people.get(ticked.next.handoff.receiver!)?.active).toBe(true)
    expect(ticked.next.handoff.turnSince).toBe(world.now)
  })

  it('one is under way at a time', () => {
    expect(codeOf(asked(kind, {}, { ...worlds[kind], underWay: sent(kind) }))).toBe('handoff-under-way')
  })
})

describe('SDR → AE', () => {
  const accepted = (world = worlds['sdr-to-ae'], given = items['sdr-to-ae']) =>
    went(granted(asked('sdr-to-ae', { items: given }, world)).next.handoff, 'mina', { act: 'accept' }, world)
      .next

  it('acceptance opens the deal at S1 with the AE as owner, and the lead is handed over', () => {
    const { deal, lead: after, handoff } = accepted()
    expect(deal?.next).toMatchObject({
      id: 'D-new',
      stage: 'S1',
      owner: 'mina',
      account: 'A-1',
      channel: 'inbound',
      meddicc: { identify_pain: 'manual work' },
      evidence: { first_meeting: '2026-10-30' },
    })
    expect(deal?.next.gateDebt).toBeUndefined()
    expect(after?.next).toMatchObject({ status: 'handed_over', deal: 'D-new', version: 2 })
    expect(handoff.opened).toBe('D-new')
  })

  it.each([
    ['without it, for fourteen days', undefined, '2026-11-16'],
    ['of a meeting to come, until its day', '2026-11-20', '2026-11-20'],
  ])('the first meeting is owed %s', (_name, first_meeting_on, until) => {
    const given = {
      ...items['sdr-to-ae'],
      ...(first_meeting_on ? { first_meeting_on } : { first_meeting_on: '' }),
    }
    expect(accepted(undefined, given).deal?.next).toMatchObject({
      gateDebt: [{ gate: 'first_meeting', until }],
    })
  })

  it('a lead with an open deal advances that deal: the AE becomes its owner', () => {
    const own = { ...lead, deal: 'D-1' }
    const deal = dealOf({ stage: 'S1', owner: 'jiho' })
    const world = worldOf({ lead: own, deal, account: { ...account } })
    const step = went(
      granted(asked('sdr-to-ae', { receiver: 'mina' }, world)).next.handoff,
      'mina',
      { act: 'accept' },
      world,
    ).next
    expect(step.deal).toMatchObject({
      before: { owner: 'jiho' },
      next: { id: 'D-1', owner: 'mina', version: 2 },
    })
  })

  it('is started by the lead’s SDR, somebody above them or Sales Ops; a free lead by any SDR', () => {
    const who = (id: string) => mayStart(orgOf(team).people.get(id)!, 'sdr-to-ae', worlds['sdr-to-ae'])
    expect(['sam', 'sue', 'seojun', 'sora', 'cara'].map(who)).toEqual([true, false, true, true, false])
    const { owner: _owner, ...free } = lead
    expect(mayStart(orgOf(team).people.get('sue')!, 'sdr-to-ae', worldOf({ lead: free }))).toBe(true)
    expect(codeOf(asked('sdr-to-ae', {}, worldOf({ lead: { ...lead, status: 'recycled' } })))).toBe(
      'lead-not-live',
    )
  })

  it('asks for a name where no AE is there by rule', () => {
    const nobody = worldOf({ lead, account: { ...account, ae: 'ghost' } })
    expect(refusalOf(asked('sdr-to-ae', {}, nobody))).toEqual({
      code: 'no-receiver',
      kind: 'sdr-to-ae',
      role: 'ae',
    })
    expect(granted(asked('sdr-to-ae', { receiver: 'jiho' }, nobody)).next.handoff.receiver).toBe('jiho')
  })
})

describe('AE → CS', () => {
  const world = worlds['ae-to-cs']

  it('opens by itself from Closed Won, prefilled, and its clock runs while it is a draft', () => {
    const opened = openFromWon({ id: 'H-1', items: { pain: 'p' } }, { ...world, deal: won })!
    const { handoff } = opened.next
    expect(handoff).toMatchObject({ status: 'draft', sender: 'mina', receiver: 'cara', openedBy: 'system' })
    expect(factsOf(tick(handoff, at(world, '2026-11-04 10:00')))).toEqual(['reminded', 'escalated'])
    expect(codeWhen(handoff, 'mina', { act: 'withdraw' })).toBe('not-allowed')
  })

  it('without a CSM goes to a CS Manager; of an AE who left to the manager above', () => {
    const orphan = worldOf({ deal: won, account: { ...account, csm: 'ghost' } })
    expect(receiverFor('ae-to-cs', { ...orphan, deal: { ...won, accountCsm: 'ghost' } })?.id).toBe('carl')
    const left = { ...world, org: orgOf(team, { mina: { active: false } }), deal: won }
    expect(openFromWon({ id: 'H', items: {} }, left)?.next.handoff.sender).toBe('seojun')
  })

  it('is for a won deal alone', () => {
    expect(codeOf(asked('ae-to-cs', {}, worldOf({ deal: dealOf({ stage: 'S6' }) })))).toBe(
      'handoff-needs-won-deal',
    )
  })

  it('accepted with a kickoff finishes the won deal and makes the milestones a checklist', () => {
    const { handoff, deal } = went(sent('ae-to-cs'), 'cara', { act: 'accept' }).next
    expect(deal?.next).toMatchObject({ won: 'finished', version: 2 })
    expect(handoff.milestones).toEqual([
      { day: 30, text: 'live', owner: 'cara', dueOn: '2026-12-10' },
      { day: 60, text: 'trained', owner: 'cara', dueOn: '2027-01-09' },
      { day: 90, text: 'measured', owner: 'cara', dueOn: '2027-02-08' },
    ])
  })

  it('without a kickoff the deal stays unfinished until one is scheduled, and the receiver is reminded', () => {
    const required = { ...defaultPolicy.handoff.required, 'ae-to-cs': ['pain' as const] }
    const lenient = {
      ...world,
      policy: { ...defaultPolicy, handoff: { ...defaultPolicy.handoff, required } },
    }
    const draft = granted(asked('ae-to-cs', { items: { pain: 'p' } }, lenient)).next.handoff
    const accepted = went(draft, 'cara', { act: 'accept' }, lenient).next
    expect(accepted.deal).toBeUndefined()
    expect(waitsOn(accepted.handoff, lenient)).toEqual(['cara'])
    const asks = tick(accepted.handoff, at(lenient, '2026-11-03 10:00'))!
    expect(asks.facts).toEqual([{ fact: 'kickoff-asked', people: ['cara'] }])
    const scheduled = went(asks.next.handoff, 'cara', { act: 'kickoff', on: '2026-11-20' }, lenient)
    expect(scheduled.next.deal?.next.won).toBe('finished')
    expect(scheduled.facts).toContainEqual({ fact: 'won-finished' })
    expect(scheduled.next.handoff.milestones[0]?.dueOn).toBe('2026-12-20')
  })

  const taken = went(sent('ae-to-cs'), 'cara', { act: 'accept' }).next.handoff

  it('is rated 1 to 5 by its receiver, after the kickoff', () => {
    const after = at(world, '2026-11-11 10:00')
    expect(codeWhen(taken, 'cara', { act: 'rate', score: 5 })).toBe('kickoff-first')
    expect(codeWhen(taken, 'mina', { act: 'rate', score: 5 }, after)).toBe('not-the-receiver')
    for (const score of [0, 6, 3.5, Number.NaN])
      expect(codeWhen(taken, 'cara', { act: 'rate', score }, after)).toBe('rating-out-of-range')
    expect(factsOf(tick(taken, after))).toEqual(['rating-asked'])
    expect(went(taken, 'cara', { act: 'rate', score: 4 }, after).next.handoff.rating).toMatchObject({
      score: 4,
    })
  })

  it('milestones are told on their morning, again every week, and no more once done', () => {
    const rated = { ...taken, rating: { score: 4, by: 'cara', at: monday } }
    expect(nextDueAt(rated, world)).toBe(instantAt('2026-12-10', '09:00', 'Asia/Seoul'))
    const due = tick(rated, at(world, '2026-12-10 09:00'))!
    expect(due.facts).toEqual([{ fact: 'milestone-due', day: 30, people: ['cara'] }])
    expect(waitsOn(due.next.handoff, at(world, '2026-12-10 09:00'))).toEqual(['cara'])
    expect(factsOf(tick(due.next.handoff, at(world, '2026-12-17 09:00')))).toEqual(['milestone-due'])
    const done = went(due.next.handoff, 'cara', { act: 'milestone-done', day: 30, done: true }).next.handoff
    expect(tick(done, at(world, '2026-12-17 09:00'))).toBeUndefined()
    expect(done.milestones[0]).toMatchObject({ doneOn: '2026-11-02', doneBy: 'cara' })
  })

  it('a milestone that was moved by hand does not move with the kickoff', () => {
    const change = { act: 'milestone-change', day: 60, owner: 'cody', dueOn: '2027-01-20' } as const
    const moved = went(taken, 'cara', change).next.handoff
    const later = went(moved, 'cara', { act: 'kickoff', on: '2026-11-17' }).next.handoff
    expect(later.milestones.map(({ dueOn, owner }) => [dueOn, owner])).toEqual([
      ['2026-12-17', 'cara'],
      ['2027-01-20', 'cody'],
      ['2027-02-15', 'cara'],
    ])
  })

  it('the first value is on a day that has been', () => {
    expect(codeWhen(taken, 'cara', { act: 'first-value', on: '2027-01-01' })).toBe('bad-date')
    expect(went(taken, 'cara', { act: 'first-value', on: '2026-11-02' }).next.handoff.firstValueOn).toBe(
      '2026-11-02',
    )
  })

  it('a reopened deal takes its handoff back, an accepted one stays', () => {
    const reopened = worldOf({ deal: dealOf({ stage: 'S5' }) })
    expect(dealReopened(sent('ae-to-cs'), reopened)?.next.handoff).toMatchObject({
      status: 'withdrawn',
      settledWhy: 'deal-reopened',
    })
    expect(dealReopened(taken, reopened)).toBeUndefined()
  })

  it('the lead’s own person is the first of the contacts, once', () => {
    const boss = { id: 'C-1', account: 'A-1', name: 'Head of plant', version: 1 }
    const contactsOf = (contacts: readonly Contact[]) =>
      plainItems(draftOf('sdr-to-ae', { ...worldOf({ lead }), contacts, activities: [] }), 'Asia/Seoul')
        .contacts
    expect(contactsOf([boss])).toMatch(new RegExp(`^${lead.name}.*\\nHead of plant$`))
    expect(contactsOf([boss, { ...boss, id: 'C-2', name: `Director ${lead.name}` }])).toBe(
      `Head of plant\nDirector ${lead.name}`,
    )
  })

  it('the draft holds what the record knows', () => {
    const deal: Opportunity = {
      ...won,
      meddicc: { identify_pain: 'manual work', metrics: '30 %', champion: 'Lee', economic_buyer: 'C-9' },
      price: { amount: 98_000_000, currency: 'KRW' },
      approvedDiscount: 1_500,
    }
    const contacts = [
      { id: 'C-9', account: 'A-1', name: 'Kim Hana', email: 'hana@hanbit.kr', version: 1 },
      { id: 'C-2', account: 'A-1', name: 'Park', role: 'day_to_day' as const, version: 1 },
      {
        id: 'C-3',
        account: 'A-1',
        name: 'Gone',
        role: 'day_to_day' as const,
        leftOn: '2026-01-01',
        version: 1,
      },
    ]
    const draft = draftOf('ae-to-cs', { ...worldOf({ deal }), contacts, activities: [] })
    expect(plainItems(draft, 'Asia/Seoul')).toEqual({
      pain: 'manual work',
      success_criteria: '30 %',
      economic_buyer: 'Kim Hana <hana@hanbit.kr>',
      champion: 'Lee',
      day_to_day_contact: 'Park',
      contract_summary: '98000000 KRW · -15% · 2026-11-01',
    })
  })
})

describe('CS → AE', () => {
  it('acceptance opens a CS-driven deal at S1, linked to the account, with its size', () => {
    const { deal } = went(sent('cs-to-ae'), 'mina', { act: 'accept' }).next
    expect(deal?.next).toMatchObject({
      name: 'Hanbit · Line 2',
      stage: 'S1',
      channel: 'cs_driven',
      account: 'A-1',
      accountName: 'Hanbit',
      owner: 'mina',
      amount: { amount: 90_000_000, currency: 'KRW' },
      gateDebt: [{ gate: 'first_meeting' }],
    })
  })

  it('an amount that cannot be read is refused before it is sent', () => {
    const given = { ...items['cs-to-ae'], amount: 'a lot' }
    expect(codeOf(asked('cs-to-ae', { items: given }))).toBe('not-an-amount')
  })

  it('usage up, NPS up and a new department are signals; they draft it for the CSM, who sends it with one click', () => {
    const signals = expansionSignals(
      {
        usage: { before: 100, now: 120 },
        nps: { before: 20, now: 29 },
        contacts: [
          { id: 'C-1', account: 'A-1', name: 'Lee', department: 'Finance', version: 1 },
          { id: 'C-2', account: 'A-1', name: 'Kim', department: ' production ', version: 1 },
        ],
        knownDepartments: ['Production'],
      },
      defaultPolicy,
    )
    expect(signals.map(({ signal }) => signal)).toEqual(['usage-up', 'new-department'])
    const opened = openFromSignals(
      { id: 'H-1', items: items['cs-to-ae'], signals },
      { ...worldOf(), account },
    )!
    expect(opened.next.handoff).toMatchObject({ status: 'draft', sender: 'cara', receiver: 'mina', signals })
    const reminded = tick(opened.next.handoff, at(worldOf(), '2026-11-05 10:00'))
    expect(factsOf(reminded)).toEqual(['reminded'])
    expect(went(opened.next.handoff, 'cara', { act: 'submit', items: {} }).next.handoff.status).toBe(
      'submitted',
    )
  })

  it('nothing is drafted without a signal, without a CSM, or beside one that is under way', () => {
    const signals = [{ signal: 'usage-up', before: 1, now: 2 }] as const
    const given = { id: 'H', items: {}, signals }
    expect(openFromSignals({ ...given, signals: [] }, { ...worldOf(), account })).toBeUndefined()
    const { csm: _csm, ...nobody } = account
    expect(openFromSignals(given, { ...worldOf(), account: nobody })).toBeUndefined()
    expect(openFromSignals(given, { ...worldOf(), account, underWay: sent('cs-to-ae') })).toBeUndefined()
  })
})
