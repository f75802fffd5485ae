/** Takes JSON apart that travels inside of JSON or of a form field (`payload`, `view`, `blocks`), so that it can be read. */
export function readBody(body: unknown, depth = 0): unknown {
  if (typeof body === 'string') {
    const trimmed = body.trim()
    if (depth < 6 && /^[[{]/.test(trimmed)) {
      try {
        return readBody(JSON.parse(trimmed), depth + 1)
      } catch {
        return body
      }
    }
    if (depth === 0 && /^[\w.%-]+=[^\s]*(?:&[\w.%-]+=[^\s]*)*$/.test(trimmed))
      return readBody(Object.fromEntries(new URLSearchParams(trimmed)), 1)
    return body
  }
  if (Array.isArray(body)) return body.map((item) => readBody(item, depth + 1))
  if (typeof body === 'object' && body !== null)
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, readBody(value, depth + 1)]))
  return body
}

/** A piece of pretty JSON with what it is, for its colour. */
export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'mark'
  readonly text: string
}

/** Cuts pretty-printed JSON into coloured pieces. */
export function tokensOf(json: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    if (match.index > at) tokens.push({ kind: 'mark', text: json.slice(at, match.index) })
    const [text, quoted, colon] = match
    if (quoted && colon) tokens.push({ kind: 'key', text: quoted }, { kind: 'mark', text: colon })
    else if (quoted) tokens.push({ kind: 'string', text })
    else tokens.push({ kind: /^[-\d]/.test(text) ? 'number' : 'word', text })
    at = match.index + text.length
  }
  if (at < json.length) tokens.push({ kind: 'mark', text: json.slice(at) })
  return tokens
}
