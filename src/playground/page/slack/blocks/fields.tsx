import { useEffect, useRef } from 'preact/hooks'
import { useWords } from '../../use.ts'
import type { Block, Element, Value } from '../../wire.ts'
import { dispatchesOn } from '../answers.ts'
import { useSurface } from './surface.ts'

interface TextFieldProps {
  readonly element: Element
  readonly block: Block
  readonly id: string | undefined
  readonly name: string
  readonly labelledBy: string | undefined
  readonly describedBy: string | undefined
  readonly invalid: boolean
  readonly required: boolean
  readonly value: Value
}

const types: Readonly<Record<string, string>> = { email_text_input: 'email', url_text_input: 'url' }
/** Slack waits for a pause before it tells the app of typing. */
const pauseMs = 400

/** A field one types into: text of one or several lines, a number, an address. */
export function TextField({
  element,
  block,
  id,
  name,
  labelledBy,
  describedBy,
  invalid,
  required,
  value,
}: TextFieldProps) {
  const words = useWords()
  const surface = useSurface()
  const blockId = block.block_id ?? ''
  const actionId = element.action_id ?? ''
  const tells = dispatchesOn(block, element)
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  const told = useRef(text)
  useEffect(() => () => clearTimeout(pause.current), [])
  useEffect(() => {
    const area = field.current
    if (!element.multiline || !area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight + 2, 320)}px`
  }, [text, element.multiline])
  const tell = (): void => {
    clearTimeout(pause.current)
    const now = field.current?.value ?? ''
    told.current = now
    surface.dispatch(blockId, actionId, now === '' ? null : now)
  }
  const typed = (raw: string, composing: boolean): void => {
    const kept = element.type === 'number_input' ? raw.replace(/[^\d.,-]/g, '') : raw
    surface.set(blockId, actionId, kept === '' ? null : kept)
    if (!tells.typing) return
    clearTimeout(pause.current)
    // A half-composed Korean syllable is not yet what somebody typed.
    if (!composing) pause.current = setTimeout(tell, pauseMs)
  }
  const left = element.max_length === undefined ? undefined : element.max_length - text.length
  const common = {
    ref: field,
    id,
    class: `field${invalid ? ' invalid' : ''}`,
    value: text,
    placeholder: element.placeholder?.text ?? '',
    maxLength: element.max_length,
    autoFocus: element.focus_on_load === true,
    'aria-label': labelledBy ? undefined : name,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    'aria-required': required,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      typed(event.currentTarget.value, event.isComposing),
    onCompositionEnd: (event: CompositionEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      typed(event.currentTarget.value, false),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return
      if (element.multiline && !(event.ctrlKey || event.metaKey)) return
      if (element.multiline) return
      // Enter tells the app and does not send the form: Slack's behaviour for dispatch_action.
      if (tells.enter) {
        event.preventDefault()
        event.stopPropagation()
        tell()
      }
    },
    onBlur: () => {
      // Slack tells of the last keystrokes when the field is left, without waiting for the pause.
      if (tells.typing && (field.current?.value ?? '') !== told.current) tell()
    },
  }
  return (
    <>
      {element.multiline ? (
        <textarea {...common} rows={3} />
      ) : (
        <input
          {...common}
          type={types[element.type] ?? 'text'}
          autocomplete="off"
          inputMode={
            element.type === 'number_input' ? (element.is_decimal_allowed ? 'decimal' : 'numeric') : undefined
          }
        />
      )}
      {left !== undefined && left <= Math.min(100, (element.max_length ?? 0) * 0.15) && (
        <span class={left < 10 ? 'left few' : 'left'} aria-live="polite">
          {words.charactersLeft(left)}
        </span>
      )}
    </>
  )
}
