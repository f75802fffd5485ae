import { useEffect, useRef, useState } from 'preact/hooks'
import { fetchExchange } from '../api.ts'
import { findTeamsPerson, useTeamsPicture } from '../teams/use.ts'
import { findPerson, usePicture, useSession, useWords, useWorld } from '../use.ts'
import type { Exchange } from '../wire.ts'
import { Icon } from './icons.tsx'
import { readBody, tokensOf } from './json.ts'
import { PlatformMark } from './platform.tsx'

/** Both sides of the wire, as it happens. */
export function TrafficPanel() {
  const words = useWords()
  const session = useSession()
  const { traffic } = usePicture()
  const { connection } = useTeamsPicture()
  const [filter, setFilter] = useState('')
  const [open, setOpen] = useState<number>()
  const list = useRef<HTMLOListElement>(null)
  const shown = traffic
    .filter((e) =>
      `${e.platform ?? 'slack'} ${e.what} ${e.outcome} ${e.response?.status ?? ''}`
        .toLowerCase()
        .includes(filter.toLowerCase()),
    )
    .toReversed()
  return (
    <div class="traffic-panel">
      <p class="about">{connection === 'none' ? words.trafficAbout : words.trafficAboutBoth}</p>
      <div class="panel-row">
        <input
          class="field"
          type="search"
          placeholder={words.filterTraffic}
          aria-label={words.filterTraffic}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <button type="button" class="button" onClick={() => session.clearTraffic()}>
          {words.clearTraffic}
        </button>
      </div>
      {shown.length === 0 ? (
        <div class="empty">
          <span class="empty-picture">
            <Icon name="pulse" />
          </span>
          <h3>{words.trafficEmpty}</h3>
          <p>{words.trafficEmptyHint}</p>
        </div>
      ) : (
        <ol class="exchanges" ref={list} aria-label={words.traffic}>
          {shown.map((exchange) => (
            <ExchangeRow
              key={exchange.id}
              exchange={exchange}
              open={open === exchange.id}
              onToggle={() => setOpen(open === exchange.id ? undefined : exchange.id)}
            />
          ))}
        </ol>
      )}
    </div>
  )
}

function ExchangeRow({
  exchange,
  open,
  onToggle,
}: {
  exchange: Exchange
  open: boolean
  onToggle: () => void
}) {
  const words = useWords()
  const state = useWorld()
  const { faults } = state
  const { connection, state: teams } = useTeamsPicture()
  const hasTeams = connection !== 'none' && connection !== 'unknown'
  const ofTeams = exchange.platform === 'teams'
  const [whole, setWhole] = useState<Exchange>()
  useEffect(() => {
    if (open && exchange.bodyCut) void fetchExchange(exchange.id).then(setWhole, () => undefined)
  }, [open, exchange.bodyCut, exchange.outcome])
  const full = whole ?? exchange
  const direction = ofTeams
    ? exchange.direction === 'to-app'
      ? words.toAppTeams
      : words.fromAppTeams
    : exchange.direction === 'to-app'
      ? words.toApp
      : words.fromApp
  const outcome = words.outcomes[exchange.outcome] ?? exchange.outcome
  const who = !exchange.user
    ? undefined
    : ofTeams
      ? teams && findTeamsPerson(teams, exchange.user)?.name
      : findPerson(state, exchange.user)?.realName
  const channel = ofTeams
    ? teams?.conversations.find((c) => c.id === exchange.channel && c.kind !== 'personal')
    : state.conversations.find((c) => c.id === exchange.channel && c.kind !== 'dm')
  const details = [
    who,
    channel && `${ofTeams ? '' : '#'}${channel.name}`,
    exchange.note,
    exchange.fault &&
      `${words.fault}: ${faults.find((f) => f.id === exchange.fault)?.kind ?? exchange.fault}`,
  ].filter((detail) => detail)
  return (
    <li class={`exchange ${exchange.direction} ${exchange.outcome}`}>
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${direction}: ${exchange.what}, ${outcome}`}
        onClick={onToggle}
      >
        <span class="exchange-way" title={direction}>
          <Icon name={exchange.direction === 'to-app' ? 'down' : 'up'} />
        </span>
        <span class="exchange-what">
          {hasTeams && <PlatformMark platform={ofTeams ? 'teams' : 'slack'} />}
          {exchange.what}
          {details.length > 0 && <small>{details.join(' · ')}</small>}
        </span>
        <span class="exchange-end">
          <b>{exchange.response?.status ?? (exchange.outcome === 'running' ? '…' : outcome)}</b>
          <small>{exchange.ms === undefined ? '' : `${Math.round(exchange.ms)} ms`}</small>
        </span>
      </button>
      {open && (
        <div class="exchange-whole">
          <p>
            <b>{full.request.method}</b> {full.request.path}
          </p>
          <Body title={words.request} body={full.request.body} headers={full.request.headers} />
          {full.response ? (
            <Body
              title={`${words.response} ${full.response.status}`}
              body={full.response.body}
              headers={full.response.headers}
            />
          ) : (
            <p class="quiet">{exchange.outcome === 'running' ? '…' : words.noResponse}</p>
          )}
        </div>
      )}
    </li>
  )
}

function Body({
  title,
  body,
  headers,
}: {
  title: string
  body: unknown
  headers: Readonly<Record<string, string>>
}) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  const text = JSON.stringify(readBody(body), null, 2) ?? ''
  return (
    <section class="body-view" aria-label={title}>
      <header>
        <b>{title}</b>
        <button
          type="button"
          class="link-button"
          onClick={() =>
            void navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              () => undefined,
            )
          }
        >
          {copied ? words.copied : words.copy}
        </button>
      </header>
      <details>
        <summary>Headers</summary>
        <dl>
          {Object.entries(headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {text !== '' && (
        <pre tabIndex={0}>
          {tokensOf(text).map((token, index) => (
            <span key={index} class={`json-${token.kind}`}>
              {token.text}
            </span>
          ))}
        </pre>
      )}
    </section>
  )
}
