import type { Tier } from '../../src/canon/opportunity.ts'
import type { DemoAccount } from './shape.ts'

type Row = readonly [
  id: string,
  name: string,
  tier: Tier,
  industry: string,
  region: string,
  ae: string,
  csm?: string,
  arr?: number,
  renewalInDays?: number,
]

const korean: readonly Row[] = [
  ['hanseo', '한서정밀', 'T1', '자동차 부품', '경남 창원', 'kim-seoyeon', 'bae-soyul', 184_000_000, 88],
  ['daeryung', '대륭오토텍', 'T1', '자동차 부품', '울산', 'kim-seoyeon', 'bae-soyul', 216_000_000, 152],
  ['haeon', '해온중공업', 'T1', '조선', '경남 거제', 'lee-minjae', 'im-jaehyun', 342_000_000, 31],
  ['hannuri', '한누리반도체', 'T1', '반도체', '경기 이천', 'kim-seoyeon'],
  ['cheongmyung', '청명화학', 'T1', '화학', '전남 여수', 'lee-minjae', 'im-jaehyun', 128_000_000, 203],
  ['gaon', '가온제약', 'T1', '제약', '충북 오송', 'lee-minjae'],
  ['saebyeok', '새벽푸드', 'T2', '식품', '충남 천안', 'choi-yujin', 'bae-soyul', 46_000_000, 59],
  ['dure', '두레유통', 'T2', '유통', '서울', 'choi-yujin', 'im-jaehyun', 72_000_000, 117],
  ['seohae', '서해물류', 'T2', '물류', '인천', 'jung-taeyun', 'im-jaehyun', 54_000_000, 12],
  ['neulbom', '늘봄의료재단', 'T2', '의료', '대구', 'choi-yujin'],
  ['seum', '세움플랜트', 'T2', '건설', '부산', 'jung-taeyun'],
  ['mirae', '미래로지스틱스', 'T2', '물류', '경기 평택', 'jung-taeyun', 'bae-soyul', 38_000_000, 241],
  ['barun', '바른저축은행', 'T2', '금융', '서울', 'kim-seoyeon'],
  ['pureun', '푸른에너지솔루션', 'T2', '에너지', '전북 군산', 'lee-minjae'],
  ['onnuri', '온누리가전', 'T3', '가전', '광주', 'choi-yujin', 'bae-soyul', 21_000_000, 176],
  ['dongsan', '동산섬유', 'T3', '섬유', '경기 안산', 'jung-taeyun'],
  ['garam', '가람인쇄', 'T3', '인쇄', '경기 파주', 'choi-yujin', 'im-jaehyun', 9_600_000, 44],
  ['byeolbit', '별빛테크', 'T3', '전자 부품', '경북 구미', 'jung-taeyun'],
]

const international: readonly Row[] = [
  [
    'meridian',
    'Meridian Semicon',
    'T1',
    'Semiconductors',
    'Singapore',
    'daniel-tan',
    'im-jaehyun',
    148_000,
    96,
  ],
  ['koto', 'Koto Precision K.K.', 'T1', 'Precision machinery', 'Osaka', 'daniel-tan'],
  [
    'lotuspack',
    'LotusPack Vietnam',
    'T2',
    'Packaging',
    'Ho Chi Minh City',
    'daniel-tan',
    'bae-soyul',
    41_000,
    21,
  ],
  ['harrow', 'Harrow & Finch Foods', 'T2', 'Food', 'Melbourne', 'daniel-tan'],
  ['straits', 'Straits Bunkering', 'T2', 'Marine fuel', 'Singapore', 'daniel-tan'],
  ['kestrel', 'Kestrel Medical Devices', 'T1', 'Medical devices', 'Austin', 'daniel-tan'],
  ['baywater', 'Baywater Robotics', 'T3', 'Robotics', 'Taipei', 'daniel-tan'],
]

/** The accounts, renewal dates counted from the day `on(0)` gives. */
export function accounts(on: (days: number) => string): readonly DemoAccount[] {
  const account = (
    [id, name, tier, industry, region, ae, csm, arr, renewal]: Row,
    currency: string,
  ): DemoAccount => ({
    id,
    name,
    tier,
    industry,
    region,
    ae,
    currency,
    ...(csm ? { csm } : {}),
    ...(arr ? { arr } : {}),
    ...(renewal !== undefined ? { renewalOn: on(renewal) } : {}),
    ...(tier === 'T1' ? { executiveSponsor: 'yoon-haeun' } : {}),
  })
  return [...korean.map((row) => account(row, 'KRW')), ...international.map((row) => account(row, 'USD'))]
}
