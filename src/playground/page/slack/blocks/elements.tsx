import { useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shell/icons.tsx'
import { findPerson, useOutside, useWords, useWorld } from '../../use.ts'
import type { Block, Element, Option, Value } from '../../wire.ts'
import { isSafeLink } from '../mrkdwn.ts'
import { ConfirmDialog } from './confirm.tsx'
import { TextField } from './fields.tsx'
import { DatePicker, DateTimePicker, TimePicker } from './pickers.tsx'
import { Popup } from './popup.tsx'
import { Select } from './select.tsx'
import { useSurface } from './surface.ts'
import { Text } from './text.tsx'

/** Where an element stands, and what names it for somebody who cannot see it. */
export interface Standing {
  readonly block: Block
  readonly element: Element
  /** What a screen reader and a test call it when it has no label of its own. */
  readonly name: string
  readonly labelledBy?: string
  /** For the label that names it, so that a press on the label reaches it. */
  readonly fieldId?: string
  readonly describedBy?: string
  readonly invalid?: boolean
}

/** Asks the element's own question first, if it has one. */
function useConfirmed(
  element: Element,
): [ask: (then: () => void) => void, dialog: preact.JSX.Element | null] {
  const [then, setThen] = useState<{ readonly run: () => void }>()
  const { confirm } = element
  if (!confirm) return [(run) => run(), null]
  return [
    (run) => setThen({ run }),
    then ? (
      <ConfirmDialog
        confirm={confirm}
        onAnswer={(yes) => {
          setThen(undefined)
          if (yes) then.run()
        }}
      />
    ) : null,
  ]
}

function ButtonElement({ block, element }: Standing) {
  const surface = useSurface()
  const [ask, dialog] = useConfirmed(element)
  const blockId = block.block_id ?? ''
  const actionId = element.action_id ?? ''
  const busy = surface.busy === `${blockId}/${actionId}`
  return (
    <>
      <button
        type="button"
        class={`button ${element.style ?? ''}${busy ? ' busy' : ''}`}
        aria-busy={busy}
        aria-label={element.accessibility_label}
        onClick={() => {
          // While one press is on its way a second one is the finger's mistake.
          if (busy) return
          ask(() => {
            if (element.url && isSafeLink(element.url))
              window.open(element.url, '_blank', 'noopener,noreferrer')
            void surface.act(blockId, actionId)
          })
        }}
      >
        <Text of={element.text} />
      </button>
      {dialog}
    </>
  )
}

function Overflow({ block, element, name }: Standing) {
  const words = useWords()
  const surface = useSurface()
  const frame = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [ask, dialog] = useConfirmed(element)
  useOutside(frame, open, () => setOpen(false))
  const move = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const items = [...(frame.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the menu's own items
    <span class="overflow" ref={frame} onKeyDown={open ? move : undefined}>
      <button
        ref={button}
        type="button"
        class="button square"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={
          element.accessibility_label ?? (name ? `${words.moreActions}: ${name}` : words.moreActions)
        }
        onClick={() => setOpen(!open)}
      >
        <Icon name="dots" />
      </button>
      {open && (
        <Popup anchor={button} align="end">
          <div role="menu" class="menu">
            {(element.options ?? []).map((option, index) => (
              <button
                key={option.value}
                type="button"
                role="menuitem"
                // biome-ignore lint/a11y/noAutofocus: a menu that was just opened takes the focus
                autoFocus={index === 0}
                onClick={() => {
                  setOpen(false)
                  ask(() => {
                    if (option.url && isSafeLink(option.url))
                      window.open(option.url, '_blank', 'noopener,noreferrer')
                    void surface.act(block.block_id ?? '', element.action_id ?? '', option.value ?? null)
                  })
                }}
              >
                <Text of={option.text} />
                {option.description && <small>{option.description.text}</small>}
              </button>
            ))}
          </div>
        </Popup>
      )}
      {dialog}
    </span>
  )
}

function Choices({
  element,
  name,
  labelledBy,
  describedBy,
  invalid,
  onChange,
  value,
}: Standing & {
  value: Value
  onChange: (value: Value) => void
}) {
  const id = useId()
  const many = element.type === 'checkboxes'
  const values = value === null ? [] : typeof value === 'string' ? [value] : value
  return (
    <div
      role={many ? 'group' : 'radiogroup'}
      aria-label={labelledBy ? undefined : name}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      class={`choices${invalid ? ' invalid' : ''}`}
    >
      {(element.options ?? []).map((option) => {
        const on = option.value !== undefined && values.includes(option.value)
        return (
          <label class="choice" key={option.value}>
            <input
              type={many ? 'checkbox' : 'radio'}
              name={id}
              checked={on}
              onChange={() => {
                if (option.value === undefined) return
                if (!many) onChange(option.value)
                else onChange(on ? values.filter((v) => v !== option.value) : [...values, option.value])
              }}
            />
            <span class="choice-words">
              <Text of={option.text} />
              {option.description && (
                <small>
                  <Text of={option.description} />
                </small>
              )}
            </span>
          </label>
        )
      })}
    </div>
  )
}

/** The people or channels that a menu of them offers. */
function useOffered(element: Element): readonly Option[] | undefined {
  const state = useWorld()
  if (/users_select$/.test(element.type))
    return state.people
      .filter((person) => !person.isBot && !person.deleted)
      .map((person) => ({
        text: { type: 'plain_text', text: person.realName },
        value: person.id,
        ...(person.title ? { description: { type: 'plain_text' as const, text: person.title } } : {}),
      }))
  if (/(?:conversations|channels)_select$/.test(element.type))
    return state.conversations
      .filter((c) => c.kind !== 'dm' || element.type.endsWith('conversations_select'))
      .map((c) => ({
        text: {
          type: 'plain_text',
          text: c.kind === 'dm' ? (findPerson(state, c.with ?? '')?.realName ?? c.name) : `#${c.name}`,
        },
        value: c.id,
      }))
  return undefined
}

/** One element of Block Kit, wherever it stands. */
export function ElementView(standing: Standing) {
  const { block, element, name, labelledBy, describedBy, fieldId, invalid = false } = standing
  const words = useWords()
  const surface = useSurface()
  const offered = useOffered(element)
  const [ask, dialog] = useConfirmed(element)
  const blockId = block.block_id ?? ''
  const actionId = element.action_id ?? ''
  const inInput = block.type === 'input'
  const value = surface.typed[blockId]?.[actionId] ?? null
  /** Inside an input a choice is only kept, unless the block says to tell; elsewhere every choice tells the app. */
  const choose = (chosen: Value, options?: readonly Option[]): void => {
    if (inInput && !block.dispatch_action) surface.set(blockId, actionId, chosen, options)
    else ask(() => surface.dispatch(blockId, actionId, chosen, options))
  }
  const field = {
    id: fieldId,
    name,
    labelledBy,
    describedBy,
    invalid,
    required: inInput && !block.optional,
  }
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement {...standing} />
    case 'overflow':
      return <Overflow {...standing} />
    case 'image':
      return <ImageView url={element.image_url} alt={element.alt_text ?? ''} small />
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return (
        <>
          <Select
            element={element}
            block={blockId}
            {...field}
            {...(offered ? { offered } : {})}
            onChange={choose}
          />
          {dialog}
        </>
      )
    case 'checkboxes':
    case 'radio_buttons':
      return (
        <>
          <Choices {...standing} value={value} onChange={choose} />
          {dialog}
        </>
      )
    case 'datepicker':
      return (
        <>
          <DatePicker element={element} {...field} value={value} onChange={choose} />
          {dialog}
        </>
      )
    case 'timepicker':
      return <TimePicker element={element} {...field} value={value} onChange={choose} />
    case 'datetimepicker':
      return <DateTimePicker element={element} {...field} value={value} onChange={choose} />
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextField element={element} block={block} {...field} value={value} />
    default:
      return <p class="block-unknown">{words.unknownElement(element.type)}</p>
  }
}

/** A picture; when it cannot be loaded its words stand in its place. */
export function ImageView({
  url,
  alt,
  small = false,
}: {
  url: string | undefined
  alt: string
  small?: boolean
}) {
  const [broken, setBroken] = useState(false)
  const words = useWords()
  if (!url || broken || !/^(?:https?:|\/|data:image\/)/.test(url))
    return (
      <span
        class={small ? 'image-missing small' : 'image-missing'}
        role="img"
        aria-label={alt || words.imageMissing}
      >
        {alt || words.imageMissing}
      </span>
    )
  return (
    <img
      class={small ? 'image small' : 'image'}
      src={url}
      alt={alt}
      loading="lazy"
      onError={() => setBroken(true)}
    />
  )
}

/** The label of an element that has none: its placeholder, or what stands beside it. */
export const nameOf = (element: Element, beside = ''): string =>
  beside || element.placeholder?.text || element.accessibility_label || element.alt_text || ''
