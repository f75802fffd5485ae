import { mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Locator } from 'playwright-core'
import { Screen } from './browser.ts'

const folder = resolve('docs', 'images')
/** The README shows pictures beside text: more would only be slow to load. */
const mostBytes = 250_000

/** Who plays the request in one language. */
export interface Cast {
  readonly language: 'ko' | 'en'
  readonly workspace: string
  readonly deal: string
  readonly dealName: string
  /** User ids: who asks, and who decides in order. */
  readonly asker: string
  readonly deciders: readonly string[]
  readonly manager: string
  readonly answers: Readonly<Record<string, string>>
  readonly send: string
  readonly approve: string
  readonly pending: RegExp
  readonly approved: RegExp
  readonly preview: string
}

/** Takes a picture for docs/images, of a whole screen or of something on it. */
export async function shoot(target: Locator | Screen, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.png`)
  if (target instanceof Screen) await target.page.screenshot({ path, animations: 'disabled' })
  else await target.screenshot({ path, animations: 'disabled' })
  const { size } = statSync(path)
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes: more than ${mostBytes}`)
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`)
}

/** Nothing has the focus or the pointer, and what scrolls stands at its beginning. */
export async function rest(screen: Screen): Promise<unknown> {
  await screen.page.mouse.move(0, 0)
  return screen.page.evaluate(
    `document.activeElement?.blur(); document.querySelector('.modal-body, .tm-dialog-body')?.scrollTo(0, 0)`,
  )
}
