import { checkBlocks } from './blocks.ts'
import { slackLimits as max } from './limits.ts'
import { option, optionGroup, plainText } from './objects.ts'
import { anything, type Complaint, exactly, flag, isRecord, list, record, text } from './rule.ts'

const common = {
  blocks: anything,
  private_metadata: text(max.privateMetadata),
  callback_id: text(max.id),
  external_id: text(max.id),
}
const modal = record(
  { type: exactly('modal'), title: plainText(max.viewTitle), blocks: anything },
  {
    ...common,
    submit: plainText(max.viewButton),
    close: plainText(max.viewButton),
    clear_on_close: flag,
    notify_on_close: flag,
    submit_disabled: flag,
  },
)
const home = record({ type: exactly('home'), blocks: anything }, common)

/** What Slack would say to this view; its size is another error of Slack's and judged by the caller. */
export function checkView(view: unknown, kind: 'modal' | 'home', at = '/view'): Complaint[] {
  const complaints: Complaint[] = []
  const shape = kind === 'modal' ? modal : home
  shape(view, at, complaints)
  if (!isRecord(view)) return complaints
  if (view.blocks !== undefined) complaints.push(...checkBlocks(view.blocks, kind, `${at}/blocks`))
  const asks =
    Array.isArray(view.blocks) && view.blocks.some((block) => isRecord(block) && block.type === 'input')
  if (kind === 'modal' && asks && view.submit === undefined)
    complaints.push({ what: 'missing required field: submit', at })
  return complaints
}

/** What an app answers to `block_suggestion`. */
export function checkSuggestions(answer: unknown): Complaint[] {
  const complaints: Complaint[] = []
  record(
    {},
    {
      options: list(option('plain'), max.options, 0),
      option_groups: list(optionGroup, max.optionGroups, 0),
    },
  )(answer, '', complaints)
  if (isRecord(answer) && (answer.options === undefined) === (answer.option_groups === undefined))
    complaints.push({ what: 'exactly one of `options` and `option_groups` is required', at: '' })
  return complaints
}
