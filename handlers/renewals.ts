import { noticeCard } from '../blocks/notice.ts'
import { renewalCard } from '../blocks/renewal.ts'
import { type RenewalRow, renewalsCard } from '../blocks/renewals.ts'
import { theirs } from '../blocks/text.ts'
import type { Account } from '../src/canon/account.ts'
import { addDays } from '../src/canon/calendar.ts'
import { mayReopen, type RenewalLine, renewalState } from '../src/canon/renewal.ts'
import { accountScopeOf, may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { say } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject } from './health-assess.ts'
import { lastSettled, renewalBrief, renewalFile, reopenDrawing, todayOf } from './renewal-world.ts'

const usualDays = 90
/** Two years: no contract that is listed here is renewed later. */
const mostDays = 730
const most = { overdue: 9, ahead: 10, settled: 5 } as const
/** How long an outcome is listed with the way to take it back. */
const settledDays = 14
/** Older dates without an outcome are an import gone wrong, not work; they are counted all the same. */
const longAgo = '1900-01-01'

/** `90`, `90일`, `90d`, full-width digits; nothing typed is 90. */
function readDays(text: string): number | undefined {
  const match = /^(\d{1,3})\s*(?:일|d|days?)?$/i.exec(text.normalize('NFKC').trim())
  const days = match ? Number(match[1]) : text.trim() === '' ? usualDays : 0
  return days >= 1 && days <= mostDays ? days : undefined
}

/** `/renewals [days]`: the renewals ahead of my accounts. */
export const showRenewals: Handler<'command'> = async (gesture, desk) => {
  const days = readDays(gesture.text)
  if (days === undefined) {
    const text = theirs(gesture.text, 40)
    return { reply: { kind: 'say', card: noticeCard(desk.words.say('renewals.bad-days', { text })) } }
  }
  return renewalsList(desk, days)
}

/** The button of a digest: what `/renewals` shows. */
export const openRenewals: Handler<'button'> = (_gesture, desk) => renewalsList(desk, usualDays)

async function renewalsList(desk: Desk, days: number): Promise<Outcome> {
  const { store, company, org, person, policy, now } = desk
  const scope = accountScopeOf(person, org)
  const today = todayOf(desk)
  const until = addDays(today, days)
  const past = { from: longAgo, to: addDays(today, -1) }
  const ahead = { from: today, to: until }
  const [overdueLines, aheadLines, overdueSums, sums, settled] = await Promise.all([
    store.renewalsAhead(company, scope, past, most.overdue),
    store.renewalsAhead(company, scope, ahead, most.ahead),
    store.renewalSums(company, scope, past),
    store.renewalSums(company, scope, ahead),
    store.renewalsSettled(company, scope, addDays(today, -settledDays), most.settled),
  ])
  const drawings: Drawing[] = []
  const drawn = (account: string, shown: Drawing['shown']): string => {
    const drawing = drawingFor(desk, accountSubject(account), 0, shown)
    drawings.push(drawing)
    return drawing.id
  }
  const rowOf = (line: RenewalLine): RenewalRow => {
    const state = renewalState(line, today, policy.health, org.company.working)
    const { milestone } = state
    return {
      line,
      state,
      mayRecord: may(person, 'renewal.record', { account: accountOf(line) }, org),
      drawing: drawn(line.account, {
        renewalOn: line.renewalOn,
        ...(milestone === undefined ? {} : { milestone }),
      }),
    }
  }
  const count = (of: typeof sums) => of.reduce((sum, { accounts }) => sum + accounts, 0)
  const lines = [...overdueLines, ...aheadLines]
  const named = [...lines.map(({ csm }) => csm), ...settled.map(({ renewal }) => renewal.outcome?.by)]
  const card = renewalsCard(
    {
      days,
      until,
      overdue: overdueLines.map(rowOf),
      ahead: aheadLines.map(rowOf),
      totals: { overdue: count(overdueSums), ahead: count(sums) },
      sums,
      settled: settled.flatMap(({ name, renewal: { account, renewalOn, outcome } }) => {
        if (!outcome) return []
        // Whose account it was does not matter to those who may take an outcome back: they may at any.
        const mayUndo = may(person, 'renewal.undo', { account: accountOf({ account, name }) }, org)
        return [
          { account: name, outcome, ...(mayUndo ? { drawing: drawn(account, { undo: renewalOn }) } : {}) },
        ]
      }),
      milestoneDays: policy.health.renewalDays,
      names: namesIn(desk, named),
      now,
      timeZone: person.timeZone ?? org.company.working.timeZone,
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings }
}

const accountOf = ({
  account,
  name,
  csm,
  ae,
}: Pick<RenewalLine, 'account' | 'name' | 'csm' | 'ae'>): Account => ({
  id: account,
  name,
  updatedAt: 0,
  version: 0,
  ...(csm === undefined ? {} : { csm }),
  ...(ae === undefined ? {} : { ae }),
})

const namesIn = ({ org }: Desk, ids: readonly (string | undefined)[]): Record<string, string> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const name = id === undefined ? undefined : org.people.get(id)?.name
      return id !== undefined && name ? [[id, name]] : []
    }),
  )

/** The renewal of one account, from a list or a nudge. */
export const openRenewal: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  return file ? renewalOutcome(desk, file.account) : say(desk, { code: 'out-of-date' })
}

async function renewalOutcome(desk: Desk, account: Account): Promise<Outcome> {
  const { org, person } = desk
  const brief = await renewalBrief(desk, account)
  const drawing = drawingFor(desk, accountSubject(account.id), account.version, {
    ...(account.renewalOn === undefined ? {} : { renewalOn: account.renewalOn }),
    ...(brief.state?.milestone === undefined ? {} : { milestone: brief.state.milestone }),
  })
  const drawings = [drawing]
  const settled = may(person, 'renewal.undo', { account }, org)
    ? await lastSettled(desk, account.id)
    : undefined
  const standing = settled?.outcome?.after.renewalOn === account.renewalOn ? settled : undefined
  const undo =
    standing && drawingFor(desk, accountSubject(account.id), account.version, { undo: standing.renewalOn })
  if (undo) drawings.push(undo)
  const marked = brief.renewal?.done.toSorted((a, b) => b.at - a.at)[0]
  const reopen =
    marked && mayReopen(marked, person, account, org) ? reopenDrawing(desk, account, marked) : undefined
  if (reopen) drawings.push(reopen)
  const card = renewalCard(
    {
      ...brief,
      drawing: drawing.id,
      mayRecord: may(person, 'renewal.record', { account }, org),
      mayRecordQbr: may(person, 'qbr.record', { account }, org),
      ...(undo ? { undo: undo.id } : {}),
      ...(marked && reopen ? { reopen: { day: marked.day, drawing: reopen.id } } : {}),
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings }
}
