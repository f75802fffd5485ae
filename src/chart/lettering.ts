import { fileURLToPath } from 'node:url'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { clean } from '../text.ts'

/** One weight is all that charts need; it holds Hangul, Latin and Cyrillic. */
const family = 'Pretendard'
GlobalFonts.registerFromPath(fileURLToPath(new URL('./font/Pretendard-Medium.otf', import.meta.url)), family)

/** Colours on the chart's own light card; each text colour has a contrast of at least 4.5:1 on it. */
export const colours = {
  paper: '#ffffff',
  edge: '#d5dae1',
  ink: '#1d2733',
  faint: '#5b6673',
  rule: '#e4e8ed',
  now: '#2563b0',
  before: '#c3cedb',
  target: '#a04a00',
  within: '#2f8f5b',
  outside: '#e4e8ed',
  lines: ['#2563b0', '#c2410c', '#2f8f5b', '#7c3aed', '#b0216a', '#5b6673'],
} as const

/** CSS pixels: 13 stays readable where a phone shows the chart at four fifths of its width. */
export const sizes = { title: 15, label: 13, tick: 12 } as const

export const font = (size: number): string => `${size}px ${family}`

let ruler: SKRSContext2D | undefined

/** How wide a text is drawn, CSS pixels. */
export function widthOf(text: string, size: number): number {
  ruler ??= createCanvas(1, 1).getContext('2d')
  ruler.font = font(size)
  return ruler.measureText(text).width
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** A label on one line, within `most` CSS pixels, cut between graphemes (B5.57). */
export function fitTo(text: string, size: number, most: number): string {
  // Nobody reads more of a label, and an essay would be measured for seconds.
  const line = clean(text.slice(0, 400)).replace(/\s+/g, ' ').trim()
  if (widthOf(line, size) <= most) return line
  const graphemes = [...segmenter.segment(line)].map(({ segment }) => segment)
  let fits = 0
  let over = graphemes.length
  while (over - fits > 1) {
    const half = (fits + over) >> 1
    if (widthOf(`${graphemes.slice(0, half).join('')}…`, size) <= most) fits = half
    else over = half
  }
  return `${graphemes.slice(0, fits).join('').trimEnd()}…`
}
