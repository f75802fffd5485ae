import { monitorEventLoopDelay } from 'node:perf_hooks'
import { drawChart } from '../../src/chart/chart.ts'
import { growSlowly } from '../../src/memory.ts'
import { crowd, nothing, trend, week } from '../chart/samples.ts'
import { answering } from './child.ts'

growSlowly()
const samples = [week, trend, crowd, nothing]
const resident = () => process.memoryUsage().rss / 1024 ** 2

answering({
  start: () => true,
  resident: () => ({ resident: resident() }),
  async draw({ count }: { count: number }) {
    const took: number[] = []
    let bytes = 0
    const loop = monitorEventLoopDelay({ resolution: 5 })
    loop.enable()
    for (let at = 0; at < count; at++) {
      const began = performance.now()
      const png = await drawChart(samples[at % samples.length]!)
      took.push(performance.now() - began)
      bytes = Math.max(bytes, png.length)
    }
    loop.disable()
    return { took, bytes, stalled: loop.max / 1e6, resident: resident() }
  },
  stop: () => true,
})
