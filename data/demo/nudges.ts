import type { Opportunity } from '../../src/canon/opportunity.ts'
import type { StageEntry } from '../../src/canon/stage.ts'

// What the nightly rules find in the demo companies, beside what the deals show of themselves: a champion who left, one
// who is silent, contacts nobody has looked at for a quarter, a call that was logged days later, a gate that is owed.

type On = (days: number) => string

interface Watched {
  readonly engagement: 'high' | 'medium' | 'low'
  readonly lookedAt: number
  readonly left?: number
}

/** By the name of the contact: how they take part, days since somebody looked at it, and since they left. */
const watched: Readonly<Record<string, Watched>> = {
  '품질팀 강예린 팀장': { engagement: 'high', lookedAt: -40, left: -3 },
  '경영기획팀 유선아 과장': { engagement: 'medium', lookedAt: -131 },
  '설비팀 노은찬 부장': { engagement: 'low', lookedAt: -118 },
  '자재팀 연우진 차장': { engagement: 'medium', lookedAt: -97 },
  'Renee Vogt': { engagement: 'high', lookedAt: -30, left: -2 },
  'Ops lead': { engagement: 'medium', lookedAt: -120 },
}

/**
 * Deals that stand still though somebody is called: whoever answers is not the champion, to whom nobody has spoken since
 * the demo, over a month ago.
 */
export const othersAreCalled: ReadonlySet<string> = new Set(['D-1064', 'L-318'])

/** A contact as a row of its file, with when its role was last looked at. */
export const lookedAt = (contact: { readonly name: string }, on: On) => {
  const found = watched[contact.name]
  return found
    ? {
        ...contact,
        engagement: found.engagement,
        updated_on: on(found.lookedAt),
        left_on: found.left === undefined ? undefined : on(found.left),
      }
    : { ...contact, engagement: undefined, updated_on: on(-20), left_on: undefined }
}

/** Calls that somebody wrote down days after they were made. */
export function loggedLate(company: string, on: On): readonly Readonly<Record<string, string>>[] {
  const call = (id: string, opportunity: string, person: string) => ({
    id,
    opportunity,
    person,
    kind: 'call',
    happened_at: `${on(-4)} 15:00`,
    logged_at: `${on(-1)} 17:40`,
  })
  return company === 'ondam'
    ? [call('D-1068-late', 'D-1068', 'jung-taeyun')]
    : [call('L-318-late', 'L-318', 'aisha-karim')]
}

/** A deal that was let pass a gate it owes until a day that comes soon. */
export function owingDeal(
  company: string,
  on: On,
  now: number,
): { readonly next: Opportunity; readonly entry: StageEntry } | undefined {
  if (company !== 'larkfield') return undefined
  const debt = {
    gate: 'demo',
    stage: 'S3',
    until: on(2),
    reason: 'Their plant is closed until next week; the demo is booked.',
    by: 'ines-duarte',
    at: now - 9 * 86_400_000,
  } as const
  return {
    next: {
      id: 'L-324',
      name: 'Fenwick Labs second site',
      account: 'fenwick',
      owner: 'noah-brandt',
      amount: { amount: 3_100_000, currency: 'USD' },
      listAmount: { amount: 3_100_000, currency: 'USD' },
      stage: 'S3',
      stageEnteredOn: on(-9),
      createdOn: on(-34),
      expectedCloseOn: on(48),
      channel: 'cs_driven',
      product: 'Claims Desk',
      meddicc: {
        metrics: 'Sample turnaround 5 to 3 days',
        decision_criteria: 'Same workflow as the first site',
        identify_pain: 'Results are carried over by hand',
        champion: 'Site lead',
      },
      evidence: { first_meeting: on(-30) },
      gateDebt: [debt],
      updatedAt: now,
      version: 1,
    },
    entry: {
      deal: 'L-324',
      from: 'S2',
      to: 'S3',
      at: debt.at,
      by: debt.by,
      door: 'slack',
      reason: debt.reason,
      overridden: ['demo'],
    },
  }
}
