import type { PersonSummary } from '../src/canon/summary.ts'
import type { Block, Button, Card } from './card.ts'
import { type DigestBrief, ownDigestBlocks, weekLine } from './digest.ts'
import { type CustomersBrief, customerBlocks } from './digest-customers.ts'
import type { Names } from './discount.ts'
import { nameOf } from './names.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** All that a person's weekly summary is drawn from. */
export interface PersonBrief {
  readonly summary: PersonSummary
  /** Their own deals as a digest, where they have any. */
  readonly digest?: DigestBrief
  /** The customers they keep. */
  readonly portfolio?: CustomersBrief
  readonly names: Names
  /** Deals that may be named, by id. */
  readonly deals: Readonly<Record<string, string>>
  readonly now: number
  readonly drawing: string
}

/** Discounts that are listed, the rest is counted. */
const mostGiven = 8

/** Monday's summary for one person: their deals, their customers, what waits for them, what their people gave. */
export function personDigestCard(brief: PersonBrief, w: Words): Card {
  const { digest, summary } = brief
  const blocks: Block[] = [{ kind: 'heading', text: w.say('digest.person.title') }]
  if (digest) blocks.push({ kind: 'note', text: weekLine(digest, w) }, ...ownDigestBlocks(digest, w))
  if (brief.portfolio)
    blocks.push({ kind: 'heading', text: [w.t('digest.customers')] }, ...customerBlocks(brief.portfolio, w))
  const { approvals, handoffs } = summary.waiting
  if (approvals + handoffs > 0)
    blocks.push({
      kind: 'text',
      text: [{ bold: w.t('digest.waiting') }, ` · ${w.t('digest.waiting.value', { approvals, handoffs })}`],
    })
  blocks.push(...givenBlocks(brief, w))
  const open = (action: string, label: string): Button => ({ action, label, drawing: brief.drawing })
  const buttons = [
    ...(digest
      ? [open('pipeline.open', w.t('button.pipeline')), open('forecast.open', w.t('button.forecast'))]
      : []),
    ...(brief.portfolio
      ? [
          open('health.list', w.t('button.customers.health')),
          open('renewal.list', w.t('button.customers.renewals')),
        ]
      : []),
  ]
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons })
  const numbers = digest?.digest
  return {
    summary: numbers
      ? w.t('digest.person.summary', {
          pipeline: w.money({ amount: numbers.pipeline.amount, currency: numbers.currency }, 'short'),
          deals: numbers.pipeline.deals,
        })
      : brief.portfolio
        ? w.t('digest.person.summary.customers')
        : w.t('digest.person.title'),
    blocks,
  }
}

function givenBlocks({ summary, names, deals }: PersonBrief, w: Words): Block[] {
  const shown = summary.given.filter(({ deal }) => deals[deal] !== undefined)
  if (shown.length === 0) return []
  return [
    { kind: 'text', text: [{ bold: w.t('digest.given') }] },
    ...shown.slice(0, mostGiven).map(
      (given): Block => ({
        kind: 'note',
        text: [
          ...w.say('digest.given.line', {
            deal: theirs(deals[given.deal]!, 50),
            percent: w.percent(given.discount),
            name: nameOf(given.requester, names, w),
          }),
          ...(given.ownAuthority ? [` · ${w.t('digest.given.own')}`] : []),
        ],
      }),
    ),
    ...(shown.length > mostGiven
      ? [{ kind: 'note' as const, text: w.say('list.more', { count: shown.length - mostGiven }) }]
      : []),
  ]
}
