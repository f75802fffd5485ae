import { useState } from 'preact/hooks'
import { useWords, useWorld } from '../use.ts'
import { ClockPanel } from './clock.tsx'
import { lastingFaults } from './fault-kinds.ts'
import { FaultsPanel } from './faults.tsx'
import { Icon, type IconName } from './icons.tsx'
import { TrafficPanel } from './traffic.tsx'

const tabs = ['traffic', 'faults', 'clock'] as const
export type PanelTab = (typeof tabs)[number]
const icons: Readonly<Record<PanelTab, IconName>> = { traffic: 'pulse', faults: 'bolt', clock: 'clock' }

/** What an engineer wants to see: beside the client, or as a sheet from below on a phone. */
export function EngineerPanel({ first, onClose }: { first: PanelTab; onClose: () => void }) {
  const words = useWords()
  const faults = lastingFaults(useWorld().faults)
  const [tab, setTab] = useState<PanelTab>(first)
  return (
    <aside
      class="panel"
      aria-label={words.panel}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header class="pane-head">
        <div role="tablist" aria-label={words.panel} class="tabs">
          {tabs.map((key, index) => (
            <button
              key={key}
              type="button"
              role="tab"
              id={`panel-${key}`}
              aria-selected={tab === key}
              aria-controls="panel-body"
              tabIndex={tab === key ? 0 : -1}
              onClick={() => setTab(key)}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
                if (step === 0) return
                const next = tabs[(index + step + tabs.length) % tabs.length] as PanelTab
                setTab(next)
                document.getElementById(`panel-${next}`)?.focus()
              }}
            >
              <Icon name={icons[key]} />
              {words[key]}
              {key === 'faults' && faults.length > 0 && <span class="badge">{faults.length}</span>}
            </button>
          ))}
        </div>
        <button type="button" class="icon-button" aria-label={words.closePanel} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby={`panel-${tab}`}>
        {tab === 'traffic' && <TrafficPanel />}
        {tab === 'faults' && <FaultsPanel />}
        {tab === 'clock' && <ClockPanel />}
      </div>
    </aside>
  )
}
