import type { HomeView, KnownBlock, ModalView } from '@slack/types'

/**
 * What Slack accepts, in one table. Sources: docs.slack.dev block and view references (November 2026), @slack/types
 * 3.2, the SDKs' own constants; where they differ the stricter is taken (an option's `value` is 150 by most, 75 by one).
 * Lengths are UTF-16 units, which is never fewer than what Slack counts.
 */
export const limits = {
  message: { blocks: 50, text: 4_000, characters: 12_000 },
  view: {
    blocks: 100,
    title: 24,
    submit: 24,
    close: 24,
    privateMetadata: 3_000,
    callbackId: 255,
    bytes: 250_000,
  },
  id: 255,
  section: { text: 3_000, fields: 10, field: 2_000 },
  header: 150,
  context: { elements: 10, text: 3_000 },
  actions: 25,
  input: { label: 2_000, hint: 2_000 },
  richText: 3_000,
  button: { text: 75, value: 2_000, url: 3_000 },
  confirm: { title: 100, text: 300, button: 30 },
  option: { text: 75, description: 75, value: 75 },
  select: { options: 100, groups: 100, groupLabel: 75, placeholder: 150 },
  checkboxes: 10,
  plainTextInput: 3_000,
  errors: { perField: 2_000 },
  image: { url: 3_000, alt: 2_000 },
  /** One a message; `characters` leaves room for the rest of it, names of columns counted once a row (they are, on Home). */
  table: { rows: 100, columns: 20, first: 80, cell: 40, characters: 7_000 },
  command: { name: 32, description: 2_000, usage: 1_000, count: 50 },
} as const

type Surface = 'message' | 'modal' | 'home'
type Json = Record<string, unknown>

/** Every way in which `blocks` break Slack's rules on this surface, as `path: what`. Empty: Slack will take it. */
export function problemsOf(
  payload: { readonly text: string; readonly blocks: readonly KnownBlock[] } | ModalView | HomeView,
): string[] {
  const found: string[] = []
  const say = (path: string, what: string) => found.push(`${path}: ${what}`)
  const most = (path: string, value: unknown, max: number, min = 1) => {
    if (typeof value !== 'string') return
    if (value.length > max) say(path, `${value.length} characters, at most ${max}`)
    if (value.length < min) say(path, 'empty')
  }
  const surface: Surface = !('type' in payload) ? 'message' : payload.type === 'home' ? 'home' : 'modal'
  const blocks = payload.blocks as readonly KnownBlock[]
  const max = surface === 'message' ? limits.message.blocks : limits.view.blocks
  if (blocks.length > max) say('blocks', `${blocks.length}, at most ${max}`)
  if (blocks.length === 0) say('blocks', 'none')

  if (!('type' in payload)) {
    most('text', payload.text, limits.message.text)
    const total = charactersOf(blocks)
    if (total > limits.message.characters)
      say('blocks', `${total} characters together, at most ${limits.message.characters}`)
  } else {
    if (payload.type === 'modal') {
      most('title', payload.title.text, limits.view.title)
      most('submit', payload.submit?.text, limits.view.submit)
      most('close', payload.close?.text, limits.view.close)
      if (!payload.submit && blocks.some((b) => b.type === 'input'))
        say('submit', 'missing, though the view asks for something')
    }
    most('private_metadata', payload.private_metadata, limits.view.privateMetadata, 0)
    most('callback_id', payload.callback_id, limits.view.callbackId)
    if (Buffer.byteLength(JSON.stringify(payload)) > limits.view.bytes) say('view', 'over 250 KB')
  }

  const blockIds = new Set<string>()
  for (const [index, block] of blocks.entries()) {
    const at = `blocks[${index}]`
    if (block.block_id !== undefined) {
      most(`${at}.block_id`, block.block_id, limits.id)
      if (blockIds.has(block.block_id)) say(`${at}.block_id`, `“${block.block_id}” twice`)
      blockIds.add(block.block_id)
    }
    problemsOfBlock(block, at, surface, say, most)
  }
  if (blocks.filter((block) => block.type === 'table').length > 1) say('blocks', 'two tables')
  return found
}

type Say = (path: string, what: string) => void
type Most = (path: string, value: unknown, max: number, min?: number) => void

function problemsOfBlock(block: KnownBlock, at: string, surface: Surface, say: Say, most: Most): void {
  switch (block.type) {
    case 'section':
      most(`${at}.text`, block.text?.text, limits.section.text)
      if (!block.text && !block.fields?.length) say(at, 'a section without text or fields')
      if ((block.fields?.length ?? 0) > limits.section.fields)
        say(`${at}.fields`, `${block.fields?.length}, at most ${limits.section.fields}`)
      for (const [i, field] of (block.fields ?? []).entries())
        most(`${at}.fields[${i}]`, field.text, limits.section.field)
      if (block.accessory) problemsOfElement(block.accessory as unknown as Json, `${at}.accessory`, say, most)
      return
    case 'header':
      most(`${at}.text`, block.text.text, limits.header)
      return
    case 'context':
      if (block.elements.length > limits.context.elements || block.elements.length === 0)
        say(`${at}.elements`, `${block.elements.length}, 1 to ${limits.context.elements}`)
      for (const [i, element] of block.elements.entries())
        if ('text' in element) most(`${at}.elements[${i}]`, element.text, limits.context.text)
      return
    case 'actions': {
      if (block.elements.length > limits.actions || block.elements.length === 0)
        say(`${at}.elements`, `${block.elements.length}, 1 to ${limits.actions}`)
      const ids = new Set<unknown>()
      for (const [i, element] of block.elements.entries()) {
        problemsOfElement(element as unknown as Json, `${at}.elements[${i}]`, say, most)
        const id = (element as { action_id?: string }).action_id
        if (ids.has(id)) say(`${at}.elements[${i}].action_id`, `“${id}” twice in one block`)
        ids.add(id)
      }
      return
    }
    case 'input':
      most(`${at}.label`, block.label.text, limits.input.label)
      most(`${at}.hint`, block.hint?.text, limits.input.hint)
      problemsOfElement(block.element as unknown as Json, `${at}.element`, say, most)
      return
    case 'rich_text': {
      if (block.elements.length === 0) say(at, 'an empty rich text')
      for (const [i, part] of block.elements.entries())
        for (const [j, element] of part.elements.entries()) {
          if (!('text' in element) || element.text === undefined) continue
          most(`${at}.elements[${i}].elements[${j}]`, element.text, limits.richText)
        }
      return
    }
    case 'divider':
      return
    case 'image': {
      most(`${at}.alt_text`, block.alt_text, limits.image.alt)
      const { image_url: url, slack_file: file } = block as {
        image_url?: string
        slack_file?: { id?: string }
      }
      if ((url === undefined) === (file === undefined)) say(at, 'an image without, or with two, sources')
      if (url !== undefined) {
        most(`${at}.image_url`, url, limits.image.url)
        if (!/^https?:\/\//.test(url)) say(`${at}.image_url`, 'not an address of the web')
      }
      if (file !== undefined && !/^F[A-Z0-9]{8,}$/.test(file.id ?? ''))
        say(`${at}.slack_file.id`, 'not a file’s id')
      return
    }
    case 'table': {
      if (surface !== 'message') say(at, `a table, which is not safe on a ${surface}`)
      if (block.rows.length > limits.table.rows || block.rows.length === 0)
        say(`${at}.rows`, `${block.rows.length}, 1 to ${limits.table.rows}`)
      const wide = block.rows[0]?.length ?? 0
      for (const [i, row] of block.rows.entries()) {
        if (row.length !== wide || wide === 0 || wide > limits.table.columns)
          say(
            `${at}.rows[${i}]`,
            `${row.length} cells, 1 to ${limits.table.columns} and as many in every row`,
          )
        for (const [j, cell] of row.entries()) {
          if (cell.type !== 'raw_text')
            say(`${at}.rows[${i}][${j}]`, `a ${cell.type}, which clients draw badly`)
          else most(`${at}.rows[${i}][${j}]`, cell.text, limits.section.text)
        }
      }
      return
    }
    default:
      say(at, `a ${block.type} block, which nothing of ours draws on a ${surface}`)
  }
}

function problemsOfElement(element: Json, at: string, say: Say, most: Most): void {
  most(`${at}.action_id`, element.action_id, limits.id)
  const placeholder = (element.placeholder as { text?: string } | undefined)?.text
  most(`${at}.placeholder`, placeholder, limits.select.placeholder)
  switch (element.type) {
    case 'button': {
      most(`${at}.text`, (element.text as { text: string }).text, limits.button.text)
      most(`${at}.value`, element.value, limits.button.value)
      const confirm = element.confirm as
        | Record<'title' | 'text' | 'confirm' | 'deny', { text: string }>
        | undefined
      if (!confirm) return
      most(`${at}.confirm.title`, confirm.title.text, limits.confirm.title)
      most(`${at}.confirm.text`, confirm.text.text, limits.confirm.text)
      most(`${at}.confirm.confirm`, confirm.confirm.text, limits.confirm.button)
      most(`${at}.confirm.deny`, confirm.deny.text, limits.confirm.button)
      return
    }
    case 'static_select':
    case 'multi_static_select':
    case 'checkboxes': {
      const groups = element.option_groups as { label: { text: string }; options: Json[] }[] | undefined
      const options = (element.options as Json[] | undefined) ?? []
      const cap = element.type === 'checkboxes' ? limits.checkboxes : limits.select.options
      if (!groups && (options.length > cap || options.length === 0))
        say(`${at}.options`, `${options.length}, 1 to ${cap}`)
      if (groups && (groups.length > limits.select.groups || groups.length === 0))
        say(`${at}.option_groups`, `${groups.length}, 1 to ${limits.select.groups}`)
      for (const group of groups ?? []) {
        most(`${at}.option_groups.label`, group.label.text, limits.select.groupLabel)
        if (group.options.length > limits.select.options)
          say(`${at}.option_groups`, 'over 100 options in one')
      }
      const values = new Set<unknown>()
      for (const option of [...options, ...(groups ?? []).flatMap((g) => g.options)]) {
        problemsOfOption(option, at, most)
        if (values.has(option.value)) say(`${at}.options`, `the value “${option.value}” twice`)
        values.add(option.value)
      }
      return
    }
    case 'users_select':
      return
    case 'external_select':
      if (element.initial_option) problemsOfOption(element.initial_option as Json, at, most)
      return
    case 'plain_text_input':
      most(`${at}.initial_value`, element.initial_value, limits.plainTextInput, 0)
      if (Number(element.max_length ?? 1) > limits.plainTextInput)
        say(`${at}.max_length`, `at most ${limits.plainTextInput}`)
      return
    case 'number_input':
      if (element.initial_value !== undefined && !/^-?\d+(\.\d+)?$/.test(String(element.initial_value)))
        say(`${at}.initial_value`, 'not a number')
      return
    case 'datepicker':
      if (element.initial_date !== undefined && !isCalendarDay(String(element.initial_date)))
        say(`${at}.initial_date`, 'not a day of the calendar')
      return
    default:
      say(at, `a ${String(element.type)}, which nothing of ours draws`)
  }
}

function problemsOfOption(option: Json, at: string, most: Most): void {
  most(`${at}.option.text`, (option.text as { text: string }).text, limits.option.text)
  most(`${at}.option.value`, option.value, limits.option.value)
  most(`${at}.option.description`, (option.description as { text: string } | undefined)?.text, 75)
}

/** `YYYY-MM-DD` and a day that exists: Slack fails the whole view over a `2026-02-31`. */
export function isCalendarDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** Characters of every text in these blocks: about 13,200 in one message fail with msg_blocks_too_long (undocumented). */
export function charactersOf(blocks: readonly KnownBlock[]): number {
  let total = 0
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value))
        if (key === 'text' && typeof inner === 'string') total += inner.length
        else walk(inner)
  }
  walk(blocks)
  return total
}

/** A drawing that Slack would refuse: a bug of ours, never a person's. */
class LimitError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Slack would refuse this:\n${problems.join('\n')}`)
    this.name = 'LimitError'
    this.problems = problems
  }
}

/**
 * Holds what was drawn against the table before it is sent. Texts and lists were already cut visibly where they were
 * drawn, so what is found here is a mistake in the drawing: tests and development throw, production says so and sends.
 */
export function check<T extends Parameters<typeof problemsOf>[0]>(
  payload: T,
  onProblem: ((problems: readonly string[]) => void) | 'throw' = whenWrong,
): T {
  const problems = problemsOf(payload)
  if (problems.length === 0) return payload
  if (onProblem === 'throw') throw new LimitError(problems)
  onProblem(problems)
  return payload
}

let whenWrong: ((problems: readonly string[]) => void) | 'throw' = 'throw'

/** Production tells a log instead of throwing: an ugly card beats a lost one. */
export function onLimitProblem(told: ((problems: readonly string[]) => void) | 'throw'): void {
  whenWrong = told
}
