/**
 * Block Kit as it arrives over the wire, read loosely: `check/` has judged it before anything here looks at it.
 * Field names are Slack's.
 */
export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn'
  readonly text: string
  readonly emoji?: boolean
  readonly verbatim?: boolean
}

export interface OptionObject {
  readonly text: TextObject
  readonly value: string
  readonly description?: TextObject
  readonly url?: string
}

export interface OptionGroup {
  readonly label: TextObject
  readonly options: readonly OptionObject[]
}

export interface Element {
  readonly type: string
  readonly action_id?: string
  readonly text?: TextObject | string
  readonly value?: string
  readonly url?: string
  readonly style?: string
  readonly placeholder?: TextObject
  readonly confirm?: {
    readonly title?: TextObject
    readonly text: TextObject
    readonly confirm?: TextObject
    readonly deny?: TextObject
  }
  readonly options?: readonly OptionObject[]
  readonly option_groups?: readonly OptionGroup[]
  readonly initial_option?: OptionObject
  readonly initial_options?: readonly OptionObject[]
  readonly initial_value?: string
  readonly initial_date?: string
  readonly initial_time?: string
  readonly initial_date_time?: number
  readonly initial_user?: string
  readonly initial_users?: readonly string[]
  readonly initial_channel?: string
  readonly initial_channels?: readonly string[]
  readonly initial_conversation?: string
  readonly initial_conversations?: readonly string[]
  readonly min_query_length?: number
  readonly min_length?: number
  readonly max_length?: number
  readonly min_value?: string
  readonly max_value?: string
  readonly is_decimal_allowed?: boolean
  readonly multiline?: boolean
  readonly max_selected_items?: number
  readonly dispatch_action_config?: { readonly trigger_actions_on?: readonly string[] }
  readonly elements?: readonly Element[]
  readonly alt_text?: string
  readonly image_url?: string
}

export interface Block {
  readonly type: string
  readonly block_id?: string
  readonly text?: TextObject
  readonly fields?: readonly TextObject[]
  readonly accessory?: Element
  readonly elements?: readonly Element[]
  readonly element?: Element
  readonly label?: TextObject
  readonly hint?: TextObject
  readonly optional?: boolean
  readonly dispatch_action?: boolean
  readonly title?: TextObject
  readonly alt_text?: string
}

export interface View {
  readonly type: 'modal' | 'home'
  readonly title?: TextObject
  readonly submit?: TextObject
  readonly close?: TextObject
  readonly blocks: readonly Block[]
  readonly private_metadata?: string
  readonly callback_id?: string
  readonly external_id?: string
  readonly clear_on_close?: boolean
  readonly notify_on_close?: boolean
  readonly submit_disabled?: boolean
}

/** What stands in one input: text; a number, date, time or epoch seconds as text; the value(s) of what is selected. */
export type Value = string | readonly string[] | null
/** block_id → action_id → value. */
export type Typed = Readonly<Record<string, Readonly<Record<string, Value>>>>
/** block_id → action_id → the option objects behind the values. */
export type Chosen = Readonly<Record<string, Readonly<Record<string, readonly OptionObject[]>>>>

/** The interactive elements of a block, wherever Block Kit lets it carry them. */
export function elementsOf(block: Block): readonly Element[] {
  if (block.type === 'input') return block.element ? [block.element] : []
  if (block.type === 'section') return block.accessory?.action_id === undefined ? [] : [block.accessory]
  if (block.type === 'actions' || block.type === 'context_actions')
    return (block.elements ?? []).filter((element) => element.action_id !== undefined)
  return []
}

export function findElement(
  blocks: readonly Block[],
  blockId: string,
  actionId: string,
): { block: Block; element: Element } | undefined {
  const block = blocks.find((candidate) => candidate.block_id === blockId)
  const element = block && elementsOf(block).find((candidate) => candidate.action_id === actionId)
  return block && element ? { block, element } : undefined
}

export const optionsOf = (element: Element): readonly OptionObject[] =>
  element.options ?? (element.option_groups ?? []).flatMap((group) => group.options)
