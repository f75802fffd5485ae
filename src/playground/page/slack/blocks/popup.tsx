import type { ComponentChildren, RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Something that hangs from a field or a button. It lies in the browser's top layer, because a list inside a
 * scrolling dialog would be cut off at the dialog's edge.
 */
export function Popup({
  anchor,
  children,
  align = 'start',
  wide = false,
}: {
  anchor: RefObject<HTMLElement>
  children: ComponentChildren
  align?: 'start' | 'end'
  /** At least as wide as what it hangs from. */
  wide?: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.showPopover?.()
    const place = (): void => {
      const from = anchor.current?.getBoundingClientRect()
      if (!from) return
      element.style.minWidth = wide ? `${from.width}px` : ''
      element.style.maxWidth = `${Math.min(window.innerWidth - 16, 480)}px`
      const size = element.getBoundingClientRect()
      const below = window.innerHeight - from.bottom
      const above = from.top
      const up = below < Math.min(size.height, 280) + 12 && above > below
      element.style.maxHeight = `${Math.max(120, (up ? above : below) - 16)}px`
      const height = Math.min(size.height, (up ? above : below) - 16)
      const left = align === 'end' ? from.right - size.width : from.left
      element.style.left = `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`
      element.style.top = `${up ? from.top - height - 4 : from.bottom + 4}px`
    }
    place()
    const watch = new ResizeObserver(place)
    watch.observe(element)
    window.addEventListener('resize', place)
    window.addEventListener('scroll', place, true)
    return () => {
      watch.disconnect()
      window.removeEventListener('resize', place)
      window.removeEventListener('scroll', place, true)
    }
  }, [])
  return (
    <div ref={box} class="popup" popover="manual">
      {children}
    </div>
  )
}
