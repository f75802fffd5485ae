import { dealChoices } from '../blocks/deal.ts'
import type { DiscountFormState, Names } from '../blocks/discount.ts'
import { discountRequest, requestForm } from '../blocks/discount-form.ts'
import type { Answers, FormView } from '../blocks/form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { refusalSentence } from '../blocks/refusal.ts'
import { addDays, isPlainDate, localDate } from '../src/canon/calendar.ts'
import {
  type DiscountFact,
  type DiscountRequest,
  type DiscountWorld,
  open,
  route,
  type Step,
  supersede,
} from '../src/canon/discount.ts'
import { type BasisPoints, type Money, parseMoney, parsePercent, priceAfter } from '../src/canon/money.ts'
import { currencyOfDeal, isOpen, type Opportunity, stageAtLeast } from '../src/canon/opportunity.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { scopeOf } from '../src/canon/visibility.ts'
import type { Change, Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { findDeal, unquote, visibleDeal } from './deal-find.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { consequences } from './discount-consequences.ts'

/** `/approve-discount [deal] [percent]`: the form, filled in with what was typed. */
export const startDiscount: Handler<'command'> = async (gesture, desk) => {
  const { query, percentText } = splitTyped(gesture.text)
  if (!query) return openForm(desk, { discountText: percentText })
  const found = await findDeal(desk, query)
  if (found.deal) return openForm(desk, { deal: found.deal, discountText: percentText })
  if (found.hits.length === 0) return openForm(desk, { discountText: percentText, unknownDeal: query })
  // Several deals match: never guessed silently (contract, Chat commands).
  const drawings: Drawing[] = found.hits.map((hit) => ({
    id: desk.newId(),
    subject: { noun: 'deal', id: hit.id },
    version: 0,
    viewer: desk.person.id,
    shown: percentText ? { discount: percentText } : {},
    at: desk.now,
  }))
  const rows = found.hits.map((hit, i) => ({ hit, drawing: drawings[i]!.id, action: 'discount.start' }))
  return { reply: { kind: 'say', card: dealChoices({ rows, query }, desk.words) }, drawings }
}

/** “Ask for a discount” on a deal's card, or one of several deals that matched. */
export const startFromDeal: Handler<'button'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  if (!drawing) return say(desk, { code: 'out-of-date' })
  if (drawing.subject.noun !== 'deal') return openForm(desk, {})
  const deal = await visibleDeal(desk, drawing.subject.id)
  const typed = drawing.shown.discount
  return openForm(desk, { deal, discountText: typeof typed === 'string' ? typed : undefined })
}

/** Deals this person may ask a discount for, as they type. */
export const searchDeal: Handler<'search'> = async (gesture, desk) => {
  // Only deals this person may ask for: a deal that is offered is never refused for who they are.
  const scope = scopeOf(desk.person, desk.org, 'deal.ask-discount')
  const hits = await desk.store.findDeals(desk.company, scope, gesture.query, 20, {
    openOnly: true,
    minStage: desk.policy.discount.entryStage,
  })
  return {
    reply: {
      kind: 'options',
      options: hits.map((hit) => ({
        value: hit.id,
        label: hit.name,
        description: [hit.accountName, hit.stage, hit.amount && desk.words.money(hit.amount, 'short')]
          .filter(Boolean)
          .join(' · '),
      })),
    },
  }
}

/** A deal chosen or a percent typed: who will have to approve, the price, the average after it. */
export const changeDiscount: Handler<'change'> = async (gesture, desk) => {
  const { answers } = gesture
  const deal = await visibleDeal(desk, one(answers, 'deal'))
  const { view } = await form(desk, { deal, ...typedFrom(answers) }, gesture.drawing)
  return { reply: { kind: 'redraw', view } }
}

/** The request itself: validated, routed, ruled on, committed with everything that follows. */
export const submitDiscount: Handler<'submit'> = async (gesture, desk) => {
  const { words } = desk
  const read = readAnswers(discountRequest, gesture.answers, words)
  const errors: Record<string, string> = read.ok ? {} : { ...read.errors }
  const refuse = (field: string, refusal: Refusal) => {
    errors[field] ??= sentenceOf(desk, refusal)
  }

  const deal = await visibleDeal(desk, one(gesture.answers, 'deal'))
  if (!deal) refuse('deal', { code: 'not-found', what: 'deal' })
  const percent = parsePercent(one(gesture.answers, 'discount') ?? '')
  if (!percent.ok) refuse('discount', percent.refusal)
  const listText = one(gesture.answers, 'list_amount')
  const currency = currencyOfDeal(deal, desk.org.company)
  const list = listText ? parseMoney(listText, currency) : undefined
  if (list && !list.ok) refuse('list_amount', list.refusal)
  const neededBy = one(gesture.answers, 'needed_by')
  if (neededBy && !isPlainDate(neededBy)) refuse('needed_by', { code: 'bad-date', text: neededBy })
  if (!deal || !percent.ok || (list && !list.ok) || Object.keys(errors).length > 0)
    return { reply: { kind: 'field-errors', errors } }

  const world = worldOf(desk, deal)
  const ruling = open(
    {
      id: desk.newId(),
      requester: desk.person.id,
      discount: percent.next,
      listAmount: deal.listAmount ? undefined : list?.next,
      reason: one(gesture.answers, 'reason') ?? '',
      competitor: one(gesture.answers, 'competitor'),
      neededBy,
      justification: one(gesture.answers, 'justification'),
    },
    world,
  )
  if (!ruling.ok) {
    const field = fieldOf(ruling.refusal)
    const errors = { [field]: sentenceOf(desk, ruling.refusal) }
    if (field === 'justification' || field === 'list_amount') {
      // The field appears only when it is needed; where it was not on the form yet, the form is redrawn with it.
      if (!(field in gesture.answers)) {
        const { view } = await form(desk, { deal, ...typedFrom(gesture.answers) }, gesture.drawing)
        if (view.items.some((item) => item.kind === 'field' && item.name === field))
          return { reply: { kind: 'redraw', view, errors } }
      }
    }
    return { reply: { kind: 'field-errors', errors } }
  }

  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing }
  const places = await threadPlaces(desk.store, deal, desk.org, desk.policy)
  const change = merge(
    await superseding(desk, deal, ruling.next.id, actor),
    consequences(undefined, ruling.next, ruling.facts as readonly DiscountFact[], world, actor, places),
  )
  return { reply: { kind: 'close' }, change }
}

/** One open request a deal: a new one supersedes the old, never adds (Canon, what it is). */
async function superseding(
  desk: Desk,
  deal: Opportunity,
  byRequest: string,
  actor: Parameters<typeof consequences>[4],
): Promise<Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'> | undefined> {
  const old = await desk.store.openDiscount(desk.company, deal.id)
  if (!old) return undefined
  const ruling = supersede(old, byRequest, desk.now)
  if (!ruling.ok) return undefined
  const world = worldOf(desk, deal, await desk.store.policy(desk.company, old.policyVersion))
  return consequences(old, ruling.next, ruling.facts, world, actor)
}

function merge(
  first: Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'> | undefined,
  second: Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'>,
): Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'> {
  if (!first) return second
  return {
    save: [...first.save, ...second.save],
    audit: [...first.audit, ...second.audit],
    deliveries: [...first.deliveries, ...second.deliveries],
    refresh: [...(first.refresh ?? []), ...(second.refresh ?? [])],
  }
}

// ── the form ─────────────────────────────────────────────────────────────────

interface Typed {
  readonly deal?: Opportunity
  readonly discountText?: string
  readonly listAmountText?: string
  readonly reason?: string
  readonly competitor?: string
  readonly neededBy?: string
  readonly justification?: string
  readonly unknownDeal?: string
}

const typedFrom = (answers: Answers): Typed => ({
  discountText: one(answers, 'discount'),
  listAmountText: one(answers, 'list_amount'),
  reason: one(answers, 'reason'),
  competitor: one(answers, 'competitor'),
  neededBy: one(answers, 'needed_by'),
  justification: one(answers, 'justification'),
})

async function openForm(desk: Desk, typed: Typed): Promise<Outcome> {
  const { view, drawing } = await form(desk, typed)
  return { reply: { kind: 'open', view }, drawings: drawing ? [drawing] : [] }
}

async function form(
  desk: Desk,
  typed: Typed,
  drawn?: string,
): Promise<{ view: FormView; drawing?: Drawing }> {
  const { deal } = typed
  const drawing: Drawing | undefined = drawn
    ? undefined
    : {
        id: desk.newId(),
        subject: deal ? { noun: 'deal', id: deal.id } : { noun: 'none', id: 'discount.request' },
        version: deal?.version ?? 0,
        viewer: desk.person.id,
        shown: {},
        at: desk.now,
      }
  const state = await formState(desk, typed, drawn ?? drawing!.id)
  return { view: requestForm(state, desk.words), drawing }
}

async function formState(desk: Desk, typed: Typed, drawing: string): Promise<DiscountFormState> {
  const { policy } = desk
  const { deal } = typed
  const currency = currencyOfDeal(deal, desk.org.company)
  const percent = typed.discountText === undefined ? undefined : parsePercent(typed.discountText)
  const discount = percent?.ok ? percent.next : undefined
  const typedList = typed.listAmountText ? parseMoney(typed.listAmountText, currency) : undefined
  const list = deal?.listAmount ?? (typedList?.ok ? typedList.next : undefined)
  const base: DiscountFormState = {
    drawing,
    deal,
    dealOption: deal && {
      value: deal.id,
      label: deal.name,
      description: [deal.accountName, deal.stage].filter(Boolean).join(' · '),
    },
    discountText: typed.discountText,
    listAmountText: typed.listAmountText,
    currency,
    reason: typed.reason,
    competitor: typed.competitor ?? deal?.competitor,
    neededBy: typed.neededBy,
    justification: typed.justification,
    justificationNeeded: discount !== undefined && discount > policy.discount.exceptionOver,
    listAmountNeeded: Boolean(deal && !deal.listAmount),
    timeZone: desk.org.company.working.timeZone,
  }
  const obstacle = obstacleOf(desk, typed)
  if (obstacle) return { ...base, obstacle: sentenceOf(desk, obstacle) }
  if (!deal || discount === undefined) return base

  const ruling = route({ requester: desk.person.id, discount }, worldOf(desk, deal))
  if (!ruling.ok) return { ...base, obstacle: sentenceOf(desk, ruling.refusal) }
  const open = await desk.store.openDiscount(desk.company, deal.id)
  const average = await requesterAverage(desk, deal)
  return {
    ...base,
    justificationNeeded: ruling.next.justificationNeeded,
    preview: {
      ownAuthority: ruling.next.ownAuthority,
      steps: ruling.next.steps,
      names: namesOf(desk, ruling.next.steps),
      price: list && priceAfter(list, discount),
      list,
      requesterAverage: average.stats,
      averageAfter: list && averageWith(average, list, discount),
      averageTarget: policy.discount.averageTarget,
      supersedes: open && { discount: open.discount, openedAt: open.openedAt },
    },
  }
}

/** What would stand in the way of any discount on this deal, told before the rest is typed in vain. */
function obstacleOf(desk: Desk, typed: Typed): Refusal | undefined {
  if (typed.unknownDeal) return { code: 'not-found', what: typed.unknownDeal }
  const { deal } = typed
  if (!deal) return undefined
  if (!isOpen(deal.stage)) return { code: 'deal-closed', stage: deal.stage }
  const { entryStage } = desk.policy.discount
  if (!stageAtLeast(deal.stage, entryStage))
    return { code: 'stage-too-early', stage: deal.stage, needed: entryStage }
  return undefined
}

/** The requester's discounts on deals won in the last twelve months, in this deal's currency. */
async function requesterAverage(desk: Desk, deal: Opportunity) {
  const to = localDate(desk.now, desk.org.company.working.timeZone)
  const stats = await desk.store.discountStats(desk.company, {
    owner: deal.owner ?? desk.person.id,
    from: addDays(to, -365),
    to,
  })
  return { stats }
}

/** The average if this deal were won at this discount; exact where the sums are known. */
export function averageWith(
  average: { stats: { listTotal?: number; average?: BasisPoints } },
  list: Money,
  discount: BasisPoints,
): BasisPoints | undefined {
  const { listTotal, average: before } = average.stats
  if (listTotal === undefined || before === undefined) return discount
  const given = (listTotal * before) / 10_000 + (list.amount * discount) / 10_000
  return Math.round((given / (listTotal + list.amount)) * 10_000)
}

// ── finding ──────────────────────────────────────────────────────────────────

/** `acme 15`, `"한빛 라이선스" 12.5%`, `D-1042`: the percent is the last word when it reads as one. */
function splitTyped(text: string): { query: string; percentText?: string } {
  const trimmed = text.trim()
  const last = /(?:^|\s)(\S+)$/.exec(trimmed)
  if (last?.[1] && /\d/.test(last[1])) {
    const percent = parsePercent(last[1])
    // A bare number that is the whole text could be a deal's id; a percent needs a deal before it or a % sign.
    const rest = trimmed.slice(0, last.index).trim()
    if (percent.ok && (rest !== '' || /[%％]$/.test(last[1])))
      return { query: unquote(rest), percentText: String(percent.next / 100) }
  }
  return { query: unquote(trimmed) }
}

// ── small things ─────────────────────────────────────────────────────────────

export const worldOf = (
  desk: Pick<Desk, 'now' | 'org' | 'policy'>,
  deal: Opportunity,
  policy = desk.policy,
): DiscountWorld => ({
  now: desk.now,
  org: desk.org,
  policy,
  deal,
})

export function namesOf(desk: Pick<Desk, 'org'>, of: readonly Step[] | DiscountRequest): Names {
  const request = 'steps' in of ? of : undefined
  const steps = request ? request.steps : (of as readonly Step[])
  const ids = new Set(
    steps.flatMap((s) => [
      ...s.people,
      ...s.alsoMayDecide,
      ...s.decisions.flatMap((d) => [d.by, d.for ?? d.by]),
    ]),
  )
  if (request) {
    ids.add(request.requester)
    for (const remark of request.conversation) ids.add(remark.by)
    if (request.counter) ids.add(request.counter.by)
    if (request.settledBy) ids.add(request.settledBy)
  }
  return Object.fromEntries([...ids].map((id) => [id, desk.org.people.get(id)?.name ?? id]))
}

/** A refusal as the sentence this person reads, with the names it speaks of. */
export function sentenceOf(desk: Pick<Desk, 'org' | 'words'>, refusal: Refusal): string {
  const ids = [
    ...('waitingFor' in refusal ? refusal.waitingFor : []),
    ...('by' in refusal && refusal.by ? [refusal.by] : []),
    ...('receivers' in refusal ? refusal.receivers : []),
    ...('sender' in refusal ? [refusal.sender] : []),
    ...('person' in refusal ? [refusal.person] : []),
  ]
  const names = Object.fromEntries(ids.map((id) => [id, desk.org.people.get(id)?.name ?? id]))
  return refusalSentence(refusal, desk.words, { names, timeZone: desk.org.company.working.timeZone })
}

export function say(desk: Desk, refusal: Refusal): Outcome {
  return {
    reply: { kind: 'say', card: noticeCard(sentenceOf(desk, refusal)) },
  }
}

const one = (answers: Answers, name: string): string | undefined => {
  const value = Object.hasOwn(answers, name) ? answers[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** The field a refusal of `open` belongs to. */
function fieldOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'discount-out-of-range':
    case 'missing-approver':
      return 'discount'
    case 'list-amount-missing':
      return 'list_amount'
    case 'reason-missing':
      return 'reason'
    case 'justification-missing':
      return 'justification'
    case 'bad-date':
      return 'needed_by'
    default:
      return 'deal'
  }
}
