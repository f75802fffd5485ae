// What a spreadsheet takes for the beginning of a formula, full-width forms included (OWASP, CSV injection; B5.95).
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/** One cell of CSV. Text that a spreadsheet would execute gets a leading `'`; numbers of ours are left as they are. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as CSV text, the first of them the head. */
export const csvOf = (rows: readonly (readonly (string | number | boolean | null | undefined)[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
