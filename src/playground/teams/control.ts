import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MovableClock } from '../clock.ts'
import { readBody, sendJson } from '../slack/http.ts'
import { perform } from './acts.ts'
import type { Core } from './core.ts'
import {
  showConversations,
  showDialog,
  showMessages,
  showPerson,
  showTeams,
  showTenant,
  showWaiting,
} from './screen.ts'
import type { TeamsStream } from './stream.ts'
import { botChatId, maySee, type Tenant, type User } from './world.ts'

interface Parts {
  readonly core: Core
  readonly clock: MovableClock
  readonly stream: TeamsStream
  /** Of both halves. */
  readonly faults: () => readonly unknown[]
}

const refuse = (response: ServerResponse, status: number, error: string, message: string): void =>
  sendJson(response, status, { ok: false, error, message })

/** The control API of the Teams half, below `/playground/api/teams/`; its caller has been let in already. */
export async function teamsControl(
  parts: Parts,
  path: string,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (`${incoming.method} ${path}`) {
    case 'GET state':
      return withViewer(parts, url, response, (tenant, user) =>
        sendJson(response, 200, stateOf(parts, tenant, user)),
      )
    case 'GET messages':
      return withViewer(parts, url, response, (tenant, user) => messages(parts, tenant, user, url, response))
    case 'GET stream':
      return withViewer(parts, url, response, (tenant, user) =>
        parts.stream.open(tenant, user, incoming, response),
      )
    case 'POST act': {
      const performed = await perform(parts.core, await json(incoming))
      if (performed === 'nobody')
        refuse(response, 404, 'no_such_person', 'There is no such tenant or person.')
      else if ('wrong' in performed) refuse(response, 400, 'invalid_act', performed.wrong)
      else sendJson(response, 200, performed.done)
      return
    }
    default:
      refuse(response, 404, 'not_found', 'There is nothing here.')
  }
}

/** A body that says it is JSON and is; a form post from another site can say neither. */
async function json(incoming: IncomingMessage): Promise<unknown> {
  if (!(incoming.headers['content-type'] ?? '').startsWith('application/json')) return undefined
  try {
    return JSON.parse((await readBody(incoming, 500_000)) ?? '') as unknown
  } catch {
    return undefined
  }
}

function withViewer(
  { core }: Parts,
  url: URL,
  response: ServerResponse,
  show: (tenant: Tenant, user: User) => void,
): void {
  const { tenants } = core.world
  const [first] = Object.keys(tenants)
  if (first === undefined) {
    refuse(response, 404, 'no_teams', 'There is no Microsoft Teams in this playground.')
    return
  }
  const tenant = tenants[url.searchParams.get('tenant') ?? first]
  const people = Object.values(tenant?.users ?? {})
  const wanted = url.searchParams.get('user')
  // Somebody who sells is whom a newcomer wants to be first.
  const user =
    wanted === null
      ? (people.find((one) => one.roles?.includes('ae')) ?? people[0])
      : people.find((one) => one.id === wanted || one.person === wanted)
  if (tenant && user) show(tenant, user)
  else refuse(response, 404, 'no_such_person', 'There is no such tenant or person.')
}

function stateOf({ core, clock, stream, faults }: Parts, tenant: Tenant, user: User) {
  const { world } = core
  return {
    tenants: Object.values(world.tenants).map(showTenant),
    tenant: tenant.id,
    me: user.id,
    people: Object.values(tenant.users).map(showPerson),
    bot: { id: botChatId(world), appId: world.app.id, name: world.app.name },
    conversations: showConversations(tenant, user),
    teams: showTeams(tenant, user),
    dialog: showDialog(tenant.dialogs[user.id]),
    commands: world.app.commands,
    waiting: showWaiting(tenant),
    clock: clock.state(),
    faults: faults(),
    revision: stream.revision,
  }
}

function messages({ core }: Parts, tenant: Tenant, user: User, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const conversation = tenant.conversations[query.get('conversation') ?? '']
  if (!conversation || !maySee(tenant, conversation, user)) {
    refuse(response, 404, 'conversation_not_found', 'There is no such conversation.')
    return
  }
  const root = query.get('root')
  const before = query.get('before')
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 50) || 50, 1), 200)
  sendJson(
    response,
    200,
    showMessages(core.world, conversation, user.id, {
      limit,
      ...(root === null ? {} : { root }),
      ...(before === null ? {} : { before }),
    }),
  )
}
