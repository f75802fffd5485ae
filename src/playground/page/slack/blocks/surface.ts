import { createContext } from 'preact'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { useSession } from '../../use.ts'
import type { Answer, Block, Chosen, In, Option, Typed, Value } from '../../wire.ts'
import { typedAfterRedraw } from '../answers.ts'

/** The message, modal or Home that blocks stand on: what is typed in it, and how to tell the app. */
export interface Surface {
  readonly typed: Typed
  /** The option objects behind chosen values, for menus whose options come from the app. */
  readonly chosen: Chosen
  readonly errors: Readonly<Record<string, string>>
  /** `block/action` of what was pressed and is not answered yet. */
  readonly busy: string | undefined
  set(block: string, action: string, value: Value, options?: readonly Option[]): void
  act(block: string, action: string, value?: Value): Promise<Answer>
  /** The same for an input with dispatch_action, which tells what was just set. */
  dispatch(block: string, action: string, value: Value, options?: readonly Option[]): void
  search(block: string, action: string, query: string): Promise<Answer>
}

export const SurfaceContext = createContext<Surface | undefined>(undefined)

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext)
  if (!surface) throw new Error('An element drawn outside of a surface')
  return surface
}

interface Drawn {
  readonly where: In
  readonly blocks: readonly Block[]
  readonly typed: Typed | undefined
  readonly chosen: Chosen | undefined
  readonly errors?: Readonly<Record<string, string>>
}

const rememberAfterMs = 500
const none = {}

/** Holds what is typed on one surface, across its redraws. */
export function useNewSurface({
  where,
  blocks,
  typed: told = none,
  chosen: toldChosen = none,
  errors = none,
}: Drawn): Surface {
  const session = useSession()
  const [typed, setTyped] = useState<Typed>(() => typedAfterRedraw(blocks, told, {}, []))
  const [picked, setPicked] = useState<Chosen>({})
  const [busy, setBusy] = useState<string | undefined>(undefined)
  const standing = useRef(blocks)
  const latest = useRef(typed)
  latest.current = typed
  const remember = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  if (standing.current !== blocks) {
    const redrawn = typedAfterRedraw(blocks, told, latest.current, standing.current)
    standing.current = blocks
    latest.current = redrawn
    setTyped(redrawn)
  }
  useEffect(() => () => clearTimeout(remember.current), [])

  const store = (block: string, action: string, value: Value, options?: readonly Option[]): void => {
    latest.current = { ...latest.current, [block]: { ...latest.current[block], [action]: value } }
    setTyped(latest.current)
    if (options) setPicked((p) => ({ ...p, [block]: { ...p[block], [action]: options } }))
  }
  const send = async (block: string, action: string, value?: Value): Promise<Answer> => {
    clearTimeout(remember.current)
    setBusy(`${block}/${action}`)
    try {
      return await session.act('action', {
        in: where,
        blockId: block,
        actionId: action,
        ...(value === undefined ? {} : { value }),
        typed: latest.current,
      })
    } finally {
      setBusy((now) => (now === `${block}/${action}` ? undefined : now))
    }
  }
  return {
    typed: latest.current,
    chosen: { ...toldChosen, ...picked },
    errors,
    busy,
    set(block, action, value, options) {
      store(block, action, value, options)
      if ('view' in where) {
        clearTimeout(remember.current)
        // So that a reload, or the same person in another window, finds what was typed.
        remember.current = setTimeout(
          () => void session.act('type', { view: where.view, typed: latest.current }, true),
          rememberAfterMs,
        )
      }
    },
    act: send,
    dispatch(block, action, value, options) {
      store(block, action, value, options)
      void send(block, action, value)
    },
    search: (block, action, query) =>
      session.act(
        'options',
        { in: where, blockId: block, actionId: action, query, typed: latest.current },
        true,
      ),
  }
}
