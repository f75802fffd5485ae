import type { ComponentChildren } from 'preact'

const disc = (colour: string) => <circle cx="10" cy="10" r="8" fill={colour} />
const square = (size: number) => (
  <rect
    x={10 - size / 2}
    y={10 - size / 2}
    width={size}
    height={size}
    rx="1"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    opacity="0.55"
  />
)
const mark = {
  fill: 'none',
  stroke: '#fff',
  'stroke-width': 2.4,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const
const hourglass = (
  <g fill="none" stroke="#b07415" stroke-width="1.700" stroke-linecap="round" stroke-linejoin="round">
    <path d="M5 2.500h10M5 17.500h10" />
    <path
      d="M6.200 2.500v2.800c0 2 3.800 3.200 3.800 4.700s-3.800 2.700-3.800 4.700v2.800h7.600v-2.800c0-2-3.800-3.200-3.800-4.700s3.800-2.700 3.800-4.700V2.500Z"
      fill="#f3d9a4"
    />
    <path d="M8 15.500c.4-1 1.200-1.500 2-2.200.8.700 1.600 1.200 2 2.200Z" fill="#d9962b" stroke="none" />
  </g>
)

/**
 * Small drawings for the characters that stand for a state. Slack draws every emoji itself; here the few that carry
 * meaning are drawn too, so that they look the same on a machine without an emoji font.
 */
const glyphs: Readonly<Record<string, { readonly name: string; readonly drawing: ComponentChildren }>> = {
  '✅': {
    name: 'done',
    drawing: (
      <>
        <rect x="2" y="2" width="16" height="16" rx="4.500" fill="#2c9167" />
        <path d="m6 10.300 2.800 2.800L14.300 7" {...mark} />
      </>
    ),
  },
  '⏳': { name: 'waiting', drawing: hourglass },
  '⌛': { name: 'waiting', drawing: hourglass },
  '▫': { name: 'next', drawing: square(7) },
  '⬜': { name: 'open', drawing: square(14) },
  '⛔': {
    name: 'refused',
    drawing: (
      <>
        {disc('#c8324f')}
        <path d="M6 10h8" {...mark} />
      </>
    ),
  },
  '❌': {
    name: 'no',
    drawing: <path d="m5 5 10 10M15 5 5 15" {...mark} stroke="#c8324f" stroke-width="2.800" />,
  },
  '➖': {
    name: 'skipped',
    drawing: <path d="M4.500 10h11" {...mark} stroke="#8a949a" stroke-width="2.600" />,
  },
  '👁': {
    name: 'copied',
    drawing: (
      <>
        <path
          d="M1.800 10S5 4.800 10 4.800 18.200 10 18.200 10 15 15.200 10 15.200 1.800 10 1.800 10Z"
          fill="#eef3f5"
          stroke="#64727a"
          stroke-width="1.500"
        />
        <circle cx="10" cy="10" r="2.800" fill="#3d6f8e" />
      </>
    ),
  },
  '👉': {
    name: 'then',
    drawing: <path d="M3.500 10h12m-5-5 5 5-5 5" {...mark} stroke="#3c78c3" stroke-width="2.300" />,
  },
  '⚠': {
    name: 'warning',
    drawing: (
      <>
        <path
          d="M10 2.300 18.500 17h-17L10 2.300Z"
          fill="#eeb02e"
          stroke="#eeb02e"
          stroke-width="1.500"
          stroke-linejoin="round"
        />
        <path d="M10 7.500v4.300m0 2.600v.1" {...mark} stroke="#4b3300" stroke-width="1.900" />
      </>
    ),
  },
  '🔔': {
    name: 'bell',
    drawing: (
      <path
        d="M10 2.500a5 5 0 0 1 5 5c0 4 1.500 5 2 6H3c.5-1 2-2 2-6a5 5 0 0 1 5-5Zm-2 12.500h4a2 2 0 0 1-4 0Z"
        fill="#e3a72f"
      />
    ),
  },
  '🟢': { name: 'green', drawing: disc('#2c9167') },
  '🟡': { name: 'yellow', drawing: disc('#e5b93c') },
  '🟠': { name: 'orange', drawing: disc('#dd7d2b') },
  '🔴': { name: 'red', drawing: disc('#c8324f') },
  '🔵': { name: 'blue', drawing: disc('#3c78c3') },
  '⚪': { name: 'white', drawing: disc('#c9d0d4') },
}

const found = new RegExp(`(${Object.keys(glyphs).join('|')})\\uFE0F?`, 'u')

/** Whether any character of a text is one of those drawn here. */
export const hasGlyph = (text: string): boolean => found.test(text)

/** Text as it is, with the characters of state drawn. */
export function Words({ text }: { text: string }) {
  if (!hasGlyph(text)) return <>{text}</>
  return (
    <>
      {text.split(found).map((piece, index) => {
        const glyph = index % 2 === 1 ? glyphs[piece] : undefined
        if (!glyph) return piece
        return (
          <svg key={index} class="glyph" viewBox="0 0 20 20" role="img" aria-label={glyph.name}>
            {glyph.drawing}
          </svg>
        )
      })}
    </>
  )
}
