import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { perform } from './acts.ts'
import type { MovableClock } from './clock.ts'
import {
  showConversations,
  showExchange,
  showHome,
  showMessages,
  showModals,
  showPerson,
  showWaiting,
  showWorkspace,
} from './screen.ts'
import type { Core } from './slack/core.ts'
import { apiFaultKinds, appFaultKinds, type FaultSpec } from './slack/faults.ts'
import { readBody, sendJson } from './slack/http.ts'
import { maySee, type User, type Workspace } from './slack/world.ts'
import type { Stream } from './stream.ts'
import type { Core as TeamsCore } from './teams/core.ts'
import * as teamsFaults from './teams/faults.ts'
import { type Traveller, walkTo } from './walk.ts'

interface Parts {
  readonly core: Core
  readonly clock: MovableClock
  readonly stream: Stream
  /** The other half: faults are listed and added in one place. */
  readonly teams?: TeamsCore
  /** Present once the server listens. */
  readonly traveller?: Traveller
}

const refuse = (response: ServerResponse, status: number, error: string, message: string): void =>
  sendJson(response, status, { ok: false, error, message })

/** The control API, below `/playground/api/`; its caller has been let in already. */
export async function control(
  parts: Parts,
  path: string,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { core, clock } = parts
  const route = `${incoming.method} ${path}`
  const trafficId = /^GET traffic\/(\d+)$/.exec(route)?.[1]
  const faultId = /^DELETE faults\/([\w-]+)$/.exec(route)?.[1]
  if (trafficId !== undefined) {
    const exchange = core.traffic.get(Number(trafficId))
    if (exchange) sendJson(response, 200, exchange)
    else refuse(response, 404, 'not_found', 'This exchange is forgotten.')
    return
  }
  if (faultId !== undefined) {
    sendJson(response, 200, {
      ok: core.faults.remove(faultId) || parts.teams?.faults.remove(faultId) === true,
    })
    return
  }
  switch (route) {
    case 'GET state':
      return withViewer(parts, url, response, (workspace, user) =>
        sendJson(response, 200, stateOf(parts, workspace, user)),
      )
    case 'GET messages':
      return withViewer(parts, url, response, (workspace, user) => messages(workspace, user, url, response))
    case 'GET stream':
      return withViewer(parts, url, response, (workspace, user) =>
        parts.stream.open(workspace, user, incoming, response),
      )
    case 'GET traffic': {
      const after = Number(url.searchParams.get('after') ?? 0)
      const limit = Math.min(Number(url.searchParams.get('limit') ?? 200), 2000)
      sendJson(response, 200, { exchanges: core.traffic.list(after, limit).map(showExchange) })
      return
    }
    case 'GET clock':
      sendJson(response, 200, clock.state())
      return
    case 'GET faults':
      sendJson(response, 200, { faults: faultsOf(parts) })
      return
    case 'DELETE faults':
      core.faults.clear()
      parts.teams?.faults.clear()
      sendJson(response, 200, { ok: true })
      return
    case 'POST act':
      return act(core, await json(incoming), response)
    case 'POST clock':
      return moveClock(parts, await json(incoming), response)
    case 'POST faults':
      return addFault(parts, await json(incoming), response)
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
  show: (workspace: Workspace, user: User) => void,
): void {
  const { workspaces } = core.world
  const id = url.searchParams.get('workspace') ?? Object.keys(workspaces)[0] ?? ''
  const workspace = workspaces[id]
  const people = Object.values(workspace?.users ?? {}).filter((user) => !user.isBot)
  const wanted = url.searchParams.get('user')
  // Somebody who sells is whom a newcomer wants to be first.
  const first = people.find((candidate) => candidate.roles?.includes('ae')) ?? people[0]
  const user = wanted === null ? first : people.find((candidate) => candidate.id === wanted)
  if (workspace && user) show(workspace, user)
  else refuse(response, 404, 'no_such_person', 'There is no such workspace or person.')
}

function stateOf(parts: Parts, workspace: Workspace, user: User) {
  const { core, clock, stream } = parts
  const people = Object.values(workspace.users)
  return {
    workspaces: Object.values(core.world.workspaces).map(showWorkspace),
    workspace: workspace.id,
    me: user.id,
    people: people.sort((a, b) => Number(a.isBot) - Number(b.isBot)).map(showPerson),
    bot: workspace.botUser,
    app: { id: core.world.app.id, name: core.world.app.name },
    conversations: showConversations(workspace, user),
    modals: showModals(core, workspace, user.id),
    home: showHome(core, workspace, user.id),
    commands: core.world.app.commands,
    waiting: showWaiting(workspace),
    clock: clock.state(),
    faults: faultsOf(parts),
    revision: stream.revision,
  }
}

function messages(workspace: Workspace, user: User, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const channel = workspace.channels[query.get('channel') ?? '']
  if (!channel || !maySee(channel, user)) {
    refuse(response, 404, 'channel_not_found', 'There is no such conversation.')
    return
  }
  const thread = query.get('thread')
  const before = query.get('before')
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 50) || 50, 1), 200)
  sendJson(
    response,
    200,
    showMessages(channel, user.id, {
      limit,
      ...(thread === null ? {} : { thread }),
      ...(before === null ? {} : { before }),
    }),
  )
}

async function act(core: Core, body: unknown, response: ServerResponse): Promise<void> {
  const performed = await perform(core, body)
  if (performed === 'nobody') refuse(response, 404, 'no_such_person', 'There is no such workspace or person.')
  else if ('wrong' in performed) refuse(response, 400, 'invalid_act', performed.wrong)
  else sendJson(response, 200, performed.done)
}

const amount = z.number().min(0).max(100_000).optional()
const back = z.boolean().optional()
/** Step by step, with what happens on the way; a plain move is a server that was down meanwhile. */
const walk = z.boolean().optional()
const moveSchema = z.union([
  z.strictObject({ forward: z.strictObject({ minutes: amount, hours: amount, days: amount }), back, walk }),
  z.strictObject({ to: z.union([z.number(), z.string()]), back, walk }),
  z.strictObject({ reset: z.literal(true), back }),
])

/** Farther than this, a walk would keep the page waiting for minutes. */
const farthestWalkMs = 400 * 86_400_000

async function moveClock(
  { clock, traveller }: Pick<Parts, 'clock' | 'traveller'>,
  body: unknown,
  response: ServerResponse,
): Promise<void> {
  const move = moveSchema.safeParse(body)
  const moved = move.success ? clock.target(move.data) : 'not_an_instant'
  if (typeof moved === 'number' && move.success) {
    const walks = 'walk' in move.data && move.data.walk === true && moved - clock.now() < farthestWalkMs
    if (walks && traveller) await walkTo(moved, clock, traveller)
    else clock.move(move.data)
    sendJson(response, 200, clock.state())
    return
  }
  if (moved === 'not_an_instant')
    refuse(response, 400, moved, 'Say how far to go forward, or to which instant within twenty years.')
  else if (moved === 'clock_backwards')
    refuse(
      response,
      409,
      moved,
      'The clock does not go back by itself: what was decided later is in the database already. Send "back": true to go back all the same.',
    )
}

const common = {
  method: z.string().max(100).optional(),
  channel: z.string().max(200).optional(),
  workspace: z.string().max(60).optional(),
  user: z.string().max(60).optional(),
  times: z.number().int().min(1).max(100_000).nullable().optional(),
  retryAfter: z.number().min(0).max(3600).optional(),
  status: z.number().int().min(400).max(599).optional(),
  error: z.string().max(100).optional(),
  ms: z.number().min(0).max(600_000).optional(),
  seconds: z.number().min(0).max(1_000_000_000).optional(),
}
const faultSchema = z.discriminatedUnion('on', [
  z.object({ on: z.literal('api'), kind: z.enum(apiFaultKinds), ...common }),
  z.object({ on: z.literal('app'), kind: z.enum(appFaultKinds), ...common }),
])
const teamsFaultSchema = z.discriminatedUnion('on', [
  z.object({ on: z.literal('api'), kind: z.enum(teamsFaults.apiFaultKinds), ...common }),
  z.object({ on: z.literal('app'), kind: z.enum(teamsFaults.appFaultKinds), ...common }),
])
const platformSchema = z.object({ platform: z.literal('teams') })

const faultsOf = ({ core, teams }: Parts) => [...core.faults.list(), ...(teams?.faults.list() ?? [])]

function addFault({ core, teams }: Parts, body: unknown, response: ServerResponse): void {
  const ofTeams = teams !== undefined && platformSchema.safeParse(body).success
  const spec = (ofTeams ? teamsFaultSchema : faultSchema).safeParse(body)
  if (!spec.success)
    refuse(
      response,
      400,
      'invalid_fault',
      spec.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    )
  else {
    const fault = ofTeams
      ? teams.faults.add(spec.data as teamsFaults.TeamsFaultSpec)
      : core.faults.add(spec.data as FaultSpec)
    sendJson(response, 200, { fault })
  }
}
