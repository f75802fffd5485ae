import { parse } from 'yaml'
import { isRecord } from './check/rule.ts'
import type { AppRegistration } from './world.ts'

/** What Slack would learn of the app from its manifest (manifest.yml). */
export function readManifest(text: string): Pick<AppRegistration, 'name' | 'commands' | 'scopes' | 'events'> {
  const manifest: unknown = parse(text)
  const features = part(manifest, 'features')
  const commands = part(features, 'slash_commands')
  const scopes = part(part(part(manifest, 'oauth_config'), 'scopes'), 'bot')
  const events = part(part(part(manifest, 'settings'), 'event_subscriptions'), 'bot_events')
  const name = part(part(manifest, 'display_information'), 'name')
  return {
    name: typeof name === 'string' ? name : 'App',
    commands: list(commands)
      .filter(isRecord)
      .map((entry) => ({
        command: String(entry.command),
        description: String(entry.description ?? ''),
        ...(typeof entry.usage_hint === 'string' ? { usageHint: entry.usage_hint } : {}),
      })),
    scopes: list(scopes).map(String),
    events: list(events).map(String),
  }
}

const part = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
