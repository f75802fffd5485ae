import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { wordsFor } from '../../blocks/words/index.ts'
import { dimensions, type Metric, metricIds } from '../../src/canon/metric.ts'
import { metrics } from '../../src/canon/metrics.ts'

const rowOf = ({ id, by, nowOnly, grain, file }: Metric): string =>
  `| ${[
    `\`${id}\``,
    wordsFor('en').t(`metric.${id}.what`).replaceAll('|', '\\|'),
    by.length === dimensions.length ? 'all' : by.join(', ') || '–',
    nowOnly ? 'today' : (grain ?? 'day'),
    file ? `\`${file}\`` : '–',
  ].join(' | ')} |`

it('docs/metrics.md tells every metric as it is: its formula, what it is broken down by, and its file', () => {
  const lines = readFileSync('docs/metrics.md', 'utf8').split('\n')
  const told = lines.filter((line) => /^\| `[a-z]/.test(line) && line.split(' | ').length === 5)
  const known = metricIds.map((id) => metrics[id]).filter(({ sources }) => sources.length > 0)
  expect(told).toEqual(known.map(rowOf))
  for (const id of metricIds) expect(lines.join('\n')).toContain(`\`${id}\``)
})
