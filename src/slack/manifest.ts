import type { AppsManifestCreateArguments } from '@slack/web-api'
import { stringify } from 'yaml'
import { limits } from './limits.ts'

type Manifest = AppsManifestCreateArguments['manifest']

/** Slack shows one text to everybody in a workspace, so each says it in both languages. */
const descriptions: Readonly<Record<string, { description: string; usage?: string }>> = {
  'approve-discount': { description: 'Ask for a discount on a deal · 할인 요청', usage: '[deal] [percent]' },
  approvals: { description: 'What waits for you and what you asked for · 결재함' },
  handoff: { description: 'Hand a lead, deal or account over · 인계', usage: '[lead, deal or account]' },
  pipeline: { description: 'The open pipeline and what moved · 파이프라인', usage: '[team]' },
  forecast: { description: 'Forecast of the quarter against target · 예측', usage: '[team]' },
  kpi: {
    description: 'Metrics: value, target, trend, by rep, tier… · 지표',
    usage: '[metric] [by dimension] [period]',
  },
  health: { description: 'Account health: scores, reviews, plans · 고객 헬스', usage: '[account]' },
  renewals: { description: 'Renewals ahead of your accounts · 다가오는 갱신', usage: '[days]' },
  nudges: {
    description: 'Your open nudges, snooze, mute, preferences · 내 알림',
    usage: '[snoozed | muted | settings]',
  },
  stage: { description: 'Change the stage of a deal · 영업 단계 변경', usage: '[deal]' },
  deal: { description: 'Show the card of a deal · 거래 카드', usage: '[deal]' },
  dealdesk: { description: 'Help, your settings, administration · 도움말·설정·관리', usage: '[command]' },
}

/** What the bot may do, each with the reason it is asked for; `doctor` holds a workspace's grant against this list (B5.54). */
export const botScopes = [
  'commands', // slash commands
  'chat:write', // cards, in conversations the bot is in
  'im:write', // opens the DM with a person
  'im:history', // words in that DM and its threads; finds a message whose post was never answered (B5.48)
  'users:read', // members and guests; who left
  'users:read.email', // links a person once, by the workspace's own profile (B5.10)
  'channels:read', // a public channel archived or deleted (B5.50)
  'groups:read', // the same of private channels
  'files:write', // charts in messages, and a CSV file in the DM of whoever asks for one
  'files:read', // whether an uploaded chart can be shown yet
] as const

/** What Slack tells us of. */
export const botEvents = [
  'app_home_opened',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'group_archive',
  'group_deleted',
  'message.im',
  'team_join',
  'tokens_revoked',
  'user_change',
] as const

export interface ManifestOptions {
  /** Names of the registry's commands, without the slash. */
  readonly commands: readonly string[]
  /** Where the product is reached; without it the manifest is the Socket Mode form, which needs no address. */
  readonly url?: string
  /** `acme` writes `/acme-deal`, for workspaces where `/deal` is taken. */
  readonly prefix?: string
  /** Adds the redirect address for installing by OAuth; needs `url`. */
  readonly oauth?: boolean
}

/** The app's manifest. Throws a sentence when a name would not be accepted by Slack. */
export function slackManifest(options: ManifestOptions): Manifest {
  const url = options.url?.replace(/\/+$/, '')
  if (url !== undefined && !/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(url))
    throw new Error(
      `--url must be an https address such as https://dealdesk.example.com, not “${options.url}”`,
    )
  if (options.prefix !== undefined && !/^[a-z0-9][a-z0-9_-]{0,14}$/.test(options.prefix))
    throw new Error(
      `--prefix must be 1 to 15 lower-case letters, digits, - or _ (acme makes /acme-deal), not “${options.prefix}”`,
    )
  const requestUrl = url === undefined ? {} : { url: `${url}/slack/events` }
  const eventUrl = url === undefined ? {} : { request_url: `${url}/slack/events` }
  return {
    display_information: {
      name: 'Dealdesk',
      description: 'Discounts, handoffs, pipeline and renewals, where you already talk',
      long_description:
        'Dealdesk runs the sales process in chat. Ask for a discount and get a decision from the right people in the right order; move a deal through its stages; hand over leads, deals and accounts; see account health, renewals, pipeline and forecast; be told what needs you, and when. Decisions are recorded once, with who, when and why, and every card shows the present state.',
      background_color: '#1f3a5f',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: 'dealdesk', always_online: true },
      slash_commands: options.commands.map((name) => commandOf(name, options.prefix, requestUrl)),
    },
    oauth_config: {
      ...(options.oauth && url !== undefined ? { redirect_urls: [`${url}/slack/oauth_redirect`] } : {}),
      scopes: { bot: [...botScopes] },
    },
    settings: {
      event_subscriptions: { ...eventUrl, bot_events: [...botEvents] },
      interactivity: {
        is_enabled: true,
        ...eventUrl,
        ...(url === undefined ? {} : { message_menu_options_url: `${url}/slack/events` }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  }
}

function commandOf(name: string, prefix: string | undefined, requestUrl: { url?: string }) {
  const about = Object.hasOwn(descriptions, name) ? descriptions[name] : undefined
  if (!about)
    throw new Error(`the command “${name}” has no description for Slack: add one in src/slack/manifest.ts`)
  const command = `/${prefix ? `${prefix}-` : ''}${name}`
  if (command.length > limits.command.name)
    throw new Error(
      `${command} has ${command.length} characters, Slack allows ${limits.command.name}: choose a shorter --prefix`,
    )
  return {
    command,
    ...requestUrl,
    description: about.description,
    ...(about.usage ? { usage_hint: about.usage } : {}),
    // Names of people and channels stay as typed; nothing of a command is a mention.
    should_escape: false,
  }
}

/** The manifest as Slack's “create an app from a manifest” takes it. */
export function slackManifestYaml(options: ManifestOptions): string {
  return stringify(slackManifest(options), { lineWidth: 110 })
}
