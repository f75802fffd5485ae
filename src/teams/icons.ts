import { crc32, deflateSync } from 'node:zlib'

/*
 * The app's two icons, drawn from a few shapes: a speech bubble with a tick in it. Teams wants a colour icon of 192
 * by 192 whose symbol keeps to the middle, and an outline of 32 by 32 in white on nothing.
 */

type Point = readonly [x: number, y: number]
/** How far a point is outside a shape, in the shape's own units; negative inside. */
type Shape = (x: number, y: number) => number

/** The bubble fills this square of a unit one. */
const bubbleBox: Shape = (x, y) => {
  const [halfWidth, halfHeight, radius] = [0.44, 0.34, 0.14]
  const dx = Math.abs(x - 0.5) - (halfWidth - radius)
  const dy = Math.abs(y - 0.43) - (halfHeight - radius)
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius
}

const tail: Shape = triangle([0.24, 0.7], [0.46, 0.7], [0.24, 0.95])
const bubble: Shape = (x, y) => Math.min(bubbleBox(x, y), tail(x, y))
const tick = (halfWidth: number): Shape => {
  const stroke = [line([0.31, 0.44], [0.45, 0.57]), line([0.45, 0.57], [0.7, 0.3])]
  return (x, y) => Math.min(...stroke.map((part) => part(x, y))) - halfWidth
}

function line([ax, ay]: Point, [bx, by]: Point): Shape {
  const [dx, dy] = [bx - ax, by - ay]
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    return Math.hypot(x - ax - along * dx, y - ay - along * dy)
  }
}

function triangle(a: Point, b: Point, c: Point): Shape {
  const edges = [line(a, b), line(b, c), line(c, a)]
  const side = ([px, py]: Point, [qx, qy]: Point, x: number, y: number) =>
    (qx - px) * (y - py) - (qy - py) * (x - px)
  return (x, y) => {
    const signs = [side(a, b, x, y), side(b, c, x, y), side(c, a, x, y)]
    const inside = signs.every((sign) => sign >= 0) || signs.every((sign) => sign <= 0)
    const away = Math.min(...edges.map((edge) => edge(x, y)))
    return inside ? -away : away
  }
}

type Rgba = readonly [number, number, number, number]

const navy: Rgba = [0x1f, 0x3a, 0x5f, 255]
const white: Rgba = [255, 255, 255, 255]

/** 192 by 192: the bubble in white on the app's colour, the tick in the colour again. */
export function colourIcon(): Buffer {
  const inBubble = scaled(bubble, 96, 48)
  const inTick = scaled(tick(0.05), 96, 48)
  return png(192, (x, y) => mix(mix(navy, white, cover(inBubble(x, y))), navy, cover(inTick(x, y))))
}

/** 32 by 32: the lines alone, white on nothing. */
export function outlineIcon(): Buffer {
  const rim = scaled((x, y) => Math.abs(bubble(x, y)) - 0.035, 30, 1)
  const inTick = scaled(tick(0.035), 30, 1)
  return png(32, (x, y) => [255, 255, 255, Math.round(255 * Math.max(cover(rim(x, y)), cover(inTick(x, y))))])
}

/** A unit shape at a size in pixels, so many pixels from the corner. */
const scaled =
  (shape: Shape, size: number, from: number): Shape =>
  (x, y) =>
    shape((x - from) / size, (y - from) / size) * size

/** How much of a pixel a shape covers, by its distance from the edge. */
const cover = (distance: number): number => Math.min(1, Math.max(0, 0.5 - distance))

const mix = (under: Rgba, over: Rgba, share: number): Rgba =>
  under.map((value, i) => Math.round(value + (over[i]! - value) * share)) as unknown as Rgba

/** A square PNG, 8 bits a channel, from a function of pixels. */
function png(size: number, pixel: (x: number, y: number) => Rgba): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 4))
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (const [i, value] of pixel(x + 0.5, y + 0.5).entries())
        rows[y * (1 + size * 4) + 1 + x * 4 + i] = value
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  // Eight bits a channel, red green blue alpha, no interlacing.
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
