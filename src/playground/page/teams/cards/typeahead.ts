import { Choice as CardChoice, ChoiceSetInput } from 'adaptivecards'
import type { Choice } from '../wire.ts'
import { choicesFor } from './answers.ts'

const searchAfterMs = 250
let count = 0

/** What a searched menu needs of the page around it. */
export interface Searching {
  /** Asks the app; undefined when it did not answer. */
  readonly search: (input: string, query: string) => Promise<readonly Choice[] | undefined>
  readonly words: {
    readonly searching: string
    readonly noMatches: string
    readonly failed: string
    readonly clear: string
  }
  /** A choice was taken: its title is needed when the card is drawn again. */
  readonly taken: (input: string, choice: Choice | undefined) => void
}

/**
 * A menu one types into. The renderer's own draws a `datalist`, and for searched ones sends the title where Teams
 * sends the value, so this one is ours: a combobox after the ARIA pattern, inside Microsoft's input with its label and
 * its checks.
 */
export class TypeaheadInput extends ChoiceSetInput {
  searching: Searching | undefined
  #field: HTMLInputElement | undefined
  #list: HTMLElement | undefined
  #clear: HTMLButtonElement | undefined
  #value = ''
  #offered: readonly Choice[] = []
  #active = 0
  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  get #isSearched(): boolean {
    return this.choicesData?.type === 'Data.Query'
  }

  /** One typed into; the others stay the renderer's own. */
  get #isOurs(): boolean {
    return !this.isMultiSelect && (this.style === 'filtered' || this.#isSearched)
  }

  get #standing(): readonly Choice[] {
    return this.choices.flatMap(({ title, value }) => (title && value ? [{ title, value }] : []))
  }

  override isDynamicTypeahead(): boolean {
    return false
  }

  override get value(): string | undefined {
    if (!this.#isOurs) return super.value
    return this.#value === '' ? undefined : this.#value
  }

  override isValid(): boolean {
    if (!this.#isOurs) return super.isValid()
    // Words that were typed and not chosen are no answer.
    return this.#value !== '' || (this.#field?.value ?? '') === ''
  }

  override focus(): void {
    if (this.#field) this.#field.focus()
    else super.focus()
  }

  protected override updateInputControlAriaLabelledBy(): void {
    super.updateInputControlAriaLabelledBy()
    // The label belongs to the field, not to the box around it.
    const box = this.renderedInputControlElement
    const labels = box?.getAttribute('aria-labelledby')
    if (!this.#field) return
    if (labels) this.#field.setAttribute('aria-labelledby', labels)
    box?.removeAttribute('aria-labelledby')
    if (box?.id) {
      this.#field.id = box.id
      box.removeAttribute('id')
    }
    if (this.isRequired) this.#field.setAttribute('aria-required', 'true')
  }

  protected override internalRender(): HTMLElement | undefined {
    if (!this.#isOurs) return super.internalRender()
    count += 1
    const id = `typeahead-${count}`
    const frame = document.createElement('div')
    frame.className = 'tm-typeahead'
    const field = document.createElement('input')
    const list = document.createElement('div')
    const clear = document.createElement('button')
    field.className = 'ac-input tm-typeahead-field'
    field.type = 'text'
    field.autocomplete = 'off'
    field.setAttribute('role', 'combobox')
    field.setAttribute('aria-autocomplete', 'list')
    field.setAttribute('aria-expanded', 'false')
    field.setAttribute('aria-controls', id)
    if (this.placeholder) field.placeholder = this.placeholder
    list.id = id
    list.className = 'tm-typeahead-list'
    list.setAttribute('role', 'listbox')
    list.hidden = true
    clear.type = 'button'
    clear.className = 'tm-typeahead-clear'
    clear.textContent = '×'
    clear.setAttribute('aria-label', this.searching?.words.clear ?? '')
    frame.append(field, clear, list)
    this.#field = field
    this.#list = list
    this.#clear = clear
    const begun = this.#standing.find((choice) => choice.value === this.defaultValue)
    this.#value = begun?.value ?? this.defaultValue ?? ''
    field.value = begun?.title ?? this.#value
    clear.hidden = field.value === ''
    list.setAttribute('aria-label', this.label ?? '')

    field.addEventListener('focus', () => field.select())
    field.addEventListener('click', () => this.#look(this.#value === '' ? field.value : ''))
    field.addEventListener('input', () => {
      if (this.#value !== '') {
        this.#value = ''
        if (this.id) this.searching?.taken(this.id, undefined)
      }
      clear.hidden = field.value === ''
      this.valueChanged()
      this.#look(field.value)
    })
    field.addEventListener('keydown', (event) => this.#key(event))
    frame.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !frame.contains(event.relatedTarget)) this.#close()
    })
    clear.addEventListener('click', () => {
      this.#take(undefined)
      field.focus()
    })
    return frame
  }

  #look(query: string): void {
    clearTimeout(this.#timer)
    this.#asked += 1
    const asked = this.#asked
    const { searching, id } = this
    if (!this.#isSearched || !searching || !id) {
      this.#show(choicesFor(this.#standing, query))
      return
    }
    this.#say(searching.words.searching)
    this.#timer = setTimeout(async () => {
      const found = await searching.search(id, query.trim())
      if (asked !== this.#asked) return
      if (found) this.#show(found)
      else this.#say(searching.words.failed)
    }, searchAfterMs)
  }

  #show(choices: readonly Choice[]): void {
    if (choices.length === 0) {
      this.#say(this.searching?.words.noMatches ?? '')
      return
    }
    this.#offered = choices
    this.#active = Math.max(
      0,
      choices.findIndex((choice) => choice.value === this.#value),
    )
    this.#list?.replaceChildren(
      ...choices.map((choice, index) => {
        const option = document.createElement('div')
        option.id = `${this.#list?.id}-${index}`
        option.className = 'tm-typeahead-option'
        option.setAttribute('role', 'option')
        option.textContent = choice.title
        option.setAttribute('aria-selected', String(choice.value === this.#value))
        // The press must not take the focus from the field, which would close the list.
        option.addEventListener('pointerdown', (event) => event.preventDefault())
        option.addEventListener('pointermove', () => this.#point(index, false))
        option.addEventListener('click', () => this.#take(choice))
        return option
      }),
    )
    this.#open()
    this.#point(this.#active, true)
  }

  #say(sentence: string): void {
    this.#offered = []
    const line = document.createElement('div')
    line.className = 'tm-typeahead-line'
    line.setAttribute('role', 'status')
    line.textContent = sentence
    this.#list?.replaceChildren(line)
    this.#field?.removeAttribute('aria-activedescendant')
    this.#open()
  }

  #point(index: number, scroll: boolean): void {
    this.#active = index
    for (const [at, option] of [...(this.#list?.children ?? [])].entries())
      option.classList.toggle('active', at === index)
    const chosen = this.#list?.children[index]
    if (!chosen) return
    this.#field?.setAttribute('aria-activedescendant', chosen.id)
    if (scroll) chosen.scrollIntoView({ block: 'nearest' })
  }

  #key(event: KeyboardEvent): void {
    // While a Korean syllable is being composed the arrows and Enter belong to the input method.
    if (event.isComposing) return
    const open = this.#list?.hidden === false
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) this.#look(this.#value === '' ? (this.#field?.value ?? '') : '')
      else if (this.#offered.length > 0) {
        const step = event.key === 'ArrowDown' ? 1 : -1
        this.#point((this.#active + step + this.#offered.length) % this.#offered.length, true)
      }
    } else if (event.key === 'Enter' && open) {
      event.preventDefault()
      const choice = this.#offered[this.#active]
      if (choice) this.#take(choice)
    } else if (event.key === 'Escape' && open) {
      // The list closes, not the dialog it stands in.
      event.preventDefault()
      event.stopPropagation()
      this.#close()
    }
  }

  #take(choice: Choice | undefined): void {
    this.#value = choice?.value ?? ''
    if (this.#field) this.#field.value = choice?.title ?? ''
    if (this.#clear) this.#clear.hidden = !choice
    if (choice && !this.#standing.some((known) => known.value === choice.value))
      this.choices.push(new CardChoice(choice.title, choice.value))
    if (this.id) this.searching?.taken(this.id, choice)
    this.#close()
    this.valueChanged()
  }

  #open(): void {
    if (this.#list) this.#list.hidden = false
    this.#field?.setAttribute('aria-expanded', 'true')
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#asked += 1
    if (this.#list) this.#list.hidden = true
    this.#field?.setAttribute('aria-expanded', 'false')
    this.#field?.removeAttribute('aria-activedescendant')
  }
}
