import { createContext } from 'preact'
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Picture } from './picture.ts'
import type { Session } from './session.ts'
import type { Eyes } from './slack/dates.ts'
import type { Person, State } from './wire.ts'
import { type Language, words } from './words.ts'

export const SessionContext = createContext<Session | undefined>(undefined)
export const LanguageContext = createContext<Language>('en')

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('Drawn outside of a session')
  return session
}

/** The picture, drawn again whenever it changes. */
export function usePicture(): Picture {
  const session = useSession()
  const [picture, setPicture] = useState(session.picture)
  useLayoutEffect(() => {
    setPicture(session.picture)
    return session.subscribe(() => setPicture(session.picture))
  }, [session])
  return picture
}

/** The state; only below the point where it is known to be there. */
export function useWorld(): State {
  const { state } = usePicture()
  if (!state) throw new Error('Drawn before the state was there')
  return state
}

export const useWords = () => words[useContext(LanguageContext)]
export const useLanguage = () => useContext(LanguageContext)

export const findPerson = (state: State, id: string): Person | undefined =>
  state.people.find((person) => person.id === id)

/** Dates as the person shown reads them: the page's language, their zone. */
export function useEyes(): Eyes {
  const state = useWorld()
  return { language: useLanguage(), timeZone: findPerson(state, state.me)?.tz ?? 'Asia/Seoul' }
}

/** Business time, ticking once a quarter of a minute between what the server says. */
export function useNow(): number {
  const { clock } = useWorld()
  const heard = useRef({ clock, at: Date.now() })
  if (heard.current.clock !== clock) heard.current = { clock, at: Date.now() }
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 15_000)
    return () => clearInterval(timer)
  }, [])
  return clock.now + (Date.now() - heard.current.at)
}

/** Calls back on a press outside of an element, or when focus leaves it for elsewhere on the page. */
export function useOutside(
  inside: { readonly current: HTMLElement | null },
  open: boolean,
  leave: () => void,
): void {
  useEffect(() => {
    if (!open) return
    const look = (event: Event): void => {
      if (event.target instanceof Node && !inside.current?.contains(event.target)) leave()
    }
    document.addEventListener('pointerdown', look)
    document.addEventListener('focusin', look)
    return () => {
      document.removeEventListener('pointerdown', look)
      document.removeEventListener('focusin', look)
    }
  }, [open])
}
