import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../../shell/icons.tsx'
import { useOutside, useWords } from '../../use.ts'
import type { Element, Option, OptionGroup, Value } from '../../wire.ts'
import { matches, optionsOf } from '../answers.ts'
import { Popup } from './popup.tsx'
import { useSurface } from './surface.ts'
import { Plain } from './text.tsx'

const searchAfterMs = 250

interface Found {
  readonly groups: readonly OptionGroup[]
  readonly state: 'ready' | 'searching' | 'failed' | { readonly typeMore: number }
}

const ungrouped = (options: readonly Option[]): OptionGroup[] => [
  { label: { type: 'plain_text', text: '' }, options },
]

/** The options that fit what is typed: from the element itself, or asked of the app after a short pause. */
function useOptions(
  block: string,
  element: Element,
  offered: readonly Option[] | undefined,
  query: string,
  open: boolean,
): Found {
  const surface = useSurface()
  const external = element.type.includes('external')
  const [found, setFound] = useState<Found>({ groups: [], state: 'searching' })
  const least = element.min_query_length ?? 3
  useEffect(() => {
    if (!external || !open) return
    if (query.trim().length < least) {
      setFound({ groups: [], state: { typeMore: least } })
      return
    }
    let stale = false
    setFound((before) => ({ ...before, state: 'searching' }))
    const timer = setTimeout(async () => {
      const answer = await surface.search(block, element.action_id ?? '', query.trim())
      if (stale) return
      const groups = answer.optionGroups ?? ungrouped(answer.options ?? [])
      setFound({ groups, state: answer.ok ? 'ready' : 'failed' })
    }, searchAfterMs)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [external, open, query, least])
  if (external) return found
  const groups = offered ? ungrouped(offered) : (element.option_groups ?? ungrouped(element.options ?? []))
  return {
    groups: groups
      .map((group) => ({ ...group, options: group.options.filter((o) => matches(o, query)) }))
      .filter((group) => group.options.length > 0),
    state: 'ready',
  }
}

interface SelectProps {
  readonly element: Element
  readonly block: string
  readonly id: string | undefined
  readonly name: string
  readonly labelledBy: string | undefined
  readonly describedBy: string | undefined
  readonly invalid: boolean
  readonly required: boolean
  /** For menus of people and channels, which the element itself does not list. */
  readonly offered?: readonly Option[]
  readonly onChange: (value: Value, options: readonly Option[]) => void
}

/** Every menu of Block Kit: one or many, fixed or searched by the app. */
export function Select({
  element,
  block,
  id: fieldId,
  name,
  labelledBy,
  describedBy,
  invalid,
  required,
  offered,
  onChange,
}: SelectProps) {
  const words = useWords()
  const surface = useSurface()
  const id = useId()
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const frame = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const many = element.type.startsWith('multi_')
  const action = element.action_id ?? ''
  const found = useOptions(block, element, offered, query, open)
  const flat = found.groups.flatMap((group) => group.options)
  const value = surface.typed[block]?.[action] ?? null
  const values = value === null ? [] : typeof value === 'string' ? [value] : value
  const known = [
    ...(surface.chosen[block]?.[action] ?? []),
    ...(offered ?? optionsOf(element)),
    ...(element.initial_option ? [element.initial_option] : []),
    ...(element.initial_options ?? []),
    ...flat,
  ]
  const selected = values.map(
    (v): Option => known.find((o) => o.value === v) ?? { text: { type: 'plain_text', text: v }, value: v },
  )
  const shown = many ? '' : (selected[0]?.text.text ?? '')
  const close = (): void => {
    setOpen(false)
    setQuery('')
  }
  useOutside(frame, open, close)

  const take = (option: Option): void => {
    if (option.value === undefined) return
    if (many) {
      const on = values.includes(option.value)
      if (!on && element.max_selected_items !== undefined && values.length >= element.max_selected_items)
        return
      const next = on ? selected.filter((o) => o.value !== option.value) : [...selected, option]
      onChange(
        next.flatMap((o) => o.value ?? []),
        next,
      )
      setQuery('')
    } else {
      onChange(option.value, [option])
      close()
    }
    input.current?.focus()
  }
  const show = (): void => {
    if (open) return
    setOpen(true)
    setActive(
      Math.max(
        0,
        flat.findIndex((o) => o.value === values[0]),
      ),
    )
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // While a Korean syllable is being composed the arrows and Enter belong to the input method.
    if (event.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) {
        show()
        return
      }
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((at) => (flat.length === 0 ? 0 : (at + step + flat.length) % flat.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const option = flat[active]
      if (!open) show()
      else if (option) take(option)
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      close()
    } else if (event.key === 'Tab') {
      close()
    } else if (event.key === 'Backspace' && many && query === '' && selected.length > 0) {
      const next = selected.slice(0, -1)
      onChange(
        next.flatMap((o) => o.value ?? []),
        next,
      )
    }
  }
  useEffect(() => {
    if (open) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, open, flat.length])
  useEffect(() => setActive((at) => Math.min(at, Math.max(0, flat.length - 1))), [flat.length])

  const placeholder = element.placeholder?.text ?? words.choose
  const fixed = !element.type.includes('external') && (offered ?? optionsOf(element)).length <= 8
  let index = -1
  return (
    <div ref={frame} class={`select${many ? ' select-many' : ''}${open ? ' open' : ''}`}>
      <div
        class={`field select-field${invalid ? ' invalid' : ''}`}
        onPointerDown={(event) => {
          if (event.target instanceof HTMLButtonElement) return
          if (event.target !== input.current) event.preventDefault()
          input.current?.focus()
          if (open && event.target !== input.current) close()
          else show()
        }}
      >
        {many &&
          selected.map((option) => (
            <span class="chip" key={option.value}>
              <Plain text={option.text.text} />
              <button
                type="button"
                aria-label={words.remove(option.text.text)}
                onClick={() => {
                  const next = selected.filter((o) => o.value !== option.value)
                  onChange(
                    next.flatMap((o) => o.value ?? []),
                    next,
                  )
                }}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
        <input
          ref={input}
          id={fieldId}
          role="combobox"
          type="text"
          autocomplete="off"
          spellcheck={false}
          // A short fixed menu is chosen from, not typed into: no keyboard over half of a phone.
          inputMode={fixed ? 'none' : 'search'}
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={open && flat.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          aria-label={labelledBy ? undefined : name}
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          aria-required={required}
          placeholder={many && selected.length > 0 ? '' : shown || placeholder}
          class={!many && shown && open && query === '' ? 'shows-chosen' : ''}
          value={open ? query : shown}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setActive(0)
            setOpen(true)
          }}
          onKeyDown={onKeyDown}
        />
        <Icon name="chevron" />
      </div>
      {open && (
        <Popup anchor={frame} wide>
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={name}
            aria-multiselectable={many}
            class="options"
            // The field keeps the focus while an option is pressed.
            onPointerDown={(event) => event.preventDefault()}
          >
            {found.groups.map((group) => (
              <div
                key={group.label.text}
                role={group.label.text ? 'group' : 'presentation'}
                aria-label={group.label.text || undefined}
              >
                {group.label.text && <div class="option-group">{group.label.text}</div>}
                {group.options.map((option) => {
                  index += 1
                  const at = index
                  const on = option.value !== undefined && values.includes(option.value)
                  return (
                    <div
                      key={option.value}
                      id={`${id}-${at}`}
                      role="option"
                      aria-selected={on}
                      tabIndex={-1}
                      class={`option${at === active ? ' active' : ''}`}
                      onPointerMove={() => setActive(at)}
                      onClick={() => take(option)}
                      onKeyDown={() => undefined}
                    >
                      <span class="option-tick">{on && <Icon name="check" />}</span>
                      <span class="option-words">
                        <span>
                          <Plain text={option.text.text} />
                        </span>
                        {option.description && <small>{option.description.text}</small>}
                      </span>
                    </div>
                  )
                })}
              </div>
            ))}
            {flat.length === 0 && (
              <div class="option-note" role="status">
                {found.state === 'searching'
                  ? words.searching
                  : found.state === 'failed'
                    ? words.searchFailed
                    : typeof found.state === 'object'
                      ? words.typeMore(found.state.typeMore)
                      : words.noMatches}
              </div>
            )}
          </div>
        </Popup>
      )}
    </div>
  )
}
