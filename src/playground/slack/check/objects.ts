import { slackLimits as max } from './limits.ts'
import { byType, exactly, flag, list, matching, oneOf, type Rule, record, text } from './rule.ts'

export const plainText = (limit: number, min = 1): Rule =>
  record({ type: exactly('plain_text'), text: text(limit, min) }, { emoji: flag })

export const anyText = (limit: number, min = 1): Rule =>
  byType({
    plain_text: plainText(limit, min),
    mrkdwn: record({ type: exactly('mrkdwn'), text: text(limit, min) }, { verbatim: flag }),
  })

export const url: Rule = (value, at, complaints) => {
  text(max.url, 1)(value, at, complaints)
  if (typeof value === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(value))
    complaints.push({ what: 'must be a valid URL', at })
}

export const actionId = text(max.id, 1)
export const buttonStyle = oneOf('primary', 'danger')

export const confirmation = record(
  { text: anyText(max.confirmText) },
  {
    title: plainText(max.confirmTitle),
    confirm: plainText(max.confirmButton),
    deny: plainText(max.confirmButton),
    style: buttonStyle,
  },
)

/** Menus take plain text only; radio buttons and checkboxes take mrkdwn as well. */
export const option = (label: 'plain' | 'any'): Rule =>
  record(
    {
      text: label === 'plain' ? plainText(max.optionText) : anyText(max.optionText),
      value: text(max.optionValue, 1),
    },
    {
      description: label === 'plain' ? plainText(max.optionDescription) : anyText(max.optionDescription),
      url,
    },
  )

export const optionGroup = record({
  label: plainText(max.groupLabel),
  options: list(option('plain'), max.options),
})

export const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date YYYY-MM-DD')
export const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:mm')
export const decimal = matching(/^-?\d+(\.\d+)?$/, 'must be a number as a string')

/** What Slack itself must be able to fetch. */
export const webUrl: Rule = (value, at, complaints) => {
  url(value, at, complaints)
  if (typeof value === 'string' && !/^https?:\/\//i.test(value))
    complaints.push({ what: 'must be a valid image URL', at })
}

const fileId = matching(/^F[A-Z0-9]{8,}$/, 'input must match regex pattern: ^[F][A-Z0-9]{8,}$')
/** An uploaded file: by id or by address, not both. */
export const fileReference: Rule = (value, at, complaints) => {
  record({}, { id: fileId, url })(value, at, complaints)
  const given = value as { id?: unknown; url?: unknown } | null
  if ((given?.id === undefined) === (given?.url === undefined))
    complaints.push({ what: 'must provide one of id and url', at })
}

const image = record(
  { type: exactly('image'), alt_text: text(max.imageAlt, 1) },
  { image_url: webUrl, slack_file: fileReference },
)
/** An image element: by URL, or by an uploaded file. */
export const imageElement: Rule = (value, at, complaints) => {
  image(value, at, complaints)
  const given = value as { image_url?: unknown; slack_file?: unknown }
  if (given?.image_url === undefined && given?.slack_file === undefined)
    complaints.push({ what: 'missing required field: image_url', at })
}
