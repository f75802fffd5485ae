import { hasLeft } from '../src/canon/contact.ts'
import type { Finding, NudgeKind, NudgeSubject } from '../src/canon/nudge.ts'
import {
  type ChampionTrouble,
  championTrouble,
  leftCycle,
  silenceCounts,
  silentCycle,
} from '../src/canon/nudge-deal.ts'
import { weightOf } from '../src/canon/nudge-weight.ts'
import { isOpen } from '../src/canon/opportunity.ts'
import type { ChampionPage, ScannedChampion } from '../src/ports/scan.ts'
import { buttons, onDeal } from './nudge-deal.ts'
import { type Answerable, answerableIn, worthIn } from './nudge-findings.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

// What the people on the other side say of a deal: its champion is silent, or gone.

/** What is the matter with the champions of a page of deals. */
export function* troubles(
  page: ChampionPage,
  { now, today, org, policy }: Pick<RuleDesk, 'now' | 'today' | 'org' | 'policy'>,
): Generator<{ readonly deal: ScannedChampion; readonly trouble: ChampionTrouble }> {
  const at = { now, zone: org.company.working.timeZone, today }
  for (const deal of page.deals) {
    const contacts = page.contacts.get(deal.account) ?? []
    const trouble = championTrouble(deal.champion, contacts, at, policy.nudges)
    if (trouble) yield { deal, trouble }
  }
}

/** Champions whom nobody contacted for 30 days: to the AE (Canon, Nudges). */
export const championSilentRule: NudgeRule = {
  kind: 'champion-silent',
  async *find(desk) {
    const { store, company, org, policy, today } = desk
    const who = answerableIn(org)
    const worth = await worthIn(desk)
    for await (const page of store.championDeals(company))
      for (const { deal, trouble } of troubles(page, desk)) {
        if (trouble.what !== 'silent') continue
        const { days } = trouble
        if (!silenceCounts(days, deal.createdOn ?? undefined, today, policy.nudges)) continue
        const contact = trouble.contact.id
        yield {
          kind: 'champion-silent' as NudgeKind,
          subject: onDeal(deal.id),
          cycle: silentCycle(contact, days, today, policy.nudges),
          owner: who(deal.owner).owner,
          because: {
            kind: 'champion-silent',
            contact: trouble.contact.name,
            ...(days === undefined ? {} : { days }),
          },
          weight: weightOf('champion-silent', worth(deal), days ?? 30),
        }
      }
  },
  async still(subject, _cycle, desk) {
    const deal = await openChampion(subject, desk)
    const trouble = deal?.trouble
    if (trouble?.what !== 'silent') return undefined
    const { days } = trouble
    return silenceCounts(days, deal?.deal.createdOn, desk.today, desk.policy.nudges)
      ? { kind: 'champion-silent', contact: trouble.contact.name, ...(days === undefined ? {} : { days }) }
      : undefined
  },
  actions: buttons('activity.log', 'deal.open'),
}

async function openChampion(subject: NudgeSubject, desk: RuleDesk) {
  const { store, company, now, today, org, policy } = desk
  const deal = subject.noun === 'deal' ? await store.deal(company, subject.id) : undefined
  if (!deal?.account || !isOpen(deal.stage)) return undefined
  const contacts = await store.contactsOf(company, deal.account, 200)
  const at = { now, zone: org.company.working.timeZone, today }
  return { deal, contacts, trouble: championTrouble(deal.meddicc.champion, contacts, at, policy.nudges) }
}

/** Champions who left the customer: the AE finds who takes their place (Canon, Nudges). */
export const championLeftRule: NudgeRule = {
  kind: 'champion-left',
  async *find(desk) {
    const { store, company, org, today } = desk
    const who = answerableIn(org)
    const worth = await worthIn(desk)
    type Left = Pick<ScannedChampion, 'id' | 'owner' | 'stage' | 'amount' | 'currency'> & {
      contact: string
      contactName: string
      leftOn: string
    }
    const finding = (left: Left, { owner }: Answerable): Finding => ({
      kind: 'champion-left',
      subject: onDeal(left.id),
      cycle: leftCycle(left.contact, left.leftOn, today),
      owner,
      because: { kind: 'champion-left', contact: left.contactName, leftOn: left.leftOn },
      weight: weightOf('champion-left', worth(left), 30),
    })
    for await (const page of store.leftChampions(company))
      for (const { on: leftOn, ...row } of page)
        if (leftOn <= today) yield finding({ ...row, leftOn }, who(row.owner))
    // Those who left since deals were last gone through; the run clears them before it looks.
    for await (const { deal, trouble } of leavers(desk))
      yield finding(
        { ...deal, contact: trouble.contact.id, contactName: trouble.contact.name, leftOn: trouble.leftOn },
        who(deal.owner),
      )
  },
  async still(subject, _cycle, desk) {
    const found = await openChampion(subject, desk)
    if (!found) return undefined
    const { deal, contacts, trouble } = found
    if (trouble?.what === 'left')
      return { kind: 'champion-left', contact: trouble.contact.name, leftOn: trouble.leftOn }
    const gone = contacts.find(({ id }) => id === deal.championLeft?.contact)
    return gone && hasLeft(gone, desk.today)
      ? { kind: 'champion-left', contact: gone.name, leftOn: gone.leftOn! }
      : undefined
  },
  actions: buttons('deal.meddicc', 'activity.log', 'deal.open'),
}

/** Deals that still name a champion who left. */
export async function* leavers(
  desk: Pick<RuleDesk, 'store' | 'company' | 'now' | 'today' | 'org' | 'policy'>,
): AsyncGenerator<{
  readonly deal: ScannedChampion
  readonly trouble: Extract<ChampionTrouble, { what: 'left' }>
}> {
  const { store, company, today } = desk
  for await (const accounts of store.accountsLeft(company, today))
    for (let at = 0; at < accounts.length; at += few) {
      const page = await store.championDealsAt(company, accounts.slice(at, at + few))
      for (const { deal, trouble } of troubles(page, desk))
        if (trouble.what === 'left') yield { deal, trouble }
    }
}

/** Accounts whose deals are read together. */
const few = 200
