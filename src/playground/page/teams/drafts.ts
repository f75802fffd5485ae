const draftEvent = 'playground-teams-draft'

/** Puts words into the compose box in view, for somebody to finish and send. */
export const draftInTeams = (text: string): void => {
  document.dispatchEvent(new CustomEvent(draftEvent, { detail: text }))
}

/** Hears of such words until it is called off. */
export function onDraftInTeams(take: (text: string) => void): () => void {
  const hear = (event: Event): void => take((event as CustomEvent<string>).detail)
  document.addEventListener(draftEvent, hear)
  return () => document.removeEventListener(draftEvent, hear)
}

/** What was begun and not sent, by person and place. */
export const drafts = new Map<string, string>()
