import {
  type Block,
  type Chosen,
  type Element,
  elementsOf,
  type OptionObject,
  optionsOf,
  type Typed,
  type Value,
} from './blockkit.ts'

/** What stands in the inputs of a view or a message. */
export interface Inputs {
  readonly typed: Typed
  readonly chosen: Chosen
}

const stateless = new Set(['button', 'overflow', 'workflow_button', 'feedback_buttons', 'icon_button'])
const severalOf = (element: Element): boolean =>
  element.type.startsWith('multi_') || element.type === 'checkboxes'
const byOption = (element: Element): boolean =>
  /static_select|external_select|checkboxes|radio_buttons|overflow/.test(element.type)

/** The inputs of these blocks as they stand before anybody touched them. */
export function initialInputs(blocks: readonly Block[]): Inputs {
  return collect(blocks, (element) => {
    const options = element.initial_options ?? (element.initial_option ? [element.initial_option] : [])
    return { value: initialValue(element), options }
  })
}

function initialValue(element: Element): Value {
  if (severalOf(element))
    return (
      element.initial_options?.map((option) => option.value) ??
      element.initial_users ??
      element.initial_channels ??
      element.initial_conversations ??
      []
    )
  if (element.initial_date_time !== undefined) return String(element.initial_date_time)
  return (
    element.initial_option?.value ??
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  )
}

/**
 * The inputs after the blocks were replaced. An input that keeps its block_id and action_id keeps what was
 * typed, whatever `initial_…` the new blocks give it: Slack does the same, and apps trip over it.
 */
export function carryOver(before: readonly Block[], inputs: Inputs, after: readonly Block[]): Inputs {
  const kinds = new Map<string, string>()
  for (const block of before)
    for (const element of elementsOf(block)) kinds.set(`${block.block_id}/${element.action_id}`, element.type)
  const fresh = initialInputs(after)
  return collect(after, (element, blockId, actionId) => {
    const kept = kinds.get(`${blockId}/${actionId}`) === element.type ? inputs : fresh
    return {
      value: kept.typed[blockId]?.[actionId] ?? null,
      options: kept.chosen[blockId]?.[actionId] ?? [],
    }
  })
}

/** Takes over what a person typed; options of external selects are found among those last offered. */
export function takeTyped(
  blocks: readonly Block[],
  inputs: Inputs,
  typed: Typed,
  offered: (blockId: string, actionId: string) => readonly OptionObject[],
): Inputs {
  return collect(blocks, (element, blockId, actionId) => {
    const given = typed[blockId]?.[actionId]
    const before = inputs.chosen[blockId]?.[actionId] ?? []
    if (given === undefined) return { value: inputs.typed[blockId]?.[actionId] ?? null, options: before }
    const value = typeof given === 'string' && given === '' ? null : given
    const values = value === null ? [] : typeof value === 'string' ? [value] : value
    const known = [...optionsOf(element), ...offered(blockId, actionId), ...before]
    const options = byOption(element)
      ? values.flatMap((one) => known.find((option) => option.value === one) ?? [])
      : []
    return { value, options }
  })
}

function collect(
  blocks: readonly Block[],
  read: (
    element: Element,
    blockId: string,
    actionId: string,
  ) => { value: Value; options: readonly OptionObject[] },
): Inputs {
  const typed: Record<string, Record<string, Value>> = {}
  const chosen: Record<string, Record<string, readonly OptionObject[]>> = {}
  for (const block of blocks)
    for (const element of elementsOf(block)) {
      if (stateless.has(element.type)) continue
      const blockId = block.block_id!
      const actionId = element.action_id!
      const { value, options } = read(element, blockId, actionId)
      typed[blockId] = { ...typed[blockId], [actionId]: value }
      if (options.length > 0) chosen[blockId] = { ...chosen[blockId], [actionId]: options }
    }
  return { typed, chosen }
}

/** `state.values` as Slack sends it. */
export function stateValues(
  blocks: readonly Block[],
  inputs: Inputs,
): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {}
  for (const block of blocks)
    for (const element of elementsOf(block)) {
      if (stateless.has(element.type)) continue
      const blockId = block.block_id!
      const actionId = element.action_id!
      values[blockId] = {
        ...values[blockId],
        [actionId]: {
          type: element.type,
          ...answer(
            element,
            inputs.typed[blockId]?.[actionId] ?? null,
            inputs.chosen[blockId]?.[actionId] ?? [],
          ),
        },
      }
    }
  return values
}

/** How Slack writes the value of one element, in `state` and in `actions`. */
export function answer(
  element: Element,
  value: Value,
  options: readonly OptionObject[],
): Record<string, unknown> {
  const one = typeof value === 'string' ? value : null
  const many = Array.isArray(value) ? value : []
  switch (element.type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { selected_option: options[0] ?? null }
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { selected_options: options }
    case 'users_select':
      return { selected_user: one }
    case 'channels_select':
      return { selected_channel: one }
    case 'conversations_select':
      return { selected_conversation: one }
    case 'multi_users_select':
      return { selected_users: many }
    case 'multi_channels_select':
      return { selected_channels: many }
    case 'multi_conversations_select':
      return { selected_conversations: many }
    case 'datepicker':
      return { selected_date: one }
    case 'timepicker':
      return { selected_time: one }
    case 'datetimepicker':
      return { selected_date_time: one === null ? null : Number(one) }
    case 'rich_text_input':
      return { rich_text_value: one === null ? null : richText(one) }
    default:
      return { value: one }
  }
}

const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
})

const sentences = {
  'en-US': {
    missing: 'Please complete this required field.',
    option: 'Choose one of the options.',
    short: (n: number) => `Must be at least ${n} characters long.`,
    long: (n: number) => `Must be at most ${n} characters long.`,
    number: 'Enter a number.',
    whole: 'Enter a whole number.',
    low: (n: string) => `Must be at least ${n}.`,
    high: (n: string) => `Must be at most ${n}.`,
    email: 'Enter a valid email address.',
    url: 'Enter a valid URL.',
  },
  'ko-KR': {
    missing: '필수 입력란을 작성하세요.',
    option: '옵션 중에서 선택하세요.',
    short: (n: number) => `${n}자 이상 입력하세요.`,
    long: (n: number) => `${n}자 이하로 입력하세요.`,
    number: '숫자를 입력하세요.',
    whole: '정수를 입력하세요.',
    low: (n: string) => `${n} 이상이어야 합니다.`,
    high: (n: string) => `${n} 이하여야 합니다.`,
    email: '올바른 이메일 주소를 입력하세요.',
    url: '올바른 URL을 입력하세요.',
  },
} as const

/** What Slack's own client complains about before it sends a form: by block_id. */
export function incomplete(
  blocks: readonly Block[],
  inputs: Inputs,
  locale: 'ko-KR' | 'en-US',
): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of blocks) {
    if (block.type !== 'input' || !block.element) continue
    const value = inputs.typed[block.block_id!]?.[block.element.action_id!] ?? null
    const chosen = inputs.chosen[block.block_id!]?.[block.element.action_id!] ?? []
    const wrong = judge(block, block.element, value, chosen.length, sentences[locale])
    if (wrong !== undefined) errors[block.block_id!] = wrong
  }
  return errors
}

function judge(
  block: Block,
  element: Element,
  value: Value,
  chosen: number,
  say: (typeof sentences)['ko-KR' | 'en-US'],
): string | undefined {
  const empty = value === null || value.length === 0
  if (empty) return block.optional === true ? undefined : say.missing
  if (byOption(element))
    return chosen === (typeof value === 'string' ? 1 : value.length) ? undefined : say.option
  if (typeof value !== 'string') return undefined
  if (element.type === 'email_text_input') return /^\S+@\S+\.\S+$/.test(value) ? undefined : say.email
  if (element.type === 'url_text_input') return URL.canParse(value) ? undefined : say.url
  if (element.type === 'number_input') return judgeNumber(element, value, say)
  if (element.type !== 'plain_text_input') return undefined
  if (element.min_length !== undefined && value.length < element.min_length)
    return say.short(element.min_length)
  const most = element.max_length ?? 3000
  return value.length > most ? say.long(most) : undefined
}

function judgeNumber(
  element: Element,
  value: string,
  say: (typeof sentences)['ko-KR' | 'en-US'],
): string | undefined {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return say.number
  if (element.is_decimal_allowed !== true && value.includes('.')) return say.whole
  if (element.min_value !== undefined && Number(value) < Number(element.min_value))
    return say.low(element.min_value)
  if (element.max_value !== undefined && Number(value) > Number(element.max_value))
    return say.high(element.max_value)
  return undefined
}
