import type { ComponentChildren } from 'preact'
import { Fragment } from 'preact'
import { useMemo } from 'preact/hooks'
import { findPerson, useEyes, useNow, useSession, useWorld } from '../../use.ts'
import type { TextObject } from '../../wire.ts'
import { fillDate, fullTime } from '../dates.ts'
import { emojiCharacter } from '../emoji.ts'
import { type Inline, parseMrkdwn } from '../mrkdwn.ts'
import { Words } from './glyphs.tsx'

/** Draws an emoji by its name; an unknown name is shown as typed. */
export function Emoji({ name, character }: { name: string; character?: string }) {
  const drawn = character ?? emojiCharacter(name)
  if (!drawn) return <>{`:${name}:`}</>
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll('_', ' ')}>
      <Words text={drawn} />
    </span>
  )
}

/** A person's name as a mention. */
export function PersonMention({ id, label }: { id: string; label?: string }) {
  const state = useWorld()
  const person = findPerson(state, id)
  return (
    <span class={id === state.me ? 'mention mention-me' : 'mention'}>@{person?.realName ?? label ?? id}</span>
  )
}

/** A channel as a mention; one that this person sees can be opened. */
export function ChannelMention({ id, label }: { id: string; label?: string }) {
  const state = useWorld()
  const session = useSession()
  const channel = state.conversations.find((c) => c.id === id)
  if (!channel) return <span class="mention">#{label ?? id}</span>
  return (
    <button type="button" class="mention" onClick={() => session.go({ kind: 'channel', channel: id })}>
      #{channel.name}
    </button>
  )
}

/** An instant in the reader's zone and language. */
export function SlackDate({ at, format, url }: { at: number; format: string; url?: string }) {
  const eyes = useEyes()
  const text = fillDate(format, at * 1000, useNow(), eyes)
  const shown = (
    <time dateTime={new Date(at * 1000).toISOString()} title={fullTime(at * 1000, eyes)}>
      {text}
    </time>
  )
  return url ? <OuterLink url={url}>{shown}</OuterLink> : shown
}

/** A link out of the playground: a new tab that knows nothing of this one. */
export function OuterLink({ url, children }: { url: string; children: ComponentChildren }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

function Runs({ runs }: { runs: readonly Inline[] }) {
  return (
    <>
      {runs.map((run, index) => (
        <Fragment key={index}>
          <Run run={run} />
        </Fragment>
      ))}
    </>
  )
}

function Run({ run }: { run: Inline }) {
  switch (run.kind) {
    case 'text':
      return <Words text={run.text} />
    case 'bold':
      return (
        <strong>
          <Runs runs={run.inside} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Runs runs={run.inside} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Runs runs={run.inside} />
        </s>
      )
    case 'code':
      return <code>{run.text}</code>
    case 'link':
      return <OuterLink url={run.url}>{run.text}</OuterLink>
    case 'user':
      return <PersonMention id={run.id} {...(run.label ? { label: run.label } : {})} />
    case 'channel':
      return <ChannelMention id={run.id} {...(run.label ? { label: run.label } : {})} />
    case 'broadcast':
      return <span class="mention mention-me">@{run.name}</span>
    case 'date':
      return <SlackDate at={run.at} format={run.format} {...(run.url ? { url: run.url } : {})} />
    case 'emoji':
      return <Emoji name={run.name} />
    case 'break':
      return <br />
  }
}

/** Slack's mrkdwn. */
export function Mrkdwn({ text }: { text: string }) {
  const parts = useMemo(() => parseMrkdwn(text), [text])
  return (
    <>
      {parts.map((part, index) => {
        const key = `${index} ${part.kind}`
        if (part.kind === 'preformatted') return <pre key={key}>{part.text}</pre>
        const Tag = part.kind === 'quote' ? 'blockquote' : 'p'
        return (
          <Tag key={key}>
            <Runs runs={part.inside} />
          </Tag>
        )
      })}
    </>
  )
}

/** Plain text: no marks at all, but emoji names become emoji unless the app says no. */
export function Plain({ text, emoji = true }: { text: string; emoji?: boolean }) {
  if (!emoji || !text.includes(':')) return <Words text={text} />
  return (
    <>
      {text.split(/(:(?!\d+:)[a-z0-9_+'-]+:)/).map((piece, index) => {
        const name = /^:([a-z0-9_+'-]+):$/.exec(piece)?.[1]
        return name ? <Emoji key={index} name={name} /> : <Words key={index} text={piece} />
      })}
    </>
  )
}

/** A text object, whichever of the two it is. */
export function Text({ of }: { of: TextObject | undefined }) {
  if (!of) return null
  return of.type === 'mrkdwn' ? <Mrkdwn text={of.text} /> : <Plain text={of.text} emoji={of.emoji ?? true} />
}
