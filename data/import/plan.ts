import { createHash } from 'node:crypto'
import { nearest } from '../../src/canon/nearest.ts'
import type { Drawn } from './check.ts'
import { dateFormat } from './columns.ts'
import { type Column, columnsOf, type Entity, entities, keyOf } from './entities.ts'
import { compile, type Draw, type MappedSource, type Mapping } from './mapping.ts'
import { readTable, type Table } from './rows.ts'
import { ImportRefusal, inspect, listFiles, type SourceFile } from './source.ts'

/** Something with a header and rows: a file, or rows that are already here (the demo). */
interface Source {
  readonly name: string
  readonly sha256: string
  /** How it was read, for the report. */
  readonly encoding?: string
  open(size: number): Promise<Table>
}

/** One entity out of one source, ready to be read. */
export interface Reads {
  readonly entity: Entity
  readonly source: Source
  readonly dates?: string
  readonly currency?: string
  readonly mapped?: MappedSource
}

export interface Plan {
  readonly reads: readonly Reads[]
  readonly notes: readonly string[]
  /** Digest of everything that decides what this import does. */
  readonly digest: string
  /** Files of the plan, and those that values are looked up in. */
  readonly files: ReadonlyMap<string, SourceFile>
}

const fileSource = (file: SourceFile): Source => ({
  name: file.name,
  sha256: file.sha256,
  encoding: file.encoding,
  open: (size) => readTable(file, size),
})

/** Rows that are already here, as a source of the plain format. */
export function rowsSource(entity: Entity, rows: readonly Readonly<Record<string, string>>[]): Reads {
  const header = columnsOf[entity].map((column) => column.name)
  const sha256 = createHash('sha256')
    .update(JSON.stringify([entity, rows]))
    .digest('hex')
  return {
    entity,
    source: {
      name: `${entity}.csv`,
      sha256,
      open: async (size) => ({
        header,
        batches: (async function* () {
          for (let at = 0; at < rows.length; at += size)
            yield rows.slice(at, at + size).map((row, index) => ({
              line: at + index + 2,
              cells: header.map((column) => row[column] ?? ''),
            }))
        })(),
      }),
    },
  }
}

/** Puts reads in the order of merging and says what they are known by. */
export function planOf(
  reads: readonly Reads[],
  notes: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
  mappingText = '',
): Plan {
  const order = [...reads].sort((a, b) => entities.indexOf(a.entity) - entities.indexOf(b.entity))
  const digest = createHash('sha256')
  for (const read of order) digest.update(`${read.entity} ${read.source.sha256}\n`)
  for (const [name, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    digest.update(`${name} ${file.sha256}\n`)
  digest.update(mappingText)
  return { reads: order, notes, digest: digest.digest('hex'), files }
}

/** What the files at these paths are, by a mapping or by their names and headers. */
export async function planFiles(
  paths: readonly string[],
  mapping?: { readonly mapping: Mapping; readonly text: string },
): Promise<Plan> {
  const found = (await Promise.all(paths.map(listFiles))).flat()
  const files = new Map<string, SourceFile>()
  for (const path of new Set(found)) {
    const file = await inspect(path)
    const other = files.get(file.name)
    if (other) throw new ImportRefusal(`Two files are called ${file.name}: ${other.path} and ${file.path}.`)
    files.set(file.name, file)
  }
  return mapping ? planMapped(files, mapping) : planPlain(files)
}

function planMapped(
  files: ReadonlyMap<string, SourceFile>,
  { mapping, text }: { mapping: Mapping; text: string },
): Plan {
  const reads: Reads[] = []
  const used = new Map<string, SourceFile>()
  const missing = new Set<string>()
  for (const entity of entities)
    for (const mapped of mapping[entity] ?? []) {
      const file = files.get(mapped.source)
      if (!file) {
        missing.add(mapped.source)
        continue
      }
      used.set(file.name, file)
      for (const rule of Object.values(mapped.fields))
        if (typeof rule !== 'string' && rule.lookup) {
          const other = files.get(rule.lookup.file)
          if (other) used.set(other.name, other)
        }
      reads.push({
        entity,
        source: fileSource(file),
        mapped,
        ...optional('dates', mapped.dates ?? mapping.dates),
        ...optional('currency', mapped.currency ?? mapping.currency),
      })
    }
  if (missing.size > 0) {
    const have = [...files.keys()]
    throw new ImportRefusal(
      [...missing]
        .map((name) => {
          const near = nearest(name, have)
          return `The mapping reads ${name}, which is not among the files given${near ? `; did you mean ${near}?` : '.'}`
        })
        .join('\n'),
    )
  }
  const left = [...files.keys()].filter((name) => !used.has(name))
  return planOf(
    reads,
    left.length > 0 ? [`Left out, because the mapping does not name them: ${left.join(', ')}.`] : [],
    used,
    text,
  )
}

const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string })

async function planPlain(files: ReadonlyMap<string, SourceFile>): Promise<Plan> {
  const reads: Reads[] = []
  const used = new Map<string, SourceFile>()
  for (const file of files.values()) {
    const stem = file.name.replace(/\.csv$/i, '').toLowerCase()
    used.set(file.name, file)
    reads.push({
      entity: entities.find((name) => name === stem) ?? (await entityOf(file)),
      source: fileSource(file),
    })
  }
  if (reads.length === 0) throw new ImportRefusal('There is nothing to import here.')
  return planOf(reads, [], used)
}

/** What a file with a name of its own holds, told by its header: the one kind that has all its columns. */
async function entityOf(file: SourceFile): Promise<Entity> {
  const { header, batches } = await readTable(file, 1)
  await batches.return(undefined)
  const fits = entities.filter((entity) => {
    const columns = columnsOf[entity].map((column) => column.name)
    return (
      keyOf(entity).every((name) => header.includes(name)) && header.every((name) => columns.includes(name))
    )
  })
  if (fits.length === 1 && fits[0]) return fits[0]
  const near = nearest(file.name.replace(/\.csv$/i, ''), entities)
  throw new ImportRefusal(
    fits.length > 1
      ? `${file.name} could hold ${fits.join(' or ')}: its columns (${header.join(', ')}) are in each. Call the file after what it holds, e.g. ${fits[0]}.csv.`
      : `${file.name} is none of ${entities.map((name) => `${name}.csv`).join(', ')}, and its columns are not those of one of them${near ? `; did you mean ${near}.csv?` : '.'} Another system's files need a mapping: --map FILE (docs/import.md).`,
  )
}

/** A read against the header of its source: our columns and how each is drawn. Throws ImportRefusal with every column that is not known. */
export async function drawnColumns(
  read: Reads,
  header: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
): Promise<{ drawn: Drawn[]; distinct?: Draw; width?: number; missed?: ReadonlyMap<string, number> }> {
  const known = columnsOf[read.entity]
  const find = (name: string): Column | undefined => known.find((column) => column.name === name)
  const needsId = (drawn: readonly Drawn[]): void => {
    const lacking = keyOf(read.entity).filter((name) => !drawn.some(({ column }) => column.name === name))
    if (lacking.length > 0)
      throw new ImportRefusal(
        `${read.source.name} has no column ${lacking.map((name) => `“${name}”`).join(', ')}, and every ${read.entity} row needs ${lacking.length === 1 ? 'one' : 'them'}.`,
      )
  }
  if (read.mapped) {
    const compiled = await compile(read.entity, read.mapped, header, (name) => files.get(name))
    const drawn = compiled.columns.flatMap(({ name, draw }) => {
      const column = find(name)
      return column ? [{ column, draw }] : []
    })
    needsId(drawn)
    return {
      drawn,
      missed: compiled.missed,
      ...(compiled.distinct ? { distinct: compiled.distinct } : {}),
    }
  }
  const wrong: string[] = []
  const drawn: Drawn[] = []
  header.forEach((name, at) => {
    const column = find(name) ?? find(name.toLowerCase())
    if (!column) {
      const near = nearest(
        name,
        known.map((each) => each.name),
      )
      wrong.push(
        name === ''
          ? `${read.source.name}: column ${at + 1} has no name`
          : `${read.source.name}: “${name}” is not a column of ${read.entity}${near ? `; did you mean “${near}”?` : ''}`,
      )
    } else if (drawn.some((each) => each.column === column))
      wrong.push(`${read.source.name}: the column “${column.name}” is there twice`)
    else drawn.push({ column, draw: (cells) => cells[at] ?? '' })
  })
  if (wrong.length > 0)
    throw new ImportRefusal(
      `${wrong.join('\n')}\nThe columns of ${read.entity} are: ${known.map((each) => each.name).join(', ')}.`,
    )
  needsId(drawn)
  return { drawn, width: header.length }
}

/** The dates of a read, compiled. The mapping was checked, so the pattern is good. */
export const datesOf = (read: Reads) => (read.dates === undefined ? undefined : dateFormat(read.dates))
