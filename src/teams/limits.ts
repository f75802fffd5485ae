/**
 * What Teams accepts, in one table. Sources: Microsoft's Teams and Adaptive Cards pages (November 2026): a message
 * stays under about 100 KB, its card under 80 KB; at most six actions stand side by side; typeahead shows 15 options;
 * a card refreshes by itself for at most 60 people. Lengths are UTF-16 units.
 */
export const limits = {
  card: { bytes: 80_000, version: '1.5' },
  summary: 500,
  text: 4_000,
  title: 150,
  /** Characters of “really?”: a question, not a page. */
  confirm: 600,
  button: 60,
  actions: 6,
  /** Actions in one card, so that a list with buttons stays quick to draw. */
  actionsPerCard: 60,
  data: 2_000,
  dialog: { title: 60 },
  input: { label: 300, placeholder: 150, text: 4_000 },
  option: { title: 150, value: 500, count: 300 },
  found: 15,
  refresh: 60,
  lines: 40,
  /** A phone shows five narrow columns; a wider table is set as lines. `items` is rows times columns. */
  table: { columns: 5, rows: 60, items: 150, first: 60, cell: 30, characters: 6_000 },
  /**
   * A picture inside the card counts as its text does. Up to `small` it always travels there; up to `most` where there
   * is no address to give instead.
   */
  picture: { alt: 2_000, url: 2_000, small: 28_000, most: 76_000 },
} as const

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** The only elements we draw, each with the fields of which one must be there. */
const elements: Readonly<Record<string, readonly string[]>> = {
  TextBlock: ['text'],
  RichTextBlock: ['inlines'],
  ColumnSet: ['columns'],
  Container: ['items'],
  ActionSet: ['actions'],
  Image: ['url', 'altText'],
  Table: ['columns', 'rows'],
  'Input.Text': ['id', 'label'],
  'Input.Number': ['id', 'label'],
  'Input.Date': ['id', 'label'],
  'Input.ChoiceSet': ['id', 'label', 'choices'],
}

const actions: ReadonlySet<string> = new Set([
  'Action.Submit',
  'Action.Execute',
  'Action.OpenUrl',
  'Action.ToggleVisibility',
])

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : [])

/** What TextBlock would take for markup. Somebody's words never stand in one; these marks never in ours. */
export const markup = /[*_`~[\]<>\\#]|^\s*(?:[-+]|\d+[.)])\s/

/** Every way in which a card breaks the rules, as `path: what`. Empty: Teams will show it as it is meant. */
export function problemsOf(card: Json): string[] {
  const found: string[] = []
  const say = (path: string, what: string): void => {
    found.push(`${path}: ${what}`)
  }
  const bytes = Buffer.byteLength(JSON.stringify(card))
  if (bytes > limits.card.bytes) say('card', `${bytes} bytes, at most ${limits.card.bytes}`)
  if (card.type !== 'AdaptiveCard' || card.version !== limits.card.version)
    say('card', 'not Adaptive Card 1.5')
  const ids = new Set<unknown>()
  const toggled: string[] = []
  const mentions = list(record(card.msteams).entities)
  const shown = new Set<unknown>()
  let count = 0

  const most = (path: string, value: unknown, max: number) => {
    if (typeof value !== 'string' || value === '') say(path, 'empty')
    else if (value.length > max) say(path, `${value.length} characters, at most ${max}`)
  }

  function element(of: Json, path: string): void {
    const type = String(of.type)
    const needed = elements[type]
    if (!needed) {
      say(path, `a ${type}, which nothing of ours draws`)
      return
    }
    for (const field of needed) if (of[field] === undefined || of[field] === '') say(path, `no ${field}`)
    if (of.id !== undefined) {
      if (ids.has(of.id)) say(path, `the id “${String(of.id)}” twice`)
      ids.add(of.id)
    }
    if (type === 'TextBlock' && (typeof of.text !== 'string' || markup.test(withoutMentions(of.text))))
      say(`${path}.text`, 'markup in a TextBlock')
    if (type.startsWith('Input.')) input(of, path)
    for (const [i, run] of list(of.inlines).entries()) {
      if (run.type !== 'TextRun') say(`${path}.inlines[${i}]`, 'not a TextRun')
      most(`${path}.inlines[${i}].text`, run.text, limits.text)
    }
    if (type === 'RichTextBlock' && list(of.inlines).length === 0) say(path, 'no inlines')
    for (const [i, column] of list(of.columns).entries())
      for (const [j, item] of list(column.items).entries()) element(item, `${path}.columns[${i}].items[${j}]`)
    for (const [i, item] of list(of.items).entries()) element(item, `${path}.items[${i}]`)
    if (type === 'Table') table(of, path)
    if (type === 'Image') {
      most(`${path}.altText`, of.altText, limits.picture.alt)
      if (!/^(https?:\/\/|data:image\/png;base64,)/.test(String(of.url)))
        say(`${path}.url`, 'not a picture’s address')
    }
    const own = list(of.actions)
    if (own.length > limits.actions) say(`${path}.actions`, `${own.length}, at most ${limits.actions}`)
    if (type === 'ActionSet' && own.length === 0) say(path, 'no actions')
    for (const [i, one] of own.entries()) action(one, `${path}.actions[${i}]`)
  }

  /** A text without the mentions that the card names; each stands in one place alone (B5.59). */
  function withoutMentions(text: string): string {
    let rest = text
    for (const mention of mentions) {
      if (typeof mention.text !== 'string' || !rest.includes(mention.text)) continue
      if (shown.has(mention.text)) say('msteams.entities', `“${mention.text}” twice`)
      shown.add(mention.text)
      rest = rest.replace(mention.text, '')
    }
    return rest
  }

  function table(of: Json, path: string): void {
    const wide = list(of.columns).length
    const rows = list(of.rows)
    if (wide === 0 || rows.length === 0) say(path, 'an empty table')
    for (const [i, row] of rows.entries()) {
      const cells = list(row.cells)
      if (row.type !== 'TableRow' || cells.length !== wide)
        say(`${path}.rows[${i}]`, `not a row of ${wide} cells`)
      for (const [j, cell] of cells.entries()) {
        if (cell.type !== 'TableCell') say(`${path}.rows[${i}].cells[${j}]`, 'not a TableCell')
        for (const [k, item] of list(cell.items).entries())
          element(item, `${path}.rows[${i}].cells[${j}].items[${k}]`)
      }
    }
  }

  function input(of: Json, path: string): void {
    most(`${path}.label`, of.label, limits.input.label)
    if (of.placeholder !== undefined) most(`${path}.placeholder`, of.placeholder, limits.input.placeholder)
    if (of.type === 'Input.Text' && Number(of.maxLength ?? 1) > limits.input.text)
      say(`${path}.maxLength`, `at most ${limits.input.text}`)
    if (of.type === 'Input.Number' && of.value !== undefined && typeof of.value !== 'number')
      say(`${path}.value`, 'not a number')
    if (of.type !== 'Input.ChoiceSet') return
    const values = new Set<unknown>()
    const choices = list(of.choices)
    if (choices.length > limits.option.count)
      say(`${path}.choices`, `${choices.length}, at most ${limits.option.count}`)
    for (const choice of choices) {
      most(`${path}.choices.title`, choice.title, limits.option.title)
      most(`${path}.choices.value`, choice.value, limits.option.value)
      if (values.has(choice.value)) say(`${path}.choices`, `the value “${String(choice.value)}” twice`)
      values.add(choice.value)
    }
    const dynamic = record(of['choices.data'])
    if (dynamic.type === 'Data.Query') most(`${path}.dataset`, dynamic.dataset, limits.option.value)
    else if (choices.length === 0) say(`${path}.choices`, 'none')
  }

  function action(of: Json, path: string): void {
    count += 1
    if (!actions.has(String(of.type))) {
      say(path, `an ${String(of.type)}, which nothing of ours draws`)
      return
    }
    most(`${path}.title`, of.title, limits.button)
    if (of.data !== undefined && JSON.stringify(of.data).length > limits.data)
      say(`${path}.data`, `over ${limits.data} characters`)
    if (of.type === 'Action.Execute' && typeof of.verb !== 'string') say(path, 'no verb')
    if (of.type === 'Action.ToggleVisibility')
      for (const target of Array.isArray(of.targetElements) ? of.targetElements : [])
        toggled.push(String(target))
  }

  const body = list(card.body)
  if (body.length === 0) say('body', 'empty')
  for (const [i, one] of body.entries()) element(one, `body[${i}]`)
  const below = list(card.actions)
  if (below.length > limits.actions) say('actions', `${below.length}, at most ${limits.actions}`)
  for (const [i, one] of below.entries()) action(one, `actions[${i}]`)
  for (const { text, mentioned } of mentions) {
    if (!/^<at>[^<>]+<\/at>$/.test(String(text)) || !record(mentioned).id)
      say('msteams.entities', 'not a mention')
    else if (!shown.has(text)) say('msteams.entities', `“${String(text)}” stands in no TextBlock`)
  }
  if (count > limits.actionsPerCard) say('actions', `${count} in one card, at most ${limits.actionsPerCard}`)
  for (const target of toggled)
    if (!ids.has(target)) say('actions', `toggles “${target}”, which is not there`)
  const refreshed = record(card.refresh).userIds
  if (Array.isArray(refreshed) && refreshed.length > limits.refresh)
    say('refresh.userIds', `${refreshed.length}, at most ${limits.refresh}`)
  return found
}

/** A drawing that Teams would refuse or show as something else: a bug of ours, never a person's. */
class LimitError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`Teams would refuse this:\n${problems.join('\n')}`)
    this.name = 'LimitError'
    this.problems = problems
  }
}

let whenWrong: ((problems: readonly string[]) => void) | 'throw' = 'throw'

/** Production tells a log instead of throwing: an ugly card beats a lost one. */
export function onLimitProblem(told: ((problems: readonly string[]) => void) | 'throw'): void {
  whenWrong = told
}

/** Holds what was drawn against the table before it is sent; what is found is a mistake in the drawing. */
export function check<T extends Json>(card: T): T {
  const problems = problemsOf(card)
  if (problems.length === 0) return card
  if (whenWrong === 'throw') throw new LimitError(problems)
  whenWrong(problems)
  return card
}
