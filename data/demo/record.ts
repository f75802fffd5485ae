import type { EvidenceKind, Stage } from '../../src/canon/opportunity.ts'
import { othersAreCalled } from './nudges.ts'
import { type DemoDeal, type DemoLead, dayFrom } from './shape.ts'

// The record behind the demo's deals, made out of what the deals say of themselves: the same deals give the same
// contacts, days and activities, to the letter.

const day = 86_400_000
const at = (text: string) => Date.parse(`${text}T00:00:00Z`)

/** What had happened by a stage, in order. */
const steps: readonly (readonly [Stage, EvidenceKind])[] = [
  ['S1', 'first_meeting'],
  ['S3', 'demo'],
  ['S4', 'proposal'],
  ['S5', 'negotiation'],
  ['S6', 'verbal_agreement'],
  ['CW', 'contract_signed'],
]
const order: readonly Stage[] = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'CW']

/** The days of a deal's evidence, between the day it was opened and the day its stage was entered. */
export function evidenceOf(deal: DemoDeal): Readonly<Partial<Record<EvidenceKind, string>>> {
  // Nobody asks any more what a lost deal had come to.
  if (deal.stage === 'CL') return {}
  const reached = steps.filter(([stage]) => order.indexOf(stage) <= order.indexOf(deal.stage))
  const span = Math.max(0, Math.round((at(deal.stageEnteredOn) - at(deal.createdOn)) / day))
  return Object.fromEntries(
    reached.map(([, kind], index) => [
      kind,
      dayFrom(deal.createdOn, Math.round((span * (index + 1)) / reached.length)),
    ]),
  )
}

interface DemoContact {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly role: 'champion' | 'economic_buyer'
}

/** The champions and Economic Buyers whom the open deals name, at their accounts; a closed deal's words are a verdict. */
export function contactsOf(deals: readonly DemoDeal[]): readonly DemoContact[] {
  const contacts = new Map<string, DemoContact>()
  for (const { account, meddicc, stage } of deals)
    for (const role of ['champion', 'economic_buyer'] as const) {
      const name = meddicc[role]
      if (account === undefined || name === undefined || stage === 'CW' || stage === 'CL') continue
      const key = `${account} ${name}`
      if (contacts.has(key)) continue
      const number = [...contacts.values()].filter((each) => each.account === account).length + 1
      contacts.set(key, { id: `${account}-c${number}`, account, name, role })
    }
  return [...contacts.values()]
}

const kindOf: Readonly<Partial<Record<EvidenceKind, string>>> = {
  first_meeting: 'meeting',
  demo: 'demo',
  proposal: 'proposal',
  negotiation: 'negotiation',
}

type Cells = Readonly<Record<string, string | undefined>>

/** What was done on the open deals: what their evidence speaks of, a call since, and the leads' first calls. */
export function activitiesOf(
  deals: readonly DemoDeal[],
  leads: readonly DemoLead[],
  today: string,
): readonly Cells[] {
  const contacts = contactsOf(deals)
  const rows: Cells[] = []
  const add = (id: string, on: string, more: Cells) =>
    rows.push({ id, happened_at: `${on} 10:30`, logged_at: `${on} 18:00`, ...more })
  deals.forEach((deal, index) => {
    if (deal.stage === 'CW' || deal.stage === 'CL') return
    const champion = contacts.find(
      (each) => each.account === deal.account && each.name === deal.meddicc.champion,
    )
    const of = { opportunity: deal.id, person: deal.owner, contact: champion?.id }
    for (const [kind, on] of Object.entries(evidenceOf(deal))) {
      const what = kindOf[kind as EvidenceKind]
      if (what) add(`${deal.id}-${kind}`, on, { ...of, kind: what })
    }
    // Days without a word differ from deal to deal, and never begin before the stage did.
    const since = Math.round((at(today) - at(deal.stageEnteredOn)) / day)
    add(`${deal.id}-call`, dayFrom(today, -Math.min(since, 1 + ((index * 7) % 19))), {
      ...of,
      kind: 'call',
      ...(othersAreCalled.has(deal.id) ? { contact: undefined } : {}),
    })
  })
  for (const lead of leads)
    if (lead.calledOn !== undefined)
      add(`${lead.id}-call`, lead.calledOn, {
        lead: lead.id,
        person: lead.owner,
        kind: 'call',
        note: lead.note,
      })
  return rows
}
