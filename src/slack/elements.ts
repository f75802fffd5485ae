import type { PlainTextElement, PlainTextOption } from '@slack/types'
import type { Option } from '../../blocks/form.ts'
import { limits } from './limits.ts'
import { clean, isolate, short } from './text.ts'

/** A text of a control: one line, literally as it is. */
export const plainText = (text: string, most: number): PlainTextElement => ({
  type: 'plain_text',
  text: short(text, most) || '—',
  // `:x:` in a deal's name is three characters, not a picture.
  emoji: false,
})

/** One option of a select or a group of checkboxes. */
export const option = (of: Option): PlainTextOption => ({
  text: plainText(isolate(clean(of.label)), limits.option.text),
  value: of.value,
  ...(of.description ? { description: plainText(of.description, limits.option.description) } : {}),
})

/** More than 100 options come in groups of 100, named by their places, so that none is left out. */
export function choices(
  options: readonly Option[],
):
  | { options: PlainTextOption[] }
  | { option_groups: { label: PlainTextElement; options: PlainTextOption[] }[] } {
  const { options: perGroup, groups } = limits.select
  if (options.length <= perGroup) return { options: options.map(option) }
  const option_groups = []
  for (let from = 0; from < options.length && option_groups.length < groups; from += perGroup) {
    const part = options.slice(from, from + perGroup)
    option_groups.push({
      label: plainText(`${from + 1}–${from + part.length}`, limits.select.groupLabel),
      options: part.map(option),
    })
  }
  return { option_groups }
}

/** Options for an external select: at most 100, the nearest first, so what is left out was the least likely. */
export function renderOptions(options: readonly Option[]): PlainTextOption[] {
  return options.slice(0, limits.select.options).map(option)
}

/** A block kind without a drawing does not compile. */
export function unknownKind(kind: never): never {
  throw new Error(`nothing draws ${JSON.stringify(kind)} on Slack`)
}
