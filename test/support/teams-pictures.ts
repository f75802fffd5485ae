import type { Browser } from 'playwright-core'
import { phone, Screen, type ScreenOptions } from './browser.ts'
import { type Cast, shoot } from './picture.ts'
import type { TestPlayground } from './playground.ts'
import { TeamsPage } from './teams-page.ts'

const says = {
  ko: { settings: '요청을 받을 곳', open: '양식 열기' },
  en: { settings: 'Language', open: 'Open the form' },
} as const

/** The same request on Teams: asked for in its dialog, decided there, and both platforms beside each other. */
export async function teamsStory(browser: Browser, playground: TestPlayground, cast: Cast): Promise<void> {
  const { language } = cast
  const tail = language === 'en' ? '-en' : ''
  const words = says[language]
  const visit = async (
    user: string,
    more: Partial<ScreenOptions>,
    look: (teams: TeamsPage) => Promise<void>,
  ): Promise<void> => {
    const screen = await Screen.open(browser, {
      url: playground.url,
      language,
      workspace: cast.workspace,
      user,
      at: 'messages',
      platform: 'teams',
      plain: true,
      scale: 1.5,
      size: { width: 1000, height: 900 },
      ...more,
    })
    try {
      await look(new TeamsPage(screen, language))
    } finally {
      await screen.close()
    }
  }
  const rest = (teams: TeamsPage) =>
    teams.screen.page.evaluate(
      `document.activeElement?.blur(); document.querySelector('.tm-dialog-body')?.scrollTo(0, 0)`,
    )
  const [manager = '', vp = ''] = cast.deciders
  // The manager and the vice president are asked in Teams; the requester stays in Slack.
  for (const user of [manager, vp])
    await visit(user, {}, async (teams) => {
      await teams.say('dealdesk settings')
      await teams
        .message(words.settings)
        .getByRole('button', { name: /Microsoft Teams$/ })
        .click()
      await teams
        .message(words.settings)
        .getByRole('button', { name: /✓ Microsoft Teams$/ })
        .waitFor()
    })

  await visit(cast.asker, { size: { width: 1200, height: 1010 }, scale: 1 }, async (teams) => {
    await teams.say(`approve-discount ${cast.deal} 22`)
    await teams.client.getByRole('button', { name: words.open, exact: true }).last().click()
    await teams.dialog.getByText(cast.preview).waitFor()
    await teams.fill(cast.answers)
    await rest(teams)
    await shoot(teams.screen, `teams-request-form${tail}`)
  })
  await visit(cast.asker, { size: phone, scale: 2 }, async (teams) => {
    await teams.dialog.getByText(cast.preview).waitFor()
    await shoot(teams.screen, `teams-request-form-phone${tail}`)
    await teams.fill(cast.answers)
    await teams.submit(cast.send)
  })
  await visit(manager, { size: { width: 1280, height: 900 }, scale: 1 }, async (teams) => {
    await teams
      .message(cast.pending)
      .getByRole('button', { name: cast.approve, exact: true })
      .first()
      .waitFor()
    await shoot(teams.screen, `teams-decision-brief${tail}`)
  })
  await visit(manager, { size: { width: 430, height: 1130 }, dark: true }, async (teams) => {
    await teams
      .message(cast.pending)
      .getByRole('button', { name: cast.approve, exact: true })
      .first()
      .waitFor()
    await shoot(teams.screen, `teams-decision-brief-dark${tail}`)
  })
  for (const user of [manager, vp])
    await visit(user, {}, async (teams) => {
      const brief = teams.message(cast.pending)
      await teams.press(brief, cast.approve, cast.approve)
      await teams.client
        .getByRole('button', { name: cast.approve, exact: true })
        .first()
        .waitFor({ state: 'detached' })
    })
  // One record on both: the settled request in Slack, the deal with its new price in Teams.
  await visit(
    cast.asker,
    { platform: 'both', size: { width: 1440, height: 900 }, scale: 1 },
    async (teams) => {
      await teams.screen.page.getByRole('main', { name: 'Slack' }).getByText(cast.approved).first().waitFor()
      await teams.say(`deal ${cast.deal}`)
      await teams.message(cast.dealName).getByRole('button').nth(1).waitFor()
      await rest(teams)
      await shoot(teams.screen, `teams-beside-slack${tail}`)
    },
  )
}
