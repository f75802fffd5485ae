import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { registry } from '../../handlers/index.ts'
import { botEvents, botScopes, slackManifest, slackManifestYaml } from '../../src/slack/manifest.ts'

const commands = registry.commands.map((entry) => entry.name)

it('the committed manifest is the one the registry of commands makes', () => {
  const committed = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')
  expect(committed).toBe(slackManifestYaml({ commands }))
  expect(parse(committed)).toEqual(slackManifest({ commands }))
})

describe.each([
  ['Socket Mode', {}],
  ['HTTP', { url: 'https://dealdesk.example.com/' }],
  ['a prefix', { prefix: 'acme' }],
  ['OAuth', { url: 'https://dealdesk.example.com', oauth: true }],
])('the manifest for %s is within Slack’s limits', (_what, options) => {
  const manifest = slackManifest({ commands, ...options })
  const { display_information: about, features, settings } = manifest

  it('in what it says of the app', () => {
    expect(about.name.length).toBeLessThanOrEqual(35)
    expect(about.description!.length).toBeLessThanOrEqual(140)
    expect(about.long_description!.length).toBeGreaterThanOrEqual(175)
    expect(about.long_description!.length).toBeLessThanOrEqual(4_000)
    expect(features!.bot_user!.display_name).toMatch(/^[a-z0-9._-]{1,80}$/)
  })

  it('in its commands', () => {
    const slash = features!.slash_commands!
    expect(slash.length).toBeLessThanOrEqual(50)
    expect(new Set(slash.map((c) => c.command)).size).toBe(slash.length)
    for (const command of slash) {
      expect(command.command).toMatch(/^\/[a-z0-9_-]{1,31}$/)
      expect(command.description.length).toBeLessThanOrEqual(2_000)
      expect(command.usage_hint?.length ?? 0).toBeLessThanOrEqual(1_000)
    }
  })

  it('and names no scope or event twice', () => {
    expect(new Set(botScopes).size).toBe(botScopes.length)
    expect(new Set(botEvents).size).toBe(botEvents.length)
    expect(settings!.event_subscriptions!.bot_events).toEqual([...botEvents])
  })
})

it('with an address every request goes to /slack/events, and Socket Mode is off', () => {
  const at = 'https://dealdesk.example.com/slack/events'
  const manifest = slackManifest({ commands, url: 'https://dealdesk.example.com/', oauth: true })
  expect(manifest.features!.slash_commands!.every((c) => c.url === at)).toBe(true)
  expect(manifest.settings).toMatchObject({
    socket_mode_enabled: false,
    event_subscriptions: { request_url: at },
    interactivity: { is_enabled: true, request_url: at, message_menu_options_url: at },
  })
  expect(manifest.oauth_config!.redirect_urls).toEqual(['https://dealdesk.example.com/slack/oauth_redirect'])
})

it('without one nothing has an address, and Socket Mode is on', () => {
  expect(JSON.stringify(slackManifest({ commands }))).not.toMatch(/https?:/)
  expect(slackManifest({ commands }).settings!.socket_mode_enabled).toBe(true)
})

it.each([
  [{ url: 'http://dealdesk.example.com' }, /https/],
  [{ url: 'dealdesk' }, /https/],
  [{ prefix: 'Großkunden' }, /--prefix/],
  [{ prefix: '' }, /--prefix/],
])('%j is refused with what to write instead', (options, message) => {
  expect(() => slackManifest({ commands, ...options })).toThrow(message)
})

it('a command without a description is refused by name', () => {
  expect(() => slackManifest({ commands: ['toString'] })).toThrow(/toString/)
})
