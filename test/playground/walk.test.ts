import { describe, expect, it } from 'vitest'
import { MovableClock } from '../../src/playground/clock.ts'
import { walkTo } from '../../src/playground/walk.ts'

const hour = 3_600_000
const day = 24 * hour

describe('a walk through time', () => {
  const from = Date.parse('2026-11-23T10:00:00+09:00')
  /** Nine o'clock in Seoul, every day. */
  const nine = async (after: number) => {
    const first = Date.parse('2026-11-23T09:00:00+09:00')
    return first + (Math.floor((after - first) / day) + 1) * day
  }

  it('stops wherever a schedule has its hour, in order, and ends where it was sent', async () => {
    const clock = new MovableClock({ wall: () => from })
    const stops: number[] = []
    await walkTo(from + 3 * day, clock, {
      nextSlot: nine,
      arrive: async () => {
        stops.push(clock.now())
      },
    })
    expect(stops).toEqual([...stops].sort((a, b) => a - b))
    for (const n of [1, 2, 3]) expect(stops).toContain(from - hour + n * day)
    expect(clock.now()).toBe(from + 3 * day)
  })

  it('looks for what is due twice a day where nothing keeps local time', async () => {
    const clock = new MovableClock({ wall: () => from })
    let stops = 0
    const arrive = async () => {
      stops += 1
    }
    await walkTo(from + 2 * day, clock, { nextSlot: async () => undefined, arrive })
    expect(stops).toBe(4)
  })
})
