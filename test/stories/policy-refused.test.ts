import { describe, expect, it } from 'vitest'
import { agreementAnswers, answersOf, copyAnswers } from '../../blocks/policy-form.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import type { Desk, FormEntry } from '../../handlers/desk.ts'
import { policyEntry } from '../../handlers/policy.ts'
import { agreementEntry, copyEntry } from '../../handlers/policy-group.ts'
import type { DiscountPolicy, Policy } from '../../src/canon/policy.ts'
import type { GestureOf } from '../../src/gesture.ts'
import type { Store } from '../../src/ports.ts'
import { monday, orgOf, person, policyOf, staff } from '../canon/world.ts'

// Every way in which a policy that is typed does not hold: a sentence at the field, in both languages, and nothing saved.

const agreement: DiscountPolicy['agreements'][number] = {
  over: 2200,
  beside: 'vp_sales',
  group: { roles: ['finance'], people: ['law'] },
  need: 'any',
}
const copy = { over: 1500, group: { roles: ['legal'] } } as const
const policy = policyOf({ agreements: [agreement], copies: [copy] })
const org = orgOf([...staff, person('gone', ['marketing'], 'dohyun', { active: false })])

/** Sends a form as Sales Ops, about the item at `at` where there is one. */
async function send(
  entry: FormEntry,
  answers: Readonly<Record<string, unknown>>,
  { locale = 'en', at, drawn = 1, rules = policy }: Sent = {},
) {
  const desk = {
    now: monday,
    company: 'acme',
    org,
    person: org.people.get('sora')!,
    policy: rules,
    locale,
    words: wordsFor(locale),
    newId: () => 'new',
    store: {
      drawing: async () => ({
        id: 'd',
        subject: { noun: 'company', id: 'acme' },
        version: drawn,
        shown: at === undefined ? {} : { at },
        at: monday,
      }),
    } as unknown as Store,
  } satisfies Desk
  const gesture = {
    kind: 'submit',
    platform: 'slack',
    form: entry.form.id,
    drawing: 'd',
    answers,
  } as unknown as GestureOf<'submit'>
  const outcome = await entry.submit(gesture, desk)
  return {
    errors: outcome.reply.kind === 'field-errors' ? outcome.reply.errors : {},
    saved: outcome.change?.save.flatMap((save) => (save.noun === 'policy' ? [save.next] : []))[0]?.discount,
  }
}
interface Sent {
  readonly locale?: 'ko' | 'en'
  readonly at?: number
  readonly drawn?: number
  readonly rules?: Policy
}

const ladder = answersOf(policy)

describe('the ladder', () => {
  it('sent as it was opened is the policy as it was', async () => {
    expect((await send(policyEntry, ladder)).saved).toEqual(policy.discount)
  })

  it.each([
    [
      {
        role_1: 'none',
        up_to_1: undefined,
        role_2: 'none',
        up_to_2: undefined,
        role_3: 'none',
        up_to_3: undefined,
        role_4: 'none',
      },
      'role_1',
      /needs a first level/,
      /첫 단계/,
    ],
    [{ role_2: 'ae' }, 'role_2', /AE has a level already/, /AE는 이미/],
    [{ role_2: 'emperor' }, 'role_2', /one of the options/, /골라/],
    [{ role_5: 'none', up_to_5: '90' }, 'role_5', /Choose who stands/, /결재자를 고르거나/],
    [{ up_to_2: '10' }, 'up_to_2', /over 10%/, /10%보다 큰 값/],
    [{ up_to_2: undefined }, 'up_to_2', /only the last level has no limit/, /한도를 입력/],
    [{ up_to_4: '90' }, 'up_to_4', /last level has no limit/, /마지막 단계에는/],
    [{ up_to_1: '9.999' }, 'up_to_1', /two decimals/, /소수점 둘째/],
    [{ up_to_1: '-1' }, 'up_to_1', /0 to 100/, /0에서 100/],
    [{ up_to_1: '1e3' }, 'up_to_1', /0 to 100/, /0에서 100/],
    [{ role_3: 'none', up_to_3: undefined }, 'role_3', /beside an agreement \(22%\)/, /합의\(22% 초과\)/],
    [{ exception_over: '101' }, 'exception_over', /0 to 100/, /0에서 100/],
    [{ entry_stage: 'CW' }, 'entry_stage', /one of the options/, /골라/],
    [{ average_target: 'NaN' }, 'average_target', /0 to 100/, /0에서 100/],
    [{ remind_after: 'a day' }, 'remind_after', /up to 2,400/, /2,400 이하/],
    [{ remind_after: '0' }, 'remind_after', /over 0/, /0보다/],
    [{ escalate_after: '24' }, 'escalate_after', /after the reminder \(24/, /알림\(24시간\)/],
    [{ escalate_after: '9999' }, 'escalate_after', /up to 2,400/, /2,400 이하/],
    [{ expire_after: '1.5' }, 'expire_after', /1 to 365/, /365/],
    [{ expire_after: '0' }, 'expire_after', /1 to 365/, /365/],
    [{ expire_after: undefined }, 'expire_after', /fill this in/, /입력해 주세요/],
  ])('refuses %j at %s', async (typed, field, english, korean) => {
    const answers = { ...ladder, ...typed }
    const inEnglish = await send(policyEntry, answers)
    expect(inEnglish.errors[field]).toMatch(english)
    expect(inEnglish.saved).toBeUndefined()
    expect((await send(policyEntry, answers, { locale: 'ko' })).errors[field]).toMatch(korean)
  })

  it('says everything that is wrong at once, each at its field', async () => {
    const { errors } = await send(policyEntry, {
      ...ladder,
      up_to_1: 'x',
      average_target: '',
      expire_after: '400',
    })
    expect(Object.keys(errors).length).toBeGreaterThanOrEqual(1)
    const both = await send(policyEntry, { ...ladder, up_to_1: 'x', expire_after: '400' })
    expect(Object.keys(both.errors).sort()).toEqual(['expire_after', 'up_to_1'])
  })

  it('takes a level off where its row is emptied, and full-width digits as digits (B5.39)', async () => {
    const bare = policyOf()
    const answers = {
      ...answersOf(bare),
      role_2: 'none',
      up_to_2: undefined,
      up_to_1: '１２.５',
      remind_after: '２',
    }
    const { saved } = await send(policyEntry, answers, { rules: bare })
    expect(saved?.rungs).toEqual([
      { role: 'ae', upTo: 1250 },
      { role: 'vp_sales', upTo: 3000 },
      { role: 'c_level', upTo: null },
    ])
    expect(saved?.remindAfterWorkingHours).toBe(2)
  })

  it('lets nobody give anything alone, where the first limit is 0', async () => {
    expect((await send(policyEntry, { ...ladder, up_to_1: '0' })).saved?.rungs[0]).toEqual({
      role: 'ae',
      upTo: 0,
    })
  })
})

describe('agreements and copies', () => {
  it('sent as they were opened are as they were', async () => {
    expect((await send(agreementEntry, agreementAnswers(agreement), { at: 0 })).saved).toEqual(
      policy.discount,
    )
    expect((await send(copyEntry, copyAnswers(copy), { at: 0 })).saved).toEqual(policy.discount)
  })

  const good = { over: '20', roles: ['finance'], need: 'any' }
  it.each([
    [{ ...good, roles: undefined }, 'roles', /at least one role or person/, /하나 이상/],
    [{ ...good, roles: ['emperor'] }, 'roles', /one of the options/, /골라/],
    [{ ...good, roles: ['marketing'] }, 'roles', /Nobody is in this group today/, /아무도 없어서 20%/],
    [{ ...good, over: '100.01' }, 'over', /0 to 100/, /0에서 100/],
    [{ ...good, people: ['nobody'] }, 'people', /not here any more/, /더 이상 없는/],
    [{ ...good, person_2: 'gone' }, 'person_2', /not here any more/, /더 이상 없는/],
    [{ ...good, need: 'some' }, 'need', /one of the options/, /골라/],
    [{ ...good, need: 'at_least' }, 'at_least', /from 1 on/, /1 이상/],
    [{ ...good, need: 'at_least', at_least: '0' }, 'at_least', /from 1 on/, /1 이상/],
    [{ ...good, need: 'at_least', at_least: '9' }, 'at_least', /Only 3 people/, /3명뿐/],
    [{ ...good, beside: 'legal' }, 'beside', /one of the options/, /골라/],
  ])('an agreement of %j is refused at %s', async (answers, field, english, korean) => {
    const inEnglish = await send(agreementEntry, answers)
    expect(inEnglish.errors[field]).toMatch(english)
    expect(inEnglish.saved).toBeUndefined()
    expect((await send(agreementEntry, answers, { locale: 'ko' })).errors[field]).toMatch(korean)
  })

  it('an agreement without a level of its own stands beside the one that decides at its size', async () => {
    const besides = await Promise.all(
      ['0', '9.99', '10', '20', '99'].map(
        async (over) =>
          (await send(agreementEntry, { ...good, over, beside: 'none' })).saved?.agreements[1]?.beside,
      ),
    )
    expect(besides).toEqual(['ae', 'ae', 'sales_manager', 'vp_sales', 'c_level'])
  })

  it('a copy of nobody by role is allowed: whoever gets the role is copied', async () => {
    expect((await send(copyEntry, { over: '0', roles: ['marketing'] })).saved?.copies[1]).toEqual({
      over: 0,
      group: { roles: ['marketing'] },
    })
  })

  it('somebody chosen twice is in the group once', async () => {
    const answers = { over: '5', people: ['law'], person_1: 'law', person_3: 'sora' }
    expect((await send(copyEntry, answers, { at: 0 })).saved?.copies).toEqual([
      { over: 500, group: { people: ['law', 'sora'] } },
    ])
  })

  it('more than a card can hold is refused', async () => {
    const rules = policyOf({ copies: Array.from({ length: 10 }, () => copy) })
    expect((await send(copyEntry, copyAnswers(copy), { rules })).errors.over).toMatch(/At most 10/)
    // One that is there may still be changed.
    expect(
      (await send(copyEntry, { ...copyAnswers(copy), over: '7' }, { rules, at: 9 })).saved?.copies[9]?.over,
    ).toBe(700)
  })

  it('a form of another version of the policy is refused, since its place may be another’s now', async () => {
    expect((await send(copyEntry, copyAnswers(copy), { at: 0, drawn: 7 })).saved).toBeUndefined()
  })
})
