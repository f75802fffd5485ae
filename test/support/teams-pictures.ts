import { phone } from './browser.ts'
import { type Cast, rest, shoot } from './picture.ts'
import type { Visits } from './visits.ts'

/** The same request on Teams: asked for in its dialog, decided there, and both platforms beside each other. */
export async function teamsStory(visits: Visits, cast: Cast): Promise<void> {
  const { language } = cast
  const tail = language === 'en' ? '-en' : ''
  const visit = visits.as({
    language,
    workspace: cast.workspace,
    at: 'messages',
    platform: 'teams',
    plain: true,
    scale: 1.5,
    size: { width: 1000, height: 900 },
  })
  const [manager = '', vp = ''] = cast.deciders
  // The manager and the vice president are asked in Teams; the requester stays in Slack.
  for (const user of [manager, vp]) await visit(user, {}, async ({ teams }) => teams.preferTeams())

  await visit(cast.asker, { size: { width: 1200, height: 1010 }, scale: 1 }, async (screen) => {
    const { teams } = screen
    await teams.form(`approve-discount ${cast.deal} 22`)
    await teams.dialog.getByText(cast.preview).waitFor()
    await teams.fill(cast.answers)
    await rest(screen)
    await shoot(screen, `teams-request-form${tail}`)
  })
  await visit(cast.asker, { size: phone, scale: 2 }, async (screen) => {
    const { teams } = screen
    await teams.dialog.getByText(cast.preview).waitFor()
    await shoot(screen, `teams-request-form-phone${tail}`)
    await teams.fill(cast.answers)
    await teams.submit(cast.send)
  })
  await visit(manager, { size: { width: 1280, height: 900 }, scale: 1 }, async (screen) => {
    const { teams } = screen
    await teams
      .message(cast.pending)
      .getByRole('button', { name: cast.approve, exact: true })
      .first()
      .waitFor()
    await shoot(screen, `teams-decision-brief${tail}`)
  })
  await visit(manager, { size: { width: 430, height: 1130 }, dark: true }, async (screen) => {
    const { teams } = screen
    await teams
      .message(cast.pending)
      .getByRole('button', { name: cast.approve, exact: true })
      .first()
      .waitFor()
    await shoot(screen, `teams-decision-brief-dark${tail}`)
  })
  for (const user of [manager, vp])
    await visit(user, {}, async (screen) => {
      const { teams } = screen
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
    async (screen) => {
      const { teams } = screen
      await screen.page.getByRole('main', { name: 'Slack' }).getByText(cast.approved).first().waitFor()
      await teams.say(`deal ${cast.deal}`)
      await teams.message(cast.dealName).getByRole('button').nth(1).waitFor()
      await rest(screen)
      await shoot(screen, `teams-beside-slack${tail}`)
    },
  )
}
