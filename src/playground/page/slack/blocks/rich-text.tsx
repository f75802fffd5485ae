import type { ComponentChildren } from 'preact'
import { useWords } from '../../use.ts'
import type { RichPart, RichRun } from '../../wire.ts'
import { isSafeLink } from '../mrkdwn.ts'
import { Words } from './glyphs.tsx'
import { ChannelMention, Emoji, OuterLink, PersonMention, SlackDate } from './text.tsx'

const isPart = (element: RichRun | RichPart): element is RichPart => 'elements' in element

function content(run: RichRun): ComponentChildren {
  switch (run.type) {
    case 'text':
      return <Words text={run.text ?? ''} />
    case 'link': {
      const url = run.url ?? ''
      return isSafeLink(url) ? <OuterLink url={url}>{run.text || url}</OuterLink> : run.text || url
    }
    case 'emoji':
      return <Emoji name={run.name ?? ''} {...(run.unicode ? { character: fromHex(run.unicode) } : {})} />
    case 'user':
      return <PersonMention id={run.user_id ?? ''} />
    case 'channel':
      return <ChannelMention id={run.channel_id ?? ''} />
    case 'usergroup':
      return <span class="mention">@{run.usergroup_id}</span>
    case 'broadcast':
      return <span class="mention mention-me">@{run.range}</span>
    case 'date':
      return (
        <SlackDate
          at={run.timestamp ?? 0}
          format={run.format ?? '{date}'}
          {...(run.url && isSafeLink(run.url) ? { url: run.url } : {})}
        />
      )
    case 'color':
      return (
        <>
          {/^#[0-9a-f]{6}$/i.test(run.value ?? '') && (
            <span class="swatch" style={{ background: run.value }} aria-hidden="true" />
          )}
          {run.value}
        </>
      )
    default:
      return run.text ?? run.fallback ?? `[${run.type}]`
  }
}

/** Slack writes an emoji's characters as hexadecimal code points joined by hyphens. */
const fromHex = (unicode: string): string =>
  /^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*$/i.test(unicode)
    ? String.fromCodePoint(...unicode.split('-').map((point) => Number.parseInt(point, 16)))
    : unicode

function StyledRun({ run }: { run: RichRun }) {
  let drawn = <>{content(run)}</>
  const { style } = run
  if (style?.code) drawn = <code>{drawn}</code>
  if (style?.bold) drawn = <strong>{drawn}</strong>
  if (style?.italic) drawn = <em>{drawn}</em>
  if (style?.strike) drawn = <s>{drawn}</s>
  if (style?.underline) drawn = <u>{drawn}</u>
  return drawn
}

function Inside({ part }: { part: RichPart }) {
  return (
    <>
      {part.elements.map((element, index) => {
        const key = `${index} ${element.type}`
        return isPart(element) ? <Part key={key} part={element} /> : <StyledRun key={key} run={element} />
      })}
    </>
  )
}

function Part({ part }: { part: RichPart }) {
  const words = useWords()
  switch (part.type) {
    case 'rich_text_section':
      return (
        <div class="rich-section">
          <Inside part={part} />
        </div>
      )
    case 'rich_text_quote':
      return (
        <blockquote>
          <Inside part={part} />
        </blockquote>
      )
    case 'rich_text_preformatted':
      return (
        <pre>
          <Inside part={part} />
        </pre>
      )
    case 'rich_text_list': {
      const items = part.elements.map((element, index) => (
        <li key={`${index} ${element.type}`}>{isPart(element) && <Inside part={element} />}</li>
      ))
      const style = { marginInlineStart: `${(part.indent ?? 0) * 1.5}em` }
      return part.style === 'ordered' ? (
        <ol start={(part.offset ?? 0) + 1} style={style}>
          {items}
        </ol>
      ) : (
        <ul style={style}>{items}</ul>
      )
    }
    default:
      return <p class="block-unknown">{words.unknownBlock(part.type)}</p>
  }
}

/** A rich_text block. */
export function RichText({ parts }: { parts: readonly RichPart[] }) {
  return (
    <div class="rich-text">
      {parts.map((part, index) => (
        <Part key={`${index} ${part.type}`} part={part} />
      ))}
    </div>
  )
}
