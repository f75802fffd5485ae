import { wordsFor } from '../../blocks/words/index.ts'
import { phone, type Screen } from './browser.ts'
import { clockStory } from './clock-pictures.ts'
import { dealOnSlack, dealOnTeams } from './deal-pictures.ts'
import { type Cast, rest, shoot } from './picture.ts'
import { teamsStory } from './teams-pictures.ts'
import { Visits } from './visits.ts'

/**
 * Takes the pictures of docs/images: one discount through the playground, on a desktop and on a phone, in Korean and
 * in English, at a fixed business time so that they stay the same from run to run.
 *
 *     npm run pictures
 */

const korean: Cast = {
  language: 'ko',
  workspace: 'T0DEALDESK',
  deal: 'D-1042',
  dealName: '한누리반도체 이천 2공장 MES',
  asker: 'U0SEOYEON',
  deciders: ['U0JUNHO', 'U0HAEUN'],
  manager: '박준호',
  answers: {
    '요청 사유':
      '팩토리온이 28% 낮게 견적했습니다. 22%면 구매심의위에 같이 올릴 수 있고, 대신 3년 유지보수 계약을 함께 받습니다.',
    경쟁사: '팩토리온',
    '결정 기한': '2026-11-27',
  },
  send: '요청 보내기',
  approve: '승인',
  pending: /할인 승인 요청 · 22%/,
  approved: /승인 완료 · 22%/,
  preview: '₩374,400,000',
}

const english: Cast = {
  language: 'en',
  workspace: 'T0LARKFIELD',
  deal: 'L-311',
  dealName: 'Orchard Mutual enterprise rollout',
  asker: 'U0NOAH',
  deciders: ['U0INES', 'U0VICTOR'],
  manager: 'Inês Duarte',
  answers: {
    Reason:
      'Clarivo is at 25 % off. At 22 % Sandra signs this quarter and takes the three-year term with the reference.',
    Competitor: 'Clarivo',
    'Needed by': '2026-11-27',
  },
  send: 'Send request',
  approve: 'Approve',
  pending: /Discount request 22%/,
  approved: /Approved · 22%/,
  preview: '$205,920',
}

/** One language from the form to the settled card. Desktop and phone are photographed on the way. */
async function story(visits: Visits, cast: Cast): Promise<void> {
  const tail = cast.language === 'en' ? '-en' : ''
  const visit = visits.as({
    language: cast.language,
    workspace: cast.workspace,
    at: 'messages',
    plain: true,
    scale: 1.5,
    size: { width: 900, height: 900 },
  })
  const card = (screen: Screen, text: string | RegExp) =>
    screen.message(cast.dealName).filter({ hasText: text })

  // The form, on a phone and then on a desktop: a dialog outlives the tab it was opened in.
  await visit(cast.asker, { size: phone, scale: 2 }, async (screen) => {
    await screen.command(`/approve-discount ${cast.deal} 22`)
    await screen.dialog.getByText(cast.preview).waitFor()
    await screen.fill(cast.answers)
    await rest(screen)
    await shoot(screen, `request-form-phone${tail}`)
  })
  // What an engineer sees: the whole playground, with what went over the wire for this one request.
  await visit(cast.asker, { plain: false, size: { width: 1440, height: 960 }, scale: 1 }, async (screen) => {
    await screen.dialog.getByText(cast.preview).waitFor()
    await screen.fill(cast.answers)
    await rest(screen)
    await shoot(screen.dialog, `request-form${tail}`)
    await screen.submit(cast.send)
    await card(screen, /./).waitFor()
    await screen.become(cast.manager)
    await card(screen, cast.pending).waitFor()
    await rest(screen)
    await shoot(screen, `playground${tail}`)
  })

  const [manager = '', vp = ''] = cast.deciders
  const [reason = ''] = Object.values(cast.answers)
  const tall = { width: 430, height: 1130 }
  await visit(manager, { size: tall, scale: 1.5 }, async (screen) => {
    await card(screen, cast.pending).waitFor()
    await shoot(screen, `decision-brief-phone${tail}`)
  })
  await visit(manager, { size: tall, scale: 1.5, dark: true }, async (screen) => {
    await card(screen, cast.pending).waitFor()
    await shoot(screen, `decision-brief-dark${tail}`)
  })
  await visit(manager, { size: { width: 760, height: 900 } }, async (screen) => {
    const brief = card(screen, cast.pending)
    await brief.waitFor()
    await shoot(brief, `decision-brief${tail}`)
  })
  await visit(manager, { at: 'home', size: phone, scale: 2 }, async (screen) => {
    await screen.page.getByRole('tabpanel').getByText(cast.dealName).first().waitFor()
    await shoot(screen, `home-phone${tail}`)
  })
  await visit(manager, { plain: false, size: phone, scale: 2 }, async (screen) => {
    await card(screen, cast.pending).waitFor()
    await shoot(screen, `playground-phone${tail}`)
  })
  for (const user of [manager, vp]) {
    await visit(user, {}, async (screen) => {
      const brief = card(screen, cast.pending)
      await screen.press(brief, cast.approve, cast.approve)
      await screen
        .message(cast.dealName)
        .getByRole('button', { name: cast.approve, exact: true })
        .waitFor({ state: 'detached' })
    })
    if (user === manager)
      await visit(
        cast.asker,
        { at: 'home', size: { width: 1000, height: 900 }, scale: 1 },
        async (screen) => {
          await screen.page.getByRole('tabpanel').getByText(cast.dealName).first().waitFor()
          await shoot(screen, `home${tail}`)
        },
      )
  }
  await visit(cast.asker, { size: { width: 760, height: 900 } }, async (screen) => {
    // The request's own card: the notice below it rings, and holds less.
    const mine = screen.page
      .getByRole('article')
      .filter({ hasText: cast.approved })
      .filter({ hasText: reason })
    await mine.waitFor()
    await shoot(mine, `settled-card${tail}`)
  })
  await visit(cast.asker, { size: phone, scale: 2 }, async (screen) => {
    await screen.page.getByRole('article').filter({ hasText: cast.approved }).first().waitFor()
    await shoot(screen, `settled-card-phone${tail}`)
  })
  await visit(cast.asker, { size: { width: 860, height: 1500 } }, async (screen) => {
    await screen.command(`/deal ${cast.deal}`)
    const expected = wordsFor(cast.language).t('label.expected-close')
    const deal = screen.message(expected).filter({ has: screen.page.getByRole('button') })
    await deal.waitFor()
    await rest(screen)
    await shoot(deal, `deal-card${tail}`)
  })
}

// A Monday morning in Seoul; in New York it is Sunday evening, so the second company has its own.
for (const [cast, now] of [
  [korean, '2026-11-23T10:12:00+09:00'],
  [english, '2026-11-23T10:12:00-05:00'],
] as const)
  for (const tell of [story, teamsStory, dealOnSlack, dealOnTeams, clockStory]) {
    const visits = await Visits.begin({ now, language: cast.language })
    await tell(visits, cast).finally(() => visits.end())
  }
