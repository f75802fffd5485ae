import type { View } from '../blockkit.ts'
import { viewObject } from '../payloads.ts'
import {
  findView,
  isRefusal,
  judgeView,
  openView,
  publishHome,
  pushView,
  updateView,
  type ViewRefusal,
} from '../views.ts'
import type { OpenView } from '../world.ts'
import { type Answer, type Call, type Method, missingArgument, no, noView, yes } from './call.ts'

/** The view an argument holds, judged; or Slack's refusal. */
function viewOf({ args }: Call, kind: 'modal' | 'home'): View | Answer {
  const given = args.object('view')
  if (given === 'absent') return missingArgument('view')
  if (given === 'malformed') return no('invalid_arguments')
  const refusal = judgeView(given.value, kind)
  return refusal ? noView(refusal) : (given.value as View)
}

const isAnswer = (value: View | Answer): value is Answer => 'ok' in value

const show = (call: Call, result: OpenView | ViewRefusal): Answer =>
  isRefusal(result) ? noView(result) : yes({ view: viewObject(call.core, call.workspace, result) })

const open: Method = {
  scopes: [],
  run(call) {
    const { core, workspace, args } = call
    const trigger = args.text('trigger_id')
    if (trigger === undefined) return missingArgument('trigger_id')
    const view = viewOf(call, 'modal')
    if (isAnswer(view)) return view
    const redeemed = core.triggers.redeem(trigger, workspace.id)
    if (typeof redeemed === 'string') return no(redeemed)
    return show(call, openView(core, workspace, redeemed.user, view))
  },
}

const push: Method = {
  scopes: [],
  run(call) {
    const { core, workspace, args } = call
    const trigger = args.text('trigger_id')
    if (trigger === undefined) return missingArgument('trigger_id')
    const view = viewOf(call, 'modal')
    if (isAnswer(view)) return view
    const redeemed = core.triggers.redeem(trigger, workspace.id)
    if (typeof redeemed === 'string') return no(redeemed)
    // A push stands on the view the gesture was made in; without one there is nothing to stand on.
    if (redeemed.view === undefined || !findView(workspace, { id: redeemed.view })) return no('not_found')
    return show(call, pushView(core, workspace, redeemed.user, view))
  },
}

const update: Method = {
  scopes: [],
  run(call) {
    const { core, workspace, args } = call
    const id = args.text('view_id')
    const externalId = args.text('external_id')
    if ((id === undefined) === (externalId === undefined)) return no('invalid_arguments')
    const view = viewOf(call, 'modal')
    if (isAnswer(view)) return view
    const by = id === undefined ? { externalId: externalId! } : { id }
    return show(call, updateView(core, workspace, by, view, args.text('hash')))
  },
}

const publish: Method = {
  scopes: [],
  run(call) {
    const { core, workspace, args } = call
    const user = workspace.users[args.text('user_id') ?? '']
    if (!user || user.isBot) return no('user_not_found')
    const view = viewOf(call, 'home')
    if (isAnswer(view)) return view
    return show(call, publishHome(core, workspace, user.id, view, args.text('hash')))
  },
}

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
}
