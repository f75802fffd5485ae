import { strict as assert } from 'node:assert'
import type { Locator } from 'playwright-core'
import { type Words, wordsFor } from '../../blocks/words/index.ts'
import type { EvidenceKind, MeddiccField, Stage } from '../../src/canon/opportunity.ts'
import type { Screen } from './browser.ts'
import { type Chat, literally } from './chat.ts'

// One customer from the first call to the second sale, told once for both platforms: every form filled in and every
// card pressed on the playground's page, as a person does. Tests assert on it, pictures are taken on the way.

/** Somebody in the story: by name on the screen, by user id in an address. */
interface Player {
  readonly name: string
  readonly user: string
}

/** Who lives through it, and what they write, in one language. */
export interface LifeCast {
  readonly language: 'ko' | 'en'
  readonly workspace: string
  /** When it begins: a Monday morning where they are. */
  readonly now: string
  readonly sdr: Player
  readonly ae: Player
  readonly manager: Player
  readonly vp: Player
  readonly csm: Player
  /** The account that the lead is of; the deal is called after it. */
  readonly account: string
  /** The lead's own person, and what the first call said. */
  readonly lead: { readonly person: string; readonly called: string }
  readonly pain: string
  readonly bant: {
    readonly budget: string
    readonly authority: string
    readonly need: string
    readonly timeline: string
  }
  readonly meddicc: Readonly<Record<Exclude<MeddiccField, 'identify_pain' | 'competition'>, string>>
  readonly list: string
  /** The list price less 22 %, as the cards write it. */
  readonly price: string
  readonly reason: string
  readonly onboarding: {
    readonly day_to_day_contact: string
    readonly open_issues: string
    readonly milestone_30: string
    readonly milestone_60: string
    readonly milestone_90: string
  }
  /** What CS misses, and what the AE then writes. */
  readonly asked: string
  readonly criteria: string
  readonly remark: string
  readonly growth: {
    readonly opportunity: string
    readonly product: string
    readonly amount: string
    readonly why_now: string
  }
}

/** Something to look at: the card in view, of whom, and what it is. */
export type Moment =
  | 'lead-handed-over'
  | 'deal-begun'
  | 'stage-form'
  | 'discount-decided'
  | 'deal-priced'
  | 'won-draft'
  | 'handed-to-cs'
  | 'returned'
  | 'taken-over'
  | 'rating-asked'
  | 'rating-form'
  | 'health'
  | 'growth-draft'
  | 'growth-handed-over'
  | 'whole-deal'

export interface LifeStage {
  readonly chat: Chat
  /** The tab it is played in. */
  readonly screen: Screen
  /** Called when a card or form stands on the screen. */
  look?(moment: Moment, card: Locator, who: Player): Promise<void>
}

/** Days of the story, in the order of the gates. */
const days: Readonly<Record<Exclude<EvidenceKind, 'first_meeting'>, string>> = {
  demo: '2026-11-20',
  proposal: '2026-11-20',
  negotiation: '2026-11-21',
  verbal_agreement: '2026-11-22',
  contract_signed: '2026-11-22',
}
const firstMeeting = '2026-11-19'
const kickoff = '2026-11-24'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Lead → SDR→AE → S1…S6 → 22 % → won → AE→CS, returned once → rated → a health signal → CS→AE → a new deal. */
export async function dealLife(stage: LifeStage, cast: LifeCast): Promise<void> {
  const life = new Life(stage, cast)
  await life.arrive()
  await life.handLeadOver()
  await life.acceptLead()
  await life.advance()
  await life.discount()
  await life.win()
  await life.handToCs()
  await life.returnOnce()
  await life.takeOver()
  await life.rate()
  await life.grow()
  await life.beginAgain()
}

class Life {
  readonly #stage: LifeStage
  readonly #cast: LifeCast
  readonly #w: Words

  constructor(stage: LifeStage, cast: LifeCast) {
    this.#stage = stage
    this.#cast = cast
    this.#w = wordsFor(cast.language)
  }

  get #chat(): Chat {
    return this.#stage.chat
  }

  /** It is drawn, nothing of it reaches over the edge. */
  async #see(moment: Moment | undefined, card: Locator, who: Player): Promise<void> {
    await card.waitFor()
    assert.deepEqual(await this.#chat.overflow(), [])
    if (moment) await this.#stage.look?.(moment, card, who)
  }

  #item(item: string): string {
    return capital(this.#w.t(`item.${item}` as 'item.need'))
  }
  #items(answers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(answers).map(([item, text]) => [this.#item(item), text]))
  }

  /** Everybody says where requests shall reach them, where that is a choice of theirs. */
  async arrive(): Promise<void> {
    if (this.#chat !== this.#stage.screen.teams) return
    const { sdr, ae, manager, vp, csm } = this.#cast
    for (const { name } of [sdr, ae, manager, vp, csm]) {
      await this.#chat.become(name)
      await this.#stage.screen.teams.preferTeams()
    }
  }

  async handLeadOver(): Promise<void> {
    const { sdr, account, lead, pain, bant } = this.#cast
    await this.#chat.become(sdr.name)
    await this.#chat.form(`handoff ${account}`)
    const { dialog } = this.#chat
    await dialog.getByText(this.#w.t('handoff.sdr-to-ae')).first().waitFor()
    // What the record knows stands there already.
    assert.match(await this.#chat.value(this.#item('contacts')), new RegExp(lead.person))
    assert.match(await this.#chat.value(this.#item('engagement_history')), new RegExp(lead.called))
    await this.#chat.fill(this.#items({ first_meeting_on: firstMeeting, pain, ...bant }))
    await this.#chat.submit(this.#w.t('form.handoff.submit'))
  }

  async acceptLead(): Promise<void> {
    const { sdr, ae, account, pain } = this.#cast
    await this.#chat.become(ae.name)
    const card = this.#chat.message(this.#w.t('handoff.submitted.mine', { from: sdr.name }))
    await card.filter({ hasText: pain }).waitFor()
    await this.#see('lead-handed-over', card, ae)
    await this.#chat.press(card, this.#w.t('button.accept'))
    const accepted = this.#chat.message(pain).filter({ hasText: this.#w.t('label.opened') })
    await accepted.waitFor()
    await this.#chat.become(sdr.name)
    await this.#see(undefined, this.#chat.message(this.#w.t('handoff.accepted.credit')), sdr)
    await this.#chat.become(ae.name)
    await this.#openedBy(pain, account, ae)
    const deal = this.#chat.answer('MEDDICC')
    await deal.filter({ hasText: this.#w.t('stage.S1') }).waitFor()
    await this.#see('deal-begun', deal, ae)
  }

  /** The accepted handoff with these words names the deal that it opened, and leads there. */
  async #openedBy(words: string, deal: string, who: Player): Promise<void> {
    const names = new RegExp(`${literally(this.#w.t('label.opened'))}\\s*${literally(deal)}`)
    const card = this.#chat.message(words).filter({ hasText: names })
    await this.#see(undefined, card, who)
    assert.equal(await card.getByRole('button', { name: this.#w.t('button.accept'), exact: true }).count(), 0)
    await this.#chat.press(card, this.#w.t('button.deal'))
  }

  async advance(): Promise<void> {
    const { ae, meddicc } = this.#cast
    const w = this.#w
    // From the deal's card: the form asks for the stage, then for what its gates miss.
    await this.#chat.press(this.#chat.answer('MEDDICC'), w.t('button.stage'))
    await this.#chat.pick(w.t('field.stage'), w.t('stage.S2'))
    await this.#chat.more()
    const { dialog } = this.#chat
    await dialog.getByText(w.t('form.stage.asks', { stage: w.t('stage.S2'), count: 1 })).waitFor()
    const gap = w.t('refusal.gates-missing.allowed', {
      to: w.t('stage.S2'),
      fields: w.t('meddicc.metrics'),
      allowed: w.t('stage.CL'),
    })
    // One of the two is left empty: the form stays, says so at the field and keeps the other.
    await this.#chat.fill({ [w.t('meddicc.champion')]: meddicc.champion })
    await dialog.getByRole('button', { name: w.t('form.stage.submit'), exact: true }).click()
    await dialog.locator('[aria-invalid=true]').or(dialog.getByText(gap)).first().waitFor()
    assert.equal(await this.#chat.value(w.t('meddicc.champion')), meddicc.champion)
    await this.#see('stage-form', dialog, ae)
    await this.#chat.fill({ [w.t('meddicc.metrics')]: meddicc.metrics })
    await this.#moved('S1', 'S2')
    await this.#move('S2', 'S3', 'demo', 'decision_criteria')
    await this.#move('S3', 'S4', 'proposal', 'economic_buyer')
    await this.#move('S4', 'S5', 'negotiation', 'decision_process')
  }

  async #move(
    from: Stage,
    to: Stage,
    evidence: keyof typeof days,
    field?: Exclude<MeddiccField, 'identify_pain' | 'competition'>,
  ): Promise<void> {
    const { account, meddicc } = this.#cast
    const w = this.#w
    await this.#chat.form(`stage ${account} ${to}`)
    await this.#chat.fill({
      [w.t(`field.day.${evidence}`)]: days[evidence],
      ...(field ? { [w.t(`meddicc.${field}`)]: meddicc[field] } : {}),
    })
    await this.#moved(from, to)
  }
  /** Sends the form, and hears that the deal has moved. */
  async #moved(from: Stage, to: Stage): Promise<void> {
    const { account } = this.#cast
    const w = this.#w
    const said = w.t('stage.done', { deal: account, from: w.t(`stage.${from}`), to: w.t(`stage.${to}`) })
    await this.#chat.submit(w.t('form.stage.submit'), said)
  }

  async discount(): Promise<void> {
    const { account, list, price, reason, ae, manager, vp } = this.#cast
    const w = this.#w
    await this.#chat.form(`approve-discount ${account} 22`)
    const { dialog } = this.#chat
    // The record has no list price, and the price depends on it.
    const currency = this.#cast.language === 'ko' ? 'KRW' : 'USD'
    await this.#chat.fill({ [w.t('field.list-amount', { currency })]: list })
    await this.#chat.more()
    await dialog.getByText(price).first().waitFor()
    await this.#chat.fill({ [w.t('field.reason')]: reason })
    await this.#chat.submit(w.t('form.request.submit'))
    const approved = w.t('title.approved', { discount: '22%' })
    for (const who of [manager, vp]) {
      await this.#chat.become(who.name)
      const brief = this.#chat.message(w.t('title.pending', { discount: '22%' })).filter({ hasText: reason })
      await this.#see(who === vp ? 'discount-decided' : undefined, brief, who)
      await this.#chat.press(brief, w.t('button.approve'), w.t('button.approve'))
      await brief
        .getByRole('button', { name: w.t('button.approve'), exact: true })
        .first()
        .waitFor({ state: 'detached' })
    }
    await this.#chat.become(ae.name)
    await this.#see(undefined, this.#chat.message(approved).filter({ hasText: price }), ae)
    await this.#chat.ask(`deal ${account}`)
    const deal = this.#chat
      .answer('MEDDICC')
      .filter({ hasText: w.t('stage.S5') })
      .filter({ hasText: price })
    await this.#see('deal-priced', deal, ae)
  }

  async win(): Promise<void> {
    const { account, ae, csm, meddicc } = this.#cast
    const w = this.#w
    await this.#move('S5', 'S6', 'verbal_agreement')
    await this.#chat.form(`stage ${account} CW`)
    await this.#chat.dialog.getByText(w.t('form.stage.won')).waitFor()
    await this.#chat.fill({ [w.t('field.day.contract_signed')]: days.contract_signed })
    await this.#chat.submit(w.t('form.stage.submit'), w.t('stage.done.won'))
    const draft = this.#draft()
    await draft.filter({ hasText: w.t('handoff.draft.mine', { name: csm.name }) }).waitFor()
    await draft.filter({ hasText: meddicc.metrics }).waitFor()
    await this.#see('won-draft', draft, ae)
  }

  /** The newest card with a handoff to complete. */
  #draft(): Locator {
    return this.#chat.message(this.#w.t('button.handoff.edit'))
  }

  async handToCs(): Promise<void> {
    const { meddicc, price, onboarding } = this.#cast
    await this.#chat.press(this.#draft(), this.#w.t('button.handoff.edit'))
    await this.#chat.dialog.getByText(this.#w.t('handoff.ae-to-cs')).first().waitFor()
    assert.ok((await this.#chat.value(this.#item('contract_summary'))).includes(price))
    assert.equal(await this.#chat.value(this.#item('champion')), meddicc.champion)
    await this.#chat.fill(this.#items({ ...onboarding, kickoff_on: kickoff }))
    await this.#chat.submit(this.#w.t('form.handoff.submit'))
  }

  async returnOnce(): Promise<void> {
    const { ae, csm, asked, criteria, onboarding } = this.#cast
    const w = this.#w
    await this.#chat.become(csm.name)
    const handed = this.#chat.message(w.t('handoff.submitted.mine', { from: ae.name }))
    await this.#see('handed-to-cs', handed, csm)
    await this.#chat.press(handed, w.t('button.return'))
    await this.#chat.tick(w.t('field.return-missing'), this.#item('success_criteria'))
    await this.#chat.fill({ [w.t('field.return-note')]: asked })
    await this.#chat.submit(w.t('form.return.submit'))

    await this.#chat.become(ae.name)
    const returned = this.#chat.message(w.t('handoff.title.returned'))
    await returned.filter({ hasText: asked }).waitFor()
    await this.#see('returned', returned, ae)
    await this.#chat.press(returned, w.t('button.handoff.edit'))
    await this.#chat.dialog.getByText(asked).waitFor()
    assert.equal(await this.#chat.value(this.#item('milestone_60')), onboarding.milestone_60)
    await this.#chat.fill(this.#items({ success_criteria: criteria }))
    await this.#chat.submit(w.t('form.handoff.submit'))
  }

  async takeOver(): Promise<void> {
    const { ae, csm, criteria } = this.#cast
    const w = this.#w
    await this.#chat.become(csm.name)
    await this.#see(undefined, this.#chat.message(w.t('handoff.again', { name: ae.name })), csm)
    const card = this.#chat.message(criteria)
    await this.#chat.press(card, w.t('button.accept'))
    await card.getByText(w.t('handoff.milestones')).waitFor()
    assert.equal(await card.getByRole('button', { name: w.t('button.accept'), exact: true }).count(), 0)
    await this.#see('taken-over', card, csm)
    await this.#chat.become(ae.name)
    await this.#see(undefined, this.#chat.message(w.t('handoff.title.accepted')), ae)
  }

  async rate(): Promise<void> {
    const { ae, csm, remark } = this.#cast
    const w = this.#w
    await this.#stage.screen.walk('workday')
    await this.#stage.screen.walk('workday')
    await this.#chat.become(csm.name)
    const ask = this.#chat.message(w.t('handoff.title.rating'))
    await this.#see('rating-asked', ask, csm)
    await this.#chat.press(ask, w.t('button.rate'))
    await this.#chat.pick(w.t('field.score'), w.t('score.4'))
    await this.#chat.fill({ [w.t('field.score-note')]: remark })
    await this.#see('rating-form', this.#chat.dialog, csm)
    await this.#chat.submit(w.t('form.rate.submit'), w.t('handoff.saved.rate', { name: ae.name }))
    await ask.getByRole('button', { name: w.t('button.rate'), exact: true }).waitFor({ state: 'detached' })
  }

  async grow(): Promise<void> {
    const { account, ae, csm, growth } = this.#cast
    const w = this.#w
    await this.#chat.ask(`health ${account}`)
    const health = this.#chat.message(w.t('health.col.weight')).filter({ hasText: account })
    await this.#see('health', health, csm)
    await this.#chat.press(health, w.t('button.health.signal'))
    await this.#chat.fill({ [w.t('health.component.sentiment')]: '98' })
    await this.#chat.submit(w.t('form.save'))
    // The customer is happier than a quarter ago by more than ten points: the handoff drafts itself.
    const draft = this.#chat.message(/→ 98|to 98/).filter({ hasText: w.t('handoff.cs-to-ae') })
    await this.#see('growth-draft', draft, csm)
    await this.#chat.press(draft, w.t('button.handoff.edit'))
    await this.#chat.dialog.getByText(w.t('handoff.cs-to-ae')).first().waitFor()
    assert.match(await this.#chat.value(this.#item('why_now')), /98/)
    assert.match(await this.#chat.value(this.#item('health_score')), / \/ 100/)
    await this.#chat.fill(this.#items(growth))
    await this.#chat.submit(w.t('form.handoff.submit'))
    await this.#chat.become(ae.name)
    const card = this.#chat.message(w.t('handoff.submitted.mine', { from: csm.name }))
    await card.filter({ hasText: growth.opportunity }).waitFor()
    await this.#see('growth-handed-over', card, ae)
    await this.#chat.press(card, w.t('button.accept'))
  }

  async beginAgain(): Promise<void> {
    const { account, ae, csm, growth } = this.#cast
    const w = this.#w
    const name = `${account} · ${growth.product}`
    await this.#openedBy(growth.opportunity, name, ae)
    const next = this.#chat.answer('MEDDICC').filter({ hasText: name })
    await next.filter({ hasText: w.t('stage.S1') }).waitFor()
    await this.#see(undefined, next, ae)
    await this.#chat.dismiss()
    // The first deal holds its whole life.
    await this.#chat.ask(`deal ${account}`)
    const whole = this.#chat.message('MEDDICC').filter({ hasText: w.t('stage.CW') })
    await this.#see('whole-deal', whole, ae)
    await this.#chat.become(csm.name)
    await this.#see(undefined, this.#chat.message(w.t('handoff.title.accepted')), csm)
  }
}
