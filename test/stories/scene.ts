import { expect } from 'vitest'
import { type DiscountRequest, isSettled, mayDecide } from '../../src/canon/discount.ts'
import { type Product, type ProductOptions, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'
import type { Card, Modal } from '../support/slack-screen.ts'

/** The people of the first demo company that stories are told of. */
const users = {
  seoyeon: 'U0SEOYEON',
  minjae: 'U0MINJAE',
  manager: 'U0JUNHO',
  otherManager: 'U0JIWON',
  vp: 'U0HAEUN',
  ceo: 'U0DOHYUN',
  ops: 'U0EUNBI',
  finance: 'U0DONGUK',
  legal: 'U0JIHUN',
} as const
export type Who = keyof typeof users

/** The whole product with deals of its own: a story takes a new one, so that none stands in another's way. */
export class Scene {
  readonly desk: Product
  #deals = 0

  private constructor(desk: Product) {
    this.desk = desk
  }
  static async open(options: ProductOptions = {}): Promise<Scene> {
    return new Scene(await product(options))
  }

  as(who: Who): Persona {
    return this.desk.slack.as(users[who], 'T0DEALDESK')
  }

  /** A new deal at the proposal, list price 100 million won unless said otherwise. */
  async deal(columns: Readonly<Record<string, string | number>> = {}): Promise<string> {
    this.#deals += 1
    const id = `T-${this.#deals}`
    await this.desk.importFile(
      'opportunities.csv',
      table({
        id,
        name: `시험 거래 ${this.#deals}번`,
        owner: 'kim-seoyeon',
        stage: 'S4',
        amount: 100_000_000,
        list_amount: 100_000_000,
        ...columns,
      }),
    )
    return id
  }
  /** Changes a deal as an import would. */
  change(id: string, columns: Readonly<Record<string, string | number>>): Promise<void> {
    return this.desk.importFile(
      'opportunities.csv',
      table({ id, name: nameOf(id), owner: 'kim-seoyeon', stage: 'S4', ...columns }),
    )
  }

  /** Asks with the form, as a person does. */
  async ask(deal: string, percent: number, who: Who = 'seoyeon'): Promise<DiscountRequest> {
    const asker = this.as(who)
    await asker.command('/approve-discount', `${deal} ${percent}`)
    const form = await asker.modal()
    await form.fill({
      reason: `${nameOf(deal)}의 사유`,
      ...(percent > 30 ? { justification: '예외 사유' } : {}),
    })
    await form.submit()
    await this.desk.settled()
    const [request] = await this.desk.app.store.discountsOfDeal('ondam', deal, 1)
    if (!request) throw new Error(`There is no request for ${deal}`)
    return request
  }

  async now(request: Pick<DiscountRequest, 'id'>): Promise<DiscountRequest> {
    const found = await this.desk.app.store.discount('ondam', request.id)
    if (!found) throw new Error(`${request.id} is gone`)
    return found
  }

  /** The newest message about a deal in somebody's conversation with the app. */
  card(who: Who, deal: string, pattern: RegExp = /./): Promise<Card> {
    return this.as(who)
      .dm()
      .waitForMessage(new RegExp(`${nameOf(deal)}[^]*${pattern.source}|${pattern.source}[^]*${nameOf(deal)}`))
  }
  /** The message about a deal that has this button. */
  async with(who: Who, deal: string, action: string): Promise<Card> {
    return this.desk.slack.until(
      () =>
        this.cards(who, deal)
          .reverse()
          .find((card) => card.actions().includes(action)),
      `${action} for ${who} on ${deal}`,
    )
  }
  cards(who: Who, deal: string): Card[] {
    return this.as(who)
      .dm()
      .messages()
      .filter((card) => card.text().includes(nameOf(deal)))
  }

  async press(who: Who, deal: string, action: string): Promise<void> {
    const card = await this.with(who, deal, action)
    await card.click(action)
    await this.desk.settled()
  }
  /** Presses a button that opens a form, fills it in and sends it. */
  async tell(who: Who, deal: string, action: string, answers: Record<string, string>): Promise<void> {
    const card = await this.with(who, deal, action)
    await card.click(action)
    const form: Modal = await this.as(who).modal()
    await form.fill(answers)
    await form.submit()
    await this.desk.settled()
  }

  /**
   * What must hold at any moment nothing is on its way: decisions once each (P1), cards that show the truth (P2),
   * an audit that verifies, and for open requests somebody who can decide and has the button for it (P3).
   */
  async holds(requests: readonly Pick<DiscountRequest, 'id'>[]): Promise<void> {
    const { store } = this.desk.app
    const org = await store.org('ondam')
    for (const { id } of requests) {
      const request = await this.now({ id })
      const trail = await store.auditOf('ondam', { noun: 'discount', id }, 1000)
      // P1: every decision has its one line in the audit, and every line its decision.
      const decided = request.steps.flatMap((step) =>
        step.decisions.filter(({ verdict }) => verdict === 'approve'),
      )
      const recorded = trail.filter(({ what }) => what === 'discount.step-approved')
      for (const decision of decided)
        expect(
          recorded.filter((line) => line.by === decision.by),
          `${id}: the approval of ${decision.by} is recorded once`,
        ).toHaveLength(1)
      for (const step of request.steps)
        expect(new Set(step.decisions.map(({ by }) => by)).size).toBe(step.decisions.length)
      for (const ending of ['approved', 'rejected', 'withdrawn', 'expired', 'voided', 'superseded'])
        expect(trail.filter(({ what }) => what === `discount.${ending}`).length).toBe(
          request.status === ending ? (ending === 'approved' && request.steps.length === 0 ? 0 : 1) : 0,
        )
      for (const decision of decided) expect(decision.by).not.toBe(request.requester)

      const deal = (await store.deal('ondam', request.deal))!
      const policy = await store.policy('ondam', request.policyVersion)
      const world = { now: this.desk.clock.now(), org, policy, deal }
      const deciders = isSettled(request) ? [] : mayDecide(request, world)
      if (request.status === 'pending') expect(deciders.length).toBeGreaterThan(0)
      const standing = await store.cardsOf('ondam', { noun: 'discount', id })
      // P3: whoever may decide has a card to decide on.
      for (const person of deciders)
        expect(
          standing.filter(
            (one) =>
              one.card === 'discount.decision' && 'person' in one.audience && one.audience.person === person,
          ),
          `${id}: ${person} has a card`,
        ).not.toHaveLength(0)
      // P2: a card has the buttons that its reader may press now, and no others.
      for (const { card, audience, ref } of standing) {
        if (!('person' in audience) || !['discount.decision', 'discount.request'].includes(card)) continue
        const buttons = this.buttonsOf(ref.tenant, ref.channel, ref.message)
        const shown = buttons?.includes('discount.approve') ?? false
        expect(shown, `${id}: ${card} of ${audience.person} in the state ${request.status}`).toBe(
          request.status === 'pending' && deciders.includes(audience.person),
        )
      }
    }
    for (const verdict of await store.verifyAudit()) expect(verdict.broken).toBeUndefined()
  }

  /** The action_ids on a message as it stands in Slack; `undefined` when it is gone. */
  private buttonsOf(tenant: string, channel: string, ts: string): string[] | undefined {
    const message = this.desk.slack.core.world.workspaces[tenant]?.channels[channel]?.messages.find(
      (one) => one.ts === ts,
    )
    return message?.blocks.flatMap((block) =>
      (block.elements ?? []).flatMap(({ action_id }) => action_id ?? []),
    )
  }
}

export const nameOf = (deal: string): string => `시험 거래 ${deal.slice(2)}번`

const cell = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`
const table = (row: Readonly<Record<string, string | number>>): string =>
  `${Object.keys(row).join(',')}\n${Object.values(row).map(cell).join(',')}\n`
