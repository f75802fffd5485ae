import { inflateRawSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { registry } from '../../handlers/index.ts'
import { teamsManifest, teamsPackage } from '../../src/teams/manifest.ts'

const commands = registry.commands.map((entry) => entry.name)
const options = {
  commands,
  appId: '11111111-2222-4333-8444-555555555555',
  url: 'https://dealdesk.example.com/',
  version: '1.0.0',
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly pixel: (x: number, y: number) => readonly number[]
}

/** Reads back what was drawn: 8-bit RGBA without filters. */
function pictureOf(png: Buffer): Picture {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
  const width = png.readUInt32BE(16)
  const data: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  const rows = inflateSync(Buffer.concat(data))
  return {
    width,
    height: png.readUInt32BE(20),
    pixel: (x, y) => [...rows.subarray(y * (1 + width * 4) + 1 + x * 4).subarray(0, 4)],
  }
}

describe('the Teams app package', () => {
  const manifest = teamsManifest(options)
  const { files, archive } = teamsPackage(options)
  const file = (name: string) => files.find((each) => each.name === name)!.content

  it('keeps to the lengths of the manifest’s schema', () => {
    expect(manifest.name.short.length).toBeLessThanOrEqual(30)
    expect(manifest.name.full.length).toBeLessThanOrEqual(100)
    expect(manifest.description.short.length).toBeLessThanOrEqual(80)
    expect(manifest.description.full.length).toBeLessThanOrEqual(4_000)
    expect(manifest.developer.name.length).toBeLessThanOrEqual(32)
    expect(manifest.accentColor).toMatch(/^#[0-9a-fA-F]{6}$/)
    expect(manifest.$schema).toContain(`/v${manifest.manifestVersion}/`)
    const korean = JSON.parse(file('ko.json').toString()) as Record<string, string>
    expect(korean['description.short']!.length).toBeLessThanOrEqual(80)
    expect(korean['name.short']!.length).toBeLessThanOrEqual(30)
  })

  it('offers the registry’s commands, twelve at most, each with what it does in both languages', () => {
    const [list] = manifest.bots[0]!.commandLists
    expect(list!.commands.map((command) => command.title)).toEqual(commands.slice(0, 12))
    expect(list!.commands.length).toBeLessThanOrEqual(12)
    const korean = JSON.parse(file('ko.json').toString()) as Record<string, string>
    for (const [at, command] of list!.commands.entries()) {
      expect(command.title.length).toBeLessThanOrEqual(32)
      expect(command.description.length).toBeLessThanOrEqual(128)
      expect(korean[`bots[0].commandLists[0].commands[${at}].title`]).toBe(command.title)
      expect(korean[`bots[0].commandLists[0].commands[${at}].description`]).toMatch(/[가-힣]/)
    }
  })

  it('is one bot under the App ID, in personal chats, teams and group chats', () => {
    expect(manifest.id).toBe(options.appId)
    expect(manifest.bots).toHaveLength(1)
    expect(manifest.bots[0]).toMatchObject({
      botId: options.appId,
      scopes: ['personal', 'team', 'groupChat'],
    })
    expect(manifest.validDomains).toEqual(['dealdesk.example.com'])
  })

  it('has a colour icon of 192 by 192 whose symbol keeps to the middle', () => {
    const icon = pictureOf(file('color.png'))
    expect([icon.width, icon.height]).toEqual([192, 192])
    const ground = icon.pixel(0, 0)
    for (let i = 0; i < 192; i++)
      for (const [x, y] of [
        [i, 30],
        [i, 160],
        [30, i],
        [160, i],
      ] as const)
        expect(icon.pixel(x, y)).toEqual(ground)
    expect(icon.pixel(70, 70)).toEqual([255, 255, 255, 255])
  })

  it('has an outline icon of 32 by 32 in white on nothing', () => {
    const icon = pictureOf(file('outline.png'))
    expect([icon.width, icon.height]).toEqual([32, 32])
    const alphas = new Set<number>()
    for (let x = 0; x < 32; x++)
      for (let y = 0; y < 32; y++) {
        const [red, green, blue, alpha] = icon.pixel(x, y)
        expect([red, green, blue]).toEqual([255, 255, 255])
        alphas.add(alpha!)
      }
    expect(alphas).toContain(0)
    expect(Math.max(...alphas)).toBe(255)
  })

  it('is a ZIP whose files are those it was made of', () => {
    let at = 0
    const found: Record<string, Buffer> = {}
    while (archive.readUInt32LE(at) === 0x04034b50) {
      const [packed, name] = [archive.readUInt32LE(at + 18), archive.readUInt16LE(at + 26)]
      const start = at + 30 + name
      found[archive.toString('utf8', at + 30, start)] = inflateRawSync(
        archive.subarray(start, start + packed),
      )
      at = start + packed
    }
    expect(Object.keys(found)).toEqual(['manifest.json', 'ko.json', 'color.png', 'outline.png'])
    for (const { name, content } of files) expect(found[name]).toEqual(content)
  })

  it('is the same for the same version, byte by byte', () => {
    expect(teamsPackage(options).archive.equals(archive)).toBe(true)
  })

  it.each([
    [{ url: 'http://dealdesk.example.com' }, /https address/],
    [{ appId: 'dealdesk' }, /app registration/],
    [{ version: '1.0' }, /three numbers/],
  ])('refuses %o with a sentence', (wrong, sentence) => {
    expect(() => teamsManifest({ ...options, ...wrong })).toThrow(sentence)
  })
})
