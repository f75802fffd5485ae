import type { PlainDate } from '../src/canon/calendar.ts'
import type { Locale, Role } from '../src/canon/people.ts'
import type { Block, Button, Card, Text } from './card.ts'
import { type DeadLetter, deadLetterLine } from './notice.ts'
import { plain, theirs } from './text.ts'
import type { WordKey, Words } from './words/index.ts'

/** Every command the product has words for. `dealdesk …` are its subcommands. */
export const commandNames = [
  'approve-discount',
  'approvals',
  'deal',
  'stage',
  'handoff',
  'pipeline',
  'forecast',
  'kpi',
  'health',
  'renewals',
  'nudges',
  'dealdesk',
  'dealdesk link',
  'dealdesk away',
  'dealdesk settings',
  'dealdesk policy',
  'dealdesk admin',
  'dealdesk help',
] as const satisfies readonly (WordKey extends infer K
  ? K extends `command.${infer Name}.does`
    ? Name
    : never
  : never)[]
export type CommandName = (typeof commandNames)[number]

const isCommandName = (name: string): name is CommandName => commandNames.some((each) => each === name)

/** Who may do what with which command matters to the one who reads the help, so only that is listed. */
const adminOnly: ReadonlySet<string> = new Set<CommandName>(['dealdesk admin'])
const linkedToo: ReadonlySet<string> = new Set<CommandName>(['dealdesk link', 'dealdesk help'])

export interface HelpBrief {
  readonly roles: readonly Role[]
  /** What is registered, as typed after the slash; subcommands as `dealdesk away`. */
  readonly commands: readonly string[]
  readonly linked: boolean
  readonly isAdmin: boolean
  /** What stands before a command where it is typed: a slash, or on Teams nothing. */
  readonly prefix?: '/' | ''
  /** Present: buttons to start with. */
  readonly drawing?: string
}

/** Help by role: what I can do here, and how to begin. */
export function helpCard(brief: HelpBrief, w: Words): Card {
  const { prefix = '/' } = brief
  const shown = brief.commands.filter((name) =>
    brief.linked ? name !== 'dealdesk link' && (brief.isAdmin || !adminOnly.has(name)) : linkedToo.has(name),
  )
  const blocks: Block[] = [{ kind: 'title', text: w.t('help.title') }]
  blocks.push({ kind: 'text', text: introduction(brief, w) })
  blocks.push({
    kind: 'facts',
    facts: shown.map((name) =>
      isCommandName(name)
        ? { label: `${prefix}${name}${usageOf(name, w)}`, value: [w.t(`command.${name}.does`)] }
        : { label: `${prefix}${name}`, value: [w.t('value.none')] },
    ),
  })
  if (brief.linked) blocks.push({ kind: 'note', text: w.say('help.how'), threads: true })
  if (brief.drawing) blocks.push({ kind: 'buttons', buttons: helpButtons(brief, brief.drawing, w) })
  return { summary: w.t('help.summary'), blocks }
}

const usageOf = (name: CommandName, w: Words): string => {
  const usage = w.t(`command.${name}.usage`)
  return usage === '' ? '' : ` ${usage}`
}

const approving: readonly Role[] = ['sales_manager', 'vp_sales', 'c_level', 'finance', 'legal']

function introduction({ linked, roles, isAdmin }: HelpBrief, w: Words): Text {
  if (!linked) return w.say('help.not-linked')
  if (roles.some((role) => approving.includes(role))) return w.say('help.approver')
  if (roles.includes('sales_ops') || isAdmin) return w.say('help.admin')
  if (roles.includes('ae')) return w.say('help.ae')
  return w.say('help.other')
}

function helpButtons({ linked, isAdmin }: HelpBrief, drawing: string, w: Words): readonly Button[] {
  if (!linked) return [{ action: 'person.link', label: w.t('button.link'), drawing, style: 'primary' }]
  return [
    { action: 'discount.start', label: w.t('button.start'), drawing, style: 'primary' },
    { action: 'person.settings', label: w.t('button.settings'), drawing },
    ...(isAdmin ? [{ action: 'company.admin', label: w.t('button.admin'), drawing }] : []),
  ]
}

/** What came of linking a chat account to a person (B5.10). */
export type LinkOutcome =
  | { readonly outcome: 'linked' | 'already'; readonly name: string }
  | { readonly outcome: 'no-match' | 'several' | 'taken' | 'guest' | 'no-email' | 'not-bound' }

/** Says whether the account is linked, and what to do where it is not. */
export function linkCard(link: LinkOutcome, w: Words): Card {
  const text =
    link.outcome === 'linked' || link.outcome === 'already'
      ? w.say(`link.${link.outcome}`, { name: theirs(link.name, 40) })
      : w.say(`link.${link.outcome}`)
  return { summary: plain(text), blocks: [{ kind: 'text', text }] }
}

export interface AwayState {
  /** Both days included, in the company's zone. */
  readonly from: PlainDate
  readonly until: PlainDate
  readonly delegateName?: string
  /** Away today, rather than later. */
  readonly now: boolean
}

/** “Away from … to …; … decides for you.” */
export function awayLine(away: AwayState, w: Words): Text {
  const days = { from: w.day(away.from), until: w.day(away.until) }
  const when = away.now ? 'now' : 'later'
  return away.delegateName
    ? w.say(`away.${when}.delegate`, { ...days, name: theirs(away.delegateName, 40) })
    : w.say(`away.${when}`, days)
}

/** My absence as it stands, with what I can do about it. */
export function awayCard(brief: { readonly away?: AwayState; readonly drawing: string }, w: Words): Card {
  const text = brief.away ? awayLine(brief.away, w) : w.say('away.none')
  const { drawing } = brief
  return {
    summary: plain(text),
    blocks: [
      { kind: 'title', text: w.t('away.title') },
      { kind: 'text', text },
      { kind: 'note', text: w.say('away.what') },
      {
        kind: 'buttons',
        buttons: brief.away
          ? [
              { action: 'person.away', label: w.t('button.away.change'), drawing },
              { action: 'person.back', label: w.t('button.back-again'), drawing, style: 'primary' },
            ]
          : [{ action: 'person.away', label: w.t('button.away'), drawing, style: 'primary' }],
      },
    ],
  }
}

export interface SettingsBrief {
  readonly name: string
  /** What the person chose; absent: as the platform says, else the company. */
  readonly locale?: Locale
  readonly timeZone: string
  readonly roles: readonly Role[]
  readonly away?: AwayState
  /** Present for somebody who is in Slack and in Teams: where they want to be asked, when they said so. */
  readonly platform?: { readonly chosen?: 'slack' | 'teams' }
  readonly drawing: string
}

/** My settings: the language, changed in place; who I am here; my absence. */
export function settingsCard(brief: SettingsBrief, w: Words): Card {
  const { drawing } = brief
  return {
    summary: w.t('settings.summary'),
    blocks: [
      { kind: 'title', text: w.t('settings.title') },
      {
        kind: 'facts',
        facts: [
          { label: w.t('label.name'), value: [theirs(brief.name, 60)] },
          { label: w.t('label.roles'), value: [rolesWords(brief.roles, w)] },
          { label: w.t('label.time-zone'), value: [brief.timeZone] },
        ],
      },
      { kind: 'note', text: w.say('settings.wrong') },
      {
        kind: 'choice',
        action: 'person.language',
        drawing,
        label: w.t('settings.language'),
        options: [
          { value: 'auto', label: w.t('settings.language.auto') },
          // A language is written in itself, so that who can't read the rest finds it.
          { value: 'ko', label: '한국어' },
          { value: 'en', label: 'English' },
        ],
        chosen: brief.locale ?? 'auto',
      },
      ...(brief.platform ? [platformChoice(brief.platform.chosen, drawing, w)] : []),
      { kind: 'text', text: brief.away ? awayLine(brief.away, w) : w.say('away.none') },
      {
        kind: 'buttons',
        buttons: [
          { action: 'person.away', label: w.t(brief.away ? 'button.away.change' : 'button.away'), drawing },
        ],
      },
    ],
  }
}

const platformChoice = (chosen: 'slack' | 'teams' | undefined, drawing: string, w: Words): Block => ({
  kind: 'choice',
  action: 'person.platform',
  drawing,
  label: w.t('settings.platform'),
  options: [
    { value: 'auto', label: w.t('settings.platform.auto') },
    { value: 'slack', label: 'Slack' },
    { value: 'teams', label: 'Microsoft Teams' },
  ],
  chosen: chosen ?? 'auto',
})

/** Roles in a row, or that there are none. */
const rolesWords = (roles: readonly Role[], w: Words): string =>
  roles.length === 0 ? w.t('value.none') : roles.map((role) => w.t(`role.${role}`)).join(', ')

export interface AdminBrief {
  readonly company: string
  readonly drawing: string
  readonly policyVersion: number
  /** Active people, and how many of them have no chat account linked. */
  readonly people: number
  /** The first of those nobody has linked yet, and how many there are. */
  readonly unlinked: { readonly total: number; readonly names: readonly string[] }
  /** Names of those who may administer in chat. */
  readonly admins: readonly string[]
  /** Roles of the ladder that nobody active holds: such a discount could not be decided. */
  readonly missingRoles: readonly Role[]
  readonly dead: {
    readonly total: number
    readonly letters: readonly (DeadLetter & { readonly drawing: string })[]
  }
  readonly timeZone: string
}

/** What an administrator looks after: who is linked, what was not delivered, the policy. */
export function adminCard(brief: AdminBrief, w: Words): Card {
  const { drawing, unlinked, dead } = brief
  const blocks: Block[] = [
    { kind: 'title', text: w.t('admin.title') },
    { kind: 'heading', text: [theirs(brief.company)] },
  ]
  if (brief.missingRoles.length > 0)
    blocks.push({
      kind: 'text',
      text: [
        { bold: w.t('notice.look') },
        ' ',
        w.t('admin.missing-roles', { roles: rolesWords(brief.missingRoles, w) }),
      ],
    })
  blocks.push({
    kind: 'facts',
    facts: [
      {
        label: w.t('label.people'),
        value: [w.t('admin.people', { people: brief.people, unlinked: unlinked.total })],
      },
      { label: w.t('label.admins'), value: namesLine(brief.admins, brief.admins.length, w) },
      { label: w.t('label.policy'), value: [w.t('policy.version', { version: brief.policyVersion })] },
    ],
  })
  if (unlinked.total > 0)
    blocks.push({
      kind: 'text',
      text: [
        { bold: w.t('admin.unlinked', { total: unlinked.total }) },
        ' ',
        ...namesLine(unlinked.names, unlinked.total, w),
      ],
    })
  blocks.push({ kind: 'heading', text: [w.t('admin.dead', { total: dead.total })] })
  if (dead.letters.length === 0) blocks.push({ kind: 'note', text: w.say('admin.dead.none') })
  for (const letter of dead.letters.slice(0, 10))
    blocks.push({
      kind: 'row',
      text: deadLetterLine(letter, brief.timeZone, w),
      buttons: [
        { action: 'delivery.retry', label: w.t('button.retry'), drawing: letter.drawing },
        { action: 'delivery.dismiss', label: w.t('button.dismiss'), drawing: letter.drawing },
      ],
    })
  const more = dead.total - Math.min(dead.letters.length, 10)
  if (more > 0) blocks.push({ kind: 'note', text: w.say('list.more', { count: more }) })
  blocks.push({
    kind: 'buttons',
    buttons: [
      { action: 'policy.show', label: w.t('button.policy'), drawing },
      { action: 'person.link-other', label: w.t('button.link-other'), drawing },
      { action: 'admin.grant', label: w.t('button.grant'), drawing },
    ],
  })
  return { summary: w.t('admin.summary', { company: theirs(brief.company) }), blocks }
}

function namesLine(names: readonly string[], total: number, w: Words): Text {
  if (names.length === 0) return [w.t('value.none')]
  const shown = names.slice(0, 10)
  const list = w.list(shown.map((name) => [theirs(name, 40)]))
  const more = total - shown.length
  return more > 0 ? [...list, ' ', w.t('list.more-people', { count: more })] : list
}
