import { type CommandName, helpCard } from '../blocks/dealdesk.ts'
import { noticeCard } from '../blocks/notice.ts'
import { may } from '../src/canon/visibility.ts'
import type { Gesture } from '../src/gesture.ts'
import { showAdmin } from './company.ts'
import type { CommandEntry, Desk, Handler, Outcome } from './desk.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { showAway, showLink, showSettings } from './person.ts'
import { showPolicy } from './policy.ts'

/**
 * `/dealdesk`: help by role, my account, settings, absence, administration. Every other command also works behind it
 * (`/dealdesk approve-discount acme 15`), for workspaces where a name is taken.
 */
export function dealdeskCommand(others: () => readonly CommandEntry[]): Handler<'command'> {
  return async (gesture, desk) => {
    const [word = '', ...rest] = gesture.text.trim().split(/\s+/)
    const sub = word.toLowerCase().replace(/^\//, '')
    switch (sub) {
      case '':
      case 'help':
      case '도움말':
        return showHelp(desk, others(), gesture.platform)
      case 'link':
      case '연결':
        return showLink(desk)
      case 'settings':
      case '설정':
        return showSettings(desk)
      case 'away':
      case '부재':
        return showAway(desk)
      case 'policy':
      case '정책':
        return showPolicy(desk)
      case 'admin':
      case '관리':
        return showAdmin(desk, gesture.platform)
    }
    const other = others().find((entry) => entry.name === sub && entry.name !== 'dealdesk')
    if (other) return other.handle({ ...gesture, command: sub, text: rest.join(' ') }, desk)
    const help = await showHelp(desk, others(), gesture.platform)
    const unknown = noticeCard(desk.words.t('dealdesk.unknown', { word: { user: sub.slice(0, 40) } }))
    return help.reply.kind === 'say'
      ? {
          ...help,
          reply: {
            kind: 'say',
            card: { ...help.reply.card, blocks: [...unknown.blocks, ...help.reply.card.blocks] },
          },
        }
      : help
  }
}

const subcommands: readonly CommandName[] = [
  'dealdesk away',
  'dealdesk settings',
  'dealdesk policy',
  'dealdesk admin',
  'dealdesk link',
  'dealdesk help',
]

async function showHelp(
  desk: Desk,
  commands: readonly CommandEntry[],
  platform: Gesture['platform'],
): Promise<Outcome> {
  const drawing = drawingFor(desk, companySubject(desk.company))
  const card = helpCard(
    {
      roles: desk.person.roles,
      commands: [
        ...commands.map((entry) => entry.name).filter((name) => name !== 'dealdesk'),
        ...subcommands,
      ],
      linked: true,
      isAdmin: may(desk.person, 'company.administer', {}, desk.org),
      prefix: platform === 'teams' ? '' : '/',
      drawing: drawing.id,
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings: [drawing] }
}

export const openHelp =
  (commands: () => readonly CommandEntry[]): Handler<'button'> =>
  (gesture, desk) =>
    showHelp(desk, commands(), gesture.platform)
