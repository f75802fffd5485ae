import { describe, expect, it } from 'vitest'
import { createLane } from '../../src/slack/lane.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the lane behind the acknowledgements', () => {
  it('starts work when it was quiet, in the order it came, one item a turn', async () => {
    const lane = createLane({ quietMs: 1 })
    const order: string[] = []
    lane.arrived()
    lane.run(async () => {
      order.push('a')
      // The next one is not started in this turn.
      await Promise.resolve()
      order.push('a, same turn')
    })
    lane.run(async () => void order.push('b'))
    expect(order).toEqual([])
    await lane.drained()
    expect(order).toEqual(['a', 'a, same turn', 'b'])
  })

  it('waits while requests keep coming, but not for ever', async () => {
    let now = 0
    const lane = createLane({ quietMs: 2, latestMs: 250, now: () => now })
    let started = false
    lane.arrived()
    lane.run(async () => {
      started = true
    })
    for (; now < 249; now += 1) {
      lane.arrived()
      if (now % 50 === 0) await turn()
    }
    expect(started).toBe(false)
    now = 251
    lane.arrived()
    await lane.drained()
    expect(started).toBe(true)
  })

  it('goes on after an item that fails', async () => {
    const lane = createLane()
    let after = false
    lane.run(() => Promise.reject(new Error('x')))
    lane.run(async () => {
      after = true
    })
    await lane.drained()
    expect(after).toBe(true)
  })

  it('is bounded: what does not fit starts at once instead of piling up', async () => {
    const lane = createLane({ most: 3 })
    let started = 0
    lane.arrived()
    for (let i = 0; i < 10; i++)
      lane.run(async () => {
        started += 1
      })
    expect(lane.waiting).toBe(3)
    expect(started).toBe(7)
    await lane.drained()
    expect(started).toBe(10)
  })

  it('awaits only so many answers at the same time', async () => {
    const lane = createLane({ atOnce: 2, quietMs: 0 })
    let running = 0
    let most = 0
    for (let i = 0; i < 8; i++)
      lane.run(async () => {
        running += 1
        most = Math.max(most, running)
        await turn()
        await turn()
        running -= 1
      })
    await lane.drained()
    expect(most).toBe(2)
  })

  it('is not quiet while a request is being answered, however long that takes', async () => {
    let now = 0
    const lane = createLane({ quietMs: 2, latestMs: 250, now: () => now })
    const answered = lane.answering()
    let started = false
    lane.run(async () => {
      started = true
    })
    now = 100
    await turn()
    expect(started).toBe(false)
    answered()
    now = 103
    await lane.drained()
    expect(started).toBe(true)
  })

  it('lets whoever stands back wait longer than what a person waits for', async () => {
    let now = 0
    const lane = createLane({ quietMs: 2, latestMs: 250, patienceMs: 1_000, now: () => now })
    lane.answering()
    const order: string[] = []
    const quiet = lane.quiet().then(() => order.push('cards'))
    lane.run(async () => void order.push('form'))
    now = 251
    lane.run(async () => void order.push('later form'))
    while (order.length < 1) await turn()
    expect(order).toEqual(['form'])
    now = 1_001
    await quiet
    expect(order).toEqual(['form', 'later form', 'cards'])
  })

  it('tells others when it is quiet', async () => {
    const lane = createLane({ quietMs: 1 })
    let worked = false
    lane.run(async () => {
      worked = true
    })
    await lane.quiet()
    expect(worked).toBe(true)
  })
})
