import { handoffStart, startForm } from '../blocks/handoff-form.ts'
import { handoffChoices, handoffsCard } from '../blocks/handoffs.ts'
import { type Handoff, type HandoffKind, handoffKinds, mayStart } from '../src/canon/handoff.ts'
import { may, scopeOf } from '../src/canon/visibility.ts'
import type { Drawing, Subject } from '../src/ports.ts'
import { unquote } from './deal-find.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { showHandoff } from './handoff-acts.ts'
import { namesOfHandoff } from './handoff-cards.ts'
import { handoffSubject } from './handoff-consequences.ts'
import { openHandoffForm } from './handoff-send.ts'
import { type HandoffOf, handoffWorld, ofKind, worldOfHandoff } from './handoff-world.ts'

// What is handed over, found by what was typed: the lists and forms that lead to a handoff.

/** `/handoff [lead, deal or account]`: what is under way; with a name, the form of what can be handed over. */
export const startHandoff: Handler<'command'> = async (gesture, desk) => {
  const query = unquote(gesture.text)
  if (!query) return showHandoffs(desk)
  const found = await candidates(desk, query)
  const exact = found.filter((each) => each.exact)
  const only = exact.length === 1 ? exact[0] : found.length === 1 ? found[0] : undefined
  if (only) return begin(desk, only.kind, only.of)
  if (found.length === 0) return openStart(desk, { unknown: query })
  const drawings = found.map((each) => drawingFor(desk, each.subject, 0, { kind: each.kind }))
  const rows = found.map((each, at) => ({ ...each, drawing: drawings[at]!.id }))
  return { reply: { kind: 'say', card: handoffChoices({ rows, query }, desk.words) }, drawings }
}

/** “Hand over” in a list, on a deal's card, or one of several things that matched. */
export const openHandoffStart: Handler<'button'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  if (!drawing) return say(desk, { code: 'out-of-date' })
  const kind = handoffKinds.find((each) => each === drawing.shown.kind)
  const of = ofSubject(drawing.subject)
  if (!of) return openStart(desk, kind ? { kind } : {})
  const kinds = kind ? [kind] : await kindsFor(desk, of)
  return kinds[0] ? begin(desk, kinds[0], of) : openStart(desk, {})
}

const ofSubject = ({ noun, id }: Subject): HandoffOf | undefined =>
  noun === 'lead' || noun === 'deal' || noun === 'account' ? { [noun]: id } : undefined

/** The kinds of handoff this person may open for a lead, deal or account now. */
export async function kindsFor(desk: Desk, of: HandoffOf): Promise<HandoffKind[]> {
  const kinds: HandoffKind[] = []
  for (const kind of handoffKinds) {
    const world = await handoffWorld(desk, kind, of)
    const fits = kind === 'ae-to-cs' ? world.deal?.stage === 'CW' : true
    if (fits && mayStart(desk.person, kind, world)) kinds.push(kind)
  }
  return kinds
}

/** The form of one handoff; the one that is under way already, where there is one. */
async function begin(desk: Desk, kind: HandoffKind, of: HandoffOf): Promise<Outcome> {
  const world = await handoffWorld(desk, kind, of)
  const list = ofKind(kind, {
    ...of,
    ...(kind === 'cs-to-ae' && world.account ? { account: world.account.id } : {}),
  })
  const underWay = list && (await desk.store.openHandoff(desk.company, kind, list))
  if (underWay) {
    const around = await worldOfHandoff(desk, underWay)
    const about = { handoff: underWay, ...strip(around) }
    if (!may(desk.person, 'handoff.see', about, desk.org))
      return say(desk, { code: 'handoff-under-way', handoff: underWay.id })
    return showHandoff(desk, underWay.id)
  }
  if (!mayStart(desk.person, kind, world)) return say(desk, { code: 'not-allowed', what: 'handoff.start' })
  return openHandoffForm(desk, kind, world, list ?? of)
}

const strip = ({ lead, deal, account }: Awaited<ReturnType<typeof handoffWorld>>) => ({
  ...(lead ? { lead } : {}),
  ...(deal ? { deal } : {}),
  ...(account ? { account } : {}),
})

// ── finding ──────────────────────────────────────────────────────────────────

interface Candidate {
  readonly kind: HandoffKind
  readonly of: HandoffOf
  readonly subject: Subject
  readonly label: string
  readonly note?: string
  readonly exact: boolean
}

/** Leads, won deals and accounts that match and that this person may hand over. */
async function candidates(desk: Desk, query: string): Promise<Candidate[]> {
  const lists = await Promise.all(handoffKinds.map((kind) => hitsOf(desk, kind, query, 8)))
  const found: Candidate[] = []
  for (const hit of lists.flat()) {
    const world = await handoffWorld(desk, hit.kind, hit.of)
    if (mayStart(desk.person, hit.kind, world)) found.push(hit)
  }
  return found.slice(0, 10)
}

async function hitsOf(desk: Desk, kind: HandoffKind, query: string, limit: number): Promise<Candidate[]> {
  const { store, company } = desk
  const scope = scopeOf(desk.person, desk.org)
  const typed = query.trim().toLowerCase()
  const isExact = (id: string, name: string) =>
    typed !== '' && (id.toLowerCase() === typed || name.toLowerCase() === typed)
  switch (kind) {
    case 'sdr-to-ae':
      return (await store.findLeads(company, scope, query, limit))
        .filter(({ status }) => status === 'new' || status === 'working' || status === 'qualified')
        .map((hit) => ({
          kind,
          of: { lead: hit.id },
          subject: { noun: 'lead', id: hit.id },
          label: hit.name,
          ...(hit.company ? { note: hit.company } : {}),
          exact: isExact(hit.id, hit.name) || isExact(hit.id, hit.company ?? ''),
        }))
    case 'ae-to-cs':
      return (await store.findDeals(company, scope, query, limit, { minStage: 'CW' }))
        .filter(({ stage }) => stage === 'CW')
        .map((hit) => ({
          kind,
          of: { deal: hit.id },
          subject: { noun: 'deal', id: hit.id },
          label: hit.name,
          ...(hit.accountName ? { note: hit.accountName } : {}),
          exact: isExact(hit.id, hit.name),
        }))
    case 'cs-to-ae':
      return (await store.findAccounts(company, scope, query, limit)).map((hit) => ({
        kind,
        of: { account: hit.id },
        subject: { noun: 'account', id: hit.id },
        label: hit.name,
        ...(hit.tier ? { note: hit.tier } : {}),
        exact: isExact(hit.id, hit.name),
      }))
  }
}

// ── which handoff, and of what ───────────────────────────────────────────────

/** The kind that this person hands over most by their role. */
function likelyKind(desk: Desk): HandoffKind | undefined {
  const { roles } = desk.person
  if (roles.includes('sdr')) return 'sdr-to-ae'
  if (roles.includes('csm') || roles.includes('cs_manager')) return 'cs-to-ae'
  return roles.includes('ae') ? 'ae-to-cs' : undefined
}

async function openStart(desk: Desk, state: { kind?: HandoffKind; unknown?: string }): Promise<Outcome> {
  const kind = state.kind ?? likelyKind(desk)
  const drawing = drawingFor(desk, companySubject(desk.company), 0, kind ? { kind } : {})
  const view = startForm(
    {
      drawing: drawing.id,
      kinds: handoffKinds,
      ...(kind ? { kind } : {}),
      ...(state.unknown ? { unknown: state.unknown } : {}),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

const one = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const changeStart: Handler<'change'> = async (gesture, desk) => {
  const kind = handoffKinds.find((each) => each === one(gesture.answers.kind))
  // A drawing of its own, so that the search after it looks among what this kind hands over.
  const drawing = drawingFor(desk, companySubject(desk.company), 0, kind ? { kind } : {})
  const view = startForm({ drawing: drawing.id, kinds: handoffKinds, ...(kind ? { kind } : {}) }, desk.words)
  return { reply: { kind: 'redraw', view }, drawings: [drawing] }
}

const searchSubject: Handler<'search'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const kind = handoffKinds.find((each) => each === drawing?.shown.kind)
  const hits = kind ? await hitsOf(desk, kind, gesture.query, 20) : []
  return {
    reply: {
      kind: 'options',
      options: hits.map(({ subject, label, note }) => ({
        value: `${subject.noun}:${subject.id}`,
        label,
        ...(note ? { description: note } : {}),
      })),
    },
  }
}

const submitStart: Handler<'submit'> = async (gesture, desk) => {
  const kind = handoffKinds.find((each) => each === one(gesture.answers.kind))
  const fail = (field: string, sentence: string): Outcome => ({
    reply: { kind: 'field-errors', errors: { [field]: sentence } },
  })
  if (!kind) return fail('kind', desk.words.t('field.missing'))
  const chosen = one(gesture.answers.subject)
  if (!chosen) return fail('subject', desk.words.t('field.missing'))
  const [noun, ...rest] = chosen.split(':')
  const wanted = kind === 'sdr-to-ae' ? 'lead' : kind === 'ae-to-cs' ? 'deal' : 'account'
  // What was chosen before the kind was changed is of another kind.
  if (noun !== wanted) return fail('subject', sentenceOf(desk, { code: 'not-found', what: wanted }))
  const outcome = await begin(desk, kind, { [wanted]: rest.join(':') })
  // The next form takes this one's place; a refusal is said at the field.
  if (outcome.reply.kind === 'open')
    return { ...outcome, reply: { kind: 'redraw', view: outcome.reply.view } }
  if (outcome.reply.kind === 'say') return { ...outcome, reply: { kind: 'close', say: outcome.reply.card } }
  return outcome
}

export const handoffStartEntry: FormEntry = {
  form: handoffStart,
  submit: submitStart,
  change: changeStart,
  search: { subject: searchSubject },
}

// ── what is under way ────────────────────────────────────────────────────────

const showHandoffs = async (desk: Desk): Promise<Outcome> => {
  const inbox = await handoffsOf(desk, 15)
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: {
      kind: 'say',
      card: handoffsCard({ ...inbox.lists, now: desk.now, drawing: drawing.id }, desk.words),
    },
    drawings: [...inbox.drawings, drawing],
  }
}

/** What waits for this person and what they have handed over, each row with a drawing of its own. */
async function handoffsOf(desk: Desk, limit: number) {
  const [waiting, sent] = await Promise.all([
    waitingHandoffsOf(desk, limit),
    desk.store.handoffsSentBy(desk.company, desk.person.id, limit),
  ])
  const mine = await rowsOf(desk, sent.handoffs)
  return {
    lists: {
      waiting: waiting.rows,
      sent: mine.rows,
      totals: { waiting: waiting.total, sent: sent.total },
    },
    drawings: [...waiting.drawings, ...mine.drawings],
  }
}

/** The handoffs that wait for this person. */
export async function waitingHandoffsOf(desk: Desk, limit: number) {
  const { total, handoffs } = await desk.store.handoffsWaitingFor(desk.company, desk.person.id, limit)
  return { total, ...(await rowsOf(desk, handoffs)) }
}

async function rowsOf(desk: Desk, handoffs: readonly Handoff[]) {
  const drawings: Drawing[] = []
  const rows = await Promise.all(
    handoffs.map(async (handoff) => {
      const world = await worldOfHandoff(desk, handoff)
      const drawing = drawingFor(desk, handoffSubject(handoff.id), handoff.version)
      drawings.push(drawing)
      return {
        handoff,
        drawing: drawing.id,
        names: namesOfHandoff(handoff, desk),
        ...(world.lead ? { lead: world.lead.company ?? world.lead.name } : {}),
        ...(world.account ? { account: world.account.name } : {}),
        ...(world.deal ? { deal: world.deal } : {}),
      }
    }),
  )
  return { rows, drawings }
}
