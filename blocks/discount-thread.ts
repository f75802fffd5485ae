import type { DiscountFact, Remark } from '../src/canon/discount.ts'
import { isSettled } from '../src/canon/discount.ts'
import type { Block, Card, Text } from './card.ts'
import type { DiscountBrief } from './discount.ts'
import { actionsOf, dealLine, priceLines, remarkBlocks } from './discount-sections.ts'
import {
  decidersOf,
  lastDecision,
  openQuestion,
  settledReason,
  statusOf,
  waitingSince,
} from './discount-status.ts'
import { nameOf, peopleOf } from './names.ts'
import { routeOf } from './route.ts'
import { plain, theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** What a line in the thread of a request tells of: a remark, or a fact of the rules. */
export type ThreadLineKind = 'question' | 'answer' | DiscountFact['fact']

const isRemark = (about: Remark | DiscountFact | undefined): about is Remark =>
  about !== undefined && 'text' in about

/** Something that happened to a request, as a line in the thread under somebody's card. */
export function threadLine(
  kind: ThreadLineKind,
  about: Remark | DiscountFact | undefined,
  brief: DiscountBrief,
  w: Words,
): Card {
  const remark = isRemark(about)
    ? about
    : about && 'remark' in about
      ? about.remark
      : kind === 'question' || kind === 'answer' || kind === 'asked' || kind === 'answered'
        ? brief.request.conversation.at(-1)
        : undefined
  if (remark) {
    const sentence = w.say(`remark.${remark.kind}`, {
      name: nameOf(remark.by, brief.names, w),
      at: w.moment(remark.at, brief.timeZone, brief.now),
    })
    return {
      topic: dealLine(brief.deal),
      summary: `${plain(sentence)}: ${plain([theirs(remark.text, 200)])}`,
      blocks: remarkBlocks(remark, brief, w, 2800),
    }
  }
  const fact = about && !isRemark(about) ? about : undefined
  const text = factLine(kind, fact, brief, w)
  return {
    topic: dealLine(brief.deal),
    summary: plain(text),
    blocks: [{ kind: 'text', text }, ...noteOf(kind, brief, w)],
  }
}

function factLine(
  kind: ThreadLineKind,
  fact: DiscountFact | undefined,
  brief: DiscountBrief,
  w: Words,
): Text {
  const { request, names } = brief
  const by = (id: string | undefined) => nameOf(id, names, w)
  const discount = w.percent(request.discount)
  // A line is drawn when it is sent; what it tells of may be over by then, and then it says how things stand.
  const open = decidersOf(request)
  switch (kind) {
    case 'step-approved': {
      const last = lastDecision(request, 'approve')
      const name = by(fact?.fact === 'step-approved' ? fact.by : last?.by)
      return open.length === 0
        ? w.say('line.step-approved', { name, discount })
        : w.say('line.step-approved.next', { name, discount, next: peopleOf(open, names, w) })
    }
    case 'countered': {
      // By now the counter-offer may have been accepted or declined; the decision tells what it was.
      const last = lastDecision(request, 'counter')
      const offered = request.counter ?? last
      if (!offered) return statusOf(brief, w)
      return w.say('line.countered', {
        name: by(offered.by),
        discount: w.percent(offered.discount),
      })
    }
    case 'counter-accepted':
      return w.say('line.counter-accepted', { name: by(request.requester), discount })
    case 'counter-declined':
      return w.say('line.counter-declined', { name: by(request.requester), discount })
    case 'reassigned':
    case 'rerouted':
      if (fact && 'to' in fact) return w.say(`line.${kind}.from`, { from: by(fact.from), to: by(fact.to) })
      return open.length === 0
        ? statusOf(brief, w)
        : w.say(`line.${kind}`, { names: peopleOf(open, names, w) })
    case 'step-opened':
      return open.length === 0
        ? statusOf(brief, w)
        : w.say('line.step-opened', { names: peopleOf(open, names, w) })
    case 'reminded':
      return open.length === 0
        ? statusOf(brief, w)
        : w.say('line.reminded', {
            names: peopleOf(open, names, w),
            time: w.duration(brief.now - waitingSince(request)),
          })
    case 'escalated': {
      const also = alsoMayDecide(brief)
      return also.length === 0
        ? statusOf(brief, w)
        : w.say('line.escalated', { names: peopleOf(also, names, w) })
    }
    case 'noticed': {
      const last = request.notices.at(-1)
      return last
        ? w.say(`notice.${last.code}`, { at: w.moment(last.at, brief.timeZone, brief.now) })
        : statusOf(brief, w)
    }
    case 'requested':
      return w.say('line.requested', { name: by(request.requester), discount: w.percent(request.asked) })
    default:
      return statusOf(brief, w)
  }
}

const alsoMayDecide = ({ request }: DiscountBrief): readonly string[] => [
  ...new Set(request.steps.flatMap((step) => (step.state === 'open' ? step.alsoMayDecide : []))),
]

function noteOf(kind: ThreadLineKind, { request }: DiscountBrief, w: Words): readonly Block[] {
  if (kind === 'countered' && request.counter?.note?.trim())
    return [{ kind: 'quote', label: w.t('label.counter-note'), text: theirWords(request.counter.note, 1200) }]
  return kind === 'rejected' || kind === 'withdrawn' ? settledReason(request, w) : []
}

/** A question that waits for the requester's answer, as a message of its own: a redrawn card rings no phone. */
export function questionCard(brief: DiscountBrief, remark: Remark | undefined, w: Words): Card {
  const asked = remark ?? openQuestion(brief.request)
  if (!asked) return outcomeCard(brief, w)
  const answer = brief.actions.includes('answer') && openQuestion(brief.request)
  const name = nameOf(asked.by, brief.names, w)
  return {
    summary: w.t('summary.question', { name, deal: theirs(brief.deal.name) }),
    blocks: [
      { kind: 'title', text: w.t('title.question') },
      { kind: 'heading', text: dealLine(brief.deal) },
      ...remarkBlocks(asked, brief, w, 2000),
      ...(answer
        ? actionsOf({ ...brief, actions: ['answer'] }, w)
        : [{ kind: 'note' as const, text: w.say('question.closed') }]),
    ],
  }
}

/** How things stand, where what a message was about is over. */
function outcomeCard(brief: DiscountBrief, w: Words): Card {
  const text = statusOf(brief, w)
  return {
    summary: plain([theirs(brief.deal.name), ' · ', ...text]),
    blocks: [
      { kind: 'heading', text: dealLine(brief.deal) },
      { kind: 'text', text },
    ],
  }
}

/** A counter-offer that waits for the requester. */
export function counteredCard(brief: DiscountBrief, w: Words): Card {
  const { request, names } = brief
  const { counter } = request
  const deal = theirs(brief.deal.name)
  if (request.status !== 'countered' || !counter) return outcomeCard(brief, w)
  const values = { name: nameOf(counter.by, names, w), discount: w.percent(counter.discount) }
  return {
    summary: w.t('summary.countered', { ...values, deal }),
    blocks: [
      { kind: 'title', text: w.t('title.countered', { discount: values.discount }) },
      { kind: 'heading', text: dealLine(brief.deal) },
      {
        kind: 'text',
        text: w.say('counter.compare', {
          name: values.name,
          asked: w.percent(request.discount),
          askedPrice: w.money(request.price),
          discount: { bold: values.discount },
          price: { bold: w.money(counter.price) },
        }),
      },
      ...noteOf('countered', brief, w),
      ...actionsOf(
        { ...brief, actions: brief.actions.filter((a) => a === 'accept-counter' || a === 'decline-counter') },
        w,
      ),
    ],
  }
}

/** How it ended, told once to the one who asked. */
export function settledCard(brief: DiscountBrief, w: Words): Card {
  const text = statusOf(brief, w)
  const { status } = brief.request
  return {
    summary: plain([theirs(brief.deal.name), ' · ', ...text]),
    blocks: [
      ...(status === 'pending'
        ? []
        : [
            {
              kind: 'title' as const,
              text: w.t(`title.${status}`, { discount: w.percent(brief.request.discount) }),
            },
          ]),
      { kind: 'heading', text: dealLine(brief.deal) },
      { kind: 'text', text },
      ...settledReason(brief.request, w),
      ...(status === 'approved' ? priceLines(brief, w) : []),
      ...nextAfter(status, w),
    ],
  }
}

function nextAfter(status: DiscountBrief['request']['status'], w: Words): readonly Block[] {
  switch (status) {
    case 'approved':
    case 'rejected':
    case 'expired':
    case 'voided':
      return [{ kind: 'note', text: w.say(`after.${status}`) }]
    default:
      return []
  }
}

/** Still waiting for somebody's decision; empty-handed when the request has been settled since. */
export function reminderCard(brief: DiscountBrief, w: Words): Card {
  if (isSettled(brief.request)) return settledCard(brief, w)
  const values = {
    name: nameOf(brief.request.requester, brief.names, w),
    deal: theirs(brief.deal.name),
    discount: w.percent(brief.request.discount),
    time: w.duration(brief.now - waitingSince(brief.request)),
  }
  return {
    summary: w.t('summary.reminder', values),
    blocks: [
      { kind: 'title', text: w.t('title.reminder') },
      { kind: 'heading', text: dealLine(brief.deal) },
      { kind: 'text', text: w.say('reminder.line', values) },
      ...priceLines(brief, w),
      routeOf(brief.request, brief, w),
      {
        kind: 'note',
        text: w.say('reminder.expires', {
          at: w.moment(brief.request.expiresAt, brief.timeZone, brief.now),
        }),
      },
      ...actionsOf(brief, w),
    ],
  }
}
