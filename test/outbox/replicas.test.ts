import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines, freshDatabase } from '../support/databases.ts'
import { ask, empty, person, Rig, until } from './rig.ts'

describe.each(engines)('several senders, on %s', (engine) => {
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

  describe('replicas', () => {
    /** Something that stands still until it is let go. */
    function standstill(): { here: Promise<void>; go: () => void } {
      let go: () => void = () => undefined
      const here = new Promise<void>((resolve) => {
        go = resolve
      })
      return { here, go }
    }

    it('B5.79 a sender that was paused past its lease while it posted changes nothing when it wakes', async () => {
      const pause = standstill()
      // The message has arrived, but the sender that stood still is told otherwise.
      rig.chat.fault = ({ op }, nth) =>
        op === 'post' && nth === 1
          ? { answer: { outcome: 'dead', what: 'refused', why: 'too late' }, done: true }
          : undefined
      rig.chat.onPost = () => {
        rig.chat.onPost = () => undefined
        return pause.here
      }
      await rig.start(2, { settings: { leaseMs: 150, callMs: 30_000 } })
      await rig.owe(ask(person('kim')))
      await until(() => rig.counts.sent === 1)
      pause.go()
      await until(() => rig.logged.some(({ message }) => /taken over/.test(message)))
      expect(rig.chat.messages).toHaveLength(1)
      expect(await rig.states()).toEqual(['sent'])
    })

    it('B5.79 a sender that was paused past its lease before it posted does not post when it wakes', async () => {
      const pause = standstill()
      rig.onDraw = () => {
        rig.onDraw = () => undefined
        return pause.here
      }
      await rig.start(2, { settings: { leaseMs: 150 } })
      await rig.owe(ask(person('kim')))
      await until(() => rig.counts.sent === 1)
      pause.go()
      await until(() => rig.logged.some(({ message }) => /taken over/.test(message)))
      expect(rig.chat.calledFor('post')).toHaveLength(1)
    })

    it('B5.49 while one replica waits for an answer, no other one touches that conversation', async () => {
      const pause = standstill()
      rig.chat.onPost = ({ channel: at }) => (at === 'dm-kim' ? pause.here : undefined)
      await rig.start(2)
      await rig.owe(ask(person('kim')))
      await until(() => rig.chat.calledFor('post', 'dm-kim').length === 1)
      for (let n = 2; n < 6; n++) await rig.owe(ask(person('kim'), `r${n}`), ask(person('lee'), `r${n}`))
      await until(() => rig.chat.texts('dm-lee').length === 4)
      expect(rig.chat.calls.filter(({ op, channel: at }) => at === 'dm-kim' && op !== 'reach')).toHaveLength(
        1,
      )
      pause.go()
      await rig.idle()
      expect(rig.chat.texts('dm-kim')).toHaveLength(5)
      expect(rig.chat.calledFor('find')).toEqual([])
    })

    it('B5.78 three replicas send 60 deliveries once each', async () => {
      await rig.start(3)
      for (let n = 0; n < 60; n++) await rig.owe(ask(person(`p${n % 12}`), `r${n}`))
      await rig.idle()
      expect(rig.chat.messages).toHaveLength(60)
      expect(new Set(rig.chat.messages.map(({ text }) => text)).size).toBe(60)
      expect(rig.chat.mostAtOnce).toBe(1)
    })

    it('B5.70 a stop finishes what is in flight and gives the rest back for the next one', async () => {
      rig.chat.slowMs = 20
      await rig.start()
      for (let n = 0; n < 12; n++) await rig.owe(ask(person(`p${n % 3}`), `r${n}`))
      await until(() => rig.chat.messages.length > 0)
      await rig.stop()
      const sent = rig.chat.messages.length
      expect(sent).toBeLessThan(12)
      await rig.start()
      await rig.idle()
      expect(rig.chat.messages).toHaveLength(12)
      expect(rig.chat.calledFor('find')).toEqual([])
    })
  })
})

describe('a start on SQLite, where nobody else can be sending', () => {
  it('B5.66 does not wait for the leases of a process that was killed', async () => {
    const { database, close } = await freshDatabase('sqlite')
    const rig = new Rig(database)
    await rig.owe(ask(person('kim')))
    await database.transact((trx) =>
      sql`insert into lanes (company_id, lane, lease_id, lease_until)
          select company_id, lane, 'of the killed one', unixepoch() * 1000 + 3600000 from deliveries`.execute(
        trx,
      ),
    )
    await rig.start()
    await rig.idle()
    expect(rig.chat.messages).toHaveLength(1)
    await rig.stop()
    await close()
  })
})
