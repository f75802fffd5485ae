import type { Block, Button, Menu, Text } from '../../blocks/card.ts'
import type { Chart } from '../../blocks/chart.ts'
import { clean, cutTo, isolate, short } from '../text.ts'
import { unknownKind } from './fields.ts'
import { limits } from './limits.ts'
import { type Mention, Mentions } from './mention.ts'
import { type Element, type Looks, paragraphs } from './spans.ts'
import { table } from './table.ts'

/** Where a card stands decides how its buttons reach us. */
export interface Surface {
  readonly kind: 'message' | 'dialog'
  /** True for buttons that decide at once; the rest open a dialog. */
  readonly commits: (action: string) => boolean
  /** Where the picture of the card's chart is; left out: the chart is told in words. */
  readonly picture?: string
  /** Ids of people who are only named, because they are not in the conversation. */
  readonly uncalled?: readonly string[]
  /** Whether a reply to this message stands in a thread under it: in channels alone. */
  readonly threads?: boolean
  /** Who sees a version of their own of this card, in a conversation of several (at most 60). */
  readonly refresh?: {
    readonly action: string
    readonly drawing: string
    readonly userIds: readonly string[]
  }
}

/** What TextBlock takes for markup, or a list (limits.ts). */
const plainTitle = /^[^*_`~[\]<>\\#\d+-][^*_`~[\]<>\\#]*$/

const stepMark = {
  done: '✅',
  now: '⏳',
  next: '▫️',
  refused: '⛔',
  skipped: '➖',
  copied: '👁',
} as const

/** Draws the blocks of one card; counts, so that ids are unique and a card has no more buttons than it can bear. */
export class Drawer {
  readonly #surface: Surface
  #asked = 0
  #actions = 0
  #divided = false
  #shown = false
  readonly #mentions: Mentions

  constructor(surface: Surface) {
    this.#surface = surface
    this.#mentions = new Mentions(surface.uncalled)
  }

  /** Whom the blocks drawn so far call. */
  get mentions(): readonly Mention[] {
    return this.#mentions.entities
  }

  /** A text in which people may be called: in messages alone, a dialog rings nobody. */
  #paragraphs(text: Text, looks: Looks = {}): Element[] {
    return this.#surface.kind === 'message' ? this.#mentions.paragraphs(text, looks) : paragraphs(text, looks)
  }

  block(block: Block): Element[] {
    if (block.kind === 'note' && block.threads && !this.#surface.threads) return []
    if (block.kind === 'divider') {
      this.#divided = true
      return []
    }
    const drawn = this.#draw(block)
    if (!this.#divided || drawn.length === 0) return drawn
    this.#divided = false
    return [{ ...drawn[0]!, separator: true, spacing: 'Medium' }, ...drawn.slice(1)]
  }

  #draw(block: Exclude<Block, { kind: 'divider' }>): Element[] {
    switch (block.kind) {
      case 'title':
        return [this.#title(block.text)]
      case 'heading':
        return paragraphs(block.text, { weight: 'Bolder' })
      case 'text':
        return this.#paragraphs(block.text)
      case 'facts':
        return block.facts.map((fact, at) => factRow(fact, at))
      case 'quote':
        return [quote(block.label, block.text)]
      case 'route':
        return block.steps.flatMap((step) =>
          paragraphs(
            [`${stepMark[step.state]}  `, ...step.text],
            step.state === 'now' ? { weight: 'Bolder' } : {},
          ).map((element) => ({ ...element, spacing: 'Small' })),
        )
      case 'note':
        return this.#paragraphs(block.text, { isSubtle: true, size: 'Small' })
      case 'buttons':
        return this.#buttons(block.buttons)
      case 'row':
        return this.#row(block)
      case 'choice':
        return this.#choice(block)
      case 'chart':
        return this.#chart(block.chart)
      case 'table':
        return table(block)
      default:
        return unknownKind(block)
    }
  }

  /** The picture, with the numbers in words for whoever cannot see it; without a picture, the words. */
  #chart(chart: Chart): Element[] {
    const url = this.#shown ? undefined : this.#surface.picture
    this.#shown = true
    if (url === undefined) return paragraphs([{ user: chart.alt }], { isSubtle: true, size: 'Small' })
    return [
      {
        type: 'Image',
        url,
        altText: cutTo(clean(chart.alt), limits.picture.alt) || '—',
        // As wide as it was drawn at most: a desktop would blow it up to a whole screen.
        size: 'Auto',
        // Enlarged at a press: a phone shows it at nine tenths of its width.
        msteams: { allowExpand: true },
      },
    ]
  }

  /** A heading that a screen reader finds; where TextBlock would see markup, the same look without. */
  #title(text: string): Element {
    const title = short(text, limits.title) || '—'
    if (plainTitle.test(title))
      return { type: 'TextBlock', text: title, size: 'Large', weight: 'Bolder', wrap: true, style: 'heading' }
    return paragraphs([title], { size: 'Large', weight: 'Bolder' })[0]!
  }

  #buttons(buttons: readonly Button[], menu?: Menu): Element[] {
    const drawn: Element[] = []
    const asides: Element[] = []
    const doors = [
      ...buttons.map((button) => () => this.#button(button, asides)),
      ...(menu ? [() => this.#menu(menu, asides)] : []),
    ]
    for (let from = 0; from < doors.length; from += limits.actions) {
      const actions = doors.slice(from, from + limits.actions).flatMap((door) => door())
      if (actions.length > 0) drawn.push({ type: 'ActionSet', actions })
    }
    return [...drawn, ...asides]
  }

  /** A menu unfolds its options below the row: a select alone tells nobody that it changed. */
  #menu(menu: Menu, asides: Element[]): Element[] {
    this.#actions += 1 + menu.options.length
    if (this.#actions > limits.actionsPerCard) return []
    const id = `menu-${this.#asked++}`
    asides.push({
      type: 'Container',
      id,
      isVisible: false,
      items: [
        {
          type: 'ActionSet',
          actions: menu.options.slice(0, limits.actions).map(({ value, label }) => ({
            ...this.#press(menu.action, menu.drawing, value),
            title: short(label, limits.button) || '—',
          })),
        },
      ],
    })
    const title = short(menu.label, limits.button) || '—'
    return [{ type: 'Action.ToggleVisibility', title, targetElements: [id] }]
  }

  /**
   * A button. Teams asks nobody “really?”, so a button that does unfolds the question below the row, with a yes and a
   * no of its own.
   */
  #button(button: Button, asides: Element[]): Element[] {
    const { confirm } = button
    this.#actions += confirm ? 3 : 1
    // Lists are cut where they are drawn; past this a card would be too slow to draw.
    if (this.#actions > limits.actionsPerCard) return []
    const title = short(button.label, limits.button) || '—'
    const style = styleOf(button.style)
    const press = this.#press(button.action, button.drawing)
    if (!confirm) return [{ ...press, title, ...style }]
    const id = `sure-${this.#asked++}`
    asides.push({
      type: 'Container',
      id,
      isVisible: false,
      style: 'emphasis',
      items: [
        ...paragraphs([{ user: short(confirm.title, limits.title) }], { weight: 'Bolder' }),
        ...paragraphs([{ user: cutTo(clean(confirm.text), limits.confirm) }]),
        {
          type: 'ActionSet',
          actions: [
            { ...press, title: short(confirm.yes, limits.button) || '—', ...style },
            {
              type: 'Action.ToggleVisibility',
              title: short(confirm.no, limits.button) || '—',
              targetElements: [id],
            },
          ],
        },
      ],
    })
    return [{ type: 'Action.ToggleVisibility', title, ...style, targetElements: [id] }]
  }

  /** What a press sends: the action and the drawing it stands on, and nothing else that would be believed (B5.36). */
  #press(action: string, drawing: string, choice?: string): Element {
    const data = { action, drawing, ...(choice === undefined ? {} : { choice }) }
    if (this.#surface.kind === 'dialog') return { type: 'Action.Submit', associatedInputs: 'none', data }
    if (this.#surface.commits(action)) return { type: 'Action.Execute', verb: action, data }
    return { type: 'Action.Submit', data: { msteams: { type: 'task/fetch' }, ...data } }
  }

  #row(block: Extract<Block, { kind: 'row' }>): Element[] {
    const text = [
      ...this.#paragraphs(block.text),
      ...(block.note
        ? this.#paragraphs(block.note, { isSubtle: true, size: 'Small' }).map((e) => ({
            ...e,
            spacing: 'None',
          }))
        : []),
    ]
    const buttons = this.#buttons(block.buttons, block.menu)
    const [single] = buttons
    if (buttons.length !== 1 || block.buttons.length !== 1 || block.menu || !single)
      return [...text, ...buttons]
    return [
      {
        type: 'ColumnSet',
        columns: [
          { type: 'Column', width: 'stretch', items: text, verticalContentAlignment: 'Center' },
          { type: 'Column', width: 'auto', items: [single], verticalContentAlignment: 'Center' },
        ],
      },
    ]
  }

  /**
   * A choice in place. A select alone tells nobody that it changed, so each option is a button; the chosen one is
   * marked. More than two rows of them are folded behind one: they would bury what the card says.
   */
  #choice(block: Extract<Block, { kind: 'choice' }>): Element[] {
    const label = paragraphs([block.label], { weight: 'Bolder', size: 'Small' })
    const sets: Element[] = []
    for (let from = 0; from < block.options.length; from += limits.actions) {
      const options = block.options.slice(from, from + limits.actions)
      this.#actions += options.length
      if (this.#actions > limits.actionsPerCard) break
      sets.push({
        type: 'ActionSet',
        actions: options.map((option) => ({
          ...this.#press(block.action, block.drawing, option.value),
          title: short(`${option.value === block.chosen ? '✓ ' : ''}${option.label}`, limits.button) || '—',
        })),
      })
    }
    if (sets.length <= 2) return [...label, ...sets]
    const id = `choice-${this.#asked++}`
    return [
      {
        type: 'ActionSet',
        actions: [
          {
            type: 'Action.ToggleVisibility',
            title: short(`${block.label} ▾`, limits.button) || '—',
            targetElements: [id],
          },
        ],
      },
      { type: 'Container', id, isVisible: false, items: sets },
    ]
  }
}

const styleOf = (style: Button['style']) =>
  style === 'primary' ? { style: 'positive' } : style === 'danger' ? { style: 'destructive' } : {}

/** A label and its value side by side. Not a FactSet: its values are a markdown subset. */
function factRow(fact: { readonly label: string; readonly value: Text }, at: number): Element {
  return {
    type: 'ColumnSet',
    spacing: at === 0 ? 'Medium' : 'Small',
    columns: [
      { type: 'Column', width: 2, items: paragraphs([fact.label], { isSubtle: true }) },
      { type: 'Column', width: 3, items: paragraphs(fact.value) },
    ],
  }
}

/** Somebody's words in a block of their own under our label, so that they can pass for nothing else (B5.60). */
function quote(label: string, text: string): Element {
  return {
    type: 'Container',
    style: 'emphasis',
    items: [
      ...paragraphs([label], { isSubtle: true, size: 'Small' }),
      ...paragraphs([{ user: isolate(clean(text)) || '—' }]).map((element) => ({
        ...element,
        spacing: 'Small',
      })),
    ],
  }
}
