import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enqueueDeliveries } from '../../data/outbox.ts'
import { engines, freshDatabase } from '../support/databases.ts'
import { ask, channel, company, empty, line, nudge, person, Rig, tell } from './rig.ts'

describe.each(engines)('sending on %s', (engine) => {
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

  it('an asked person gets one card in their DM, and its place is remembered', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v1'])
    expect(await rig.states()).toEqual(['sent'])
    expect(await rig.placed()).toMatchObject([{ message: 'm1', state: 'live' }])
  })

  it('the drawings of a card are kept before the card is sent', async () => {
    await rig.start()
    let kept = -1
    rig.chat.onPost = async () => {
      kept = (await rig.database.read.selectFrom('drawings').selectAll().execute()).length
    }
    await rig.owe(ask(person('kim')))
    await rig.idle()
    expect(kept).toBe(1)
  })

  it('a picture is made ready before the attempt is written down: cut off there, even a nudge is not “unknown”', async () => {
    await rig.start()
    const seen: (number | null)[] = []
    rig.chat.onPrepare = async () => {
      const rows = await rig.database.read.selectFrom('deliveries').select('sending_since').execute()
      seen.push(...rows.map((row) => row.sending_since))
      throw new Error('no picture today')
    }
    await rig.owe(nudge(channel('C1')))
    await rig.idle()
    expect(rig.chat.calledFor('post')).toHaveLength(1)
    expect(await rig.states()).toEqual(['sent'])
    expect(seen).toEqual([null])
  })

  it('a refresh redraws the card that stands and posts none', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')), ask(person('lee')))
    await rig.idle()
    await rig.change('r1')
    await rig.idle()
    expect(rig.chat.texts()).toEqual(['approval r1 v2', 'approval r1 v2'])
    expect(rig.chat.calledFor('post')).toHaveLength(2)
  })

  it('a refresh of a card that was never posted posts nothing', async () => {
    await rig.start()
    await rig.owe({ ...ask(person('kim')), kind: 'refresh' })
    await rig.idle()
    expect(rig.chat.messages).toEqual([])
    expect(await rig.states()).toEqual(['dropped'])
  })

  it('a card that shows what it should is not sent again', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    await rig.owe({ ...ask(person('kim')), kind: 'refresh' })
    await rig.idle()
    expect(rig.chat.calledFor('update')).toEqual([])
    expect(await rig.states()).toEqual(['sent', 'sent'])
  })

  it('a card that looks the same but stands on an older version is redrawn, so that its buttons work', async () => {
    await rig.start(1, {
      draw: async (_company, { subject }) => ({
        card: { summary: 'the same', blocks: [] },
        drawings: [
          { id: `d${rig.version(subject.id)}`, subject, version: rig.version(subject.id), shown: {}, at: 0 },
        ],
      }),
    })
    await rig.owe(ask(person('kim')))
    await rig.idle()
    await rig.change('r1')
    await rig.idle()
    expect(rig.chat.calledFor('update')).toHaveLength(1)
  })

  it('a second ask about the same subject updates the card that is there', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    rig.versions.set('r1', 2)
    await rig.owe(tell(person('kim')))
    await rig.idle()
    expect(rig.chat.messages).toMatchObject([{ text: 'approval r1 v2', edits: 1 }])
  })

  it('a nudge is a new message, and the newest is the one that is kept up to date', async () => {
    await rig.start()
    await rig.owe(nudge(person('kim')))
    await rig.idle()
    await rig.owe(nudge(person('kim')))
    await rig.idle()
    await rig.change('r1')
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['nudge r1 v1', 'nudge r1 v2'])
  })

  it('ten refreshes that nobody drew yet become one', async () => {
    await rig.replica()
    await rig.owe(ask(person('kim')))
    for (let n = 0; n < 10; n++) await rig.change('r1')
    await rig.start()
    await rig.idle()
    expect((await rig.rows()).map(({ kind }) => kind)).toEqual(['ask', 'refresh'])
    expect(rig.chat.messages).toMatchObject([{ text: 'approval r1 v11' }])
  })

  it('a change that is committed while its card is being drawn is drawn too', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    let changed = false
    rig.onDraw = async ({ kind }) => {
      if (kind !== 'refresh' || changed) return
      changed = true
      // The refresh that is being drawn has begun, so this one must be a row of its own.
      const before = rig.version('r1')
      rig.onDraw = () => undefined
      await rig.change('r1')
      rig.versions.set('r1', before)
      queueMicrotask(() => rig.versions.set('r1', before + 1))
    }
    await rig.change('r1')
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v3'])
  })

  it('a card that is on its way when the record moves is redrawn once it has arrived', async () => {
    await rig.start()
    rig.chat.onPost = async () => {
      rig.chat.onPost = () => undefined
      await rig.change('r1')
    }
    await rig.owe(ask(person('kim')))
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v2'])
  })

  it('the same cause is never delivered twice', async () => {
    await rig.start()
    await rig.owe(nudge(person('kim'), 'r1', { once: 'stalled:r1:2026-05-04' }))
    await rig.owe(nudge(person('kim'), 'r1', { once: 'stalled:r1:2026-05-04' }))
    await rig.idle()
    await rig.owe(nudge(person('kim'), 'r1', { once: 'stalled:r1:2026-05-04' }))
    await rig.idle()
    expect(rig.chat.messages).toHaveLength(1)
  })

  it('the same once-key in another company is another cause', async () => {
    await rig.start()
    const delivery = nudge(person('kim'), 'r1', { once: 'stalled:r1' })
    await rig.owe(delivery)
    await rig.database.transact((trx) => enqueueDeliveries(trx, 'twin', [delivery], rig.now))
    await rig.idle()
    expect(rig.chat.messages).toHaveLength(2)
  })

  it('what is rolled back is not sent', async () => {
    await rig.start()
    await rig.database
      .transact(async (trx) => {
        await enqueueDeliveries(trx, company, [ask(person('kim'))], rig.now)
        throw new Error('refused after all')
      })
      .catch(() => undefined)
    await rig.owe(ask(person('lee')))
    await rig.idle()
    expect(rig.chat.messages.map(({ channel: at }) => at)).toEqual(['dm-lee'])
  })

  it('a delivery for later is sent when business time has come', async () => {
    await rig.start()
    await rig.owe(nudge(person('kim'), 'r1', { after: rig.now + 3_600_000 }))
    await rig.idle()
    expect(rig.chat.messages).toEqual([])
    rig.now += 3_600_000
    await rig.idle()
    expect(rig.chat.texts()).toEqual(['nudge r1 v1'])
  })

  it('B5.82 what was due at once is sent although the clock was set back before it was', async () => {
    await rig.replica()
    await rig.owe(ask(person('kim')))
    rig.now -= 86_400_000
    await rig.start()
    await rig.idle()
    expect(rig.chat.texts()).toEqual(['approval r1 v1'])
  })

  it('a line goes into the thread under the card', async () => {
    await rig.start()
    await rig.owe(ask(person('kim')), line(person('kim'), 'approved'))
    await rig.idle()
    expect(rig.chat.messages).toMatchObject([
      { id: 'm1', text: 'approval r1 v1' },
      { thread: 'm1', text: 'approval r1 says approved' },
    ])
  })

  it('a line whose card was never posted brings the card first', async () => {
    await rig.start()
    await rig.owe(line(person('kim'), 'approved'))
    await rig.idle()
    expect(rig.chat.messages).toMatchObject([
      { id: 'm1', text: 'approval r1 v1', thread: undefined },
      { thread: 'm1', text: 'approval r1 says approved' },
    ])
  })

  it('a card whose time has passed is not posted any more', async () => {
    rig.onlyRedraw = true
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    expect(rig.chat.messages).toEqual([])
    expect(await rig.states()).toEqual(['dropped'])
  })

  it('B5.63 what happened first is told first, in each conversation', async () => {
    await rig.start()
    rig.chat.slowMs = 1
    const owed = ['1', '2', '3', '4', '5', '6'].flatMap((n) =>
      ['kim', 'lee', 'choi'].map((who) => line(person(who), n)),
    )
    for (const delivery of owed) await rig.owe(delivery)
    await rig.idle()
    for (const who of ['kim', 'lee', 'choi'])
      expect(rig.chat.texts(`dm-${who}`)).toEqual([
        'approval r1 v1',
        ...[1, 2, 3, 4, 5, 6].map((n) => `approval r1 says ${n}`),
      ])
    expect(rig.chat.mostAtOnce).toBe(1)
  })

  it('a person on two platforms is asked where they prefer, and told of changes wherever a card stands', async () => {
    rig.identities = (id) => [
      { platform: 'teams', tenant: 'M1', user: id },
      { platform: 'slack', tenant: 'T1', user: id },
    ]
    await rig.start()
    await rig.owe(ask(person('kim')))
    await rig.idle()
    expect([rig.teams.messages.length, rig.chat.messages.length]).toEqual([1, 0])
    // Later they prefer the other one: a nudge goes there, and both cards are kept up to date.
    rig.identities = (id) => [{ platform: 'slack', tenant: 'T1', user: id }]
    await rig.owe({ ...nudge(person('kim')), card: 'approval' })
    await rig.idle()
    await rig.change('r1')
    await rig.idle()
    expect([rig.teams.texts(), rig.chat.texts()]).toEqual([['approval r1 v2'], ['approval r1 v2']])
  })

  it('a card for a channel is posted there and nowhere else', async () => {
    await rig.start()
    await rig.owe(tell(channel('C1')))
    await rig.idle()
    expect(rig.chat.calls.map(({ op }) => op)).toEqual(['post'])
    expect(rig.chat.texts('C1')).toEqual(['approval r1 v1'])
  })

  it('every delivery waits until the server is quiet', async () => {
    let quiet = 0
    await rig.start(1, {
      ready: async () => {
        quiet += 1
      },
    })
    rig.chat.onPost = () => expect(quiet).toBeGreaterThan(0)
    await rig.owe(ask(person('kim')), ask(person('kim'), 'r2'))
    await rig.idle()
    expect(quiet).toBeGreaterThanOrEqual(2)
  })

  it('a delivery that cannot be drawn is tried again and does not hold up other conversations', async () => {
    let broken = true
    rig.onDraw = ({ subject }) => {
      if (broken && subject.id === 'r1') throw new Error('no such deal')
    }
    await rig.start()
    await rig.owe(ask(person('kim')), ask(person('lee'), 'r2'))
    while (!rig.logged.some(({ level }) => level === 'error') || rig.chat.messages.length === 0)
      await new Promise((resolve) => setImmediate(resolve))
    expect(rig.chat.texts()).toEqual(['approval r2 v1'])
    broken = false
    await rig.idle()
    expect(rig.chat.texts('dm-kim')).toEqual(['approval r1 v1'])
  })
})
