import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type Grade, grades } from '../src/canon/health.ts'
import type { HealthPolicy } from '../src/canon/policy-health.ts'
import type { HealthMix, HealthRow } from '../src/ports/health.ts'
import type { Block, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { gradeMark, points } from './health.ts'
import { nameOf } from './names.ts'
import { joined, plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** The health of the accounts somebody sees. */
export interface HealthListBrief {
  readonly rows: readonly (HealthRow & { readonly drawing: string })[]
  readonly mix: HealthMix
  /** The reader's own accounts, and not all they see. */
  readonly mine: boolean
  readonly names: Names
  readonly target: HealthPolicy['mix']
  readonly now: Instant
  readonly today: PlainDate
}

const targetOf = (grade: Grade, target: HealthPolicy['mix']): number =>
  grade === 'healthy' ? target.healthy : grade === 'at-risk' ? target.atRisk : target.critical

/** `/health`: how many are green, yellow and red beside the target, and the accounts, the worst first. */
export function healthListCard(brief: HealthListBrief, w: Words): Card {
  const { mix, rows } = brief
  const measured = mix.healthy + mix['at-risk'] + mix.critical
  const total = measured + mix.unknown
  if (total === 0)
    return {
      summary: w.t('health.list.none'),
      blocks: [
        { kind: 'title', text: w.t('health.list.title') },
        { kind: 'text', text: w.say('health.list.none') },
      ],
    }
  const more = total - rows.length
  return {
    summary: w.t('health.list.summary', {
      count: total,
      healthy: mix.healthy,
      risk: mix['at-risk'],
      critical: mix.critical,
    }),
    blocks: [
      { kind: 'title', text: w.t('health.list.title') },
      { kind: 'heading', text: [w.t(brief.mine ? 'health.list.mine' : 'health.list.all')] },
      { kind: 'facts', facts: mixFacts(brief, measured, w) },
      ...(mix.unknown > 0
        ? [{ kind: 'note' as const, text: w.say('health.list.unknown', { count: mix.unknown }) }]
        : []),
      { kind: 'heading', text: [w.t('health.list.worst')] },
      ...rows.map((row): Block => rowOf(row, brief, w)),
      ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
    ],
  }
}

const mixFacts = ({ mix, target }: HealthListBrief, measured: number, w: Words) =>
  grades.map((grade) => ({
    label: gradeMark(grade, w),
    value: w.say('health.list.mix', {
      count: mix[grade],
      share: measured === 0 ? 0 : Math.round((mix[grade] * 100) / measured),
      target: targetOf(grade, target),
    }),
  }))

function rowOf(
  { account, health, review, plan, drawing }: HealthListBrief['rows'][number],
  { names, mine, now }: HealthListBrief,
  w: Words,
): Block {
  const said: Text[] = []
  said.push(
    health
      ? w.say('health.row', { grade: gradeMark(health.grade, w), score: points(health.score) })
      : [w.t('health.grade.unknown')],
  )
  if (health) said.push(w.say('health.row.since', { day: w.day(health.since, now) }))
  if (review) said.push(w.say('health.row.review'))
  if (plan) said.push(w.say('health.row.plan'))
  if (account.renewalOn) said.push(w.say('health.row.renewal', { day: w.day(account.renewalOn, now) }))
  if (!mine && account.csm) said.push([nameOf(account.csm, names, w)])
  return {
    kind: 'row',
    text: [theirs(account.name), ...(account.tier ? [` · ${account.tier}`] : [])],
    note: joined(said, ' · '),
    buttons: [{ action: 'health.open', label: w.t('button.open'), drawing }],
  }
}

/** “Which one did you mean?”: the nearest matches, never guessed silently (contract, Chat commands). */
export function healthChoices(
  {
    rows,
    query,
  }: {
    readonly rows: readonly { readonly name: string; readonly tier?: string; readonly drawing: string }[]
    readonly query: string
  },
  w: Words,
): Card {
  const none = rows.length === 0
  const text = w.say(none ? 'health.not-found' : 'health.choose', { query: theirs(query, 60) })
  return {
    summary: plain(text),
    blocks: [
      { kind: 'text', text },
      ...rows.map(
        ({ name, tier, drawing }): Block => ({
          kind: 'row',
          text: [theirs(name), ...(tier ? [` · ${tier}`] : [])],
          buttons: [{ action: 'health.open', label: w.t('button.choose'), drawing }],
        }),
      ),
      ...(none ? [{ kind: 'note' as const, text: w.say('health.not-found.hint') }] : []),
    ],
  }
}
