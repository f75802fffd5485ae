import {
  all,
  anything,
  type Complaint,
  exactly,
  type Fields,
  flag,
  isRecord,
  list,
  type Rule,
  record,
  whole,
} from '../../slack/check/rule.ts'
import { inputElements } from './inputs.ts'
import { teamsLimits as max } from './limits.ts'
import { aNumber, anObject, anyText, either, imageUrl, linkUrl, pixels, someText, word } from './words.ts'

const spacing = word('default', 'none', 'extraSmall', 'small', 'medium', 'large', 'extraLarge', 'padding')
const color = word('default', 'dark', 'light', 'accent', 'good', 'warning', 'attention')
const fontType = word('default', 'monospace')
const horizontal = word('left', 'center', 'right')
const vertical = word('top', 'center', 'bottom')
const size = word('small', 'default', 'medium', 'large', 'extraLarge')
const weight = word('lighter', 'default', 'bolder')
const areaStyle = word('default', 'emphasis', 'good', 'attention', 'warning', 'accent')

/** Either an element of its own or `"drop"`; the element is held to the same rules. */
const fallbackOf =
  (rule: () => Rule): Rule =>
  (value, at, complaints) => {
    if (value !== 'drop') rule()(value, at, complaints)
  }

const common: Fields = {
  id: someText,
  isVisible: flag,
  separator: flag,
  spacing,
  height: word('auto', 'stretch'),
  requires: anObject,
  lang: anyText,
  targetWidth: anyText,
  fallback: fallbackOf(() => element),
}

/** By `type`; of what Teams does not know itself, only what says what to show instead (`fallback`). */
function kinds(known: () => Readonly<Record<string, Rule>>): Rule {
  return (value, at, complaints) => {
    const type = isRecord(value) ? value.type : undefined
    if (typeof type !== 'string') {
      complaints.push({ what: 'missing required field: type', at })
      return
    }
    const rules = known()
    if (Object.hasOwn(rules, type)) rules[type]!(value, at, complaints)
    else if (!isRecord(value) || value.fallback === undefined)
      complaints.push({ what: `unsupported type: ${type} (without a fallback)`, at: `${at}/type` })
    else
      fallbackOf(() => (type.startsWith('Action.') ? action : element))(
        value.fallback,
        `${at}/fallback`,
        complaints,
      )
  }
}

const element: Rule = kinds(() => elements)
export const action: Rule = kinds(() => actions)

// ── actions ──────────────────────────────────────────────────────────────────

const actionCommon: Fields = {
  id: someText,
  title: someText,
  iconUrl: imageUrl,
  style: word('default', 'positive', 'destructive'),
  mode: word('primary', 'secondary'),
  tooltip: anyText,
  isEnabled: flag,
  role: anyText,
  requires: anObject,
  fallback: fallbackOf(() => action),
}
const associated = word('auto', 'none')

/** What the client itself is to do with a Submit: open a dialog, say something, call the app. */
const msteams: Rule = (value, at, complaints) => {
  if (!isRecord(value)) {
    complaints.push({ what: 'must be an object', at })
    return
  }
  const { type } = value
  if (type === undefined) return
  word('task/fetch', 'messageBack', 'imBack', 'invoke', 'signin')(type, `${at}/type`, complaints)
  if (type === 'messageBack') someText(value.text, `${at}/text`, complaints)
  if (type === 'imBack') someText(value.value, `${at}/value`, complaints)
}

const submitData: Rule = (value, at, complaints) => {
  if (!isRecord(value)) complaints.push({ what: 'must be an object: Teams drops any other data', at })
  else if (value.msteams !== undefined) msteams(value.msteams, `${at}/msteams`, complaints)
}

const target = either(
  someText,
  record({ elementId: someText }, { type: exactly('TargetElement'), isVisible: flag }),
)

const actions: Readonly<Record<string, Rule>> = {
  'Action.OpenUrl': record({ type: exactly('Action.OpenUrl'), url: linkUrl }, actionCommon),
  'Action.Submit': record(
    { type: exactly('Action.Submit') },
    { ...actionCommon, data: submitData, associatedInputs: associated },
  ),
  'Action.Execute': record(
    { type: exactly('Action.Execute') },
    { ...actionCommon, verb: someText, data: anObject, associatedInputs: associated },
  ),
  'Action.ShowCard': record(
    { type: exactly('Action.ShowCard'), card: (value, at, complaints) => innerCard(value, at, complaints) },
    actionCommon,
  ),
  'Action.ToggleVisibility': record(
    { type: exactly('Action.ToggleVisibility'), targetElements: list(target, 100) },
    actionCommon,
  ),
}

const titled: Rule = (value, at, complaints) => {
  if (isRecord(value) && value.title === undefined)
    complaints.push({ what: 'missing required field: title', at })
}

const fewPrimary: Rule = (value, at, complaints) => {
  const primary = (Array.isArray(value) ? value : []).filter(
    (one) => !isRecord(one) || String(one.mode ?? 'primary').toLowerCase() === 'primary',
  )
  if (primary.length > max.actions)
    complaints.push({ what: `no more than ${max.actions} primary actions are shown`, at })
}

const actionList: Rule = all(list(all(action, titled), 100, 0), fewPrimary)

const selectAction: Rule = all(action, (value, at, complaints) => {
  if (isRecord(value) && value.type === 'Action.ShowCard')
    complaints.push({ what: 'Action.ShowCard is not supported in selectAction', at })
})

// ── what is read ─────────────────────────────────────────────────────────────

const backgroundImage = either(
  imageUrl,
  record(
    { url: imageUrl },
    {
      type: exactly('BackgroundImage'),
      fillMode: word('cover', 'repeatHorizontally', 'repeatVertically', 'repeat'),
      horizontalAlignment: horizontal,
      verticalAlignment: vertical,
    },
  ),
)

const run = record(
  { type: exactly('TextRun'), text: anyText },
  {
    color,
    fontType,
    highlight: flag,
    isSubtle: flag,
    italic: flag,
    selectAction,
    size,
    strikethrough: flag,
    underline: flag,
    weight,
    lang: anyText,
  },
)

const area: Fields = {
  style: areaStyle,
  verticalContentAlignment: vertical,
  bleed: flag,
  backgroundImage,
  minHeight: pixels,
  rtl: flag,
  selectAction,
  roundedCorners: flag,
  showBorder: flag,
}

const items = list((value, at, complaints) => element(value, at, complaints), 300, 0)

const column = record(
  { items },
  {
    ...common,
    ...area,
    type: exactly('Column'),
    width: either(word('auto', 'stretch'), aNumber, pixels, (value, at, complaints) => {
      if (!/^\d+$/.test(String(value))) complaints.push({ what: 'must be a weight', at })
    }),
  },
)

const cell = record({ type: exactly('TableCell'), items }, { ...common, ...area })
const tableRow = record(
  { type: exactly('TableRow'), cells: list(cell, 20) },
  {
    ...common,
    style: areaStyle,
    horizontalCellContentAlignment: horizontal,
    verticalCellContentAlignment: vertical,
  },
)
const tableColumn = record(
  {},
  {
    type: exactly('TableColumnDefinition'),
    width: either(aNumber, pixels),
    horizontalCellContentAlignment: horizontal,
    verticalCellContentAlignment: vertical,
  },
)

const rowsFit: Rule = (value, at, complaints) => {
  if (!isRecord(value) || !Array.isArray(value.columns) || !Array.isArray(value.rows)) return
  const columns = value.columns.length
  for (const [index, one] of value.rows.entries())
    if (isRecord(one) && Array.isArray(one.cells) && one.cells.length > columns)
      complaints.push({ what: `has more cells than the table has columns`, at: `${at}/rows/${index}` })
}

const picture = record(
  { type: exactly('Image'), url: imageUrl },
  {
    ...common,
    altText: anyText,
    backgroundColor: anyText,
    height: either(word('auto', 'stretch'), pixels),
    width: either(word('auto', 'stretch'), pixels),
    horizontalAlignment: horizontal,
    selectAction,
    size: word('auto', 'stretch', 'small', 'medium', 'large'),
    style: word('default', 'person', 'roundedCorners'),
    // Enlarges at a press.
    msteams: record({}, { allowExpand: flag }),
  },
)

const elements: Readonly<Record<string, Rule>> = {
  TextBlock: record(
    { type: exactly('TextBlock'), text: anyText },
    {
      ...common,
      color,
      fontType,
      horizontalAlignment: horizontal,
      isSubtle: flag,
      maxLines: whole(0, 1000),
      size,
      weight,
      wrap: flag,
      style: word('default', 'heading', 'columnHeader'),
    },
  ),
  RichTextBlock: record(
    { type: exactly('RichTextBlock'), inlines: list(either(anyText, run), 500) },
    { ...common, horizontalAlignment: horizontal },
  ),
  Image: picture,
  ImageSet: record(
    { type: exactly('ImageSet'), images: list(picture, 50) },
    { ...common, imageSize: word('auto', 'stretch', 'small', 'medium', 'large') },
  ),
  ActionSet: record(
    { type: exactly('ActionSet'), actions: actionList },
    { ...common, horizontalAlignment: horizontal },
  ),
  Container: record({ type: exactly('Container'), items }, { ...common, ...area }),
  ColumnSet: record(
    { type: exactly('ColumnSet'), columns: list(column, 50, 0) },
    {
      ...common,
      selectAction,
      style: areaStyle,
      bleed: flag,
      minHeight: pixels,
      horizontalAlignment: horizontal,
    },
  ),
  FactSet: record(
    { type: exactly('FactSet'), facts: list(record({ title: anyText, value: anyText }), 100) },
    common,
  ),
  Table: all(
    record(
      { type: exactly('Table'), columns: list(tableColumn, 20), rows: list(tableRow, 200, 0) },
      {
        ...common,
        firstRowAsHeader: flag,
        firstRowAsHeaders: flag,
        showGridLines: flag,
        gridStyle: areaStyle,
        horizontalCellContentAlignment: horizontal,
        verticalCellContentAlignment: vertical,
      },
    ),
    rowsFit,
  ),
  ...inputElements(common, selectAction),
}

// ── the card around it ───────────────────────────────────────────────────────

export const cardFields: Fields = {
  $schema: anyText,
  body: items,
  actions: actionList,
  fallbackText: anyText,
  speak: anyText,
  lang: anyText,
  rtl: flag,
  minHeight: pixels,
  backgroundImage,
  verticalContentAlignment: vertical,
  selectAction,
  metadata: anything,
}

/** A card inside Action.ShowCard: no refresh and no version of its own needed. */
function innerCard(value: unknown, at: string, complaints: Complaint[]): void {
  record({ type: exactly('AdaptiveCard') }, { ...cardFields, version: anyText })(value, at, complaints)
}
