/** Where a Teams conversation is, as the latest verified activity in it said. */
export interface ConversationReference {
  readonly tenant: string
  readonly conversation: string
  readonly kind: 'personal' | 'channel' | 'group'
  /** The person of a personal chat, by Entra object id. */
  readonly user?: string
  /** What the conversation calls the bot, e.g. `28:<app id>`. */
  readonly bot: string
  readonly serviceUrl: string
}

/** What is kept of Teams' conversations: nobody can be written to without it (data/conversation-reference.ts). */
export interface References {
  companyOf(tenant: string): Promise<string | undefined>
  of(tenant: string, conversation: string): Promise<ConversationReference | undefined>
  personal(tenant: string, user: string): Promise<ConversationReference | undefined>
  /** Any conversation of the tenant, the one seen last. */
  newest(tenant: string): Promise<ConversationReference | undefined>
  remember(company: string, seen: ConversationReference): Promise<void>
  forget(tenant: string, conversation: string): Promise<void>
  rememberUser(company: string, seen: { tenant: string; user: string; chatUser: string }): Promise<void>
  /** What Teams' clients call these people, for `refresh.userIds`; those never seen there are left out. */
  chatUsersOf(tenant: string, people: readonly string[]): Promise<readonly string[]>
}

/** Remembered so long without writing again: the same conversation says the same thing at every click. */
const againMs = 86_400_000

/** Writes only what is new: a reference or a user already known as such costs nothing. */
export function createMemory(references: References, wall: () => number = Date.now) {
  const known = new Map<string, { said: string; until: number }>()
  const isNew = (key: string, said: string): boolean => {
    const held = known.get(key)
    if (held?.said === said && held.until > wall()) return false
    if (known.size > 20_000) known.clear()
    known.set(key, { said, until: wall() + againMs })
    return true
  }
  return {
    async remember(company: string, seen: ConversationReference): Promise<void> {
      const key = `${seen.tenant} ${seen.conversation}`
      if (!isNew(key, `${company} ${seen.kind} ${seen.user ?? ''} ${seen.bot} ${seen.serviceUrl}`)) return
      await references.remember(company, seen).catch((error: unknown) => {
        known.delete(key)
        throw error
      })
    },
    async rememberUser(
      company: string,
      seen: { tenant: string; user: string; chatUser: string },
    ): Promise<void> {
      const key = `${seen.tenant} user ${seen.user}`
      if (!isNew(key, `${company} ${seen.chatUser}`)) return
      await references.rememberUser(company, seen).catch((error: unknown) => {
        known.delete(key)
        throw error
      })
    },
    async forget(tenant: string, conversation: string): Promise<void> {
      known.delete(`${tenant} ${conversation}`)
      await references.forget(tenant, conversation)
    },
  }
}

export type Memory = ReturnType<typeof createMemory>
