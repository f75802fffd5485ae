import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const nearTheEnd = 80

/**
 * Keeps the end of a list of messages in sight, unless somebody reads further up: on new messages, and when cards grow
 * after they are drawn (a redraw, a picture).
 */
export function useEnd(newest: string | undefined): {
  readonly list: RefObject<HTMLDivElement>
  readonly inside: RefObject<HTMLDivElement>
  readonly onScroll: () => void
} {
  const list = useRef<HTMLDivElement>(null)
  const inside = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const top = useRef(0)
  useLayoutEffect(() => {
    const element = list.current
    if (!element || !inside.current) return
    const follow = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight
    })
    follow.observe(inside.current)
    follow.observe(element)
    return () => follow.disconnect()
  }, [])
  useLayoutEffect(() => {
    const element = list.current
    if (element && atEnd.current) element.scrollTop = element.scrollHeight
  }, [newest])
  const onScroll = (): void => {
    const element = list.current
    if (!element) return
    const { scrollHeight, scrollTop, clientHeight } = element
    // Only who goes up leaves the end. The event comes late: what has grown since the list went to its end is no reading.
    if (scrollHeight - scrollTop - clientHeight < nearTheEnd) atEnd.current = true
    else if (scrollTop < top.current) atEnd.current = false
    top.current = scrollTop
  }
  return { list, inside, onScroll }
}
