import { useEffect, useRef, useState } from 'preact/hooks'
import { findPerson, useOutside, useSession, useWords, useWorld } from '../use.ts'
import type { Person } from '../wire.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icons.tsx'

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
  const state = useWorld()
  const session = useSession()
  const standing = useStanding()
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

  const me = findPerson(state, state.me)
  const people = state.people.filter((person) => !person.isBot)
  const waiting = (person: Person): number => state.waiting?.[person.id] ?? 0
  const elsewhere = people.reduce((sum, person) => sum + (person.id === state.me ? 0 : waiting(person)), 0)
  const found = people.filter((person) =>
    `${person.realName} ${person.name} ${standing(person)}`
      .toLocaleLowerCase()
      .includes(query.trim().toLocaleLowerCase()),
  )
  const become = (person: Person): void => {
    setOpen(false)
    button.current?.focus()
    if (person.id !== state.me) void session.become(person.id)
  }
  const nameOf = (person: Person): string =>
    [person.realName, standing(person), waiting(person) > 0 ? words.waiting(waiting(person)) : '']
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
        <Avatar person={me} size={32} />
        <span class="switcher-words">
          <small>{words.youAre}</small>
          <b>{me?.realName}</b>
          <span class="switcher-title">{me && standing(me)}</span>
        </span>
        {elsewhere > 0 && <span class="badge only-phone">{elsewhere}</span>}
        <Icon name="chevron" />
      </button>
      <div class="switcher-strip" role="group" aria-label={words.people}>
        {people
          .filter((person) => person.id !== state.me && !person.deleted)
          .map((person) => (
            <button
              key={person.id}
              type="button"
              class="face"
              aria-label={nameOf(person)}
              title={nameOf(person)}
              onClick={() => become(person)}
            >
              <Avatar person={person} size={30} />
              {waiting(person) > 0 && <span class="badge">{waiting(person)}</span>}
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
              if (event.key === 'Enter' && !event.isComposing && found[0]) become(found[0])
            }}
          />
          <div role="menu" aria-label={words.switchPerson} class="switcher-list">
            {found.map((person) => (
              <button
                key={person.id}
                type="button"
                role="menuitemradio"
                aria-checked={person.id === state.me}
                aria-label={nameOf(person)}
                class={person.deleted ? 'faint' : ''}
                onClick={() => become(person)}
              >
                <Avatar person={person} size={36} />
                <span class="switcher-words">
                  <b>{person.realName}</b>
                  <span class="switcher-title">{standing(person)}</span>
                </span>
                {waiting(person) > 0 && <span class="badge">{waiting(person)}</span>}
                {person.id === state.me && <Icon name="check" />}
              </button>
            ))}
            {found.length === 0 && <p class="quiet">{words.nobodyFound}</p>}
          </div>
          {me && (
            <div class="switcher-foot">
              <span>{words.slackLanguage(me.locale)}</span>
              <button
                type="button"
                class="link-button"
                aria-label={words.changeSlackLanguage(me.locale === 'ko-KR' ? 'en-US' : 'ko-KR')}
                onClick={() =>
                  void session.act('locale', { locale: me.locale === 'ko-KR' ? 'en-US' : 'ko-KR' })
                }
              >
                {me.locale === 'ko-KR' ? 'English' : '한국어'}
              </button>
            </div>
          )}
        </div>
      )}
    </div>
  )
}
