import { parseArgs } from 'node:util'
import { nearest } from '../canon/nearest.ts'
import { type Command, Refused, type Run, type Terminal, table, UsageError } from './command.ts'
import { commands } from './commands.ts'

/** Exit codes: done, refused or failed, not understood. */
const done = 0
const failed = 1
const misused = 2

/** Runs one command line. Never throws: what goes wrong is said in a sentence on standard error. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first, second] = argv
  if (
    first === undefined ||
    ((first === 'help' || first === '--help' || first === '-h') && second === undefined)
  ) {
    await terminal.out(overview())
    return first === undefined ? misused : done
  }
  if (first === '--version' || first === '-v') {
    await terminal.out(`${await version()}\n`)
    return done
  }
  const asked = first === 'help' ? argv.slice(1) : argv
  const command = find(asked)
  if (!command) return unknown(asked, terminal)
  const rest = asked.slice(command.name.split(' ').length)
  if (first === 'help' || rest.includes('--help') || rest.includes('-h')) {
    await terminal.out(usage(command))
    return done
  }
  try {
    const given = read(command, rest)
    const run: Run = await command.load()
    return await run(given, terminal)
  } catch (error) {
    return say(error, command, terminal)
  }
}

const find = ([first, second]: readonly string[]): Command | undefined =>
  commands.find((command) => command.name === `${first} ${second}`) ??
  commands.find((command) => command.name === first)

function unknown(asked: readonly string[], terminal: Terminal): number {
  const [first = '', second = ''] = asked
  const group = commands.filter((command) => command.name.startsWith(`${first} `))
  if (group.length > 0) {
    terminal.err(
      `${second === '' ? `“${first}” needs one more word` : `“${first} ${second}” is not a command`}:\n${table(
        ['', ''],
        group.map((each) => [`  ${each.name}`, each.summary]),
      ).replace(/^.*\n/, '')}`,
    )
    return misused
  }
  const near = nearest(first, [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))])
  terminal.err(
    `“${first}” is not a command${near ? `; did you mean “${near}”?` : '.'} All of them: dealdesk help\n`,
  )
  return misused
}

function read(command: Command, rest: readonly string[]): Parameters<Run>[0] {
  const options = command.options ?? {}
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true })
  } catch (error) {
    const typed = /'(-[^']*)'/.exec((error as Error).message)?.[1]?.split(/[ =]/)[0]
    if ((error as { code?: string }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && typed) {
      const near = nearest(typed.replace(/^-+/, ''), Object.keys(options))
      throw new UsageError(
        `${typed} is not an option of “${command.name}”${near ? `; did you mean --${near}?` : '.'}`,
      )
    }
    throw new UsageError(`${(error as Error).message.split('. To specify')[0]?.replace(/\.$/, '')}.`)
  }
  const { positionals, values } = parsed
  const [least, most] = command.words
  if (positionals.length < least) throw new UsageError(`“${command.name}” needs more: ${command.usage}`)
  if (positionals.length > most)
    throw new UsageError(`“${positionals[most]}” is one word too many for “${command.name}”.`)
  const given = values as Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  return {
    words: positionals,
    text: (option) => (typeof given[option] === 'string' ? (given[option] as string) : undefined),
    list: (option) => (Array.isArray(given[option]) ? (given[option] as readonly string[]) : []),
    flag: (option) => given[option] === true,
  }
}

/** Errors that carry a sentence for a person; everything else is ours to mend. */
const spoken: ReadonlySet<string> = new Set([
  'ConfigError',
  'StorageRefused',
  'StorageError',
  'StorageFull',
  'ImportRefusal',
])

function say(error: unknown, command: Command, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`${error.message}\nUsage: dealdesk ${command.name} ${command.usage}\n`)
    return misused
  }
  // The reader of a pipe went away (head): nothing to tell anybody.
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE') return done
  const sentence = error instanceof Error ? error.message : String(error)
  const known = error instanceof Refused || (error instanceof Error && spoken.has(error.name))
  terminal.err(known ? `${sentence}\n` : `“${command.name}” failed: ${sentence}\n`)
  if (!known && terminal.env.LOG_LEVEL === 'debug' && error instanceof Error) terminal.err(`${error.stack}\n`)
  return failed
}

function overview(): string {
  const rows = commands.map((command) => [`  ${command.name}`, command.summary])
  return `Dealdesk: the B2B sales process in chat.\n\nUsage: dealdesk COMMAND …\n\n${table(['', ''], rows).replace(/^.*\n/, '')}\nOne command in detail: dealdesk help COMMAND\nThe database is DATABASE_URL (default file:./var/dealdesk.db).\n`
}

function usage(command: Command): string {
  const rows = Object.entries(command.options ?? {}).map(([name, option]) => [
    `  --${name}${option.type === 'string' ? ' …' : ''}`,
    option.about,
  ])
  const options = rows.length > 0 ? `\n${table(['', ''], rows).replace(/^.*\n/, '')}` : ''
  const notes = command.notes ? `\n${command.notes.join('\n')}\n` : ''
  const head = `dealdesk ${command.name} ${command.usage}`.trimEnd()
  return `${head}\n\n${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.\n${options}${notes}`
}

async function version(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  // Beside the sources, or one folder up from where they are compiled to.
  for (const place of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(place, import.meta.url), 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  return 'unknown'
}
