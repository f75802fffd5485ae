/** What typed words ask for. */
export type Typed =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | { readonly kind: 'home' }

/** Other words for commands: what people call the thing, in both languages. */
const aliases: Readonly<Record<string, string>> = {
  할인: 'approve-discount',
  할인승인: 'approve-discount',
  할인요청: 'approve-discount',
  discount: 'approve-discount',
  결재: 'approvals',
  승인: 'approvals',
  승인함: 'approvals',
  딜: 'deal',
  인계: 'handoff',
  단계: 'stage',
  파이프라인: 'pipeline',
  예측: 'forecast',
  지표: 'kpi',
  건강: 'health',
  헬스: 'health',
  갱신: 'renewals',
  알림: 'nudges',
  딜데스크: 'dealdesk',
}

/** Words that stand for `dealdesk <word>`; without it they would be typed in vain, since there is no slash menu. */
const subcommands: Readonly<Record<string, string>> = {
  help: 'help',
  도움말: 'help',
  settings: 'settings',
  설정: 'settings',
  away: 'away',
  부재: 'away',
  policy: 'policy',
  정책: 'policy',
  admin: 'admin',
  관리: 'admin',
  link: 'link',
  연결: 'link',
}

const homes: ReadonlySet<string> = new Set(['home', '홈'])

/**
 * A message as a command; `undefined` for plain words. `strict`, for words in a thread, where a sentence may well
 * begin with “deal”: only what begins with a slash or with `dealdesk`, or is a command's name and nothing else.
 */
export function readTyped(said: string, names: readonly string[], strict = false): Typed | undefined {
  const trimmed = said.trim()
  const [first = '', rest = ''] = splitFirst(trimmed)
  const slashed = first.startsWith('/')
  const word = first.replace(/^\//, '').toLowerCase()
  const command = names.includes(word) ? word : own(aliases, word)
  const known = command !== undefined && names.includes(command) ? command : undefined
  if (strict && !slashed && known !== 'dealdesk' && rest !== '') return undefined
  if (homes.has(word) && rest === '') return { kind: 'home' }
  if (known !== undefined) return { kind: 'command', command: known, text: rest }
  const sub = own(subcommands, word)
  if (sub !== undefined && rest === '' && names.includes('dealdesk'))
    return { kind: 'command', command: 'dealdesk', text: sub }
  // Two words for one name: `approve discount acme 15`.
  const [second = '', more = ''] = splitFirst(rest)
  const joined = `${word}-${second.toLowerCase()}`
  if (names.includes(joined)) return { kind: 'command', command: joined, text: more }
  // Somebody who types a slash means a command; `dealdesk` says that it knows none of that name.
  return slashed && names.includes('dealdesk')
    ? { kind: 'command', command: 'dealdesk', text: word }
    : undefined
}

function splitFirst(text: string): [string, string] {
  const at = text.search(/\s/)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at).trim()]
}

const own = (of: Readonly<Record<string, string>>, word: string): string | undefined =>
  Object.hasOwn(of, word) ? of[word] : undefined
