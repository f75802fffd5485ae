import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { useWords } from '../use.ts'
import { TeamsAvatar } from './avatar.tsx'
import { CardView } from './cards/card.tsx'
import { useTeams } from './use.ts'
import type { TeamsAnswer, TeamsDialog } from './wire.ts'

const widths = { small: 280, medium: 600, large: 880 } as const
const heights = { small: 120, medium: 260, large: 400 } as const

/** A dialog of the app; Teams knows one at a time. */
export function DialogView({ dialog }: { dialog: TeamsDialog }) {
  const words = useWords()
  const teams = useTeams()
  const id = useId()
  const frame = useRef<HTMLElement>(null)
  const [refused, setRefused] = useState<TeamsAnswer>()
  const { card, text } = dialog
  const drawn = `${dialog.id} ${dialog.drawn}`
  useEffect(() => setRefused(undefined), [drawn])
  useEffect(() => {
    const within = frame.current
    if (!within) return
    // The first answer that is still missing; what is there already is only read.
    const first = [
      ...within.querySelectorAll<HTMLInputElement>(
        '.tm-card :is(input, textarea, select):not([type=hidden])',
      ),
    ].find((input) => input.value === '')
    // On a phone the keyboard must not jump up over a form that nobody has read yet.
    if (first && !matchMedia('(pointer: coarse)').matches) first.focus()
    else within.focus()
  }, [drawn, card === null])
  const close = (): void => {
    void teams.act('close', { dialog: dialog.id })
  }
  useEffect(() => {
    // On the document: a redraw takes the button that had the focus with it, and Escape must close the dialog all the same.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return
      event.preventDefault()
      close()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [dialog.id])
  const errors = { ...dialog.errors, ...refused?.errors }
  const trouble =
    dialog.error ??
    (refused && !refused.ok && Object.keys(refused.errors ?? {}).length === 0
      ? refused.message || words.lost
      : undefined)
  const height = typeof dialog.height === 'number' ? dialog.height : heights[dialog.height]
  const width = typeof dialog.width === 'number' ? dialog.width : widths[dialog.width]
  return (
    <div class="modal-ground tm-dialog-ground">
      <section
        ref={frame}
        role="dialog"
        aria-labelledby={`${id}-title`}
        aria-busy={dialog.busy}
        tabIndex={-1}
        class="tm-dialog"
        style={{ '--width': `${width}px`, '--height': `${height}px` }}
      >
        <header>
          <TeamsAvatar app size={28} />
          <h2 id={`${id}-title`}>{dialog.title}</h2>
          <button type="button" class="icon-button" aria-label={words.closeDialog} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div class="tm-dialog-body">
          {trouble && (
            <p class="block-alert error" role="alert">
              {trouble}
            </p>
          )}
          {card ? (
            <CardView
              key={drawn}
              content={card}
              where={{ dialog: dialog.id }}
              typed={dialog.typed}
              busy={dialog.busy}
              errors={errors}
              label={dialog.title}
              onAnswer={setRefused}
            />
          ) : text !== undefined ? (
            <div class="tm-dialog-text">
              <p>{text}</p>
              <button type="button" class="button primary" onClick={close}>
                {words.teamsOk}
              </button>
            </div>
          ) : (
            !trouble && <p class="quiet">{words.loading}</p>
          )}
        </div>
        <p class="tm-dialog-state" role="status">
          {dialog.busy && card ? words.submitting : ''}
        </p>
      </section>
    </div>
  )
}
