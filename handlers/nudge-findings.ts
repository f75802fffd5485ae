import type { Finding } from '../src/canon/nudge.ts'
import { managerOf } from '../src/canon/nudge-people.ts'
import { stakesIn } from '../src/canon/nudge-weight.ts'
import type { Stage } from '../src/canon/opportunity.ts'
import type { Org } from '../src/canon/people.ts'
import type { RuleDesk } from './nudge-rule.ts'

/** Who is behind a finding: the person, their team's channel, their manager. */
export interface Answerable {
  /** Person id; empty where it is nobody's, which the run tells Sales Ops. */
  readonly owner: string
  readonly channelOf?: string
  readonly manager?: readonly string[]
}

/** Looks people up once, however many deals they own. */
export function answerableIn(org: Org): (owner: string | null | undefined) => Answerable {
  const known = new Map<string, Answerable>()
  return (owner) => {
    const id = owner ?? ''
    const before = known.get(id)
    if (before) return before
    const team = org.people.get(id)?.team
    const manager = managerOf(id, org)
    const found: Answerable = {
      owner: id,
      ...(team === undefined ? {} : { channelOf: team }),
      ...(manager ? { manager: [manager.id] } : {}),
    }
    known.set(id, found)
    return found
  }
}

/** What a deal says of what it is worth, as it is stored. */
interface Worth {
  readonly stage: Stage
  readonly amount?: number | null
  readonly currency?: string | null
}

/** What is at stake in deals, in the company's currency: its rates are read once a walk. */
export async function worthIn({
  store,
  company,
  org,
  policy,
  today,
}: RuleDesk): Promise<(deal: Worth) => number> {
  const stakes = stakesIn(org.company.currency, await store.fxRates(company, today))
  return ({ amount, currency, stage }) => stakes(amount, currency, policy.probability[stage])
}

/** What a day says of every deal that entered its stage then: reckoned once a day and not once a deal. */
export function onceFor<T>(reckon: (day: string) => T): (day: string) => T {
  const known = new Map<string, T>()
  return (day) => {
    let value = known.get(day)
    if (value === undefined) {
      value = reckon(day)
      known.set(day, value)
    }
    return value
  }
}

/**
 * Findings out of pages of rows, one at a time; what makes them may have to be read first. Written by hand: a generator takes three turns of the queue for each of
 * hundreds of thousands of findings, this takes one.
 */
export function findingsOf<R>(
  pages: AsyncIterable<readonly R[]>,
  making: Promise<(row: R) => Finding | undefined> | ((row: R) => Finding | undefined),
): AsyncIterable<Finding> {
  return {
    [Symbol.asyncIterator]() {
      const source = pages[Symbol.asyncIterator]()
      let rows: readonly R[] = []
      let at = 0
      let make: ((row: R) => Finding | undefined) | undefined
      const here = (): Finding | undefined => {
        while (at < rows.length) {
          const finding = make!(rows[at++]!)
          if (finding) return finding
        }
        return undefined
      }
      const turnPage = async (): Promise<IteratorResult<Finding>> => {
        make ??= await making
        for (;;) {
          const page = await source.next()
          if (page.done) return { done: true, value: undefined }
          rows = page.value
          at = 0
          const value = here()
          if (value) return { done: false, value }
        }
      }
      return {
        next() {
          const value = here()
          return value ? Promise.resolve({ done: false, value }) : turnPage()
        },
        async return() {
          await source.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
