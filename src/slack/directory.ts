import type { Directory } from '../ports.ts'
import type { Clients } from './clients.ts'
import { slackErrorName } from './failure.ts'
import type { Log } from './log.ts'

/** Who Slack says a user is. Read when a person is linked, never at a click (B5.10). */
export function createDirectory(clients: Clients, log: Log): Directory {
  return {
    platform: 'slack',
    async profile(tenant, user) {
      try {
        const client = await clients.of(tenant)
        const { user: found } = await client.users.info({ user, include_locale: true })
        if (!found) return undefined
        const full = !(
          found.deleted ||
          found.is_bot ||
          found.is_app_user ||
          found.is_restricted ||
          found.is_ultra_restricted ||
          found.is_stranger ||
          user === 'USLACKBOT'
        )
        // In a grid or a shared channel the user may be another workspace's (B5.85).
        const ofThisTeam = found.team_id === undefined || found.team_id === tenant
        return {
          email: found.profile?.email,
          name: found.profile?.real_name || found.real_name || found.name || user,
          member: full && ofThisTeam && found.is_email_confirmed !== false,
          locale: found.locale,
          timeZone: found.tz,
        }
      } catch (error) {
        log.warn({ tenant, user, error: slackErrorName(error) ?? String(error) }, 'slack profile not read')
        return undefined
      }
    },
  }
}
