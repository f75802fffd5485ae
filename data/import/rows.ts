import { CsvError, parse } from 'csv-parse'
import { ImportRefusal, readText, type SourceFile } from './source.ts'

/** One record of a file and the line it begins on (the header is line 1). */
export interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

export interface Table {
  readonly header: readonly string[]
  /** Rows in small batches, so that a million of them never stand in memory together. */
  readonly batches: AsyncGenerator<readonly Row[]>
}

/** The most a cell may hold, in characters (B5.94). */
export const mostInCell = 1_000_000

const lineBreaks = (text: string): number => {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Opens a CSV file: its header at once, its rows as they are asked for. */
export async function readTable(file: SourceFile, size: number): Promise<Table> {
  const rows = readRows(file, size)
  const first = await rows.next()
  const header = first.done ? undefined : first.value[0]
  if (!header) throw new ImportRefusal(`${file.name} is empty. It needs a header line with the column names.`)
  const rest = first.value as Row[]
  async function* batches(): AsyncGenerator<readonly Row[]> {
    if (rest.length > 1) yield rest.slice(1)
    yield* rows
  }
  return { header: header.cells.map((cell) => cell.trim()), batches: batches() }
}

async function* readRows(file: SourceFile, size: number): AsyncGenerator<readonly Row[]> {
  const delimiter = await delimiterOf(file)
  const text = readText(file)
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: 8 * mostInCell,
  })
  text.on('error', (cause) => parser.destroy(cause))
  text.pipe(parser)
  let line = 1
  let batch: Row[] = []
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      let breaks = 1
      for (const cell of cells) {
        if (cell.length > 80 || cell.includes('\n')) {
          breaks += lineBreaks(cell)
          if (cell.length > mostInCell)
            throw new ImportRefusal(
              `${file.name}, line ${line}: a cell holds ${cell.length.toLocaleString('en')} characters; the most is ${mostInCell.toLocaleString('en')}. Is a closing quote missing?`,
            )
        }
      }
      // An empty line is one empty cell; it is nobody's row.
      if (cells.length > 1 || cells[0] !== '') batch.push({ line, cells })
      line += breaks
      if (batch.length >= size) {
        yield batch
        batch = []
      }
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw new ImportRefusal(`${file.name}, line ${line}: ${sentence(cause)}`)
    throw cause
  } finally {
    text.destroy()
    parser.destroy()
  }
  if (batch.length > 0) yield batch
}

function sentence(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote that is opened here is never closed.'
    case 'CSV_MAX_RECORD_SIZE':
      return `the row is larger than ${(8 * mostInCell).toLocaleString('en')} bytes. Is a closing quote missing?`
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'there is a quote in the middle of a cell. Quote the whole cell and double the quotes inside it.'
    default:
      return error.message
  }
}

/** What the header line separates its names by: a comma, or the semicolon or tab that Excel writes in some countries. */
async function delimiterOf(file: SourceFile): Promise<string> {
  const text = readText(file)
  let head = ''
  for await (const chunk of text) {
    head += typeof chunk === 'string' ? chunk : (chunk as Buffer).toString('utf8')
    if (head.length > 20_000 || /\r|\n/.test(head)) break
  }
  text.destroy()
  const line = (head.split(/\r|\n/, 1)[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (mark: string): number => line.split(mark).length - 1
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}
