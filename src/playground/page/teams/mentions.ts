import type { TeamsCommand } from './wire.ts'

/** A word being typed after `@`, where it begins, or nothing when the caret is elsewhere. */
export function mentionBeing(
  text: string,
  caret: number,
): { readonly at: number; readonly word: string } | undefined {
  const before = text.slice(0, caret)
  const at = before.lastIndexOf('@')
  if (at < 0 || (at > 0 && !/\s/.test(before[at - 1] ?? ''))) return undefined
  const word = before.slice(at + 1)
  // A name has at most a few words; what follows a finished mention is not one.
  return word.includes('\n') || word.length > 40 || /\s{2}|\s$/.test(word) ? undefined : { at, word }
}

/** Whom to offer: the app first, then members whose name has the word at the beginning of a part. */
export function mentionsFor(word: string, names: readonly string[]): readonly string[] {
  const begun = word.toLocaleLowerCase()
  return names.filter((name) => {
    const lower = name.toLocaleLowerCase()
    return (
      lower !== begun &&
      (lower.startsWith(begun) || lower.split(/\s+/).some((part) => part.startsWith(begun)))
    )
  })
}

/** What is typed after the mention of the app, or all of it in a personal chat: where a command would stand. */
export function commandPart(text: string, app: string, personal: boolean): string | undefined {
  const mention = `@${app}`
  const said = text.trimStart()
  if (said.toLocaleLowerCase().startsWith(mention.toLocaleLowerCase()))
    return said.slice(mention.length).trimStart()
  return personal ? said : undefined
}

/** The commands to offer while the first word is being typed. */
export function teamsCommandsFor(part: string, commands: readonly TeamsCommand[]): readonly TeamsCommand[] {
  if (/\s/.test(part)) return []
  const word = part.replace(/^\//, '').toLocaleLowerCase()
  return commands.filter((command) => {
    const title = command.title.toLocaleLowerCase()
    return title.startsWith(word) && title !== word
  })
}
