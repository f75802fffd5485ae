import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'
import type { Persona } from '../support/slack-people.ts'

// An account's health on the local Slack: what is measured elsewhere comes in, people hear of it, and act on it in place.

const minute = 60_000
const dayMs = 86_400_000

describe('the health of an account', () => {
  let desk: Product
  let csm: Persona
  let lead: Persona
  let token = ''

  beforeAll(async () => {
    desk = await product()
    csm = desk.slack.as('U0SOYUL')
    lead = desk.slack.as('U0MINKYUNG')
    const made = { company: 'ondam', label: 'product usage', scopes: ['health-signals'] }
    token = (await desk.app.store.createToken(made, { by: 'cli', platform: 'cli' })).token
    await desk.clock.forward(minute)
  })
  afterAll(() => desk.stop())

  const send = async (rows: readonly object[]) => {
    const response = await fetch(`http://127.0.0.1:${desk.app.port}/api/v1/health-signals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(rows),
    })
    return { status: response.status, body: (await response.json()) as { results: { errors?: object[] }[] } }
  }
  const measured = (account: string, scores: Readonly<Record<string, number>>, on: string) =>
    Object.entries(scores).map(([component, score]) => ({ account, component, score, measured_on: on }))
  const about = (who: Persona, name: RegExp) =>
    who
      .dm()
      .messages()
      .filter((card) => name.test(card.text()))
  const red = /새벽푸드[\s\S]*위험/

  it('the demo tells its red account to the CSM and the CS Manager, and drafts what grows', async () => {
    const jaehyun = desk.slack.as('U0JAEHYUN')
    await jaehyun.dm().waitForMessage(/서해물류/)
    await lead.dm().waitForMessage(/서해물류/)
    const [draft] = await desk.app.store.handoffsOf('ondam', { account: 'meridian' }, 5)
    expect(draft).toMatchObject({ kind: 'cs-to-ae', status: 'draft', sender: 'im-jaehyun' })
    expect(draft?.signals).toMatchObject([{ signal: 'usage-up', before: 66, now: 89 }])
    expect(draft?.items.health_score).toMatch(/^8\d(\.\d)? \/ 100 \(2026-11-23\)$/)
  })

  it('a signal over the API turns the account red: the CSM and the CS Manager hear it once, with the reason', async () => {
    const sent = await send(
      measured('saebyeok', { adoption: 22, support: 35, relationship: 40, sentiment: 30 }, '2026-11-23'),
    )
    expect(sent.status).toBe(200)
    await desk.clock.forward(minute)
    const card = await csm.dm().waitForMessage(red)
    expect(card.text()).toMatch(/새벽푸드/)
    await lead.dm().waitForMessage(red)
    expect(await desk.app.store.healthOf('ondam', 'saebyeok')).toMatchObject({
      grade: 'critical',
      since: '2026-11-23',
      before: { grade: 'healthy' },
    })
    for (let i = 0; i < 3; i += 1) await desk.clock.forward(20 * minute)
    expect(about(csm, red)).toHaveLength(1)
    expect(about(lead, red)).toHaveLength(1)
  })

  it('bad rows are refused one by one, and change nothing', async () => {
    const { status, body } = await send([
      { account: 'saebyeok', component: 'adoption', score: 120, measured_on: '2026-11-23' },
      { account: 'saebyeok', component: 'adoption', score: 90, measured_on: '2026-11-30' },
      { account: 'nowhere', component: 'adoption', score: 90, measured_on: '2026-11-23' },
    ])
    expect(status).toBe(422)
    expect(body.results.every((row) => (row.errors?.length ?? 0) > 0)).toBe(true)
    await desk.clock.forward(minute)
    expect((await desk.app.store.healthOf('ondam', 'saebyeok'))?.grade).toBe('critical')
  })

  it('the card says what the score rests on, how old that is, and what is open', async () => {
    await csm.command('/health', '새벽푸드')
    const card = await csm.ephemeral(/점검 중입니다/)
    const text = card.text()
    expect(text).toMatch(/위험/)
    expect(text).toMatch(/제품 활용 \| 22 \| 30% \| 오늘/)
    expect(text).toMatch(/임원 스폰서 제안: 강도현님/)
    expect(text).toMatch(/등급 변화/)
    expect(card.actions()).toEqual(
      expect.arrayContaining(['health.review', 'health.signal', 'handoff.start']),
    )
    // Its AE sees it on the deal's card, and has nothing to press about it.
    const [deal] = await desk.app.store.dealsOfAccount('ondam', 'saebyeok', 1)
    const ae = desk.slack.as('U0YUJIN')
    await ae.command('/deal', deal!.id)
    expect((await ae.ephemeral(/MEDDICC/)).text()).toMatch(/헬스[\s\S]*🔴 위험 · 41\.1점/)
    await ae.command('/health', 'saebyeok')
    expect((await ae.ephemeral(/점검 중입니다/)).actions()).toEqual(['renewal.open'])
  })

  it('another team’s CSM sees no number of it, and may not act on it', async () => {
    await desk.importFile('teams.csv', 'id,name,manager\nsuccess-2,고객성공 2팀,park-junho\n')
    await desk.importFile(
      'people.csv',
      'id,name,roles,manager,team\noh-subin,오수빈,csm,park-junho,success-2\n',
    )
    const other = desk.slack.as('U0SUBIN')
    await other.command('/health', '새벽푸드')
    const card = await other.ephemeral(/맞는 곳이 없습니다/)
    expect(card.text()).not.toMatch(/점수|위험|\d점/)
    await other.command('/health', 'saebyeok')
    await other.ephemeral(/saebyeok[\s\S]*없습니다/)
    await other.command('/health')
    await other.ephemeral(/아직 CSM이 있는 곳이 없습니다/)
  })

  it('the review is closed with an action from the nudge; the sponsor is told; nothing is repeated', async () => {
    const nudge = about(csm, red)[0]!
    await nudge.click('health.review')
    const form = await csm.modal(/점검 마치기/)
    expect(form.value('sponsor')).toBe('강도현')
    await form.fill({ action_taken: '대표 면담과 4주 재교육', note: '새 담당자 합류' })
    await form.submit()
    await desk.settled()
    const [review] = await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5)
    expect(review).toMatchObject({
      kind: 'review',
      status: 'closed',
      closedBy: 'bae-soyul',
      action: '대표 면담과 4주 재교육',
    })
    expect((await desk.app.store.account('ondam', 'saebyeok'))?.executiveSponsor).toBe('kang-dohyun')
    await desk.slack
      .as('U0DOHYUN')
      .dm()
      .waitForMessage(/새벽푸드의 임원 스폰서로/)
    for (let i = 0; i < 3; i += 1) await desk.clock.forward(dayMs)
    expect(about(csm, red).filter((card) => card.live().includes('health.review'))).toHaveLength(0)
    const audit = await desk.app.store.auditOf('ondam', { noun: 'account', id: 'saebyeok' }, 20)
    expect(audit.map((entry) => entry.what)).toEqual(
      expect.arrayContaining(['health.changed', 'health.review-opened', 'health.review-closed']),
    )
    expect(JSON.stringify(audit)).not.toContain('면담')
  })

  it('operations reopen a review that was closed too early', async () => {
    await lead.command('/health', '새벽푸드')
    const card = await lead.ephemeral(/점검을 마쳤습니다/)
    await card.click('health.reopen')
    await desk.settled()
    expect((await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5))[0]).toMatchObject({
      status: 'open',
      action: '대표 면담과 4주 재교육',
    })
  })

  it('scores typed into the form count at once; yellow asks for a plan, green ends it, the review stays', async () => {
    await csm.command('/health', '새벽푸드')
    const card = await csm.ephemeral(/등급 변화/)
    await card.click('health.signal')
    const form = await csm.modal(/헬스 신호/)
    await form.fill({ adoption: '１０１', support: '70' })
    await form.trySubmit()
    expect(form.errors().adoption).toMatch(/0부터 100까지/)
    await form.fill({ adoption: '72.5', support: '70', relationship: '60', sentiment: '55' })
    await form.submit()
    await desk.settled()
    expect(await desk.app.store.healthOf('ondam', 'saebyeok')).toMatchObject({ grade: 'at-risk' })
    const [review, plan] = await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5)
    expect([review?.kind, plan?.kind].sort()).toEqual(['plan', 'review'])

    const before = csm.dm().mark()
    await desk.clock.set('2026-11-30T09:01:00+09:00')
    const ask = await csm.dm().waitForMessage(/새벽푸드[\s\S]*개선 계획 기한/, { after: before })
    await ask.click('health.plan', { near: /새벽푸드/ })
    const planning = await csm.modal(/개선 계획/)
    await planning.fill({ plan: '주간 사용 점검', until: '2026-11-01' })
    await planning.trySubmit()
    expect(planning.errors().until).toBeDefined()
    await planning.fill({ until: '2026-12-14' })
    await planning.submit()
    await desk.settled()
    const tasks = await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5)
    expect(tasks.find((task) => task.kind === 'plan')).toMatchObject({
      action: '주간 사용 점검',
      plannedUntil: '2026-12-14',
      plannedBy: 'bae-soyul',
    })
    // On its day the account is still yellow: the CSM is reminded.
    const then = csm.dm().mark()
    await desk.clock.set('2026-12-14T09:01:00+09:00')
    await csm.dm().waitForMessage(/새벽푸드[\s\S]*다시 확인하기로/, { after: then })

    await send(
      measured('saebyeok', { adoption: 92, support: 90, relationship: 88, sentiment: 85 }, '2026-12-14'),
    )
    await desk.clock.forward(minute)
    const after = await desk.app.store.healthTasksOf('ondam', 'saebyeok', 5)
    expect(after.find((task) => task.kind === 'plan')).toMatchObject({
      status: 'closed',
      closedWhy: 'healthy',
    })
    expect(after.find((task) => task.kind === 'review')).toMatchObject({ status: 'open' })
  })

  it('without an account it is my accounts, the worst first, beside the target mix', async () => {
    await csm.command('/health')
    const card = await csm.ephemeral(/담당 고객사/)
    expect(card.text()).toMatch(/목표 70/)
    expect(card.text()).toMatch(/LotusPack Vietnam/)
    expect(card.text()).not.toMatch(/서해물류/)
    await lead.command('/health')
    const all = await lead.ephemeral(/볼 수 있는 고객사/)
    expect(all.text()).toMatch(/서해물류[\s\S]*LotusPack/)
    await all.click('health.open', { near: /서해물류/ })
    await lead.ephemeral(/서해물류[\s\S]*등급 변화/)
  })
})
