import type { Reply } from '../gesture.ts'
import type { Intake } from '../intake.ts'
import type { Lane } from '../lane.ts'
import type { Clock, Log } from '../ports.ts'
import { within } from '../within.ts'
import type { InvokeAnswer } from './adapter.ts'
import type { Roster } from './directory.ts'
import type { Admitted } from './door.ts'
import { type ConversationNews, type Origin, originOf, type Received, readActivity } from './gesture.ts'
import type { Memory } from './references.ts'
import { type Answering, logFailure, sentencesCard } from './reply.ts'
import type { Sentences } from './sentences.ts'

export interface TurnParts {
  readonly intake: Intake
  readonly clock: Clock
  readonly lane: Lane
  readonly log: Log
  readonly answering: Answering
  readonly memory: Memory
  readonly roster: Roster
  readonly sentences: (origin: Pick<Origin, 'tenant' | 'user'>) => Promise<Sentences>
  /** Whether a user is a person of the company by now. */
  readonly isLinked: (tenant: string, user: string) => Promise<boolean>
  /** Names of the registry's commands. */
  readonly commands: readonly string[]
  /** Milliseconds an invoke may take before it is answered anyway; Teams waits 5,000. */
  readonly budgetMs: number
}

/** Answers are kept so long for whoever sends the same activity again: Teams does after 15 s. */
const recentMs = 120_000
const recentMost = 1_000

/**
 * One verified activity after another. Invokes are answered with what came of them; words are acknowledged first and
 * answered from the lane behind, except those that may go into a record.
 */
export function createTurns(parts: TurnParts) {
  const { intake, lane, answering, memory, log, budgetMs } = parts
  const recent = new Map<string, { fingerprint: string; until: number; answer: Promise<InvokeAnswer> }>()

  /** The answer of the first of several same activities; `work` runs once (B5.22, duplicates by activity id). */
  function once(key: string, fingerprint: string, work: () => Promise<InvokeAnswer>): Promise<InvokeAnswer> {
    const known = recent.get(key)
    if (known && known.fingerprint === fingerprint && known.until > Date.now()) return known.answer
    const answer = work()
    recent.set(key, { fingerprint, until: Date.now() + recentMs, answer })
    answer.catch(() => recent.delete(key))
    for (const [old, { until }] of recent) {
      if (recent.size <= recentMost && until > Date.now()) break
      recent.delete(old)
    }
    return answer
  }

  async function take(admitted: Admitted): Promise<InvokeAnswer | undefined> {
    const { activity } = admitted
    const isInvoke = activity.type === 'invoke'
    const origin = originOf(admitted)
    if (origin) {
      await meet(origin)
      parts.roster.seen(origin.tenant, origin.user, origin.channel)
    }
    const read = readActivity(admitted, { at: parts.clock.now(), commands: parts.commands })
    // 501 is how a bot says that it does not know an invoke; everything else it may pass over.
    if (!read) return isInvoke ? { status: 501 } : undefined
    if ('news' in read) return tidings(read)
    const sent = typeof activity.id === 'string' ? activity.id : ''
    if ('doorstep' in read) {
      await once(read.key, JSON.stringify(read.doorstep), async () => {
        lane.run(() => tried(read.origin, 'command', () => answering.doorstep(read.origin, read.doorstep)))
        return { status: 200 }
      })
      return undefined
    }
    const { gesture } = read
    if (isInvoke) return once(`${gesture.tenant} ${sent}`, gesture.fingerprint, () => invoke(read))
    await once(gesture.key, gesture.fingerprint, () => words(read))
    return undefined
  }

  /** Where the person and the conversation are reached from now on, by what was just verified. */
  async function meet(origin: Origin): Promise<void> {
    const { tenant, company, user, chatUser, kind, channel, bot, serviceUrl } = origin
    const seen = {
      tenant,
      conversation: channel,
      kind,
      bot,
      serviceUrl,
      ...(kind === 'personal' ? { user } : {}),
    }
    try {
      await memory.remember(company, seen)
      await memory.rememberUser(company, { tenant, user, chatUser })
    } catch (error) {
      // The gesture is worth more than the note of where it came from; the next one brings it again.
      log.warn({ error: String(error) }, 'teams conversation not remembered')
    }
  }

  async function invoke(received: Received): Promise<InvokeAnswer> {
    const { gesture, origin } = received
    const outcome = await within(answered(received), budgetMs)
    if ('reply' in outcome) return outcome.reply
    const said = await parts.sentences(origin)
    if ('error' in outcome)
      return answering.instead(received, said.failed(logFailure(log, gesture, outcome.error)))
    outcome.late.then(
      (answer) => late(received, answer),
      (error) => report(received, error),
    )
    return answering.instead(received, said.stillWorking)
  }

  const replies = new WeakMap<InvokeAnswer, Reply>()

  async function answered(received: Received): Promise<InvokeAnswer> {
    const reply = await intake.take(received.gesture)
    const answer = await answering.answer(received, reply)
    replies.set(answer, reply)
    return answer
  }

  /** The answer came after the client was told to wait: the same answer, brought afterwards. */
  async function late(received: Received, answer: InvokeAnswer): Promise<void> {
    const { gesture, origin, way } = received
    if (way === 'search' || way === 'auto') return
    const reply = replies.get(answer)
    await tried(origin, gesture.kind, async () => {
      const nothing = !reply || reply.kind === 'nothing' || (reply.kind === 'close' && !reply.say)
      if (!nothing) return answering.give(received, reply)
      if (!intake.commitsBeforeAck(gesture)) return
      const said = await parts.sentences(origin)
      return answering.tell(origin, sentencesCard([said.savedLate]))
    })
  }

  /** Words: a command, plain words, or words in the thread under a card, which belong to its record. */
  async function words(received: Received): Promise<InvokeAnswer> {
    const { gesture } = received
    if (gesture.kind !== 'message' && !intake.commitsBeforeAck(gesture)) {
      lane.run(() => work(received, intake.take(gesture)))
      return { status: 200 }
    }
    // Taken before it is acknowledged, so that what a crash swallowed is sent again.
    const taken = intake.take(gesture)
    const outcome = await within(taken, budgetMs)
    if ('late' in outcome) void work(received, outcome.late)
    else lane.run(() => work(received, taken))
    return { status: 200 }
  }

  async function work(received: Received, taken: Promise<Reply>): Promise<void> {
    try {
      await answering.give(received, await taken)
    } catch (error) {
      await report(received, error)
    }
  }

  async function report(received: Received, error: unknown): Promise<void> {
    const id = logFailure(log, received.gesture, error)
    try {
      const said = await parts.sentences(received.origin)
      await answering.tell(received.origin, sentencesCard([said.failed(id)]))
    } catch (second) {
      log.error(
        { id, error: second instanceof Error ? second.message : String(second) },
        'teams failure not told to the person',
      )
    }
  }

  async function tried(
    origin: Origin,
    kind: Received['gesture']['kind'],
    doing: () => Promise<void>,
  ): Promise<void> {
    try {
      await doing()
    } catch (error) {
      logFailure(log, { kind, tenant: origin.tenant, user: origin.user }, error)
    }
  }

  async function tidings(news: ConversationNews): Promise<undefined> {
    if (news.news === 'removed') {
      await memory.forget(news.tenant, news.conversation)
      return
    }
    const { origin, key } = news
    if (origin.kind !== 'personal') return
    // The first word to somebody new: what can be done here. It links them too, if their profile allows (B5.10).
    const received: Received = {
      gesture: {
        platform: 'teams',
        tenant: origin.tenant,
        user: origin.user,
        key,
        fingerprint: key,
        at: parts.clock.now(),
        place: { kind: 'dm', channel: origin.channel },
        kind: 'command',
        command: 'dealdesk',
        text: '',
      },
      origin,
      way: 'message',
    }
    await once(key, key, async () => {
      // An administrator may install the app for everybody; who is nobody's colleague here hears nothing unasked.
      lane.run(async () => {
        const taken = intake.take(received.gesture)
        await taken.catch(() => undefined)
        if (await parts.isLinked(origin.tenant, origin.user)) await work(received, taken)
      })
      return { status: 200 }
    })
  }

  return { take }
}
