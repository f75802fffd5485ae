import { inputsOf } from '../api/chat.ts'
import {
  type Block,
  type Element,
  findElement,
  type OptionGroup,
  type OptionObject,
  optionsOf,
  type TextObject,
  type Typed,
  type Value,
} from '../blockkit.ts'
import { checkSuggestions } from '../check/view.ts'
import { answer, type Inputs, takeTyped } from '../inputs.ts'
import { succeeded } from '../link.ts'
import { interactionBase, messagePlace, messageState, viewObject } from '../payloads.ts'
import { responseUrl } from '../response-url.ts'
import { findView } from '../views.ts'
import { type Channel, findMessage, type Message, maySee, type OpenView, visibleTo } from '../world.ts'
import { type Actor, type Done, type Forge, type In, interaction, notDone, tellNot } from './actor.ts'

type Surface =
  | { readonly kind: 'message'; readonly channel: Channel; readonly message: Message }
  | { readonly kind: 'view' | 'home'; readonly open: OpenView }

/** Options an external select was last offered, by surface, block and action: a choice is one of them. */
const offers = new WeakMap<object, Map<string, readonly OptionObject[]>>()
const offersOf = (actor: Actor): Map<string, readonly OptionObject[]> => {
  const there = offers.get(actor.core)
  if (there) return there
  const fresh = new Map<string, readonly OptionObject[]>()
  offers.set(actor.core, fresh)
  return fresh
}
const offerKey = (surface: Surface, user: string, blockId: string, actionId: string): string =>
  [surfaceId(surface), user, blockId, actionId].join('\n')

const surfaceId = (surface: Surface): string =>
  surface.kind === 'message' ? surface.message.ts : surface.open.id

function find(actor: Actor, place: In): Surface | undefined {
  const { workspace, user } = actor
  if ('message' in place) {
    const channel = workspace.channels[place.message.channel]
    const message = channel && maySee(channel, user) ? findMessage(channel, place.message.ts) : undefined
    return channel && message && visibleTo(message, user.id)
      ? { kind: 'message', channel, message }
      : undefined
  }
  if ('home' in place) {
    const open = workspace.homes[user.id]
    return open && { kind: 'home', open }
  }
  const found = findView(workspace, { id: place.view })
  return found?.user === user.id ? { kind: 'view', open: found.open } : undefined
}

const blocksOf = (surface: Surface): readonly Block[] =>
  surface.kind === 'message' ? surface.message.blocks : surface.open.view.blocks

const readInputs = (surface: Surface, user: string): Inputs =>
  surface.kind === 'message' ? inputsOf(surface.message, user) : surface.open

function writeInputs(surface: Surface, user: string, inputs: Inputs): void {
  if (surface.kind === 'message')
    surface.message.typed = {
      ...surface.message.typed,
      [user]: { typed: inputs.typed, chosen: inputs.chosen },
    }
  else Object.assign(surface.open, { typed: inputs.typed, chosen: inputs.chosen })
}

/** Keeps what somebody typed, without a word to the app. */
export function type(actor: Actor, place: In, typed: Typed): Done {
  const surface = find(actor, place)
  if (!surface) return notDone(actor, 'view_gone')
  const inputs = takeTyped(
    blocksOf(surface),
    readInputs(surface, actor.user.id),
    typed,
    (blockId, actionId) => offersOf(actor).get(offerKey(surface, actor.user.id, blockId, actionId)) ?? [],
  )
  writeInputs(surface, actor.user.id, inputs)
  return { ok: true }
}

export interface ActionCall {
  readonly in: In
  readonly blockId: string
  readonly actionId: string
  readonly value?: Value
  readonly typed?: Typed
}

/** Somebody presses a button or chooses something. */
export async function action(actor: Actor, call: ActionCall, forge?: Forge): Promise<Done> {
  const { core, workspace, user } = actor
  if (user.deleted) return notDone(actor, 'account_inactive')
  const surface = find(actor, call.in)
  if (!surface) return notDone(actor, 'message' in call.in ? 'message_not_found' : 'view_gone')
  const found = findElement(blocksOf(surface), call.blockId, call.actionId)
  if (!found) return notDone(actor, 'no_such_action')
  const { block, element } = found

  type(actor, call.in, call.typed ?? {})
  const value = call.value ?? null
  if (call.value !== undefined) type(actor, call.in, { [call.blockId]: { [call.actionId]: value } })
  const options = chosenOptions(surface, user.id, call, element)
  if (options === undefined) return notDone(actor, 'no_such_option')
  if (block.type === 'input' && block.dispatch_action !== true) return { ok: true }

  const trigger = core.triggers.issue(
    workspace.id,
    user.id,
    surface.kind === 'view' ? surface.open.id : undefined,
  )
  const payload = {
    type: 'block_actions',
    ...interactionBase(core, workspace, user),
    trigger_id: trigger,
    ...placeOf(actor, surface),
    ...(surface.kind === 'message'
      ? {
          response_url: responseUrl(core, {
            workspace: workspace.id,
            channel: surface.channel.id,
            user: user.id,
            message: surface.message.ts,
            ...(surface.message.threadTs === undefined ? {} : { thread: surface.message.threadTs }),
          }),
        }
      : {}),
    actions: [
      {
        type: element.type,
        action_id: call.actionId,
        block_id: call.blockId,
        action_ts: core.ts(),
        ...spoken(element, value, options),
      },
    ],
  }
  const ack = await core.link.send(
    interaction(
      actor,
      `block_actions ${call.actionId}`,
      [call.actionId, 'block_actions', 'interactive'],
      payload,
      forge,
    ),
  )
  return succeeded(ack) ? { ok: true } : tellNot(actor, 'button_failed')
}

/** The options behind a choice; `undefined` when it is none of those offered. */
function chosenOptions(
  surface: Surface,
  user: string,
  call: ActionCall,
  element: Element,
): readonly OptionObject[] | undefined {
  if (element.type === 'overflow') {
    const option = optionsOf(element).find((one) => one.value === call.value)
    return option && [option]
  }
  const chosen = readInputs(surface, user).chosen[call.blockId]?.[call.actionId] ?? []
  const single = /^(static_select|external_select|radio_buttons)$/.test(element.type)
  const several = /^(multi_static_select|multi_external_select|checkboxes)$/.test(element.type)
  if (call.value === undefined || (!single && !several)) return chosen
  const wanted = single ? (call.value === null ? 0 : 1) : (call.value?.length ?? 0)
  return chosen.length === wanted ? chosen : undefined
}

function spoken(element: Element, value: Value, options: readonly OptionObject[]): Record<string, unknown> {
  if (element.type === 'button')
    return {
      text: element.text as TextObject,
      ...(element.value === undefined ? {} : { value: element.value }),
      ...(element.style === undefined ? {} : { style: element.style }),
    }
  return answer(element, value, options)
}

function placeOf(actor: Actor, surface: Surface): Record<string, unknown> {
  const { core, workspace, user } = actor
  if (surface.kind !== 'message')
    return {
      container: { type: 'view', view_id: surface.open.id },
      view: viewObject(core, workspace, surface.open),
    }
  return {
    ...messagePlace(core, workspace, surface.channel, surface.message),
    state: messageState(surface.message.blocks, readInputs(surface, user.id)),
  }
}

export interface OptionsCall {
  readonly in: In
  readonly blockId: string
  readonly actionId: string
  readonly query: string
  readonly typed?: Typed
}

/** Somebody types into an external select: what the app offers. */
export async function options(
  actor: Actor,
  call: OptionsCall,
  forge?: Forge,
): Promise<Done<{ options: readonly OptionObject[]; optionGroups?: readonly OptionGroup[] }>> {
  const { core, workspace, user } = actor
  const surface = find(actor, call.in)
  if (!surface) return notDone(actor, 'view_gone')
  const found = findElement(blocksOf(surface), call.blockId, call.actionId)
  if (!found || !/external_select$/.test(found.element.type)) return notDone(actor, 'no_such_action')
  if ([...call.query].length < (found.element.min_query_length ?? 3)) return { ok: true, options: [] }
  type(actor, call.in, call.typed ?? {})

  const payload = {
    type: 'block_suggestion',
    ...interactionBase(core, workspace, user),
    ...placeOf(actor, surface),
    action_id: call.actionId,
    block_id: call.blockId,
    value: call.query,
  }
  const ack = await core.link.send(
    interaction(
      actor,
      `block_suggestion ${call.actionId}`,
      [call.actionId, 'block_suggestion', 'interactive'],
      payload,
      forge,
    ),
  )
  if (ack.outcome !== 'answered' || ack.status !== 200 || checkSuggestions(ack.body).length > 0)
    return notDone(actor, 'trouble')
  const given = ack.body as { options?: OptionObject[]; option_groups?: OptionGroup[] }
  const flat = given.options ?? (given.option_groups ?? []).flatMap((group) => group.options)
  offersOf(actor).set(offerKey(surface, user.id, call.blockId, call.actionId), flat)
  return {
    ok: true,
    options: flat,
    ...(given.option_groups === undefined ? {} : { optionGroups: given.option_groups }),
  }
}
