/** The shapes of docs/playground-api.md, as the page reads them. */

/** A text object of Block Kit. */
export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn'
  readonly text: string
  readonly emoji?: boolean
}

/** A choice of a menu. */
export interface Option {
  readonly text: TextObject
  readonly value?: string
  readonly url?: string
  readonly description?: TextObject
}
export interface OptionGroup {
  readonly label: TextObject
  readonly options: readonly Option[]
}

/** The question before a dangerous step. */
export interface Confirm {
  readonly title?: TextObject
  readonly text: TextObject
  readonly confirm?: TextObject
  readonly deny?: TextObject
  readonly style?: 'primary' | 'danger'
}

/** An interactive or visual element; known fields are read, the rest is carried along. */
export interface Element {
  readonly type: string
  readonly action_id?: string
  readonly text?: TextObject
  readonly style?: 'primary' | 'danger'
  readonly url?: string
  readonly accessibility_label?: string
  readonly confirm?: Confirm
  readonly placeholder?: TextObject
  readonly options?: readonly Option[]
  readonly option_groups?: readonly OptionGroup[]
  readonly initial_option?: Option
  readonly initial_options?: readonly Option[]
  readonly initial_date?: string
  readonly initial_time?: string
  readonly initial_date_time?: number
  readonly initial_value?: string
  readonly initial_user?: string
  readonly initial_users?: readonly string[]
  readonly initial_conversation?: string
  readonly initial_channel?: string
  readonly min_query_length?: number
  readonly max_selected_items?: number
  readonly multiline?: boolean
  readonly max_length?: number
  readonly is_decimal_allowed?: boolean
  readonly min_value?: string
  readonly max_value?: string
  readonly focus_on_load?: boolean
  readonly dispatch_action_config?: { readonly trigger_actions_on?: readonly string[] }
  readonly image_url?: string
  readonly alt_text?: string
}

/** A run of a rich_text block. */
export interface RichRun {
  readonly type: string
  readonly text?: string
  readonly url?: string
  readonly user_id?: string
  readonly channel_id?: string
  readonly name?: string
  readonly unicode?: string
  readonly range?: string
  readonly timestamp?: number
  readonly format?: string
  readonly fallback?: string
  readonly value?: string
  readonly usergroup_id?: string
  readonly style?: {
    readonly bold?: boolean
    readonly italic?: boolean
    readonly strike?: boolean
    readonly code?: boolean
    readonly underline?: boolean
  }
}
/** A section, list, quotation or preformatted part of a rich_text block. */
export interface RichPart {
  readonly type: string
  readonly elements: readonly (RichRun | RichPart)[]
  readonly style?: 'bullet' | 'ordered'
  readonly indent?: number
  readonly offset?: number
  readonly border?: number
}

/** A block as it comes over the wire. */
export interface Block {
  readonly type: string
  readonly block_id?: string
  readonly text?: TextObject
  readonly fields?: readonly TextObject[]
  readonly accessory?: Element
  readonly elements?: readonly unknown[]
  readonly element?: Element
  readonly label?: TextObject
  readonly hint?: TextObject
  readonly optional?: boolean
  readonly dispatch_action?: boolean
  readonly image_url?: string
  readonly alt_text?: string
  readonly title?: TextObject
  readonly level?: string
  readonly slack_file?: { readonly id?: string; readonly url?: string }
  /** Of a table. */
  readonly rows?: readonly (readonly Cell[])[]
  readonly column_settings?: readonly { readonly align?: string; readonly is_wrapped?: boolean }[]
}

export interface Cell {
  readonly type: string
  readonly text?: string
  readonly elements?: readonly unknown[]
}

/** Text; number as text; option value(s); date YYYY-MM-DD; time HH:mm; date-time: epoch seconds as text. */
export type Value = string | readonly string[] | null
export type Typed = Readonly<Record<string, Readonly<Record<string, Value>>>>
export type Chosen = Readonly<Record<string, Readonly<Record<string, readonly Option[]>>>>

interface View {
  readonly type: string
  readonly title?: TextObject
  readonly submit?: TextObject
  readonly close?: TextObject
  readonly blocks: readonly Block[]
  readonly hash?: string
}
export interface Modal {
  readonly id: string
  readonly view: View
  readonly typed: Typed
  readonly chosen?: Chosen
  readonly errors: Readonly<Record<string, string>>
  readonly busy: boolean
}
export interface Home {
  readonly view: View
  readonly typed: Typed
  readonly chosen?: Chosen
}

export interface Person {
  readonly id: string
  /** The id in the product, the same on Slack and Teams; absent where it is not known. */
  readonly person?: string
  readonly email?: string
  readonly name: string
  readonly realName: string
  readonly title?: string
  readonly avatarColor: string
  readonly isBot: boolean
  readonly isGuest: boolean
  readonly isStranger: boolean
  readonly deleted: boolean
  readonly locale: string
  readonly tz: string
  readonly roles?: readonly string[]
  /** The `person` of who they report to. */
  readonly manager?: string
}
export interface Conversation {
  readonly id: string
  readonly kind: 'channel' | 'private' | 'dm'
  readonly name: string
  readonly with?: string
  readonly topic?: string
  readonly members: readonly string[]
  readonly isMember: boolean
  readonly archived: boolean
  readonly botIsMember: boolean
  readonly unread: number
  readonly latest?: string
}
export interface Command {
  readonly command: string
  readonly description: string
  readonly usageHint?: string
}
export interface ClockState {
  readonly now: number
  readonly wall: number
  readonly offsetMs: number
}
export interface Workspace {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly installed: boolean
}
export interface Fault {
  readonly id: string
  /** Absent: Slack. */
  readonly platform?: 'slack' | 'teams'
  readonly on: 'api' | 'app'
  readonly kind: string
  readonly method?: string
  readonly channel?: string
  readonly times: number | null
  readonly hits: number
  readonly retryAfter?: number
  readonly status?: number
  readonly error?: string
  readonly ms?: number
  readonly seconds?: number
}
/** A fault as one asks for it. */
export type NewFault = Omit<Fault, 'id' | 'hits'>

export interface State {
  readonly workspaces: readonly Workspace[]
  readonly workspace: string
  readonly me: string
  readonly people: readonly Person[]
  readonly bot: string
  readonly app: { readonly id: string; readonly name: string }
  readonly conversations: readonly Conversation[]
  readonly modals: readonly Modal[]
  readonly home: Home | null
  readonly commands: readonly Command[]
  readonly waiting?: Readonly<Record<string, number>>
  readonly clock: ClockState
  readonly faults: readonly Fault[]
  readonly revision: number
}

export interface Message {
  readonly ts: string
  readonly channel: string
  readonly user: string
  readonly at: number
  readonly text: string
  readonly blocks: readonly Block[]
  readonly files?: readonly { readonly id: string; readonly name: string; readonly size: number }[]
  readonly isApp: boolean
  readonly thread?: string
  readonly replies?: { readonly count: number; readonly users: readonly string[]; readonly latest: string }
  readonly edited?: number
  readonly ephemeral?: boolean
  readonly typed?: Typed
  readonly chosen?: Chosen
}

export interface Exchange {
  readonly id: number
  /** Absent: Slack. */
  readonly platform?: 'slack' | 'teams'
  readonly at: number
  readonly direction: 'to-app' | 'from-app'
  readonly what: string
  readonly user?: string
  readonly channel?: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
  }
  readonly response?: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
  }
  readonly ms?: number
  readonly outcome: 'running' | 'ok' | 'refused' | 'failed' | 'timed-out' | 'dropped'
  readonly fault?: string
  readonly note?: string
  readonly bodyCut?: boolean
}

/** Where an interactive element stands. */
export type In =
  | { readonly message: { readonly channel: string; readonly ts: string } }
  | { readonly view: string }
  | { readonly home: true }

/** What an act answers. */
export interface Answer {
  readonly ok: boolean
  readonly error?: string
  readonly message?: string
  readonly errors?: Readonly<Record<string, string>>
  readonly options?: readonly Option[]
  readonly optionGroups?: readonly OptionGroup[]
  readonly channel?: string
  readonly ts?: string
}
