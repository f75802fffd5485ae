import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

// docs/what-happens-when.md names a test for every case: it may name none that is not there.

const page = resolve('docs', 'what-happens-when.md')
const rows = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('](../test/'))
  .map((line) => {
    const [number = '', , , heldBy = ''] = line.slice(2).split(' | ')
    const [, title = '', file = ''] = /^\[(.*)\]\((\S+)\) \|$/.exec(heldBy) ?? []
    return { number: number.trim(), title, file }
  })

it.each(rows)('case $number: “$title” is a test', ({ title, file }) => {
  const source = readFileSync(join(page, '..', file), 'utf8')
  expect(source).toContain(title)
})

it('every case about people, requests and messages is in it (B5.1 to B5.64)', () => {
  const numbers = new Set(rows.map(({ number }) => number))
  const missing = Array.from({ length: 64 }, (_, at) => String(at + 1)).filter(
    (number) => !numbers.has(number),
  )
  expect(missing).toEqual([])
})
