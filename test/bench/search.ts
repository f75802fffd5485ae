import { createStore } from '../../data/store.ts'
import { scopeOf } from '../../src/canon/visibility.ts'
import { importDeals } from './deals.ts'
import { percentile } from './statistics.ts'
import type { Row } from './table.ts'
import { instant } from './world.ts'

/** The deal search while somebody types, at 100,000 deals. */
export async function search(folder: string): Promise<Row[]> {
  const file = `${folder}/search.db`
  const company = await importDeals(file, 100_000)
  const store = await createStore({ url: `file:${file}`, clock: { now: () => instant } })
  try {
    const org = await store.org(company)
    const whoever = [
      ['a VP Sales, who sees all', org.people.get('vp')!],
      ['a manager of ten', org.people.get('manager3')!],
      ['an AE', org.people.get('ae17')!],
    ] as const
    const rows: Row[] = []
    for (const [who, person] of whoever) {
      const scope = scopeOf(person, org, 'deal.ask-discount')
      const took: number[] = []
      for (let round = 0; round < 5; round++)
        for (const query of queries) {
          const began = performance.now()
          await store.findDeals(company, scope, query, 20, { openOnly: true, minStage: 'S4' })
          took.push(performance.now() - began)
        }
      for (const [point, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const)
        rows.push({
          what: `Deal search at 100,000 deals, ${who}, ${point}`,
          ours: percentile(took, share),
          unit: 'ms',
          target: { most: 50, of: 'ours' },
        })
    }
    return rows
  } finally {
    await store.close()
  }
}

const prefixes = (word: string) => Array.from(word, (_, at) => [...word].slice(0, at + 1).join(''))

/** As people type: letter by letter from the beginning, from the middle, Korean initials, nothing, nonsense, ids. */
const queries = [
  '',
  ...prefixes('한빛전자 플랫폼'),
  ...prefixes('Globex renewal'),
  ...prefixes('ㅎㅂㅈㅈ'),
  'ㅍㄹㅍ',
  '전자',
  'latform',
  'enewal 77',
  'D0041234',
  'no such deal anywhere',
  'e',
  '7',
]
