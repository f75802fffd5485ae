import type { Command } from '../wire.ts'

/** The commands to offer while somebody types the first word after a slash; none once the word is finished. */
export function commandsFor(text: string, commands: readonly Command[]): readonly Command[] {
  if (!/^\/\S*$/.test(text)) return []
  const word = text.slice(1).toLowerCase()
  const starting = commands.filter((c) => c.command.slice(1).toLowerCase().startsWith(word))
  const holding = commands.filter((c) => !starting.includes(c) && c.command.toLowerCase().includes(word))
  return [...starting, ...holding]
}

/** The command whose arguments are being typed, to show its usage. */
export const commandBeing = (text: string, commands: readonly Command[]): Command | undefined =>
  commands.find((c) => text.toLowerCase().startsWith(`${c.command.toLowerCase()} `))
