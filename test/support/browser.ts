import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import type { ClockStep } from '../../src/playground/page/shell/clock-steps.ts'
import { type Language, words } from '../../src/playground/page/words.ts'
import { type Chat, literally } from './chat.ts'
import { TeamsPage } from './teams-page.ts'

/** Where Chromium is on this machine, if anywhere: `CHROMIUM` names another place. */
export const chromiumPath: string | undefined = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path))

/** Chromium as these tests run it: without a sandbox (containers have none) and without calls of its own to anybody. */
export function openBrowser(language: Language = 'en'): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('No Chromium is installed. Install one, or name it in CHROMIUM.')
  return chromium.launch({
    executablePath: chromiumPath,
    // The language of the browser's own parts, such as a date field.
    env: { ...process.env, LANGUAGE: language === 'ko' ? 'ko_KR' : 'en_US' },
    args: [
      `--lang=${language === 'ko' ? 'ko-KR' : 'en-US'}`,
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

const desktop = { width: 1280, height: 860 }
/** An iPhone 14's. */
export const phone = { width: 390, height: 844 }

export interface ScreenOptions {
  readonly url: string
  readonly language: Language
  readonly size?: { readonly width: number; readonly height: number }
  readonly dark?: boolean
  /** Pixels for a point: 2 for pictures that stay sharp. */
  readonly scale?: number
  /** Whose Slack it is, and which of the app's tabs; left out: as a newcomer finds it. */
  readonly workspace?: string
  readonly user?: string
  readonly at?: 'home' | 'messages'
  /** Left out: Slack alone, as a newcomer finds it. */
  readonly platform?: 'slack' | 'teams' | 'both'
  /** The first steps above the client are hidden, as by somebody who has read them. */
  readonly plain?: boolean
}

/** One browser tab on the playground and the Slack in it, used as a person uses it: by the names of what is on the screen. */
export class Screen implements Chat {
  readonly page: Page
  /** The Teams half of the tab. */
  readonly teams: TeamsPage
  readonly #context: BrowserContext
  readonly #words: (typeof words)[Language]
  /** What the browser complained of: errors in the page are failures of a test. */
  readonly complaints: string[] = []

  private constructor(page: Page, language: Language) {
    this.page = page
    this.teams = new TeamsPage(this, language)
    this.#context = page.context()
    this.#words = words[language]
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (line) => {
      if (line.type() === 'error') this.complaints.push(line.text())
    })
  }

  static async open(browser: Browser, options: ScreenOptions): Promise<Screen> {
    const { language, size = desktop } = options
    const context = await browser.newContext({
      viewport: size,
      locale: language === 'ko' ? 'ko-KR' : 'en-US',
      colorScheme: options.dark ? 'dark' : 'light',
      deviceScaleFactor: options.scale ?? 1,
      reducedMotion: 'reduce',
      ...(size.width < 600 ? { hasTouch: true, isMobile: true } : {}),
    })
    if (options.plain)
      await context.addInitScript({
        content: `localStorage.setItem('playground.hint', 'hidden'); localStorage.setItem('playground.panel', 'closed')`,
      })
    const page = await context.newPage()
    const screen = new Screen(page, language)
    const address = new URL('/playground/', options.url)
    for (const key of ['workspace', 'user', 'at', 'platform'] as const) {
      const value = options[key]
      if (value) address.searchParams.set(key, value)
    }
    await page.goto(address.href)
    // Before a dialog that was left open, the client behind it is out of reach.
    const client = page.getByRole('tab', { name: screen.#words.home })
    const teams = page.getByRole('textbox', { name: screen.#words.teamsCompose('Dealdesk') })
    await screen.composer.or(client).or(teams).or(page.getByRole('dialog')).first().waitFor()
    return screen
  }

  close(): Promise<void> {
    return this.#context.close()
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.#words.composer('Dealdesk', false) })
  }
  get dialog(): Locator {
    return this.page.getByRole('dialog').last()
  }
  /** The messages in view. */
  get log(): Locator {
    return this.page.getByRole('log').first()
  }

  /** Becomes somebody else, by their name in the switcher. */
  async become(name: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(this.#words.switchPerson) }).click()
    await this.page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).click()
    await this.#being(name).waitFor()
  }
  #being(name: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`${this.#words.switchPerson}.*${name}`) })
  }
  async is(name: string): Promise<boolean> {
    return (await this.#being(name).count()) > 0
  }

  /** Goes to one of the app's tabs. */
  async tab(which: 'home' | 'messages'): Promise<void> {
    await this.page.getByRole('tab', { name: this.#words[which] }).click()
  }

  /** Types a slash command in the app's conversation; the list of commands must offer it. */
  async command(text: string): Promise<void> {
    const [name = ''] = text.split(' ')
    await this.composer.fill(name)
    await this.page
      .getByRole('option', { name: new RegExp(`^${name}`) })
      .first()
      .waitFor()
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Business time goes on by a step of the clock panel, with everything that falls due on the way. */
  async walk(step: ClockStep): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${this.#words.businessTime}: `) }).click()
    const forward = this.page.getByRole('button', { name: this.#words.steps[step] ?? step, exact: true })
    await forward.click()
    // It can be pressed again once time has passed.
    await forward.and(this.page.locator(':disabled')).waitFor({ state: 'detached', timeout: 60_000 })
    await this.page.getByRole('button', { name: this.#words.closePanel }).first().click()
  }

  answer(text: string | RegExp): Locator {
    return this.message(text)
  }
  async dismiss(): Promise<void> {}
  ask(words: string): Promise<void> {
    return this.command(`/${words}`)
  }
  async form(words: string): Promise<void> {
    await this.ask(words)
    await this.dialog.waitFor()
  }

  /** The newest message in view with these words. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('article').filter({ hasText: text }).last()
  }

  /** Presses a button of a message, and confirms when Slack asks. */
  async press(card: Locator, button: string, confirm?: string): Promise<void> {
    await card.getByRole('button', { name: button, exact: true }).click()
    if (confirm !== undefined)
      await this.page.getByRole('alertdialog').getByRole('button', { name: confirm, exact: true }).click()
  }

  /** Fills in the dialog in front, by the labels of its fields. */
  async fill(answers: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, answer] of Object.entries(answers))
      await this.dialog.getByRole('textbox', { name: label }).fill(answer)
  }

  value(label: string): Promise<string> {
    return this.dialog.getByRole('textbox', { name: label }).inputValue()
  }

  async pick(label: string, option: string): Promise<void> {
    await this.dialog.getByRole('combobox', { name: label }).click()
    await this.page.getByRole('option', { name: new RegExp(`^${literally(option)}`) }).click()
  }
  tick(label: string, option: string): Promise<void> {
    return this.pick(label, option)
  }
  async choose(label: string, query: string, option: string | RegExp): Promise<void> {
    await this.dialog.getByRole('combobox', { name: label }).fill(query)
    await this.page.getByRole('option', { name: option }).click()
  }
  /** A menu redraws its modal by itself; a line that was typed does when Enter is pressed. */
  async more(): Promise<void> {
    const typed = this.dialog.locator('input:focus:not([role=combobox])')
    if ((await typed.count()) > 0) await typed.press('Enter')
  }

  /** Sends the dialog in front and waits until it has gone. */
  async submit(button: string, said?: string | RegExp): Promise<void> {
    const open = await this.page.getByRole('dialog').count()
    await this.dialog.getByRole('button', { name: button, exact: true }).click()
    await this.page
      .getByRole('dialog')
      .nth(open - 1)
      .waitFor({ state: 'detached' })
    if (said !== undefined) await this.message(said).waitFor()
  }

  /** What reaches beyond the right edge of the screen: nothing should. */
  overflow(): Promise<readonly string[]> {
    // As text: these sources are checked without the types of a browser.
    return this.page.evaluate(`[...document.querySelectorAll('article *, form[role=dialog] *, .home *')]
      .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((one) => one.tagName + ' ' + one.className + ' ' + (one.textContent ?? '').slice(0, 40))`)
  }
}
