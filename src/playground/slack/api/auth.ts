import { uninstall } from '../installation.ts'
import { type Method, no, yes } from './call.ts'

const test: Method = {
  scopes: [],
  run({ core, workspace }) {
    return yes({
      url: `https://${workspace.domain}.slack.com/`,
      team: workspace.name,
      user: core.bot(workspace).name,
      team_id: workspace.id,
      user_id: workspace.botUser,
      bot_id: workspace.botId,
      ...(workspace.enterprise === undefined ? {} : { enterprise_id: workspace.enterprise }),
      is_enterprise_install: false,
    })
  },
}

const revoke: Method = {
  scopes: [],
  run({ core, workspace, args }) {
    if (!args.flag('test')) core.revoked.add(workspace.botToken)
    return yes({ revoked: !args.flag('test') })
  },
}

const leave: Method = {
  scopes: [],
  run({ core, workspace, args }) {
    const { app } = core.world
    if (args.text('client_id') !== app.clientId || args.text('client_secret') !== app.clientSecret)
      return no('invalid_client_id')
    uninstall(core, workspace)
    return yes()
  },
}

const api: Method = { scopes: [], run: ({ args }) => yes({ args: args.all() }) }

export const authMethods: Readonly<Record<string, Method>> = {
  'auth.test': test,
  'auth.revoke': revoke,
  'apps.uninstall': leave,
  'api.test': api,
}
