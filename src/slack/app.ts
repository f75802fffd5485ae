import type { AckFn, App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { Gesture, Reply } from '../gesture.ts'
import type { Intake } from '../intake.ts'
import type { Clock } from '../ports.ts'
import { within } from '../within.ts'
import { renderOptions } from './elements.ts'
import {
  type Origin,
  type Received,
  readAction,
  readCommand,
  readEvent,
  readSearch,
  readSubmission,
  type WorkspaceNews,
} from './gesture.ts'
import type { Lane } from './lane.ts'
import type { Log } from './log.ts'
import { renderForm, renderNotice } from './render.ts'
import { type Answering, logFailure, reportFailure, sentencesCard } from './reply.ts'
import type { Sentences } from './sentences.ts'

export interface ListenerParts {
  readonly intake: Intake
  readonly clock: Clock
  readonly lane: Lane
  readonly log: Log
  readonly answering: Answering
  readonly sentences: (origin: Origin) => Promise<Sentences>
  /** Names of the registry's commands, without the slash. */
  readonly commands: readonly string[]
  readonly onNews: (news: WorkspaceNews) => Promise<void>
  /** Milliseconds a gesture that commits may take before its acknowledgement; Slack waits 3,000. */
  readonly budgetMs?: number
}

/** An event that could not be taken: Slack is answered 500 and sends it again (three times: at once, after 1 and 5 minutes). */
export class EventNotTaken extends Error {}

/**
 * Takes the six kinds of things that come from Slack. Gestures that commit do so before they are acknowledged;
 * everything else is acknowledged first and runs in the lane behind (architecture: Acknowledge).
 */
export function listen(app: App, parts: ListenerParts): void {
  const { intake, lane, answering, log, budgetMs = 2_500 } = parts
  const reading = () => ({ at: parts.clock.now(), commands: parts.commands })
  const underWay = new Set<string>()

  // One middleware for all: Bolt would ask every listener of every kind whether a request is theirs, which was the
  // largest cost before an acknowledgement, beside the database.
  app.use(async (args) => {
    lane.arrived()
    if ('command' in args) return attend(readCommand(args.body, reading()), args.ack)
    if ('action' in args) return attend(readAction(args.body, reading()), args.ack)
    if ('options' in args) return search(readSearch(args.body, reading()), args.ack as AckFn<object>)
    if ('event' in args) return hear(readEvent(args.body, reading()), args.context.retryNum ?? 0)
    if (!('view' in args)) return 'ack' in args ? args.ack?.() : undefined
    const received = args.body.type === 'view_submission' ? readSubmission(args.body, reading()) : undefined
    return received ? submit(received, args.ack as AckFn<object>) : args.ack()
  })

  async function search(received: Received | undefined, ack: AckFn<object>): Promise<void> {
    const outcome = received ? await within(take(received.gesture), budgetMs) : undefined
    if (outcome && 'error' in outcome) logFailure(log, received!.gesture, outcome.error)
    const reply = outcome && 'reply' in outcome ? outcome.reply : undefined
    // An empty list within the time is honest; silence would spin for three seconds and say “error”.
    const options = reply?.kind === 'options' ? renderOptions(reply.options) : []
    await acknowledge(() => ack({ options }))
  }

  async function hear(event: Received | WorkspaceNews | undefined, retries: number): Promise<void> {
    if (!event) return
    if (!('gesture' in event)) {
      try {
        return await parts.onNews(event)
      } catch (error) {
        log.error({ err: error, news: event.kind, tenant: event.tenant }, 'slack news not taken')
        throw new EventNotTaken('news not taken')
      }
    }
    const { key, kind } = event.gesture
    if (kind !== 'message') return lane.run(() => work(event))
    // Slack sends again what is not answered in time; the first one is still being worked on (B5.23).
    if (underWay.has(key)) return
    underWay.add(key)
    const taken = take(event.gesture).finally(() => underWay.delete(key))
    const outcome = await within(taken, budgetMs)
    if ('late' in outcome) {
      outcome.late.then(
        (reply) => answering.give(event, reply),
        (error) => reportFailure(parts, event, error, answering.tell),
      )
      return
    }
    if ('reply' in outcome) return lane.run(() => answering.give(event, outcome.reply))
    if (retries >= 3) return reportFailure(parts, event, outcome.error, answering.tell)
    const id = logFailure(log, event.gesture, outcome.error)
    throw new EventNotTaken(`event not taken (${id})`)
  }

  const take = async (gesture: Gesture): Promise<Reply> => intake.take(gesture)

  /** An acknowledgement that can't be delivered (a socket that died, B5.103) must not keep the answer from the person. */
  async function acknowledge(ack: () => Promise<void>): Promise<void> {
    try {
      await ack()
    } catch (error) {
      log.warn({ err: error }, 'slack acknowledgement not delivered')
    }
  }

  /** Commands and presses: they need no answer in the acknowledgement. */
  async function attend(received: Received | undefined, ack: AckFn<never>): Promise<void> {
    if (!received) return ack()
    const { gesture, origin } = received
    if (gesture.kind === 'change') {
      const newest = answering.changed(origin)
      await acknowledge(ack)
      // Only the last of several quick changes is worth a preview.
      return lane.run(async () => (newest() ? work(received, newest) : undefined))
    }
    if (!intake.commitsBeforeAck(gesture)) {
      await acknowledge(ack)
      return lane.run(() => work(received))
    }
    const outcome = await within(take(gesture), budgetMs)
    await acknowledge(ack)
    if ('reply' in outcome) {
      if (outcome.reply.kind !== 'nothing') lane.run(() => answering.give(received, outcome.reply))
    } else if ('error' in outcome)
      lane.run(() => reportFailure(parts, received, outcome.error, answering.tell))
    else {
      lane.run(() => tellStillWorking(received))
      outcome.late.then(
        (reply) => answering.give(received, reply),
        (error) => reportFailure(parts, received, error, answering.tell),
      )
    }
  }

  async function work(received: Received, wanted: () => boolean = () => true): Promise<void> {
    let reply: Reply
    try {
      reply = await take(received.gesture)
    } catch (error) {
      return reportFailure(parts, received, error, answering.tell)
    }
    if (wanted()) await answering.give(received, reply)
  }

  async function tellStillWorking(received: Received): Promise<void> {
    const words = await parts.sentences(received.origin)
    await answering.tell(received.origin, sentencesCard([words.stillWorking]))
  }

  /** A submitted form: what happens to the form is said in the acknowledgement itself. */
  async function submit(received: Received, ack: AckFn<object>): Promise<void> {
    const outcome = await within(take(received.gesture), budgetMs)
    // Asked for only when needed: the reader's language costs two looks at the store before the acknowledgement.
    const words = () => parts.sentences(received.origin)
    if ('late' in outcome) {
      const told = await words()
      await acknowledge(() => ack(stay(received, told, { '': told.stillWorking })))
      outcome.late.then(
        (reply) => settleLate(received, reply, told),
        (error) => reportFailure(parts, received, error, answering.tell),
      )
      return
    }
    let answer: object
    try {
      if ('error' in outcome) throw outcome.error
      answer = await settled(received, outcome.reply, words)
    } catch (error) {
      // The form stays with everything that was typed.
      const told = await words()
      answer = stay(received, told, { '': told.failed(logFailure(log, received.gesture, error)) })
    }
    await acknowledge(() => ack(answer))
    if ('reply' in outcome && leavesMoreToSay(outcome.reply))
      lane.run(() => answering.give(received, outcome.reply))
  }

  /** What becomes of the form. */
  async function settled(received: Received, reply: Reply, words: () => Promise<Sentences>): Promise<object> {
    switch (reply.kind) {
      case 'field-errors':
        return stay(received, await words(), reply.errors)
      case 'open':
      case 'redraw':
        return { response_action: 'update', view: renderForm(reply.view) }
      case 'say': {
        const told = await words()
        return { response_action: 'update', view: renderNotice(told.notice, told.close, reply.card) }
      }
      default:
        return { response_action: 'clear' }
    }
  }

  /** The answer came after the form was told to wait: the same answer, brought afterwards. */
  async function settleLate(received: Received, reply: Reply, words: Sentences): Promise<void> {
    if (reply.kind === 'close' || reply.kind === 'nothing') {
      const card = reply.kind === 'close' && reply.say ? reply.say : sentencesCard([words.savedLate])
      return answering.give(received, { kind: 'say', card })
    }
    return answering.give(received, reply)
  }
}

/** Whether a reply to a submitted form says more than its acknowledgement carries. */
const leavesMoreToSay = (reply: Reply): boolean =>
  reply.kind === 'home' || reply.kind === 'file' || (reply.kind === 'close' && reply.say !== undefined)

/**
 * Keeps the form open with what was typed, and a sentence at each wrong field. Slack refuses errors at fields that
 * the form does not have, and shows nothing then: such sentences stand at the first field, or in place of a form
 * without fields.
 */
function stay(
  received: Received,
  words: Sentences,
  errors: Readonly<Record<string, string>>,
):
  | { response_action: 'errors'; errors: Record<string, string> }
  | { response_action: 'update'; view: ModalView } {
  const fields = received.origin.view?.fields ?? []
  const first = fields[0]
  if (first === undefined)
    return {
      response_action: 'update',
      view: renderNotice(words.notice, words.close, sentencesCard(Object.values(errors))),
    }
  const at: Record<string, string> = Object.create(null)
  for (const [name, sentence] of Object.entries(errors)) {
    const field = fields.includes(name) ? name : first
    at[field] = at[field] === undefined ? sentence : `${at[field]} ${sentence}`
  }
  return { response_action: 'errors', errors: at }
}
