import { isRecord } from '../../slack/check/rule.ts'
import { invokeActivity, messageActivity } from '../activities.ts'
import {
  type Choice,
  dataOf,
  findAction,
  findInput,
  isDynamic,
  type Json,
  valuesOf,
  wrongIn,
} from '../cards.ts'
import { judgeAction, judgeSearch } from '../check/answers.ts'
import type { Forge } from '../link.ts'
import { succeeded } from '../link.ts'
import { sentence } from '../sentences.ts'
import { type Conversation, cardFor, type Message, membersOf, type PostedCard, type Typed } from '../world.ts'
import { type Actor, type Done, invalid, type NotDone, notDone, outgoing } from './actor.ts'
import { openDialog, submitDialog } from './dialogs.ts'
import { conversationOf } from './messages.ts'
import { findSurface, type In, keepOffers, keepTyped, offersOf, type Surface, typedIn } from './surface.ts'

/** Keeps what somebody typed, without a word to the app. */
export function type(actor: Actor, place: In, typed: Typed): Done {
  const surface = findSurface(actor, place)
  if (!surface) return notDone(actor, 'dialog' in place ? 'dialog_gone' : 'message_not_found')
  keepTyped(surface, actor.user.id, typed)
  return { ok: true }
}

export interface Press {
  readonly in: In
  /** The action's id, as shown (`withActionIds`). */
  readonly action: string
  readonly typed?: Typed
}

/** Presses an action of a card or of the dialog. */
export async function press(actor: Actor, call: Press, forge?: Forge): Promise<Done> {
  const { user } = actor
  if (user.deleted) return notDone(actor, 'account_inactive')
  const surface = findSurface(actor, call.in)
  if (!surface) return notDone(actor, 'dialog' in call.in ? 'dialog_gone' : 'message_not_found')
  const action = findAction(surface.card, call.action)
  if (!action || action.isEnabled === false) return notDone(actor, 'no_such_action')
  if (call.typed) keepTyped(surface, user.id, call.typed)
  if (action.type !== 'Action.Submit' && action.type !== 'Action.Execute') return { ok: true }
  // Neither is pressed twice while it is on its way.
  if (surface.kind === 'dialog' ? surface.dialog.busy : surface.posted.busy[user.id]) return { ok: true }
  const wrong = wrongAnswers(actor, surface, action)
  if (wrong) return wrong
  const data = dataOf(action, surface.card, typedIn(surface, user.id))
  if (surface.kind === 'dialog') return submitDialog(actor, surface, data, forge)
  const does = isRecord(action.data) && isRecord(action.data.msteams) ? action.data.msteams : {}
  if (action.type === 'Action.Execute') return execute(actor, surface, action, data, forge)
  if (does.type === 'task/fetch') return openDialog(actor, surface, data, forge)
  return sayByCard(actor, surface, does, data, forge)
}

/** What the client finds wrong by itself; nothing is sent then. */
function wrongAnswers(actor: Actor, surface: Surface, action: Json): NotDone | undefined {
  if (String(action.associatedInputs).toLowerCase() === 'none') return undefined
  const { core, tenant, user } = actor
  const found = wrongIn(surface.card, typedIn(surface, user.id), (input) => offersOf(actor, surface, input))
  const errors = Object.fromEntries(
    found.map(({ input, wrong }) => [
      String(input.id),
      typeof input.errorMessage === 'string' ? input.errorMessage : sentence(user.locale, wrong),
    ]),
  )
  if (surface.kind === 'dialog' && (found.length > 0 || Object.keys(surface.dialog.errors).length > 0)) {
    surface.dialog.errors = errors
    core.showDialog(tenant, user, surface.dialog)
  }
  return found.length === 0 ? undefined : notDone(actor, 'invalid_inputs', errors)
}

type OnMessage = Extract<Surface, { kind: 'message' }>

/** An Action.Submit that opens nothing arrives as a message without words, with the data as its value. */
async function sayByCard(
  actor: Actor,
  { conversation, message }: OnMessage,
  does: Json,
  data: Record<string, unknown>,
  forge?: Forge,
): Promise<Done> {
  const { core, tenant, user } = actor
  const words = does.type === 'imBack' ? does.value : does.type === 'messageBack' ? does.text : undefined
  const said: Message = {
    id: core.activityId(),
    ...(message.root === undefined ? {} : { root: message.root }),
    from: user.id,
    text: typeof words === 'string' ? words : '',
    textFormat: 'plain',
    mentions: [],
    cards: [],
    at: core.settings.now(),
  }
  const { msteams: _, ...value } = data
  const {
    attachments: __,
    text,
    ...base
  } = messageActivity(core, tenant, conversation, user, {
    ...said,
    root: message.root ?? message.id,
  })
  const answer = await core.link.tell(
    outgoing(
      actor,
      conversation,
      { what: 'message (Action.Submit)', names: ['message', 'Action.Submit'] },
      { ...base, ...(text === '' ? {} : { text }), value, replyToId: message.id },
      forge,
    ),
  )
  return succeeded(answer) ? { ok: true } : notDone(actor, 'app_error')
}

interface Run {
  readonly conversation: Conversation
  readonly message: Message
  readonly posted: PostedCard
  readonly action: Json
  readonly data: Record<string, unknown>
  readonly trigger: 'manual' | 'automatic'
}

async function execute(
  actor: Actor,
  { conversation, message, posted }: OnMessage,
  action: Json,
  data: Record<string, unknown>,
  forge?: Forge,
): Promise<Done> {
  const { core, tenant, user } = actor
  posted.busy[user.id] = true
  delete posted.errors[user.id]
  core.changed(tenant, conversation, message, user.id)
  const done = await run(actor, { conversation, message, posted, action, data, trigger: 'manual' }, forge)
  delete posted.busy[user.id]
  if (!done.ok) posted.errors[user.id] = done.message
  core.changed(tenant, conversation, message, user.id)
  return done
}

/** Sends `adaptiveCard/action`; a card in the answer is this person's own view of the message. */
async function run(
  actor: Actor,
  { conversation, message, posted, action, data, trigger }: Run,
  forge?: Forge,
): Promise<Done> {
  const { core, tenant, user } = actor
  const { version } = posted
  const verb = typeof action.verb === 'string' ? action.verb : ''
  const name = 'adaptiveCard/action'
  const activity = invokeActivity(core, tenant, conversation, user, {
    name,
    message,
    value: {
      action: {
        type: 'Action.Execute',
        ...(typeof action.id === 'string' ? { id: action.id } : {}),
        ...(typeof action.title === 'string' ? { title: action.title } : {}),
        verb,
        data,
      },
      trigger,
    },
  })
  const what = `invoke ${name} ${verb}${trigger === 'automatic' ? ' (refresh)' : ''}`.trimEnd()
  const answer = await core.link.invoke(
    outgoing(actor, conversation, { what, names: [name, verb, 'invoke'] }, activity, forge),
  )
  if (answer.outcome === 'timed-out') return notDone(actor, 'operation_timeout')
  if (answer.outcome !== 'answered' || answer.status !== 200) return notDone(actor, 'app_error')
  const judged = judgeAction(answer.body)
  if (!judged.ok) return invalid(actor, judged.complaints)
  switch (judged.answer.kind) {
    case 'error':
      return { ...notDone(actor, 'app_error'), message: judged.answer.text }
    case 'message':
      if (trigger === 'manual' && judged.answer.text !== '')
        core.notice(tenant, user, judged.answer.text, 'info')
      return { ok: true }
    case 'card':
      // The app may have changed the message meanwhile: what everybody has is newer than this view.
      if (message.cards.includes(posted) && posted.version === version) {
        posted.views[user.id] = judged.answer.card
        delete posted.typed[user.id]
      }
      return { ok: true }
  }
}

/** What Teams offers in a menu whose choices the app knows, for these letters. */
export async function search(
  actor: Actor,
  call: { readonly in: In; readonly input: string; readonly query: string; readonly typed?: Typed },
  forge?: Forge,
): Promise<Done<{ choices: readonly Choice[] }>> {
  const { core, tenant, user } = actor
  const surface = findSurface(actor, call.in)
  if (!surface) return notDone(actor, 'dialog' in call.in ? 'dialog_gone' : 'message_not_found')
  const input = findInput(surface.card, call.input)
  if (!input || !isDynamic(input)) return notDone(actor, 'no_such_action')
  if (call.typed) keepTyped(surface, user.id, call.typed)
  const query = input['choices.data'] as Json
  const name = 'application/search'
  const values = query.associatedInputs === undefined ? {} : valuesOf(surface.card, typedIn(surface, user.id))
  const activity = invokeActivity(core, tenant, surface.conversation, user, {
    name,
    ...(surface.message ? { message: surface.message } : {}),
    value: {
      queryText: call.query,
      queryOptions: { skip: 0, top: 15 },
      dataset: query.dataset,
      ...(Object.keys(values).length > 0 && query.associatedInputs !== 'none' ? { data: values } : {}),
    },
  })
  const what = `invoke ${name} ${String(query.dataset)} ${call.query}`.trimEnd()
  const answer = await core.link.invoke(
    outgoing(actor, surface.conversation, { what, names: [name, 'invoke'] }, activity, forge),
  )
  if (answer.outcome === 'timed-out') return notDone(actor, 'operation_timeout')
  if (answer.outcome !== 'answered' || answer.status !== 200) return notDone(actor, 'app_error')
  const judged = judgeSearch(answer.body)
  if (!judged.ok) return invalid(actor, judged.complaints)
  keepOffers(actor, surface, call.input, judged.answer)
  return { ok: true, choices: judged.answer }
}

/** How far back Teams looks for cards to refresh when a conversation comes into sight. */
const inSight = 20

/** Looks at a conversation: nothing is unread any more, and cards fetch this person's own view of them. */
export async function look(actor: Actor, id: string): Promise<Done> {
  const { core, tenant, user } = actor
  const conversation = conversationOf(actor, id)
  if (!conversation) return notDone(actor, 'not_member')
  const last = conversation.messages.at(-1)
  if (last && conversation.read[user.id] !== last.id) {
    conversation.read[user.id] = last.id
    core.conversationChanged(tenant, conversation)
  }
  await Promise.all(
    conversation.messages
      .slice(-inSight)
      .flatMap((message) =>
        message.cards.map((posted) => refreshed(actor, conversation, message, posted, false)),
      ),
  )
  return { ok: true }
}

/** “Refresh card” in the message's menu. */
export async function refresh(
  actor: Actor,
  what: { readonly conversation: string; readonly id: string },
): Promise<Done> {
  const surface = findSurface(actor, { message: what })
  if (surface?.kind !== 'message') return notDone(actor, 'message_not_found')
  await refreshed(actor, surface.conversation, surface.message, surface.posted, true)
  return { ok: true }
}

/** Whether a card is to be fetched again for this person by itself. */
function wants(actor: Actor, conversation: Conversation, posted: PostedCard): Json | undefined {
  const { tenant, user } = actor
  const { refresh: asks } = cardFor(posted, user.id)
  if (!isRecord(asks) || !isRecord(asks.action)) return undefined
  const { userIds } = asks
  // Without a list Teams refreshes for everybody, as long as they are few.
  const listed = Array.isArray(userIds)
    ? userIds.includes(user.chatId) || userIds.includes(`8:orgid:${user.id}`)
    : membersOf(tenant, conversation).length <= 60
  return listed ? asks.action : undefined
}

async function refreshed(
  actor: Actor,
  conversation: Conversation,
  message: Message,
  posted: PostedCard,
  byHand: boolean,
): Promise<void> {
  const { core, tenant, user } = actor
  const action = message.deleted ? undefined : wants(actor, conversation, posted)
  if (!action || user.deleted || (!byHand && posted.refreshed[user.id] === posted.version)) return
  posted.refreshed[user.id] = posted.version
  const data = isRecord(action.data) ? structuredClone(action.data) : {}
  // A refresh that fails is no one's business: the card everybody has stays.
  const done = await run(actor, { conversation, message, posted, action, data, trigger: 'automatic' })
  if (done.ok) core.changed(tenant, conversation, message, user.id)
}
