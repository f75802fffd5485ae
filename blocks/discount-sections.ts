import type { Remark } from '../src/canon/discount.ts'
import { isSettled } from '../src/canon/discount.ts'
import type { Block, Button, Text } from './card.ts'
import type { DiscountBrief } from './discount.ts'
import { waitingSince } from './discount-status.ts'
import { nameOf } from './names.ts'
import { theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

type Seen = Pick<DiscountBrief, 'names' | 'timeZone' | 'now'>

/** The deal and whose it is, as a line. */
export function dealLine(deal: { readonly name: string; readonly accountName?: string }): Text {
  // Deals are often called after their account: to say it twice would only push the price down.
  const shown = deal.accountName !== undefined && !deal.name.includes(deal.accountName)
  return deal.accountName && shown
    ? [theirs(deal.name), ' · ', theirs(deal.accountName)]
    : [theirs(deal.name)]
}

/** What is asked, and what it makes of the price: **32%** · ₩125,000,000 → ₩85,000,000 (−₩40,000,000). */
export function priceLines(brief: DiscountBrief, w: Words): readonly Block[] {
  const { request } = brief
  const change = { amount: request.price.amount - request.list.amount, currency: request.list.currency }
  const text: Text = [
    { bold: w.t('price.off', { discount: w.percent(request.discount) }) },
    ' · ',
    w.money(request.list),
    ' → ',
    { bold: w.money(request.price) },
    ` (${w.money(change)})`,
  ]
  if (request.asked === request.discount) return [{ kind: 'text', text }]
  return [
    { kind: 'text', text },
    { kind: 'note', text: w.say('price.first-asked', { discount: w.percent(request.asked) }) },
  ]
}

/** The facts a decision needs: what people wrote first, then ours, which stand side by side where that is safe. */
export function factsOf(brief: DiscountBrief, w: Words): Block {
  const { request, deal, numbers } = brief
  const competitor = request.competitor ?? deal.competitor
  const facts: { label: string; value: Text }[] = [
    { label: w.t('label.requester'), value: [nameOf(request.requester, brief.names, w)] },
    ...(competitor ? [{ label: w.t('label.competitor'), value: [theirs(competitor)] }] : []),
    {
      label: w.t('label.stage'),
      value: [
        w.t(`stage.${deal.stage}`),
        ...(numbers ? [` · ${w.t('stage.probability', { percent: numbers.probability })}`] : []),
      ],
    },
  ]
  if (numbers) facts.push(...numberFacts(numbers, w))
  if (request.neededBy)
    facts.push({ label: w.t('label.needed-by'), value: [w.day(request.neededBy, brief.now)] })
  return { kind: 'facts', facts }
}

function numberFacts(
  numbers: NonNullable<DiscountBrief['numbers']>,
  w: Words,
): { label: string; value: Text }[] {
  const { similarWon: similar, meddicc, forecastEffect, averageTarget } = numbers
  const target = w.percent(averageTarget)
  const facts: { label: string; value: Text }[] = [
    {
      label: w.t('label.own-average'),
      value: [averageWords(numbers, target, w)],
    },
    {
      label: w.t('label.similar'),
      value: [
        similar.average === undefined
          ? w.t('similar.none')
          : w.t('similar.some', {
              average: w.percent(similar.average),
              lowest: w.percent(similar.lowest ?? similar.average),
              highest: w.percent(similar.highest ?? similar.average),
              count: similar.deals,
            }),
      ],
    },
  ]
  if (forecastEffect)
    facts.push({ label: w.t('label.forecast-effect'), value: [signedMoney(forecastEffect, w)] })
  facts.push({ label: w.t('label.meddicc'), value: [meddiccWords(meddicc, w)] })
  return facts
}

/** The requester's average, and what this request makes of it: judged by what it becomes. */
function averageWords(numbers: NonNullable<DiscountBrief['numbers']>, target: string, w: Words): string {
  const { requesterAverage: own, averageAfter: after, averageTarget } = numbers
  if (own.average === undefined) return w.t('average.none', { target })
  const values = { average: w.percent(own.average), target, count: own.deals }
  if (after === undefined) return w.t(own.average > averageTarget ? 'average.over' : 'average.within', values)
  return w.t(after > averageTarget ? 'average.to.over' : 'average.to.within', {
    ...values,
    after: w.percent(after),
  })
}

const signedMoney = (money: { amount: number; currency: string }, w: Words): string =>
  money.amount > 0 ? `+${w.money(money)}` : w.money(money)

/** 5/7 · missing Champion, Competition. A field the product has no word for (a policy's own) is left to the count. */
export function meddiccWords(
  meddicc: { readonly known: number; readonly of: number; readonly missing: readonly string[] },
  w: Words,
): string {
  const share = `${meddicc.known}/${meddicc.of}`
  const missing = meddicc.missing.flatMap((field) => (isMeddicc(field) ? [w.t(`meddicc.${field}`)] : []))
  return missing.length === 0 ? share : `${share} · ${w.t('meddicc.missing', { fields: missing.join(', ') })}`
}

const meddiccKeys = {
  metrics: true,
  economic_buyer: true,
  decision_criteria: true,
  decision_process: true,
  identify_pain: true,
  champion: true,
  competition: true,
}
const isMeddicc = (field: string): field is keyof typeof meddiccKeys => Object.hasOwn(meddiccKeys, field)

/** What the requester wrote, each in a block of its own (B5.60). */
export function reasonsOf(brief: DiscountBrief, w: Words): readonly Block[] {
  const { reason, justification } = brief.request
  const quotes: Block[] = []
  if (reason.trim())
    quotes.push({ kind: 'quote', label: w.t('label.reason'), text: theirWords(reason, 1000) })
  if (justification?.trim())
    quotes.push({ kind: 'quote', label: w.t('label.justification'), text: theirWords(justification, 2000) })
  return quotes
}

/** One question or answer: who and when in our words, then theirs. */
export function remarkBlocks(remark: Remark, seen: Seen, w: Words, most = 600): readonly Block[] {
  return [
    {
      kind: 'note',
      text: w.say(`remark.${remark.kind}`, {
        name: nameOf(remark.by, seen.names, w),
        at: w.moment(remark.at, seen.timeZone, seen.now),
      }),
    },
    { kind: 'quote', label: w.t(`label.${remark.kind}`), text: theirWords(remark.text, most) },
  ]
}

/** The two latest questions and answers; the rest is in the thread. */
export function conversationOf(brief: DiscountBrief, w: Words): readonly Block[] {
  const { conversation } = brief.request
  const blocks = conversation.slice(-2).flatMap((remark) => remarkBlocks(remark, brief, w))
  const more = conversation.length - 2
  if (more > 0) blocks.push({ kind: 'note', text: w.say('remark.more', { count: more }) })
  return blocks
}

/** What moved under the request without ending it. */
export function noticesOf(brief: DiscountBrief, w: Words): readonly Block[] {
  if (isSettled(brief.request)) return []
  return brief.request.notices.slice(-3).map((notice): Block => {
    const at = w.moment(notice.at, brief.timeZone, brief.now)
    return { kind: 'note', text: [{ bold: w.t('notice.look') }, ' ', w.t(`notice.${notice.code}`, { at })] }
  })
}

/** How long it has waited and when it expires; nothing once it is settled. */
export function clockOf(brief: DiscountBrief, w: Words): readonly Block[] {
  const { request, now, timeZone } = brief
  if (isSettled(request))
    return [{ kind: 'note', text: w.say('clock.policy', { version: request.policyVersion }) }]
  return [
    {
      kind: 'note',
      text: w.say('clock.line', {
        waiting: w.waiting(waitingSince(request), now),
        at: w.moment(request.expiresAt, timeZone, now),
        version: request.policyVersion,
      }),
    },
  ]
}

/** The buttons this viewer may press, in the order in which people look for them. */
export function actionsOf(brief: DiscountBrief, w: Words): readonly Block[] {
  if (isSettled(brief.request) || brief.actions.length === 0) return []
  const buttons = order
    .filter((action) => brief.actions.includes(action))
    .map((action): Button => {
      const button = { action: `discount.${action}`, label: w.t(`button.${action}`), drawing: brief.drawing }
      switch (action) {
        case 'approve':
          return { ...button, style: 'primary', confirm: approveConfirm(brief, w) }
        case 'accept-counter':
          return { ...button, style: 'primary', confirm: acceptConfirm(brief, w) }
        case 'answer':
          return brief.actions.includes('accept-counter') ? button : { ...button, style: 'primary' }
        case 'reject':
          return { ...button, style: 'danger' }
        default:
          return button
      }
    })
  return [{ kind: 'buttons', buttons }]
}

const order = [
  'approve',
  'accept-counter',
  'decline-counter',
  'answer',
  'reject',
  'counter',
  'ask',
  'reassign',
  'withdraw',
] as const

function approveConfirm(brief: DiscountBrief, w: Words): NonNullable<Button['confirm']> {
  const { request } = brief
  const more = request.steps.some((step) => step.state === 'waiting' && step.kind !== 'copy')
  return {
    title: w.t('confirm.approve.title', { discount: w.percent(request.discount) }),
    text: w.t(more ? 'confirm.approve.step' : 'confirm.approve.last', {
      list: w.money(request.list),
      price: w.money(request.price),
      discount: w.percent(request.discount),
    }),
    yes: w.t('button.approve'),
    no: w.t('button.back'),
  }
}

function acceptConfirm(brief: DiscountBrief, w: Words): NonNullable<Button['confirm']> {
  const { counter, list } = brief.request
  return {
    title: w.t('confirm.accept.title', { discount: w.percent(counter?.discount ?? brief.request.discount) }),
    text: w.t('confirm.accept.text', {
      list: w.money(list),
      price: w.money(counter?.price ?? brief.request.price),
    }),
    yes: w.t('button.accept-counter'),
    no: w.t('button.back'),
  }
}
