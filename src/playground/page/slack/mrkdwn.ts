/** One run of text inside a line of Slack's mrkdwn. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inside: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'user'; readonly id: string; readonly label?: string }
  | { readonly kind: 'channel'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly name: string }
  | {
      readonly kind: 'date'
      readonly at: number
      readonly format: string
      readonly fallback: string
      readonly url?: string
    }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'break' }

/** A paragraph, a quotation or preformatted text: what mrkdwn has above the line. */
export type Part =
  | { readonly kind: 'paragraph' | 'quote'; readonly inside: readonly Inline[] }
  | { readonly kind: 'preformatted'; readonly text: string }

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** Undoes the three escapes that Slack's text has, and only these. */
const unescapeText = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (e) => entities[e] ?? e)

const quoteMark = /^(?:>|&gt;) ?/

/** Reads mrkdwn as Slack's client does: into plain data, never into HTML, so nothing in it can become markup of ours. */
export function parseMrkdwn(source: string): Part[] {
  const parts: Part[] = []
  // A fence without its end is three ordinary characters, as in Slack.
  source.split(/```([\s\S]*?)```/).forEach((piece, index) => {
    if (index % 2 === 1) {
      const text = unescapeText(piece.replace(/^\n/, '').replace(/\n$/, ''))
      if (text !== '') parts.push({ kind: 'preformatted', text })
      return
    }
    parts.push(...parseParagraphs(index > 0 ? piece.replace(/^\n/, '') : piece))
  })
  return parts
}

function parseParagraphs(piece: string): Part[] {
  if (piece === '') return []
  const parts: { kind: 'paragraph' | 'quote'; lines: string[] }[] = []
  let quoting = false
  for (const line of piece.split('\n')) {
    if (!quoting && /^(?:>|&gt;){3}/.test(line)) quoting = true
    const kind = quoting || quoteMark.test(line) ? 'quote' : 'paragraph'
    const words = quoting ? line.replace(/^(?:>|&gt;){3} ?/, '') : line.replace(quoteMark, '')
    const last = parts.at(-1)
    if (last?.kind === kind) last.lines.push(words)
    else parts.push({ kind, lines: [words] })
  }
  return parts
    .map(({ kind, lines }) => ({
      kind,
      inside: lines.flatMap((line, at): Inline[] =>
        at === 0 ? parseInline(line) : [{ kind: 'break' }, ...parseInline(line)],
      ),
    }))
    .filter((part) => part.inside.some((run) => run.kind !== 'break'))
}

const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const
const wordCharacter = /[\p{L}\p{N}\p{M}]/u

/** Reads one line (no newline in it) into runs. */
export function parseInline(line: string): Inline[] {
  const runs: Inline[] = []
  let text = ''
  const flush = (): void => {
    if (text !== '') runs.push({ kind: 'text', text: unescapeText(text) })
    text = ''
  }
  let at = 0
  while (at < line.length) {
    const found = readRun(line, at)
    if (found) {
      flush()
      runs.push(found.run)
      at = found.end
    } else {
      text += line[at]
      at += 1
    }
  }
  flush()
  return runs
}

function readRun(line: string, at: number): { run: Inline; end: number } | undefined {
  const mark = line[at] as string
  if (mark === '<') {
    const end = line.indexOf('>', at)
    if (end <= at + 1) return undefined
    const run = parseReference(line.slice(at + 1, end))
    return run && { run, end: end + 1 }
  }
  if (mark === ':') {
    const name = /^:(?!\d+:)([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/.exec(line.slice(at))
    return name?.[1] ? { run: { kind: 'emoji', name: name[1] }, end: at + name[0].length } : undefined
  }
  // Slack opens a style only at the edge of a word and closes it only before one: `*30%*는` stays as typed,
  // which is why Korean particles after bold need care in the app, and why this must not be more lenient.
  if (at > 0 && wordCharacter.test(lastCharacter(line, at))) return undefined
  if (mark === '`') {
    const end = line.indexOf('`', at + 1)
    if (end <= at + 1) return undefined
    return { run: { kind: 'code', text: unescapeText(line.slice(at + 1, end)) }, end: end + 1 }
  }
  const style = styles[mark as keyof typeof styles]
  if (!style || /\s/.test(line[at + 1] ?? ' ')) return undefined
  for (let end = line.indexOf(mark, at + 2); end > 0; end = line.indexOf(mark, end + 1)) {
    const after = [...line.slice(end + 1, end + 3)][0] ?? ''
    if (/\s/.test(line[end - 1] as string) || wordCharacter.test(after) || after === mark) continue
    if (insideReference(line, at, end)) continue
    return { run: { kind: style, inside: parseInline(line.slice(at + 1, end)) }, end: end + 1 }
  }
  return undefined
}

/** The character (by code point) before `at`. */
const lastCharacter = (line: string, at: number): string =>
  [...line.slice(Math.max(0, at - 2), at)].at(-1) ?? ''

const insideReference = (line: string, from: number, at: number): boolean =>
  line.lastIndexOf('<', at) > Math.max(from, line.lastIndexOf('>', at)) && line.indexOf('>', at) > 0

function parseReference(body: string): Inline | undefined {
  const bar = body.indexOf('|')
  const target = bar < 0 ? body : body.slice(0, bar)
  const label = bar < 0 ? undefined : unescapeText(body.slice(bar + 1))
  if (/^@[UWB][A-Z0-9]+$/.test(target))
    return { kind: 'user', id: target.slice(1), ...(label ? { label } : {}) }
  if (/^#[CGD][A-Z0-9]+$/.test(target))
    return { kind: 'channel', id: target.slice(1), ...(label ? { label } : {}) }
  if (target.startsWith('!date^')) {
    const [, at, format, url] = target.split('^')
    if (!/^\d+$/.test(at ?? '') || !format) return undefined
    return {
      kind: 'date',
      at: Number(at),
      format,
      fallback: label ?? '',
      ...(url && isSafeLink(url) ? { url } : {}),
    }
  }
  if (/^!(?:here|channel|everyone)$/.test(target)) return { kind: 'broadcast', name: target.slice(1) }
  if (target.startsWith('!subteam^')) return { kind: 'broadcast', name: (label ?? 'group').replace(/^@/, '') }
  if (isSafeLink(target)) {
    const url = unescapeText(target)
    return { kind: 'link', url, text: label || url.replace(/^(?:mailto|tel):/, '') }
  }
  return undefined
}

/** Only these may become a link: `javascript:` and its kin stay text. */
export const isSafeLink = (url: string): boolean => /^(?:https?:\/\/|mailto:|tel:)/i.test(url)

/** A text without marks, for names, labels and notifications. */
export function plainMrkdwn(source: string): string {
  const say = (run: Inline): string => {
    switch (run.kind) {
      case 'bold':
      case 'italic':
      case 'strike':
        return run.inside.map(say).join('')
      case 'user':
        return `@${run.label ?? run.id}`
      case 'channel':
        return `#${run.label ?? run.id}`
      case 'broadcast':
        return `@${run.name}`
      case 'date':
        return run.fallback
      case 'emoji':
        return `:${run.name}:`
      case 'break':
        return ' '
      default:
        return run.text
    }
  }
  return parseMrkdwn(source)
    .map((part) => (part.kind === 'preformatted' ? part.text : part.inside.map(say).join('')))
    .join(' ')
}
