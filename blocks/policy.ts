import type { DiscountPolicy, Group, Policy } from '../src/canon/policy.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { namesOf } from './names.ts'
import { flat, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Who may give which discount here, in the open: a desk that seems unfair is not used (users, 20). */
export function policyCard(
  brief: {
    readonly company: string
    readonly policy: Policy
    readonly names: Names
    /** What changes each part; absent where the viewer may only read. */
    readonly change?: PolicyDrawings
    /** Said above the policy: what has just been done to it. */
    readonly notice?: string
  },
  w: Words,
): Card {
  const { names, change } = brief
  const { discount, version } = brief.policy
  const blocks: Block[] = [
    ...(brief.notice ? [{ kind: 'text', text: [theirs(brief.notice, 300)] } as const] : []),
    { kind: 'title', text: w.t('policy.title') },
    { kind: 'heading', text: [theirs(brief.company), ` · ${w.t('policy.version', { version })}`] },
    { kind: 'facts', facts: rungFacts(discount, w) },
    {
      kind: 'text',
      text: w.say('policy.exception', { over: w.percent(discount.exceptionOver) }),
    },
    ...discount.agreements.map((agreement, at) =>
      line(agreementLine(agreement, names, w), 'agreement', change?.agreements[at], w),
    ),
    ...discount.copies.map((copy, at) => line(copyLine(copy, names, w), 'copy', change?.copies[at], w)),
    {
      kind: 'note',
      text: w.say('policy.clock', {
        remind: discount.remindAfterWorkingHours,
        escalate: discount.escalateAfterWorkingHours,
        expire: discount.expireAfterDays,
      }),
    },
    {
      kind: 'note',
      text: w.say('policy.entry', {
        stage: w.t(`stage.${discount.entryStage}`),
        target: w.percent(discount.averageTarget),
      }),
    },
  ]
  if (change)
    blocks.push({
      kind: 'buttons',
      buttons: [
        { action: 'policy.edit', label: w.t('button.policy.change'), drawing: change.whole },
        { action: 'agreement.add', label: w.t('button.agreement.add'), drawing: change.whole },
        { action: 'copy.add', label: w.t('button.copy.add'), drawing: change.whole },
      ],
    })
  return { summary: w.t('policy.summary', { company: theirs(brief.company), version }), blocks }
}

/** The drawings behind the buttons of the card: one of the whole, one of each agreement and each copy. */
export interface PolicyDrawings {
  readonly whole: string
  readonly agreements: readonly string[]
  readonly copies: readonly string[]
}

/** One rule of the policy; where it can be changed, with its buttons. */
function line(text: Text, noun: 'agreement' | 'copy', drawing: string | undefined, w: Words): Block {
  if (drawing === undefined) return { kind: 'text', text }
  const remove: Button = {
    action: `${noun}.remove`,
    label: w.t('button.rule.remove'),
    drawing,
    style: 'danger',
    confirm: {
      title: w.t('confirm.rule.title'),
      text: w.t('confirm.rule.text'),
      yes: w.t('button.rule.remove'),
      no: w.t('form.close'),
    },
  }
  return {
    kind: 'row',
    text,
    buttons: [{ action: `${noun}.edit`, label: w.t('button.rule.edit'), drawing }, remove],
  }
}

/** 합의 as a sentence: over what, who, how many of them, beside whom. */
export const agreementLine = (
  agreement: DiscountPolicy['agreements'][number],
  names: Names,
  w: Words,
): Text =>
  w.say('policy.agreement', {
    over: w.percent(agreement.over),
    group: groupSpan(agreement.group, names, w),
    need: needWords(agreement.need, w),
    beside: w.t(`role.${agreement.beside}`),
  })

/** 참조 as a sentence: over what, who. */
export const copyLine = (copy: DiscountPolicy['copies'][number], names: Names, w: Words): Text =>
  w.say('policy.copy', { over: w.percent(copy.over), group: groupSpan(copy.group, names, w) })

/** The ladder, one level a line. */
export function rungFacts(
  discount: Pick<DiscountPolicy, 'rungs'>,
  w: Words,
): { label: string; value: Text }[] {
  let from = 0
  return discount.rungs.map((rung, at) => {
    const value =
      rung.upTo === null
        ? w.t('policy.rung.over', { from: w.percent(from) })
        : at === 0
          ? w.t('policy.rung.own', { limit: w.percent(rung.upTo) })
          : w.t('policy.rung', { from: w.percent(from), limit: w.percent(rung.upTo) })
    from = rung.upTo ?? from
    return { label: w.t(`role.${rung.role}`), value: [value] }
  })
}

function groupSpan(group: Group, names: Names, w: Words): { readonly user: string } {
  const parts: string[] = (group.roles ?? []).map((role) => w.t(`role.${role}`))
  const people = namesOf(group.people ?? [], names, w)
  const text = flat(people)
  if (text) parts.push(text)
  return { user: parts.join(', ') || w.t('value.none') }
}

function needWords(need: 'any' | 'all' | { readonly atLeast: number }, w: Words): string {
  if (need === 'any') return w.t('route.need.any')
  if (need === 'all') return w.t('route.need.all')
  return w.t('policy.need.at-least', { least: need.atLeast })
}
