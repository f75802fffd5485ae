import { findPerson, useWorld } from '../../use.ts'
import type { Element, Value } from '../../wire.ts'
import { instantOf, localOf } from '../dates.ts'

interface PickerProps {
  readonly element: Element
  readonly id: string | undefined
  readonly name: string
  readonly labelledBy: string | undefined
  readonly describedBy: string | undefined
  readonly invalid: boolean
  readonly required: boolean
  readonly value: Value
  readonly onChange: (value: Value) => void
}

// The browser's own pickers: they work with a keyboard, a thumb and a screen reader in every language.
function Picker({
  type,
  shown,
  accept,
  ...props
}: PickerProps & {
  type: 'date' | 'time' | 'datetime-local'
  shown: string
  accept: (text: string) => Value | undefined
}) {
  return (
    <input
      type={type}
      id={props.id}
      class={`field picker${props.invalid ? ' invalid' : ''}`}
      value={shown}
      max={type === 'date' ? '9999-12-31' : undefined}
      aria-label={props.labelledBy ? undefined : props.name}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.required}
      onChange={(event) => {
        const value = accept(event.currentTarget.value)
        if (value !== undefined) props.onChange(value)
      }}
    />
  )
}

/** A date. A year that is still being typed (`0002`) is not told to the app. */
export const DatePicker = (props: PickerProps) => (
  <Picker
    {...props}
    type="date"
    shown={typeof props.value === 'string' ? props.value : ''}
    accept={(text) => (text === '' ? null : text >= '1900' ? text : undefined)}
  />
)

/** A time of day. */
export const TimePicker = (props: PickerProps) => (
  <Picker
    {...props}
    type="time"
    shown={typeof props.value === 'string' ? props.value : ''}
    accept={(text) => (text === '' ? null : text.slice(0, 5))}
  />
)

/** An instant, written in the person's own zone and told as epoch seconds. */
export function DateTimePicker(props: PickerProps) {
  const state = useWorld()
  const zone = findPerson(state, state.me)?.tz ?? 'Asia/Seoul'
  return (
    <Picker
      {...props}
      type="datetime-local"
      shown={typeof props.value === 'string' ? localOf(Number(props.value) * 1000, zone) : ''}
      accept={(text) =>
        text === '' ? null : text >= '1970' ? String(instantOf(text, zone) / 1000) : undefined
      }
    />
  )
}
