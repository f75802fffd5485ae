import { useId } from 'preact/hooks'
import { useWords } from '../../use.ts'
import type { Block, Cell, Element, RichPart, TextObject } from '../../wire.ts'
import { plainMrkdwn } from '../mrkdwn.ts'
import { ElementView, ImageView, nameOf } from './elements.tsx'
import { RichText } from './rich-text.tsx'
import { useSurface } from './surface.ts'
import { Plain, Text } from './text.tsx'

const say = (text: TextObject | undefined): string =>
  text ? (text.type === 'mrkdwn' ? plainMrkdwn(text.text) : text.text) : ''

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 60)

/** Blocks in their order. */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <BlockView key={block.block_id ?? `${index} ${block.type}`} block={block} />
      ))}
    </div>
  )
}

function BlockView({ block }: { block: Block }) {
  const words = useWords()
  switch (block.type) {
    case 'header':
      return (
        <h3 class="block-header">
          <Text of={block.text} />
        </h3>
      )
    case 'section':
      return <Section block={block} />
    case 'context':
      return (
        <div class="block-context">
          {(block.elements ?? []).map((element, index) => {
            const part = element as Element & TextObject
            return part.type === ('image' as string) ? (
              <ImageView key={`${index} image`} url={part.image_url} alt={part.alt_text ?? ''} small />
            ) : (
              <div key={`${index} text`} class="context-text">
                <Text of={part} />
              </div>
            )
          })}
        </div>
      )
    case 'actions':
      return (
        <div class="block-actions">
          {(block.elements ?? []).map((element, index) => {
            const part = element as Element
            return (
              <ElementView key={part.action_id ?? index} block={block} element={part} name={nameOf(part)} />
            )
          })}
        </div>
      )
    case 'divider':
      return <hr class="block-divider" />
    case 'image':
      return (
        <figure class="block-image">
          {block.title && (
            <figcaption>
              <Plain text={block.title.text} />
            </figcaption>
          )}
          <ImageView
            url={block.slack_file?.id ? fileUrl(block.slack_file.id) : block.image_url}
            alt={block.alt_text ?? ''}
          />
        </figure>
      )
    case 'table':
      return <Table block={block} />
    case 'input':
      return <Input block={block} />
    case 'rich_text':
      return <RichText parts={(block.elements ?? []) as readonly RichPart[]} />
    case 'alert':
      return (
        <div class={`block-alert ${block.level ?? 'default'}`} role="note">
          <Text of={block.text} />
        </div>
      )
    default:
      return (
        <p class="block-unknown" role="note">
          {words.unknownBlock(block.type)}
        </p>
      )
  }
}

/** Where the local Slack gives out an uploaded file. */
export const fileUrl = (id: string): string => `/playground/slack/files/${encodeURIComponent(id)}`

/** Rows and columns; wider than the screen it scrolls by itself, as in the client. */
function Table({ block }: { block: Block }) {
  const [head = [], ...rows] = block.rows ?? []
  const side = (column: number) => {
    const settings = block.column_settings?.[column]
    return `at-${settings?.align ?? 'left'}${settings?.is_wrapped ? ' wrapped' : ''}`
  }
  return (
    <div class="block-table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={`${column} ${cell.type}`} scope="col" class={side(column)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={`${at} row`}>
              {row.map((cell, column) => (
                <td key={`${column} ${cell.type}`} class={side(column)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CellView({ cell }: { cell: Cell }) {
  if (cell.type === 'rich_text') return <RichText parts={(cell.elements ?? []) as readonly RichPart[]} />
  return <>{cell.text ?? ''}</>
}

function Section({ block }: { block: Block }) {
  const id = useId()
  const { accessory } = block
  const isPicture = accessory?.type === 'image'
  // A menu beside a text is named by the text; a button names itself.
  const named = accessory && !['button', 'overflow', 'image'].includes(accessory.type)
  return (
    <div class={`block-section${accessory ? (isPicture ? ' with-image' : ' with-accessory') : ''}`}>
      <div class="section-words">
        {block.text && (
          <div class="section-text" id={`${id}-text`}>
            <Text of={block.text} />
          </div>
        )}
        {block.fields && (
          <div class="section-fields">
            {block.fields.map((field, index) => (
              <div class="section-field" key={`${index} ${field.type}`}>
                <Text of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="section-accessory">
          <ElementView
            block={block}
            element={accessory}
            name={nameOf(accessory, accessory.type === 'image' ? '' : firstLine(say(block.text)))}
            {...(named && block.text ? { labelledBy: `${id}-text` } : {})}
          />
        </div>
      )}
    </div>
  )
}

function Input({ block }: { block: Block }) {
  const words = useWords()
  const surface = useSurface()
  const id = useId()
  const { element, label, hint } = block
  if (!element) return null
  const error = surface.errors[block.block_id ?? '']
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class={`block-input${error ? ' has-error' : ''}`} data-block={block.block_id}>
      <div class="input-label">
        <label id={`${id}-label`} for={`${id}-field`}>
          <Text of={label} />
        </label>
        {block.optional && <span class="input-optional"> {words.optional}</span>}
      </div>
      <ElementView
        block={block}
        element={element}
        name={say(label)}
        labelledBy={`${id}-label`}
        fieldId={`${id}-field`}
        invalid={error !== undefined}
        {...(describedBy ? { describedBy } : {})}
      />
      {error && (
        <p class="input-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <p class="input-hint" id={`${id}-hint`}>
          <Text of={hint} />
        </p>
      )}
    </div>
  )
}
