import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { companyAfter, newCompany } from '../../data/import/companies.ts'
import { planOf, rowsSource } from '../../data/import/plan.ts'
import { runImport } from '../../data/import.ts'
import { createStore } from '../../data/store.ts'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { type RunningPlayground, startPlayground } from '../../src/playground/index.ts'
import { Persona } from '../support/slack-person.ts'

let folder: string
let running: RunningPlayground | undefined
const log = createLog('silent', { write: () => undefined })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playground-'))
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

const url = () => `file:${join(folder, 'dealdesk.db')}`
async function start(env: Record<string, string> = {}): Promise<RunningPlayground> {
  const config = loadConfig({ DATABASE_URL: url(), PORT: '0', ...env })
  running = await startPlayground({ config, log, start: startDealdesk })
  return running
}
async function stop(): Promise<void> {
  await running?.stop()
  running = undefined
}

/** A demo person by what they are. */
function who({ playground }: RunningPlayground, role: string): Persona {
  const workspace = playground.slack.workspace('T0DEALDESK')
  const user = Object.values(workspace.users).find((one) => one.roles?.includes(role))
  return new Persona({ core: playground.slack.core, workspace, user: user! })
}

describe('the playground as npm start opens it', () => {
  test('has the demo companies, and a command opens the product’s form', async () => {
    const { playground } = await start()
    expect(Object.keys(playground.slack.core.world.workspaces)).toEqual(['T0DEALDESK', 'T0LARKFIELD'])
    const seller = who(running!, 'ae')
    await seller.command('/approve-discount')
    const form = await seller.modal()
    expect(form.fields()).toContain('discount')
    expect((await form.search('deal', '')).length).toBeGreaterThan(0)
    expect((await seller.home()).text()).toContain(seller.actor.user.realName)
  })

  test('B5.73 a database in a folder that is not there is refused, and the folder is not made', async () => {
    const missing = join(folder, 'mistyped')
    await expect(start({ DATABASE_URL: `file:${join(missing, 'dealdesk.db')}` })).rejects.toThrow(
      `the folder ${missing} does not exist`,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  test('opens again on its own database with the conversation that was there', async () => {
    await start()
    await who(running!, 'ae').dm().say('안녕하세요')
    await stop()
    await start()
    const dm = who(running!, 'ae').dm()
    expect(dm.messages().map((card) => card.text())).toContain('안녕하세요')
  })

  test('starts afresh when its database was deleted', async () => {
    const first = await start()
    await who(first, 'ae').dm().say('안녕하세요')
    first.clock.move({ forward: { days: 3 } })
    await stop()
    for (const name of readdirSync(folder)) if (/\.db(-wal|-shm)?$/.test(name)) rmSync(join(folder, name))
    const second = await start()
    expect(second.clock.state().offsetMs).toBe(0)
    expect(who(second, 'ae').dm().messages()).toEqual([])
  })

  test('leaves a database alone that it did not make, unless it is told to', async () => {
    const store = await createStore({ url: url(), clock: { now: Date.now }, makeFolder: true })
    const company = companyAfter(newCompany('acme', 'USD'), { name: 'Acme', locale: 'en' })
    await store.addCompany(company, { by: 'system', platform: 'system' })
    await store.close()
    await expect(start()).rejects.toThrow(/DEALDESK_PLAYGROUND=1/)
  })

  test('shows every company of a database it is allowed to use, and adds none', async () => {
    const store = await createStore({ url: url(), clock: { now: Date.now }, makeFolder: true })
    const company = companyAfter(newCompany('acme', 'USD'), { name: 'Acme', locale: 'en' })
    await store.addCompany(company, { by: 'system', platform: 'system' })
    const people = rowsSource('people', [{ id: 'ann', name: 'Ann Lee', roles: 'ae' }])
    const imported = await runImport(store, planOf([people], [], new Map()), {
      company: 'acme',
      now: Date.now,
    })
    expect(imported.outcome).not.toBe('refused')
    await store.close()

    const { playground } = await start({ DEALDESK_PLAYGROUND: '1' })
    const workspaces = Object.values(playground.slack.core.world.workspaces)
    expect(workspaces.map(({ name }) => name)).toEqual(['Acme'])
    // Ann has no Slack user and no e-mail address in the import: in a workspace made for it she is linked all the same.
    const ann = Object.values(workspaces[0]!.users).find(({ realName }) => realName === 'Ann Lee')
    const client = new Persona({ core: playground.slack.core, workspace: workspaces[0]!, user: ann! })
    expect((await client.home()).text()).toContain('Ann Lee')
  })

  test('never in production', async () => {
    expect(() => loadConfig({ DATABASE_URL: url(), NODE_ENV: 'production' })).toThrow(/NODE_ENV/)
  })
})
