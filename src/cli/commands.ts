import type { Command } from './command.ts'

const company = { type: 'string', about: 'the company; may be left out where there is only one' } as const
const text = (about: string) => ({ type: 'string', about }) as const
const flag = (about: string) => ({ type: 'boolean', about }) as const

const companyOptions = {
  name: text('what it is called'),
  locale: text('language of its channels: ko or en'),
  zone: text('time zone, e.g. Asia/Seoul'),
  currency: text('ISO code, e.g. KRW'),
  'fiscal-year': text('first month of the fiscal year, 1 to 12'),
  hours: text('working days and hours, e.g. "1-5 09:00-18:00" (1 is Monday)'),
  holidays: text('a country and own days off, e.g. "KR;2026-12-24"'),
} as const

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'start the server: the real bot, or the playground where nothing is configured',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./server.ts')).start,
  },
  {
    name: 'demo',
    summary: 'load the demo companies',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./server.ts')).demo,
  },
  {
    name: 'migrate',
    summary: 'bring the database up to date',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./database.ts')).migrate,
  },
  {
    name: 'doctor',
    summary: 'check configuration, tokens, scopes, database and clock',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'company list',
    summary: 'the companies, their settings and workspaces',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./company.ts')).list,
  },
  {
    name: 'company add',
    summary: 'add a company',
    usage: 'ID [options]',
    options: companyOptions,
    words: [1, 1],
    load: async () => (await import('./company.ts')).add,
  },
  {
    name: 'company set',
    summary: 'change a company; what is not named stays',
    usage: 'ID options',
    options: companyOptions,
    words: [1, 1],
    load: async () => (await import('./company.ts')).set,
  },
  {
    name: 'company bind',
    summary: 'bind a workspace or tenant to a company, before anybody speaks from it',
    usage: 'ID --slack T0123456 | --teams TENANT-ID',
    options: {
      slack: text('Slack workspace id (begins with T)'),
      enterprise: text('Slack Enterprise Grid organisation (begins with E)'),
      teams: text('Microsoft 365 tenant id'),
    },
    words: [1, 1],
    load: async () => (await import('./company.ts')).bind,
  },
  {
    name: 'policy show',
    summary: 'the rules of a company as they are now',
    usage: '[--company ID]',
    options: { company },
    words: [0, 0],
    load: async () => (await import('./policy.ts')).show,
  },
  {
    name: 'policy set',
    summary: 'set the rules of a company from a YAML or JSON file, as a new version',
    usage: 'FILE [--company ID]',
    options: { company },
    words: [1, 1],
    notes: ['Parts that the file leaves out stay as they are. Requests under way keep their version.'],
    load: async () => (await import('./policy.ts')).set,
  },
  {
    name: 'admin grant',
    summary: 'let a person administer their company in chat',
    usage: 'PERSON [--company ID]',
    options: { company },
    words: [1, 1],
    load: async () => (await import('./company.ts')).grant,
  },
  {
    name: 'admin revoke',
    summary: 'take that back',
    usage: 'PERSON [--company ID]',
    options: { company },
    words: [1, 1],
    load: async () => (await import('./company.ts')).revoke,
  },
  {
    name: 'token create',
    summary: 'make a bearer token for the API; it is shown once',
    usage: '[--company ID] [--label WORDS] [--scope WORD]…',
    options: {
      company,
      label: text('what it is for'),
      scope: { type: 'string', multiple: true, about: 'what it may do; left out: everything' },
    },
    words: [0, 0],
    load: async () => (await import('./token.ts')).create,
  },
  {
    name: 'token list',
    summary: 'the tokens of a company, or of all',
    usage: '[--company ID]',
    options: { company },
    words: [0, 0],
    load: async () => (await import('./token.ts')).list,
  },
  {
    name: 'token revoke',
    summary: 'make a token worthless',
    usage: 'TOKEN-ID [--company ID]',
    options: { company },
    words: [1, 1],
    load: async () => (await import('./token.ts')).revoke,
  },
  {
    name: 'import',
    summary: 'import CSV files, or a folder of them',
    usage: 'FILE-OR-FOLDER… [--company ID] [--map FILE] [--dry-run] [--skip-bad]',
    options: {
      company,
      map: text('a mapping for another system’s files, or “saved” for the one kept with --save-map'),
      'save-map': flag('keep the mapping with the company'),
      'dry-run': flag('check every row and change nothing'),
      'skip-bad': flag('take the good rows and leave out the bad ones'),
      again: flag('import the same files again'),
      report: text('write every bad row to this CSV file'),
    },
    words: [1, 100],
    notes: [
      'One bad row stops all, unless --skip-bad. The same files again change nothing, unless --again.',
      'docs/import.md explains the files and the mapping.',
    ],
    load: async () => (await import('./import.ts')).importFiles,
  },
  {
    name: 'export',
    summary: 'write the audit, the deals or the approvals to standard output',
    usage: 'audit|deals|approvals [--company ID] [--format csv|json]',
    options: {
      company: text('only this company'),
      format: { type: 'string', default: 'csv', about: 'csv or json' },
    },
    words: [1, 1],
    load: async () => (await import('./export.ts')).exportRows,
  },
  {
    name: 'audit verify',
    summary: 'check that the audit is whole and unchanged',
    usage: '[--company ID]',
    options: { company: text('only this company') },
    words: [0, 0],
    load: async () => (await import('./export.ts')).verify,
  },
  {
    name: 'schedules',
    summary: 'what is done by the clock, with the next times',
    usage: '',
    words: [0, 0],
    load: async () => (await import('./schedule.ts')).list,
  },
  {
    name: 'run',
    summary: 'run one schedule once, now or as if at an instant',
    usage: 'SCHEDULE [--at INSTANT] [--company ID] [--dry-run]',
    options: {
      at: text('e.g. 2026-11-23T09:00:00+09:00'),
      company: text('only this company'),
      'dry-run': flag('say what would be done'),
    },
    words: [1, 1],
    load: async () => (await import('./schedule.ts')).run,
  },
  {
    name: 'backup',
    summary: 'write a copy of the database, while it is in use',
    usage: 'FILE',
    words: [1, 1],
    load: async () => (await import('./database.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'put a backup in the place of the database; the old one is kept beside it',
    usage: 'FILE',
    words: [1, 1],
    load: async () => (await import('./database.ts')).restore,
  },
  {
    name: 'manifest slack',
    summary: 'the manifest to create the Slack app from',
    usage: '[--url URL] [--oauth] [--prefix P] [--out FILE]',
    options: {
      url: text('where the product is reached; left out: Socket Mode'),
      oauth: flag('add the address for installing into many workspaces (needs --url)'),
      prefix: text('written before every command’s name'),
      out: text('write to this file'),
    },
    words: [0, 0],
    load: async () => (await import('./manifest.ts')).slack,
  },
]

/** Words of the contract that this version cannot do yet, each with what to say. */
export const notYet: Readonly<Record<string, string>> = {
  'manifest teams': 'Microsoft Teams is not available in this version: it speaks Slack.',
  'report portfolio': 'The portfolio report is not available in this version.',
}
