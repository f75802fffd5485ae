import type { ParseArgsConfig } from 'node:util'

/** Where a command speaks, and the environment it reads. Tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Resolves when the text was taken, so that a slow reader slows the writer. */
  out(text: string): Promise<void>
  err(text: string): void
}

/** What was typed after the command's name, parsed. */
export interface Given {
  readonly words: readonly string[]
  text(option: string): string | undefined
  list(option: string): readonly string[]
  flag(option: string): boolean
}

export type Run = (given: Given, terminal: Terminal) => Promise<number>

/** One command of the CLI, as a declaration; what it does is loaded when it is called. */
export interface Command {
  /** One word, or two: `company add`. */
  readonly name: string
  readonly summary: string
  /** What follows the name: `ID [--name NAME]`. */
  readonly usage: string
  readonly options?: Readonly<
    Record<string, { readonly about: string } & NonNullable<ParseArgsConfig['options']>[string]>
  >
  /** Fewest and most words after the name. */
  readonly words: readonly [least: number, most: number]
  readonly notes?: readonly string[]
  readonly load: () => Promise<Run>
}

/** The command cannot be understood: exit 2, with its usage. */
export class UsageError extends Error {}

/** The command was understood and cannot be done: exit 1, with the sentence. */
export class Refused extends Error {}

/** Rows as aligned columns. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, at) => Math.max(width(name), ...rows.map((row) => width(row[at] ?? ''))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        at === cells.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - width(cell)),
      )
      .join('  ')
      .trimEnd()
  return `${[header, ...rows].map(line).join('\n')}\n`
}

/** Columns on a terminal: Korean, Chinese and Japanese characters take two. */
function width(text: string): number {
  let columns = 0
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1
  return columns
}
