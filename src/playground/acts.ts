import { z } from 'zod'
import type { Core } from './slack/core.ts'
import { install, uninstall } from './slack/installation.ts'
import { action, options, type } from './slack/people/actions.ts'
import type { Actor, Done } from './slack/people/actor.ts'
import { command, say } from './slack/people/commands.ts'
import { close, submit } from './slack/people/forms.ts'
import {
  dismiss,
  join,
  leave,
  openDm,
  openHome,
  read,
  removeMessage,
  setActive,
  setArchived,
  setLocale,
} from './slack/people/workspace.ts'

const id = z.string().min(1).max(255)
const words = z.string().max(40_000)
const value = z.union([z.string().max(40_000), z.array(z.string().max(3000)).max(100), z.null()])
const typed = z.record(z.string(), z.record(z.string(), value))
const place = z.union([
  z.object({ message: z.object({ channel: id, ts: id }) }),
  z.object({ view: id }),
  z.object({ home: z.literal(true) }),
])

/** What a person can do through the control API (docs/playground-api.md, Acting). */
const actSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('command'), channel: id, text: words, thread: id.optional() }),
  z.object({ act: z.literal('say'), channel: id, text: words.min(1), thread: id.optional() }),
  z.object({
    act: z.literal('action'),
    in: place,
    blockId: id,
    actionId: id,
    value: value.optional(),
    typed: typed.optional(),
  }),
  z.object({
    act: z.literal('options'),
    in: place,
    blockId: id,
    actionId: id,
    query: words,
    typed: typed.optional(),
  }),
  z.object({ act: z.literal('type'), view: id, typed }),
  z.object({ act: z.literal('submit'), view: id, typed: typed.optional() }),
  z.object({ act: z.literal('close'), view: id, all: z.boolean().optional() }),
  z.object({ act: z.literal('home'), tab: z.enum(['home', 'messages']).optional() }),
  z.object({ act: z.literal('open'), with: id }),
  z.object({ act: z.literal('read'), channel: id }),
  z.object({ act: z.literal('dismiss'), channel: id, ts: id }),
  z.object({ act: z.literal('delete'), channel: id, ts: id }),
  z.object({ act: z.literal('locale'), locale: z.enum(['ko-KR', 'en-US']) }),
  z.object({ act: z.literal('activate'), target: id }),
  z.object({ act: z.literal('deactivate'), target: id }),
  z.object({ act: z.literal('join'), channel: id, target: id.optional() }),
  z.object({ act: z.literal('leave'), channel: id, target: id.optional() }),
  z.object({ act: z.literal('archive'), channel: id }),
  z.object({ act: z.literal('unarchive'), channel: id }),
  z.object({ act: z.literal('install') }),
  z.object({ act: z.literal('uninstall') }),
])
type Act = z.infer<typeof actSchema>

const whoSchema = z.object({ workspace: id, user: id })

export type Performed = { readonly done: Done } | { readonly wrong: string } | 'nobody'

/** Does what the request says as the person it names. */
export async function perform(core: Core, body: unknown): Promise<Performed> {
  const who = whoSchema.safeParse(body)
  const what = actSchema.safeParse(body)
  const bad = who.error ?? what.error
  if (bad) return { wrong: bad.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') }
  const workspace = core.world.workspaces[who.data!.workspace]
  const user = workspace?.users[who.data!.user]
  if (!workspace || !user || user.isBot) return 'nobody'
  return { done: await carryOut({ core, workspace, user }, what.data!) }
}

async function carryOut(actor: Actor, act: Act): Promise<Done> {
  switch (act.act) {
    case 'command':
      return command(actor, act)
    case 'say':
      return say(actor, act)
    case 'action':
      return action(actor, act)
    case 'options':
      return options(actor, act)
    case 'type':
      return type(actor, { view: act.view }, act.typed)
    case 'submit':
      return submit(actor, act)
    case 'close':
      return close(actor, act)
    case 'home':
      return openHome(actor, act.tab)
    case 'open':
      return openDm(actor, act.with)
    case 'read':
      return read(actor, act.channel)
    case 'dismiss':
      return dismiss(actor, act.channel, act.ts)
    case 'delete':
      return removeMessage(actor, act.channel, act.ts)
    case 'locale':
      return setLocale(actor, act.locale)
    case 'activate':
    case 'deactivate':
      return setActive(actor, act.target, act.act === 'activate')
    case 'join':
      return join(actor, act.channel, act.target ?? actor.user.id)
    case 'leave':
      return leave(actor, act.channel, act.target ?? actor.user.id)
    case 'archive':
    case 'unarchive':
      return setArchived(actor, act.channel, act.act === 'archive')
    case 'install':
      install(actor.core, actor.workspace)
      return { ok: true }
    case 'uninstall':
      await uninstall(actor.core, actor.workspace)
      return { ok: true }
  }
}
