import type { View } from './blockkit.ts'
import { slackLimits } from './check/limits.ts'
import { type Complaint, isRecord } from './check/rule.ts'
import { checkView } from './check/view.ts'
import type { Core } from './core.ts'
import { carryOver, initialInputs } from './inputs.ts'
import { viewWithIds } from './payloads.ts'
import type { OpenView, Workspace } from './world.ts'

export type ViewRefusal =
  | { readonly error: 'view_too_large' | 'push_limit_reached' | 'duplicate_external_id' | 'not_found' }
  | { readonly error: 'hash_conflict' }
  | { readonly error: 'invalid_arguments'; readonly complaints: readonly Complaint[] }

/** Judges a view before anything is done with it. */
export function judgeView(view: unknown, kind: 'modal' | 'home', at = '/view'): ViewRefusal | undefined {
  const complaints = checkView(view, kind, at)
  if (complaints.length > 0) return { error: 'invalid_arguments', complaints }
  if (isRecord(view) && Buffer.byteLength(JSON.stringify(view)) > slackLimits.viewBytes)
    return { error: 'view_too_large' }
  return undefined
}

const changed = (core: Core, workspace: Workspace, user: string): void =>
  core.happenings.tell({ kind: 'modals', workspace: workspace.id, user })

const stackOf = (workspace: Workspace, user: string): OpenView[] => {
  workspace.modals[user] ??= []
  return workspace.modals[user]
}

const externalIdTaken = (workspace: Workspace, view: View, but?: string): boolean =>
  view.external_id !== undefined &&
  view.external_id !== '' &&
  Object.values(workspace.modals)
    .flat()
    .some((open) => open.view.external_id === view.external_id && open.id !== but)

function newView(core: Core, view: View, below: OpenView | undefined): OpenView {
  const complete = viewWithIds(core, view)
  const id = core.id('V')
  return {
    id,
    view: complete,
    hash: core.hash(),
    rootId: below?.rootId ?? id,
    previousId: below?.id ?? null,
    ...initialInputs(complete.blocks),
    errors: {},
    busy: false,
  }
}

/** Opens a modal in front of a person; what they had open before makes way. */
export function openView(core: Core, workspace: Workspace, user: string, view: View): OpenView | ViewRefusal {
  if (externalIdTaken(workspace, view)) return { error: 'duplicate_external_id' }
  const open = newView(core, view, undefined)
  workspace.modals[user] = [open]
  changed(core, workspace, user)
  return open
}

export function pushView(core: Core, workspace: Workspace, user: string, view: View): OpenView | ViewRefusal {
  const stack = stackOf(workspace, user)
  if (stack.length >= slackLimits.viewStack) return { error: 'push_limit_reached' }
  if (externalIdTaken(workspace, view)) return { error: 'duplicate_external_id' }
  const open = newView(core, view, stack.at(-1))
  stack.push(open)
  changed(core, workspace, user)
  return open
}

export function findView(
  workspace: Workspace,
  by: { id: string } | { externalId: string },
): { user: string; open: OpenView } | undefined {
  for (const [user, stack] of Object.entries(workspace.modals))
    for (const open of stack)
      if ('id' in by ? open.id === by.id : open.view.external_id === by.externalId) return { user, open }
  return undefined
}

/** Replaces what a view shows; what was typed into inputs that stay is kept. */
export function updateView(
  core: Core,
  workspace: Workspace,
  by: { id: string } | { externalId: string },
  view: View,
  hash?: string,
): OpenView | ViewRefusal {
  const found = findView(workspace, by)
  if (!found) return { error: 'not_found' }
  const { open, user } = found
  if (hash !== undefined && hash !== open.hash) return { error: 'hash_conflict' }
  if (externalIdTaken(workspace, view, open.id)) return { error: 'duplicate_external_id' }
  const before = open.view.blocks
  open.view = viewWithIds(core, view)
  Object.assign(open, carryOver(before, open, open.view.blocks))
  open.hash = core.hash()
  open.errors = {}
  changed(core, workspace, user)
  return open
}

/** Publishes somebody's App Home. */
export function publishHome(
  core: Core,
  workspace: Workspace,
  user: string,
  view: View,
  hash?: string,
): OpenView | ViewRefusal {
  const before = workspace.homes[user]
  if (hash !== undefined && before && hash !== before.hash) return { error: 'hash_conflict' }
  const complete = viewWithIds(core, view)
  const id = before?.id ?? core.id('V')
  const home: OpenView = {
    id,
    view: complete,
    hash: core.hash(),
    rootId: id,
    previousId: null,
    ...(before ? carryOver(before.view.blocks, before, complete.blocks) : initialInputs(complete.blocks)),
    errors: {},
    busy: false,
  }
  workspace.homes[user] = home
  core.happenings.tell({ kind: 'home', workspace: workspace.id, user })
  return home
}

/** Takes a view (and what stands on it) off somebody's screen. Gives what went away, topmost first. */
export function closeView(core: Core, workspace: Workspace, user: string, id: string): OpenView[] {
  const stack = stackOf(workspace, user)
  const at = stack.findIndex((open) => open.id === id)
  if (at < 0) return []
  const gone = stack.splice(at).reverse()
  changed(core, workspace, user)
  return gone
}

export function clearViews(core: Core, workspace: Workspace, user: string): OpenView[] {
  const gone = stackOf(workspace, user).splice(0).reverse()
  if (gone.length > 0) changed(core, workspace, user)
  return gone
}

export const isRefusal = (result: OpenView | ViewRefusal): result is ViewRefusal => 'error' in result
export { changed as viewsChanged }
