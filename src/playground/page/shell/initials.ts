/** What stands in a person's square: the given name of a Korean name, two initials of others. */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (/^[가-힣]{2,4}$/.test(trimmed)) return trimmed.slice(-2)
  const words = trimmed.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = [...(words[0] ?? '?')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
