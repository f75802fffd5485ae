import { josa } from 'es-hangul'

/** The pairs of particles a Korean sentence here may ask for, as `{{name, 이/가}}`. */
export const particles = ['이/가', '을/를', '은/는', '으로/로', '와/과', '이나/나', '이라/라'] as const
export type Particle = (typeof particles)[number]

/** Written where nobody can tell how the word before is read, e.g. a Latin name. */
const eitherWay: Readonly<Record<Particle, string>> = {
  '이/가': '이(가)',
  '을/를': '을(를)',
  '은/는': '은(는)',
  '으로/로': '(으)로',
  '와/과': '와(과)',
  '이나/나': '(이)나',
  '이라/라': '(이)라',
}

const digits = ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구']
/** How the last of a row of zeros is read: 10 십, 100 백, 1000 천, 10000 만 … */
const tens = ['', '십', '백', '천', '만', '만', '만', '만', '억', '억', '억', '억', '조', '조', '조', '조']
/** The letters whose names close on a consonant: 엘 엠 엔 알; all others end in a vowel. */
const closedLetters: Readonly<Record<string, string>> = { L: '엘', M: '엠', N: '엔', R: '알' }
const currencies: Readonly<Record<string, string>> = { '₩': '원', $: '러', '€': '로', '¥': '엔', '£': '드' }

/** A Korean syllable that ends as the reading of this word ends, or `undefined` where the reading is not known. */
function readingTail(word: string): string | undefined {
  const text = word.normalize('NFC').trim()
  const money = /^[-−]?[A-Z]{0,3}([₩$€¥£])\d/.exec(text)
  if (money) return currencies[money[1]!]
  // What stands in brackets at the end is not read: 다온(주) is 다온.
  const spoken = text.replace(/\s*[([{〈《「『（【][^)\]}〉》」』）】]*[)\]}〉》」』）】]\s*$/u, '') || text
  const tail = /([\p{L}\p{N}%％]+)[^\p{L}\p{N}%％]*$/u.exec(spoken)?.[1]
  if (!tail) return undefined
  const last = tail.at(-1)!
  if (last === '%' || last === '％') return '트'
  if (/[가-힣]/.test(last)) return last
  const number = /[0-9][0-9.,]*$/.exec(spoken.replace(/[^\p{L}\p{N}]+$/u, ''))?.[0]
  if (number) return numberTail(number)
  const acronym = /(?:^|[^A-Za-z])([A-Z]{1,6})$/.exec(tail)?.[1]
  if (acronym) return closedLetters[acronym.at(-1)!] ?? '이'
  return undefined
}

function numberTail(number: string): string {
  const plainNumber = number.replaceAll(',', '')
  const zeros = /0+$/.exec(plainNumber)?.[0].length ?? 0
  const whole = !plainNumber.includes('.') && zeros > 0 && zeros < plainNumber.length
  if (whole) return tens[zeros] ?? '조'
  return digits[Number(plainNumber.at(-1))]!
}

/** The particle that agrees with the word as it is read aloud (10% 퍼센트로, 3 삼이, ₩500 원을, ABC사 …). */
export function particle(word: string, pair: Particle): string {
  const tail = readingTail(word)
  return tail === undefined ? eitherWay[pair] : josa.pick(tail, pair)
}
