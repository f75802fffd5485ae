import { isPlainDate, localDate, type PlainDate } from './calendar.ts'
import { dealChanged } from './discount.ts'
import { sameMoney } from './money.ts'
import { nearestOf } from './nearest.ts'
import { type GateDebt, isOpen, type Opportunity, type Stage, stages } from './opportunity.ts'
import type { LossDetail } from './policy-loss.ts'
import { type Reading, type Refusal, type Ruling, refuse } from './refusal.ts'
import type {
  DealEdit,
  DealStep,
  Door,
  LossField,
  OpenAsk,
  StageAsk,
  StageEntry,
  StageFact,
  StageWorld,
} from './stage.ts'
import { allowedTargets, blocking, gatesOf, isKnown, unpaid } from './stage-gates.ts'
import { may, type Permission } from './visibility.ts'

type Write<T> = { -readonly [K in keyof T]: T[K] }

/** Doors at which a person stands, whose rights are asked. At the others a token or an administrator has been asked. */
const isPersonal = (door: Door): boolean => door === 'slack' || door === 'teams' || door === 'system'

const todayOf = ({ now, org }: StageWorld): PlainDate => localDate(now, org.company.working.timeZone)

function allowed(ask: { by: string; door: Door }, what: Permission, deal: Opportunity, world: StageWorld) {
  if (!isPersonal(ask.door)) return what === 'deal.change'
  const person = world.org.people.get(ask.by)
  return person !== undefined && may(person, what, { deal }, world.org)
}

// ── what is filled in ────────────────────────────────────────────────────────

type Filling = Pick<DealEdit, 'meddicc' | 'evidence' | 'amount'>

/** The deal with what was filled in, and the fields that changed; evidence is of a day that has been. */
function filled(
  deal: Opportunity,
  { meddicc, evidence, amount }: Filling,
  today: PlainDate,
): Reading<{ deal: Opportunity; facts: StageFact[] }> {
  const fields: Extract<StageFact, { fact: 'filled' }>['fields'][number][] = []
  const known: Record<string, string> = { ...deal.meddicc }
  for (const [field, text] of Object.entries(meddicc ?? {}) as [keyof typeof deal.meddicc, string | null][]) {
    const said = text?.trim()
    if (text === null ? known[field] === undefined : !said || said === known[field]) continue
    if (said) known[field] = said
    else delete known[field]
    fields.push(field)
  }
  const days: Write<NonNullable<Opportunity['evidence']>> = { ...deal.evidence }
  for (const [kind, day] of Object.entries(evidence ?? {}) as [keyof typeof days, PlainDate | undefined][]) {
    if (!day || day === days[kind]) continue
    if (!isPlainDate(day)) return refuse({ code: 'bad-date', text: day })
    if (day > today) return refuse({ code: 'day-still-ahead', field: kind, text: day })
    days[kind] = day
    fields.push(kind)
  }
  // Whoever is named now takes the place of the champion who left.
  const renewed = fields.includes('champion') && known.champion ? without(deal, ['championLeft']) : deal
  return {
    ok: true,
    next: {
      deal: {
        ...renewed,
        meddicc: known,
        ...(deal.evidence || Object.keys(days).length > 0 ? { evidence: days } : {}),
        ...(amount ? { amount } : {}),
      },
      facts: [
        ...(fields.length > 0 ? [{ fact: 'filled', fields } as const] : []),
        ...(amount && !sameMoney(amount, deal.amount)
          ? [{ fact: 'amount-set', ...(deal.amount ? { from: deal.amount } : {}), to: amount } as const]
          : []),
      ],
    },
  }
}

/** Takes the debts off a deal that what it says has paid. */
function settleDebt(deal: Opportunity): { deal: Opportunity; facts: StageFact[] } {
  const owed = deal.gateDebt ?? []
  const gates = owed.filter((debt) => isKnown(deal, debt.gate)).map((debt) => debt.gate)
  if (gates.length === 0) return { deal, facts: [] }
  const left = unpaid(deal)
  return {
    deal: without({ ...deal, gateDebt: left }, left.length === 0 ? ['gateDebt'] : []),
    facts: [{ fact: 'debt-paid', gates }],
  }
}

function without(deal: Opportunity, keys: readonly (keyof Opportunity)[]): Opportunity {
  const left: Partial<Write<Opportunity>> = { ...deal }
  for (const key of keys) delete left[key]
  return left as Opportunity
}

/** The code on a managed list that a text names: the code itself or one of its labels. */
function chosen(
  text: string,
  list: readonly LossDetail[],
  field: LossField,
): { ok: true; code: string } | { ok: false; refusal: Refusal } {
  const wanted = text.trim().toLowerCase()
  const names = (each: LossDetail) => [each.code, ...Object.values(each.labels ?? {})]
  const found = list.find((each) => names(each).some((name) => name.toLowerCase() === wanted))
  if (found) return { ok: true, code: found.code }
  const near = nearestOf(text, list.flatMap(names))
  const codes = near.map((name) => list.find((each) => names(each).includes(name))!.code)
  return refuse({ code: 'unknown-loss-reason', field, text: text.trim(), near: [...new Set(codes)] })
}

/** Why a deal was lost, from the managed list; as it was written where history is loaded. */
function lossOf(ask: StageAsk, deal: Opportunity, world: StageWorld): Reading<Partial<Opportunity>> {
  const reason = (ask.lossReason ?? deal.lossReason)?.trim()
  const detail = (ask.lossReasonDetail ?? deal.lossReasonDetail)?.trim()
  const competitor = ask.competitor?.trim() || deal.competitor || deal.meddicc.competition
  const rest = competitor ? { competitor } : {}
  const text = (key: 'lossReason' | 'lossReasonDetail', value?: string) => (value ? { [key]: value } : {})
  if (ask.asIs)
    return { ok: true, next: { ...rest, ...text('lossReason', reason), ...text('lossReasonDetail', detail) } }
  if (!reason) return { ok: true, next: { ...rest, ...text('lossReasonDetail', detail) } }
  const primary = chosen(reason, world.policy.lossReasons, 'loss_reason')
  if (!primary.ok) return primary
  const under = world.policy.lossReasons.find((each) => each.code === primary.code)!
  if (!detail) return { ok: true, next: { ...rest, lossReason: primary.code } }
  const secondary = chosen(detail, under.details, 'loss_reason_detail')
  if (!secondary.ok) return secondary
  return { ok: true, next: { ...rest, lossReason: primary.code, lossReasonDetail: secondary.code } }
}

// ── moving ───────────────────────────────────────────────────────────────────

/** Which way a change goes, or that there is no such way. */
export function wayOf(
  from: Stage,
  to: Stage,
): 'advanced' | 'went-back' | 'won' | 'lost' | 'reopened' | undefined {
  if (from === to || (!isOpen(from) && !isOpen(to))) return undefined
  if (!isOpen(from)) return 'reopened'
  if (to === 'CW') return 'won'
  if (to === 'CL') return 'lost'
  return stages.indexOf(to) > stages.indexOf(from) ? 'advanced' : 'went-back'
}

/** The debt that an override makes of what hinders, or why it can't. */
function overridden(
  deal: Opportunity,
  hindrances: ReturnType<typeof blocking>,
  ask: StageAsk,
  world: StageWorld,
): Reading<readonly GateDebt[]> {
  const { override } = ask
  const today = todayOf(world)
  if (!override) {
    const missing = hindrances
    return refuse({
      code: 'gates-missing',
      to: ask.to,
      missing,
      allowed: allowedTargets(deal, world.policy, today),
    })
  }
  const never = hindrances.filter((missing) => !missing.overridable).map((missing) => missing.field)
  if (never.length > 0) return refuse({ code: 'never-overridden', fields: never })
  if (!allowed(ask, 'deal.override', deal, world)) return refuse({ code: 'override-needs-manager' })
  const reason = override.reason.trim()
  if (!reason) return refuse({ code: 'reason-missing' })
  if (!isPlainDate(override.until)) return refuse({ code: 'bad-date', text: override.until })
  if (override.until <= today) return refuse({ code: 'day-not-ahead', text: override.until })
  return {
    ok: true,
    next: hindrances.map(({ field, stage }) => ({
      gate: field as GateDebt['gate'],
      stage,
      until: override.until,
      reason,
      by: ask.by,
      at: world.now,
    })),
  }
}

/**
 * Changes the stage of a deal (Canon, Opportunity stages): forward, also skipping, when every gate on the way holds or
 * is overridden by somebody entitled; back at any time with a reason; lost with its reasons; a closed deal reopened by
 * a Sales Manager or above in the owner's line, or Sales Ops. The same for the form, the API and the import.
 */
export function change(deal: Opportunity, ask: StageAsk, world: StageWorld): Ruling<DealStep, StageFact> {
  const today = todayOf(world)
  const { policy } = world
  if (!ask.asIs && !allowed(ask, 'deal.change', deal, world) && !allowed(ask, 'deal.reopen', deal, world))
    return refuse({ code: 'not-allowed', what: 'deal.change' })
  const way = wayOf(deal.stage, ask.to)
  if (!way && !(ask.asIs && deal.stage !== ask.to))
    return refuse({
      code: 'no-such-move',
      from: deal.stage,
      to: ask.to,
      allowed: allowedTargets(deal, policy, today),
    })
  const reason = ask.reason?.trim()
  if (!ask.asIs && way === 'reopened' && !allowed(ask, 'deal.reopen', deal, world))
    return refuse({ code: 'reopen-needs-manager' })
  if (!ask.asIs && (way === 'reopened' || way === 'went-back') && !reason)
    return refuse({ code: 'reason-missing' })

  const answered = filled(deal, ask, today)
  if (!answered.ok) return answered
  let next = answered.next.deal
  if (ask.competitor?.trim()) next = { ...next, competitor: ask.competitor.trim() }
  // A deal that is alive again is neither won nor lost: its history keeps what it was.
  if (way === 'reopened') {
    const { contract_signed: _signed, ...evidence } = next.evidence ?? {}
    next = without({ ...next, evidence }, ['closedOn', 'lossReason', 'lossReasonDetail', 'won'])
  }
  if (ask.to === 'CL') {
    const loss = lossOf(ask, next, world)
    if (!loss.ok) return loss
    next = { ...next, ...loss.next }
  }

  const paid = settleDebt(next)
  next = paid.deal
  // Going back asks for no gate: what is known stays known, and the reason is told.
  const hindrances = ask.asIs || way === 'went-back' ? [] : blocking(next, ask.to, policy, today)
  let debts: readonly GateDebt[] = []
  if (hindrances.length > 0) {
    const owing = overridden(next, hindrances, ask, world)
    if (!owing.ok) return owing
    debts = owing.next
    const gates = new Set(debts.map((debt) => debt.gate))
    next = {
      ...next,
      gateDebt: [...(next.gateDebt ?? []).filter((debt) => !gates.has(debt.gate)), ...debts],
    }
  }

  const on = ask.on ?? today
  next = {
    ...next,
    stage: ask.to,
    stageEnteredOn: on,
    ...(ask.to === 'CW' ? { closedOn: next.evidence?.contract_signed ?? on, won: 'unfinished' } : {}),
    ...(ask.to === 'CL' ? { closedOn: on } : {}),
  }
  if (ask.to === 'CL') next = without(next, ['gateDebt', 'won'])
  // History is not handed over again.
  if (ask.asIs) next = without(next, isOpen(ask.to) ? ['closedOn', 'won'] : ['won'])

  const gates = gatesOf(hindrances)
  const moved: StageFact = { fact: way ?? (ask.to === 'CW' ? 'won' : 'lost'), from: deal.stage, to: ask.to }
  const facts: StageFact[] = [
    ...answered.next.facts,
    ...paid.facts,
    ...(gates.length > 0 && debts[0] ? [{ fact: 'overridden', gates, until: debts[0].until } as const] : []),
    moved,
  ]
  const entry: StageEntry = {
    deal: deal.id,
    from: deal.stage,
    to: ask.to,
    at: world.now,
    by: ask.by,
    door: ask.door,
    ...(reason || ask.override ? { reason: reason || ask.override!.reason.trim() } : {}),
    ...(gates.length > 0 ? { overridden: gates } : {}),
    ...(ask.asIs ? { asIs: true } : {}),
  }
  return { ok: true, ...stepped(deal, next, facts, world, entry) }
}

/** A deal with changes that move it nowhere and that no gate speaks of: another owner, a won deal finished. */
export function revise(
  before: Opportunity,
  changes: Partial<Opportunity>,
  facts: readonly StageFact[],
  world: StageWorld,
): DealStep {
  const paid = settleDebt({ ...before, ...changes })
  return stepped(before, paid.deal, [...facts, ...paid.facts], world).next
}

/** A deal one version on, and what that does to its open discount request (B5.99). */
function stepped(
  before: Opportunity,
  changed: Opportunity,
  facts: readonly StageFact[],
  world: StageWorld,
  entry?: StageEntry,
) {
  const next: Opportunity = { ...changed, updatedAt: world.now, version: before.version + 1 }
  const { discount } = world
  const after = discount && dealChanged(discount, before, { ...world, deal: next })
  const step: DealStep = {
    before,
    next,
    facts,
    ...(entry ? { entry } : {}),
    ...(discount && after ? { discount: { before: discount, next: after.next, facts: after.facts } } : {}),
  }
  return { next: step, facts }
}

/**
 * Fills in what a deal says without moving it: MEDDICC, evidence, its amount, the expected close date. Pays the debts it fills.
 * Nothing said is no change, and comes back without facts.
 */
export function fill(deal: Opportunity, edit: DealEdit, world: StageWorld): Ruling<DealStep, StageFact> {
  if (!allowed(edit, 'deal.change', deal, world)) return refuse({ code: 'not-allowed', what: 'deal.change' })
  const { expectedCloseOn } = edit
  if (expectedCloseOn && !isPlainDate(expectedCloseOn))
    return refuse({ code: 'bad-date', text: expectedCloseOn })
  // A file may bring history; a person who sets a date looks ahead.
  const isNew = expectedCloseOn && expectedCloseOn !== deal.expectedCloseOn
  if (isNew && isPersonal(edit.door) && expectedCloseOn < todayOf(world))
    return refuse({ code: 'close-date-past', text: expectedCloseOn })
  const answered = filled(deal, edit, todayOf(world))
  if (!answered.ok) return answered
  const paid = settleDebt({
    ...answered.next.deal,
    ...(expectedCloseOn ? { expectedCloseOn } : {}),
    ...(edit.competitor?.trim() ? { competitor: edit.competitor.trim() } : {}),
  })
  const moved: StageFact[] =
    expectedCloseOn && expectedCloseOn !== deal.expectedCloseOn
      ? [
          {
            fact: 'close-date-moved',
            ...(deal.expectedCloseOn === undefined ? {} : { from: deal.expectedCloseOn }),
            to: expectedCloseOn,
          },
        ]
      : []
  return { ok: true, ...stepped(deal, paid.deal, [...answered.next.facts, ...paid.facts, ...moved], world) }
}

/**
 * Clears the champion who left the customer (Canon, Nudges): the deal remembers who it was until somebody takes their
 * place, and its history says why the field is empty. The stage stays.
 */
export function clearChampion(
  deal: Opportunity,
  gone: { readonly id: string; readonly name: string },
  world: StageWorld,
): DealStep {
  const { champion, ...meddicc } = deal.meddicc
  const step = revise(
    deal,
    { meddicc, championLeft: { contact: gone.id, said: champion ?? gone.name } },
    [{ fact: 'champion-left', contact: gone.id }],
    world,
  )
  const { id, stage } = deal
  return {
    ...step,
    entry: {
      deal: id,
      from: stage,
      to: stage,
      at: world.now,
      by: 'system',
      door: 'system',
      reason: gone.name,
      championLeft: gone.id,
    },
  }
}

/** Opens a deal where the gates of its stage hold; what may follow by a day becomes gate debt. */
export function openDeal(ask: OpenAsk, world: StageWorld): Ruling<DealStep, StageFact> {
  const today = todayOf(world)
  const { owing } = ask
  const deal: Opportunity = {
    ...(ask.asIs ? {} : { stageEnteredOn: today }),
    ...ask.deal,
    updatedAt: world.now,
    version: 1,
  }
  const days = Object.entries(deal.evidence ?? {}).find(([, day]) => day !== undefined && day > today)
  if (days && !ask.asIs)
    return refuse({ code: 'day-still-ahead', field: days[0] as 'demo', text: days[1] ?? '' })
  let next = deal
  if (deal.stage === 'CL') {
    const loss = lossOf({ to: 'CL', by: ask.by, door: ask.door, asIs: ask.asIs ?? false }, deal, world)
    if (!loss.ok) return loss
    next = { ...deal, ...loss.next }
  }
  const hindrances = ask.asIs ? [] : blocking(next, deal.stage, world.policy, today)
  const owed = hindrances.filter(
    ({ field, overridable }) => overridable && owing?.gates.includes(field as 'demo'),
  )
  const missing = hindrances.filter((each) => !owed.includes(each))
  if (missing.length > 0)
    return refuse({
      code: 'gates-missing',
      to: deal.stage,
      missing,
      allowed: stages.filter((stage) => blocking(next, stage, world.policy, today).length === 0),
    })
  const gates = gatesOf(owed)
  if (owing && gates.length > 0) {
    const { until, reason } = owing
    const debts = owed.map(({ field, stage }) => ({
      gate: field as GateDebt['gate'],
      stage,
      until,
      reason,
      by: 'system',
      at: world.now,
    }))
    next = { ...next, gateDebt: [...(next.gateDebt ?? []), ...debts] }
  }
  if (next.stage === 'CW' && !ask.asIs) next = { ...next, won: 'unfinished' }
  if (!isOpen(next.stage) && next.closedOn === undefined && !ask.asIs)
    next = { ...next, closedOn: next.evidence?.contract_signed ?? next.stageEnteredOn ?? today }
  const facts: StageFact[] = [
    ...(owing && gates.length > 0 ? [{ fact: 'overridden', gates, until: owing.until } as const] : []),
    { fact: 'opened', to: next.stage },
  ]
  const entry: StageEntry = {
    deal: next.id,
    to: next.stage,
    at: world.now,
    by: ask.by,
    door: ask.door,
    ...(ask.reason?.trim() ? { reason: ask.reason.trim() } : {}),
    ...(gates.length > 0 ? { overridden: gates } : {}),
    ...(ask.asIs ? { asIs: true } : {}),
  }
  return { ok: true, next: { next, entry, facts }, facts }
}
