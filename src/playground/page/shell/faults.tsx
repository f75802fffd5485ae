import { useState } from 'preact/hooks'
import { findPerson, useLanguage, usePicture, useSession, useWords, useWorld } from '../use.ts'
import { faultKinds, inForce } from './fault-kinds.ts'
import { PlatformMark, usePlatform } from './platform.tsx'
import { Switch } from './switch.tsx'
import { teamsFaultKinds, teamsMethods } from './teams-fault-kinds.ts'
import { TeamsWorldFaults } from './teams-world-faults.tsx'

const often = { once: 1, thrice: 3, always: null } as const
const slackMethods = ['*', 'chat.*', 'chat.postMessage', 'chat.update', 'views.*', 'response_url'] as const

/** What can go wrong, each to be switched on and off; side by side, one platform at a time. */
export function FaultsPanel() {
  const words = useWords()
  const platform = usePlatform()
  const [side, setSide] = useState<'slack' | 'teams'>('slack')
  if (platform !== 'both') return <FaultsOf key={platform} side={platform} />
  return (
    <>
      <div class="platforms panel-platforms" role="group" aria-label={words.platform}>
        {(['slack', 'teams'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={side === one} onClick={() => setSide(one)}>
            <PlatformMark platform={one} />
            {words[one]}
          </button>
        ))}
      </div>
      <FaultsOf key={side} side={side} />
    </>
  )
}

function FaultsOf({ side }: { side: 'slack' | 'teams' }) {
  const words = useWords()
  const language = useLanguage()
  const session = useSession()
  const { faults } = useWorld()
  const [times, setTimes] = useState<keyof typeof often>('once')
  const isTeams = side === 'teams'
  const methods: readonly string[] = isTeams ? teamsMethods : slackMethods
  const [method, setMethod] = useState(isTeams ? '*' : 'chat.*')
  const rows = (on: 'api' | 'app') => (
    <ul class="faults">
      {(isTeams ? teamsFaultKinds : faultKinds)
        .filter((kind) => kind.fault.on === on)
        .map((kind) => {
          const now = inForce(kind, faults)
          const { title, about } = kind.say[language]
          return (
            <li key={kind.id} class={now ? 'on' : ''}>
              <div>
                <b>{title}</b>
                {now && now.hits > 0 && <span class="tag">{words.faultHits(now.hits)}</span>}
                <p>{about}</p>
              </div>
              <Switch
                on={now !== undefined}
                label={title}
                onChange={() =>
                  now
                    ? void session.removeFault(now.id)
                    : void session.addFault({
                        ...kind.fault,
                        times: often[times],
                        ...(on === 'api' && method !== '*' && !kind.fault.method ? { method } : {}),
                      })
                }
              />
            </li>
          )
        })}
    </ul>
  )
  return (
    <div class="faults-panel">
      <p class="about">{isTeams ? words.faultsAboutTeams : words.faultsAbout}</p>
      <div class="panel-row">
        <label>
          <small>{words.faultHowOften}</small>
          <select
            class="field"
            value={times}
            onChange={(e) => setTimes(e.currentTarget.value as keyof typeof often)}
          >
            {Object.keys(often).map((key) => (
              <option key={key} value={key}>
                {words.faultTimes[key]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <small>{words.faultWhich}</small>
          <select class="field" value={method} onChange={(e) => setMethod(e.currentTarget.value)}>
            {methods.map((m) => (
              <option key={m} value={m}>
                {m === '*' ? words.faultEvery : m}
              </option>
            ))}
          </select>
        </label>
        {faults.length > 0 && (
          <button type="button" class="button" onClick={() => void session.removeFault()}>
            {words.clearFaults}
          </button>
        )}
      </div>
      <h3>{isTeams ? words.fromAppTeams : words.fromApp}</h3>
      {rows('api')}
      <h3>{isTeams ? words.toAppTeams : words.toApp}</h3>
      {rows('app')}
      <h3>{isTeams ? words.teamsPlaces : words.channelFaults}</h3>
      {isTeams ? <TeamsWorldFaults /> : <WorldFaults />}
    </div>
  )
}

function WorldFaults() {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const { spot } = usePicture()
  const channel = spot.kind === 'channel' ? session.conversation : undefined
  const isChannel = channel !== undefined && channel.kind !== 'dm'
  const installed = state.workspaces.find((w) => w.id === state.workspace)?.installed ?? true
  const other = findPerson(state, channel?.kind === 'dm' ? (channel.with ?? '') : state.me)
  return (
    <ul class="faults">
      <li class={channel?.archived ? 'on' : ''}>
        <div>
          <b>{words.archiveThis}</b>
          <p>{isChannel ? `#${channel.name}. ${words.archiveAbout}` : words.noChannelOpen}</p>
        </div>
        <Switch
          on={channel?.archived ?? false}
          label={words.archiveThis}
          disabled={!isChannel}
          onChange={() =>
            void session.act(channel?.archived ? 'unarchive' : 'archive', { channel: channel?.id })
          }
        />
      </li>
      <li class={isChannel && !channel.botIsMember ? 'on' : ''}>
        <div>
          <b>{words.removeBot}</b>
          <p>{isChannel ? `#${channel.name}. ${words.removeBotAbout}` : words.noChannelOpen}</p>
        </div>
        <Switch
          on={isChannel && !channel.botIsMember}
          label={words.removeBot}
          disabled={!isChannel}
          onChange={() =>
            void session.act(channel?.botIsMember ? 'leave' : 'join', {
              channel: channel?.id,
              target: state.bot,
            })
          }
        />
      </li>
      <li class={installed ? '' : 'on'}>
        <div>
          <b>{words.uninstall}</b>
          <p>{words.uninstallAbout}</p>
        </div>
        <Switch
          on={!installed}
          label={words.uninstall}
          onChange={() => void session.act(installed ? 'uninstall' : 'install')}
        />
      </li>
      {other && !other.isBot && (
        <li class={other.deleted ? 'on' : ''}>
          <div>
            <b>{words.deactivate(other.realName)}</b>
            <p>{words.deactivateAbout}</p>
          </div>
          <Switch
            on={other.deleted}
            label={words.deactivate(other.realName)}
            onChange={() => void session.act(other.deleted ? 'activate' : 'deactivate', { target: other.id })}
          />
        </li>
      )}
    </ul>
  )
}
