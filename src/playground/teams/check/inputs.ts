import {
  all,
  exactly,
  type Fields,
  flag,
  isRecord,
  list,
  type Rule,
  record,
  whole,
} from '../../slack/check/rule.ts'
import { aNumber, anyText, day, someText, timeOfDay, word } from './words.ts'

const pattern: Rule = (value, at, complaints) => {
  try {
    if (typeof value !== 'string') throw new TypeError()
    new RegExp(value)
  } catch {
    complaints.push({ what: 'must be a regular expression', at })
  }
}

const choice = record({ title: someText, value: someText })

const choiceSet: Rule = (value, at, complaints) => {
  if (!isRecord(value)) return
  const dynamic = value['choices.data'] !== undefined
  if (value.choices === undefined && !dynamic)
    complaints.push({ what: 'missing required field: choices', at })
  // Teams asks the app only from the menu that filters as one types.
  if (dynamic && String(value.style).toLowerCase() !== 'filtered')
    complaints.push({ what: 'choices.data needs the style filtered', at: `${at}/style` })
  const values = (Array.isArray(value.choices) ? value.choices : []).map((one) => isRecord(one) && one.value)
  if (new Set(values).size < values.length)
    complaints.push({ what: 'two choices have the same value', at: `${at}/choices` })
  if (value.isMultiSelect === true && values.some((one) => String(one).includes(',')))
    complaints.push({
      what: 'values of a multiple choice are joined by commas and may have none',
      at: `${at}/choices`,
    })
}

const query = record(
  { type: exactly('Data.Query'), dataset: someText },
  { value: anyText, count: aNumber, skip: aNumber, associatedInputs: word('auto', 'none') },
)

/** What one fills in on a card; `common`: what every element may have. */
export function inputElements(common: Fields, selectAction: Rule): Readonly<Record<string, Rule>> {
  const input: Fields = { ...common, label: someText, isRequired: flag, errorMessage: someText }
  return {
    'Input.Text': record(
      { type: exactly('Input.Text'), id: someText },
      {
        ...input,
        isMultiline: flag,
        maxLength: whole(1, 100_000),
        placeholder: anyText,
        regex: pattern,
        style: word('text', 'tel', 'url', 'email', 'password'),
        inlineAction: selectAction,
        value: anyText,
      },
    ),
    'Input.Number': record(
      { type: exactly('Input.Number'), id: someText },
      { ...input, min: aNumber, max: aNumber, placeholder: anyText, value: aNumber },
    ),
    'Input.Date': record(
      { type: exactly('Input.Date'), id: someText },
      { ...input, min: day, max: day, placeholder: anyText, value: day },
    ),
    'Input.Time': record(
      { type: exactly('Input.Time'), id: someText },
      { ...input, min: timeOfDay, max: timeOfDay, placeholder: anyText, value: timeOfDay },
    ),
    'Input.Toggle': record(
      { type: exactly('Input.Toggle'), id: someText, title: someText },
      { ...input, value: anyText, valueOff: anyText, valueOn: anyText, wrap: flag },
    ),
    'Input.ChoiceSet': all(
      record(
        { type: exactly('Input.ChoiceSet'), id: someText },
        {
          ...input,
          choices: list(choice, 1000, 0),
          'choices.data': query,
          isMultiSelect: flag,
          style: word('compact', 'expanded', 'filtered'),
          value: anyText,
          placeholder: anyText,
          wrap: flag,
        },
      ),
      choiceSet,
    ),
  }
}
