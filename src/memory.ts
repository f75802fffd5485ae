import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heap grow by a third between two collections instead of up to four times: after a burst of requests V8 would
 * keep twice the memory for good. Costs no time that can be measured at the acknowledgements (docs/bench.md).
 */
export function growSlowly(): void {
  setFlagsFromString('--heap-growing-percent=30')
}
