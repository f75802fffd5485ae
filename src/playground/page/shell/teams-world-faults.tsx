import { findTeamsPerson, useTeams, useTeamsPicture } from '../teams/use.ts'
import { useWords } from '../use.ts'
import { Switch } from './switch.tsx'

/** What may happen to the app's place in Teams: removed, blocked, its people gone. */
export function TeamsWorldFaults() {
  const words = useWords()
  const teams = useTeams()
  const { state, absent } = useTeamsPicture()
  const open = teams.conversation
  if (!state || absent) return null
  const shared = open !== undefined && open.kind !== 'personal'
  const team = state.teams.find((t) => t.id === open?.team)
  const where = open?.team ? { team: open.team } : { conversation: open?.id }
  const personal = state.conversations.find((c) => c.kind === 'personal')
  const me = findTeamsPerson(state, state.me)
  return (
    <ul class="faults">
      <li class={shared && !open.installed ? 'on' : ''}>
        <div>
          <b>{words.teamsUninstallHere}</b>
          <p>
            {shared ? `${team?.name ?? open.name}. ${words.teamsUninstallHereAbout}` : words.noChannelOpen}
          </p>
        </div>
        <Switch
          on={shared && !open.installed}
          label={words.teamsUninstallHere}
          disabled={!shared}
          onChange={() => void teams.act(open?.installed ? 'uninstall' : 'install', where)}
        />
      </li>
      <li class={personal?.blocked ? 'on' : ''}>
        <div>
          <b>{words.teamsBlock}</b>
          <p>{words.teamsBlockAbout}</p>
        </div>
        <Switch
          on={personal?.blocked ?? false}
          label={words.teamsBlock}
          disabled={!personal}
          onChange={() => void teams.act(personal?.blocked ? 'unblock' : 'block')}
        />
      </li>
      {me && (
        <li class={me.deleted ? 'on' : ''}>
          <div>
            <b>{words.deactivate(me.name)}</b>
            <p>{words.deactivateAbout}</p>
          </div>
          <Switch
            on={me.deleted}
            label={words.deactivate(me.name)}
            onChange={() => void teams.act(me.deleted ? 'activate' : 'deactivate', { target: me.id })}
          />
        </li>
      )}
    </ul>
  )
}
