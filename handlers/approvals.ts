import { type ApprovalRow, approvalsCard } from '../blocks/approvals.ts'
import { openQuestion } from '../blocks/discount-status.ts'
import { type DiscountRequest, isSettled, mayDecide } from '../src/canon/discount.ts'
import type { Drawing } from '../src/ports.ts'
import type { Desk, Handler } from './desk.ts'
import { discountSubject } from './discount-consequences.ts'
import { worldOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'

/** `/approvals`: what waits for me, what I asked for, with buttons. */
export const showApprovals: Handler<'command'> = async (_gesture, desk) => {
  const inbox = await inboxOf(desk, 15)
  const drawing = drawingFor(desk, companySubject(desk.company))
  return {
    reply: {
      kind: 'say',
      card: approvalsCard({ ...inbox.lists, now: desk.now, drawing: drawing.id }, desk.words),
    },
    drawings: [...inbox.drawings, drawing],
  }
}

/** Both lists of one person, each row with a drawing of its own, so that its button says which request and no more. */
export async function inboxOf(desk: Desk, limit: number) {
  const [waiting, asked] = await Promise.all([
    desk.store.waitingFor(desk.company, desk.person.id, limit),
    desk.store.askedBy(desk.company, desk.person.id, limit),
  ])
  const drawings: Drawing[] = []
  const rowOf = async (
    request: DiscountRequest,
    list: 'waiting' | 'asked',
  ): Promise<ApprovalRow | undefined> => {
    const deal = await desk.store.deal(desk.company, request.deal)
    if (!deal) return undefined
    const drawing = drawingFor(desk, discountSubject(request.id), request.version, {
      discount: request.discount,
    })
    drawings.push(drawing)
    const policy = await desk.store.policy(desk.company, request.policyVersion)
    const deciders = mayDecide(request, worldOf(desk, deal, policy))
    const open = request.steps.filter((step) => step.state === 'open' && step.kind !== 'copy')
    const inPlaceOf = open.some((step) => step.people.includes(desk.person.id))
      ? undefined
      : open[0]?.people[0]
    const nameOf = (id: string) => desk.org.people.get(id)?.name ?? id
    return {
      drawing: drawing.id,
      deal: deal.name,
      account: deal.accountName,
      discount:
        request.counter && request.status === 'countered' ? request.counter.discount : request.discount,
      list: request.list,
      price: request.counter && request.status === 'countered' ? request.counter.price : request.price,
      status: request.status,
      who: list === 'waiting' ? [nameOf(request.requester)] : deciders.map(nameOf),
      since: isSettled(request)
        ? (request.settledAt ?? request.openedAt)
        : Math.max(request.openedAt, ...open.map((step) => step.openedAt ?? request.openedAt)),
      question: openQuestion(request) !== undefined && request.requester === desk.person.id,
      standsInFor:
        list === 'waiting' && request.requester !== desk.person.id && inPlaceOf
          ? nameOf(inPlaceOf)
          : undefined,
    }
  }
  const rows = async (requests: readonly DiscountRequest[], list: 'waiting' | 'asked') =>
    (await Promise.all(requests.map((request) => rowOf(request, list)))).filter((row) => row !== undefined)
  const lists = {
    waiting: await rows(waiting.requests, 'waiting'),
    asked: await rows(asked.requests, 'asked'),
    totals: { waiting: waiting.total, asked: asked.total },
  }
  return { lists, drawings }
}
