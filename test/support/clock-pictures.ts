import { phone, type Screen } from './browser.ts'
import { type Cast, shoot } from './picture.ts'
import type { Visits } from './visits.ts'

interface Scene {
  readonly team: string
  readonly digest: RegExp
  readonly nudges: RegExp
  readonly kpi: string
  readonly kpiSays: RegExp
  readonly healthSays: RegExp
  readonly renewalsSay: RegExp
  readonly csm: string
}

const scenes: Readonly<Record<Cast['language'], Scene>> = {
  ko: {
    team: '엔터프라이즈영업',
    digest: /커버리지/,
    nudges: /확인할 일 \d+건/,
    kpi: '/kpi 승률 담당자별',
    kpiSays: /승률/,
    healthSays: /서해물류/,
    renewalsSay: /다가오는 갱신/,
    csm: 'U0JAEHYUN',
  },
  en: {
    team: 'field-sales',
    digest: /[Cc]overage/,
    nudges: /No change of stage/,
    kpi: '/kpi win rate by rep',
    kpiSays: /Win rate/,
    healthSays: /Tamarack/,
    renewalsSay: /Renewals ahead/,
    csm: 'U0HANNAH',
  },
}

/** Monday morning: the digest in the team's channel, what people are nudged about, and the numbers they ask for. */
export async function clockStory(visits: Visits, cast: Cast): Promise<void> {
  const { language } = cast
  const tail = language === 'en' ? '-en' : ''
  const scene = scenes[language]
  const visit = visits.as({
    language,
    workspace: cast.workspace,
    at: 'messages',
    plain: true,
    scale: 1.4,
    size: { width: 900, height: 1000 },
  })
  const digest = (screen: Screen) =>
    screen.page.getByRole('article').filter({ hasText: scene.digest }).first()
  const channel = async (screen: Screen) => {
    // Not the people whose title begins like the team.
    await screen.page
      .getByRole('button', { name: new RegExp(`^\\W*${scene.team}(?!팀)`, 'u') })
      .first()
      .click()
    await digest(screen).waitFor()
    await digest(screen).locator('img').first().waitFor()
  }

  // Taller than the digest: what is scrolled away is under the channel's head in a picture.
  const tall = { size: { width: 900, height: 2000 }, scale: 1 }
  await visit(cast.asker, tall, async (screen) => {
    await channel(screen)
    await shoot(digest(screen), `digest${tail}`)
  })
  await visit(cast.asker, { ...tall, dark: true }, async (screen) => {
    await channel(screen)
    await shoot(digest(screen), `digest-dark${tail}`)
  })
  await visit(cast.deciders[0] ?? '', { size: phone, scale: 2 }, async (screen) => {
    await screen.message(scene.nudges).first().waitFor()
    await shoot(screen, `nudges-phone${tail}`)
  })
  await visit(cast.deciders[0] ?? '', {}, async (screen) => {
    await screen.command(scene.kpi)
    await screen.message(scene.kpiSays).last().waitFor()
    await shoot(screen, `kpi${tail}`)
  })
  await visit(scene.csm, {}, async (screen) => {
    await screen.command('/health')
    await screen.message(scene.healthSays).last().waitFor()
    await shoot(screen, `health${tail}`)
    await screen.command('/renewals')
    await screen.message(scene.renewalsSay).last().waitFor()
    await shoot(screen, `renewals${tail}`)
  })
  await visit(
    cast.asker,
    { platform: 'teams', size: { width: 1200, height: 1100 }, scale: 1 },
    async (screen) => {
      const { teams } = screen
      await teams.say('pipeline')
      await teams.message(scene.digest).last().waitFor()
      await shoot(screen, `teams-pipeline${tail}`)
    },
  )
}
