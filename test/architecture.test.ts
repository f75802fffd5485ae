import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Every source file of the product, as paths from the root. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(join(root, path)).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : []
  })
}

interface Import {
  readonly from: string
  /** A path from the root, or a package's name. */
  readonly to: string
  readonly typeOnly: boolean
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|require\(\s*['"]([^'"]+)['"]\s*\)/g

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(importPattern)].map((match) => {
    const name = match[2] ?? match[3] ?? match[4] ?? ''
    const to = name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name
    return { from: file, to, typeOnly: Boolean(match[1]) }
  })
}

const files = ['src', 'handlers', 'blocks', 'schedules', 'data'].flatMap(sources)
const imports = files.flatMap(importsOf)

const roomOf = (path: string): string => {
  if (path.startsWith('src/')) {
    const [, second = ''] = path.split('/')
    return second.includes('.') ? `src/${second.replace(/\.tsx?$/, '')}` : `src/${second}`
  }
  return path.split('/')[0] ?? path
}

/** What each room may import, beside itself and the packages. `src/gesture` and `src/ports` are types between the rooms. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/canon': [],
  blocks: ['src/canon', 'src/ports'],
  handlers: ['src/canon', 'blocks', 'src/ports', 'src/gesture'],
  schedules: ['src/canon', 'blocks', 'handlers', 'src/ports'],
}

const platformPackages = /^(@slack\/|botbuilder|botframework|ws$)/
const sqlPackages = /^(better-sqlite3|kysely|pg|pg-boss)(\/|$)/

const offenders = (bad: (i: Import) => boolean) => imports.filter(bad).map((i) => `${i.from} -> ${i.to}`)

describe('the direction of dependencies', () => {
  it('reads a product worth the name', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(imports.length).toBeGreaterThan(100)
  })

  for (const [room, allowed] of Object.entries(mayImport))
    it(`${room} imports only ${['itself', ...allowed].join(', ')}`, () => {
      expect(
        offenders(
          (i) =>
            roomOf(i.from) === room &&
            (i.to.includes('/') || i.to.endsWith('.ts')) &&
            files.includes(i.to) &&
            roomOf(i.to) !== room &&
            !allowed.includes(roomOf(i.to)),
        ),
      ).toEqual([])
    })

  it('the rules know no clock, randomness, file, network, SDK or platform', () => {
    const outside = /^(node:|better-sqlite3|kysely|pg|@slack|botbuilder|pino|ws)/
    // The one way to load a package late and synchronously; the rules of all countries' holidays are slow to load.
    const late = 'src/canon/holidays.ts -> node:module'
    const found = offenders((i) => i.from.startsWith('src/canon/') && outside.test(i.to))
    expect(found.filter((offender) => offender !== late)).toEqual([])
    const canon = files.filter((file) => file.startsWith('src/canon/'))
    const impure = canon.filter((file) =>
      /Date\.now\(|new Date\(\)|Math\.random|crypto\.|process\.|console\.|setTimeout|fetch\(/.test(
        readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
      ),
    )
    expect(impure).toEqual([])
  })

  it('@slack/* is imported under src/slack and src/playground alone', () => {
    expect(
      offenders((i) => i.to.startsWith('@slack/') && !/^src\/(slack|playground)\//.test(i.from)),
    ).toEqual([])
  })

  it('botbuilder is imported under src/teams alone', () => {
    expect(
      offenders((i) => /^(botbuilder|botframework)/.test(i.to) && !i.from.startsWith('src/teams/')),
    ).toEqual([])
  })

  it('handlers, blocks and schedules see no platform and no SQL', () => {
    expect(
      offenders(
        (i) =>
          /^(handlers|blocks|schedules)\//.test(i.from) &&
          (platformPackages.test(i.to) || sqlPackages.test(i.to)),
      ),
    ).toEqual([])
  })

  it('SQL lives in data alone', () => {
    expect(offenders((i) => sqlPackages.test(i.to) && !i.from.startsWith('data/'))).toEqual([])
  })

  it('only the composition, the CLI and the playground know a whole platform adapter', () => {
    expect(
      offenders(
        (i) => i.to.startsWith('src/slack/') && !/^src\/(slack|dealdesk|cli|playground)/.test(i.from),
      ),
    ).toEqual([])
  })

  it('nothing hides in a folder called utils, helpers or manager', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|managers?)(\/|\.|$)/.test(file))).toEqual([])
  })
})
