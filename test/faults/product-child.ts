/*
 * The product in a process of its own, on the local platforms of another one, by a clock that stands in a file: the
 * whole server, or a schedule that somebody runs by hand beside it. It says `quiet` when nothing that is due is left to
 * do, the server again after every SIGUSR2, and ends itself where it was told to.
 */
import { readFileSync } from 'node:fs'
import { createStore, type DataStore } from '../../data/store.ts'
import { schedules } from '../../schedules/index.ts'
import { runForCompany } from '../../schedules/run.ts'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import type { LifeSetting } from './product-life.ts'

const setting = JSON.parse(process.env.SETTING!) as LifeSetting
const clock = { now: () => Number(readFileSync(setting.clockFile, 'utf8')) }
const log = createLog('error', { write: (line) => process.stderr.write(line) })

type Call = (...args: unknown[]) => Promise<unknown>

/** `after commit 3`: the process ends when the store's third commit is done; `within transact 5`: before it is. */
function endAt(store: DataStore, point: string): void {
  const [when, name, nth] = point.split(' ') as ['before' | 'within' | 'after', string, string]
  const owner = (name === 'transact' ? store.database : store) as unknown as Record<string, Call>
  const original = owner[name]!.bind(owner)
  const end = () => process.kill(process.pid, 'SIGKILL')
  let calls = 0
  owner[name] = async (...args) => {
    calls += 1
    const here = calls === Number(nth)
    if (here && when === 'before') end()
    const [work, ...rest] = args
    const result =
      here && when === 'within'
        ? await original(
            async (trx: unknown) => {
              const done = await (work as Call)(trx)
              end()
              return done
            },
            ...rest,
          )
        : await original(...args)
    if (here && when === 'after') end()
    return result
  }
}

async function runByHand({ names, company }: NonNullable<LifeSetting['byHand']>): Promise<void> {
  const store = await createStore({ url: setting.url, clock })
  if (setting.endAt) endAt(store, setting.endAt)
  for (const schedule of schedules.filter(({ name }) => names.includes(name)))
    await runForCompany(schedule, { store, now: clock.now(), dryRun: false }, company)
  await store.close()
  console.log('quiet')
}

async function serve(): Promise<void> {
  const { slack, teams } = setting
  const app = await startDealdesk({
    config: loadConfig({ DATABASE_URL: setting.url, PORT: '0', DEALDESK_HOST: '127.0.0.1' }),
    log,
    clock,
    paceMs: 1,
    local: {
      ...(slack && {
        slack: { apiUrl: slack.apiUrl, signingSecrets: [slack.signingSecret] },
        installations: {
          handle: async () => false,
          tenants: async () => Object.keys(slack.tokens),
          forget: async () => undefined,
          tokenOf: async (tenant) => slack.tokens[tenant]!,
        },
      }),
      ...(teams && { teams }),
    },
    onStore: async (store) => {
      if (setting.endAt) endAt(store, setting.endAt)
    },
  })
  console.log(`port ${app.port}`)
  const workOff = async () => {
    await app.clockMoved()
    await app.idle()
    console.log('quiet')
  }
  process.on('SIGUSR2', () => void workOff())
  await workOff()
}

await (setting.byHand ? runByHand(setting.byHand) : serve())
