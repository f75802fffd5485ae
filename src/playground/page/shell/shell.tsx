import { useEffect, useState } from 'preact/hooks'
import { SlackClient } from '../slack/client.tsx'
import { shortTime } from '../slack/dates.ts'
import { findPerson, useEyes, useNow, usePicture, useWords, useWorld } from '../use.ts'
import type { Language } from '../words.ts'
import { lastingFaults } from './fault-kinds.ts'
import { FirstStepsHint } from './hint.tsx'
import { Icon } from './icons.tsx'
import { EngineerPanel, type PanelTab } from './panel.tsx'
import { PersonSwitcher } from './people.tsx'
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
  const words = useWords()
  const state = useWorld()
  const faults = lastingFaults(state.faults)
  const me = findPerson(state, state.me)?.realName
  const wide = matchMedia('(min-width: 1200px)').matches
  const [panel, setPanel] = useState<PanelTab | undefined>(
    wide && remembered('panel') !== 'closed' ? 'traffic' : undefined,
  )
  const [hint, setHint] = useState(remembered('hint') !== 'hidden')
  useEffect(() => {
    document.title = me ? `${me} · ${words.product}` : words.product
  }, [me, words])
  useEffect(() => remember('panel', panel ? 'open' : 'closed'), [panel])
  useEffect(() => remember('hint', hint ? 'shown' : 'hidden'), [hint])
  return (
    <div class={`shell${panel ? ' panel-open' : ''}`}>
      <header class="top">
        <PersonSwitcher />
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
      <SlackClient />
      {panel && <EngineerPanel key={panel} first={panel} onClose={() => setPanel(undefined)} />}
    </div>
  )
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
