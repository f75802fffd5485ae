import type {
  ActionsBlock,
  HomeView,
  KnownBlock,
  ModalView,
  RichTextElement,
  SectionBlock,
  Button as SlackButton,
} from '@slack/types'
import type { Block, Button, Card, Menu, Text } from '../../blocks/card.ts'
import type { Chart } from '../../blocks/chart.ts'
import type { FormView } from '../../blocks/form.ts'
import { choices, option, plainText, unknownKind } from './elements.ts'
import { renderField } from './fields.ts'
import { charactersOf, check, limits } from './limits.ts'
import { mayBeMrkdwn, mrkdwnOf, paragraph, plainOf, richSection } from './spans.ts'
import { lines, table } from './table.ts'
import { clean, cutTo, fallback, isolate } from './text.ts'

/** A message as the Web API takes it. */
export interface Message {
  /** Fallback for notifications and screen readers, escaped. */
  readonly text: string
  readonly blocks: KnownBlock[]
}

/** Where the picture of a chart is: a file of ours in this workspace, or an address. */
export type Picture = { readonly file: string } | { readonly url: string }

/** The pictures that were made ready for a card (pictures.ts); a chart without one is told in words. */
export type Pictures = ReadonlyMap<Chart, Picture>

/** A card as a message. */
export function renderCard(card: Card, pictures?: Pictures): Message {
  // Slack takes one table a message.
  const first = card.blocks.findIndex((block) => block.kind === 'table' && block.rows.length > 0)
  const drawn = card.blocks.map((block, at) => (at === first ? [] : renderBlock(block, at, pictures)))
  const only = card.blocks[first]
  if (only?.kind === 'table')
    drawn[first] = table(only, Math.max(1_000, limits.message.characters - 500 - charactersOf(drawn.flat())))
  const blocks = drawn.flat()
  return check({
    text: fallback(card.summary) || '—',
    blocks: withinLimits(
      blocks.length > 0 ? blocks : [paragraph([{ user: card.summary }])],
      limits.message.blocks,
      limits.message.characters,
    ),
  })
}

/** A card as the Home tab of one person. */
export function renderHome(card: Card): HomeView {
  const blocks = card.blocks.flatMap((block, at) => renderBlock(block, at))
  return check({
    type: 'home',
    blocks: withinLimits(
      blocks.length > 0 ? blocks : [paragraph([{ user: card.summary }])],
      limits.view.blocks,
    ),
  })
}

/** A card as a modal with nothing to fill in: what there is to say where a form is open or no channel is at hand. */
export function renderNotice(title: string, close: string, card: Card): ModalView {
  const blocks = card.blocks.flatMap((block, at) => renderBlock(block, at))
  return check({
    type: 'modal',
    title: plainText(title, limits.view.title),
    close: plainText(close, limits.view.close),
    blocks: withinLimits(
      blocks.length > 0 ? blocks : [paragraph([{ user: card.summary }])],
      limits.view.blocks,
    ),
  })
}

/** A form as one person sees it now, as a modal. */
export function renderForm(view: FormView): ModalView {
  const blocks = view.items.flatMap((item, at) =>
    item.kind === 'field' ? renderField(item.name, item.field, item.value) : renderBlock(item, at),
  )
  const asks = blocks.some((block) => block.type === 'input')
  return check({
    type: 'modal',
    callback_id: view.form,
    private_metadata: view.drawing,
    title: plainText(view.title, limits.view.title),
    // Slack refuses a modal that asks for something and can't be submitted.
    ...(view.submit || asks ? { submit: plainText(view.submit ?? 'OK', limits.view.submit) } : {}),
    close: plainText(view.close, limits.view.close),
    blocks: withinLimits(blocks, limits.view.blocks),
  })
}

/** One block of ours as blocks of Slack's. `at` is its place in the card and makes ids unique. */
function renderBlock(block: Block, at: number, pictures?: Pictures): KnownBlock[] {
  switch (block.kind) {
    case 'title':
      return [{ type: 'header', text: plainText(block.text, limits.header) }]
    case 'heading':
      return [heading(block.text)]
    case 'text':
      return [paragraph(block.text)]
    case 'facts':
      return facts(block.facts)
    case 'quote':
      return [quote(block.label, block.text)]
    case 'route':
      return route(block.steps)
    case 'note':
      return [note(block.text)]
    case 'divider':
      return [{ type: 'divider' }]
    case 'buttons':
      return actions(block.buttons)
    case 'row':
      return row(block, at)
    case 'choice':
      return [choice(block, at)]
    case 'chart':
      return [chart(block.chart, pictures?.get(block.chart))]
    case 'table':
      return lines(block)
    default:
      return unknownKind(block)
  }
}

/** The picture, with the numbers in words for whoever cannot see it; without a picture, the words. */
function chart(of: Chart, picture: Picture | undefined): KnownBlock {
  if (!picture) return note([{ user: of.alt }])
  const alt = cutTo(clean(of.alt), limits.image.alt) || '—'
  return 'file' in picture
    ? { type: 'image', slack_file: { id: picture.file }, alt_text: alt }
    : { type: 'image', image_url: picture.url, alt_text: alt }
}

function heading(text: Text): KnownBlock {
  if (mayBeMrkdwn(text)) return paragraph([{ bold: plainOf(text) }])
  return {
    type: 'rich_text',
    elements: [{ ...richSection(text), elements: richSection(text).elements.map(emphasised) }],
  }
}

const emphasised = (element: RichTextElement): RichTextElement =>
  element.type === 'text' || element.type === 'link'
    ? { ...element, style: { ...element.style, bold: true } }
    : element

/** Facts in two columns where the values are ours; lines of rich text where somebody's words are among them. In their order. */
function facts(list: readonly Fact[]): KnownBlock[] {
  const blocks: KnownBlock[] = []
  const ours = list.map(inColumns)
  // One of ours alone among lines is a line too: half of two columns looks torn off.
  const column = ours.map((own, at) => own && (list.length === 1 || !!ours[at - 1] || !!ours[at + 1]))
  for (let from = 0; from < list.length; ) {
    let to = from
    while (to < list.length && to - from < limits.section.fields && column[to] === column[from]) to += 1
    const run = list.slice(from, to)
    blocks.push(column[from] ? columns(run) : factLines(run))
    from = to
  }
  return blocks
}

type Fact = { readonly label: string; readonly value: Text }

const inColumns = (fact: Fact): boolean => mayBeMrkdwn([{ bold: fact.label }, '\n', ...fact.value])

const columns = (run: readonly Fact[]): KnownBlock => ({
  type: 'section',
  fields: run.map((fact) => ({
    type: 'mrkdwn',
    text: `${mrkdwnOf([{ bold: fact.label }], 200)}\n${mrkdwnOf(fact.value, limits.section.field - 250)}`,
    verbatim: true,
  })),
})

const factLines = (run: readonly Fact[]): KnownBlock => ({
  type: 'rich_text',
  elements: run.map((fact) => richSection([{ bold: fact.label }, '  ', ...fact.value])),
})

function quote(label: string, text: string): KnownBlock {
  return {
    type: 'rich_text',
    elements: [
      richSection([{ bold: label }]),
      {
        type: 'rich_text_quote',
        elements: [{ type: 'text', text: cutTo(isolate(clean(text)), limits.richText) || '—' }],
      },
    ],
  }
}

const stepMark = {
  done: '✅',
  now: '⏳',
  next: '▫️',
  refused: '⛔',
  skipped: '➖',
  copied: '👁',
} as const

function route(
  steps: readonly { readonly state: keyof typeof stepMark; readonly text: Text }[],
): KnownBlock[] {
  if (steps.length === 0) return []
  return [
    {
      type: 'rich_text',
      elements: steps.map((step) => {
        const line = richSection([`${stepMark[step.state]}  `, ...step.text])
        return step.state === 'now' ? { ...line, elements: line.elements.map(emphasised) } : line
      }),
    },
  ]
}

/**
 * Small print. Somebody's words become plain_text elements of their own beside our mrkdwn ones; a note of many pieces
 * is one plain_text element, which loses bold and links but shows every word as it is.
 */
function note(text: Text): KnownBlock {
  if (mayBeMrkdwn(text))
    return {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: mrkdwnOf(text, limits.context.text), verbatim: true }],
    }
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: cutTo(plainOf(text), limits.context.text) || '—', emoji: false }],
  }
}

function button(of: Button): SlackButton {
  return {
    type: 'button',
    action_id: of.action,
    text: plainText(of.label, limits.button.text),
    value: of.drawing,
    ...(of.style ? { style: of.style } : {}),
    ...(of.confirm
      ? {
          confirm: {
            title: plainText(of.confirm.title, limits.confirm.title),
            text: {
              type: 'plain_text',
              text: cutTo(clean(of.confirm.text), limits.confirm.text) || '—',
              emoji: false,
            },
            confirm: plainText(of.confirm.yes, limits.confirm.button),
            deny: plainText(of.confirm.no, limits.confirm.button),
            ...(of.style ? { style: of.style } : {}),
          },
        }
      : {}),
  }
}

/** Slack refuses an action_id that stands twice in one block, so the second of a kind begins a block of its own. */
function actions(buttons: readonly Button[]): ActionsBlock[] {
  const blocks: ActionsBlock[] = []
  let taken = new Set<string>()
  for (const one of buttons) {
    let last = blocks.at(-1)
    if (!last || last.elements.length >= limits.actions || taken.has(one.action)) {
      last = { type: 'actions', elements: [] }
      blocks.push(last)
      taken = new Set()
    }
    last.elements.push(button(one))
    taken.add(one.action)
  }
  return blocks
}

function row(block: Extract<Block, { kind: 'row' }>, at: number): KnownBlock[] {
  const single = block.buttons.length === 1 && !block.menu ? block.buttons[0] : undefined
  const linked = [...block.text, ...(block.note ?? [])].some((s) => typeof s !== 'string' && 'link' in s)
  if (single && !linked) {
    const lines: Text = block.note ? [...block.text, '\n', ...block.note] : block.text
    return [
      {
        type: 'section',
        text: mayBeMrkdwn(lines)
          ? { type: 'mrkdwn', text: mrkdwnOf(lines, limits.section.text), verbatim: true }
          : { type: 'plain_text', text: cutTo(plainOf(lines), limits.section.text) || '—', emoji: false },
        accessory: button(single),
      } satisfies SectionBlock,
    ]
  }
  const sets = actions(block.buttons)
  return [
    paragraph(block.text),
    ...(block.note ? [note(block.note)] : []),
    ...(block.menu ? withMenu(sets, block.menu, at) : sets),
  ]
}

/** The menu stands behind the last button; its drawing travels in the block_id, as that of every select. */
function withMenu(sets: readonly ActionsBlock[], menu: Menu, at: number): ActionsBlock[] {
  const last = sets.at(-1) ?? { type: 'actions' as const, elements: [] }
  const select = {
    type: 'static_select' as const,
    action_id: menu.action,
    placeholder: plainText(menu.label, limits.select.placeholder),
    ...choices(menu.options),
  }
  return [
    ...sets.slice(0, -1),
    { ...last, block_id: choiceBlockId(menu.drawing, at), elements: [...last.elements, select] },
  ]
}

/** The drawing of a choice travels in its block_id, since a select has no `value` of its own. */
const choiceBlockId = (drawing: string, at: number): string => `${drawing}#${at}`

/** The drawing behind a block_id of {@link choiceBlockId}; `undefined` for any other block. */
export const drawingOfChoice = (blockId: string): string | undefined => /^(.+)#\d+$/.exec(blockId)?.[1]

function choice(block: Extract<Block, { kind: 'choice' }>, at: number): KnownBlock {
  const label = { type: 'plain_text', text: cutTo(clean(block.label), 300) || '—', emoji: false } as const
  if (block.options.length === 0) return { type: 'section', text: label }
  const chosen = block.options.find((o) => o.value === block.chosen)
  return {
    type: 'section',
    block_id: choiceBlockId(block.drawing, at),
    text: label,
    accessory: {
      type: 'static_select',
      action_id: block.action,
      ...choices(block.options),
      ...(chosen ? { initial_option: option(chosen) } : {}),
    },
  }
}

/**
 * At most `most` blocks and `characters` characters: what is left out is counted in sight, and the blocks at the end
 * that hold buttons or small print stay, because a card without its buttons can't be acted upon (B5.56).
 */
function withinLimits(blocks: KnownBlock[], most: number, characters?: number): KnownBlock[] {
  const tooLong = characters !== undefined && charactersOf(blocks) > characters - 100
  if (blocks.length <= most && !tooLong) return blocks
  let tail = 0
  while (tail < 4 && tail < blocks.length - 1) {
    const type = blocks[blocks.length - 1 - tail]?.type
    if (type !== 'actions' && type !== 'context') break
    tail += 1
  }
  const end = tail > 0 ? blocks.slice(-tail) : []
  const body = tail > 0 ? blocks.slice(0, -tail) : blocks
  let room = characters === undefined ? Number.POSITIVE_INFINITY : characters - 200 - charactersOf(end)
  const kept: KnownBlock[] = []
  for (const block of body) {
    if (kept.length >= most - end.length - 1) break
    room -= charactersOf([block])
    if (room < 0) break
    kept.push(block)
  }
  const left = body.length - kept.length
  const mark: KnownBlock = {
    type: 'context',
    elements: [{ type: 'plain_text', text: `… (+${left})`, emoji: false }],
  }
  return [...kept, mark, ...end]
}
