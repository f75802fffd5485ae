import { getChoseong } from 'es-hangul'

/*
 * The search column of a deal: its parts in one line, each between marks that no query can hold, so that
 * "begins with" and "is exactly" are plain containment: ⟨1⟩id⟨2⟩name⟨3⟩account⟨4⟩, then the Korean initial
 * consonants of name and account between the same marks as name and account themselves.
 */
const beforeId = '\u0001'
const beforeName = '\u0002'
const afterName = '\u0003'
const end = '\u0004'

/** Longer parts are cut here for the search alone: PostgreSQL indexes no entry over 2,700 bytes. */
const partLength = 120

/** One spelling for all: full-width and half-width forms, case and composition make no difference. */
function fold(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u0000-\u001f\u007f\s]+/gu, ' ')
    .trim()
}

/** Most ids: nothing to fold but the case. */
const plainWord = /^[!-~]{1,120}$/

const part = (text: string) => (plainWord.test(text) ? text.toLowerCase() : cut(fold(text)))

/** The first characters; a character is at least one unit long, so what is short enough in units is so in characters. */
const cut = (text: string) =>
  text.length <= partLength ? text : Array.from(text).slice(0, partLength).join('')

const ascii = /^[\x00-\x7f]*$/

/** The initial consonants of what is Korean in it; nothing where nothing is. */
const initials = (text: string) => (ascii.test(text) ? '' : part(getChoseong(text)))

/** Accounts come again and again in an import: their two parts are kept for a while. */
const accounts = new Map<string, { name: string; initials: string }>()

function accountParts(account: string): { name: string; initials: string } {
  let known = accounts.get(account)
  if (known === undefined) {
    known = { name: part(account), initials: initials(account) }
    if (accounts.size >= 5_000) accounts.clear()
    accounts.set(account, known)
  }
  return known
}

/** What the search looks through for a deal. */
export function searchText(deal: { id: string; name: string; accountName?: string | undefined }): string {
  const account = accountParts(deal.accountName ?? '')
  return (
    beforeId +
    part(deal.id) +
    beforeName +
    part(deal.name) +
    afterName +
    account.name +
    end +
    beforeName +
    initials(deal.name) +
    afterName +
    account.initials +
    end
  )
}

/** A query as the search column spells it; whatever was typed is literal (B5.86). */
export interface Needle {
  /** Every word must be somewhere. */
  readonly words: readonly string[]
  readonly id: string
  readonly exactName: string
  readonly beginning: string
}

/** The needle for what somebody typed; `undefined` when nothing is left of it to look for. */
export function needleOf(query: string): Needle | undefined {
  const whole = Array.from(fold(query)).slice(0, partLength).join('').trim()
  if (whole === '') return undefined
  return {
    words: [...new Set(whole.split(' '))].slice(0, 6),
    id: beforeId + whole + beforeName,
    exactName: beforeName + whole + afterName,
    beginning: beforeName + whole,
  }
}
