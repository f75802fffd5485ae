import { z } from 'zod'
import type { Core } from './core.ts'
import type { Actor, Done } from './people/actor.ts'
import { look, press, refresh, search, type } from './people/cards.ts'
import { closeDialog } from './people/dialogs.ts'
import { edit, say, setDeleted } from './people/messages.ts'
import {
  deleteChannel,
  install,
  openChat,
  setActive,
  setBlocked,
  setLocale,
  setMember,
  uninstall,
  type Where,
} from './people/places.ts'

const id = z.string().min(1).max(300)
const words = z.string().max(40_000)
const typed = z.record(z.string().max(300), z.string().max(100_000))
const place = z.union([
  z.object({ message: z.object({ conversation: id, id, card: z.number().int().min(0).max(20).optional() }) }),
  z.object({ dialog: id }),
])
const act = <N extends string, S extends z.ZodRawShape>(name: N, shape: S) =>
  z.object({ act: z.literal(name), ...shape })
const where = { conversation: id.optional(), team: id.optional() }

/** What a person can do through the control API (docs/playground-api.md, The Teams half). */
const actSchema = z.discriminatedUnion('act', [
  act('say', { conversation: id, text: words.min(1), root: id.optional() }),
  act('edit', { conversation: id, id, text: words.min(1) }),
  act('delete', { conversation: id, id }),
  act('undelete', { conversation: id, id }),
  act('press', { in: place, action: id, typed: typed.optional() }),
  act('search', { in: place, input: id, query: words, typed: typed.optional() }),
  act('type', { in: place, typed }),
  act('close', { dialog: id }),
  act('read', { conversation: id }),
  act('refresh', { conversation: id, id }),
  act('open', {}),
  act('block', {}),
  act('unblock', {}),
  act('install', where),
  act('uninstall', where),
  act('join', { ...where, target: id.optional() }),
  act('leave', { ...where, target: id.optional() }),
  act('deleteChannel', { conversation: id }),
  act('locale', { locale: z.enum(['ko-KR', 'en-US']) }),
  act('activate', { target: id }),
  act('deactivate', { target: id }),
])
type Act = z.infer<typeof actSchema>

const whoSchema = z.object({ tenant: id, user: id })

export type Performed = { readonly done: Done } | { readonly wrong: string } | 'nobody'

/** Does what the request says as the person it names. */
export async function perform(core: Core, body: unknown): Promise<Performed> {
  const who = whoSchema.safeParse(body)
  const what = actSchema.safeParse(body)
  const bad = who.error ?? what.error
  if (bad) return { wrong: bad.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') }
  const tenant = core.world.tenants[who.data!.tenant]
  const user = tenant?.users[who.data!.user]
  if (!tenant || !user) return 'nobody'
  return { done: await carryOut({ core, tenant, user }, what.data!) }
}

const whereOf = (given: { conversation?: string | undefined; team?: string | undefined }): Where =>
  given.team === undefined ? { conversation: given.conversation ?? '' } : { team: given.team }

async function carryOut(actor: Actor, what: Act): Promise<Done> {
  switch (what.act) {
    case 'say':
      return say(actor, what)
    case 'edit':
      return edit(actor, what)
    case 'delete':
    case 'undelete':
      return setDeleted(actor, what, what.act === 'delete')
    case 'press':
      return press(actor, what)
    case 'search':
      return search(actor, what)
    case 'type':
      return type(actor, what.in, what.typed)
    case 'close':
      return closeDialog(actor, what.dialog)
    case 'read':
      return look(actor, what.conversation)
    case 'refresh':
      return refresh(actor, what)
    case 'open':
      return openChat(actor)
    case 'block':
    case 'unblock':
      return setBlocked(actor, what.act === 'block')
    case 'install':
      return install(actor, whereOf(what))
    case 'uninstall':
      return uninstall(actor, whereOf(what))
    case 'join':
    case 'leave':
      return setMember(actor, whereOf(what), what.target ?? actor.user.id, what.act === 'join')
    case 'deleteChannel':
      return deleteChannel(actor, what.conversation)
    case 'locale':
      return setLocale(actor, what.locale)
    case 'activate':
    case 'deactivate':
      return setActive(actor, what.target, what.act === 'activate')
  }
}
