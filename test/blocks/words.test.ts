import { describe, expect, it } from 'vitest'
import { plain } from '../../blocks/text.ts'
import { en } from '../../blocks/words/en/index.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { ko } from '../../blocks/words/ko/index.ts'
import { type Particle, particle } from '../../blocks/words/particles.ts'

const korean = wordsFor('ko')
const english = wordsFor('en')

const stem = (key: string): string => key.replace(/_(one|other)$/, '')
const variables = (sentence: string): readonly string[] =>
  [...new Set([...sentence.matchAll(/\{\{([^},]+)(?:,[^}]*)?\}\}/g)].map((found) => found[1]!.trim()))].sort()

describe('the sentences', () => {
  const sentences = (resource: Readonly<Record<string, string>>) => Object.entries(resource)

  it('Korean and English have the same keys', () => {
    expect([...new Set(Object.keys(ko).map(stem))].sort()).toEqual(
      [...new Set(Object.keys(en).map(stem))].sort(),
    )
  })

  it('every plural has the forms its language asks for', () => {
    for (const key of Object.keys(en))
      if (key.endsWith('_one')) expect(en).toHaveProperty([key.replace(/_one$/, '_other')])
    for (const key of Object.keys(ko)) expect(key).not.toMatch(/_one$/)
  })

  it('a sentence fills in the same values in both languages', () => {
    for (const [key, sentence] of sentences(ko)) {
      const same = Object.entries(en).find(([each]) => each === key)?.[1] ?? ''
      expect(variables(sentence), key).toEqual(variables(same))
    }
  })

  it('Korean asks for no particle that is not known', () => {
    for (const [key, sentence] of sentences(ko))
      for (const [, pair] of sentence.matchAll(/\{\{[^},]+,\s*([^}]+)\}\}/g))
        expect(['이/가', '을/를', '은/는', '으로/로', '와/과', '이나/나', '이라/라'], key).toContain(pair)
  })

  it('Korean sentences have Korean in them, English ones have none', () => {
    const alike =
      /^(role\.(sdr|ae|se|csm)|label\.meddicc|home\.title|command\.|value\.|deal\.|preview\.price|dead-letter\.row|renewal\.today)/
    // What holds nothing but values, marks and abbreviations is the same in both.
    const wordless = (sentence: string) => !/[a-z]{2}/.test(sentence.replaceAll(/\{\{[^}]*\}\}/g, ''))
    for (const [key, sentence] of sentences(ko))
      if (!alike.test(key) && !wordless(sentence)) expect(sentence, key).toMatch(/[가-힣]/)
    for (const [key, sentence] of sentences(en)) expect(sentence, key).not.toMatch(/[가-힣]/)
  })
})

describe('Korean particles agree with the word as it is read aloud', () => {
  it.each<[string, Particle, string]>([
    ['다온', '이/가', '이'],
    ['한빛전자', '이/가', '가'],
    ['서울', '으로/로', '로'],
    ['부산', '으로/로', '으로'],
    ['대구', '으로/로', '로'],
    ['다온(주)', '을/를', '을'],
    ['(주)한빛', '을/를', '을'],
    ['“한빛전자”', '은/는', '는'],
    ['다온 🚀', '와/과', '과'],
    ['10%', '으로/로', '로'],
    ['15.5%', '을/를', '를'],
    ['1', '이/가', '이'],
    ['2', '이/가', '가'],
    ['3', '을/를', '을'],
    ['7', '으로/로', '로'],
    ['10', '으로/로', '으로'],
    ['100', '이/가', '이'],
    ['1,000', '은/는', '은'],
    ['10,000', '을/를', '을'],
    ['1조', '을/를', '를'],
    ['1.50', '을/를', '을'],
    ['₩125,000,000', '으로/로', '으로'],
    ['₩1억 2,500만', '을/를', '을'],
    ['$12,500', '으로/로', '로'],
    ['−€900', '이/가', '가'],
    ['¥900', '이/가', '이'],
    ['CRM', '이/가', '이'],
    ['LG', '을/를', '를'],
    ['ERP', '은/는', '는'],
    ['SQL', '으로/로', '로'],
    ['Acme', '은/는', '은(는)'],
    ['Acme', '으로/로', '(으)로'],
    ['東京', '이/가', '이(가)'],
    ['🚀', '을/를', '을(를)'],
    ['', '와/과', '와(과)'],
    ['한빛'.normalize('NFD'), '이/가', '이'],
  ])('%s + %s', (word, pair, expected) => {
    expect(particle(word, pair)).toBe(expected)
  })

  it('the particle follows the value as it was filled in', () => {
    expect(korean.t('confirm.accept.title', { discount: '25%' })).toBe('25%를 수락할까요?')
    expect(korean.t('form.policy.what', { version: 3 })).toMatch(/^저장하면 현재 버전 3은 /)
    expect(korean.t('form.policy.what', { version: 4 })).toMatch(/^저장하면 현재 버전 4는 /)
  })
})

describe('money', () => {
  const krw = (amount: number) => ({ amount, currency: 'KRW' })
  const usd = (amount: number) => ({ amount, currency: 'USD' })

  it.each([
    [krw(125_000_000), '₩125,000,000'],
    [krw(0), '₩0'],
    [krw(-40_000_000), '−\u2060₩40,000,000'],
    [usd(1_250_000), '$12,500'],
    [usd(1_250_050), '$12,500.50'],
    [usd(-5), '−\u2060$0.05'],
    [{ amount: 900, currency: 'JPY' }, '¥900'],
    [{ amount: 1_234_567, currency: 'KWD' }, 'KWD 1,234.567'],
    [{ amount: 100_000, currency: 'CAD' }, 'CA$1,000'],
  ])('%o in full, the same in both languages', (money, expected) => {
    expect(korean.money(money).replace(/\u00a0/g, ' ')).toBe(expected)
    expect(english.money(money)).toBe(korean.money(money))
  })

  it.each([
    [krw(125_000_000), '₩1억 2,500만', '₩125M'],
    [krw(42_000_000), '₩4,200만', '₩42M'],
    [krw(42_345_678), '₩4,235만', '₩42.35M'],
    [krw(99_999_999), '₩1억', '₩100M'],
    [krw(9_500), '₩9,500', '₩9.5K'],
    [krw(100_000_000), '₩1억', '₩100M'],
    [krw(1_234_500_000_000), '₩1조 2,345억', '₩1,235B'],
    [krw(999_999_990_000), '₩9,999억 9,999만', '₩1,000B'],
    [krw(-125_000_000), '−\u2060₩1억 2,500만', '−\u2060₩125M'],
    [usd(1_250_000), '$12.5K', '$12.5K'],
    [usd(120_000_000), '$1.2M', '$1.2M'],
    [usd(99_996_000), '$1M', '$1M'],
    [usd(95_000), '$950', '$950'],
    [usd(0), '$0', '$0'],
  ])('%o in short', (money, inKorean, inEnglish) => {
    expect(korean.money(money, 'short')).toBe(inKorean)
    expect(english.money(money, 'short')).toBe(inEnglish)
  })
})

it.each([
  [1500, '15%'],
  [1550, '15.5%'],
  [1001, '10.01%'],
  [1, '0.01%'],
  [10_000, '100%'],
])('%i basis points are %s', (share, expected) => {
  expect(korean.percent(share)).toBe(expected)
  expect(english.percent(share)).toBe(expected)
})

describe('days and waiting', () => {
  const at = Date.UTC(2026, 10, 21, 5, 5)

  it('a day with its weekday, and its year only when that is another', () => {
    expect(korean.day('2026-11-21')).toBe('11월 21일 (토)')
    expect(english.day('2026-11-21')).toBe('Sat, Nov 21')
    expect(korean.day('2024-02-29', at)).toBe('2024년 2월 29일 (목)')
    expect(english.day('2024-02-29', at)).toBe('Thu, Feb 29, 2024')
    expect(english.day('2026-01-01', at)).toBe('Thu, Jan 1')
  })

  it('a moment in the reader’s zone, on the 24-hour clock', () => {
    expect(korean.moment(at, 'Asia/Seoul')).toBe('11월 21일 14:05')
    expect(english.moment(at, 'America/New_York')).toBe('Nov 21, 00:05')
    expect(english.moment(at, 'Asia/Seoul', Date.UTC(2027, 0, 5))).toBe('Nov 21, 2026, 14:05')
  })

  it('a moment in an unknown zone is shown in UTC rather than failing a card', () => {
    expect(english.moment(at, 'Mars/Olympus')).toBe('Nov 21, 05:05')
  })

  it.each([
    [20_000, '방금', 'just now'],
    [25 * 60_000, '25분째 대기', 'waiting 25 min'],
    [3 * 3_600_000, '3시간째 대기', 'waiting 3 h'],
    [47 * 3_600_000, '47시간째 대기', 'waiting 47 h'],
    [50 * 3_600_000, '2일째 대기', 'waiting 2 days'],
  ])('%i ms of waiting', (time, inKorean, inEnglish) => {
    expect(korean.waiting(at, at + time)).toBe(inKorean)
    expect(english.waiting(at, at + time)).toBe(inEnglish)
  })
})

describe('filling in', () => {
  it('somebody’s words stay theirs inside a sentence of ours', () => {
    expect(
      korean.say('summary.countered', {
        name: { user: '이서연' },
        deal: { user: 'A{{x}}' },
        discount: '25%',
      }),
    ).toEqual([
      { user: '이서연' },
      '님이 ',
      { user: 'A{{x}}' },
      '에 25%를 역제안했습니다. 답변이 필요합니다.',
    ])
  })

  it('B5.58 a value is never looked at for places, nesting or marks of ours', () => {
    for (const evil of ['$t(form.save)', '{{deal}}', '\u00010\u0002', '{{name, 이/가}}'])
      expect(english.say('summary.question', { name: { user: evil }, deal: { user: 'D' } })[0]).toEqual({
        user: evil,
      })
  })

  it('counts choose the plural', () => {
    expect(english.t('home.hello', { name: 'Ann', count: 1 })).toBe('Hello Ann. 1 request waits for you.')
    expect(english.t('home.hello', { name: 'Ann', count: 1200 })).toBe(
      'Hello Ann. 1,200 requests wait for you.',
    )
  })

  it('a sentence without values is one span, and an empty one none', () => {
    expect(english.say('form.save')).toEqual(['Save'])
    expect(plain(english.say('command.approvals.usage'))).toBe('')
  })

  it('the words of a language are made once', () => {
    expect(wordsFor('ko')).toBe(korean)
  })
})
