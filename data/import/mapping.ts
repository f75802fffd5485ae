import { parseDocument } from 'yaml'
import { z } from 'zod'
import { isCurrency } from '../../src/canon/money.ts'
import { nearest } from '../../src/canon/nearest.ts'
import { dateFormat, short } from './columns.ts'
import { columnsOf, type Entity, entities } from './entities.ts'
import { type Row, readTable } from './rows.ts'
import { ImportRefusal, type SourceFile } from './source.ts'

const cell = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const rule = z.strictObject({
  /** The column it comes from. */
  column: z.string().optional(),
  /** The first of these columns that is not empty. */
  first_of: z.array(z.string()).min(1).optional(),
  /** These columns, the empty ones left out, joined by `with`. */
  join: z.array(z.string()).min(1).optional(),
  with: z.string().optional(),
  /** The same value in every row. */
  constant: cell.optional(),
  /** An id made out of the words in this column: `Mei-Mei Johns` becomes `mei-mei-johns`. */
  id_from: z.string().optional(),
  /** Value → value, before everything below (with `join`: of each column). Values that are not listed stay as they are. */
  values: z.record(z.string(), cell).optional(),
  /** Looks the value up in another file: the row whose `key` column holds it gives its `column`. */
  lookup: z.strictObject({ file: z.string(), key: z.string(), column: z.string() }).optional(),
  /** Where the cell is empty. */
  default: cell.optional(),
})

const source = z.strictObject({
  source: z.string(),
  /** One row per distinct value of this column; rows where it is empty give none. */
  distinct: z.string().optional(),
  dates: z.string().optional(),
  currency: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), rule])),
})

const sources = z.union([source.transform((one) => [one]), z.array(source)])

const mappingFile = z.strictObject({
  /** How dates are written, of `YYYY`, `MM` or `M`, `DD` or `D`; left out: ISO 8601. */
  dates: z.string().optional(),
  /** Where a row names no currency; also that of a company made by this import. */
  currency: z.string().optional(),
  companies: sources.optional(),
  teams: sources.optional(),
  people: sources.optional(),
  accounts: sources.optional(),
  contacts: sources.optional(),
  leads: sources.optional(),
  opportunities: sources.optional(),
  'stage-history': sources.optional(),
  'health-signals': sources.optional(),
  qbrs: sources.optional(),
  revenue: sources.optional(),
  costs: sources.optional(),
  fx: sources.optional(),
  activities: sources.optional(),
})

/** How the files of another system become ours (docs/import.md, `--map`). */
export type Mapping = z.infer<typeof mappingFile>
export type MappedSource = z.infer<typeof source>
type Rule = z.infer<typeof rule>

/** Reads a mapping file; throws ImportRefusal with every mistake, each a sentence with its place. */
export function readMapping(yaml: string, name: string): Mapping {
  const document = parseDocument(yaml)
  if (document.errors.length > 0)
    throw new ImportRefusal(`${name} is not YAML: ${document.errors[0]?.message.split('\n')[0]}`)
  const parsed = mappingFile.safeParse(document.toJS())
  const wrong: string[] = []
  if (!parsed.success) {
    for (const issue of parsed.error.issues) wrong.push(...mistakes(issue, issue.path))
    throw new ImportRefusal(
      `${name} cannot be used:\n${[...new Set(wrong)].map((each) => `  - ${each}`).join('\n')}`,
    )
  }
  const mapping = parsed.data
  checkDefaults(mapping, 'the top', wrong)
  for (const entity of entities)
    mapping[entity]?.forEach((each, at) => {
      const place = `${entity}[${at}]`
      checkDefaults(each, place, wrong)
      const known = columnsOf[entity].map((column) => column.name)
      for (const field of Object.keys(each.fields))
        if (!known.includes(field)) {
          const near = nearest(field, known)
          wrong.push(
            `${place}.fields.${field} is not a column of ${entity}${near ? `; did you mean ${near}?` : ''}`,
          )
        }
    })
  if (entities.every((entity) => !mapping[entity]?.length))
    wrong.push(`it maps nothing: name at least one of ${entities.join(', ')}`)
  if (wrong.length > 0)
    throw new ImportRefusal(`${name} cannot be used:\n${wrong.map((each) => `  - ${each}`).join('\n')}`)
  return mapping
}

function mistakes(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string[] {
  const place = path.map(String).join('.') || 'the file'
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${place}: “${key}” is not known here`)
  // A union reports what each shape had against it; the longest list is the shape that was meant.
  if (issue.code === 'invalid_union') {
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    return deepest.flatMap((each) => mistakes(each, [...path, ...each.path]))
  }
  return [`${place}: ${issue.message}`]
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)))

function checkDefaults(of: { dates?: string; currency?: string }, place: string, wrong: string[]): void {
  if (of.dates !== undefined && !dateFormat(of.dates))
    wrong.push(
      `${place}.dates “${of.dates}” must hold YYYY, MM (or M) and DD (or D) once each, like M/D/YYYY`,
    )
  if (of.currency !== undefined && !isCurrency(of.currency))
    wrong.push(`${place}.currency “${of.currency}” is not a currency code such as KRW or USD`)
}

/** An id out of words: lower case, letters and digits of any script, `-` between. */
export function slug(words: string): string {
  return words
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
}

/** What gives one cell of ours out of a row of theirs. */
export type Draw = (cells: readonly string[]) => string

/** Ready-made columns of one mapped source: for each of our columns the function that draws it. */
export interface Drawing {
  readonly entity: Entity
  readonly columns: readonly { readonly name: string; readonly draw: Draw }[]
  /** The cell that must not repeat. */
  readonly distinct?: Draw
  /** What was looked up and not found, with how often; grows while rows are drawn. */
  readonly missed: ReadonlyMap<string, number>
}

/** The most rows of a file that others are looked up in; it is held in memory. */
const mostLookedUp = 200_000

/** Compiles one mapped source against the header of its file. Throws ImportRefusal with every column that is missing. */
export async function compile(
  entity: Entity,
  mapped: MappedSource,
  header: readonly string[],
  findFile: (name: string) => SourceFile | undefined,
): Promise<Drawing> {
  const wrong: string[] = []
  const at = (column: string): number => {
    const index = header.indexOf(column)
    if (index === -1) {
      const near = nearest(column, header)
      wrong.push(`${mapped.source} has no column “${column}”${near ? `; did you mean “${near}”?` : ''}`)
    }
    return index
  }
  const columns: { name: string; draw: Draw }[] = []
  const missed = new Map<string, number>()
  for (const [name, given] of Object.entries(mapped.fields)) {
    const each: Rule = typeof given === 'string' ? { column: given } : given
    const from = [each.column, each.first_of, each.join, each.constant, each.id_from].filter(
      (x) => x !== undefined,
    )
    if (from.length !== 1) {
      wrong.push(`${entity}.${name} needs exactly one of column, first_of, join, constant, id_from`)
      continue
    }
    columns.push({ name, draw: await drawOf(each, at, findFile, wrong, missed) })
  }
  const distinctAt = mapped.distinct === undefined ? undefined : at(mapped.distinct)
  if (wrong.length > 0) throw new ImportRefusal(wrong.join('\n'))
  return {
    entity,
    columns,
    missed,
    ...(distinctAt === undefined ? {} : { distinct: (cells) => cells[distinctAt] ?? '' }),
  }
}

async function drawOf(
  each: Rule,
  at: (column: string) => number,
  findFile: (name: string) => SourceFile | undefined,
  wrong: string[],
  missed: Map<string, number>,
): Promise<Draw> {
  let draw = pick(each, at)
  if (each.values && !each.join) {
    const values = new Map(Object.entries(each.values))
    const inner = draw
    draw = (cells) => {
      const value = inner(cells)
      return values.get(value) ?? values.get(value.trim()) ?? value
    }
  }
  if (each.id_from !== undefined) {
    const inner = draw
    draw = (cells) => slug(inner(cells))
  }
  if (each.lookup) {
    const table = await lookupTable(each.lookup, findFile, wrong)
    const inner = draw
    const { file, column } = each.lookup
    draw = (cells) => {
      const key = inner(cells).trim()
      const value = table.get(key)
      if (value === undefined && key !== '') {
        const what = `${file} has no ${column} for “${short(key)}”`
        if (missed.has(what) || missed.size < 100) missed.set(what, (missed.get(what) ?? 0) + 1)
      }
      return value ?? ''
    }
  }
  if (each.default !== undefined) {
    const inner = draw
    const instead = each.default
    draw = (cells) => inner(cells) || instead
  }
  return draw
}

function pick(each: Rule, at: (column: string) => number): Draw {
  if (each.constant !== undefined) {
    const constant = each.constant
    return () => constant
  }
  const indexes = (each.first_of ?? each.join ?? [each.column ?? each.id_from ?? '']).map(at)
  if (each.first_of) return (cells) => cells[indexes.find((index) => cells[index]?.trim()) ?? -1] ?? ''
  if (each.join) {
    const mark = each.with ?? ' '
    const values = new Map(Object.entries(each.values ?? {}))
    return (cells) =>
      indexes
        .map((index) => cells[index] ?? '')
        .filter((cell) => cell.trim() !== '')
        .map((cell) => values.get(cell) ?? cell)
        .join(mark)
  }
  const index = indexes[0] ?? -1
  return (cells) => cells[index] ?? ''
}

async function lookupTable(
  lookup: NonNullable<Rule['lookup']>,
  findFile: (name: string) => SourceFile | undefined,
  wrong: string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const file = findFile(lookup.file)
  if (!file) {
    wrong.push(`The file ${lookup.file}, which the mapping looks values up in, is not among the files given`)
    return found
  }
  const table = await readTable(file, 500)
  const key = table.header.indexOf(lookup.key)
  const value = table.header.indexOf(lookup.column)
  for (const [index, column] of [
    [key, lookup.key],
    [value, lookup.column],
  ] as const)
    if (index === -1) {
      const near = nearest(column, table.header)
      wrong.push(`${lookup.file} has no column “${column}”${near ? `; did you mean “${near}”?` : ''}`)
    }
  if (key === -1 || value === -1) {
    await table.batches.return(undefined)
    return found
  }
  const keep = ({ cells }: Row): void => {
    const text = (cells[key] ?? '').trim()
    if (text !== '' && !found.has(text)) found.set(text, cells[value] ?? '')
  }
  for await (const rows of table.batches) {
    for (const row of rows) keep(row)
    if (found.size > mostLookedUp)
      throw new ImportRefusal(
        `${lookup.file} is too long to look values up in: the most is ${mostLookedUp.toLocaleString('en')} rows.`,
      )
  }
  return found
}
