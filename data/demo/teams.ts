import { createHash } from 'node:crypto'

/*
 * Where the demo companies are in Microsoft 365. Ids are made from names, so that every start has the same: GUIDs for
 * tenants and people (Entra object ids), `19:…@thread.tacv2` for channels.
 */

const digest = (of: string): Buffer => createHash('sha256').update(`demo/${of}`).digest()

function guid(of: string): string {
  const bytes = digest(of).subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** The Microsoft 365 tenant of a company. */
export const teamsTenantOf = (company: string): string => guid(`tenant/${company}`)

/** The Entra object id of a person. */
export const teamsUserOf = (company: string, person: string): string => guid(`person/${company}/${person}`)

/** The channel of a team, or another one by its name. */
export const teamsChannelOf = (company: string, channel: string): string =>
  `19:${digest(`channel/${company}/${channel}`).toString('hex').slice(0, 32)}@thread.tacv2`
