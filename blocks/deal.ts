import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { DiscountRequest } from '../src/canon/discount.ts'
import { isSettled } from '../src/canon/discount.ts'
import type { AccountHealth } from '../src/canon/health.ts'
import { type MeddiccField, meddiccFields, type Opportunity } from '../src/canon/opportunity.ts'
import type { DealHit } from '../src/ports.ts'
import type { Block, Button, Card, Text } from './card.ts'
import {
  type DealRecord,
  handoffBlocks,
  latestOf,
  nextActionsOf,
  peopleBlocks,
  standingOf,
} from './deal-record.ts'
import type { Names } from './discount.ts'
import { dealLine, meddiccWords } from './discount-sections.ts'
import { statusOf } from './discount-status.ts'
import { healthLine } from './health.ts'
import { nameOf } from './names.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** All that a deal's card is drawn from. */
export interface DealBrief {
  readonly deal: Opportunity
  readonly names: Names
  readonly timeZone: string
  readonly now: Instant
  /** Today in the company's zone. */
  readonly today: PlainDate
  readonly drawing: string
  /** May ask for a discount here, now: by who they are and by the deal's stage. */
  readonly mayAsk: boolean
  /** Win probability of the stage, 0–100. */
  readonly probability: number
  /** MEDDICC fields that the gates up to this stage require and that are empty. */
  readonly required: readonly string[]
  /** Discount requests of this deal, latest first, each with the drawing its button stands on where the viewer may open it. */
  readonly requests: readonly { readonly request: DiscountRequest; readonly drawing?: string }[]
  /** May change the deal: its stage, what it says, what was done. */
  readonly mayChange?: boolean
  /** Something of it can be handed over by this person. */
  readonly mayHandOver?: boolean
  /** The health of the deal's account, where it was measured. */
  readonly health?: AccountHealth
  /** May write down what was done. */
  readonly mayLog?: boolean
  /** The record behind the deal. */
  readonly record?: Pick<
    DealRecord,
    'contacts' | 'activities' | 'handoffs' | 'history' | 'actions' | 'lossReasons'
  >
}

const dayNumber = (date: PlainDate): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000

/** The deal as the record has it: stage, money, MEDDICC, who, when, and what was asked for it. */
export function dealCard(brief: DealBrief, w: Words): Card {
  const { deal } = brief
  const stage = w.t(`stage.${deal.stage}`)
  const record = brief.record && { ...brief, ...brief.record }
  return {
    summary: w.t('deal.summary', { deal: theirs(deal.name), stage }),
    blocks: [
      { kind: 'heading', text: dealLine(deal) },
      { kind: 'text', text: stageLine(brief, w) },
      ...(record ? [...standingOf(record, w), ...nextActionsOf(record, w)] : []),
      { kind: 'facts', facts: moneyFacts(brief, w) },
      ...(deal.discountFlagged ? [{ kind: 'text' as const, text: w.say('deal.flagged') }] : []),
      ...meddiccOf(brief, w),
      ...(record ? [...peopleBlocks(record, w), ...handoffBlocks(record, w)] : []),
      ...historyOf(brief, w),
      ...(record ? latestOf(record, w) : []),
      ...dealButtons(brief, w),
    ],
  }
}

/** What can be done from here: the first is what brings the deal on. */
function dealButtons(brief: DealBrief, w: Words): Block[] {
  const { drawing, mayAsk, mayChange, mayHandOver, mayLog } = brief
  const advance = brief.record?.actions.some(({ code }) => code === 'advance') ?? false
  // A price that is approved needs no second request.
  const priced = brief.deal.approvedDiscount !== undefined
  const primary = { style: 'primary' as const }
  const buttons: Button[] = [
    ...(mayChange
      ? [{ action: 'stage.open', label: w.t('button.stage'), drawing, ...(advance ? primary : {}) }]
      : []),
    ...(mayAsk
      ? [
          {
            action: 'discount.start',
            label: w.t('button.start'),
            drawing,
            ...(advance || priced ? {} : primary),
          },
        ]
      : []),
    ...(mayHandOver ? [{ action: 'handoff.start', label: w.t('button.handoff.start'), drawing }] : []),
    ...(mayLog ? [{ action: 'activity.log', label: w.t('button.activity'), drawing }] : []),
    ...(mayChange ? [{ action: 'deal.meddicc', label: w.t('button.meddicc'), drawing }] : []),
  ]
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : []
}

function stageLine({ deal, today, probability, now }: DealBrief, w: Words): Text {
  const stage = { bold: w.t(`stage.${deal.stage}`) }
  if (deal.stage === 'CW' || deal.stage === 'CL')
    return deal.closedOn ? w.say('deal.closed-on', { stage, day: w.day(deal.closedOn, now) }) : [stage]
  const odds = w.t('stage.probability', { percent: probability })
  if (!deal.stageEnteredOn) return [stage, ` · ${odds}`]
  const days = Math.max(0, Math.round(dayNumber(today) - dayNumber(deal.stageEnteredOn)))
  return [stage, ` · ${odds} · ${w.t('deal.in-stage', { count: days })}`]
}

function moneyFacts({ deal, names, now, health }: DealBrief, w: Words): { label: string; value: Text }[] {
  const none = w.t('value.none')
  const facts: { label: string; value: Text }[] = [
    { label: w.t('label.amount'), value: [deal.amount ? w.money(deal.amount) : none] },
    { label: w.t('label.list'), value: [deal.listAmount ? w.money(deal.listAmount) : none] },
  ]
  if (deal.approvedDiscount !== undefined)
    facts.push({
      label: w.t('label.approved'),
      value: [
        { bold: w.percent(deal.approvedDiscount) },
        ...(deal.price ? [` · ${w.money(deal.price)}`] : []),
      ],
    })
  // What is ours stands first: Slack sets it in columns, and somebody's words among it would break the columns.
  facts.push({
    label: w.t('label.expected-close'),
    value: [deal.expectedCloseOn ? w.day(deal.expectedCloseOn, now) : none],
  })
  if (health) facts.push({ label: w.t('health.label.health'), value: healthLine(health, w) })
  if (deal.tier) facts.push({ label: w.t('label.tier'), value: [deal.tier] })
  facts.push({ label: w.t('label.owner'), value: [deal.owner ? nameOf(deal.owner, names, w) : none] })
  if (deal.product) facts.push({ label: w.t('label.product'), value: [theirs(deal.product, 60)] })
  if (deal.competitor) facts.push({ label: w.t('label.competitor'), value: [theirs(deal.competitor, 60)] })
  return facts
}

function meddiccOf({ deal, required }: DealBrief, w: Words): readonly Block[] {
  const known = meddiccFields.filter((field) => deal.meddicc[field]?.trim())
  const missing = meddiccFields.filter((field) => !known.includes(field))
  const blocks: Block[] = [
    {
      kind: 'text',
      text: [
        { bold: 'MEDDICC' },
        ` ${meddiccWords({ known: known.length, of: meddiccFields.length, missing }, w)}`,
      ],
    },
  ]
  if (known.length > 0)
    blocks.push({
      kind: 'facts',
      facts: known.map((field) => ({
        label: w.t(`meddicc.${field}`),
        value: [theirs(deal.meddicc[field] ?? '', 120)],
      })),
    })
  const asked = required.filter((field): field is MeddiccField =>
    meddiccFields.some((each) => each === field),
  )
  if (asked.length > 0)
    blocks.push({
      kind: 'note',
      text: w.say('deal.required', { fields: asked.map((field) => w.t(`meddicc.${field}`)).join(', ') }),
    })
  return blocks
}

function historyOf(brief: DealBrief, w: Words): readonly Block[] {
  if (brief.requests.length === 0) return []
  const rows = brief.requests.slice(0, 5).map(({ request, drawing }): Block => {
    const { status, settledAt } = request
    const text: Text = [
      { bold: w.percent(request.discount) },
      ' · ',
      ...(status === 'pending' || status === 'countered'
        ? statusOf({ request, names: brief.names, timeZone: brief.timeZone, now: brief.now }, w)
        : [
            w.t(`settled.${status}`),
            ` · ${w.moment(settledAt ?? request.openedAt, brief.timeZone, brief.now)}`,
          ]),
    ]
    if (!drawing || isSettled(request)) return { kind: 'note', text }
    return {
      kind: 'row',
      text,
      buttons: [{ action: 'discount.open', label: w.t('button.open'), drawing }],
    }
  })
  const more = brief.requests.length - 5
  return [
    { kind: 'heading', text: [w.t('deal.requests')] },
    ...rows,
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
  ]
}

/** One of several deals that match what was typed. */
export interface DealChoice {
  readonly hit: DealHit
  readonly drawing: string
  /** What its button does: show the deal, or ask for a discount on it. */
  readonly action?: 'deal.open' | 'discount.start' | (string & {})
  readonly ownerName?: string
}

/** “Which one did you mean?”: the nearest matches, never guessed silently (contract, Chat commands). */
export function dealChoices(
  { rows, query }: { readonly rows: readonly DealChoice[]; readonly query: string },
  w: Words,
): Card {
  const asked = theirs(query, 60)
  if (rows.length === 0) {
    const text = w.say('choices.none', { query: asked })
    return {
      summary: plain(text),
      blocks: [
        { kind: 'text', text },
        { kind: 'note', text: w.say('choices.hint') },
      ],
    }
  }
  const text = w.say('choices.which', { query: asked })
  return {
    summary: plain(text),
    blocks: [
      { kind: 'text', text },
      ...rows.map(({ hit, drawing, action, ownerName }): Block => {
        const note: Text[] = [[w.t(`stage.${hit.stage}`)]]
        if (hit.amount) note.push([w.money(hit.amount, 'short')])
        if (ownerName) note.push([theirs(ownerName, 40)])
        return {
          kind: 'row',
          text: dealLine(hit),
          note: note.flatMap((part, at) => (at === 0 ? part : [' · ', ...part])),
          buttons: [{ action: action ?? 'deal.open', label: w.t('button.choose'), drawing }],
        }
      }),
    ],
  }
}
