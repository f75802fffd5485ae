import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { useSession, useWords, useWorld } from '../use.ts'
import type { Modal } from '../wire.ts'
import { Blocks } from './blocks/blocks.tsx'
import { SurfaceContext, useNewSurface } from './blocks/surface.ts'
import { Plain } from './blocks/text.tsx'

/** The topmost of this person's dialogs; those below wait, unseen but kept. */
export function ModalStack() {
  const { modals } = useWorld()
  if (modals.length === 0) return null
  return (
    <div class="modal-ground">
      {modals.map((modal, index) => (
        <ModalView key={modal.id} modal={modal} depth={index} top={index === modals.length - 1} />
      ))}
    </div>
  )
}

const focusable = 'input:not([disabled]), textarea, [role=radiogroup] input, [role=group] input'

function ModalView({ modal, depth, top }: { modal: Modal; depth: number; top: boolean }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const id = useId()
  const dialog = useRef<HTMLFormElement>(null)
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({})
  const { view } = modal
  const errors = { ...modal.errors, ...refused }
  const surface = useNewSurface({
    where: { view: modal.id },
    blocks: view.blocks,
    typed: modal.typed,
    chosen: modal.chosen,
    errors,
  })
  const busy = sending || modal.busy

  useEffect(() => {
    if (!top) return
    const within = dialog.current
    if (!within || within.contains(document.activeElement)) return
    const first = within.querySelector<HTMLElement>(`[autofocus], .modal-body :is(${focusable})`)
    // On a phone the keyboard must not jump up over a form that nobody has read yet.
    const thumb = matchMedia('(pointer: coarse)').matches
    if (first && !thumb) first.focus()
    else within.focus()
  }, [top, modal.id])

  // The keyboard goes to the first answer that needs another look.
  const wrong = Object.keys(errors).join(' ')
  useEffect(() => {
    const first = wrong && dialog.current?.querySelector<HTMLElement>('.has-error :is(input, textarea)')
    if (first) {
      first.focus()
      first.scrollIntoView({ block: 'center' })
    }
  }, [wrong])

  const submit = async (): Promise<void> => {
    if (busy || !view.submit) return
    setSending(true)
    setTrouble(undefined)
    setRefused({})
    const answer = await session.act('submit', { view: modal.id, typed: surface.typed }, true)
    setSending(false)
    setRefused(answer.errors ?? {})
    if (!answer.ok && Object.keys(answer.errors ?? {}).length === 0) setTrouble(answer.message || words.lost)
  }
  const close = (all: boolean): void => {
    if (!busy) void session.act('close', { view: modal.id, ...(all ? { all: true } : {}) })
  }
  return (
    <form
      ref={dialog}
      role="dialog"
      aria-labelledby={`${id}-title`}
      aria-busy={busy}
      tabIndex={-1}
      class="modal"
      inert={!top}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) {
          event.preventDefault()
          close(false)
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          void submit()
        }
      }}
    >
      <header class="modal-head">
        {depth > 0 && (
          <button
            type="button"
            class="icon-button"
            aria-label={words.backDialog}
            onClick={() => close(false)}
          >
            <Icon name="back" />
          </button>
        )}
        <span class="modal-app" aria-hidden="true">
          <svg viewBox="0 0 20 20" focusable="false">
            <path d="M4 11.500 8 15.500 16.500 5.500" />
          </svg>
        </span>
        <h2 id={`${id}-title`}>
          <Plain text={view.title?.text ?? state.app.name} />
        </h2>
        <button type="button" class="icon-button" aria-label={words.closeDialog} onClick={() => close(true)}>
          <Icon name="close" />
        </button>
      </header>
      <div class="modal-body">
        {trouble && (
          <p class="block-alert error" role="alert">
            {trouble}
          </p>
        )}
        <SurfaceContext.Provider value={surface}>
          <Blocks blocks={view.blocks} />
        </SurfaceContext.Provider>
      </div>
      <footer class="modal-foot">
        <span class="modal-state" role="status">
          {busy ? words.submitting : wrong ? words.fixFields : ''}
        </span>
        <button type="button" class="button" disabled={busy} onClick={() => close(false)}>
          {view.close?.text ?? words.cancel}
        </button>
        {view.submit && (
          <button type="submit" class={`button primary${busy ? ' busy' : ''}`} aria-busy={busy}>
            {view.submit.text}
          </button>
        )}
      </footer>
    </form>
  )
}
