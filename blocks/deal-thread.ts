import type { Opportunity } from '../src/canon/opportunity.ts'
import type { Card } from './card.ts'
import { dealLine } from './discount-sections.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/**
 * The head of a deal's thread in its team's channel. A channel may hold anybody, so it says which deal, where it
 * stands and whose it is, and no amount, price or discount (B5.62).
 */
export function threadHead(
  { deal, owner }: { readonly deal: Opportunity; readonly owner?: string },
  w: Words,
): Card {
  const stage = w.t(`stage.${deal.stage}`)
  return {
    summary: w.t('deal.summary', { deal: theirs(deal.name), stage }),
    blocks: [
      { kind: 'heading', text: dealLine(deal) },
      {
        kind: 'note',
        text: owner
          ? w.say('thread.head', { stage: { bold: stage }, owner: theirs(owner, 40) })
          : [{ bold: stage }],
      },
    ],
  }
}

const facts = ['requested', 'took-effect', 'approved', 'rejected', 'withdrawn', 'expired', 'voided'] as const

/** What became of a discount request, in the deal's thread: that, and never how much (B5.62). */
export function discountThreadLine(
  fact: string,
  { name }: { readonly name?: string },
  w: Words,
): Card | undefined {
  const known = facts.find((each) => each === fact)
  if (!known) return undefined
  const text = w.say(`thread.discount.${known}`, {
    name: name ? theirs(name, 40) : { user: w.t('person.unknown') },
  })
  return { summary: plain(text), blocks: [{ kind: 'text', text }] }
}
