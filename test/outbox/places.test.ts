import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dismissDead, retryDead } from '../../data/dead-letters.ts'
import { resumeWorkspace } from '../../data/workspace-pause.ts'
import { defaultWorkingTime } from '../../src/canon/calendar.ts'
import { engines, freshDatabase, freshStore } from '../support/databases.ts'
import { answers } from './chat.ts'
import { ask, channel, company, empty, line, nudge, person, Rig, tell, tenant } from './rig.ts'

describe.each(engines)('when a place is gone, on %s', (engine) => {
  let rig: Rig
  let opened: Awaited<ReturnType<typeof freshDatabase>>
  beforeAll(async () => {
    opened = await freshDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await empty(opened.database)
    rig = new Rig(opened.database)
  })
  afterEach(() => rig.stop())

  describe('places that are gone', () => {
    const archive = (id: string) => {
      rig.chat.fault = ({ op, channel: at }) => (op !== 'find' && at === id ? answers.archived : undefined)
    }

    it('B5.50 a card for an archived channel is dead with its reason, goes to the fallback audience, and is not retried', async () => {
      archive('C1')
      rig.fallback = ({ delivery }) => [{ ...delivery, audience: person('requester'), once: undefined }]
      await rig.start()
      await rig.owe(tell(channel('C1')))
      await rig.idle()
      expect(rig.chat.calledFor('post', 'C1')).toHaveLength(1)
      expect(rig.chat.texts('dm-requester')).toEqual(['approval r1 v1'])
      expect(await rig.rows()).toMatchObject([
        { state: 'dead', what: 'place-gone', why: 'is_archived' },
        { state: 'sent' },
      ])
    })

    it('B5.50 the administrator is told once for a place, however much is lost there, and again when it breaks again', async () => {
      archive('C1')
      rig.fallback = ({ placeKey }) => [
        { ...tell(person('admin'), 'gone'), card: 'delivery.dead', once: placeKey },
      ]
      await rig.start()
      await rig.owe(tell(channel('C1')), tell(channel('C1'), 'r2'), line(channel('C1'), 'one', 'r3'))
      await rig.idle()
      expect(rig.chat.texts('dm-admin')).toHaveLength(1)
      rig.chat.fault = () => undefined
      await rig.owe(tell(channel('C1'), 'r4'))
      await rig.idle()
      rig.now += 60_000
      archive('C1')
      await rig.owe(tell(channel('C1'), 'r5'))
      await rig.idle()
      expect(await rig.states()).toEqual(['dead', 'dead', 'dead', 'sent', 'sent', 'dead', 'sent'])
      expect(new Set(rig.deaths.map(({ placeKey }) => placeKey)).size).toBe(2)
    })

    it('B5.50 when the fallback is gone too, it ends there', async () => {
      rig.chat.fault = ({ op }) => (op === 'post' || op === 'reach' ? answers.archived : undefined)
      rig.fallback = ({ delivery }) => [{ ...delivery, audience: person(`next-${rig.deaths.length}`) }]
      await rig.start()
      await rig.owe(tell(channel('C1')))
      await rig.idle()
      expect(await rig.states()).toEqual(['dead', 'dead', 'dead'])
    })

    it('B5.51 a person who closed the DM on one platform is asked on the other', async () => {
      rig.identities = (id) => [
        { platform: 'teams', tenant: 'M1', user: id },
        { platform: 'slack', tenant, user: id },
      ]
      rig.teams.fault = () => answers.archived
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v1'])
      expect(await rig.states()).toEqual(['sent'])
    })

    it('a person who is linked nowhere: dead with that reason, and the fallback is asked for once', async () => {
      rig.identities = () => []
      rig.fallback = ({ what }) => (what === 'no-identity' ? [tell(channel('C-admins'))] : [])
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      expect(await rig.rows()).toMatchObject([{ state: 'dead', what: 'no-identity' }, { state: 'sent' }])
    })

    it('however many deliveries for a person who is linked nowhere are told of once', async () => {
      rig.identities = (id) => (id === 'kim' ? [] : [{ platform: 'slack', tenant, user: id }])
      rig.fallback = ({ placeKey }) => [
        { ...tell(person('admin'), 'lost'), card: 'delivery.dead', once: placeKey },
      ]
      await rig.start()
      for (let n = 0; n < 4; n++) await rig.owe(ask(person('kim'), `r${n}`))
      await rig.idle()
      expect(rig.chat.texts('dm-admin')).toHaveLength(1)
    })

    it('B5.54 a missing scope is dead with the scope’s name, at once', async () => {
      rig.chat.fault = ({ op }) => (op === 'post' ? answers.missingScope : undefined)
      await rig.start()
      await rig.owe(tell(channel('C1')))
      await rig.idle()
      expect(rig.chat.calledFor('post')).toHaveLength(1)
      expect(await rig.rows()).toMatchObject([
        { state: 'dead', what: 'refused', why: 'missing_scope: chat:write.public' },
      ])
    })

    it('a dead delivery can be sent again or dismissed, and only in its own company', async () => {
      archive('C1')
      await rig.start()
      await rig.owe(tell(channel('C1')), tell(channel('C1'), 'r2'))
      await rig.idle()
      rig.chat.fault = () => undefined
      const [first, second] = await rig.rows()
      const { transact } = rig.database
      const retry = (of: string, id: unknown) => transact((trx) => retryDead(trx, of, String(id)))
      const dismiss = (id: unknown) => transact((trx) => dismissDead(trx, company, String(id), rig.now))
      expect(await retry('twin', first!.id)).toBe(false)
      expect(await retry(company, '1 or 1=1')).toBe(false)
      expect(await retry(company, first!.id)).toBe(true)
      expect(await dismiss(second!.id)).toBe(true)
      expect(await dismiss(second!.id)).toBe(false)
      await rig.idle()
      expect(rig.chat.texts('C1')).toEqual(['approval r1 v1'])
      expect(await rig.states()).toEqual(['sent', 'dropped'])
    })
  })

  describe('messages that somebody deleted', () => {
    it('B5.55 a deleted card is posted afresh once, and redrawn there from then on', async () => {
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      rig.chat.remove(rig.chat.messages[0]!)
      await rig.change('r1')
      await rig.idle()
      await rig.change('r1')
      await rig.idle()
      expect(rig.chat.messages).toMatchObject([{ id: 'm2', text: 'approval r1 v3' }])
    })

    it('B5.55 a card that is deleted again stays deleted', async () => {
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      for (let n = 0; n < 3; n++) {
        for (const message of [...rig.chat.messages]) rig.chat.remove(message)
        await rig.change('r1')
        await rig.idle()
      }
      expect(rig.chat.calledFor('post')).toHaveLength(2)
      expect(rig.chat.messages).toEqual([])
      expect(await rig.placed()).toMatchObject([{ state: 'gone' }])
    })

    it('B5.55 a settled card that was deleted is not brought back', async () => {
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      rig.chat.remove(rig.chat.messages[0]!)
      rig.onlyRedraw = true
      await rig.change('r1')
      await rig.idle()
      expect(rig.chat.messages).toEqual([])
    })

    it('B5.55 B5.48 a card posted afresh with an unknown outcome is found, not doubled', async () => {
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      rig.chat.remove(rig.chat.messages[0]!)
      rig.chat.fault = ({ op }, nth) => (op === 'post' && nth === 2 ? answers.unknown(true) : undefined)
      await rig.change('r1')
      await rig.idle()
      await rig.change('r1')
      await rig.idle()
      expect(rig.chat.messages).toMatchObject([{ id: 'm2', text: 'approval r1 v3' }])
    })

    it('B5.55 a line under a deleted card brings the card back first', async () => {
      await rig.start()
      await rig.owe(ask(person('kim')))
      await rig.idle()
      rig.chat.remove(rig.chat.messages[0]!)
      rig.chat.fault = ({ op, thread }) =>
        op === 'post' && thread === 'm1'
          ? { answer: { outcome: 'dead', what: 'message-gone', why: 'thread_not_found' } }
          : undefined
      await rig.owe(line(person('kim'), 'approved'))
      await rig.idle()
      expect(rig.chat.messages).toMatchObject([
        { id: 'm2', text: 'approval r1 v1' },
        { thread: 'm2', text: 'approval r1 says approved' },
      ])
    })
  })

  describe('a workspace that removed the app', () => {
    it('B5.52 everything for it waits, and after it is installed again arrives, but for the nudges', async () => {
      await rig.start()
      await rig.owe(ask(person('kim'), 'r0'))
      await rig.idle()
      rig.chat.fault = () => answers.uninstalled
      await rig.owe(ask(person('kim')), tell(person('lee')), nudge(person('lee')))
      await rig.change('r0')
      await rig.idle()
      expect(await rig.states()).toEqual(['sent', 'paused', 'paused', 'paused', 'sent'])
      const calls = rig.chat.calls.length
      await rig.owe(tell(person('choi')))
      await rig.idle()
      expect(rig.chat.calls.length).toBe(calls)

      rig.chat.fault = () => undefined
      await rig.database.transact((trx) =>
        resumeWorkspace(trx, company, { platform: 'slack', tenant }, rig.now),
      )
      await rig.idle()
      expect(rig.chat.texts().sort()).toEqual([
        'approval r0 v2',
        'approval r1 v1',
        'approval r1 v1',
        'approval r1 v1',
      ])
      expect((await rig.rows()).filter(({ kind }) => kind === 'nudge')).toMatchObject([{ state: 'dropped' }])
    })

    it('B5.52 a start tries a workspace again that was gone, and waits on when it still is', async () => {
      await rig.start()
      rig.chat.fault = () => answers.uninstalled
      await rig.owe(ask(person('kim')), ask(person('lee')))
      await rig.idle()
      await rig.stop()
      const calls = rig.chat.calls.length
      await rig.start()
      await rig.idle()
      expect(await rig.states()).toEqual(['paused', 'paused'])
      expect(rig.chat.calls.length).toBeGreaterThan(calls)
      await rig.stop()
      rig.chat.fault = () => undefined
      await rig.start()
      await rig.idle()
      expect(rig.chat.messages).toHaveLength(2)
    })

    it('B5.52 the same workspace of another company is another workspace', async () => {
      await rig.start()
      rig.chat.fault = ({ channel: at }) => (at === 'dm-kim' ? answers.uninstalled : undefined)
      await rig.owe(ask(person('kim')))
      await rig.idle()
      rig.identities = (id) => [{ platform: 'slack', tenant: 'T2', user: id }]
      await rig.owe(ask(person('lee')))
      await rig.idle()
      expect(rig.chat.messages).toMatchObject([{ tenant: 'T2', channel: 'dm-lee' }])
    })
  })
})

describe('a workspace that is installed again', () => {
  it('B5.52 is sent what waited for it by the commit of its installation', async () => {
    const { store, close } = await freshStore('sqlite', { encryptionKey: new Uint8Array(32) })
    const at = { by: 'cli', platform: 'cli' } as const
    await store.addCompany(
      {
        id: company,
        name: 'Acme',
        locale: 'ko',
        currency: 'KRW',
        fiscalYearStart: 1,
        working: defaultWorkingTime('Asia/Seoul', 'KR'),
      },
      at,
    )
    const rig = new Rig(store.database)
    await rig.start()
    rig.chat.fault = () => answers.uninstalled
    await rig.owe(ask(person('kim')))
    await rig.idle()
    rig.chat.fault = () => undefined
    await store.saveInstallation({ platform: 'slack', tenant, company, content: {} })
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v1'])
    await rig.stop()
    await close()
  })
})
