import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { SlackClient } from '../slack/client.tsx'
import { shortTime } from '../slack/dates.ts'
import { useTeams, useTeamsPicture } from '../teams/use.ts'
import { findPerson, useEyes, useNow, usePicture, useSession, useWords, useWorld } from '../use.ts'
import type { Language } from '../words.ts'
import { useCast } from './cast.ts'
import { lastingFaults } from './fault-kinds.ts'
import { FirstStepsHint } from './hint.tsx'
import { Icon } from './icons.tsx'
import { EngineerPanel, type PanelTab } from './panel.tsx'
import { PersonSwitcher } from './people.tsx'
import { PlatformContext, PlatformSwitch, usePlatform, useShown } from './platform.tsx'
import { type Platform, platformIn } from './platforms.ts'
import { Toasts } from './toasts.tsx'

const remembered = (key: string): string | null => {
  try {
    return localStorage.getItem(`playground.${key}`)
  } catch {
    return null
  }
}
const remember = (key: string, value: string): void => {
  try {
    localStorage.setItem(`playground.${key}`, value)
  } catch {
    // A browser that keeps nothing is no reason to fail.
  }
}

/** What lies around the client: who one is, the clock, the language, and what happens under the hood. */
export function Shell({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const words = useWords()
  const { connection, state, trouble } = usePicture()
  if (!state)
    return (
      <div class="starting" role="status">
        <span class="mark" aria-hidden="true" />
        <p>{trouble ? (trouble === 'unreachable' ? words.unreachable : trouble) : words.connecting}</p>
      </div>
    )
  return (
    <>
      <Frame onLanguage={onLanguage} />
      {connection === 'lost' && (
        <div class="lost" role="alert">
          {words.lost}
        </div>
      )}
      <Toasts />
    </>
  )
}

function Frame({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const [chosen, setChosen] = useState(() => platformIn(location.search))
  const { connection } = useTeamsPicture()
  const shown = useShown(chosen)
  const session = useSession()
  const teams = useTeams()
  // Until it is known whether there is a Teams half, an address that asks for it is not given up.
  const platform = connection === 'none' ? 'slack' : shown
  const choose = (next: Platform): void => {
    setChosen(next)
    const address = new URLSearchParams(location.search)
    address.set('platform', next)
    history.replaceState(null, '', `?${address}`)
  }
  useEffect(() => {
    session.look(platform !== 'teams')
    teams.look(platform !== 'slack')
  }, [platform])
  return (
    <PlatformContext.Provider value={platform}>
      <Around onLanguage={onLanguage} onPlatform={connection === 'none' ? undefined : choose} />
    </PlatformContext.Provider>
  )
}

/** Tells the Teams side whom the Slack side shows. */
function useFollowing(): void {
  const teams = useTeams()
  const state = useWorld()
  const me = findPerson(state, state.me)
  const company = state.workspaces.find((w) => w.id === state.workspace)
  const known = JSON.stringify([company?.name, me?.id, me?.person])
  useEffect(() => {
    if (!me || !company) return
    teams.follow({
      company: company.name,
      domain: company.domain,
      name: me.realName,
      ...(me.person === undefined ? {} : { person: me.person }),
      ...(me.email === undefined ? {} : { email: me.email }),
    })
  }, [known])
}

function Around({
  onLanguage,
  onPlatform,
}: {
  onLanguage: (language: Language) => void
  onPlatform: ((platform: Platform) => void) | undefined
}) {
  const words = useWords()
  const state = useWorld()
  const platform = usePlatform()
  const { me } = useCast()
  const teams = useTeamsPicture()
  const faults = lastingFaults(state.faults)
  const wide = matchMedia('(min-width: 1200px)').matches
  const [panel, setPanel] = useState<PanelTab | undefined>(
    wide && platform !== 'both' && remembered('panel') !== 'closed' ? 'traffic' : undefined,
  )
  const [hint, setHint] = useState(remembered('hint') !== 'hidden')
  useFollowing()
  useEffect(() => {
    document.title = me ? `${me.name} · ${words.product}` : words.product
  }, [me?.name, words])
  useEffect(() => remember('panel', panel ? 'open' : 'closed'), [panel])
  useEffect(() => remember('hint', hint ? 'shown' : 'hidden'), [hint])
  const account =
    me?.member.teams ?? teams.state?.people.find((p) => p.person && p.person === me?.member.slack?.person)
  return (
    <div class={`shell${panel ? ' panel-open' : ''}`}>
      <header class="top">
        <PersonSwitcher />
        {onPlatform && (
          <PlatformSwitch
            waiting={{
              slack: me?.member.slack ? (state.waiting?.[me.member.slack.id] ?? 0) : 0,
              teams: account ? (teams.state?.waiting[account.id] ?? 0) : 0,
            }}
            onChoose={onPlatform}
          />
        )}
        <div class="top-tools">
          <ClockChip onOpen={() => setPanel('clock')} />
          {!hint && (
            <button
              type="button"
              class="icon-button"
              aria-label={words.hintShow}
              title={words.hintShow}
              onClick={() => setHint(true)}
            >
              <Icon name="hint" />
            </button>
          )}
          <LanguageButton onLanguage={onLanguage} />
          <button
            type="button"
            class="icon-button"
            aria-pressed={panel !== undefined}
            aria-label={panel ? words.closePanel : words.openPanel}
            title={panel ? words.closePanel : words.openPanel}
            onClick={() => setPanel(panel ? undefined : 'traffic')}
          >
            <Icon name="panel" />
            {faults.length > 0 && <span class="dot" />}
          </button>
        </div>
      </header>
      {hint && <FirstStepsHint onDismiss={() => setHint(false)} />}
      <div class={`clients ${platform}`}>
        {platform !== 'teams' &&
          (me && !me.member.slack ? (
            <main class="client" aria-label={words.slack}>
              <div class="empty">
                <h3>{words.slackAbsent(me.name)}</h3>
                <p>{words.teamsAbsentHint}</p>
              </div>
            </main>
          ) : (
            <SlackClient />
          ))}
        {platform !== 'slack' && <TeamsHalf name={me?.name ?? ''} />}
      </div>
      {panel && <EngineerPanel key={panel} first={panel} onClose={() => setPanel(undefined)} />}
    </div>
  )
}

/** The Teams client comes with Microsoft's renderer, so it is fetched when it is first looked at. */
function TeamsHalf({ name }: { name: string }) {
  const words = useWords()
  const [client, setClient] = useState<{ draw: FunctionComponent<{ name: string }> }>()
  useEffect(() => {
    void import('../teams/client.tsx').then(({ TeamsClient }) => setClient({ draw: TeamsClient }))
  }, [])
  if (!client)
    return (
      <main class="client" aria-label={words.teams} aria-busy={true}>
        <p class="quiet">{words.loading}</p>
      </main>
    )
  return <client.draw name={name} />
}

function ClockChip({ onOpen }: { onOpen: () => void }) {
  const words = useWords()
  const eyes = useEyes()
  const now = useNow()
  const { clock } = useWorld()
  const text = shortTime(now, eyes)
  return (
    <button
      type="button"
      class={`clock-chip${clock.offsetMs > 60_000 ? ' moved' : ''}`}
      aria-label={`${words.businessTime}: ${text}`}
      title={words.businessTime}
      onClick={onOpen}
    >
      <Icon name="clock" />
      <span>{text}</span>
    </button>
  )
}

function LanguageButton({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const words = useWords()
  const other: Language = words.otherLanguage === 'English' ? 'en' : 'ko'
  return (
    <button
      type="button"
      class="text-button"
      lang={other}
      aria-label={`${words.language}: ${words.otherLanguage}`}
      onClick={() => {
        remember('language', other)
        onLanguage(other)
      }}
    >
      <Icon name="globe" />
      <span>{words.otherLanguage}</span>
    </button>
  )
}

export { remembered }
