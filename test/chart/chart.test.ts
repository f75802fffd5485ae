import { createCanvas, type Image, loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import type { Chart, ChartPanel } from '../../blocks/chart.ts'
import { drawChart } from '../../src/chart/chart.ts'
import { fitTo, widthOf } from '../../src/chart/lettering.ts'
import { crowd, nothing, trend, week } from './samples.ts'

async function picture(
  chart: Chart,
): Promise<{ bytes: number; width: number; height: number; pixels: Uint8ClampedArray }> {
  const png = await drawChart(chart)
  const image: Image = await loadImage(Buffer.from(png))
  const canvas = createCanvas(image.width, image.height)
  const pen = canvas.getContext('2d')
  pen.drawImage(image, 0, 0)
  const { data } = pen.getImageData(0, 0, image.width, image.height)
  return { bytes: png.length, width: image.width, height: image.height, pixels: data }
}

const colours = {
  now: [37, 99, 176],
  before: [195, 206, 219],
  target: [160, 74, 0],
  within: [47, 143, 91],
} as const

/** Pixels of about this colour. */
function count(
  { pixels }: { pixels: Uint8ClampedArray },
  [r, g, b]: readonly [number, number, number],
): number {
  let found = 0
  for (let at = 0; at < pixels.length; at += 4)
    if (Math.abs(pixels[at]! - r) + Math.abs(pixels[at + 1]! - g) + Math.abs(pixels[at + 2]! - b) < 12)
      found += 1
  return found
}

const one = (panel: ChartPanel): Chart => ({ alt: 'x', panels: [panel] })
const bars = (values: readonly number[], more: Partial<Extract<ChartPanel, { kind: 'bars' }>> = {}): Chart =>
  one({
    kind: 'bars',
    title: 'T',
    bars: values.map((value, at) => ({ label: `L${at}`, value, text: String(value) })),
    ...more,
  })

describe('a chart', () => {
  it.each(Object.entries({ week, trend, crowd, nothing }))(
    '%s is a PNG of 800 pixels, at most 100 KB, and not blank',
    async (_name, chart) => {
      const drawn = await picture(chart)
      expect(drawn.width).toBe(800)
      expect(drawn.height).toBeGreaterThan(150)
      expect(drawn.height).toBeLessThan(2_000)
      expect(drawn.bytes).toBeLessThanOrEqual(100_000)
      // Ink on paper.
      expect(count(drawn, [29, 39, 51])).toBeGreaterThan(300)
    },
  )

  it('stands on a light card of its own with round corners, whatever the background', async () => {
    const { pixels, width } = await picture(week)
    expect(pixels[3]).toBe(0)
    const middle = (10 * width + width / 2) * 4
    expect([...pixels.slice(middle, middle + 4)]).toEqual([255, 255, 255, 255])
  })

  it('shows last week beside this week, and the range that is aimed at', async () => {
    const drawn = await picture(week)
    expect(count(drawn, colours.now)).toBeGreaterThan(5_000)
    expect(count(drawn, colours.before)).toBeGreaterThan(3_000)
    expect(count(drawn, colours.within)).toBeGreaterThan(500)
  })

  it('draws a bar as long as its value, to either side of zero, and none for zero', async () => {
    const [half, whole] = await Promise.all([picture(bars([50, 100])), picture(bars([100, 100]))])
    expect(count(half, colours.now) / count(whole, colours.now)).toBeCloseTo(0.75, 1)
    expect(count(await picture(bars([0, 0])), colours.now)).toBe(0)
    expect(count(await picture(bars([-100, 100])), colours.now)).toBeGreaterThan(1_000)
  })

  it('a target is a line of its own colour', async () => {
    const without = await picture(bars([50, 100]))
    const drawn = await picture(bars([50, 100], { target: { label: 'Target', value: 80 } }))
    expect(count(without, colours.target)).toBe(0)
    expect(count(drawn, colours.target)).toBeGreaterThan(100)
  })

  it('a gauge of nothing has no arc, and one past its end stays inside', async () => {
    const gauge = (value: number): Chart =>
      one({ kind: 'gauge', title: 'G', value, text: `${value}`, target: [3, 5], most: 6, targetText: 't' })
    expect(count(await picture(gauge(0)), colours.now)).toBe(0)
    const [full, over] = await Promise.all([picture(gauge(6)), picture(gauge(60))])
    expect(Math.abs(count(full, colours.now) - count(over, colours.now))).toBeLessThan(50)
  })

  it('a missing value is a gap, never a zero', async () => {
    const line = (values: (number | null)[]): Chart =>
      one({ kind: 'lines', title: 'L', unit: '%', periods: ['a', 'b', 'c'], lines: [{ label: 'x', values }] })
    const gap = count(await picture(line([50, null, 50])), colours.now)
    expect(gap).toBeGreaterThan(0)
    expect(gap).toBeLessThan(count(await picture(line([50, 50, 50])), colours.now) / 2)
  })

  it.each([
    ['no bars', bars([])],
    ['no panels', { alt: 'x', panels: [] }],
    ['no lines', one({ kind: 'lines', title: '', unit: '', periods: [], lines: [] })],
    ['numbers that are none', bars([Number.NaN, Number.POSITIVE_INFINITY, 1])],
    ['one bar', bars([5])],
    ['more bars than it shows', bars(Array.from({ length: 80 }, (_, at) => at))],
    ['a target of zero and nothing else', bars([0], { target: { label: 'T', value: 0 } })],
    [
      'a gauge without an end',
      one({ kind: 'gauge', title: 'G', value: 1, text: '', target: [0, 0], most: 0, targetText: '' }),
    ],
    [
      'names of markup, towers of marks and other directions',
      one({
        kind: 'bars',
        title: `{a|${'x\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301'.repeat(500)}}`,
        bars: [
          { label: '{value} {b}\n\u202eevil', value: 1, text: '<b>1</b>' },
          { label: 'שלום עולם', value: 2, text: '👩‍👩‍👧‍👦'.repeat(200) },
          { label: '\ud83d', value: 3, text: '\u0000' },
          { label: '', value: 4, text: '' },
        ],
      }),
    ],
  ] as const)('is drawn with %s', async (_name, chart) => {
    expect((await picture(chart)).bytes).toBeGreaterThan(200)
  })
})

describe('letters', () => {
  it('Korean is drawn with the font that comes with the product, and not as empty boxes', async () => {
    const words = (label: string) => bars([1], { bars: [{ label, value: 1, text: '' }] })
    // Two syllables that are boxes alike would be the same picture.
    const [one, other, missing] = await Promise.all([
      picture(words('가나')),
      picture(words('힣뷁')),
      picture(words('\u{10ffff}\u{10fffe}')),
    ])
    expect(Buffer.from(one.pixels).equals(Buffer.from(other.pixels))).toBe(false)
    expect(Buffer.from(one.pixels).equals(Buffer.from(missing.pixels))).toBe(false)
    expect(widthOf('파이프라인', 13)).toBeGreaterThan(50)
  })

  it('B5.57 a label is cut between graphemes', () => {
    const family = '👩‍👩‍👧‍👦'
    const cut = fitTo(family.repeat(40), 13, 100)
    expect(cut.endsWith('…')).toBe(true)
    expect(cut.slice(0, -1).replaceAll(family, '')).toBe('')
    expect(widthOf(cut, 13)).toBeLessThanOrEqual(100)
    expect(fitTo('짧은 이름', 13, 100)).toBe('짧은 이름')
  })
})
