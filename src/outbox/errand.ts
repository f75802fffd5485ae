import type { Audience, Courier, Delivery, Drawing, MessageRef, Sent } from '../ports.ts'
import { answerOf } from './calls.ts'
import { crashPoint } from './crash.ts'
import { digestOf } from './digest.ts'
import type { Death, Head, Held, Pause, Place, Placed, Posting, Result } from './ledger.ts'
import type { DrawnCard, Identity, OutboxParts, OutboxSettings } from './parts.ts'

/** The lane was taken over by another sender: this one stops where it is. */
export const lost = Symbol('lost')
export type Ending = Result | typeof lost

type Workspace = Pick<Place, 'platform' | 'tenant'>
type Candidate = (Identity & { channel?: undefined }) | (Place & { user?: undefined })
type Dead = Extract<Sent, { outcome: 'dead' }>

/** Dead deliveries in a row after which nothing stands in any more. */
const fallbacksMost = 2

/** One attempt at one delivery: what it finds out on the way and how it ends. */
export class Errand {
  readonly #parts: OutboxParts
  readonly #settings: OutboxSettings
  readonly #couriers: ReadonlyMap<string, Courier>
  readonly #held: Held
  readonly #head: Head
  readonly #placed: Map<string, Placed>
  readonly #changed = new Map<string, Placed>()
  readonly #pauses: Pause[]
  readonly #newPauses: Pause[] = []
  #saved: DrawnCard | undefined
  #paceMs = 0
  #reached = false

  constructor(
    parts: OutboxParts,
    settings: OutboxSettings,
    couriers: ReadonlyMap<string, Courier>,
    held: Held,
    head: Head,
  ) {
    this.#parts = parts
    this.#settings = settings
    this.#couriers = couriers
    this.#held = held
    this.#head = head
    this.#placed = new Map(head.placed.map((placed) => [placed.ref.platform, placed]))
    this.#pauses = [...head.pauses]
  }

  async run(): Promise<Ending> {
    const { delivery, attempts, triedForMs, lastWhy, sending } = this.#head
    if (attempts >= this.#settings.attemptsMost || triedForMs >= this.#settings.tryForMs)
      return this.#die('exhausted', lastWhy ?? 'it could not be sent for too long')
    if (sending) {
      const ending = await this.#settleUnknown(sending)
      if (ending) return ending
    }
    if (delivery.line !== undefined) return this.#sendLine()
    const standing = this.#standing()
    if (delivery.kind === 'refresh' && standing.length === 0) return this.#drop('no card of it stands')
    if (delivery.kind === 'nudge' || standing.length === 0) return this.#postCard(delivery)
    return this.#redraw(standing)
  }

  // ── a card that may have arrived ───────────────────────────────────────────

  /** The unknown outcome of an earlier attempt, by kind (reliability B4); `undefined`: send it again. */
  async #settleUnknown(sending: Posting & { since: number }): Promise<Ending | undefined> {
    if (this.#head.delivery.kind === 'nudge')
      return this.#end({
        state: 'unknown',
        why: 'nobody knows whether it arrived, and a nudge is not repeated',
      })
    const courier = this.#couriers.get(sending.platform)
    const pause = this.#pauseOf(sending)
    if (!courier || pause?.what === 'gone') return undefined
    if (pause) return this.#later(pause.forMs, 'conversation', sending, true)
    const found = await answerOf(
      courier.find(sending, this.#key(sending.what), sending.since),
      this.#settings.callMs,
    )
    if (found === undefined || found === 'not-there') return undefined
    if ('outcome' in found) return this.#retry(found.why, true)
    this.#paceMs = courier.paceMs
    if (sending.what === 'line') return this.#end({ state: 'sent', place: 'works' })
    const before = this.#placed.get(sending.platform)
    this.#place(found, sending.digest, before ? before.reposts + 1 : 0)
    // With a line still to come, the card was only its beginning.
    return this.#end({ state: this.#head.delivery.line === undefined ? 'sent' : undefined, place: 'works' })
  }

  // ── cards ──────────────────────────────────────────────────────────────────

  async #redraw(standing: readonly Placed[]): Promise<Ending> {
    const { delivery } = this.#head
    const drawn = await this.#draw(delivery)
    if (!drawn) return this.#drop('there is nothing to say')
    const digest = digestOf(drawn)
    let gone: string | undefined
    for (const placed of standing) {
      const courier = this.#couriers.get(placed.ref.platform)
      const pause = this.#pauseOf(placed.ref)
      if (!courier || pause?.what === 'gone') {
        this.#change({ ...placed, stale: true })
        continue
      }
      if (placed.digest === digest && !placed.stale) {
        this.#reached = true
        continue
      }
      if (pause) return this.#later(pause.forMs, 'conversation', placed.ref)
      await this.#prepare(courier, placed.ref, drawn)
      if (!(await this.#parts.ledger.begin(this.#held, this.#unsaved(drawn)))) return lost
      crashPoint('before-post')
      const sent = await answerOf(courier.update(placed.ref, drawn.card), this.#settings.callMs)
      crashPoint('after-post')
      if (sent.outcome === 'sent') {
        this.#reached = true
        this.#paceMs = Math.max(this.#paceMs, courier.paceMs)
        this.#change({ ...placed, ref: sent.ref, digest, stale: false })
      } else if (sent.outcome !== 'dead') return this.#notYet(sent, placed.ref)
      else if (sent.what === 'workspace-gone') {
        this.#gone(placed.ref, sent.why)
        this.#change({ ...placed, stale: true })
      } else if (sent.what === 'refused') return this.#die('refused', sent.why)
      else if (sent.what === 'message-gone' && placed.reposts === 0 && !drawn.onlyRedraw) {
        // Somebody deleted the message: once afresh in its place, and not against their will again (B5.55). Until
        // that is done the old one stays in the books, so that a failure here does not forget the card.
        const ending = await this.#post(courier, placed.ref, 'card', drawn, 1)
        if (ending === lost) return lost
        if (ending && !('outcome' in ending)) return ending
        if (ending) {
          this.#change({ ...placed, state: 'gone' })
          gone ??= ending.why
        }
      } else {
        this.#change({ ...placed, state: 'gone' })
        if (sent.what === 'place-gone') gone ??= sent.why
        else this.#reached = true
      }
    }
    if (this.#reached) return this.#end({ state: 'sent', place: 'works' })
    if (delivery.kind !== 'refresh') return this.#postCard(delivery)
    return gone === undefined ? this.#end({ state: 'sent' }) : this.#die('place-gone', gone)
  }

  /** Posts the card where its audience is reached first. */
  async #postCard(delivery: Delivery): Promise<Ending> {
    const drawn = await this.#draw(delivery)
    if (!drawn || drawn.onlyRedraw) return this.#drop('there is nothing (more) to say')
    const candidates = await this.#candidates(delivery.audience)
    if (candidates.length === 0) return this.#die('no-identity', 'the person is linked on no platform')
    let heldBy: Workspace | undefined
    let placeGone: string | undefined
    let refused: string | undefined
    for (const candidate of candidates) {
      const courier = this.#couriers.get(candidate.platform)
      const pause = this.#pauseOf(candidate)
      if (!courier) refused ??= `${candidate.platform} is not connected`
      else if (pause?.what === 'gone') heldBy ??= candidate
      else if (pause) return this.#later(pause.forMs, 'conversation', candidate)
      else {
        const place = await this.#reach(courier, candidate)
        if ('outcome' in place && place.outcome !== 'dead') return this.#notYet(place, candidate)
        const ending =
          'outcome' in place
            ? place
            : await this.#post(courier, place, 'card', drawn, this.#repostsOf(candidate, delivery))
        if (ending === undefined) return this.#end({ state: 'sent', place: 'works' })
        if (ending === lost || !('outcome' in ending)) return ending
        if (ending.what === 'workspace-gone') {
          this.#gone(candidate, ending.why)
          heldBy ??= candidate
        } else if (ending.what === 'place-gone') placeGone ??= ending.why
        else return this.#die('refused', ending.why)
      }
    }
    if (heldBy) return this.#end({ state: 'paused', heldBy, why: 'its workspace has removed the app' })
    if (placeGone !== undefined) return this.#die('place-gone', placeGone)
    return this.#die('refused', refused ?? 'nobody could say why')
  }

  // ── lines in the thread under a card ───────────────────────────────────────

  async #sendLine(): Promise<Ending> {
    const { delivery } = this.#head
    const candidates = await this.#candidates(delivery.audience)
    const under = candidates
      .map((candidate) => this.#placed.get(candidate.platform))
      .filter((placed) => placed?.state === 'live')
      .find((placed, _at, all) => all.length === 1 || this.#pauseOf(placed!.ref)?.what !== 'gone')
    if (!under) {
      if (delivery.kind === 'refresh') return this.#drop('no card of it stands')
      // Its card is away with the workspace, or may have arrived without our knowing: posted with the line, it would be
      // the second one of its slot (B5.68).
      if (delivery.kind === 'nudge') return this.#lineOfNudge(candidates)
      // The card first: a line under nothing would be read without what it is about.
      const ending = await this.#postCard({ ...delivery, line: undefined })
      return ending !== lost && ending.state === 'sent' ? { ...ending, state: undefined } : ending
    }
    const courier = this.#couriers.get(under.ref.platform)
    if (!courier) return this.#die('refused', `${under.ref.platform} is not connected`)
    const pause = this.#pauseOf(under.ref)
    if (pause?.what === 'gone')
      return this.#end({ state: 'paused', heldBy: under.ref, why: 'its workspace has removed the app' })
    if (pause) return this.#later(pause.forMs, 'conversation', under.ref)
    const drawn = await this.#draw(delivery)
    if (!drawn || drawn.onlyRedraw) return this.#drop('there is nothing (more) to say')
    // The card itself was redrawn and says it.
    if (drawn.threadOnly && courier.hasThreads?.(under.ref.channel) === false)
      return this.#drop('there are no threads here, and its reader knows it already')
    const ending = await this.#post(courier, { ...under.ref, thread: under.ref.message }, 'line', drawn)
    if (ending === undefined) return this.#end({ state: 'sent', place: 'works' })
    if (ending === lost || !('outcome' in ending)) return ending
    switch (ending.what) {
      case 'message-gone':
        this.#change({ ...under, state: 'gone' })
        if (under.reposts > 0) return this.#die('refused', 'its card was deleted again')
        return this.#end({})
      case 'workspace-gone':
        this.#gone(under.ref, ending.why)
        return this.#end({ state: 'paused', heldBy: under.ref, why: ending.why })
      case 'place-gone':
        this.#change({ ...under, state: 'gone' })
        return this.#die('place-gone', ending.why)
      case 'refused':
        return this.#die('refused', ending.why)
    }
  }

  /** What becomes of a nudge's line whose card is not there. */
  #lineOfNudge(candidates: readonly Candidate[]): Result {
    const heldBy = candidates.find((candidate) => this.#pauseOf(candidate)?.what === 'gone')
    return heldBy
      ? this.#end({ state: 'paused', heldBy, why: 'its workspace has removed the app' })
      : this.#drop('nobody knows of the card it belongs under')
  }

  // ── what both need ─────────────────────────────────────────────────────────

  #standing(): Placed[] {
    return [...this.#placed.values()].filter((placed) => placed.state === 'live')
  }

  async #candidates(audience: Audience): Promise<readonly Candidate[]> {
    if ('person' in audience) return this.#parts.identitiesOf(this.#held.company, audience.person)
    const { platform, tenant, id } = audience.channel
    return [{ platform, tenant, channel: id }]
  }

  async #reach(courier: Courier, candidate: Candidate): Promise<Place | Exclude<Sent, { outcome: 'sent' }>> {
    if (candidate.channel !== undefined) return candidate
    const { platform, tenant } = candidate
    const reached = await answerOf(courier.reach(tenant, candidate.user), this.#settings.callMs)
    return reached.outcome === 'sent' ? { platform, tenant, channel: reached.channel } : reached
  }

  async #draw(delivery: Delivery): Promise<DrawnCard | undefined> {
    const drawn = await this.#parts.draw(this.#held.company, delivery)
    crashPoint('after-draw')
    return drawn
  }

  /** The drawings of a card that goes to several places are kept once. */
  #unsaved(drawn: DrawnCard): readonly Drawing[] {
    if (this.#saved === drawn) return []
    this.#saved = drawn
    return drawn.drawings
  }

  /** Posts; `undefined` when it arrived. What is final about the place is the caller's to judge. */
  async #post(
    courier: Courier,
    place: Place,
    what: Posting['what'],
    drawn: DrawnCard,
    reposts = 0,
  ): Promise<Result | Dead | typeof lost | undefined> {
    const digest = digestOf(drawn)
    const { platform, tenant, channel, thread } = place
    const to: Posting = { platform, tenant, channel, thread, what, digest }
    await this.#prepare(courier, place, drawn)
    const held = await this.#parts.ledger.begin(this.#held, this.#unsaved(drawn), to)
    if (!held) return lost
    crashPoint('before-post')
    const sent = await answerOf(
      courier.post({ tenant, channel, thread }, drawn.card, this.#key(what)),
      this.#settings.callMs,
    )
    crashPoint('after-post')
    if (sent.outcome === 'dead') return sent
    if (sent.outcome !== 'sent') return this.#notYet(sent, place, true)
    this.#paceMs = Math.max(this.#paceMs, courier.paceMs)
    this.#reached = true
    if (what === 'card') this.#place(sent.ref, digest, reposts)
    return undefined
  }

  /** Before the attempt is written down: what is cut off here was not sent, and is not “unknown”. */
  async #prepare(courier: Courier, { tenant }: Workspace, { card }: DrawnCard): Promise<void> {
    if (courier.prepare) await answerOf(courier.prepare(tenant, card), this.#settings.callMs)
  }

  /** Names this message for ever, so that it can be looked for: a line that posts its card first has two. */
  #key(what: Posting['what']): string {
    const under = what === 'card' && this.#head.delivery.line !== undefined
    return `d${this.#held.id}${under ? 'c' : ''}`
  }

  #repostsOf(candidate: Workspace, delivery: Delivery): number {
    const before = this.#placed.get(candidate.platform)
    // Only the card under a line comes back because somebody deleted it; a new ask or tell begins anew.
    return before?.state === 'gone' && delivery !== this.#head.delivery ? before.reposts + 1 : 0
  }

  #place(ref: MessageRef, digest: string, reposts = 0): void {
    const { platform, tenant, channel, message } = ref
    this.#change({
      ref: { platform, tenant, channel, message },
      digest,
      state: 'live',
      stale: false,
      reposts,
    })
  }

  #change(placed: Placed): void {
    this.#placed.set(placed.ref.platform, placed)
    this.#changed.set(placed.ref.platform, placed)
  }

  #pauseOf({ platform, tenant }: Workspace): Pause | undefined {
    return this.#pauses.find((pause) => pause.platform === platform && pause.tenant === tenant)
  }

  #gone({ platform, tenant }: Workspace, why: string): void {
    const pause: Pause = { platform, tenant, what: 'gone', forMs: 0, why }
    this.#pauses.push(pause)
    this.#newPauses.push(pause)
  }

  // ── endings ────────────────────────────────────────────────────────────────

  #end(result: Result): Result {
    return {
      ...result,
      placed: [...this.#changed.values()],
      pauses: this.#newPauses,
      waitMs: result.waitMs ?? (this.#paceMs > 0 ? this.#paceMs : undefined),
    }
  }

  #drop(why: string): Result {
    return this.#end({ state: 'dropped', why })
  }

  #notYet(sent: Exclude<Sent, { outcome: 'sent' | 'dead' }>, at: Workspace, posting = false): Result {
    if (sent.outcome === 'later') return this.#later(sent.afterMs, sent.scope, at)
    if (posting && this.#head.delivery.kind === 'nudge') return this.#end({ state: 'unknown', why: sent.why })
    return this.#retry(sent.why, posting)
  }

  /** The platform said when to come back. Jitter, so that everybody who heard it does not come at once (B5.46). */
  #later(afterMs: number, scope: 'conversation' | 'workspace', at: Workspace, stillUnknown = false): Result {
    this.#parts.metrics?.retried('later')
    const waitMs = afterMs + Math.random() * Math.min(3_000, Math.max(25, afterMs / 4))
    if (scope === 'workspace')
      this.#newPauses.push({
        platform: at.platform,
        tenant: at.tenant,
        what: 'rate',
        forMs: afterMs,
        why: 'the platform asked to wait',
      })
    return this.#end({ waitMs, stillUnknown, why: 'the platform asked to wait' })
  }

  #retry(why: string, stillUnknown: boolean): Result {
    this.#parts.metrics?.retried('unknown')
    return this.#end({
      attempted: true,
      why,
      stillUnknown,
      waitMs: backOff(this.#head.attempts, this.#settings),
    })
  }

  async #die(what: Death['what'], why: string): Promise<Result> {
    const { delivery, depth, goneSince } = this.#head
    const { id, company, lane } = this.#held
    const since = goneSince ?? this.#parts.clock.now()
    const placeKey = `${what}:${lane}:${since}`
    const instead =
      depth >= fallbacksMost ? [] : await this.#parts.fallback(company, { id, delivery, what, why, placeKey })
    this.#parts.metrics?.dead(what)
    this.#parts.log.warn(
      { company, delivery: id, kind: delivery.kind, card: delivery.card, what, why, instead: instead.length },
      'a delivery is dead',
    )
    return this.#end({ state: 'dead', what, why, instead, place: { goneSince: since } })
  }
}

/** Ms until the next attempt: doubling, bounded, with jitter. */
export function backOff(attempts: number, settings: OutboxSettings): number {
  const whole = Math.min(settings.backOffMostMs, settings.backOffMs * 2 ** attempts)
  return whole * (0.5 + Math.random() / 2)
}
