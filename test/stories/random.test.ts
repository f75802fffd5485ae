import { afterEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../data/database.ts'
import type { DiscountRequest } from '../../src/canon/discount.ts'
import { dice } from '../support/dice.ts'
import type { Card } from '../support/slack-screen.ts'
import { nameOf, Scene, type Who } from './scene.ts'

// Nobody's story: people who ask, decide, change their minds, press twice, press what is no longer there, answer in
// threads, while deals change and time passes; shuffled by a seed, several at once, over HTTP. After every moment the
// promises hold (P1–P5). A failure names its seed: DEALDESK_SEED=7 tries one.

const people: readonly Who[] = ['seoyeon', 'minjae', 'manager', 'otherManager', 'vp', 'ceo', 'ops', 'finance']

class Crowd {
  readonly scene: Scene
  readonly #dice: ReturnType<typeof dice>
  readonly #deals: string[] = []
  /** Drawings that were on a screen once: some are still true, most are not. */
  readonly #seen: { action: string; drawing: string }[] = []
  readonly done: string[] = []
  #days = 0

  constructor(scene: Scene, seed: number) {
    this.scene = scene
    this.#dice = dice(seed)
  }

  async begin(deals: number): Promise<void> {
    for (let i = 0; i < deals; i += 1)
      this.#deals.push(await this.scene.deal({ owner: i % 2 === 0 ? 'kim-seoyeon' : 'lee-minjae' }))
  }

  /** One to four people at the same instant. What Slack refuses them is no failure: they see it. */
  async moment(): Promise<void> {
    const gestures = Array.from({ length: 1 + this.#dice.below(4) }, () => this.#gesture())
    await Promise.all(gestures.map((gesture) => gesture()))
    await this.scene.desk.settled()
    for (const who of people) for (const modal of this.scene.as(who).modals().reverse()) await modal.close()
    await this.scene.desk.settled()
  }

  #gesture(): () => Promise<unknown> {
    const { below, of } = this.#dice
    const who = of(people)
    const deal = of(this.#deals)
    const kind = below(20)
    if (kind < 4) return this.#note(`${deal} is asked for`, () => this.#ask(deal))
    if (kind < 13) {
      const choice = below(1000)
      const twice = below(4) === 0
      return this.#note(`somebody presses${twice ? ' twice' : ''}`, () => this.#press(choice, twice))
    }
    if (kind < 15) {
      const [asker, stale] = [of(people), below(1000)]
      return this.#note(`${asker} presses what was there`, () => this.#pressOld(asker, stale))
    }
    if (kind < 16) {
      const back = 1 + below(8)
      return this.#note('Slack delivers again', () => this.#again(back))
    }
    if (kind < 18) return this.#note(`${who} replies`, () => this.#reply(who, below(1000)))
    // From Monday to Friday: at the weekend everything would wait for the next Monday.
    if (kind < 19 && this.#days < 4) {
      this.#days += 1
      return this.#note('a day passes', async () => this.scene.desk.clock.jump(24 * 3_600_000))
    }
    const amount = 80_000_000 + below(3) * 10_000_000
    return this.#note(`${deal} is worth ${amount}`, () => this.#import(deal, amount))
  }

  #note(what: string, act: () => Promise<unknown>): () => Promise<unknown> {
    this.done.push(what)
    return act
  }

  async #ask(deal: string): Promise<void> {
    // Mostly who owns the deal; somebody else is refused.
    const owner = this.#deals.indexOf(deal) % 2 === 0 ? 'seoyeon' : 'minjae'
    const who = this.#dice.below(8) === 0 ? 'vp' : owner
    const asker = this.scene.as(who)
    const before = asker.ephemerals().length
    const percent = this.#dice.of([5, 10, 12, 18, 20.01, 25, 32])
    if (!(await asker.tryCommand('/approve-discount', `${deal} ${percent}`)).ok) return
    // The form opens a moment after the acknowledgement; a refusal is said instead.
    await this.scene.desk.slack.until(
      () => asker.modals().length > 0 || asker.ephemerals().length > before,
      `an answer to ${who}, who asks for ${deal}`,
    )
    const form = asker.modals().at(-1)
    if (!form?.fields().includes('reason')) return
    await form.fill({ reason: `사유 ${percent}` })
    if (form.fields().includes('justification')) await form.fill({ justification: '예외' })
    await form.trySubmit()
  }

  /** Somebody presses a button that is on their screen. */
  async #press(choice: number, twice: boolean): Promise<void> {
    const buttons = people.flatMap((who) => this.#buttons(who).map((button) => ({ ...button, who })))
    const found = buttons[choice % Math.max(1, buttons.length)]
    if (!found) return
    const { who } = found
    this.#seen.push(found)
    const press = () => found.card.tryClick(found.action).catch(() => undefined)
    await (twice ? Promise.all([press(), press()]) : press())
    await this.#fillIn(who)
  }

  #buttons(who: Who): { card: Card; action: string; drawing: string }[] {
    return this.scene
      .as(who)
      .dm()
      .messages()
      .flatMap((card) =>
        card
          .elements()
          .filter(({ element }) => element.action_id?.startsWith('discount.') === true)
          .map(({ element }) => ({ card, action: element.action_id!, drawing: String(element.value) })),
      )
  }

  async #fillIn(who: Who): Promise<void> {
    await this.scene.desk.slack.settled()
    const form = this.scene.as(who).modals().at(-1)
    if (!form || form.closed) return
    const answers: Record<string, string> = {}
    for (const field of form.fields()) {
      if (field === 'discount') answers[field] = String(this.#dice.of([7, 11, 15, 24, 60]))
      else if (field === 'to') answers[field] = '윤하은'
      else if (!/deal|needed_by|competitor/.test(field)) answers[field] = '말씀드립니다'
    }
    await form.fill(answers).catch(() => undefined)
    if (!form.closed) await form.trySubmit()
  }

  async #pressOld(who: Who, choice: number): Promise<void> {
    const old = this.#seen[choice % Math.max(1, this.#seen.length)]
    const own = this.#buttons(who)[0]
    if (!old || !own) return
    const forged = this.scene.as(who).forging((payload) => ({
      ...payload,
      actions: [
        {
          ...(payload as { actions: object[] }).actions[0],
          action_id: old.action,
          value: old.drawing,
        },
      ],
    }))
    await forged.message(own.card).tryClick(own.action)
    await this.#fillIn(who)
  }

  async #again(back: number): Promise<void> {
    const exchange = this.scene.desk.slack
      .received()
      .filter((one) => one.outcome === 'ok')
      .at(-back)
    if (exchange) await this.scene.desk.slack.replay(exchange)
  }

  async #reply(who: Who, choice: number): Promise<void> {
    const cards = this.scene
      .as(who)
      .dm()
      .messages()
      .filter((card) => card.text().includes('시험 거래'))
    const card = cards[choice % Math.max(1, cards.length)]
    await card?.thread().say('스레드에 적습니다')
  }

  async #import(deal: string, amount: number): Promise<void> {
    // Two imports at once are refused by name (B5.97): the second is simply not made.
    await this.scene.change(deal, { amount, list_amount: 100_000_000 }).catch((error: Error) => {
      if (!/import/i.test(error.message)) throw error
    })
  }

  async requests(): Promise<DiscountRequest[]> {
    const { store } = this.scene.desk.app
    return (await Promise.all(this.#deals.map((deal) => store.discountsOfDeal('ondam', deal, 100)))).flat()
  }

  /** One open request a deal, and the price on the deal is that of the last approval, unless the deal changed since. */
  async dealsHold(): Promise<void> {
    const { store } = this.scene.desk.app
    for (const id of this.#deals) {
      const requests = await store.discountsOfDeal('ondam', id, 100)
      expect(
        requests.filter(({ status }) => status === 'pending' || status === 'countered').length,
        nameOf(id),
      ).toBeLessThan(2)
      const approved = requests
        .filter(({ status }) => status === 'approved')
        .sort((a, b) => (b.settledAt ?? 0) - (a.settledAt ?? 0))
      const deal = await store.deal('ondam', id)
      if (approved.length === 0) expect(deal?.approvedDiscount).toBeUndefined()
      else expect(approved.map(({ discount }) => discount)).toContain(deal?.approvedDiscount)
    }
  }

  /** P5: whatever people did here, the other company hears of its own clock alone, in its own language. */
  silence(): void {
    const { channels } = this.scene.desk.slack.core.world.workspaces.T0LARKFIELD!
    const messages = Object.values(channels).flatMap((channel) => channel.messages)
    expect(messages.filter((message) => /[가-힣]/u.test(JSON.stringify(message)))).toEqual([])
  }
}

const chosen = process.env.DEALDESK_SEED
const plays: readonly (readonly [Engine, number, number])[] = chosen
  ? [
      ['sqlite', Number(chosen), 60],
      ['postgres', Number(chosen), 60],
    ]
  : [
      ['sqlite', 1, 30],
      ['sqlite', 2, 30],
      ['sqlite', 3, 30],
      ['postgres', 4, 20],
    ]

describe('whatever people do at the same time, P1 to P5 hold after every moment', () => {
  let scene: Scene | undefined
  afterEach(() => scene?.desk.stop())

  it.each(plays)('on %s, seed %i, %i moments', { timeout: 120_000 }, async (engine, seed, moments) => {
    scene = await Scene.open({ engine })
    const crowd = new Crowd(scene, seed)
    await crowd.begin(4)
    for (let moment = 1; moment <= moments; moment += 1) {
      await crowd.moment()
      try {
        await scene.holds(await crowd.requests())
        await crowd.dealsHold()
        crowd.silence()
      } catch (error) {
        throw new Error(`seed ${seed}, moment ${moment}, after: ${crowd.done.slice(-6).join('; ')}`, {
          cause: error,
        })
      }
    }
    // Something did happen: requests came to an end, and in more than one way.
    const statuses = new Set((await crowd.requests()).map(({ status }) => status))
    expect(statuses.size).toBeGreaterThan(1)
    // Two sent one form with other words in the same moment: that is an alarm (B5.24), and no error of ours.
    const errors = scene.desk.lines.filter((line) => /"level":(50|60)/.test(line))
    expect(errors.filter((line) => !line.includes('same-key-other-body'))).toEqual([])
  })
})
