/** One thing Slack would complain about, in its words, and where: a JSON pointer. */
export interface Complaint {
  readonly what: string
  readonly at: string
}

/** Judges one value at one place; adds what is wrong with it. */
export type Rule = (value: unknown, at: string, complaints: Complaint[]) => void

export const show = (complaint: Complaint): string => `${complaint.what} [json-pointer:${complaint.at}]`

export const text =
  (max: number, min = 0): Rule =>
  (value, at, complaints) => {
    if (typeof value !== 'string') complaints.push({ what: 'must be a string', at })
    else if (value.length < min) complaints.push({ what: `must be more than ${min - 1} characters`, at })
    else if (value.length > max) complaints.push({ what: `must be less than ${max + 1} characters`, at })
  }

export const flag: Rule = (value, at, complaints) => {
  if (typeof value !== 'boolean') complaints.push({ what: 'must be a boolean', at })
}

export const whole =
  (min: number, max: number): Rule =>
  (value, at, complaints) => {
    if (!Number.isInteger(value)) complaints.push({ what: 'must be an integer', at })
    else if ((value as number) < min) complaints.push({ what: `must be at least ${min}`, at })
    else if ((value as number) > max) complaints.push({ what: `must be at most ${max}`, at })
  }

export const oneOf =
  (...allowed: readonly string[]): Rule =>
  (value, at, complaints) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      complaints.push({ what: `must be one of: ${allowed.join(', ')}`, at })
  }

export const matching =
  (pattern: RegExp, what: string): Rule =>
  (value, at, complaints) => {
    if (typeof value !== 'string' || !pattern.test(value)) complaints.push({ what, at })
  }

export const list =
  (rule: Rule, max: number, min = 1): Rule =>
  (value, at, complaints) => {
    if (!Array.isArray(value)) {
      complaints.push({ what: 'must be an array', at })
      return
    }
    if (value.length > max) complaints.push({ what: `no more than ${max} items allowed`, at })
    if (value.length < min) complaints.push({ what: `no fewer than ${min} items allowed`, at })
    for (const [index, item] of value.entries()) rule(item, `${at}/${index}`, complaints)
  }

export type Fields = Readonly<Record<string, Rule>>

/** An object of Slack's: misspelt and invented properties are refused as firmly as missing ones. */
export const record =
  (required: Fields, optional: Fields = {}): Rule =>
  (value, at, complaints) => {
    if (!isRecord(value)) {
      complaints.push({ what: 'must be an object', at })
      return
    }
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined) complaints.push({ what: `missing required field: ${name}`, at })
      else rule(value[name], `${at}/${name}`, complaints)
    }
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined || Object.hasOwn(required, name)) continue
      const rule = Object.hasOwn(optional, name) ? optional[name] : undefined
      if (rule) rule(item, `${at}/${name}`, complaints)
      else complaints.push({ what: `invalid additional property: ${name}`, at })
    }
  }

/** All of these; what one finds does not keep the others from looking. */
export const all =
  (...rules: readonly Rule[]): Rule =>
  (value, at, complaints) => {
    for (const rule of rules) rule(value, at, complaints)
  }

/** Objects that say by `type` what they are. */
export const byType =
  (kinds: Readonly<Record<string, Rule>>): Rule =>
  (value, at, complaints) => {
    const type = isRecord(value) ? value.type : undefined
    if (type === undefined) complaints.push({ what: 'missing required field: type', at })
    else if (typeof type !== 'string' || !Object.hasOwn(kinds, type))
      complaints.push({ what: `unsupported type: ${String(type)}`, at: `${at}/type` })
    else kinds[type]!(value, at, complaints)
  }

export const exactly =
  (...types: readonly string[]): Rule =>
  (value, at, complaints) => {
    if (!types.includes(String(value))) complaints.push({ what: `must be ${types.join(' or ')}`, at })
  }

export const anything: Rule = () => {}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
