import type { PlainDate } from '../../src/canon/calendar.ts'
import type { Tier } from '../../src/canon/opportunity.ts'
import { quarterOf } from '../../src/canon/period.ts'
import { type DemoAccount, type DemoCompany, dayFrom } from './shape.ts'

// Customers at each milestone of their renewal on the day of the demo, and the QBRs that were held with customers.

type Row = readonly [
  id: string,
  name: string,
  tier: Tier,
  industry: string,
  region: string,
  ae: string,
  csm: string,
  arr: number,
  renewalInDays: number,
]

const ondam: readonly Row[] = [
  ['narae', '나래식품기계', 'T2', '식품 설비', '전북 익산', 'choi-yujin', 'bae-soyul', 33_000_000, 180],
  ['moa', '모아전자', 'T1', '전자 부품', '경기 화성', 'kim-seoyeon', 'im-jaehyun', 158_000_000, 90],
  ['solbio', '솔바이오', 'T2', '바이오', '인천 송도', 'lee-minjae', 'bae-soyul', 61_000_000, 60],
  ['danbi', '단비농산', 'T3', '식품', '강원 원주', 'jung-taeyun', 'im-jaehyun', 14_400_000, 30],
  ['yeoul', '여울수자원', 'T2', '환경', '대전', 'choi-yujin', 'bae-soyul', 27_600_000, 0],
  ['bitgaram', '빛가람전력', 'T2', '에너지', '전남 나주', 'lee-minjae', 'im-jaehyun', 49_000_000, -6],
]

const larkfield: readonly Row[] = [
  [
    'pinehill',
    'Pinehill Dental',
    'T3',
    'Healthcare',
    'New England',
    'noah-brandt',
    'hannah-sato',
    9_600,
    180,
  ],
  ['sorrel', 'Sorrel Freight', 'T2', 'Logistics', 'South', 'aisha-karim', 'hannah-sato', 41_000, 90],
  ['hexley', 'Hexley Museums', 'T3', 'Culture', 'Mid-Atlantic', 'noah-brandt', 'hannah-sato', 15_200, 60],
  ['castine', 'Castine Marine', 'T2', 'Marine', 'New England', 'noah-brandt', 'hannah-sato', 27_900, 30],
  ['wrenfield', 'Wrenfield Schools', 'T2', 'Education', 'Midwest', 'aisha-karim', 'hannah-sato', 33_500, 0],
]

const rows: Readonly<Record<string, readonly [list: readonly Row[], currency: string]>> = {
  ondam: [ondam, 'KRW'],
  larkfield: [larkfield, 'USD'],
}

/** Customers whose renewal is at a milestone today, beside those the company has anyway. */
export function renewingAccounts(company: string, on: (days: number) => PlainDate): readonly DemoAccount[] {
  const [list, currency] = rows[company] ?? [[], '']
  return list.map(([id, name, tier, industry, region, ae, csm, arr, days]) => ({
    id,
    name,
    tier,
    industry,
    region,
    ae,
    csm,
    arr,
    currency,
    renewalOn: on(days),
  }))
}

/** Days since a QBR, three months apart; some customers have none for a while, and those are due. */
const rhythms: readonly (readonly number[])[] = [[20, 112, 203, 294], [104, 196, 288], [15, 110, 290], []]

/** The QBRs held with T1 and T2 customers up to today, as rows of qbrs.csv: some have one in every quarter, some are due. */
export function qbrsOf(
  { accounts, fiscalYearStart }: Pick<DemoCompany, 'accounts' | 'fiscalYearStart'>,
  today: PlainDate,
): readonly Readonly<Record<'account' | 'quarter' | 'held_on', string>>[] {
  const customers = accounts.filter(({ csm, tier }) => csm !== undefined && tier !== 'T3')
  return customers.flatMap((account, at) => {
    const held = new Map<string, string>()
    for (const days of rhythms[at % rhythms.length] ?? []) {
      const day = dayFrom(today, -days)
      const { name } = quarterOf(day, fiscalYearStart)
      if (!held.has(name)) held.set(name, day)
    }
    return [...held].map(([quarter, held_on]) => ({ account: account.id, quarter, held_on }))
  })
}
