import type { Choice } from '../wire.ts'

type Titles = Readonly<Record<string, Choice>>

const keyOf = (place: string): string => `playground.titles ${place}`

/** What the values chosen in searched menus are called: the server keeps values alone over a reload. */
export function keptTitles(place: string): Titles {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(place)) ?? '{}') as Titles
  } catch {
    return {}
  }
}

export function keepTitles(place: string, titles: Titles): void {
  try {
    sessionStorage.setItem(keyOf(place), JSON.stringify(titles))
  } catch {
    // A browser that keeps nothing shows the value instead of its title after a reload.
  }
}
