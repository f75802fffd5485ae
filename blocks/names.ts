import type { Span, Text } from './card.ts'
import type { Names } from './discount.ts'
import { flat, theirs } from './text.ts'
import type { Words } from './words/index.ts'

interface Name {
  readonly user: string
}

/** In a channel: ids of people on its platform, by person id, so that each is called and not only named. */
export type Mentions = Readonly<Record<string, string>>

/** A name that calls the person where they are known there; anybody else is named. */
export const calling = (id: string | undefined, name: Name, mentions: Mentions): Span => {
  const mention = id !== undefined && Object.hasOwn(mentions, id) ? mentions[id] : undefined
  return mention === undefined ? name : { bold: name.user, mention }
}

/** A person's name as a span; a person nobody knows any more is said to be so rather than shown as an id. */
export const nameOf = (id: string | undefined, names: Names, w: Words): Name => {
  const name = id === undefined || !Object.hasOwn(names, id) ? undefined : names[id]
  return name ? theirs(name, 40) : { user: w.t('person.unknown') }
}

/** Most names in one row, before the rest is counted. */
const most = 5

const inRow = (spans: readonly Name[], w: Words): Text => {
  const shown = spans.length > most + 1 ? most : spans.length
  const list = w.list(spans.slice(0, shown).map((name) => [name]))
  return shown === spans.length
    ? list
    : [...list, ' ', w.t('list.more-people', { count: spans.length - shown })]
}

/** Several people in a row, with how many more there are past the fifth. */
export const namesOf = (ids: readonly string[], names: Names, w: Words): Text =>
  inRow(
    ids.map((id) => nameOf(id, names, w)),
    w,
  )

/**
 * The same inside a sentence, as one span. In Korean each name is followed by 님, so that the particle after it is
 * the one that follows 님 and 명 alike, whoever comes last.
 */
export const peopleOf = (ids: readonly string[], names: Names, w: Words): Name =>
  honoured(
    ids.map((id) => nameOf(id, names, w).user),
    w,
  )

/** Names in a row for a sentence, as one span of theirs. */
export const honoured = (people: readonly string[], w: Words): Name => ({
  user: flat(
    inRow(
      people.map((name) => ({ user: w.t('person.named', { name: theirs(name, 40).user }) })),
      w,
    ),
  ),
})
