import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readAnswers } from '../../src/slack/answers.ts'

it('every kind of input comes back by its field’s name, as text', () => {
  const answers = readAnswers({
    deal: { deal: { type: 'external_select', selected_option: { value: 'd1', text: { text: 'Acme' } } } },
    discount: { discount: { type: 'number_input', value: '15.5' } },
    reason: { reason: { type: 'plain_text_input', value: '  A big customer \u0000' } },
    needed_by: { needed_by: { type: 'datepicker', selected_date: '2026-11-30' } },
    products: { products: { type: 'checkboxes', selected_options: [{ value: 'a' }, { value: 'b' }] } },
    person: { person: { type: 'users_select', selected_user: 'U02' } },
  })
  expect({ ...answers }).toEqual({
    deal: 'd1',
    discount: '15.5',
    reason: 'A big customer',
    needed_by: '2026-11-30',
    products: ['a', 'b'],
    person: 'U02',
  })
})

it('nothing typed is absent, not empty', () => {
  const answers = readAnswers({
    a: { a: { type: 'plain_text_input', value: null } },
    b: { b: { type: 'plain_text_input', value: '' } },
    c: { c: { type: 'plain_text_input', value: '   ' } },
    d: { d: { type: 'static_select', selected_option: null } },
    e: { e: { type: 'checkboxes', selected_options: [] } },
    f: { f: { type: 'datepicker', selected_date: null } },
  })
  expect(Object.keys(answers)).toEqual([])
})

it('B5.37 keys that are no field of ours are dropped, and no prototype is touched', () => {
  const evil = JSON.parse(
    '{"__proto__":{"__proto__":{"value":"x"}},"constructor":{"constructor":{"value":"y"}},"Status":{"Status":{"value":"approved"}},"other":{"discount":{"value":"99"}},"assigned-to":{"assigned-to":{"value":"U9"}},"ok":{"ok":{"value":"1"}}}',
  ) as unknown
  const answers = readAnswers(evil)
  expect(Object.keys(answers)).toEqual(['constructor', 'ok'])
  expect(Object.getPrototypeOf(answers)).toBeNull()
  expect(({} as Record<string, unknown>).value).toBeUndefined()
})

it('B5.39 odd numbers arrive as they were sent, for the handler to judge', () => {
  const one = (value: unknown) => readAnswers({ discount: { discount: { value } } }).discount
  expect(
    ['1e309', 'NaN', '１５', '-5', 15, 15.5, Number.NaN, Number.POSITIVE_INFINITY, true, {}].map(one),
  ).toEqual(['1e309', 'NaN', '１５', '-5', '15', '15.5', undefined, undefined, undefined, undefined])
})

it('whatever a client sends, the answers are fields of ours with text in them', () => {
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.constant(null), fc.boolean())
  const input = fc.oneof(
    leaf,
    fc.dictionary(
      fc.constantFrom('value', 'selected_option', 'selected_options', 'selected_date', 'type', '__proto__'),
      fc.oneof(leaf, fc.record({ value: leaf }), fc.array(fc.oneof(leaf, fc.record({ value: leaf })))),
    ),
  )
  const name = fc.oneof(
    fc.constantFrom('deal', 'discount', '__proto__', 'constructor', 'toString'),
    fc.string(),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        leaf,
        fc
          .array(name)
          .chain((names) =>
            fc.record(Object.fromEntries(names.map((n) => [n, fc.oneof(leaf, fc.record({ [n]: input }))]))),
          ),
      ),
      (values) => {
        const answers = readAnswers(values)
        expect(Object.getPrototypeOf(answers)).toBeNull()
        for (const [field, answer] of Object.entries(answers)) {
          expect(field).toMatch(/^[a-z][a-z0-9_]{0,63}$/)
          for (const one of typeof answer === 'string' ? [answer] : answer) {
            expect(one.trim()).not.toBe('')
            expect(one.isWellFormed()).toBe(true)
          }
        }
      },
    ),
  )
})
