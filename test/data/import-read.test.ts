import { readFileSync } from 'node:fs'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'
import { day, money, roleList, Unfit } from '../../data/import/columns.ts'
import { hoursText, newCompany, readHolidays, readHours } from '../../data/import/companies.ts'
import { readMapping, slug } from '../../data/import/mapping.ts'
import { planFiles } from '../../data/import/plan.ts'
import { mostInCell, type Row, readTable } from '../../data/import/rows.ts'
import { inspect } from '../../data/import/source.ts'
import { nearest } from '../../src/canon/nearest.ts'
import { csv, type Folder, folder } from './files.ts'

const reading = { currency: 'KRW', timeZone: 'Asia/Seoul' }
const made: Folder[] = []
const filesOf = (given: Readonly<Record<string, string | Buffer>>): Folder => {
  const files = folder(given)
  made.push(files)
  return files
}
afterEach(() => {
  for (const files of made.splice(0)) files.remove()
})

async function rowsOf(content: string | Buffer): Promise<{ header: readonly string[]; rows: Row[] }> {
  const files = filesOf({ 'people.csv': content })
  const table = await readTable(await inspect(`${files.path}/people.csv`), 2)
  const rows: Row[] = []
  for await (const batch of table.batches) rows.push(...batch)
  return { header: table.header, rows }
}

const text = csv('id,name', 'a,김서연', 'b,"두 줄\r\n이름, 쉼표"', '', 'c,"따옴표 ""안"""')
const wanted = [
  { line: 2, cells: ['a', '김서연'] },
  { line: 3, cells: ['b', '두 줄\r\n이름, 쉼표'] },
  { line: 6, cells: ['c', '따옴표 "안"'] },
]

describe('a file is read as it was saved (B5.94)', () => {
  it.each([
    ['UTF-8', 'utf8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', 'utf8', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 little-endian', 'utf16le', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['UTF-16 big-endian', 'utf16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['UTF-16 without a mark', 'utf16le', iconv.encode(text, 'utf-16le')],
    ['CP949', 'cp949', iconv.encode(text, 'cp949')],
  ])('%s', async (_name, encoding, content) => {
    const { header, rows } = await rowsOf(content)
    expect(header).toEqual(['id', 'name'])
    expect(rows).toEqual(wanted)
    expect((await inspect(`${made.at(-1)?.path}/people.csv`)).encoding).toBe(encoding)
  })

  it('CP949 is found although its first Korean character stands behind a megabyte of ASCII', async () => {
    const many = `id,name\n${'x,y\n'.repeat(300_000)}z,박준호\n`
    const { rows } = await rowsOf(iconv.encode(many, 'cp949'))
    expect(rows.at(-1)).toEqual({ line: 300_002, cells: ['z', '박준호'] })
  })

  it.each([
    ['semicolons', 'id;name\n1;a,b\n'],
    ['tabs', 'id\tname\n1\ta,b\n'],
    ['quoted commas', 'id,name\n1,"a,b"\n'],
  ])('%s separate as well', async (_name, content) => {
    expect((await rowsOf(content)).rows).toEqual([{ line: 2, cells: ['1', 'a,b'] }])
  })

  it('a cell over a megabyte is refused with its line', async () => {
    await expect(rowsOf(`id,name\n1,ok\n2,${'x'.repeat(mostInCell + 1)}\n`)).rejects.toThrow(
      /people\.csv, line 3: a cell holds 1,000,001 characters/,
    )
  })

  it('a quote that is never closed is refused with the line it opens on', async () => {
    await expect(rowsOf('id,name\n1,ok\n2,"never\n3,x\n')).rejects.toThrow(/line 3: a quote .* never closed/)
  })

  it.each([
    ['a workbook', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /zip or Excel/],
    ['nothing', '', /is empty/],
    [
      'bytes of no encoding',
      Buffer.from([0x69, 0x64, 0x0a, 0xff, 0xff, 0xff, 0x0a]),
      /UTF-8, UTF-16 or CP949/,
    ],
  ])('%s is refused with a sentence', async (_name, content, sentence) => {
    await expect(rowsOf(content)).rejects.toThrow(sentence)
  })
})

describe('cells', () => {
  it.each([
    ['1250000', 'KRW', 1_250_000],
    ['1,250,000', 'KRW', 1_250_000],
    ['1000.00', 'KRW', 1_000],
    ['1234.5', 'USD', 123_450],
    ['0.29', 'USD', 29],
    ['1.234', 'KWD', 1_234],
  ])('%s %s is %i in minor units', (raw, currency, minor) => {
    expect(money(raw, currency)).toBe(minor)
  })

  it.each([
    ['10.5', 'KRW', /has decimals, but KRW has none/],
    ['0.001', 'USD', /more than the 2 decimals/],
    ['$12', 'USD', /not an amount/],
    ['1,25', 'USD', /not an amount/],
    ['1e9', 'USD', /not an amount/],
    ['-5', 'USD', /is negative/],
    ['99999999999999999', 'KRW', /too large/],
  ])('%s %s is refused, never rounded', (raw, currency, sentence) => {
    expect(money(raw, currency)).toMatchObject({ why: expect.stringMatching(sentence) })
  })

  it('an instant is the day it falls on in the zone of the company', () => {
    expect(day('2026-03-31T20:00:00Z', reading)).toBe('2026-04-01')
    expect(day('2026-03-31', reading)).toBe('2026-03-31')
    expect(day('2026-02-30', reading)).toMatchObject({ why: expect.stringContaining('does not exist') })
    expect(day('3/31/2026', reading)).toMatchObject({ why: expect.stringContaining('like 2026-03-31') })
  })

  it('roles are tokens in any case, once each', () => {
    expect(roleList('AE; sales manager;ae', reading)).toBe('ae;sales_manager')
    expect(roleList('manger', reading)).toBeInstanceOf(Unfit)
  })

  it('working hours and holidays are read as they are written', () => {
    expect(readHours('1-3,5 10:00-16:30')).toEqual({ days: [1, 2, 3, 5], start: '10:00', end: '16:30' })
    expect(readHours('1-5 18:00-09:00')).toBeUndefined()
    expect(hoursText(newCompany('x').working)).toBe('1-5 09:00-18:00')
    expect(readHolidays('KR;2026-12-24')).toEqual({ holidayCountry: 'KR', holidays: ['2026-12-24'] })
    expect(readHolidays('Christmas')).toBeUndefined()
  })

  it('the nearest name is offered, and none where none is near', () => {
    expect(nearest('stge', ['stage', 'name'])).toBe('stage')
    expect(nearest('stage_entered', ['stage', 'stage_entered_on'])).toBe('stage_entered_on')
    expect(nearest('telephone', ['stage', 'name'])).toBeUndefined()
  })

  it('an id out of a name keeps letters of every script', () => {
    expect([slug('Mei-Mei Sorel'), slug('Brightwater & Co'), slug(' 한서 정밀(주) ')]).toEqual([
      'mei-mei-sorel',
      'brightwater-co',
      '한서-정밀-주',
    ])
  })
})

describe('headers and names', () => {
  it('a column that is not known is refused with the nearest one', async () => {
    const { drawnColumns } = await import('../../data/import/plan.ts')
    const files = filesOf({ 'opportunities.csv': 'id,name,stge\n' })
    const plan = await planFiles([files.path])
    await expect(drawnColumns(plan.reads[0]!, ['id', 'name', 'stge'], plan.files)).rejects.toThrow(
      /“stge” is not a column of opportunities; did you mean “stage”/,
    )
  })

  it('a file with a name of its own is known by its columns', async () => {
    const files = filesOf({ 'second-round.csv': 'id,stage\nx,S4\n' })
    expect((await planFiles([files.path])).reads.map((read) => read.entity)).toEqual(['opportunities'])
  })

  it('a file of another system is refused with the way out', async () => {
    const files = filesOf({ 'oportunities.csv': 'Deal Id,Phase\n' })
    await expect(planFiles([files.path])).rejects.toThrow(/did you mean opportunities\.csv\?.*--map/s)
  })

  it('every file that the format names is taken', async () => {
    const files = filesOf({
      'revenue.csv': 'account,month,mrr\n',
      'costs.csv': 'period,sm_cost\n',
      'fx.csv': 'date,from,to,rate\n',
    })
    expect((await planFiles([files.path])).reads.map((read) => read.entity)).toEqual([
      'revenue',
      'costs',
      'fx',
    ])
  })
})

describe('a mapping', () => {
  it('of the guide is whole', () => {
    const mapping = readMapping(readFileSync('docs/maven-mapping.yaml', 'utf8'), 'maven-mapping.yaml')
    expect(Object.keys(mapping)).toEqual(
      expect.arrayContaining(['teams', 'people', 'accounts', 'opportunities', 'currency', 'dates']),
    )
  })

  it('says every mistake at its place', () => {
    const yaml = [
      'dates: M/D',
      'currency: DOLLAR',
      'opportunities:',
      '  source: d.csv',
      '  fields:',
      '    id: nr',
      '    stgae: phase',
    ].join('\n')
    expect(() => readMapping(yaml, 'm.yaml')).toThrow(/top\.dates.*top\.currency.*stgae.*did you mean stage/s)
    expect(() => readMapping('opportunities: {source: d.csv, fields: {id: {colunm: x}}}', 'm.yaml')).toThrow(
      /colunm/,
    )
    expect(() => readMapping('a: [', 'm.yaml')).toThrow(/is not YAML/)
    expect(() => readMapping('currency: USD', 'm.yaml')).toThrow(/maps nothing/)
  })
})
