import { createContext } from 'preact'
import { useContext, useLayoutEffect, useState } from 'preact/hooks'
import type { Eyes } from '../slack/dates.ts'
import { useLanguage } from '../use.ts'
import type { TeamsPicture } from './picture.ts'
import type { TeamsSession } from './session.ts'
import type { TeamsPerson, TeamsState } from './wire.ts'

export const TeamsContext = createContext<TeamsSession | undefined>(undefined)

export function useTeams(): TeamsSession {
  const session = useContext(TeamsContext)
  if (!session) throw new Error('Drawn outside of a Teams session')
  return session
}

/** The picture of the Teams half, drawn again whenever it changes. */
export function useTeamsPicture(): TeamsPicture {
  const session = useTeams()
  const [picture, setPicture] = useState(session.picture)
  useLayoutEffect(() => {
    setPicture(session.picture)
    return session.subscribe(() => setPicture(session.picture))
  }, [session])
  return picture
}

/** The state of the Teams half; only below the point where it is known to be there. */
export function useTeamsWorld(): TeamsState {
  const { state } = useTeamsPicture()
  if (!state) throw new Error('Drawn before the state was there')
  return state
}

export const findTeamsPerson = (state: TeamsState, id: string): TeamsPerson | undefined =>
  state.people.find((person) => person.id === id || person.chatId === id)

/** Dates as the person shown reads them: the page's language, their zone. */
export function useTeamsEyes(): Eyes {
  const state = useTeamsWorld()
  return { language: useLanguage(), timeZone: findTeamsPerson(state, state.me)?.tz ?? 'Asia/Seoul' }
}
