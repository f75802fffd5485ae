import type { Browser } from 'playwright-core'
import { Screen, type ScreenOptions } from './browser.ts'
import { type Cast, shoot } from './picture.ts'
import type { TestPlayground } from './playground.ts'
import { TeamsPage } from './teams-page.ts'

interface Scene {
  readonly deal: string
  readonly name: string
  readonly csm: string
  readonly change: string
  readonly stage: { readonly label: string; readonly asks: string }
  /** What the stages on the way ask for, by label: of the contract stage, then of the win. */
  readonly verbal: Readonly<Record<string, string>>
  readonly signed: Readonly<Record<string, string>>
  readonly complete: string
  readonly items: Readonly<Record<string, string>>
  readonly receiver: { readonly label: string; readonly name: string }
  readonly send: string
  readonly handed: RegExp
  readonly accept: string
  readonly settings: string
  readonly accepted: string
}

const scenes: Readonly<Record<Cast['language'], Scene>> = {
  ko: {
    deal: 'D-1042',
    name: '한누리반도체 이천 2공장 MES',
    csm: 'U0SOYUL',
    change: '단계 변경',
    stage: { label: '새 단계', asks: '더 필요합니다' },
    verbal: { '구두 합의일': '2026-11-20' },
    signed: { '계약 체결일': '2026-11-23' },
    complete: '채워서 보내기',
    items: {
      '성공 기준': '라인 정지 월 15시간 이하를 3개월 유지',
      '실무 담당자': '생산기술팀 이정민 책임',
      '미해결 이슈': '야간 교육 일정 미정. 고객사 연수팀과 12월 첫 주에 정하기로 함',
      '30일 마일스톤': '설비 312대 연동',
      '60일 마일스톤': '정지 원인 실시간 표시',
      '90일 마일스톤': '2공장 전 라인 적용',
      '킥오프 날짜': '2026-11-26',
    },
    receiver: { label: '이어받을 분', name: '배소율' },
    send: '인계 보내기',
    handed: /김서연님이 인계했습니다/,
    accept: '수락',
    settings: '요청을 받을 곳',
    accepted: '온보딩 마일스톤',
  },
  en: {
    deal: 'L-311',
    name: 'Orchard Mutual enterprise rollout',
    csm: 'U0HANNAH',
    change: 'Change the stage',
    stage: { label: 'New stage', asks: 'still missing' },
    verbal: { 'Agreed verbally on': '2026-11-20' },
    signed: { 'Contract signed on': '2026-11-23' },
    complete: 'Complete and send',
    items: {
      'success criteria': 'Handling time at 9 days for three months',
      'day-to-day contact': 'Joel Freund, Claims',
      'open issues':
        'Training for the night shift is not scheduled; Joel decides in the first week of December',
      '30-day': 'Three systems connected',
      '60-day': 'First claims from end to end',
      '90-day': 'All regions live',
      kickoff: '2026-11-26',
    },
    receiver: { label: 'Who takes it over', name: 'Hannah Sato' },
    send: 'Send handoff',
    handed: /Noah Brandt hands this over/,
    accept: 'Accept',
    settings: 'Language',
    accepted: 'Onboarding milestones',
  },
}

/** A deal on its way from its negotiation to the people who look after the customer, on Slack and on Teams. */
export async function dealStory(browser: Browser, playground: TestPlayground, cast: Cast): Promise<void> {
  const { language } = cast
  const tail = language === 'en' ? '-en' : ''
  const scene = scenes[language]
  const visit = async (
    user: string,
    more: Partial<ScreenOptions>,
    look: (screen: Screen) => Promise<void>,
  ): Promise<void> => {
    const screen = await Screen.open(browser, {
      url: playground.url,
      language,
      workspace: cast.workspace,
      user,
      at: 'messages',
      plain: true,
      scale: 1.5,
      size: { width: 860, height: 1500 },
      ...more,
    })
    try {
      await look(screen)
    } finally {
      await screen.close()
    }
  }
  const rest = (screen: Screen) =>
    screen.page.evaluate(
      `document.activeElement?.blur(); document.querySelector('.modal-body')?.scrollTo(0, 0)`,
    )

  await visit(scene.csm, { platform: 'teams' }, async (screen) => {
    const teams = new TeamsPage(screen, language)
    await teams.say('dealdesk settings')
    await teams
      .message(scene.settings)
      .getByRole('button', { name: /Microsoft Teams$/ })
      .click()
    await teams
      .message(scene.settings)
      .getByRole('button', { name: /✓ Microsoft Teams$/ })
      .waitFor()
  })

  const change = async (screen: Screen, to: string, answers: Readonly<Record<string, string>>) => {
    await screen.command(`/stage ${scene.deal} ${to}`)
    await screen.fill(answers)
  }
  await visit(cast.asker, {}, async (screen) => {
    await screen.command(`/deal ${scene.deal}`)
    const card = screen.message(scene.name)
    await card.getByRole('button', { name: scene.change }).waitFor()
    await rest(screen)
    await shoot(card, `deal-card${tail}`)
    await change(screen, 'S6', scene.verbal)
    await screen.dialog.getByText(scene.stage.asks).waitFor()
    await rest(screen)
    await shoot(screen.dialog, `stage-form${tail}`)
    await screen.dialog.locator('button[type=submit]').click()
    await screen.page.getByRole('dialog').waitFor({ state: 'detached' })
    await change(screen, 'CW', scene.signed)
    await screen.dialog.locator('button[type=submit]').click()
    await screen.page.getByRole('dialog').waitFor({ state: 'detached' })

    const draft = screen.page
      .getByRole('article')
      .filter({ has: screen.page.getByRole('button', { name: scene.complete }) })
      .last()
    await screen.press(draft, scene.complete)
    const receiver = screen.dialog.getByRole('combobox', { name: scene.receiver.label })
    if (!((await screen.dialog.textContent()) ?? '').includes(scene.receiver.name)) {
      await receiver.fill(scene.receiver.name)
      await screen.page.getByRole('option', { name: new RegExp(scene.receiver.name) }).click()
    }
    for (const [label, answer] of Object.entries(scene.items))
      await screen.dialog.getByRole('textbox', { name: new RegExp(label, 'i') }).fill(answer)
    await screen.submit(scene.send)
  })
  await visit(
    scene.csm,
    { platform: 'teams', size: { width: 1000, height: 770 }, scale: 1 },
    async (screen) => {
      const teams = new TeamsPage(screen, language)
      const card = teams.message(scene.handed)
      await card.getByRole('button', { name: scene.accept, exact: true }).first().waitFor()
      await rest(screen)
      await shoot(screen, `teams-handoff${tail}`)
      await teams.press(card, scene.accept)
      await card
        .getByRole('button', { name: scene.accept, exact: true })
        .first()
        .waitFor({ state: 'detached' })
    },
  )
  await visit(cast.asker, { size: { width: 800, height: 1300 }, scale: 1.2 }, async (screen) => {
    const card = screen.page.getByRole('article').filter({ hasText: scene.accepted })
    await card.last().waitFor()
    await shoot(card.last(), `handoff-card${tail}`)
  })
}
