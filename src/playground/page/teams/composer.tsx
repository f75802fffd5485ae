import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { useOutside, useWords } from '../use.ts'
import { drafts, onDraftInTeams } from './drafts.ts'
import { commandPart, mentionBeing, mentionsFor, teamsCommandsFor } from './mentions.ts'
import { findTeamsPerson, useTeams, useTeamsWorld } from './use.ts'
import type { TeamsConversation } from './wire.ts'

interface Offer {
  readonly key: string
  readonly title: string
  readonly about?: string | undefined
  readonly take: () => void
}

/** Where one writes: messages, posts, replies; with the app's commands and the names to mention. */
export function TeamsComposer({
  conversation,
  root,
  label,
  hint,
  onSent,
}: {
  conversation: TeamsConversation
  root?: string
  label: string
  hint?: string | undefined
  onSent?: () => void
}) {
  const words = useWords()
  const state = useTeamsWorld()
  const teams = useTeams()
  const id = useId()
  const place = `${state.me} ${conversation.id} ${root ?? ''}`
  const [text, setText] = useState(drafts.get(place) ?? '')
  const [caret, setCaret] = useState(0)
  const [closed, setClosed] = useState(false)
  const [menu, setMenu] = useState(false)
  const [active, setActive] = useState(0)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const frame = useRef<HTMLFormElement>(null)
  const personal = conversation.kind === 'personal'
  const app = state.bot.name
  useOutside(frame, menu, () => setMenu(false))

  useEffect(() => {
    if (text) drafts.set(place, text)
    else drafts.delete(place)
    const area = field.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`
  }, [text, place])
  const write = (next: string): void => {
    setText(next)
    setCaret(next.length)
    field.current?.focus()
    requestAnimationFrame(() => field.current?.setSelectionRange(next.length, next.length))
  }
  const command = (title: string): void => {
    setMenu(false)
    write(`${personal ? '' : `@${app} `}${title} `)
  }
  useEffect(() => {
    if (root) return
    return onDraftInTeams((said) => {
      setClosed(false)
      command(said)
    })
  }, [root, personal])
  useEffect(() => {
    if (root) field.current?.focus()
  }, [root])

  const mention = mentionBeing(text, caret)
  const names = [
    ...(conversation.installed ? [app] : []),
    ...(personal
      ? []
      : conversation.members.flatMap((member) => {
          const name = findTeamsPerson(state, member)?.name
          return name && member !== state.me ? [name] : []
        })),
  ]
  const part = commandPart(text, app, personal)
  const offered: readonly Offer[] = menu
    ? state.commands.map((c) => ({
        key: c.title,
        title: c.title,
        about: c.description,
        take: () => command(c.title),
      }))
    : closed
      ? []
      : mention && mentionsFor(mention.word, names).length > 0
        ? mentionsFor(mention.word, names).map((name) => ({
            key: name,
            title: name,
            about: name === app ? words.teamsBotTag : undefined,
            take: () => write(`${text.slice(0, mention.at)}@${name} ${text.slice(caret)}`),
          }))
        : part !== undefined && (part !== '' || !personal)
          ? teamsCommandsFor(part, state.commands).map((c) => ({
              key: c.title,
              title: c.title,
              about: c.description,
              take: () => command(c.title),
            }))
          : []
  useEffect(() => setActive(0), [text, menu])
  useEffect(() => {
    if (offered.length > 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, offered.length])

  const send = async (): Promise<void> => {
    const said = text.trim()
    if (said === '' || busy) return
    setBusy(true)
    setText('')
    setMenu(false)
    const answer = await teams.act('say', {
      conversation: conversation.id,
      text: said,
      ...(root ? { root } : {}),
    })
    setBusy(false)
    // What could not be sent is given back, unless something new has been begun.
    if (answer.ok) onSent?.()
    else {
      setText((now) => (now === '' ? said : now))
      setClosed(true)
    }
    if (document.activeElement === document.body) field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends a Korean composition must not send; Safari tells it by the key code alone.
    if (event.isComposing || event.keyCode === 229) return
    if (offered.length > 0) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        setActive((at) => (at + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        setClosed(true)
        setMenu(false)
        return
      }
      if (event.key === 'Tab' || event.key === 'Enter') {
        event.preventDefault()
        offered[Math.min(active, offered.length - 1)]?.take()
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }
  return (
    <form
      ref={frame}
      class="composer tm-composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {offered.length > 0 && (
        <div class="commands">
          <div class="commands-title">
            <span>{mention && !menu ? words.teamsMentions : words.teamsCommands}</span>
            <small>{words.commandsHint}</small>
          </div>
          <div
            role="listbox"
            id={`${id}-offered`}
            aria-label={mention && !menu ? words.teamsMentions : words.teamsCommands}
          >
            {offered.map((offer, index) => (
              <div
                key={offer.key}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                tabIndex={-1}
                class={`command${index === active ? ' active' : ''}`}
                onPointerMove={() => setActive(index)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={offer.take}
                onKeyDown={() => undefined}
              >
                <b>{offer.title}</b>
                {offer.about && <small>{offer.about}</small>}
              </div>
            ))}
          </div>
        </div>
      )}
      <div class={`composer-box${busy ? ' busy' : ''}`}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-controls={offered.length > 0 ? `${id}-offered` : undefined}
          aria-activedescendant={offered.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          onInput={(event) => {
            setText(event.currentTarget.value)
            setCaret(event.currentTarget.selectionStart)
            setClosed(false)
            setMenu(false)
          }}
          onClick={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {!root && (
          <button
            type="button"
            class="icon-button tm-prompts"
            aria-label={words.teamsCommands}
            title={words.teamsCommands}
            aria-expanded={menu}
            onClick={() => {
              setMenu(!menu)
              field.current?.focus()
            }}
          >
            <Icon name="prompts" />
          </button>
        )}
        <button type="submit" class="send" aria-label={words.send} disabled={text.trim() === '' || busy}>
          <Icon name="send" />
        </button>
      </div>
      <p class="composer-note" role="status">
        {busy ? words.appThinking(app) : hint}
      </p>
    </form>
  )
}
