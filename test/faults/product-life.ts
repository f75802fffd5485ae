import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SlackConfig, TeamsConfig } from '../../src/config.ts'
import { type Program, program, type Running } from '../support/child.ts'
import type { TestSlack } from '../support/slack-people.ts'
import type { TestTeams } from '../support/teams-people.ts'

/** What a process of the product is told, as JSON. */
export interface LifeSetting {
  readonly url: string
  readonly clockFile: string
  readonly endAt?: string
  readonly byHand?: { readonly names: readonly string[]; readonly company: string }
  readonly slack?: {
    readonly apiUrl: SlackConfig['apiUrl']
    readonly signingSecret: string
    readonly tokens: Readonly<Record<string, string>>
  }
  readonly teams?: TeamsConfig
}

/** One process of the product, until it ends or is killed. */
export class Life {
  readonly #running: Running
  readonly #lines: AsyncIterator<string>
  /** Of a server, once it listens. */
  port = 0

  constructor(running: Running) {
    this.#running = running
    this.#lines = running.lines[Symbol.asyncIterator]()
  }

  /** Waits until nothing that is due is left to do; false: it was killed before. Throws what it complained of. */
  async quiet(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) break
      if (value === 'quiet') return true
      if (value.startsWith('port ')) this.port = Number(value.slice(5))
    }
    const { code, signal, stderr } = await this.#running.ended
    if (signal === 'SIGKILL') return false
    throw new Error(`A process of the product ended with ${code}: ${stderr}`)
  }

  /** The clock was moved, or leases have run out: looks for what is due, as `quiet`. */
  look(): Promise<boolean> {
    this.#running.process.kill('SIGUSR2')
    return this.quiet()
  }

  /** kill −9, and its end. What it complained of until then is the caller's to judge. */
  async kill(): Promise<string> {
    this.#running.process.kill('SIGKILL')
    return (await this.#running.ended).stderr
  }
}

/** The program of which every life is a process, and the clock that all of them read. */
export class Lives {
  readonly #program: Program
  readonly #folder = mkdtempSync(join(tmpdir(), 'dealdesk-lives-'))
  readonly #begun: Life[] = []

  private constructor(made: Program) {
    this.#program = made
  }

  static async make(): Promise<Lives> {
    return new Lives(await program('test/faults/product-child.ts'))
  }

  get #clockFile(): string {
    return join(this.#folder, 'clock')
  }

  /** Replaces the file, because somebody may be reading it. */
  set now(instant: number) {
    writeFileSync(`${this.#clockFile}.next`, String(instant))
    renameSync(`${this.#clockFile}.next`, this.#clockFile)
  }

  /**
   * `crashAt`: a point of the outbox. `endAt`: a method of the store or `transact`, before, within or after its nth call.
   * `byHand`: these schedules once, as `dealdesk run` does it, and no server.
   */
  begin(
    url: string,
    platforms: { readonly slack?: TestSlack; readonly teams?: TestTeams },
    more: Pick<LifeSetting, 'endAt' | 'byHand'> & { readonly crashAt?: string | undefined } = {},
  ): Life {
    const { slack, teams } = platforms
    const { crashAt, ...rest } = more
    const workspaces = Object.values(slack?.core.world.workspaces ?? {})
    const setting: LifeSetting = {
      url,
      clockFile: this.#clockFile,
      ...rest,
      ...(slack && {
        slack: {
          apiUrl: slack.apiUrl,
          signingSecret: slack.signingSecret,
          tokens: Object.fromEntries(workspaces.map(({ id, botToken }) => [id, botToken])),
        },
      }),
      ...(teams && { teams: teams.settings }),
    }
    const life = new Life(
      this.#program.startWith({
        NODE_ENV: 'test',
        SETTING: JSON.stringify(setting),
        ...(crashAt !== undefined && { DEALDESK_CRASH_AT: crashAt }),
      }),
    )
    this.#begun.push(life)
    return life
  }

  async end(): Promise<void> {
    for (const life of this.#begun) await life.kill()
    this.#program.remove()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
