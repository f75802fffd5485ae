import type { LifeCast } from './deal-life.ts'

/** The Korean demo company and a customer it has already. */
const korean: LifeCast = {
  language: 'ko',
  workspace: 'T0DEALDESK',
  now: '2026-11-23T10:12:00+09:00',
  sdr: { name: '오수빈', user: 'U0SUBIN' },
  ae: { name: '김서연', user: 'U0SEOYEON' },
  manager: { name: '박준호', user: 'U0JUNHO' },
  vp: { name: '윤하은', user: 'U0HAEUN' },
  csm: { name: '배소율', user: 'U0SOYUL' },
  account: '한서정밀',
  lead: { person: '정해린 팀장', called: '2공장 설비 이력 관리 문의' },
  pain: '2공장 설비 고장 이력이 담당자 수첩에만 있음',
  bant: {
    budget: '내년 설비 예산 1억 2천만 원',
    authority: '생산본부장 한태수 상무',
    need: '상반기 고객사 심사 전 이력 전산화',
    timeline: '2027년 1분기 적용',
  },
  meddicc: {
    metrics: '돌발 정지 월 9회 → 3회, 연 1.8억 원',
    champion: '생산관리팀 조현우 팀장',
    decision_criteria: '1공장 MES와 한 화면, 현장 태블릿',
    economic_buyer: '생산본부장 한태수 상무',
    decision_process: '기술 검토 → 본부장 결재 → 구매 계약',
  },
  list: '120,000,000',
  price: '₩93,600,000',
  reason: '1·2공장을 함께 쓰는 3년 계약과 사례 공개를 받습니다.',
  onboarding: {
    day_to_day_contact: '설비보전팀 정해린 팀장',
    open_issues: '야간 교육 일정 미정',
    milestone_30: '설비 140대 연동',
    milestone_60: '정지 원인 실시간 표시',
    milestone_90: '2공장 전 라인 적용',
  },
  asked: '몇 회까지 줄면 성공인지 알려 주세요.',
  criteria: '돌발 정지 월 3회 이하를 3개월 유지',
  remark: '연락처와 일정이 정확했습니다.',
  growth: {
    opportunity: '협력사 12곳까지 이력 조회 확대',
    product: '온담 Connect',
    amount: '6,000만',
    why_now: '만족도 98점, 내년 1월 협력사 심사',
  },
}

/** The second demo company, in English. */
const english: LifeCast = {
  language: 'en',
  workspace: 'T0LARKFIELD',
  now: '2026-11-23T10:12:00-05:00',
  sdr: { name: 'Leo Whitaker', user: 'U0LEO' },
  ae: { name: 'Noah Brandt', user: 'U0NOAH' },
  manager: { name: 'Inês Duarte', user: 'U0INES' },
  vp: { name: 'Victor Hale', user: 'U0VICTOR' },
  csm: { name: 'Hannah Sato', user: 'U0HANNAH' },
  account: 'Orchard Mutual',
  lead: { person: 'Ruth Calloway', called: 'Dental claims are still on paper' },
  pain: 'Dental claims wait eleven days in paper files',
  bant: {
    budget: '$90K in the 2027 operations budget',
    authority: 'Martin Shaw, VP Dental',
    need: 'Regulator asks for an audit trail by June',
    timeline: 'Live in the first quarter of 2027',
  },
  meddicc: {
    metrics: 'Dental claims 11 to 4 days',
    champion: 'Ruth Calloway, Dental Claims',
    decision_criteria: 'One queue with the other claims',
    economic_buyer: 'Martin Shaw, VP Dental',
    decision_process: 'Security review, then Shaw signs',
  },
  list: '90,000',
  price: '$70,200',
  reason: 'They sign for three years and speak at our conference.',
  onboarding: {
    day_to_day_contact: 'Ruth Calloway, Dental Claims',
    open_issues: 'Training for the night shift is not scheduled',
    milestone_30: 'Scanner feed connected',
    milestone_60: 'First claims from end to end',
    milestone_90: 'All dental claims live',
  },
  asked: 'How many days count as success?',
  criteria: 'Four days or less for three months',
  remark: 'Contacts and dates were right.',
  growth: {
    opportunity: 'Vision claims want the same queue',
    product: 'Claims Desk',
    amount: '60,000',
    why_now: 'Satisfaction at 98; vision moves in January',
  },
}

/** Who lives through the deal's story, by language. */
export const lifeCasts = { ko: korean, en: english } as const
