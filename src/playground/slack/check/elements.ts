import { slackLimits as max } from './limits.ts'
import {
  actionId,
  anyText,
  buttonStyle,
  confirmation,
  date,
  decimal,
  option,
  optionGroup,
  plainText,
  time,
  url,
} from './objects.ts'
import {
  all,
  anything,
  exactly,
  type Fields,
  flag,
  isRecord,
  list,
  oneOf,
  type Rule,
  record,
  text,
  whole,
} from './rule.ts'

const id = text(60, 1)
const placeholder = plainText(max.placeholder)
const common: Fields = { action_id: actionId, confirm: confirmation, focus_on_load: flag }
const inField: Fields = { ...common, placeholder }

const button = record(
  { type: exactly('button'), text: plainText(max.buttonText) },
  {
    action_id: actionId,
    url,
    value: text(max.buttonValue),
    style: buttonStyle,
    confirm: confirmation,
    accessibility_label: text(max.accessibilityLabel, 1),
  },
)

/** Options or groups, never both and never neither; an initial choice must be one of them, to the letter. */
const offersOptions: Rule = (value, at, complaints) => {
  if (!isRecord(value)) return
  const flat = value.options
  const groups = value.option_groups
  if (flat === undefined && groups === undefined)
    complaints.push({ what: 'missing required field: options', at })
  if (flat !== undefined && groups !== undefined)
    complaints.push({ what: 'only one of `options` or `option_groups` is allowed', at })
  const offered = (Array.isArray(flat) ? flat : []).concat(
    (Array.isArray(groups) ? groups : []).flatMap((group) =>
      isRecord(group) && Array.isArray(group.options) ? group.options : [],
    ),
  )
  const keys = offered.map((item) => JSON.stringify(isRecord(item) ? item.value : item))
  if (new Set(keys).size < keys.length) complaints.push({ what: 'option values must be unique', at })
  const first = value.initial_option === undefined ? [] : [value.initial_option]
  const chosen = first.concat(Array.isArray(value.initial_options) ? value.initial_options : [])
  for (const item of chosen)
    if (!offered.some((one) => sameOption(one, item)))
      complaints.push({ what: 'initial option must be one of the options', at })
}

function sameOption(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other) || !isRecord(one.text) || !isRecord(other.text)) return false
  return one.value === other.value && one.text.text === other.text.text
}

const staticSelect = (type: string, several: boolean): Rule =>
  all(
    record(
      { type: exactly(type) },
      {
        ...inField,
        options: list(option('plain'), max.options),
        option_groups: list(optionGroup, max.optionGroups),
        ...(several
          ? { initial_options: list(option('plain'), max.options), max_selected_items: whole(1, 100) }
          : { initial_option: option('plain') }),
      },
    ),
    offersOptions,
  )

const externalSelect = (type: string, several: boolean): Rule =>
  record(
    { type: exactly(type) },
    {
      ...inField,
      min_query_length: whole(0, 100),
      ...(several
        ? { initial_options: list(option('plain'), max.options), max_selected_items: whole(1, 100) }
        : { initial_option: option('plain') }),
    },
  )

const idSelect = (type: string, single: string, more: Fields = {}): Rule =>
  type.startsWith('multi_')
    ? record(
        { type: exactly(type) },
        { ...inField, [`${single}s`]: list(id, 100, 0), max_selected_items: whole(1, 100), ...more },
      )
    : record({ type: exactly(type) }, { ...inField, [single]: id, ...more })

const conversationExtras: Fields = {
  default_to_current_conversation: flag,
  response_url_enabled: flag,
  filter: record(
    {},
    {
      include: list(oneOf('im', 'mpim', 'private', 'public'), 4),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
  ),
}

const boxes = (type: string, several: boolean): Rule =>
  all(
    record(
      { type: exactly(type), options: list(option('any'), max.boxOptions) },
      {
        ...common,
        ...(several
          ? { initial_options: list(option('any'), max.boxOptions) }
          : { initial_option: option('any') }),
      },
    ),
    offersOptions,
  )

const dispatch = record({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2),
})
const typedField: Fields = {
  action_id: actionId,
  placeholder,
  focus_on_load: flag,
  dispatch_action_config: dispatch,
}

const textInput: Rule = all(
  record(
    { type: exactly('plain_text_input') },
    {
      ...typedField,
      initial_value: text(max.inputMaxLength),
      multiline: flag,
      min_length: whole(0, max.inputMaxLength),
      max_length: whole(1, max.inputMaxLength),
    },
  ),
  (value, at, complaints) => {
    if (!isRecord(value) || typeof value.initial_value !== 'string') return
    if (typeof value.max_length === 'number' && value.initial_value.length > value.max_length)
      complaints.push({
        what: `must be less than ${value.max_length + 1} characters`,
        at: `${at}/initial_value`,
      })
  },
)

/** Every interactive element by its type. */
const elementRules: Readonly<Record<string, Rule>> = {
  button,
  workflow_button: record(
    { type: exactly('workflow_button'), text: plainText(max.buttonText), workflow: anything },
    { action_id: actionId, style: buttonStyle, accessibility_label: text(max.accessibilityLabel, 1) },
  ),
  overflow: record(
    { type: exactly('overflow'), options: list(option('plain'), max.overflowOptions) },
    { action_id: actionId, confirm: confirmation },
  ),
  static_select: staticSelect('static_select', false),
  multi_static_select: staticSelect('multi_static_select', true),
  external_select: externalSelect('external_select', false),
  multi_external_select: externalSelect('multi_external_select', true),
  users_select: idSelect('users_select', 'initial_user'),
  multi_users_select: idSelect('multi_users_select', 'initial_user'),
  channels_select: idSelect('channels_select', 'initial_channel', { response_url_enabled: flag }),
  multi_channels_select: idSelect('multi_channels_select', 'initial_channel'),
  conversations_select: idSelect('conversations_select', 'initial_conversation', conversationExtras),
  multi_conversations_select: idSelect(
    'multi_conversations_select',
    'initial_conversation',
    conversationExtras,
  ),
  checkboxes: boxes('checkboxes', true),
  radio_buttons: boxes('radio_buttons', false),
  datepicker: record({ type: exactly('datepicker') }, { ...inField, initial_date: date }),
  timepicker: record(
    { type: exactly('timepicker') },
    { ...inField, initial_time: time, timezone: text(60, 1) },
  ),
  datetimepicker: record(
    { type: exactly('datetimepicker') },
    { ...common, initial_date_time: whole(1_000_000_000, 9_999_999_999) },
  ),
  plain_text_input: textInput,
  number_input: record(
    { type: exactly('number_input'), is_decimal_allowed: flag },
    { ...typedField, initial_value: decimal, min_value: decimal, max_value: decimal },
  ),
  email_text_input: record(
    { type: exactly('email_text_input') },
    { ...typedField, initial_value: text(max.inputMaxLength) },
  ),
  url_text_input: record(
    { type: exactly('url_text_input') },
    { ...typedField, initial_value: text(max.inputMaxLength) },
  ),
  rich_text_input: record({ type: exactly('rich_text_input') }, { ...typedField, initial_value: anything }),
  file_input: record(
    { type: exactly('file_input') },
    { action_id: actionId, filetypes: list(text(20, 1), 50), max_files: whole(1, 10) },
  ),
  feedback_buttons: record(
    { type: exactly('feedback_buttons'), positive_button: anything, negative_button: anything },
    { action_id: actionId },
  ),
  icon_button: record(
    { type: exactly('icon_button'), icon: oneOf('trash'), text: plainText(max.buttonText) },
    {
      action_id: actionId,
      value: text(max.buttonValue),
      confirm: confirmation,
      accessibility_label: text(max.accessibilityLabel, 1),
      visible_to_user_ids: list(id, 10),
    },
  ),
}

const menus = [
  'static_select',
  'external_select',
  'users_select',
  'channels_select',
  'conversations_select',
].flatMap((type) => [type, `multi_${type}`])
const pickers = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker']
const pick = (types: readonly string[]): Readonly<Record<string, Rule>> =>
  Object.fromEntries(types.map((type) => [type, elementRules[type]!]))

export const inActions = pick([
  'button',
  'workflow_button',
  'overflow',
  'datetimepicker',
  ...menus,
  ...pickers,
])
export const inSection = pick(['button', 'workflow_button', 'overflow', ...menus, ...pickers])
export const inInput = pick([
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
  'datetimepicker',
  ...menus,
  ...pickers,
])
export const inContextActions = pick(['feedback_buttons', 'icon_button'])
export const cardButton = button
export const contextText = anyText(max.text)
