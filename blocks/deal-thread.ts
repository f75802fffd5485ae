import type { Opportunity } from '../src/canon/opportunity.ts'
import type { Card } from './card.ts'
import { dealLine } from './discount-sections.ts'
import { theirs } from './text.ts'
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
