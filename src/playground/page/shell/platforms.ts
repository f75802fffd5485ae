/** What the page shows: one platform's client, or both beside each other. */
export type Platform = 'slack' | 'teams' | 'both'

/** The platform an address asks for; Slack where it asks for none. */
export function platformIn(search: string): Platform {
  const asked = new URLSearchParams(search).get('platform')
  return asked === 'teams' || asked === 'both' ? asked : 'slack'
}

/** What there is room for: two clients beside each other are none on a phone. */
export const shownOn = (chosen: Platform, phone: boolean): Platform =>
  chosen === 'both' && phone ? 'teams' : chosen
