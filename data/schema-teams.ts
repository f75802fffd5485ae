/** Where a Teams conversation is and how it is reached. */
interface ConversationReferences {
  tenant: string
  conversation: string
  company_id: string
  kind: 'personal' | 'channel' | 'group'
  /** The Entra object id of the person, in personal chats alone. */
  user_id: string | null
  /** What the conversation calls the bot, e.g. `28:<app id>`. */
  bot: string
  /** From the latest verified activity (B5.32). */
  service_url: string
  /** Wall time, ms. */
  seen_at: number
}

interface TeamsUsers {
  tenant: string
  user_id: string
  company_id: string
  /** What Teams' clients call the user towards this bot, e.g. `29:…`. */
  chat_user: string
  /** Wall time, ms. */
  seen_at: number
}

interface Dialogs {
  company_id: string
  drawing: string
  /** The form as it was shown, JSON. */
  view: string
  /** Wall time, ms. */
  at: number
}

declare module './schema.ts' {
  interface Schema {
    conversation_references: ConversationReferences
    teams_users: TeamsUsers
    dialogs: Dialogs
  }
}

export type {}
