import type { Decision, DiscountRequest, Step } from '../src/canon/discount.ts'
import type { Block, Text } from './card.ts'
import type { Names } from './discount.ts'
import { nameOf, namesOf, peopleOf } from './names.ts'
import { flat, joined, theirs } from './text.ts'
import type { Words } from './words/index.ts'

type RouteBlock = Extract<Block, { kind: 'route' }>
type RouteLine = RouteBlock['steps'][number]

interface Seen {
  readonly names: Names
  readonly timeZone: string
  readonly now: number
}

const states = {
  waiting: 'next',
  open: 'now',
  done: 'done',
  refused: 'refused',
  'not-needed': 'skipped',
  copied: 'copied',
} as const

/** The route of a request as it stands: the request itself, then every step with what was decided by whom. */
export function routeOf(request: DiscountRequest, seen: Seen, w: Words): RouteBlock {
  const asked: RouteLine = {
    state: 'done',
    text: w.say('route.asked', {
      name: nameOf(request.requester, seen.names, w),
      discount: w.percent(request.asked),
      at: w.moment(request.openedAt, seen.timeZone, seen.now),
    }),
  }
  return { kind: 'route', steps: [asked, ...request.steps.map((step) => lineOf(step, seen, w))] }
}

/** The route a discount would take, before it is asked: nobody has decided anything yet. */
export function routeAhead(steps: readonly Step[], names: Names, w: Words): RouteBlock {
  return {
    kind: 'route',
    steps: steps.map((step) => ({
      state: step.kind === 'copy' ? 'copied' : 'next',
      text: whose(step, names, w),
    })),
  }
}

function lineOf(step: Step, seen: Seen, w: Words): RouteLine {
  const text: Text[] = [whose(step, seen.names, w)]
  for (const decision of step.decisions) text.push(decided(decision, step, seen, w))
  if (step.state === 'open' && step.alsoMayDecide.length > 0)
    text.push(w.say('route.also', { names: peopleOf(step.alsoMayDecide, seen.names, w) }))
  if (step.state === 'not-needed') text.push([w.t('route.not-needed')])
  return { state: states[step.state], text: joined(text, ' · ') }
}

/** Whose step it is: the level and the person, or the group and how many of it must agree. */
function whose(step: Step, names: Names, w: Words): Text {
  const people = namesOf(step.people, names, w)
  if (step.kind === 'copy') return w.say('route.copy', { names: { user: flat(people) } })
  if (step.kind === 'agreement') {
    const label = w.t('route.agreement', { need: needWords(step, w) })
    return [{ bold: label }, ' · ', ...people]
  }
  const levels = step.covers.length > 1 ? step.covers : [step.level]
  return [{ bold: levels.map((level) => w.t(`role.${level}`)).join(' + ') }, ' · ', ...people]
}

function needWords(step: Step, w: Words): string {
  if (step.need === 'any') return w.t('route.need.any')
  if (step.need === 'all') return w.t('route.need.all')
  return w.t('route.need.at-least', { least: step.need.atLeast, people: step.people.length })
}

function decided(decision: Decision, step: Step, seen: Seen, w: Words): Text {
  const values = {
    name: nameOf(decision.by, seen.names, w),
    at: w.moment(decision.at, seen.timeZone, seen.now),
    discount: w.percent(decision.discount),
  }
  const inPlace = decision.for !== undefined && decision.for !== decision.by
  // The line has named its only person already.
  const itself = !inPlace && step.people.length === 1 && step.people[0] === decision.by
  const text: Text[] = [
    inPlace
      ? w.say(`route.${decision.verdict}.for`, { ...values, principal: nameOf(decision.for, seen.names, w) })
      : w.say(`route.${decision.verdict}${itself ? '.self' : ''}`, values),
  ]
  if (decision.kept) text.push([w.t('route.kept')])
  // A rejection's reason stands in a block of its own under the outcome.
  if (decision.note && decision.verdict !== 'reject') text.push(['“', theirs(decision.note, 160), '”'])
  return joined(text, ' · ')
}
