import type { InputBlock, KnownBlock, PlainTextElement } from '@slack/types'
import type { Field } from '../../blocks/form.ts'
import { choices, option, plainText, unknownKind } from './elements.ts'
import { isCalendarDay, limits } from './limits.ts'
import { clean, short } from './text.ts'

/** One question. Its field's name is block_id and action_id, so that what was typed survives a redraw and comes back by name. */
export function renderField(
  name: string,
  field: Field,
  value: string | readonly string[] | undefined,
): KnownBlock[] {
  const element = fieldElement(name, field, value)
  if (!element)
    return [
      { type: 'section', text: { type: 'plain_text', text: `${short(field.label, 200)}: —`, emoji: false } },
    ]
  return [
    {
      type: 'input',
      block_id: name,
      label: plainText(field.label, limits.input.label),
      element,
      optional: field.optional ?? false,
      ...(field.hint ? { hint: plainText(field.hint, limits.input.hint) } : {}),
      ...(field.live ? { dispatch_action: true } : {}),
    },
  ]
}

function fieldElement(
  name: string,
  field: Field,
  value: string | readonly string[] | undefined,
): InputBlock['element'] | undefined {
  const one = typeof value === 'string' ? value : value?.[0]
  const many = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const placeholder = field.placeholder
    ? { placeholder: plainText(field.placeholder, limits.select.placeholder) }
    : {}
  switch (field.kind) {
    case 'text':
    case 'long-text':
      return textInput(name, field.live, one, placeholder, {
        multiline: field.kind === 'long-text',
        max_length: Math.min(field.maxLength ?? limits.plainTextInput, limits.plainTextInput),
      })
    case 'percent':
      // A number_input: two or three digits typed often and mostly on phones, where it brings the numeric keypad.
      return {
        type: 'number_input',
        action_id: name,
        is_decimal_allowed: true,
        min_value: '0',
        ...(one !== undefined && /^\d+(\.\d+)?$/.test(one) ? { initial_value: one } : {}),
        ...placeholder,
        ...(field.live
          ? { dispatch_action_config: { trigger_actions_on: ['on_character_entered', 'on_enter_pressed'] } }
          : {}),
      }
    case 'money':
      // Not a number_input: amounts are pasted as 125,000,000 or written 1억 2,500만, and it takes neither.
      return textInput(name, field.live, one, placeholder, { max_length: 60 })
    case 'date':
      return {
        type: 'datepicker',
        action_id: name,
        ...(one !== undefined && isCalendarDay(one) ? { initial_date: one } : {}),
        ...placeholder,
      }
    case 'choice': {
      if (field.options.length === 0) return undefined
      const chosen = field.options.find((o) => o.value === one)
      return {
        type: 'static_select',
        action_id: name,
        ...choices(field.options),
        ...(chosen ? { initial_option: option(chosen) } : {}),
        ...placeholder,
      }
    }
    case 'choices': {
      if (field.options.length === 0) return undefined
      const chosen = field.options.filter((o) => many.includes(o.value)).map(option)
      const initial = chosen.length > 0 ? { initial_options: chosen } : {}
      if (field.options.length <= limits.checkboxes)
        return { type: 'checkboxes', action_id: name, options: field.options.map(option), ...initial }
      return {
        type: 'multi_static_select',
        action_id: name,
        ...choices(field.options),
        ...initial,
        ...placeholder,
      }
    }
    case 'chat-user':
      return {
        type: 'users_select',
        action_id: name,
        ...(one !== undefined && /^[UW][A-Z0-9]{1,30}$/.test(one) ? { initial_user: one } : {}),
        ...placeholder,
      }
    case 'search':
      return {
        type: 'external_select',
        action_id: name,
        min_query_length: field.minLength ?? 1,
        ...(field.chosen ? { initial_option: option(field.chosen) } : {}),
        ...placeholder,
      }
    default:
      return unknownKind(field)
  }
}

function textInput(
  name: string,
  live: boolean | undefined,
  value: string | undefined,
  placeholder: { placeholder?: PlainTextElement },
  looks: { multiline?: boolean; max_length: number },
): InputBlock['element'] {
  return {
    type: 'plain_text_input',
    action_id: name,
    ...looks,
    ...(value
      ? {
          initial_value: clean(value)
            .slice(0, looks.max_length)
            .replace(/[\ud800-\udbff]$/, ''),
        }
      : {}),
    ...placeholder,
    // Enter, not every letter: words are not previewed while they are being written.
    ...(live ? { dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } } : {}),
  }
}
