import type { Browser } from 'playwright-core'
import type { Language } from '../../src/playground/page/words.ts'
import { chromiumPath, openBrowser, Screen, type ScreenOptions } from './browser.ts'
import { openPlayground, type TestPlayground } from './playground.ts'

const required = process.env.DEALDESK_REQUIRE_BROWSER === '1'
/** Whether pages are tried here: where no Chromium is installed they are not, unless that must be noticed. */
export const browserWanted = chromiumPath !== undefined || required
if (!browserWanted)
  process.stderr.write(
    'The pages were not tried: no Chromium is installed. Install one (or name it in CHROMIUM) to run test/browser.\n',
  )

/** Who looks, and how. */
export type Visit = Omit<ScreenOptions, 'url'>

/** A playground of its own, and a browser to visit it with. */
export class Visits {
  readonly playground: TestPlayground
  readonly #browser: Browser
  #open: Screen[] = []

  private constructor(browser: Browser, playground: TestPlayground) {
    this.#browser = browser
    this.playground = playground
  }

  /** `now`: where business time begins; `language`: of the browser's own parts, such as a date field. */
  static async begin(options: { readonly now?: string; readonly language?: Language } = {}): Promise<Visits> {
    const [browser, playground] = await Promise.all([
      openBrowser(options.language),
      openPlayground(options.now === undefined ? {} : { DEALDESK_NOW: options.now }),
    ])
    return new Visits(browser, playground)
  }

  /** Opens a tab, which stays open until the visitors leave. */
  async open(visit: Visit): Promise<Screen> {
    const screen = await Screen.open(this.#browser, { url: this.playground.url, ...visit })
    this.#open.push(screen)
    return screen
  }

  /** Visits made alike: each opens a tab as `usual`, with what it says otherwise, and closes it when it has looked. */
  as(
    usual: Omit<Visit, 'user'>,
  ): (user: string, otherwise: Partial<Visit>, look: (screen: Screen) => Promise<void>) => Promise<void> {
    return async (user, otherwise, look) => {
      const screen = await this.open({ ...usual, user, ...otherwise })
      await look(screen)
      const { complaints } = screen
      if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`)
      this.#open = this.#open.filter((each) => each !== screen)
      await screen.close()
    }
  }

  /** Closes every tab, and tells what the browser complained of meanwhile: nothing should be. */
  async leave(): Promise<readonly string[]> {
    const complaints = this.#open.flatMap((screen) => screen.complaints)
    await Promise.all(this.#open.map((screen) => screen.close()))
    this.#open = []
    return complaints
  }

  async end(): Promise<void> {
    await this.#browser.close()
    await this.playground.stop()
  }
}
