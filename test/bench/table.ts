/** One line of the result. */
export interface Row {
  readonly what: string
  readonly ours: number
  readonly baseline?: number
  readonly unit: string
  /** Ours over the baseline. */
  readonly ratio?: number
  readonly target?: {
    readonly most?: number
    readonly least?: number
    readonly of: 'ratio' | 'ours'
  }
}

/** Whether a row reached its target; `undefined` where there is none. */
export function reached(row: Row): boolean | undefined {
  if (row.target === undefined) return undefined
  const value = row.target.of === 'ratio' ? row.ratio : row.ours
  if (value === undefined) return false
  return value <= (row.target.most ?? Infinity) && value >= (row.target.least ?? -Infinity)
}

const plain = (value: number | undefined): string =>
  value === undefined
    ? ''
    : value >= 1_000
      ? Math.round(value).toLocaleString('en-US')
      : value >= 100
        ? value.toFixed(0)
        : value >= 10
          ? value.toFixed(1)
          : value.toFixed(2)

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['What', 'Dealdesk', 'Baseline', 'Unit', 'Ratio', 'Target', 'Reached']
  const lines = rows.map((row) => [
    row.what,
    plain(row.ours),
    plain(row.baseline),
    row.unit,
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}×`,
    row.target === undefined
      ? ''
      : `${row.target.most !== undefined ? `≤ ${plain(row.target.most)}` : `≥ ${plain(row.target.least)}`}${row.target.of === 'ratio' ? '×' : ` ${row.unit}`}`,
    reached(row) === undefined ? '' : reached(row) ? 'yes' : '**no**',
  ])
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => line[at]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)].join('\n')
}
