import type { Typed, View } from '../blockkit.ts'
import { isRecord } from '../check/rule.ts'
import { incomplete } from '../inputs.ts'
import type { Acknowledgement } from '../link.ts'
import { interactionBase, viewObject } from '../payloads.ts'
import {
  clearViews,
  closeView,
  findView,
  isRefusal,
  judgeView,
  pushView,
  updateView,
  viewsChanged,
} from '../views.ts'
import type { OpenView } from '../world.ts'
import { type } from './actions.ts'
import { type Actor, type Done, type Forge, interaction, notDone, tellNot } from './actor.ts'

/** Somebody submits the modal in front of them. */
export async function submit(
  actor: Actor,
  call: { readonly view: string; readonly typed?: Typed },
  forge?: Forge,
): Promise<Done> {
  const { core, workspace, user } = actor
  if (user.deleted) return notDone(actor, 'account_inactive')
  const found = findView(workspace, { id: call.view })
  if (!found || found.user !== user.id) return notDone(actor, 'view_gone')
  const { open } = found
  type(actor, { view: call.view }, call.typed ?? {})
  const errors = incomplete(open.view.blocks, open, user.locale)
  open.errors = errors
  if (Object.keys(errors).length > 0) {
    viewsChanged(core, workspace, user.id)
    return notDone(actor, 'missing_required', '', errors)
  }
  open.busy = true
  viewsChanged(core, workspace, user.id)
  const payload = {
    type: 'view_submission',
    ...interactionBase(core, workspace, user),
    trigger_id: core.triggers.issue(workspace.id, user.id, open.id),
    view: viewObject(core, workspace, open),
    response_urls: [],
  }
  const callback = open.view.callback_id ?? ''
  const ack = await core.link.send(
    interaction(
      actor,
      `view_submission ${callback}`,
      [callback, 'view_submission', 'interactive'],
      payload,
      forge,
    ),
  )
  open.busy = false
  const done = obey(actor, open, ack)
  viewsChanged(core, workspace, user.id)
  return done
}

/** Does what the app's answer to a submission says. */
function obey(actor: Actor, open: OpenView, ack: Acknowledgement): Done {
  const { core, workspace, user } = actor
  if (ack.outcome !== 'answered' || ack.status !== 200) return tellNot(actor, 'trouble')
  if (ack.body === '' || (isRecord(ack.body) && ack.body.response_action === undefined)) {
    closeView(core, workspace, user.id, open.id)
    return { ok: true }
  }
  if (!isRecord(ack.body)) return tellNot(actor, 'trouble')
  switch (ack.body.response_action) {
    case 'errors': {
      const errors = fieldErrors(open, ack.body.errors)
      if (!errors) return tellNot(actor, 'trouble')
      open.errors = errors
      return notDone(actor, 'missing_required', '', errors)
    }
    case 'clear':
      clearViews(core, workspace, user.id)
      return { ok: true }
    case 'update':
    case 'push': {
      if (judgeView(ack.body.view, 'modal')) return tellNot(actor, 'trouble')
      const view = ack.body.view as View
      const result =
        ack.body.response_action === 'push'
          ? pushView(core, workspace, user.id, view)
          : updateView(core, workspace, { id: open.id }, view)
      return isRefusal(result) ? tellNot(actor, 'trouble') : { ok: true }
    }
    default:
      return tellNot(actor, 'trouble')
  }
}

/** Errors belong to input blocks of this very view; Slack shows nothing but trouble for any other. */
function fieldErrors(open: OpenView, given: unknown): Record<string, string> | undefined {
  if (!isRecord(given) || Object.keys(given).length === 0) return undefined
  const inputs = new Set(
    open.view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
  )
  const fits = Object.entries(given).every(
    ([blockId, text]) => inputs.has(blockId) && typeof text === 'string' && text !== '',
  )
  return fits ? (given as Record<string, string>) : undefined
}

/** Somebody closes the modal in front of them, or the whole stack. */
export async function close(
  actor: Actor,
  call: { readonly view: string; readonly all?: boolean },
): Promise<Done> {
  const { core, workspace, user } = actor
  const found = findView(workspace, { id: call.view })
  if (!found || found.user !== user.id) return notDone(actor, 'view_gone')
  const all = call.all === true || found.open.view.clear_on_close === true
  const gone = all ? clearViews(core, workspace, user.id) : closeView(core, workspace, user.id, found.open.id)
  await Promise.all(
    gone
      .filter((open) => open.view.notify_on_close === true)
      .map((open) =>
        core.link.send(
          interaction(
            actor,
            `view_closed ${open.view.callback_id ?? ''}`,
            [open.view.callback_id ?? '', 'view_closed', 'interactive'],
            {
              type: 'view_closed',
              ...interactionBase(core, workspace, user),
              view: viewObject(core, workspace, open),
              is_cleared: all,
            },
          ),
        ),
      ),
  )
  return { ok: true }
}
