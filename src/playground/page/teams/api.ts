import { addressOf, ask, query } from '../api.ts'
import type { TeamsAnswer, TeamsMessage, TeamsState } from './wire.ts'

export const fetchTeamsState = (tenant?: string, user?: string): Promise<TeamsState> =>
  ask('GET', `teams/state?${query({ tenant, user })}`)

export const fetchTeamsMessages = (
  tenant: string,
  user: string,
  conversation: string,
  more: { root?: string; before?: string } = {},
): Promise<{ messages: TeamsMessage[]; hasMore: boolean }> =>
  ask('GET', `teams/messages?${query({ tenant, user, conversation, limit: 50, ...more })}`)

export const teamsAct = (
  tenant: string,
  user: string,
  what: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<TeamsAnswer> => ask('POST', 'teams/act', { tenant, user, act: what, ...fields })

export const teamsStreamAddress = (tenant: string, user: string): string =>
  addressOf('teams/stream', { tenant, user })
