import type { PersonSummary } from '../src/canon/summary.ts'
import type { Block, Card, Text } from './card.ts'
import { type DigestBrief, ownDigestBlocks, weekLine } from './digest.ts'
import type { Names } from './discount.ts'
import { nameOf } from './names.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** All that a person's weekly summary is drawn from. */
export interface PersonBrief {
  readonly summary: PersonSummary
  /** Their own deals as a digest, where they have any. */
  readonly digest?: DigestBrief
  readonly names: Names
  /** Accounts and deals that may be named, by id. */
  readonly accounts: Readonly<Record<string, string>>
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
  blocks.push(...customerBlocks(brief, w))
  const { approvals, handoffs } = summary.waiting
  if (approvals + handoffs > 0)
    blocks.push({
      kind: 'text',
      text: [{ bold: w.t('digest.waiting') }, ` · ${w.t('digest.waiting.value', { approvals, handoffs })}`],
    })
  blocks.push(...givenBlocks(brief, w))
  if (digest)
    blocks.push({
      kind: 'buttons',
      buttons: [
        { action: 'pipeline.open', label: w.t('button.pipeline'), drawing: brief.drawing },
        { action: 'forecast.open', label: w.t('button.forecast'), drawing: brief.drawing },
      ],
    })
  const numbers = digest?.digest
  return {
    summary: numbers
      ? w.t('digest.person.summary', {
          pipeline: w.money({ amount: numbers.pipeline.amount, currency: numbers.currency }, 'short'),
          deals: numbers.pipeline.deals,
        })
      : summary.customers
        ? w.t('digest.person.summary.customers')
        : w.t('digest.person.title'),
    blocks,
  }
}

function customerBlocks({ summary, accounts, now }: PersonBrief, w: Words): Block[] {
  const { customers } = summary
  if (!customers) return []
  const { grades } = customers
  const lines = customers.renewals.flatMap(({ account, on, arr }): Text[] => {
    const name = accounts[account]
    if (name === undefined) return []
    return [
      [
        ...w.say('digest.renewal', { account: theirs(name, 60), day: w.day(on, now) }),
        ...(arr ? [` · ${w.money(arr, 'short')}`] : []),
      ],
    ]
  })
  return [
    {
      kind: 'text',
      text: [
        { bold: w.t('digest.customers') },
        ` · ${w.t('digest.grades', {
          healthy: grades.healthy,
          risk: grades['at-risk'],
          critical: grades.critical,
          unknown: grades.unknown,
        })}`,
      ],
    },
    ...(lines.length > 0
      ? [
          { kind: 'text' as const, text: [{ bold: w.t('digest.renewals') }] },
          ...lines.map((text) => ({ kind: 'note' as const, text })),
          ...(customers.more > 0
            ? [{ kind: 'note' as const, text: w.say('list.more', { count: customers.more }) }]
            : []),
        ]
      : []),
  ]
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
