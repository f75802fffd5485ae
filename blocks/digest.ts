import type { Instant } from '../src/canon/calendar.ts'
import type { Digest, TeamLack } from '../src/canon/digest.ts'
import { allOf, atRiskOf } from '../src/canon/digest-customer-anomaly.ts'
import { forecastTotal, type PipelineTargets } from '../src/canon/forecast.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Chart } from './chart.ts'
import { type CustomersBrief, customerBlocks, healthPanel } from './digest-customers.ts'
import { anomalyBlocks, currencyNotes, digestFacts, moveBlocks, riskBlocks } from './digest-deals.ts'
import type { Names } from './discount.ts'
import { pipelineChart } from './pipeline-panel.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** A deal as a digest names it. */
export interface NamedDeal {
  readonly name: string
  readonly accountName?: string
}

/** All that a digest's card is drawn from. */
export interface DigestBrief {
  readonly digest: Digest
  /** The team it is of; absent: a person's own. */
  readonly team?: string
  readonly names: Names
  /** Deals that may be named here, by id; what is not among them is not named. */
  readonly deals: Readonly<Record<string, NamedDeal>>
  readonly at: Instant
  readonly now: Instant
  readonly timeZone: string
  /** The card's own drawing, and those of the deals and nudges its buttons act upon. */
  readonly drawing: string
  readonly risks: Readonly<
    Record<string, { readonly deal: string; readonly nudge?: string; readonly snoozed?: true }>
  >
  /** For how many days a risk can be put off. */
  readonly snoozeDays: readonly number[]
  /** In a channel: nobody is named for what they did wrong, and no single discount can be read off. */
  readonly inChannel: boolean
  /** Where there are no threads, a button shows what would be in one. */
  readonly detailsButton: boolean
  readonly lacks: readonly TeamLack[]
  readonly targets: PipelineTargets
  /** The customers of its people; `only`: it has nothing to do with deals. */
  readonly customers?: CustomersBrief & { readonly only: boolean }
}

export function teamDigestCard(brief: DigestBrief, w: Words): Card {
  const { customers, digest, drawing } = brief
  const team = theirs(brief.team ?? '', 60)
  const only = customers?.only === true
  const head: Block[] = [
    { kind: 'heading', text: w.say(only ? 'customers.title' : 'digest.team.title', { team }) },
    { kind: 'note', text: weekLine(brief, w) },
  ]
  const lacks: Block[] =
    brief.lacks.length === 0
      ? []
      : [{ kind: 'note', text: w.say('digest.lacks', { lacks: lacksText(brief.lacks, w) }) }]
  const empty = digest.pipeline.deals === 0 && digest.moves.every(({ deals }) => deals === 0)
  const deals: Block[] = only
    ? []
    : empty
      ? [{ kind: 'text', text: w.say('digest.empty') }]
      : [...moveBlocks(brief, w), ...anomalyBlocks(brief, w), ...riskBlocks(brief, w)]
  const chart = digestChart(brief, w)
  const comparedOn = only ? customers?.digest.comparedOn : digest.comparedOn
  const told = !empty || customers !== undefined
  const open = (action: string, label: string): Button => ({ action, label, drawing })
  const buttons: Button[] = [
    ...(brief.detailsButton
      ? [open('digest.details', w.t(only ? 'customers.csms.title' : 'button.digest.details'))]
      : []),
    ...(only || empty
      ? []
      : [open('pipeline.open', w.t('button.pipeline')), open('forecast.open', w.t('button.forecast'))]),
    ...(customers
      ? [
          open('health.list', w.t('button.customers.health')),
          open('renewal.list', w.t('button.customers.renewals')),
        ]
      : []),
  ]
  return {
    summary: summaryOf(brief, w),
    blocks: [
      ...head,
      ...(only || empty ? [] : [{ kind: 'facts' as const, facts: digestFacts(brief, w) }]),
      ...(chart ? [{ kind: 'chart' as const, chart }] : []),
      ...deals,
      ...(only || empty ? [] : currencyNotes(digest, brief.now, w)),
      ...(customers && !only ? [{ kind: 'heading' as const, text: [w.t('customers.section')] }] : []),
      ...(customers ? customerBlocks(customers, w) : []),
      ...(told && comparedOn === undefined ? [{ kind: 'note' as const, text: w.say('digest.first') }] : []),
      ...lacks,
      ...(told ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  }
}

function summaryOf({ customers, digest, team: name }: DigestBrief, w: Words): string {
  const team = theirs(name ?? '', 60)
  if (customers?.only === true) {
    const { currency, grades } = customers.digest
    return w.t('customers.summary', {
      team,
      count: allOf(grades).accounts,
      risk: w.money({ amount: atRiskOf(grades).arr, currency }, 'short'),
      critical: grades.critical.accounts,
    })
  }
  const money = (amount: number) => w.money({ amount, currency: digest.currency }, 'short')
  return w.t('digest.team.summary', {
    team,
    pipeline: money(digest.pipeline.amount),
    deals: digest.pipeline.deals,
    forecast: money(forecastTotal(digest.forecast)),
  })
}

/** One picture of all a team has: its pipeline and coverage, and how its customers are. */
function digestChart({ customers, digest, now, targets }: DigestBrief, w: Words): Chart | undefined {
  const { comparedOn, forecast, pipeline } = digest
  const deals =
    customers?.only === true
      ? undefined
      : pipelineChart(pipeline, forecast, { now, targets, ...(comparedOn ? { comparedOn } : {}) }, w)
  const health = customers && healthPanel(customers.digest, now, w)
  if (!health) return deals
  return {
    panels: [...(deals?.panels ?? []), health.panel],
    alt: [...(deals ? [deals.alt] : []), health.alt].join(' '),
  }
}

/** What a digest says of somebody's own deals, for their summary. */
export function ownDigestBlocks(brief: DigestBrief, w: Words): Block[] {
  return [
    { kind: 'facts', facts: digestFacts(brief, w) },
    ...moveBlocks(brief, w),
    ...riskBlocks(brief, w),
    ...currencyNotes(brief.digest, brief.now, w),
  ]
}

export const weekLine = (
  { digest, at, now, timeZone }: Pick<DigestBrief, 'digest' | 'at' | 'now' | 'timeZone'>,
  w: Words,
): Text =>
  w.say('digest.week', {
    from: w.day(digest.from, now),
    to: w.day(digest.to, now),
    at: w.moment(at, timeZone, now),
  })

export const lacksText = (lacks: readonly TeamLack[], w: Words): string =>
  lacks.map((lack) => w.t(`digest.lack.${lack}`)).join(', ')
