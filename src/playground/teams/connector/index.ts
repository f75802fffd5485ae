import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRecord } from '../../slack/check/rule.ts'
import { readBody } from '../../slack/http.ts'
import { redact, shownHeaders } from '../../slack/traffic.ts'
import type { Core } from '../core.ts'
import { placeOf } from '../ids.ts'
import type { Tenant } from '../world.ts'
import { deleteActivity, sendActivity, updateActivity } from './activities.ts'
import { createConversation, tenantNamed } from './conversations.ts'
import { getMember, getMembers, getPagedMembers, getTeam, getTeamChannels } from './members.ts'
import { type Found, findPlace } from './place.ts'
import { type Answer, refuse, unauthorized } from './refusal.ts'
import { settle } from './settle.ts'

/** One call of the connector, its token already held against those given out. */
export interface Call {
  readonly core: Core
  /** Ids in the path, decoded: a conversation's or team's, then an activity's or member's. */
  readonly ids: readonly string[]
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}

type Operation = readonly [
  name: string,
  method: string,
  path: RegExp,
  /** `anywhere`: the conversation is the operation's own business. */
  run: { readonly in: (call: Call, place: Found) => Answer } | { readonly anywhere: (call: Call) => Answer },
]

const here = '([^/]+)'
const operations: readonly Operation[] = [
  ['createConversation', 'POST', /^conversations$/, { anywhere: createConversation }],
  ['sendActivity', 'POST', path(`conversations/${here}/activities`), { in: sendActivity }],
  ['replyToActivity', 'POST', path(`conversations/${here}/activities/${here}`), { in: sendActivity }],
  ['updateActivity', 'PUT', path(`conversations/${here}/activities/${here}`), { in: updateActivity }],
  ['deleteActivity', 'DELETE', path(`conversations/${here}/activities/${here}`), { in: deleteActivity }],
  ['getMembers', 'GET', path(`conversations/${here}/members`), { in: getMembers }],
  ['getActivityMembers', 'GET', path(`conversations/${here}/activities/${here}/members`), { in: getMembers }],
  ['getPagedMembers', 'GET', path(`conversations/${here}/pagedmembers`), { in: getPagedMembers }],
  ['getMember', 'GET', path(`conversations/${here}/members/${here}`), { in: getMember }],
  ['getTeamDetails', 'GET', path(`teams/${here}`), { in: getTeam }],
  ['getTeamChannels', 'GET', path(`teams/${here}/conversations`), { in: getTeamChannels }],
]

function path(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}

/** Answers `<service url>/v3/…` the way the Bot Connector of Teams does. */
export async function answerConnector(
  core: Core,
  below: string,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readBody(incoming)
  const found = operations.find(([, method, pattern]) => method === incoming.method && pattern.test(below))
  const ids = (found?.[2].exec(below)?.slice(1) ?? []).map(decoded)
  const body = parsed(text)
  const place = ids[0] === undefined ? undefined : findPlace(core, ids[0])
  const where = whereOf(core, ids[0], place, body)
  const fault = core.faults.strike({ on: 'api', methods: [found?.[0] ?? 'unknown', 'connector'], ...where })
  const exchange = core.traffic.open({
    platform: 'teams',
    direction: 'from-app',
    what: found?.[0] ?? `${incoming.method} ${below}`,
    ...where,
    ...(fault === undefined ? {} : { fault: fault.id }),
    request: {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      headers: shownHeaders(incoming.headers),
      body: redact(body ?? '(not readable)'),
    },
  })
  await settle(core, exchange, fault, response, () => {
    if (!holds(core, incoming.headers.authorization)) return unauthorized
    if (text === undefined) return refuse('MessageSizeTooBig')
    if (!found) return refuse('NotSupported')
    if (!body) return refuse('BadSyntax', 'The body is not a JSON object.')
    const call: Call = { core, ids, query: url.searchParams, body }
    const [, , , run] = found
    if ('anywhere' in run) return run.anywhere(call)
    return place ? run.in(call, place) : refuse('ConversationNotFound')
  })
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  if (text === '') return {}
  try {
    const value = JSON.parse(text ?? '') as unknown
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function whereOf(core: Core, id: string | undefined, place: Found | undefined, body: unknown) {
  const channel = id === undefined ? undefined : placeOf(id).conversation
  const tenant: Tenant | undefined = place?.tenant ?? core.world.tenants[tenantNamed(body) ?? '']
  return {
    ...(tenant === undefined ? {} : { workspace: tenant.id }),
    ...(channel === undefined ? {} : { channel }),
    ...(place?.conversation?.kind === 'personal' ? { user: place.conversation.members[0]! } : {}),
  }
}

function holds(core: Core, header: string | undefined): boolean {
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
  const ends = token === undefined ? undefined : core.tokens.get(token)
  return ends !== undefined && core.settings.wall() < ends
}
