import { isRecord, matching, type Rule } from '../../slack/check/rule.ts'

/** One of these words, in whatever case: Adaptive Cards do not care. */
export const word =
  (...allowed: readonly string[]): Rule =>
  (value, at, complaints) => {
    if (typeof value !== 'string' || !allowed.some((one) => one.toLowerCase() === value.toLowerCase()))
      complaints.push({ what: `must be one of: ${allowed.join(', ')}`, at })
  }

export const anyText: Rule = (value, at, complaints) => {
  if (typeof value !== 'string') complaints.push({ what: 'must be a string', at })
}

/** Something to read or to go by: not nothing. */
export const someText: Rule = (value, at, complaints) => {
  if (typeof value !== 'string' || value === '')
    complaints.push({ what: 'must be a string that is not empty', at })
}

export const aNumber: Rule = (value, at, complaints) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) complaints.push({ what: 'must be a number', at })
}

export const anObject: Rule = (value, at, complaints) => {
  if (!isRecord(value)) complaints.push({ what: 'must be an object', at })
}

export const either =
  (...rules: readonly Rule[]): Rule =>
  (value, at, complaints) => {
    const tries = rules.map((rule) => {
      const found: typeof complaints = []
      rule(value, at, found)
      return found
    })
    if (tries.every((found) => found.length > 0))
      complaints.push({ what: tries.map((found) => found[0]!.what).join(', or '), at })
  }

/** Teams shows pictures over TLS or from the card itself; a playground's own machine may speak plainly. */
export const imageUrl = matching(
  /^(https:\/\/\S+|data:image\/(png|jpe?g|gif|svg\+xml)[;,]\S+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/\S*)$/,
  'must be an https: or data:image URL',
)
export const linkUrl = matching(/^https?:\/\/\S+$/, 'must be an http(s) URL')
export const day = matching(/^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])$/, 'must be a date YYYY-MM-DD')
export const timeOfDay = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM')
export const pixels = matching(/^\d+px$/, 'must be pixels such as 50px')
