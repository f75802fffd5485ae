import { dealChoices } from '../blocks/deal.ts'
import type { Answers } from '../blocks/form.ts'
import { stageDone } from '../blocks/stage.ts'
import { isMeddiccField, stageChange, stageForm } from '../blocks/stage-form.ts'
import { parseMoney } from '../src/canon/money.ts'
import {
  currencyOfDeal,
  type EvidenceKind,
  evidenceKinds,
  type MeddiccField,
  type Opportunity,
  type Stage,
  stages,
} from '../src/canon/opportunity.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import { change, type StageAsk, type StageWorld } from '../src/canon/stage.ts'
import { scopeOf } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import { findDeal, unquote, visibleDeal } from './deal-find.ts'
import { threadPlaces } from './deal-thread.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { drawingOfHandoff, wonHandoff } from './handoff-won.ts'
import { dealSubject, merged, refusedStage, stageConsequences } from './stage-consequences.ts'
import {
  type ShownStageForm,
  type StageFile,
  shownOf,
  stageFile,
  stageState,
  type Typed,
} from './stage-state.ts'
import { firstShown, isUntouched } from './untouched.ts'

/** `/stage [deal] [stage]`: the form, with what was typed. */
export const startStage: Handler<'command'> = async (gesture, desk) => {
  const { query, to } = splitStage(gesture.text)
  if (!query) return openForm(desk, undefined, { stage: to })
  const found = await findDeal(desk, query)
  if (found.deal) return openForm(desk, found.deal, { stage: to })
  const drawings: Drawing[] = found.hits.map((hit) =>
    drawingFor(desk, dealSubject(hit.id), 0, to ? { to } : {}),
  )
  const rows = found.hits.map((hit, at) => ({
    hit,
    drawing: drawings[at]!.id,
    action: 'stage.open',
    ownerName: hit.owner && desk.org.people.get(hit.owner)?.name,
  }))
  return { reply: { kind: 'say', card: dealChoices({ rows, query }, desk.words) }, drawings }
}

/** `acme S4`, `D-1042 수주`: the last word is the stage when it names one. */
function splitStage(text: string): { query: string; to?: Stage } {
  const words = text.trim().split(/\s+/)
  const last = words.at(-1)?.toUpperCase() ?? ''
  const named: Readonly<Record<string, Stage>> = { 수주: 'CW', 실주: 'CL', WON: 'CW', LOST: 'CL' }
  const to = stages.find((stage) => stage === last) ?? (Object.hasOwn(named, last) ? named[last] : undefined)
  const query = unquote((to ? words.slice(0, -1) : words).join(' '))
  return { query, ...(to ? { to } : {}) }
}

/** “Change the stage” on a deal's card, or one of several deals that matched. */
export const openStage: Handler<'button'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  if (!drawing) return say(desk, { code: 'out-of-date' })
  const deal = drawing.subject.noun === 'deal' ? await visibleDeal(desk, drawing.subject.id) : undefined
  if (drawing.subject.noun === 'deal' && !deal) return say(desk, { code: 'out-of-date' })
  return openForm(desk, deal, { stage: shownOf(drawing).to })
}

const searchStageDeal: Handler<'search'> = async (gesture, desk) => {
  const scope = scopeOf(desk.person, desk.org, 'deal.change')
  const hits = await desk.store.findDeals(desk.company, scope, gesture.query, 20)
  return {
    reply: {
      kind: 'options',
      options: hits.map((hit) => ({
        value: hit.id,
        label: hit.name,
        description: [hit.accountName, desk.words.t(`stage.${hit.stage}`)].filter(Boolean).join(' · '),
      })),
    },
  }
}

async function openForm(desk: Desk, deal: Opportunity | undefined, typed: Typed): Promise<Outcome> {
  const file = deal && (await stageFile(desk, deal))
  const { view, drawing } = draw(desk, file, typed, { asked: [], first: {} })
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

/** The form as it is now, on a drawing of its own: what was seen is what is sent (B5.99). */
function draw(
  desk: Desk,
  file: StageFile | undefined,
  typed: Typed,
  before: ShownStageForm,
  meanwhile?: Parameters<typeof stageForm>[0]['meanwhile'],
) {
  const state = stageState(desk, file, typed, before)
  const id = desk.newId()
  const view = stageForm({ ...state, drawing: id, ...(meanwhile ? { meanwhile } : {}) }, desk.words)
  const asked = view.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []))
  const filled = Object.fromEntries(state.fields.map(({ name, value }) => [name, value]))
  const shown: ShownStageForm = {
    asked,
    first: firstShown(filled, before.first),
    ...(file ? { stage: file.deal.stage } : {}),
    ...(state.to ? { to: state.to } : {}),
    ...(state.evidence ? { evidence: state.evidence } : {}),
  }
  const subject = file ? dealSubject(file.deal.id) : { noun: 'none' as const, id: stageChange.id }
  const drawing: Drawing = { ...drawingFor(desk, subject, file?.deal.version ?? 0, shown), id }
  return { view, drawing }
}

/** A deal or a stage chosen: what the gates between ask for. */
const changeStage: Handler<'change'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const deal = await visibleDeal(desk, dealIdOf(gesture.answers, drawing))
  const file = deal && (await stageFile(desk, deal))
  const drawn = draw(desk, file, typedFrom(gesture.answers), shownOf(drawing))
  return { reply: { kind: 'redraw', view: drawn.view }, drawings: [drawn.drawing] }
}

const submitStage: Handler<'submit'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const shown = shownOf(drawing)
  const { answers } = gesture
  const fail = (errors: Record<string, string>): Outcome => ({ reply: { kind: 'field-errors', errors } })
  const deal = await visibleDeal(desk, dealIdOf(answers, drawing))
  if (!deal) return fail({ deal: sentenceOf(desk, { code: 'not-found', what: 'deal' }) })
  const file = await stageFile(desk, deal)
  const again = (meanwhile?: Parameters<typeof draw>[4]): Outcome => {
    const drawn = draw(desk, file, touched(typedFrom(answers), shown, deal), shown, meanwhile)
    return { reply: { kind: 'redraw', view: drawn.view }, drawings: [drawn.drawing] }
  }
  // Chosen and sent before the form could show what there is to fill in.
  if (drawing?.subject.noun !== 'deal' || !shown.asked.includes('stage')) return again()
  if (drawing.version !== deal.version) return again(meanwhileOf(desk, file, shown))
  const read = readAnswers(stageChange, answers, desk.words)
  if (!read.ok) return fail({ ...read.errors })
  const currency = currencyOfDeal(deal, desk.org.company)
  const amount =
    read.values.amount && shown.asked.includes('amount')
      ? parseMoney(read.values.amount, currency)
      : undefined
  if (amount && !amount.ok) return fail({ amount: sentenceOf(desk, amount.refusal) })
  const ask = askOf(desk, touched(typedFrom(answers), shown, deal), shown)
  if (!ask) return fail({ stage: desk.words.t('field.missing') })
  if (ask.to !== shown.to) return again()
  const world: StageWorld = {
    now: desk.now,
    org: desk.org,
    policy: desk.policy,
    ...(file.discount ? { discount: file.discount } : {}),
  }
  const actor = { by: desk.person.id, platform: gesture.platform, saw: drawing }
  const sum = amount ? { amount: amount.next } : {}
  const ruling = change(deal, { ...ask, ...sum, door: gesture.platform }, world)
  if (!ruling.ok) {
    const errors = errorsOf(desk, ruling.refusal, ask, shown)
    // What the form does not ask yet can't be said at its field.
    if (Object.keys(errors).some((field) => !shown.asked.includes(field))) return again()
    return {
      ...fail(errors),
      ...(isAttempt(ruling.refusal)
        ? {
            change: {
              save: [],
              audit: [refusedStage(deal.id, ruling.refusal.code, desk.now, actor)],
              deliveries: [],
            },
          }
        : {}),
    }
  }
  const step = ruling.next
  const places = await threadPlaces(desk.store, step.next, desk.org, desk.policy)
  const handoff = await wonHandoff(desk, step, actor)
  const done = drawingFor(desk, dealSubject(deal.id), step.next.version)
  const complete =
    step.next.stage === 'CW' && handoff?.sender === desk.person.id
      ? drawingOfHandoff(desk, handoff)
      : undefined
  const say = stageDone(
    { step, now: desk.now, drawing: done.id, ...(complete ? { handoff: complete.id } : {}) },
    desk.words,
  )
  return {
    reply: { kind: 'close', say },
    change: merged([stageConsequences(step, world, actor, places), handoff?.part]),
    drawings: [done, ...(complete ? [complete] : [])],
  }
}

/** Refusals about who one is are kept in the audit; what is merely not filled in is not. */
const isAttempt = ({ code }: Refusal): boolean =>
  code === 'not-allowed' || code === 'override-needs-manager' || code === 'reopen-needs-manager'

const dealIdOf = (answers: Answers, drawing: Drawing | undefined): string | undefined =>
  one(answers, 'deal') ?? (drawing?.subject.noun === 'deal' ? drawing.subject.id : undefined)

const one = (answers: Answers, name: string): string | undefined => {
  const value = Object.hasOwn(answers, name) ? answers[name] : undefined
  return typeof value === 'string' ? value : undefined
}

const typedFrom = (answers: Answers): Typed =>
  Object.fromEntries(Object.keys(stageChange.schema.shape).map((name) => [name, one(answers, name)]))

/**
 * What was typed, without the fields that stand as they were first shown and that the deal itself knows: those stay as
 * the deal has them now. What was only suggested is not the deal's yet, and is taken as confirmed.
 */
function touched(typed: Typed, { first, evidence }: ShownStageForm, deal: Opportunity): Typed {
  const knows = (name: string) => {
    const kind = name === 'evidence' ? evidence : evidenceKinds.find((each) => each === name)
    if (kind) return deal.evidence?.[kind] !== undefined
    return isMeddiccField(name) && Boolean(deal.meddicc[name])
  }
  return Object.fromEntries(
    Object.entries(typed).filter(([name, text]) => !(isUntouched(first, name, text) && knows(name))),
  )
}

/** What was done to the deal since this form was drawn. */
function meanwhileOf(desk: Desk, { deal, last }: StageFile, shown: ShownStageForm) {
  if (!last || deal.stage === shown.stage) return {}
  return { stage: deal.stage, name: desk.org.people.get(last.by)?.name, at: last.at }
}

function askOf(desk: Desk, typed: Typed, shown: ShownStageForm): StageAsk | undefined {
  const to = stages.find((stage) => stage === typed.stage)
  if (!to) return undefined
  const meddicc: Partial<Record<MeddiccField, string>> = {}
  const evidence: Partial<Record<EvidenceKind, string>> = {}
  for (const [name, text] of Object.entries(typed)) {
    if (!text?.trim()) continue
    if (isMeddiccField(name)) meddicc[name] = text
    const kind = name === 'evidence' ? shown.evidence : evidenceKinds.find((each) => each === name)
    if (kind) evidence[kind] = text.trim()
  }
  const { override_reason: why, override_until: until } = typed
  return {
    to,
    by: desk.person.id,
    door: 'slack',
    meddicc,
    evidence,
    ...(typed.loss_reason ? { lossReason: typed.loss_reason } : {}),
    ...(typed.loss_reason_detail ? { lossReasonDetail: typed.loss_reason_detail } : {}),
    ...(typed.competitor ? { competitor: typed.competitor } : {}),
    ...(typed.reason ? { reason: typed.reason } : {}),
    ...(why || until ? { override: { reason: why ?? '', until: until ?? '' } } : {}),
  }
}

/** The sentences of a refusal at the fields they are about. */
function errorsOf(
  desk: Desk,
  refusal: Refusal,
  ask: StageAsk,
  shown: ShownStageForm,
): Record<string, string> {
  const { words } = desk
  const sentence = sentenceOf(desk, refusal)
  const nameOf = (asked: string) => (asked === shown.evidence ? 'evidence' : asked)
  switch (refusal.code) {
    case 'gates-missing': {
      const errors: Record<string, string> = {}
      for (const { field, stage } of refusal.missing)
        errors[field === 'owner' ? 'stage' : nameOf(field)] =
          field === 'owner'
            ? words.t('form.stage.no-owner')
            : words.t('stage.missing', { stage: words.t(`stage.${stage}`) })
      return { ...errors, stage: sentence }
    }
    case 'never-overridden':
      return Object.fromEntries(
        refusal.fields.map((field) => [field === 'owner' ? 'stage' : nameOf(field), sentence]),
      )
    case 'reason-missing':
      return { [ask.override ? 'override_reason' : 'reason']: sentence }
    case 'override-needs-manager':
      return { [shown.asked.includes('override_reason') ? 'override_reason' : 'stage']: sentence }
    case 'day-not-ahead':
      return { override_until: sentence }
    case 'day-still-ahead':
      return { [nameOf(refusal.field)]: sentence }
    case 'unknown-loss-reason':
      return { [refusal.field]: sentence }
    case 'bad-date': {
      const kind = Object.entries(ask.evidence ?? {}).find(([, day]) => day === refusal.text)?.[0]
      if (kind) return { [nameOf(kind)]: sentence }
      return { override_until: refusal.text ? sentence : words.t('stage.override-day') }
    }
    default:
      return { stage: sentence }
  }
}

export const stageEntry: FormEntry = {
  form: stageChange,
  submit: submitStage,
  change: changeStage,
  search: { deal: searchStageDeal },
}
