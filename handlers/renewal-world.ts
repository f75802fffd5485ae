import type { RenewalBrief } from '../blocks/renewal.ts'
import type { Account } from '../src/canon/account.ts'
import { localDate } from '../src/canon/calendar.ts'
import { type Renewal, type RenewalWorld, renewalState } from '../src/canon/renewal.ts'
import type { Drawing } from '../src/ports.ts'
import { visibleAccount } from './account-find.ts'
import type { Desk } from './desk.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject } from './health-assess.ts'

export interface RenewalFile {
  readonly drawing: Drawing
  readonly account: Account
  /** What was done about the renewal that is ahead, if anything. */
  readonly renewal?: Renewal
}

/** The account behind a drawing, with its renewal; nothing where this person may not know of it. */
export async function renewalFile(desk: Desk, drawingId: string): Promise<RenewalFile | undefined> {
  const drawing = await desk.store.drawing(desk.company, drawingId)
  if (drawing?.subject.noun !== 'account') return undefined
  const account = await visibleAccount(desk, drawing.subject.id)
  if (!account) return undefined
  const renewal =
    account.renewalOn === undefined
      ? undefined
      : await desk.store.renewal(desk.company, account.id, account.renewalOn)
  return { drawing, account, ...(renewal ? { renewal } : {}) }
}

/** What “Take back” of a milestone stands on: which, and when it was marked. */
export const reopenDrawing = (
  desk: Desk,
  account: Account,
  done: { readonly day: number; readonly at: number },
): Drawing =>
  drawingFor(desk, accountSubject(account.id), account.version, {
    ...(account.renewalOn === undefined ? {} : { renewalOn: account.renewalOn }),
    reopen: done.day,
    doneAt: done.at,
  })

/** The last renewal of an account that has an outcome. */
export const lastSettled = async (desk: Pick<Desk, 'store' | 'company'>, account: string) =>
  (await desk.store.renewalsOf(desk.company, account, 6)).find(({ outcome }) => outcome !== undefined)

/** The day it is in the company's zone. */
export const todayOf = (desk: Pick<Desk, 'now' | 'org'>): string =>
  localDate(desk.now, desk.org.company.working.timeZone)

export const renewalWorld = (
  desk: Desk,
  { account, renewal }: Pick<RenewalFile, 'account' | 'renewal'>,
): RenewalWorld => ({
  account,
  policy: desk.policy.health,
  org: desk.org,
  now: desk.now,
  today: todayOf(desk),
  ...(renewal ? { renewal } : {}),
})

/**
 * All that the renewal of an account is drawn from: for its own card, and as a section of any other card of the account
 * (`renewalBlocks`).
 */
export async function renewalBrief(
  desk: Pick<Desk, 'store' | 'company' | 'org' | 'policy' | 'now'> & { readonly person?: Desk['person'] },
  account: Account,
): Promise<RenewalBrief> {
  const { store, company, org, policy, now } = desk
  const [renewals, health, qbrs] = await Promise.all([
    store.renewalsOf(company, account.id, 6),
    store.healthOf(company, account.id),
    store.qbrsOf(company, account.id, 1),
  ])
  const { renewalOn } = account
  const renewal = renewals.find((each) => each.renewalOn === renewalOn && each.outcome === undefined)
  const people = [
    account.csm,
    account.ae,
    ...renewals.flatMap(({ done, outcome }) => [...done.map(({ by }) => by), outcome?.by]),
  ]
  const names = Object.fromEntries(
    people.flatMap((id) => {
      const name = id === undefined ? undefined : org.people.get(id)?.name
      return id !== undefined && name ? [[id, name]] : []
    }),
  )
  const done = renewal?.done.map(({ day }) => day) ?? []
  const settled = renewals.some((each) => each.renewalOn === renewalOn && each.outcome !== undefined)
  const state =
    renewalOn === undefined || settled
      ? undefined
      : renewalState({ renewalOn, done }, todayOf(desk), policy.health, org.company.working)
  return {
    account,
    earlier: renewals.filter(({ outcome }) => outcome !== undefined).slice(0, 3),
    days: policy.health.renewalDays,
    names,
    now,
    timeZone: desk.person?.timeZone ?? org.company.working.timeZone,
    ...(renewal ? { renewal } : {}),
    ...(state ? { state } : {}),
    ...(health ? { health: { score: health.score, grade: health.grade } } : {}),
    ...(qbrs[0] ? { lastQbr: qbrs[0] } : {}),
  }
}
