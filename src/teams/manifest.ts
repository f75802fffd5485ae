import { commandNames } from '../../blocks/dealdesk.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import type { Locale } from '../canon/people.ts'
import { colourIcon, outlineIcon } from './icons.ts'
import { type Entry, zip } from './zip.ts'

/** The schema that the manifest names and keeps to. */
const schemaVersion = '1.29'

/** Teams shows no more in its list; whatever is typed beyond it works all the same. */
const mostCommands = 12

export interface TeamsManifestOptions {
  /** Names of the registry's commands. */
  readonly commands: readonly string[]
  /** The app registration's id, which is the bot's and the app's in Teams too. */
  readonly appId: string
  /** Where the product is reached: Teams sends people to it for information. */
  readonly url: string
  /** Semantic version of the package; an update in Teams needs a greater one. */
  readonly version: string
}

interface Words {
  readonly short: string
  readonly full: string
}

const about: Readonly<Record<Locale, Words>> = {
  en: {
    short: 'Discounts, handoffs, pipeline and renewals, where you already talk',
    full: 'Dealdesk runs the sales process in chat. Ask for a discount and get a decision from the right people in the right order; move a deal through its stages; hand over leads, deals and accounts; see account health, renewals, pipeline and forecast; be told what needs you, and when. Decisions are recorded once, with who, when and why, and every card shows the present state. Write “help” to Dealdesk to begin.',
  },
  ko: {
    short: '할인 승인부터 인계, 파이프라인, 갱신까지 대화하던 자리에서 처리합니다',
    full: 'Dealdesk는 영업 과정을 채팅 안에서 진행합니다. 할인을 요청하면 정해진 순서대로 알맞은 사람에게 결정을 받고, 거래 단계를 옮기고, 리드와 거래와 고객사를 인계하고, 고객 헬스와 갱신, 파이프라인과 예측을 봅니다. 챙겨야 할 일은 제때 알려 드립니다. 결정은 누가 언제 왜 했는지와 함께 한 번만 기록되고, 모든 카드는 지금 상태를 보여 줍니다. Dealdesk에게 “도움말”이라고 보내면 시작할 수 있습니다.',
  },
}

const scopes = ['personal', 'team', 'groupChat'] as const

/** The app's manifest. Throws a sentence when what was given would not be accepted by Teams. */
export function teamsManifest(options: TeamsManifestOptions) {
  const url = options.url.replace(/\/+$/, '')
  if (!/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(url) || url.length > 2_000)
    throw new Error(
      `--url must be an https address such as https://dealdesk.example.com, not “${options.url}”`,
    )
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(options.appId))
    throw new Error(
      `the app id must be the one of your app registration, such as 00000000-0000-0000-0000-000000000000, not “${options.appId}”`,
    )
  if (!/^\d+\.\d+\.\d+$/.test(options.version))
    throw new Error(`--app-version must be three numbers such as 1.0.0, not “${options.version}”`)
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${schemaVersion}/MicrosoftTeams.schema.json`,
    manifestVersion: schemaVersion,
    version: options.version,
    id: options.appId.toLowerCase(),
    developer: {
      name: 'Dealdesk',
      websiteUrl: url,
      privacyUrl: url,
      termsOfUseUrl: url,
    },
    name: { short: 'Dealdesk', full: 'Dealdesk: the sales process in chat' },
    description: about.en,
    localizationInfo: {
      defaultLanguageTag: 'en',
      additionalLanguages: [{ languageTag: 'ko', file: 'ko.json' }],
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1F3A5F',
    defaultInstallScope: 'personal',
    bots: [
      {
        botId: options.appId.toLowerCase(),
        scopes: [...scopes],
        isNotificationOnly: false,
        supportsFiles: false,
        // One list for all scopes: the commands are the same everywhere. Their place in the “/” menu needs targeted
        // messages, whose fields the SDK drops (docs/parity.md).
        commandLists: [{ scopes: [...scopes], commands: commandsIn(options.commands, 'en') }],
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [new URL(url).host],
  }
}

/** The same in Korean, by the paths of the manifest's texts. */
function korean(commands: readonly string[]): Record<string, string> {
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${schemaVersion}/MicrosoftTeams.Localization.schema.json`,
    'name.short': 'Dealdesk',
    'name.full': 'Dealdesk: 채팅 안의 세일즈 프로세스',
    'description.short': about.ko.short,
    'description.full': about.ko.full,
    ...Object.fromEntries(
      commandsIn(commands, 'ko').flatMap((command, at) => [
        [`bots[0].commandLists[0].commands[${at}].title`, command.title],
        [`bots[0].commandLists[0].commands[${at}].description`, command.description],
      ]),
    ),
  }
}

function commandsIn(names: readonly string[], locale: Locale): { title: string; description: string }[] {
  const w = wordsFor(locale)
  return names.slice(0, mostCommands).map((name) => {
    const known = commandNames.find((each) => each === name)
    if (!known) throw new Error(`the command “${name}” has no words: add them in blocks/words`)
    const usage = w.t(`command.${known}.usage`)
    const does = w.t(`command.${known}.does`)
    return { title: name, description: usage === '' ? does : `${does} ${name} ${usage}` }
  })
}

/** The files of the app package, as Teams' “upload an app” takes them together in a ZIP. */
export function teamsPackage(options: TeamsManifestOptions): {
  readonly files: readonly Entry[]
  readonly archive: Buffer
} {
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8')
  const files = [
    { name: 'manifest.json', content: json(teamsManifest(options)) },
    { name: 'ko.json', content: json(korean(options.commands)) },
    { name: 'color.png', content: colourIcon() },
    { name: 'outline.png', content: outlineIcon() },
  ]
  return { files, archive: zip(files) }
}
