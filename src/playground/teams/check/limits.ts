/**
 * What Teams refuses, as far as its documentation and practice tell; where sources differ, the stricter.
 * Deliberately a table of its own, not the renderer's: each catches the other's mistakes.
 */
export const teamsLimits = {
  /** An Adaptive Card, in bytes of UTF-8. */
  cardBytes: 80_000,
  /** A whole activity. */
  activityBytes: 100_000,
  /** Primary actions of a card or of one ActionSet. */
  actions: 6,
  refreshUsers: 60,
  searchResults: 15,
  attachments: 10,
  /** What is pressed, searched or opened is answered within this, or the person sees an error. */
  invokeMs: 5_000,
  /** A message unanswered for so long is sent again. */
  messageMs: 15_000,
} as const
