import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { BarChart, GaugeChart, LineChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, MarkLineComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { Chart } from '../../blocks/chart.ts'
import { colours, fitTo, font, sizes, widthOf } from './lettering.ts'
import { type Panel, panelOf } from './option.ts'
import { encode } from './png.ts'

echarts.use([
  BarChart,
  GaugeChart,
  LineChart,
  GraphicComponent,
  GridComponent,
  MarkLineComponent,
  CanvasRenderer,
])
// What ECharts asks of a browser: a canvas to measure with.
echarts.setPlatformAPI({ createCanvas: () => createCanvas(1, 1) as never })

/** CSS pixels. A phone shows the picture at about nine tenths of its width, a desktop at all of it, sharp on both. */
const width = 400
const scale = 2
const margin = 16
const gap = 14
const inner = width - 2 * margin

/** At most three panels stand on one card: a team's pipeline, its coverage, its customers. */
const panelsMost = 3

/** Draws a chart as a PNG: dark on a light card of its own, so that it reads alike on a light and a dark background. */
export async function paint(chart: Chart): Promise<Uint8Array> {
  const panels = chart.panels.slice(0, panelsMost).map((panel) => panelOf(panel, inner))
  const parts = panels.map((panel) => ({ panel, title: titleOf(panel), legend: rowsOf(panel.legend) }))
  const heightOf = ({ panel, title, legend }: (typeof parts)[number]): number =>
    (title ? sizes.title + 12 : 0) + legend.length * 20 + (legend.length > 0 ? 4 : 0) + panel.height
  const height =
    2 * margin + parts.reduce((sum, part) => sum + heightOf(part), 0) + Math.max(0, parts.length - 1) * gap
  const canvas = createCanvas(width * scale, Math.ceil(height) * scale)
  const pen = canvas.getContext('2d')
  pen.scale(scale, scale)
  card(pen, height)
  let y = margin
  for (const [at, { panel, title, legend }] of parts.entries()) {
    if (at > 0) {
      pen.fillStyle = colours.rule
      pen.fillRect(margin, y + gap / 2 - 2, inner, 1)
      y += gap
    }
    if (title) {
      write(pen, title, margin, y + sizes.title / 2 + 1, sizes.title, colours.ink)
      y += sizes.title + 12
    }
    for (const row of legend) {
      for (const entry of row) key(pen, entry, margin + entry.x, y + 8)
      y += 20
    }
    if (legend.length > 0) y += 4
    if (panel.option)
      draw(panel, (drawn, ends) => {
        pen.drawImage(drawn, margin, y, inner, panel.height)
        for (const end of ends) write(pen, end.text, margin + end.x + 8, y + end.y, sizes.tick, end.colour)
      })
    else write(pen, '—', margin + inner / 2, y + panel.height / 2, sizes.title, colours.faint, 'center')
    y += panel.height
  }
  const { width: wide, height: high } = canvas
  const { data } = pen.getImageData(0, 0, wide, high)
  letGo(canvas)
  return encode(data, wide, high)
}

/** Its pixels are outside the heap, megabytes of them, and would wait for a collection that sees no reason to come. */
function letGo(canvas: Canvas): void {
  canvas.width = 1
  canvas.height = 1
}

interface End {
  readonly x: number
  y: number
  readonly text: string
  readonly colour: string
}

function draw(panel: Panel, take: (drawn: Canvas, ends: readonly End[]) => void): void {
  const canvas = createCanvas(inner * scale, Math.ceil(panel.height) * scale)
  const chart = echarts.init(canvas as never, null, {
    renderer: 'canvas',
    devicePixelRatio: scale,
    width: inner,
    height: panel.height,
  })
  try {
    chart.setOption(panel.option!)
    // Lays out and draws now: the next frame, which a browser would wait for, never comes here.
    chart.getZr().flush()
    take(canvas, endsOf(panel, chart))
  } finally {
    // ECharts keeps every chart that was not disposed of for ever; this also wipes its canvas.
    chart.dispose()
    letGo(canvas)
  }
}

/** Where lines end, with their texts moved apart by a line's height. */
function endsOf(panel: Panel, chart: echarts.ECharts): End[] {
  const ends = (panel.ends ?? []).map(({ at, value, text, colour }) => ({
    x: chart.convertToPixel({ xAxisIndex: 0 }, String(at)) as number,
    y: chart.convertToPixel({ yAxisIndex: 0 }, value) as number,
    text,
    colour,
  }))
  ends.sort((one, other) => one.y - other.y)
  const apart = sizes.tick + 1
  for (let at = 1; at < ends.length; at++) ends[at]!.y = Math.max(ends[at]!.y, ends[at - 1]!.y + apart)
  // Pushed out below the axis they would stand on its names.
  const lowest = panel.height - 30
  for (let at = ends.length - 1, bound = lowest; at >= 0; at--, bound -= apart)
    ends[at]!.y = Math.min(ends[at]!.y, bound)
  return ends
}

function card(pen: SKRSContext2D, height: number): void {
  pen.beginPath()
  pen.roundRect(0.5, 0.5, width - 1, height - 1, 12)
  pen.fillStyle = colours.paper
  pen.fill()
  pen.lineWidth = 1
  pen.strokeStyle = colours.edge
  pen.stroke()
}

const titleOf = (panel: Panel): string => fitTo(panel.title, sizes.title, inner)

type Key = Panel['legend'][number] & { readonly x: number }

/** The legend in rows that fit the width. */
function rowsOf(legend: Panel['legend']): Key[][] {
  const rows: Key[][] = []
  let x = 0
  for (const entry of legend) {
    const text = fitTo(entry.text, sizes.tick, inner / 2 - 40)
    const wide = widthOf(text, sizes.tick) + 36
    if (rows.length === 0 || x + wide - 12 > inner) {
      rows.push([])
      x = 0
    }
    rows.at(-1)!.push({ ...entry, text, x })
    x += wide
  }
  return rows
}

function key(pen: SKRSContext2D, entry: Key, x: number, y: number): void {
  if (entry.dashed) {
    pen.strokeStyle = entry.colour
    pen.lineWidth = 2
    pen.setLineDash([4, 3])
    pen.beginPath()
    pen.moveTo(x, y)
    pen.lineTo(x + 16, y)
    pen.stroke()
    pen.setLineDash([])
  } else {
    pen.fillStyle = entry.colour
    pen.beginPath()
    pen.roundRect(x + 2, y - 5, 10, 10, 2)
    pen.fill()
  }
  write(pen, entry.text, x + 20, y, sizes.tick, colours.faint)
}

function write(
  pen: SKRSContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  align: 'left' | 'center' = 'left',
): void {
  pen.font = font(size)
  pen.fillStyle = colour
  pen.textAlign = align
  pen.textBaseline = 'middle'
  pen.fillText(text, x, y)
}
