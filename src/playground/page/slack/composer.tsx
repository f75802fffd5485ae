import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { useSession, useWords, useWorld } from '../use.ts'
import { commandBeing, commandsFor } from './autocomplete.ts'

const draftEvent = 'playground-draft'

/** Puts words into the message field in view, for somebody to finish and send. */
export const draft = (text: string): void => {
  document.dispatchEvent(new CustomEvent(draftEvent, { detail: text }))
}

const drafts = new Map<string, string>()

/** Where one writes: messages, replies and slash commands. */
export function Composer({ channel, thread, label }: { channel: string; thread?: string; label: string }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const id = useId()
  const place = `${state.me} ${channel} ${thread ?? ''}`
  const [text, setText] = useState(drafts.get(place) ?? '')
  const [closed, setClosed] = useState(false)
  const [active, setActive] = useState(0)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const offered = closed ? [] : commandsFor(text, state.commands)
  const being = commandBeing(text, state.commands)

  useEffect(() => setText(drafts.get(place) ?? ''), [place])
  useEffect(() => {
    if (text) drafts.set(place, text)
    else drafts.delete(place)
    const area = field.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
  }, [text, place])
  useEffect(() => {
    if (thread) return
    const take = (event: Event): void => {
      setText((event as CustomEvent<string>).detail)
      setClosed(false)
      field.current?.focus()
    }
    document.addEventListener(draftEvent, take)
    return () => document.removeEventListener(draftEvent, take)
  }, [thread])
  useEffect(() => setActive(0), [text])

  const take = (command: string): void => {
    setText(`${command} `)
    field.current?.focus()
  }
  const send = async (): Promise<void> => {
    const said = text.trim()
    if (said === '' || busy) return
    const isCommand = said.startsWith('/')
    setBusy(true)
    setText('')
    const answer = await session.act(isCommand ? 'command' : 'say', {
      channel,
      text: said,
      ...(thread ? { thread } : {}),
    })
    setBusy(false)
    // What could not be sent is given back, unless something new has been begun.
    if (!answer.ok) {
      setText((now) => (now === '' ? said : now))
      setClosed(true)
    }
    if (document.activeElement === document.body) field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends a Korean composition must not send; Safari tells it by the key code alone.
    if (event.isComposing || event.keyCode === 229) return
    if (offered.length > 0) {
      const chosen = offered[Math.min(active, offered.length - 1)]
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        setActive((at) => (at + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        setClosed(true)
        return
      }
      if (chosen && (event.key === 'Tab' || (event.key === 'Enter' && chosen.command !== text))) {
        event.preventDefault()
        take(chosen.command)
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
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {offered.length > 0 && (
        <div class="commands">
          <div class="commands-title">
            <span>{words.commands}</span>
            <small>{words.commandsHint}</small>
          </div>
          <div role="listbox" id={`${id}-commands`} aria-label={words.commands}>
            {offered.map((command, index) => (
              <div
                key={command.command}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                tabIndex={-1}
                class={`command${index === active ? ' active' : ''}`}
                onPointerMove={() => setActive(index)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(command.command)}
                onKeyDown={() => undefined}
              >
                <span>
                  <b>{command.command}</b> <span class="usage">{command.usageHint}</span>
                </span>
                <small>{command.description}</small>
              </div>
            ))}
          </div>
        </div>
      )}
      {being && (
        <div class="command-being" aria-live="polite">
          <b>{being.command}</b> <span class="usage">{being.usageHint}</span>
          <small>{being.description}</small>
        </div>
      )}
      <div class={`composer-box${busy ? ' busy' : ''}`}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-controls={offered.length > 0 ? `${id}-commands` : undefined}
          aria-activedescendant={offered.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          onInput={(event) => {
            setText(event.currentTarget.value)
            setClosed(false)
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send" aria-label={words.send} disabled={text.trim() === '' || busy}>
          <Icon name="send" />
        </button>
      </div>
      <p class="composer-note" role="status">
        {busy ? words.appThinking(state.app.name) : ''}
      </p>
    </form>
  )
}
