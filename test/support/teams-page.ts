import type { Locator } from 'playwright-core'
import { wordsFor } from '../../blocks/words/index.ts'
import { type Language, words } from '../../src/playground/page/words.ts'
import { type Sentences, sentencesFor } from '../../src/teams/sentences.ts'
import type { Screen } from './browser.ts'
import { type Chat, literally } from './chat.ts'

/** The Teams half of a browser tab on the playground, used by the names of what is on the screen. */
export class TeamsPage implements Chat {
  readonly screen: Screen
  readonly #words: (typeof words)[Language]
  readonly #sentences: Sentences
  /** The heading of the settings card's choice of platform. */
  readonly #platform: string

  constructor(screen: Screen, language: Language) {
    this.screen = screen
    this.#words = words[language]
    this.#sentences = sentencesFor(language)
    this.#platform = wordsFor(language).t('settings.platform')
  }

  get client(): Locator {
    return this.screen.page.getByRole('main', { name: 'Teams' })
  }

  get composer(): Locator {
    return this.client.getByRole('textbox', { name: this.#words.teamsCompose('Dealdesk') })
  }

  get dialog(): Locator {
    return this.client.getByRole('dialog')
  }

  /** Becomes somebody else, and waits until their own chat is drawn. */
  async become(name: string): Promise<void> {
    if (await this.screen.is(name)) return
    const before = await this.client.getByRole('log').getAttribute('data-person')
    await this.screen.become(name)
    await this.client.locator(`[role=log]:not([data-person="${before}"])[aria-busy=false]`).waitFor()
  }

  /** Says something to the app: in the personal chat, or after its mention in a channel. */
  async say(text: string, composer: Locator = this.composer): Promise<void> {
    await composer.fill(text)
    await composer.press('Enter')
    // The list of commands takes the first Enter when what was typed is the beginning of one.
    if ((await composer.inputValue()) !== '') await composer.press('Enter')
  }

  answer(text: string | RegExp): Locator {
    return this.client.getByRole('article').or(this.dialog).filter({ hasText: text }).last()
  }
  async dismiss(): Promise<void> {
    if ((await this.dialog.count()) > 0) await this.screen.page.keyboard.press('Escape')
    await this.dialog.waitFor({ state: 'detached' })
  }
  ask(words: string): Promise<void> {
    return this.say(words)
  }
  /** Words can open no dialog: the card that answers has the button that does. */
  async form(words: string): Promise<void> {
    const answers = this.client.getByRole('button', { name: this.#sentences.open, exact: true })
    const before = await answers.count()
    await this.say(words)
    await answers.nth(before).click()
    await this.dialog.waitFor()
  }

  /** Whoever this is says in their settings that requests reach them in Teams. */
  async preferTeams(): Promise<void> {
    await this.say('dealdesk settings')
    const settings = this.message(this.#platform)
    await settings.getByRole('button', { name: /Microsoft Teams$/ }).click()
    // The card is drawn anew where it stands, with what was chosen marked.
    await settings.getByRole('button', { name: /✓ Microsoft Teams$/ }).waitFor()
  }

  /** The newest message in view with these words. */
  message(text: string | RegExp): Locator {
    return this.client.getByRole('article').filter({ hasText: text }).last()
  }

  /** Presses a button of a card; a question that unfolds below is answered with the button of the same name. */
  async press(card: Locator, button: string, confirm?: string): Promise<void> {
    const first = card.getByRole('button', { name: button, exact: true }).first()
    await first.click()
    if (confirm === undefined) return
    const yes = card.getByRole('button', { name: confirm, exact: true }).nth(1)
    // A card that is redrawn meanwhile folds its question up again, as Teams' own does: a person presses once more.
    for (let left = 5; ; left--) {
      try {
        await yes.click({ timeout: 3_000 })
        return
      } catch (error) {
        if (left === 0) throw error
        if (!(await yes.isVisible())) await first.click()
      }
    }
  }

  /** Types into the dialog, by the labels of its inputs. */
  async fill(answers: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, answer] of Object.entries(answers)) await this.dialog.getByLabel(label).fill(answer)
  }

  /** Searches a menu of the dialog and takes what it finds. */
  async choose(label: string, query: string, option: string | RegExp): Promise<void> {
    await this.dialog.getByRole('combobox', { name: label }).fill(query)
    await this.dialog.getByRole('option', { name: option }).click()
  }

  value(label: string): Promise<string> {
    return this.dialog.getByLabel(label).inputValue()
  }
  async pick(label: string, option: string): Promise<void> {
    const menu = this.dialog.getByLabel(label)
    const line = menu.locator('option').filter({ hasText: new RegExp(`^${literally(option)}`) })
    await menu.selectOption({ label: (await line.first().textContent()) ?? option })
  }
  async tick(_label: string, option: string): Promise<void> {
    await this.dialog.getByRole('checkbox', { name: option }).check()
  }
  async more(): Promise<void> {
    const next = this.dialog.getByRole('button', { name: this.#sentences.next, exact: true })
    await next.click()
    await next.waitFor({ state: 'detached' })
  }

  /** Sends the dialog and waits until it has gone; a sentence that it shows instead of closing is read and closed. */
  async submit(button: string, said?: string | RegExp): Promise<void> {
    const send = this.dialog.getByRole('button', { name: button, exact: true })
    await send.click()
    await send.waitFor({ state: 'detached' })
    if (said !== undefined) await this.client.getByText(said).last().waitFor()
    await this.dismiss()
  }

  /** What reaches beyond the right edge of the screen: nothing should. */
  overflow(): Promise<readonly string[]> {
    // As text: these sources are checked without the types of a browser.
    return this.screen.page.evaluate(`[...document.querySelectorAll('article *, .tm-dialog *, .top *:not(.switcher-strip *)')]
      .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((one) => one.tagName + ' ' + one.className + ' ' + (one.textContent ?? '').slice(0, 40))`)
  }
}
