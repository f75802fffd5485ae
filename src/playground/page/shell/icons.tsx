/** The page's own line drawings, on a grid of 20. */
const paths = {
  hash: 'M7.5 3 6 17M14 3l-1.500 14M3.500 7.500h14M2.500 12.500h14',
  lock: 'M5.500 9h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM7 9V6a3 3 0 0 1 6 0v3',
  chevron: 'm5.500 8 4.500 4.500L14.500 8',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4 10.500 4 4 8-9',
  back: 'M12 4.500 6.500 10l5.500 5.500',
  menu: 'M3.500 5.500h13M3.500 10h13M3.500 14.500h13',
  send: 'M3.500 4 17 10 3.500 16l2-6-2-6Zm2 6H11',
  thread:
    'M4 4h12a1 1 0 0 1 1 1v7.500a1 1 0 0 1-1 1H9.500L6 17v-3.500H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm3 4h6M7 10.500h4',
  trash: 'M4 6h12M8 6V4h4v2M5.500 6l.7 10h7.600l.7-10',
  eye: 'M2.500 10S5.500 5 10 5s7.500 5 7.500 5-3 5-7.500 5-7.500-5-7.500-5Zm7.500 2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  pulse: 'M2.500 10.500h3.500l2-5.500 3.500 10 2-4.500h4',
  bolt: 'M11 2.500 4.500 11.500H10l-1 6 6.500-9H10l1-6Z',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-11v4l2.500 2',
  panel: 'M3 4.500h14v11H3zM12.500 4.500v11',
  up: 'M10 16V5M5.500 9 10 4.500 14.500 9',
  down: 'M10 4v11m-4.500-4 4.500 4.500 4.500-4.500',
  home: 'M3.500 9.500 10 4l6.500 5.500M5.500 8.500V16h9V8.500',
  people:
    'M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5 7a5 5 0 0 1 10 0M13 9.500a2.500 2.500 0 1 0-1-4.800M14 12a4.500 4.500 0 0 1 3.500 4.500',
  plus: 'M10 4.500v11M4.500 10h11',
  dots: 'M5 10h.01M10 10h.01M15 10h.01',
  warn: 'M10 3.500 17.500 16.500h-15L10 3.500Zm0 4.500v4m0 2.200v.1',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-8v4.500m0-7v.1',
  hint: 'M7.500 14.500h5M8 17h4M10 3a5 5 0 0 0-3 9c.6.5.8 1 .9 1.500h4.200c.1-.5.3-1 .9-1.500a5 5 0 0 0-3-9Z',
  globe:
    'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 2 2.800 4.500 2.800 7S12 15 10 17c-2-2-2.800-4.500-2.800-7S8 5 10 3Z',
} as const

export type IconName = keyof typeof paths

/** A drawing beside words; it says nothing to a screen reader by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
