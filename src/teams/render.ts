import type { Block, Button, Card, Text } from '../../blocks/card.ts'
import type { Answers, FormView } from '../../blocks/form.ts'
import { clean, cutTo, isolate, short } from '../text.ts'
import { renderField, unknownKind } from './fields.ts'
import { check, limits } from './limits.ts'
import type { Sentences } from './sentences.ts'
import { type Element, paragraphs } from './spans.ts'

const contentType = 'application/vnd.microsoft.card.adaptive'

export interface AdaptiveCard extends Record<string, unknown> {
  readonly type: 'AdaptiveCard'
  readonly body: readonly Element[]
}

interface Attachment {
  readonly contentType: typeof contentType
  readonly content: AdaptiveCard
}

/** A message as the connector takes it. */
export interface Message {
  /** What a notification and the list of chats say. */
  readonly summary: string
  readonly attachments: readonly Attachment[]
}

/** The dialog's window. */
export interface Dialog {
  readonly title: string
  readonly width: 'medium'
  readonly height: 'medium' | 'large'
  readonly card: Attachment
}

/** Where a card stands decides how its buttons reach us. */
export interface Surface {
  readonly kind: 'message' | 'dialog'
  /** True for buttons that decide at once; the rest open a dialog. */
  readonly commits: (action: string) => boolean
  /** Whether a reply to this message stands in a thread under it: in channels alone. */
  readonly threads?: boolean
  /** Who sees a version of their own of this card, in a conversation of several (at most 60). */
  readonly refresh?: {
    readonly action: string
    readonly drawing: string
    readonly userIds: readonly string[]
  }
}

/** A card as a message. */
export function renderCard(card: Card, surface: Omit<Surface, 'kind'>): Message {
  return messageOf(renderAdaptive(card, { ...surface, kind: 'message' }), card.summary)
}

/** A card as what an Action.Execute is answered with, or as the content of a dialog. */
export function renderAdaptive(card: Card, surface: Surface): AdaptiveCard {
  const drawer = new Drawer(surface)
  const body = card.blocks.flatMap((block) => drawer.block(block))
  const refresh = surface.refresh
  return cardOf(body.length > 0 ? body : paragraphs([{ user: card.summary }]), {
    fallbackText: summaryOf(card.summary),
    ...(refresh && refresh.userIds.length > 0
      ? {
          refresh: {
            action: {
              type: 'Action.Execute',
              title: '↻',
              verb: refresh.action,
              data: { action: refresh.action, drawing: refresh.drawing },
            },
            userIds: refresh.userIds.slice(0, limits.refresh),
          },
        }
      : {}),
  })
}

/** A card in a dialog: what there is to say where a dialog was opened, and where a form was. */
export function renderNotice(title: string, card: Card, commits: Surface['commits']): Dialog {
  return {
    title: short(title, limits.dialog.title) || '—',
    width: 'medium',
    height: card.blocks.length > 6 ? 'large' : 'medium',
    card: { contentType, content: renderAdaptive(card, { kind: 'dialog', commits }) },
  }
}

export interface FormDrawing {
  readonly words: Sentences
  readonly commits: Surface['commits']
  /** A sentence at each field that is wrong; those without such a field stand above the form. */
  readonly errors?: Readonly<Record<string, string>>
}

/**
 * A form as a dialog. Where Slack redraws as one types, Teams asks in two steps: first the fields that a preview
 * depends on, then, by Continue, the whole form with the preview in it. A form opened with those fields filled in
 * begins with the second step.
 */
export function renderForm(view: FormView, drawing: FormDrawing): Dialog {
  const { words, errors = {} } = drawing
  const drawer = new Drawer({ kind: 'dialog', commits: drawing.commits })
  const live = view.items.some((item) => item.kind === 'field' && item.field.live)
  const first = live && view.items.some((item) => item.kind === 'field' && item.field.live && isEmpty(item))
  const shown = first ? firstStep(view.items) : view.items
  const names = new Set(shown.flatMap((item) => (item.kind === 'field' ? [item.name] : [])))
  const many = shown.flatMap((item) =>
    item.kind === 'field' && item.field.kind === 'choices' ? [item.name] : [],
  )
  const above = Object.entries(errors).filter(([name]) => !names.has(name))
  const body = [
    ...above.flatMap(([, sentence]) => paragraphs([{ user: sentence }], { color: 'Attention' })),
    ...shown.flatMap((item) =>
      item.kind === 'field'
        ? renderField(item.name, item.field, item.value, {
            form: view.form,
            drawing: view.drawing,
            required: words.required,
            // “Calculate again” must work with the reasons still unwritten, so only the preview’s own fields are held.
            hold: live ? (item.field.live ?? false) : true,
            ...(Object.hasOwn(errors, item.name) ? { error: errors[item.name] } : {}),
          })
        : drawer.block(item),
    ),
  ]
  const data = (step?: 'continue') => ({
    form: view.form,
    drawing: view.drawing,
    ...(step ? { step } : {}),
    ...(many.length > 0 ? { many } : {}),
  })
  const submit: Element = {
    type: 'Action.Submit',
    title: short(view.submit ?? words.submit, limits.button),
    style: 'positive',
    data: data(),
  }
  const next: Element = {
    type: 'Action.Submit',
    title: short(first ? words.next : words.recalculate, limits.button),
    ...(first ? { style: 'positive' } : {}),
    data: data('continue'),
  }
  const actions = first ? [next] : live ? [submit, next] : names.size > 0 || view.submit ? [submit] : []
  return {
    title: short(view.title, limits.dialog.title) || '—',
    width: 'medium',
    height: body.length > 6 ? 'large' : 'medium',
    card: { contentType, content: cardOf(body, actions.length > 0 ? { actions } : {}) },
  }
}

type Item = FormView['items'][number]

const isEmpty = (item: Extract<Item, { kind: 'field' }>): boolean =>
  !item.field.optional &&
  (item.field.kind === 'search'
    ? item.field.chosen === undefined
    : item.value === undefined || item.value === '')

/** What the preview depends on, with what stands among and right behind those fields: the hint or what is in the way. */
function firstStep(items: readonly Item[]): readonly Item[] {
  const last = items.findLastIndex((item) => item.kind === 'field' && item.field.live)
  const after = items.findIndex((item, at) => at > last && item.kind === 'field')
  return items
    .slice(0, after < 0 ? items.length : after)
    .filter((item) => item.kind !== 'field' || item.field.live)
}

/** The same form with what was typed in its fields; a chosen option keeps its name where it is known. */
export function withAnswers(
  view: FormView,
  answers: Answers,
  labelOf: (field: string, value: string) => string | undefined,
): FormView {
  return {
    ...view,
    items: view.items.map((item) => {
      if (item.kind !== 'field') return item
      const { value: _, ...bare } = item
      const value = Object.hasOwn(answers, item.name) ? answers[item.name] : undefined
      if (item.field.kind !== 'search') return value === undefined ? bare : { ...bare, value }
      const { chosen, ...field } = item.field
      if (typeof value !== 'string') return { ...bare, field }
      const option = chosen?.value === value ? chosen : { value, label: labelOf(item.name, value) ?? value }
      return { ...bare, field: { ...field, chosen: option } }
    }),
  }
}

/** The card that stands for a form or an answer that only a press can open: Teams opens no dialog from words. */
export function renderDoorstep(
  words: Sentences,
  what: {
    readonly title: string
    /** What the person typed, so that they know which of several buttons is which. */
    readonly text: string
    /** What a press does. */
    readonly data: Readonly<Record<string, unknown>>
    readonly privately: boolean
  },
): Message {
  const title = short(what.title, limits.title)
  const sentence = what.privately ? words.openPrivately : words.openHere
  const said = short(what.text, 120)
  return messageOf(
    cardOf([
      ...paragraphs([{ user: said ? `${title}: ${said}` : title }], { weight: 'Bolder' }),
      ...paragraphs([sentence], { isSubtle: true, size: 'Small' }),
      {
        type: 'ActionSet',
        actions: [
          {
            type: 'Action.Submit',
            title: short(words.open, limits.button),
            style: 'positive',
            data: { msteams: { type: 'task/fetch' }, ...what.data },
          },
        ],
      },
    ]),
    `${title} · ${sentence}`,
  )
}

const messageOf = (content: AdaptiveCard, summary: string): Message => ({
  summary: summaryOf(summary),
  attachments: [{ contentType, content }],
})

const summaryOf = (summary: string): string =>
  cutTo(clean(summary).replace(/\s+/g, ' '), limits.summary) || '—'

function cardOf(body: readonly Element[], more: Record<string, unknown> = {}): AdaptiveCard {
  const made = (kept: readonly Element[]): AdaptiveCard => ({
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: limits.card.version,
    body: kept,
    ...more,
    msteams: { width: 'Full' },
  })
  const whole = made(body)
  if (bytesOf(whole) <= limits.card.bytes) return check(whole)
  // What is left out is counted in sight, and the buttons at the end stay: a card without them can't be acted upon (B5.56).
  const groups = groupsOf(body)
  const end = groups.at(-1)?.[0]?.type === 'ActionSet' ? groups.pop()! : []
  let room = limits.card.bytes - bytesOf(made(end)) - 400
  const kept: Element[][] = []
  for (const group of groups) {
    room -= bytesOf(group) + 1
    if (room < 0) break
    kept.push(group)
  }
  const mark = paragraphs([`… (+${groups.length - kept.length})`], { isSubtle: true, size: 'Small' })
  return check(made([...kept.flat(), ...mark, ...end]))
}

/** A row of buttons and the questions that it unfolds stay together. */
function groupsOf(body: readonly Element[]): Element[][] {
  const groups: Element[][] = []
  for (const element of body)
    if (element.isVisible === false && groups.length > 0) groups.at(-1)!.push(element)
    else groups.push([element])
  return groups
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

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
class Drawer {
  readonly #surface: Surface
  #asked = 0
  #actions = 0
  #divided = false

  constructor(surface: Surface) {
    this.#surface = surface
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
        return paragraphs(block.text)
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
        return paragraphs(block.text, { isSubtle: true, size: 'Small' })
      case 'buttons':
        return this.#buttons(block.buttons)
      case 'row':
        return this.#row(block)
      case 'choice':
        return this.#choice(block)
      default:
        return unknownKind(block)
    }
  }

  /** A heading that a screen reader finds; where TextBlock would see markup, the same look without. */
  #title(text: string): Element {
    const title = short(text, limits.title) || '—'
    if (plainTitle.test(title))
      return { type: 'TextBlock', text: title, size: 'Large', weight: 'Bolder', wrap: true, style: 'heading' }
    return paragraphs([title], { size: 'Large', weight: 'Bolder' })[0]!
  }

  #buttons(buttons: readonly Button[]): Element[] {
    const drawn: Element[] = []
    const asides: Element[] = []
    for (let from = 0; from < buttons.length; from += limits.actions) {
      const actions = buttons
        .slice(from, from + limits.actions)
        .flatMap((button) => this.#button(button, asides))
      if (actions.length > 0) drawn.push({ type: 'ActionSet', actions })
    }
    return [...drawn, ...asides]
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
      ...paragraphs(block.text),
      ...(block.note
        ? paragraphs(block.note, { isSubtle: true, size: 'Small' }).map((e) => ({ ...e, spacing: 'None' }))
        : []),
    ]
    const buttons = this.#buttons(block.buttons)
    const [single] = buttons
    if (buttons.length !== 1 || block.buttons.length !== 1 || !single) return [...text, ...buttons]
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

  /** A choice in place. A select alone tells nobody that it changed, so each option is a button; the chosen one is marked. */
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
    return [...label, ...sets]
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

/** A card as words alone, for answers that can hold nothing else; a client that sees markup in them finds none (B5.59). */
export const wordsOf = (card: Card): string =>
  short(card.summary, 600).replace(/\]\(/g, '] (').replaceAll('<', '‹').replaceAll('>', '›') || '—'
