import type { ClockState, Fault } from '../wire.ts'

/** The shapes of docs/playground-api.md, The Teams half, as the page reads them. */

export interface Tenant {
  readonly id: string
  readonly name: string
  readonly domain: string
}

export interface TeamsPerson {
  readonly id: string
  readonly chatId: string
  readonly person?: string
  readonly name: string
  readonly title?: string
  readonly email?: string
  readonly avatarColor: string
  readonly isGuest: boolean
  readonly deleted: boolean
  readonly locale: string
  readonly tz: string
  readonly roles?: readonly string[]
}

export interface Team {
  readonly id: string
  readonly name: string
  readonly installed: boolean
  readonly members: readonly string[]
}

export interface TeamsConversation {
  readonly id: string
  readonly kind: 'personal' | 'groupChat' | 'channel'
  readonly name: string
  readonly team?: string
  readonly members: readonly string[]
  readonly isMember: boolean
  readonly installed: boolean
  readonly blocked: boolean
  readonly unread: number
  readonly latest?: string
}

/** What stands in the inputs of a card or dialog, by input id, all of it as text. */
export type TeamsTyped = Readonly<Record<string, string>>

/** An Adaptive Card; the renderer knows its parts. */
export type CardContent = Readonly<Record<string, unknown>>

interface TeamsCard {
  readonly content: CardContent
  readonly own: boolean
  readonly typed: TeamsTyped
  readonly busy: boolean
  readonly error?: string
}

export interface TeamsMention {
  readonly text: string
  readonly id: string
  readonly name: string
}

export interface TeamsMessage {
  readonly id: string
  readonly conversation: string
  readonly root?: string
  readonly from: string
  readonly isApp: boolean
  readonly at: number
  readonly edited?: number
  readonly deleted?: true
  readonly text: string
  readonly textFormat: 'plain' | 'markdown' | 'xml'
  readonly mentions: readonly TeamsMention[]
  readonly summary?: string
  readonly cards: readonly TeamsCard[]
  readonly replies?: { readonly count: number; readonly latest: string }
}

export interface TeamsDialog {
  readonly id: string
  readonly title: string
  readonly width: number | 'small' | 'medium' | 'large'
  readonly height: number | 'small' | 'medium' | 'large'
  readonly card: CardContent | null
  readonly text?: string
  readonly typed: TeamsTyped
  readonly busy: boolean
  readonly error?: string
  readonly errors: Readonly<Record<string, string>>
  readonly drawn: number
}

export interface TeamsCommand {
  readonly title: string
  readonly description: string
}

export interface TeamsState {
  readonly tenants: readonly Tenant[]
  readonly tenant: string
  readonly me: string
  readonly people: readonly TeamsPerson[]
  readonly bot: { readonly id: string; readonly appId: string; readonly name: string }
  readonly conversations: readonly TeamsConversation[]
  readonly teams: readonly Team[]
  readonly dialog: TeamsDialog | null
  readonly commands: readonly TeamsCommand[]
  readonly waiting: Readonly<Record<string, number>>
  readonly clock: ClockState
  readonly faults: readonly Fault[]
  readonly revision: number
}

export interface Choice {
  readonly title: string
  readonly value: string
}

/** Where an action or an input stands. */
export type TeamsIn =
  | { readonly message: { readonly conversation: string; readonly id: string; readonly card: number } }
  | { readonly dialog: string }

/** What an act of Teams answers. */
export interface TeamsAnswer {
  readonly ok: boolean
  readonly error?: string
  readonly message?: string
  readonly errors?: Readonly<Record<string, string>>
  readonly choices?: readonly Choice[]
  readonly conversation?: string
  readonly id?: string
}
