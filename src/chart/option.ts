import type { EChartsCoreOption } from 'echarts/core'
import type { ChartPanel } from '../../blocks/chart.ts'
import { colours, fitTo, font, sizes, widthOf } from './lettering.ts'

/** One panel made ready: what stands above the drawing, how high it is, and the drawing itself. */
export interface Panel {
  readonly title: string
  readonly legend: readonly { readonly colour: string; readonly text: string; readonly dashed?: boolean }[]
  /** CSS pixels. */
  readonly height: number
  /** Nothing to draw: an empty panel says so with a dash. */
  readonly option?: EChartsCoreOption
  /** Last values of lines, written beside them once it is known where they end, so that near ones do not overlap. */
  readonly ends?: readonly {
    readonly at: number
    readonly value: number
    readonly text: string
    readonly colour: string
  }[]
}

type Of<K extends ChartPanel['kind']> = Extract<ChartPanel, { kind: K }>

/** More bars or lines than anybody tells apart are left out, and counted. */
const most = { bars: 30, lines: 6, periods: 60 }

/** A number that is none (a division by nothing) is no bar, rather than a chart that cannot be drawn. */
const number = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : 0

export function panelOf(panel: ChartPanel, width: number): Panel {
  switch (panel.kind) {
    case 'funnel':
      return bars(
        {
          title: panel.title,
          bars: panel.bars,
          legend: panel.bars.some((bar) => bar.before !== undefined)
            ? [
                { colour: colours.now, text: panel.now },
                { colour: colours.before, text: panel.before ?? '' },
              ]
            : [],
        },
        width,
      )
    case 'bars':
      return bars({ title: panel.title, bars: panel.bars, target: panel.target, legend: [] }, width)
    case 'gauge':
      return gauge(panel, width)
    case 'lines':
      return lines(panel, width)
    default:
      return unknownKind(panel)
  }
}

interface Bars {
  readonly title: string
  readonly bars: readonly {
    readonly label: string
    readonly value: number
    readonly text: string
    readonly before?: number
  }[]
  readonly target?: { readonly label: string; readonly value: number }
  readonly legend: Panel['legend']
}

const text = (size: number, color: string) => ({ fontSize: size, fontFamily: font(1).slice(4), color })

/** Bars lie down: a stage's or a team's name is read beside its bar, however narrow the screen. */
function bars(of: Bars, width: number): Panel {
  const shown = of.bars.slice(0, most.bars)
  const left = of.bars.length - shown.length
  const legend = [
    ...of.legend.filter((entry) => entry.text !== ''),
    ...(of.target ? [{ colour: colours.target, text: of.target.label, dashed: true }] : []),
    ...(left > 0 ? [{ colour: 'transparent', text: `… (+${left})` }] : []),
  ]
  if (shown.length === 0) return { title: of.title, legend: [], height: 60 }
  const ghosts = shown.some((bar) => bar.before !== undefined)
  const row = ghosts ? 34 : shown.length > 16 ? 22 : 28
  const labels = shown.map((bar) => fitTo(bar.label, sizes.label, width * 0.34) || '—')
  const values = shown.map((bar) => fitTo(bar.text, sizes.label, width * 0.36))
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((one) => widthOf(one, sizes.label)))
  const negative = shown.some((bar) => number(bar.value) < 0)
  const all = [...shown.flatMap((bar) => [number(bar.value), number(bar.before)]), number(of.target?.value)]
  const [least, greatest] = [Math.min(0, ...all), Math.max(0, ...all)]
  const leftOf = values.filter((_, at) => number(shown[at]!.value) < 0)
  const rightOf = values.filter((_, at) => number(shown[at]!.value) >= 0)
  const drawn = shown.map((bar, at) => ({
    value: number(bar.value),
    itemStyle: { borderRadius: number(bar.value) < 0 ? [3, 0, 0, 3] : [0, 3, 3, 0] },
    label: { position: number(bar.value) < 0 ? 'left' : 'right', formatter: () => values[at]! },
  }))
  return {
    title: of.title,
    legend,
    height: shown.length * row + 8,
    option: {
      animation: false,
      grid: {
        top: 2,
        bottom: 6,
        left: Math.ceil(widest(labels)) + 10 + (negative ? Math.ceil(widest(leftOf)) + 8 : 0),
        right: Math.ceil(Math.max(widest(rightOf), 0)) + 8,
      },
      xAxis: {
        type: 'value',
        min: least,
        // All zero: a scale of nothing would be no scale.
        max: greatest === 0 && least === 0 ? 1 : greatest,
        axisLabel: { show: false },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: labels.map((_, at) => String(at)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.edge } },
        axisLabel: { show: false },
      },
      series: [
        {
          type: 'bar',
          barWidth: ghosts ? 13 : Math.min(18, row - 8),
          barGap: '15%',
          data: drawn,
          itemStyle: { color: colours.now },
          label: { show: !of.target, distance: 5, ...text(sizes.label, colours.ink) },
          ...(of.target
            ? {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  label: { show: false },
                  lineStyle: { color: colours.target, width: 2, type: [5, 4] },
                  data: [{ xAxis: number(of.target.value) }],
                },
              }
            : {}),
        },
        // The numbers once more above the target's line, which would cross them out.
        ...(of.target
          ? [
              {
                type: 'bar',
                barGap: '-100%',
                barWidth: Math.min(18, row - 8),
                z: 10,
                data: drawn,
                itemStyle: { color: 'transparent' },
                label: {
                  show: true,
                  distance: 5,
                  ...text(sizes.label, colours.ink),
                  textBorderColor: colours.paper,
                  textBorderWidth: 4,
                },
              },
            ]
          : []),
        ...(ghosts
          ? [
              {
                type: 'bar',
                barWidth: 7,
                data: shown.map((bar) => (bar.before === undefined ? '-' : number(bar.before))),
                itemStyle: { color: colours.before, borderRadius: 2 },
              },
            ]
          : []),
      ],
      // The names stand at the edge, also where bars reach to the left of zero.
      graphic: labels.map((label, at) => ({
        type: 'text',
        silent: true,
        x: 0,
        y: 2 + row * at + row / 2,
        style: {
          text: label,
          font: font(sizes.label),
          fill: colours.ink,
          verticalAlign: 'middle',
        },
      })),
    },
  }
}

/** A half circle: the range that is aimed at in green, the value as an arc with its text in the middle. */
function gauge(panel: Of<'gauge'>, width: number): Panel {
  const end = number(panel.most) > 0 ? number(panel.most) : 1
  const part = (value: number) => Math.min(1, Math.max(0, number(value) / end))
  const [from, to] = [part(panel.target[0]), part(panel.target[1])]
  const value = part(panel.value)
  const radius = Math.min(width * 0.3, 104)
  const arc = { startAngle: 180, endAngle: 0, center: ['50%', radius + 12], min: 0, max: 1 }
  const bare = {
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { show: false },
    detail: { show: false },
    pointer: { show: false },
    anchor: { show: false },
    silent: true,
  }
  const band: [number, string][] = [
    ...(from > 0 ? [[from, colours.outside] as [number, string]] : []),
    ...(to > from ? [[to, colours.within] as [number, string]] : []),
    ...(to < 1 ? [[1, colours.outside] as [number, string]] : []),
  ]
  const good = number(panel.value) >= number(panel.target[0])
  return {
    title: panel.title,
    legend: [],
    height: radius + 42,
    option: {
      animation: false,
      series: [
        {
          ...arc,
          ...bare,
          type: 'gauge',
          radius,
          axisLine: { lineStyle: { width: 7, color: band } },
          data: [],
        },
        {
          ...arc,
          ...bare,
          type: 'gauge',
          radius: radius - 11,
          axisLine: { lineStyle: { width: 20, color: [[1, colours.rule]] } },
          // An arc of no length at all still leaves a mark of its round end: nothing is drawn for zero.
          progress: { show: value > 0, width: 20, itemStyle: { color: good ? colours.now : colours.target } },
          data: [{ value }],
        },
      ],
      graphic: [
        {
          type: 'text',
          silent: true,
          x: width / 2,
          y: radius - 8,
          style: {
            text: fitTo(panel.text, 28, radius * 1.3) || '—',
            font: font(28),
            fill: colours.ink,
            align: 'center',
            verticalAlign: 'middle',
          },
        },
        {
          type: 'text',
          silent: true,
          x: width / 2,
          y: radius + 28,
          style: {
            text: fitTo(panel.targetText, sizes.label, width),
            font: font(sizes.label),
            fill: colours.faint,
            align: 'center',
            verticalAlign: 'middle',
          },
        },
      ],
    },
  }
}

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** Values over periods: each line ends with its last value; a missing one is a gap, never a zero. */
function lines(panel: Of<'lines'>, width: number): Panel {
  const shown = panel.lines.slice(0, most.lines)
  const periods = panel.periods.slice(-most.periods)
  const from = panel.periods.length - periods.length
  const written = (value: number) => fitTo(`${figures.format(value)}${panel.unit}`, sizes.tick, width * 0.3)
  const series = shown.map((line) => ({
    label: line.label,
    values: periods.map((_, at) => {
      const value = line.values[at + from]
      return value === null || value === undefined || !Number.isFinite(value) ? null : value
    }),
  }))
  const legend = [
    ...(series.length > 1
      ? series.map((line, at) => ({ colour: colours.lines[at]!, text: line.label }))
      : []),
    ...(panel.target
      ? [
          {
            colour: colours.target,
            text: `${panel.target.label} ${written(number(panel.target.value))}`,
            dashed: true,
          },
        ]
      : []),
  ]
  const values = series.flatMap((line) => line.values.filter((value) => value !== null))
  if (periods.length === 0 || values.length === 0) return { title: panel.title, legend: [], height: 60 }
  const last = series.map((line) => line.values.findLastIndex((value) => value !== null))
  const ends = last.map((at, line) => (at < 0 ? '' : written(series[line]!.values[at]!)))
  const all = [...values, ...(panel.target ? [number(panel.target.value)] : [])]
  const flat = all.every((value) => value === 0)
  // Trends of a percentage tell more than their distance from nothing; bars, whose length is the value, begin at zero.
  const scale = !flat && Math.min(...all) > 0 && Math.min(...all) > Math.max(...all) / 2
  const names = periods.map((period) => fitTo(period, sizes.tick, 90))
  const widest = Math.max(...names.map((name) => widthOf(name, sizes.tick))) + 14
  const step = Math.max(1, Math.ceil((periods.length * widest) / (width * 0.8)))
  return {
    title: panel.title,
    legend,
    height: 190,
    ends: last.flatMap((at, line) =>
      at < 0
        ? []
        : [{ at, value: series[line]!.values[at]!, text: ends[line]!, colour: colours.lines[line]! }],
    ),
    option: {
      animation: false,
      grid: {
        top: 14,
        bottom: 26,
        left: Math.ceil(Math.max(...ticksNear(all).map((tick) => widthOf(written(tick), sizes.tick)))) + 8,
        right: Math.ceil(Math.max(20, ...ends.map((end) => widthOf(end, sizes.tick) + 10))),
      },
      xAxis: {
        type: 'category',
        boundaryGap: periods.length === 1,
        data: periods.map((_, at) => String(at)),
        axisTick: { show: false },
        axisLine: { onZero: false, lineStyle: { color: colours.edge } },
        axisLabel: {
          ...text(sizes.tick, colours.faint),
          // As many periods as fit, the last one always among them.
          interval: (at: number) => (periods.length - 1 - at) % step === 0,
          formatter: (at: string) => names[Number(at)] ?? '',
        },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        scale,
        ...(flat ? { min: 0, max: 1, interval: 1 } : {}),
        // An axis follows its lines alone: where the target lies beyond them, it has to reach that far.
        ...(Math.max(...all) > Math.max(...values) ? { max: Math.max(...all) } : {}),
        ...(scale && Math.min(...all) < Math.min(...values) ? { min: Math.min(...all) } : {}),
        splitLine: { lineStyle: { color: colours.rule } },
        axisLabel: { ...text(sizes.tick, colours.faint), formatter: written },
      },
      series: series.map((line, index) => {
        const colour = colours.lines[index]!
        return {
          type: 'line',
          symbol: 'circle',
          symbolSize: periods.length > 20 ? 3 : 6,
          connectNulls: false,
          lineStyle: { color: colour, width: 2.5 },
          itemStyle: { color: colour },
          data: line.values.map((value) => value ?? '-'),
          ...(index === 0 && panel.target
            ? {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  label: { show: false },
                  lineStyle: { color: colours.target, width: 2, type: [5, 4] },
                  data: [{ yAxis: number(panel.target.value) }],
                },
              }
            : {}),
        }
      }),
    },
  }
}

/** Numbers about as wide as the ticks of the axis will be. */
function ticksNear(values: readonly number[]): number[] {
  const greatest = Math.max(...values, 0)
  const least = Math.min(...values, 0)
  const step = 10 ** Math.floor(Math.log10(Math.max(greatest - least, 1e-9) || 1))
  return [Math.ceil(greatest / step) * step, Math.floor(least / step) * step, step / 2]
}

function unknownKind(panel: never): never {
  throw new Error(`nothing draws a panel ${JSON.stringify(panel)}`)
}
