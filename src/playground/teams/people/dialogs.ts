import { invokeActivity } from '../activities.ts'
import { initialTyped } from '../cards.ts'
import { type DialogAnswer, judgeDialog } from '../check/answers.ts'
import type { Forge } from '../link.ts'
import type { Dialog } from '../world.ts'
import { type Actor, type Done, invalid, type NotDone, notDone, outgoing } from './actor.ts'
import type { Surface } from './surface.ts'

/** A button opens a dialog: it stands there at once, and is filled by the app's answer. */
export async function openDialog(
  actor: Actor,
  surface: Extract<Surface, { kind: 'message' }>,
  data: Record<string, unknown>,
  forge?: Forge,
): Promise<Done> {
  const { core, tenant, user } = actor
  const dialog: Dialog = {
    id: core.id(),
    conversation: surface.conversation.id,
    message: surface.message.id,
    title: '',
    width: 'small',
    height: 'small',
    card: null,
    typed: {},
    busy: true,
    errors: {},
    drawn: 0,
  }
  core.showDialog(tenant, user, dialog)
  return answered(actor, dialog, await ask(actor, surface, 'task/fetch', data, forge))
}

/** The dialog's inputs go to the app; it closes, says something, or shows another card. */
export async function submitDialog(
  actor: Actor,
  surface: Extract<Surface, { kind: 'dialog' }>,
  data: Record<string, unknown>,
  forge?: Forge,
): Promise<Done> {
  const { core, tenant, user } = actor
  const { dialog } = surface
  dialog.busy = true
  delete dialog.error
  core.showDialog(tenant, user, dialog)
  return answered(actor, dialog, await ask(actor, surface, 'task/submit', data, forge))
}

/** Closes the dialog. The app is told nothing: what was typed is gone (B5.43). */
export function closeDialog(actor: Actor, id: string): Done {
  const { core, tenant, user } = actor
  if (tenant.dialogs[user.id]?.id !== id) return notDone(actor, 'dialog_gone')
  core.showDialog(tenant, user, undefined)
  return { ok: true }
}

async function ask(
  actor: Actor,
  { conversation, message }: Surface,
  name: 'task/fetch' | 'task/submit',
  data: Record<string, unknown>,
  forge?: Forge,
): Promise<DialogAnswer | NotDone> {
  const { core, tenant, user } = actor
  const activity = invokeActivity(core, tenant, conversation, user, {
    name,
    ...(message ? { message } : {}),
    value: { data, context: { theme: 'default' } },
  })
  const answer = await core.link.invoke(
    outgoing(actor, conversation, { what: `invoke ${name}`, names: [name, 'invoke'] }, activity, forge),
  )
  if (answer.outcome === 'timed-out') return notDone(actor, 'operation_timeout')
  if (answer.outcome !== 'answered' || answer.status < 200 || answer.status > 299)
    return notDone(actor, 'app_error')
  const judged = judgeDialog(answer.body, name)
  return judged.ok ? judged.answer : invalid(actor, judged.complaints)
}

function answered(actor: Actor, dialog: Dialog, answer: DialogAnswer | NotDone): Done {
  const { core, tenant, user } = actor
  // Closed meanwhile, or another one opened: the answer has nowhere to go.
  if (tenant.dialogs[user.id] !== dialog) return 'kind' in answer ? { ok: true } : answer
  dialog.busy = false
  if (!('kind' in answer)) {
    dialog.error = answer.message
    core.showDialog(tenant, user, dialog)
    return answer
  }
  dialog.errors = {}
  delete dialog.error
  dialog.drawn += 1
  switch (answer.kind) {
    case 'close':
      core.showDialog(tenant, user, undefined)
      return { ok: true }
    case 'message':
      dialog.card = null
      dialog.text = answer.text
      break
    case 'continue':
      delete dialog.text
      Object.assign(dialog, answer.drawn, { typed: initialTyped(answer.drawn.card) })
      break
  }
  core.showDialog(tenant, user, dialog)
  return { ok: true }
}
