import type { DemoLead } from './shape.ts'

type On = (days: number) => string

/** Leads of the Korean company: two that can be handed over, one fresh, one that will come back. */
export const ondamLeads = (on: On): readonly DemoLead[] => [
  {
    id: 'lead-2101',
    name: '정해린 팀장',
    company: '한서정밀',
    account: 'hanseo',
    email: 'haerin.jung@hanseo.example',
    source: 'inbound',
    owner: 'oh-subin',
    arrivedOn: on(-9),
    calledOn: on(-9),
    note: '2공장 설비 이력 관리 문의, 내년 1분기 예산 확보',
    score: 82,
    status: 'qualified',
  },
  {
    id: 'lead-2102',
    name: '서민규 차장',
    company: '청명화학',
    account: 'cheongmyung',
    email: 'mk.seo@cheongmyung.example',
    source: 'outbound',
    owner: 'oh-subin',
    arrivedOn: on(-6),
    calledOn: on(-5),
    note: '배치 기록 전자화 검토 중, 담당 임원 미팅 제안',
    score: 74,
    status: 'qualified',
  },
  {
    id: 'lead-2103',
    name: '안도연',
    company: '미르전자',
    email: 'dy.ahn@mir.example',
    source: 'inbound',
    owner: 'oh-subin',
    arrivedOn: on(-1),
    score: 55,
    status: 'new',
  },
  {
    id: 'lead-2088',
    name: '고은별 과장',
    company: '두레유통',
    account: 'dure',
    source: 'partner',
    owner: 'oh-subin',
    arrivedOn: on(-120),
    calledOn: on(-118),
    note: '올해는 예산 없음, 내년 상반기 재접촉',
    score: 41,
    status: 'recycled',
  },
]

/** Leads of the second company. */
export const larkfieldLeads = (on: On): readonly DemoLead[] => [
  {
    id: 'lead-501',
    name: 'Priya Raman',
    company: 'Northgate Dairy',
    email: 'priya.raman@northgate.example',
    source: 'inbound',
    owner: 'leo-whitaker',
    arrivedOn: on(-4),
    calledOn: on(-4),
    note: 'Wants cold-chain alerts before the summer season',
    score: 78,
    status: 'qualified',
  },
  {
    id: 'lead-502',
    name: 'Tom Aldridge',
    company: 'Harrow Growers',
    email: 'tom@harrow.example',
    source: 'outbound',
    owner: 'leo-whitaker',
    arrivedOn: on(-2),
    score: 48,
    status: 'working',
  },
]
