import { useEffect, useId, useRef } from 'preact/hooks'
import { useWords } from '../../use.ts'
import type { Confirm } from '../../wire.ts'
import { Plain, Text } from './text.tsx'

/** The question an app asks before a button does what it says. */
export function ConfirmDialog({ confirm, onAnswer }: { confirm: Confirm; onAnswer: (yes: boolean) => void }) {
  const words = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    // The browser's own dialog: it keeps the focus, lies above everything, and gives the focus back.
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="confirm"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault()
        onAnswer(false)
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={`${id}-title`}>{confirm.title ? <Plain text={confirm.title.text} /> : words.confirmTitle}</h2>
      <div id={`${id}-text`} class="confirm-text">
        <Text of={confirm.text} />
      </div>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => onAnswer(false)}>
          {confirm.deny?.text ?? words.confirmNo}
        </button>
        <button
          type="button"
          class={`button ${confirm.style === 'danger' ? 'danger' : 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm?.text ?? words.confirmYes}
        </button>
      </div>
    </dialog>
  )
}
