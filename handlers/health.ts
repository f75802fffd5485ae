import { healthCard } from '../blocks/health.ts'
import { healthChoices, healthListCard } from '../blocks/health-list.ts'
import type { Account } from '../src/canon/account.ts'
import { addDays, localDate, type PlainDate } from '../src/canon/calendar.ts'
import { type HealthSignal, readHealth, scoresOver } from '../src/canon/health.ts'
import type { HealthTask } from '../src/canon/health-task.ts'
import type { HealthPolicy } from '../src/canon/policy-health.ts'
import { accountScopeOf, may } from '../src/canon/visibility.ts'
import type { HealthOf } from '../src/ports/health.ts'
import { findAccount, visibleAccount } from './account-find.ts'
import { unquote } from './deal-find.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { say } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject, signalsRead } from './health-assess.ts'
import { renewalBrief } from './renewal-world.ts'

/** Accounts in the list, changes of grade and months on a card. */
const most = { rows: 12, history: 6, months: 12 } as const

/** `/health [account]`: one account's health; without a name, those of the accounts this person sees. */
export const showHealth: Handler<'command'> = async (gesture, desk) => {
  const query = unquote(gesture.text)
  if (!query) return healthList(desk)
  const { account, hits } = await findAccount(desk, query)
  if (account) return healthOutcome(desk, account)
  const drawings = hits.map((hit) => drawingFor(desk, accountSubject(hit.id)))
  const rows = hits.map((hit, at) => ({ ...hit, drawing: drawings[at]!.id }))
  return { reply: { kind: 'say', card: healthChoices({ rows, query }, desk.words) }, drawings }
}

/** The button of a digest: the accounts this person sees. */
export const openHealthList: Handler<'button'> = (_gesture, desk) => healthList(desk)

/** The button of a row, a nudge or another card: the health of that account. */
export const openHealth: Handler<'button'> = async (gesture, desk) => {
  const account = await accountOf(desk, gesture.drawing)
  return account ? healthOutcome(desk, account) : say(desk, { code: 'out-of-date' })
}

/** The account a drawing stands for, if this person may see it. */
async function accountOf(desk: Desk, drawingId: string): Promise<Account | undefined> {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  return drawing?.subject.noun === 'account' ? visibleAccount(desk, drawing.subject.id) : undefined
}

// ── one account ──────────────────────────────────────────────────────────────

/** Today and the last day of each month before it, the oldest first. */
function monthEnds(today: PlainDate, count: number): readonly PlainDate[] {
  const ends = [today]
  let first: PlainDate = `${today.slice(0, 8)}01`
  while (ends.length < count) {
    const end = addDays(first, -1)
    ends.unshift(end)
    first = `${end.slice(0, 8)}01`
  }
  return ends
}

const monthsOf = (signals: readonly HealthSignal[], today: PlainDate, policy: HealthPolicy) => {
  const days = monthEnds(today, most.months)
  const scores = scoresOver(signals, days, policy)
  return days.map((day, at) => ({ month: day, score: scores[at] ?? null }))
}

/** The open task of a kind, else the newest. */
const taskOf = (tasks: readonly HealthTask[], kind: HealthTask['kind']): HealthTask | undefined =>
  tasks.find((task) => task.kind === kind)

async function healthOutcome(desk: Desk, account: Account): Promise<Outcome> {
  const { store, company, org, policy, person } = desk
  const [health, signals, history, tasks, underWay, renewal] = await Promise.all([
    store.healthOf(company, account.id),
    store.signalsOf(company, account.id, signalsRead),
    store.healthHistory(company, account.id, most.history),
    store.healthTasksOf(company, account.id, 10),
    store.openHandoff(company, 'cs-to-ae', { account: account.id }),
    renewalBrief(desk, account),
  ])
  const { timeZone } = org.company.working
  const today = localDate(desk.now, timeZone)
  const drawing = drawingFor(desk, accountSubject(account.id), health?.version ?? 0)
  const review = taskOf(tasks, 'review')
  const plan = taskOf(tasks, 'plan')
  const mayReopen = may(person, 'health.reopen', { account }, org)
  const reopens =
    review?.status === 'closed' && mayReopen
      ? drawingFor(desk, accountSubject(account.id), review.version, { task: review.id })
      : undefined
  const ids = [account.csm, account.ae, account.executiveSponsor, review?.sponsor, review?.closedBy]
  const named = [...ids, plan?.plannedBy].flatMap((id) => (id ? (org.people.get(id) ?? []) : []))
  const card = healthCard(
    {
      account,
      ...(health ? { health } : {}),
      reading: readHealth(signals, policy.health, today),
      history,
      ...(review ? { review } : {}),
      ...(plan ? { plan } : {}),
      ...(renewal.state ? { renewal } : {}),
      months: monthsOf(signals, today, policy.health),
      names: Object.fromEntries(named.map(({ id, name }) => [id, name])),
      policy: policy.health,
      now: desk.now,
      today,
      timeZone: person.timeZone ?? timeZone,
      drawing: drawing.id,
      ...(reopens ? { reviewDrawing: reopens.id } : {}),
      rights: {
        change: may(person, 'health.change', { account }, org),
        reopen: mayReopen,
        // The same button opens the handoff that is under way, which others may see than may begin one.
        expand: may(person, 'account.expand', { account }, org) || underWay?.sender === person.id,
      },
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings: reopens ? [drawing, reopens] : [drawing] }
}

// ── many ─────────────────────────────────────────────────────────────────────

/** Whose accounts the list is of: a CSM's own, else everybody's whom this person sees. */
function listOf(desk: Desk): { readonly of: HealthOf; readonly mine: boolean } {
  const { person, org } = desk
  const scope = accountScopeOf(person, org)
  if (scope.all) return { of: { all: true }, mine: false }
  if (person.roles.includes('csm') && !person.roles.some((role) => role.endsWith('manager')))
    return { of: { all: false, people: [person.id] }, mine: true }
  const people = [...new Set([...scope.owners, ...(scope.csm === undefined ? [] : [scope.csm])])]
  return { of: { all: false, people }, mine: people.length === 1 }
}

async function healthList(desk: Desk): Promise<Outcome> {
  const { store, company, org, policy } = desk
  const { of, mine } = listOf(desk)
  const [mix, rows] = await Promise.all([
    store.healthMix(company, of),
    store.healthList(company, of, most.rows),
  ])
  const drawings = rows.map((row) =>
    drawingFor(desk, accountSubject(row.account.id), row.health?.version ?? 0),
  )
  const names: Record<string, string> = {}
  for (const { account } of rows) {
    const name = account.csm === undefined ? undefined : org.people.get(account.csm)?.name
    if (account.csm !== undefined && name) names[account.csm] = name
  }
  const card = healthListCard(
    {
      rows: rows.map((row, at) => ({ ...row, drawing: drawings[at]!.id })),
      mix,
      mine,
      names,
      target: policy.health.mix,
      now: desk.now,
      today: localDate(desk.now, org.company.working.timeZone),
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings }
}
