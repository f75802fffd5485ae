import type { Chart } from '../../blocks/chart.ts'

/** A team's week as the digest shows it. */
export const week: Chart = {
  alt: '서울 엔터프라이즈: 발굴 12.4억 원, 자격 검증 9.8억 원, 솔루션 제안 15.3억 원, 협상 6.1억 원. 커버리지 3.4배.',
  panels: [
    {
      kind: 'funnel',
      title: '단계별 파이프라인',
      now: '이번 주',
      before: '지난주',
      bars: [
        { label: '발굴', value: 1240, text: '₩12.4억 · 18건', before: 1100 },
        { label: '자격 검증', value: 980, text: '₩9.8억 · 14건', before: 1210 },
        { label: '솔루션 제안', value: 1530, text: '₩15.3억 · 11건', before: 1400 },
        { label: '협상', value: 610, text: '₩6.1억 · 5건', before: 320 },
        { label: '계약 검토 및 법무 확인 단계', value: 0, text: '₩0', before: 90 },
      ],
    },
    {
      kind: 'gauge',
      title: '커버리지',
      value: 3.4,
      text: '3.4×',
      target: [3, 5],
      most: 7,
      targetText: '목표 3–5×',
    },
  ],
}

export const trend: Chart = {
  alt: 'Win rate: mid-market 36 %, enterprise 27.2 %, target 30 %.',
  panels: [
    {
      kind: 'lines',
      title: 'Win rate by quarter',
      unit: '%',
      periods: ['Q1 25', 'Q2 25', 'Q3 25', 'Q4 25', 'Q1 26', 'Q2 26', 'Q3 26', 'Q4 26'],
      target: { label: 'Target', value: 30 },
      lines: [
        { label: 'Mid-market', values: [22, 25, null, 31, 29, 34, 33.5, 36] },
        { label: 'Enterprise', values: [18, 19, 24, 21, 26, 25, 28, 27.2] },
      ],
    },
    {
      kind: 'bars',
      title: '팀별 목표 달성률',
      target: { label: '목표 100%', value: 100 },
      bars: [
        { label: '서울 엔터프라이즈', value: 112, text: '112%' },
        { label: '부산', value: 87, text: '87%' },
        { label: 'APAC', value: 45.5, text: '45.5%' },
      ],
    },
  ],
}

/** As many bars as there may be, with long names, below and above zero. */
export const crowd: Chart = {
  alt: 'Net new ARR of thirty people.',
  panels: [
    {
      kind: 'bars',
      title: 'Net new ARR by rep, under a title that is much too long to ever fit into one line',
      bars: Array.from({ length: 30 }, (_, at) => ({
        label: `김영업 ${at} 👩‍👩‍👧‍👦 서울 본부 제${at}팀 담당`,
        value: (at - 8) * 1_000,
        text: `${(at - 8) * 1_000}만원`,
      })),
    },
  ],
}

export const nothing: Chart = {
  alt: 'Nothing yet.',
  panels: [
    {
      kind: 'funnel',
      title: '파이프라인',
      now: '이번 주',
      before: '지난주',
      bars: [{ label: '발굴', value: 0, text: '₩0', before: 0 }],
    },
    { kind: 'gauge', title: 'Coverage', value: 0, text: '0×', target: [3, 5], most: 6, targetText: '3–5×' },
  ],
}
