import type { Text } from './card.ts'
import type { Names } from './discount.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** A person's name as a span; a person nobody knows any more is said to be so rather than shown as an id. */
export const nameOf = (id: string | undefined, names: Names, w: Words): { readonly user: string } => {
  const name = id === undefined ? undefined : names[id]
  return name ? theirs(name, 40) : { user: w.t('person.unknown') }
}

/** Several people in a row, with how many more there are past the fifth. */
export function namesOf(ids: readonly string[], names: Names, w: Words): Text {
  const shown = ids.length > 6 ? 5 : 6
  const list = w.list(ids.slice(0, shown).map((id) => [nameOf(id, names, w)]))
  if (ids.length <= shown) return list
  return [...list, ' ', w.t('list.more-people', { count: ids.length - shown })]
}
