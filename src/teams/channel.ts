import type { TeamsChannel } from '../config.ts'

/** Microsoft's own channel (public cloud), as AuthenticationConstants of the SDK has it. */
export const microsoft: TeamsChannel = {
  openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  issuer: 'https://api.botframework.com',
  serviceUrlHosts: [],
}
