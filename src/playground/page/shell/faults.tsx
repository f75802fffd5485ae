import { useState } from 'preact/hooks'
import { findPerson, useLanguage, usePicture, useSession, useWords, useWorld } from '../use.ts'
import { faultKinds, inForce } from './fault-kinds.ts'

const often = { once: 1, thrice: 3, always: null } as const
const methods = ['*', 'chat.*', 'chat.postMessage', 'chat.update', 'views.*', 'response_url'] as const

/** What can go wrong with Slack, each to be switched on and off. */
export function FaultsPanel() {
  const words = useWords()
  const language = useLanguage()
  const session = useSession()
  const { faults } = useWorld()
  const [times, setTimes] = useState<keyof typeof often>('once')
  const [method, setMethod] = useState<(typeof methods)[number]>('chat.*')
  const rows = (on: 'api' | 'app') => (
    <ul class="faults">
      {faultKinds
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
                        ...(on === 'api' && method !== '*' ? { method } : {}),
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
      <p class="about">{words.faultsAbout}</p>
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
          <select
            class="field"
            value={method}
            onChange={(e) => setMethod(e.currentTarget.value as (typeof methods)[number])}
          >
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
      <h3>{words.fromApp}</h3>
      {rows('api')}
      <h3>{words.toApp}</h3>
      {rows('app')}
      <h3>{words.channelFaults}</h3>
      <WorldFaults />
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

function Switch({
  on,
  label,
  disabled = false,
  onChange,
}: {
  on: boolean
  label: string
  disabled?: boolean
  onChange: () => void
}) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      onClick={onChange}
    >
      <span />
    </button>
  )
}
