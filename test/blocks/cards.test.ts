import { describe, expect, it } from 'vitest'
import { en } from '../../blocks/words/en/index.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { locales } from '../../src/canon/people.ts'
import { typed } from './briefs.ts'
import { cards, forms } from './gallery.ts'
import { said } from './walk.ts'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const graphemes = (text: string): number => [...segmenter.segment(text)].length
const keys = new Set<string>(Object.keys(en))
const kinds = Object.entries(typed)

/** What no sentence of ours may hold: an unfilled place, a missing key, a value that was none. */
function expectWholeSentences(texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toMatch(/\{\{|\}\}|undefined|NaN|\[object|[\u0001\u0002]/)
    expect(keys.has(text), `a key instead of its words: ${text}`).toBe(false)
  }
}

describe.each(locales)('in %s', (locale) => {
  const w = wordsFor(locale)
  const drawn = kinds.map(([name, kind]) => [name, cards(kind, w)] as const)
  const asked = kinds.map(([name, kind]) => [name, forms(kind, w)] as const)

  it.each(Object.keys(drawn[0]![1]))(
    'the card “%s” keeps to what a message may be, whatever was typed',
    (name) => {
      for (const [kind, gallery] of drawn) {
        const card = gallery[name]!
        const { ours, theirs, quotes, titles, buttons } = said(card.blocks)
        expectWholeSentences(ours)
        expect(card.summary.trim()).not.toBe('')
        for (const title of titles) expect(graphemes(title), title).toBeLessThanOrEqual(24)
        for (const button of buttons) {
          expect(button.action).toMatch(/^[a-z]+\.[a-z-]+$/)
          expect(button.drawing).not.toBe('')
          expect(graphemes(button.label)).toBeLessThanOrEqual(30)
          if (!button.confirm) continue
          expect(button.confirm.title.length).toBeLessThanOrEqual(100)
          expect(button.confirm.text.length).toBeLessThanOrEqual(300)
          expect(button.confirm.yes.length).toBeLessThanOrEqual(30)
          expect(button.confirm.no.length).toBeLessThanOrEqual(30)
        }
        for (const text of theirs) expect(text.trim(), kind).not.toBe('')
        expect(card.blocks.length).toBeLessThanOrEqual(name.startsWith('home') ? 100 : 50)
        // A notice says one sentence as it was given; all else puts names into lines of ours.
        if (name === 'notice') continue
        for (const text of theirs) expect(text, 'B5.60 no line of its own').not.toMatch(/[\r\n]/)
        if (name.startsWith('home')) continue
        const characters = [...ours, ...theirs, ...quotes].reduce((sum, text) => sum + text.length, 0)
        expect(characters, `B5.56 ${kind}`).toBeLessThan(13_000)
      }
    },
  )

  it.each(Object.keys(asked[0]![1]))(
    'the form “%s” keeps to what a modal may be, whatever was typed',
    (name) => {
      for (const [kind, gallery] of asked) {
        const form = gallery[name]!
        const { ours, theirs } = said(form.items)
        expectWholeSentences([...ours, form.title, form.close, form.submit ?? ''])
        expect(graphemes(form.title)).toBeLessThanOrEqual(24)
        expect(graphemes(form.close)).toBeLessThanOrEqual(24)
        expect(graphemes(form.submit ?? '')).toBeLessThanOrEqual(24)
        expect(form.drawing).not.toBe('')
        for (const item of form.items)
          if (item.kind === 'field') {
            expect(item.field.label.length).toBeLessThanOrEqual(150)
            expect((item.field.placeholder ?? '').length).toBeLessThanOrEqual(150)
          }
        for (const text of theirs) expect(text.trim(), kind).not.toBe('')
      }
    },
  )

  it('what somebody typed is never among our own words', () => {
    const theirMark = /[⟦⟧]/
    for (const [card, { blocks }] of Object.entries(cards(typed.marked, w)))
      for (const text of said(blocks).ours) expect(text, card).not.toMatch(theirMark)
    for (const [form, { items }] of Object.entries(forms(typed.marked, w)))
      for (const text of said(items).ours) expect(text, form).not.toMatch(theirMark)
  })

  it('B5.58 what somebody typed is neither a key nor a place to fill in', () => {
    const { blocks, summary } = cards(typed.injection, w).decision!
    expect(said(blocks).theirs).toContain('<!channel> $t(button.approve) {{discount}} <https://evil|Approve>')
    expect(summary).toContain('$t(button.approve) {{discount}}')
  })

  it('B5.57 direction controls are gone, and right-to-left names are kept apart in the summary', () => {
    const { blocks, summary } = cards(typed.rightToLeft, w).decision!
    for (const text of [...said(blocks).theirs, ...said(blocks).quotes])
      expect(text).not.toMatch(/[\u202a-\u202e]/)
    expect(summary).toMatch(/\u2068صفقة evil كبيرة\u2069/)
  })
})

it('a card has the same blocks in both languages', () => {
  const shape = (locale: 'ko' | 'en') =>
    Object.fromEntries(
      Object.entries(cards(typed.marked, wordsFor(locale))).map(([name, card]) => [
        name,
        card.blocks.map((block) => block.kind),
      ]),
    )
  expect(shape('ko')).toEqual(shape('en'))
})

it('every button and every choice on a card has a handler', async () => {
  const { registry } = await import('../../handlers/index.ts')
  const known = new Set(Object.keys(registry.buttons))
  for (const [name, card] of Object.entries(cards(typed.plain, wordsFor('en')))) {
    for (const button of said(card.blocks).buttons)
      expect(known, `${button.action} on ${name}`).toContain(button.action)
    for (const block of card.blocks)
      if (block.kind === 'choice') expect(known, `${block.action} on ${name}`).toContain(block.action)
  }
})

it('every form has a handler, with a search for each field that is searched', async () => {
  const { registry } = await import('../../handlers/index.ts')
  for (const [name, form] of Object.entries(forms(typed.plain, wordsFor('en')))) {
    const entry = registry.forms[form.form]
    expect(entry, name).toBeDefined()
    for (const item of form.items)
      if (item.kind === 'field' && item.field.kind === 'search')
        expect(Object.keys(entry?.search ?? {}), `${item.name} of ${name}`).toContain(item.name)
  }
})
