/** The candidate that was most likely meant, by edit distance; `undefined` where none is near. Case and separators do not count. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(typed)
  if (wanted === '' || wanted.length > 60) return undefined
  let best: string | undefined
  let least = mostEdits(wanted) + 1
  for (const candidate of candidates) {
    const far = distance(wanted, plain(candidate), least)
    if (far < least) {
      least = far
      best = candidate
    }
  }
  return best
}

/** The candidates that may have been meant, nearest first: those within the same distance, and those that begin so. */
export function nearestOf(typed: string, candidates: readonly string[], most = 3): string[] {
  const wanted = plain(typed)
  if (wanted === '' || wanted.length > 60) return []
  const limit = mostEdits(wanted) + 1
  return candidates
    .map((candidate) => {
      const name = plain(candidate)
      const begins = name.startsWith(wanted) || (name.length > 2 && wanted.startsWith(name))
      return { candidate, far: Math.min(distance(wanted, name, limit), begins ? 1 : limit) }
    })
    .filter(({ far }) => far < limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '')
const mostEdits = (wanted: string): number => Math.max(1, Math.floor(wanted.length / 3))

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other, or `limit` when there are as many. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return Math.min(last[b.length] ?? limit, limit)
}
