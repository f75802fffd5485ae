import type { Block, Element, Option, Typed, Value } from '../wire.ts'

/** What an element holds before anybody touched it; undefined for elements without a state (buttons, overflow, images). */
export function initialValue(element: Element): Value | undefined {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return element.initial_value ?? null
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return element.initial_option?.value ?? null
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return (element.initial_options ?? []).flatMap((o) => o.value ?? [])
    case 'users_select':
      return element.initial_user ?? null
    case 'multi_users_select':
      return element.initial_users ?? []
    case 'conversations_select':
      return element.initial_conversation ?? null
    case 'channels_select':
      return element.initial_channel ?? null
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return []
    case 'datepicker':
      return element.initial_date ?? null
    case 'timepicker':
      return element.initial_time ?? null
    case 'datetimepicker':
      return element.initial_date_time === undefined ? null : String(element.initial_date_time)
    default:
      return undefined
  }
}

const isElement = (candidate: unknown): candidate is Element =>
  typeof candidate === 'object' && candidate !== null && 'type' in candidate

/** The elements of a block that may carry a state. */
const elementsOf = (block: Block): Element[] =>
  [block.element, block.accessory, ...(block.type === 'actions' ? (block.elements ?? []) : [])].filter(
    isElement,
  )

function eachElement(
  blocks: readonly Block[],
  visit: (block: string, action: string, element: Element) => void,
) {
  for (const block of blocks)
    for (const element of elementsOf(block))
      if (block.block_id && element.action_id) visit(block.block_id, element.action_id, element)
}

const put = (typed: Typed, block: string, action: string, value: Value): Typed => ({
  ...typed,
  [block]: { ...typed[block], [action]: value },
})

/**
 * What stands in the inputs after a surface was drawn or redrawn. The server knows what it was last told; a key
 * typed here since then is newer and stays, as Slack keeps what is typed under the same block_id and action_id.
 * A new id starts from the server's value: that is how an app resets a field.
 */
export function typedAfterRedraw(
  blocks: readonly Block[],
  server: Typed,
  local: Typed,
  standing: readonly Block[],
): Typed {
  const stood = new Set<string>()
  eachElement(standing, (block, action, element) => {
    stood.add(`${block}\n${action}\n${element.type}`)
  })
  let typed: Typed = {}
  eachElement(blocks, (block, action, element) => {
    const fresh = initialValue(element)
    if (fresh === undefined) return
    const here = local[block]?.[action]
    const kept = stood.has(`${block}\n${action}\n${element.type}`) && here !== undefined
    const told = server[block]?.[action]
    typed = put(typed, block, action, kept ? here : told === undefined ? fresh : told)
  })
  return typed
}

/** When an input with `dispatch_action` tells the app: Slack's default is Enter alone. */
export function dispatchesOn(
  block: Block | undefined,
  element: Element,
): { enter: boolean; typing: boolean } {
  if (block?.dispatch_action !== true) return { enter: false, typing: false }
  const on = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed']
  return { enter: on.includes('on_enter_pressed'), typing: on.includes('on_character_entered') }
}

/** Every option an element offers, groups taken apart. */
export const optionsOf = (element: Element): readonly Option[] =>
  element.options ?? element.option_groups?.flatMap((group) => group.options) ?? []

/** Filters a menu as Slack does: the words anywhere in the label, whatever their case. */
export const matches = (option: Option, query: string): boolean =>
  query.trim() === '' ||
  option.text.text.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase()) ||
  (option.description?.text.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase()) ?? false)
