import { useEffect, useRef, useState } from 'preact/hooks'
import { useTeams } from '../teams/use.ts'
import { useOutside, useSession, useWords } from '../use.ts'
import type { Person } from '../wire.ts'
import { Face } from './avatar.tsx'
import { type Actor, useCast } from './cast.ts'
import { Icon } from './icons.tsx'
import { usePlatform } from './platform.tsx'

/** What somebody is, in a few words: their title, or else their roles in Dealdesk. */
export function useStanding(): (person: Person) => string {
  const words = useWords()
  return (person) => {
    if (person.deleted) return words.deactivated
    const roles = (person.roles ?? []).map((role) => words.roles[role] ?? role).join(' · ')
    return person.title || roles || (person.isGuest ? words.guest : person.isStranger ? words.stranger : '')
  }
}

/** Who one is now, everybody else with what waits for them, and the way to become them. */
export function PersonSwitcher() {
  const words = useWords()
  const { actors, me, become } = useCast()
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useOutside(frame, open, () => setOpen(false))
  useEffect(() => {
    if (open && matchMedia('(pointer: fine)').matches) search.current?.focus()
    if (!open) setQuery('')
  }, [open])
  useEffect(() => {
    // Alt+P, wherever the focus is.
    const reach = (event: KeyboardEvent): void => {
      if (!event.altKey || event.code !== 'KeyP') return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', reach)
    return () => document.removeEventListener('keydown', reach)
  }, [])

  const elsewhere = actors.reduce((sum, actor) => sum + (actor.isMe ? 0 : actor.waiting), 0)
  const found = actors.filter((actor) =>
    `${actor.name} ${actor.member.slack?.name ?? ''} ${actor.title}`
      .toLocaleLowerCase()
      .includes(query.trim().toLocaleLowerCase()),
  )
  const choose = (actor: Actor): void => {
    setOpen(false)
    button.current?.focus()
    if (!actor.isMe) become(actor.member)
  }
  const nameOf = (actor: Actor): string =>
    [actor.name, actor.title, actor.waiting > 0 ? words.waiting(actor.waiting) : '']
      .filter(Boolean)
      .join(', ')
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setOpen(false)
      button.current?.focus()
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const items = [...(frame.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the menu's own items
    <div class="switcher" ref={frame} onKeyDown={open ? onKeyDown : undefined}>
      <button
        ref={button}
        type="button"
        class="switcher-me"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`${words.switchPerson}. ${words.youAre} ${me ? nameOf(me) : ''}`}
        title="Alt+P"
        onClick={() => setOpen(!open)}
      >
        <Face name={me?.name ?? '?'} color={me?.color} size={32} />
        <span class="switcher-words">
          <small>{words.youAre}</small>
          <b>{me?.name}</b>
          <span class="switcher-title">{me?.title}</span>
        </span>
        {elsewhere > 0 && <span class="badge only-phone">{elsewhere}</span>}
        <Icon name="chevron" />
      </button>
      <div class="switcher-strip" role="group" aria-label={words.people}>
        {actors
          .filter((actor) => !actor.isMe && !actor.deleted)
          .map((actor) => (
            <button
              key={actor.key}
              type="button"
              class="face"
              aria-label={nameOf(actor)}
              title={nameOf(actor)}
              onClick={() => choose(actor)}
            >
              <Face name={actor.name} color={actor.color} size={30} />
              {actor.waiting > 0 && <span class="badge">{actor.waiting}</span>}
            </button>
          ))}
      </div>
      {open && (
        <div class="switcher-menu">
          <input
            ref={search}
            class="field"
            type="search"
            placeholder={words.findPerson}
            aria-label={words.findPerson}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.isComposing && found[0]) choose(found[0])
            }}
          />
          <div role="menu" aria-label={words.switchPerson} class="switcher-list">
            {found.map((actor) => (
              <button
                key={actor.key}
                type="button"
                role="menuitemradio"
                aria-checked={actor.isMe}
                aria-label={nameOf(actor)}
                class={actor.deleted ? 'faint' : ''}
                onClick={() => choose(actor)}
              >
                <Face name={actor.name} color={actor.color} size={36} />
                <span class="switcher-words">
                  <b>{actor.name}</b>
                  <span class="switcher-title">{actor.title}</span>
                </span>
                {actor.waiting > 0 && <span class="badge">{actor.waiting}</span>}
                {actor.isMe && <Icon name="check" />}
              </button>
            ))}
            {found.length === 0 && <p class="quiet">{words.nobodyFound}</p>}
          </div>
          {me && <Languages me={me} />}
        </div>
      )}
    </div>
  )
}

/** In which language the person shown reads each platform in view, and the way to change it. */
function Languages({ me }: { me: Actor }) {
  const words = useWords()
  const session = useSession()
  const teams = useTeams()
  const platform = usePlatform()
  const other = (locale: string): string => (locale === 'ko-KR' ? 'en-US' : 'ko-KR')
  const { slack, teams: account } = me.member
  return (
    <>
      {slack && platform !== 'teams' && (
        <div class="switcher-foot">
          <span>{words.slackLanguage(slack.locale)}</span>
          <button
            type="button"
            class="link-button"
            aria-label={words.changeSlackLanguage(other(slack.locale))}
            onClick={() => void session.act('locale', { locale: other(slack.locale) })}
          >
            {slack.locale === 'ko-KR' ? 'English' : '한국어'}
          </button>
        </div>
      )}
      {account && platform !== 'slack' && (
        <div class="switcher-foot">
          <span>{words.teamsLanguage(account.locale)}</span>
          <button
            type="button"
            class="link-button"
            aria-label={words.changeTeamsLanguage(other(account.locale))}
            onClick={() => void teams.act('locale', { locale: other(account.locale) })}
          >
            {account.locale === 'ko-KR' ? 'English' : '한국어'}
          </button>
        </div>
      )}
    </>
  )
}
