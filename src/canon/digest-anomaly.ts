import {
  type Breakdown,
  type Convert,
  type PipelineCell,
  pipelineParts,
  type SnapshotCell,
} from './pipeline.ts'

/** A part of the pipeline that moved much more than a week explains: “T2 pipeline down 30 % this week”. */
export interface Anomaly {
  readonly by: Exclude<Breakdown, 'product' | 'industry'> | 'all'
  /** The tier, channel, stage or person; `''` for the whole. */
  readonly key: string
  /** Whole percent of last week's amount; negative: down. */
  readonly percent: number
  readonly from: number
  readonly to: number
  readonly dealsFrom: number
  readonly dealsTo: number
}

/** From this change on, in percent, a week is told about. */
const anomalyFrom = 30
/** A part with fewer deals last week moves by chance. */
const leastDeals = 4
/** A part that moved by less than this share of the whole pipeline, in percent, is not worth a sentence. */
const leastShare = 5
const most = 3

/** Parts of the pipeline that moved much since the snapshot, by amount, the largest move first; at most three. */
export function anomaliesOf(
  cells: readonly PipelineCell[],
  before: readonly SnapshotCell[],
  convert: Convert,
): Anomaly[] {
  const stages = pipelineParts(cells, before, 'stage', convert)
  const sum = (value: (part: (typeof stages)[number]) => number) =>
    stages.reduce((all, part) => all + value(part), 0)
  const all = {
    key: '',
    deals: sum(({ deals }) => deals),
    amount: sum(({ amount }) => amount),
    before: {
      deals: sum((part) => part.before?.deals ?? 0),
      amount: sum((part) => part.before?.amount ?? 0),
    },
  }
  const parts = (['tier', 'channel', 'stage', 'rep'] as const).flatMap((by) =>
    (by === 'stage' ? stages : pipelineParts(cells, before, by, convert)).map((part) => ({ by, ...part })),
  )
  return [{ by: 'all' as const, ...all }, ...parts]
    .flatMap((part): Anomaly[] => {
      const then = part.before
      if (!then || then.deals < leastDeals || then.amount <= 0) return []
      // The whole has no name to be told by but its own; a part without one is nobody's business.
      if (part.by !== 'all' && part.key === '') return []
      const change = part.amount - then.amount
      const percent = Math.round((change * 100) / then.amount)
      if (Math.abs(percent) < anomalyFrom) return []
      if (Math.abs(change) * 100 < all.before.amount * leastShare) return []
      return [
        {
          by: part.by,
          key: part.key,
          percent,
          from: then.amount,
          to: part.amount,
          dealsFrom: then.deals,
          dealsTo: part.deals,
        },
      ]
    })
    .sort(
      (a, b) =>
        Number(b.by === 'all') - Number(a.by === 'all') ||
        Math.abs(b.to - b.from) - Math.abs(a.to - a.from) ||
        order.indexOf(a.by) - order.indexOf(b.by) ||
        (a.key < b.key ? -1 : 1),
    )
    .filter((each, at, found) => found.findIndex((other) => isSame(each, other)) === at)
    .slice(0, most)
}

/** The whole first; of parts that moved alike, what is told first. */
const order: readonly Anomaly['by'][] = ['all', 'tier', 'channel', 'stage', 'rep']

/** The same deals seen another way: one sentence says it. */
const isSame = (a: Anomaly, b: Anomaly): boolean =>
  a.from === b.from && a.to === b.to && a.dealsFrom === b.dealsFrom && a.dealsTo === b.dealsTo
