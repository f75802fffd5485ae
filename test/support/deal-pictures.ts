import { phone, type Screen } from './browser.ts'
import type { Chat } from './chat.ts'
import { lifeCasts } from './deal-casts.ts'
import { dealLife, type Moment } from './deal-life.ts'
import { type Cast, rest, shoot } from './picture.ts'
import type { Visits } from './visits.ts'

/** What is photographed of a moment: its card or form, or the whole screen, here or on a phone. */
interface Shot {
  readonly name: string
  readonly of: 'card' | 'screen' | 'phone'
}

interface Lived {
  readonly platform: 'slack' | 'teams'
  readonly size: { readonly width: number; readonly height: number }
  readonly scale: number
  readonly shots: Readonly<Partial<Record<Moment, readonly Shot[]>>>
}

/** A deal's whole life, photographed on the way. */
async function lived(visits: Visits, { language }: Cast, how: Lived): Promise<void> {
  const { platform, size, scale, shots } = how
  const cast = lifeCasts[language]
  const tail = language === 'en' ? '-en' : ''
  const usual = { language, workspace: cast.workspace, at: 'messages', platform, plain: true } as const
  const chatOf = (screen: Screen): Chat => (platform === 'teams' ? screen.teams : screen)
  const visit = visits.as({ ...usual, size: phone, scale: 2 })
  const screen = await visits.open({ ...usual, user: cast.sdr.user, size, scale })
  await dealLife(
    {
      screen,
      chat: chatOf(screen),
      async look(moment, card, who) {
        for (const { name, of } of shots[moment] ?? []) {
          await rest(screen)
          if (of !== 'phone') await shoot(of === 'card' ? card : screen, `${name}${tail}`)
          else
            await visit(who.user, {}, async (small) => {
              await chatOf(small)
                .message((await card.textContent())?.slice(0, 40) ?? '')
                .waitFor()
              await shoot(small, `${name}${tail}`)
            })
        }
      },
    },
    cast,
  )
}

export const dealOnSlack = (visits: Visits, cast: Cast): Promise<void> =>
  lived(visits, cast, {
    platform: 'slack',
    size: { width: 860, height: 1500 },
    scale: 1.5,
    shots: {
      'stage-form': [{ name: 'stage-form', of: 'card' }],
      returned: [{ name: 'handoff-returned-phone', of: 'phone' }],
      'taken-over': [{ name: 'handoff-card', of: 'card' }],
      'growth-draft': [{ name: 'growth-draft', of: 'card' }],
    },
  })

export const dealOnTeams = (visits: Visits, cast: Cast): Promise<void> =>
  lived(visits, cast, {
    platform: 'teams',
    size: { width: 1000, height: 860 },
    scale: 1,
    shots: {
      'lead-handed-over': [{ name: 'teams-lead-phone', of: 'phone' }],
      'handed-to-cs': [{ name: 'teams-handoff', of: 'screen' }],
    },
  })
