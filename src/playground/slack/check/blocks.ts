import { cardButton, contextText, inActions, inContextActions, inInput, inSection } from './elements.ts'
import { slackLimits as max } from './limits.ts'
import { anyText, fileReference, imageElement, plainText, url, webUrl } from './objects.ts'
import {
  all,
  anything,
  byType,
  type Complaint,
  exactly,
  type Fields,
  flag,
  isRecord,
  list,
  oneOf,
  type Rule,
  record,
  text,
  whole,
} from './rule.ts'

export type Surface = 'message' | 'modal' | 'home'

const ofBlock: Fields = { block_id: text(max.id, 1) }
const block = (type: string, required: Fields, optional: Fields = {}): Rule =>
  record({ type: exactly(type), ...required }, { ...ofBlock, ...optional })

const section: Rule = all(
  block(
    'section',
    {},
    {
      text: anyText(max.sectionText),
      fields: list(anyText(max.sectionField), max.sectionFields),
      accessory: byType({ ...inSection, image: imageElement }),
      expand: flag,
    },
  ),
  (value, at, complaints) => {
    if (isRecord(value) && value.text === undefined && value.fields === undefined)
      complaints.push({ what: 'missing required field: text', at })
  },
)

const richTextPart = byType({
  rich_text_section: record({ type: exactly('rich_text_section'), elements: list(isObject(), 1000, 0) }),
  rich_text_list: record(
    { type: exactly('rich_text_list'), elements: list(isObject(), 1000), style: oneOf('bullet', 'ordered') },
    { indent: whole(0, 8), offset: whole(0, 10_000), border: whole(0, 1) },
  ),
  rich_text_preformatted: record(
    { type: exactly('rich_text_preformatted'), elements: list(isObject(), 1000) },
    { border: whole(0, 1), language: text(60) },
  ),
  rich_text_quote: record(
    { type: exactly('rich_text_quote'), elements: list(isObject(), 1000) },
    { border: whole(0, 1) },
  ),
})
const richText = block('rich_text', { elements: list(richTextPart, 1000) })

function isObject(): Rule {
  return (value, at, complaints) => {
    if (!isRecord(value) || typeof value.type !== 'string') complaints.push({ what: 'must be an object', at })
  }
}

const rawText = record({ type: exactly('raw_text'), text: text(max.text, 1) })
const cell = byType({
  raw_text: rawText,
  raw_number: record({ type: exactly('raw_number'), value: anything, text: text(max.text, 1) }),
  rich_text: richText,
})
const table: Rule = all(
  block(
    'table',
    { rows: list(list(cell, max.tableColumns), max.tableRows) },
    {
      column_settings: list(
        record({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }),
        max.tableColumns,
        0,
      ),
    },
  ),
  (value, at, complaints) => {
    const rows = isRecord(value) && Array.isArray(value.rows) ? value.rows : []
    const wide = Array.isArray(rows[0]) ? rows[0].length : 0
    for (const [index, row] of rows.entries())
      if (Array.isArray(row) && row.length !== wide)
        complaints.push({ what: 'must have as many cells as the first row', at: `${at}/rows/${index}` })
  },
)
const dataTable: Rule = all(
  block(
    'data_table',
    { rows: list(list(cell, max.dataTableColumns), max.dataTableRows, 2), caption: text(max.text, 1) },
    { page_size: whole(1, 100), row_header_column_index: whole(0, max.dataTableColumns - 1) },
  ),
  (value, at, complaints) => {
    if (textLength(isRecord(value) ? value.rows : undefined) > max.dataTableContent)
      complaints.push({ what: `must be less than ${max.dataTableContent + 1} characters`, at: `${at}/rows` })
  },
)

const number: Rule = (value, at, complaints) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) complaints.push({ what: 'must be a number', at })
}
const label = text(max.chartLabel, 1)
const chart: Rule = byType({
  pie: record({
    type: exactly('pie'),
    segments: list(record({ label, value: number }), max.chartParts),
  }),
  ...Object.fromEntries(
    ['bar', 'area', 'line'].map((type) => [
      type,
      record({
        type: exactly(type),
        series: list(
          record({ name: label, data: list(record({ label, value: number }), max.chartPoints) }),
          max.chartParts,
        ),
        axis_config: record(
          { categories: list(label, max.chartPoints) },
          { x_label: text(max.chartAxis), y_label: text(max.chartAxis) },
        ),
      }),
    ]),
  ),
})

const card = block(
  'card',
  {},
  {
    hero_image: imageElement,
    icon: imageElement,
    title: anyText(max.cardTitle),
    subtitle: anyText(max.cardTitle),
    body: anyText(max.cardBody),
    actions: list(cardButton, max.cardActions),
  },
)

const image: Rule = all(
  block(
    'image',
    { alt_text: text(max.imageAlt, 1) },
    { image_url: webUrl, slack_file: fileReference, title: plainText(max.imageTitle) },
  ),
  (value, at, complaints) => {
    if (!isRecord(value)) return
    if (value.image_url === undefined && value.slack_file === undefined)
      complaints.push({ what: 'missing required field: image_url', at })
    if (value.image_url !== undefined && value.slack_file !== undefined)
      complaints.push({ what: 'must provide only one of image_url and slack_file', at })
  },
)

const simple: Readonly<Record<string, Rule>> = {
  section,
  header: block('header', { text: plainText(max.header) }),
  context: block('context', {
    elements: list(
      byType({ image: imageElement, plain_text: contextText, mrkdwn: contextText }),
      max.contextElements,
    ),
  }),
  actions: block('actions', { elements: list(byType(inActions), max.actionsElements) }),
  divider: block('divider', {}),
  image,
  input: block(
    'input',
    { label: plainText(max.inputLabel), element: byType(inInput) },
    { hint: plainText(max.inputHint), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  video: block(
    'video',
    {
      alt_text: text(200, 1),
      title: plainText(max.videoTitle),
      thumbnail_url: url,
      video_url: url,
    },
    {
      author_name: text(50),
      description: plainText(200),
      provider_name: text(50),
      provider_icon_url: url,
      title_url: url,
    },
  ),
}

const messageOnly: Readonly<Record<string, Rule>> = {
  markdown: block('markdown', { text: text(max.markdown, 1) }),
  table,
  data_table: dataTable,
  data_visualization: block('data_visualization', { title: text(max.chartTitle, 1), chart }),
  card,
  carousel: block('carousel', { elements: list(card, max.carouselCards) }),
  container: block(
    'container',
    {
      child_blocks: list(
        byType(Object.fromEntries([...Object.entries(simple), ['table', table]])),
        max.containerBlocks,
      ),
    },
    {
      title: plainText(max.containerTitle),
      rich_text_title: richText,
      subtitle: anyText(max.containerTitle),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  ),
  context_actions: block('context_actions', {
    elements: list(byType(inContextActions), max.contextActionsElements),
  }),
  file: block('file', { external_id: text(255, 1), source: exactly('remote') }),
  plan: block('plan', { title: text(max.header, 1) }, { tasks: list(isObject(), 50, 0) }),
  task_card: block(
    'task_card',
    {
      task_id: text(max.id, 1),
      title: text(max.header, 1),
      status: oneOf('pending', 'in_progress', 'complete', 'error'),
    },
    { details: richText, output: richText, sources: list(isObject(), 50, 0) },
  ),
}

const onSurface: Readonly<Record<Surface, Rule>> = {
  message: byType({ ...simple, ...messageOnly }),
  modal: byType({
    ...simple,
    alert: block(
      'alert',
      { text: anyText(max.alertText) },
      {
        level: oneOf('default', 'info', 'warning', 'error', 'success'),
      },
    ),
  }),
  home: byType({ ...simple, card, carousel: messageOnly.carousel! }),
}

/** What Slack would say to these blocks on this surface; nothing when it would take them. */
export function checkBlocks(blocks: unknown, surface: Surface, at = '/blocks'): Complaint[] {
  const complaints: Complaint[] = []
  const limit = surface === 'message' ? max.blocksInMessage : max.blocksInView
  list(onSurface[surface], limit, surface === 'modal' ? 1 : 0)(blocks, at, complaints)
  if (!Array.isArray(blocks)) return complaints
  checkIds(blocks, at, complaints)
  checkCounts(blocks, surface, at, complaints)
  return complaints
}

function checkIds(blocks: readonly unknown[], at: string, complaints: Complaint[]): void {
  const blockIds = new Set<string>()
  for (const [index, item] of blocks.entries()) {
    if (!isRecord(item)) continue
    if (typeof item.block_id === 'string') {
      if (blockIds.has(item.block_id))
        complaints.push({
          what: `block_id \`${item.block_id}\` already exists`,
          at: `${at}/${index}/block_id`,
        })
      blockIds.add(item.block_id)
    }
    const actionIds = new Set<string>()
    for (const [position, element] of (Array.isArray(item.elements) ? item.elements : []).entries()) {
      if (!isRecord(element) || typeof element.action_id !== 'string') continue
      if (actionIds.has(element.action_id))
        complaints.push({
          what: `action_id \`${element.action_id}\` already exists`,
          at: `${at}/${index}/elements/${position}/action_id`,
        })
      actionIds.add(element.action_id)
    }
  }
}

function checkCounts(
  blocks: readonly unknown[],
  surface: Surface,
  at: string,
  complaints: Complaint[],
): void {
  const of = (type: string) => blocks.filter((item) => isRecord(item) && item.type === type)
  const atMost = (type: string, limit: number) => {
    if (of(type).length > limit) complaints.push({ what: `no more than ${limit} ${type} blocks allowed`, at })
  }
  atMost('table', 1)
  atMost('data_table', 1)
  atMost('data_visualization', max.chartsInMessage)
  const markdown = of('markdown').reduce((sum: number, item) => sum + textLength(item), 0)
  if (markdown > max.markdown)
    complaints.push({ what: `must be less than ${max.markdown + 1} characters`, at })
  const focused = JSON.stringify(blocks).split('"focus_on_load":true').length - 1
  if (focused > 1) complaints.push({ what: 'only one element may have focus_on_load', at })
  if (surface !== 'modal')
    for (const [index, item] of blocks.entries())
      if (isRecord(item) && isRecord(item.element) && item.element.type === 'file_input')
        complaints.push({ what: 'unsupported type: file_input', at: `${at}/${index}/element/type` })
}

/** Characters of all texts in a tree of blocks: what `msg_blocks_too_long` goes by. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0)
  if (!isRecord(value)) return 0
  return Object.entries(value).reduce(
    (sum, [name, item]) =>
      sum + (name === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  )
}
