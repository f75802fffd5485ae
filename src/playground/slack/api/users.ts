import { profileObject, userObject } from '../payloads.ts'
import { type Call, type Method, missingArgument, no, page, yes } from './call.ts'

const withEmail = ({ workspace }: Call): boolean => workspace.scopes.includes('users:read.email')

const info: Method = {
  scopes: ['users:read'],
  run(call) {
    const { workspace, args } = call
    const user = workspace.users[args.text('user') ?? '']
    if (!user) return no('user_not_found')
    return yes({
      user: userObject(workspace, user, { email: withEmail(call), locale: args.flag('include_locale') }),
    })
  },
}

const list: Method = {
  scopes: ['users:read'],
  run(call) {
    const { workspace, args } = call
    const { items, next } = page(Object.values(workspace.users), args, 1000)
    return yes({
      members: items.map((user) =>
        userObject(workspace, user, { email: withEmail(call), locale: args.flag('include_locale') }),
      ),
      response_metadata: { next_cursor: next },
    })
  },
}

const lookupByEmail: Method = {
  scopes: ['users:read.email'],
  run({ workspace, args }) {
    const email = args.text('email')?.toLowerCase()
    if (email === undefined) return missingArgument('email')
    const user = Object.values(workspace.users).find(
      (candidate) => candidate.email?.toLowerCase() === email && !candidate.deleted && !candidate.isBot,
    )
    return user
      ? yes({ user: userObject(workspace, user, { email: true, locale: false }) })
      : no('users_not_found')
  },
}

const profile: Method = {
  scopes: ['users.profile:read'],
  run(call) {
    const user = call.workspace.users[call.args.text('user') ?? call.workspace.botUser]
    return user
      ? yes({ profile: profileObject(call.workspace, user, withEmail(call)) })
      : no('user_not_found')
  },
}

const botInfo: Method = {
  scopes: ['users:read'],
  run({ core, workspace, args }) {
    if (args.has('bot') && args.text('bot') !== workspace.botId) return no('bot_not_found')
    return yes({
      bot: {
        id: workspace.botId,
        deleted: false,
        name: core.world.app.name,
        app_id: core.world.app.id,
        user_id: workspace.botUser,
        icons: {},
      },
    })
  },
}

const teamInfo: Method = {
  scopes: ['team:read'],
  run({ workspace }) {
    return yes({
      team: { id: workspace.id, name: workspace.name, domain: workspace.domain, icon: {} },
    })
  },
}

export const userMethods: Readonly<Record<string, Method>> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'users.profile.get': profile,
  'bots.info': botInfo,
  'team.info': teamInfo,
}
