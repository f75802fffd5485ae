/** What the Bot Connector answers: a status, a body, and headers of its own. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Teams' own refusals by their code, with the status and the sentence each comes with (B1, final errors). */
const refusals = {
  BadSyntax: [400, 'Bad request syntax'],
  BadArgument: [400, 'Bad argument'],
  Forbidden: [403, 'The bot may not do this.'],
  BotNotInConversationRoster: [403, 'The bot is not part of the conversation roster.'],
  BotDisabledByAdmin: [403, 'The tenant admin disabled this bot'],
  ConversationBlockedByUser: [403, 'User blocked the conversation with the bot.'],
  MessageWritesBlocked: [403, 'Message write is blocked for the conversation.'],
  ConversationNotFound: [404, 'Conversation not found.'],
  ActivityNotFound: [404, 'Activity does not exist.'],
  MemberNotFoundInConversation: [404, 'Member does not exist.'],
  NotFound: [404, 'Not found.'],
  NotSupported: [405, 'This operation is not supported in Teams.'],
  PreconditionFailed: [412, 'Precondition failed, please try again.'],
  MessageSizeTooBig: [413, 'Message size too large.'],
  TooManyRequests: [429, 'API calls quota exceeded.'],
  ServiceError: [500, 'An internal error occurred.'],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof refusals
export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusals, code)

export const refuse = (code: RefusalCode, message: string = refusals[code][1]): Answer => ({
  status: refusals[code][0],
  body: { error: { code, message } },
})

export const unauthorized: Answer = {
  status: 401,
  body: { message: 'Authorization has been denied for this request.' },
}
