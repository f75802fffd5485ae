import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../src/config.ts'

const appId = '11111111-2222-4333-8444-555555555555'
const tenantId = '11111111-2222-4333-8444-555555555556'
const problems = (env: Record<string, string>): string => {
  try {
    loadConfig(env)
    return ''
  } catch (error) {
    return error instanceof ConfigError ? error.problems.join('\n') : String(error)
  }
}

describe('the configuration of Teams', () => {
  it('takes a single-tenant app, which is the usual one', () => {
    const { teams, mode } = loadConfig({
      MicrosoftAppId: appId.toUpperCase(),
      MicrosoftAppPassword: 'p',
      MicrosoftAppTenantId: tenantId,
    })
    expect(mode).toBe('platforms')
    expect(teams).toEqual({ appId, appType: 'SingleTenant', password: 'p', tenantId })
  })

  it('takes a managed identity, which has no password, and an existing multi-tenant app, which has no tenant', () => {
    expect(
      loadConfig({
        MicrosoftAppId: appId,
        MicrosoftAppType: 'UserAssignedMSI',
        MicrosoftAppTenantId: tenantId,
      }).teams,
    ).toEqual({
      appId,
      appType: 'UserAssignedMSI',
      tenantId,
    })
    expect(
      loadConfig({ MicrosoftAppId: appId, MicrosoftAppType: 'multitenant', MicrosoftAppPassword: 'p' }).teams,
    ).toEqual({
      appId,
      appType: 'MultiTenant',
      password: 'p',
    })
  })

  it('B5.30 is off without any of its variables, and refuses to start with some but no App ID', () => {
    expect(loadConfig({}).teams).toBeUndefined()
    expect(problems({ MicrosoftAppPassword: 'p', MicrosoftAppTenantId: tenantId })).toMatch(
      /MicrosoftAppId is missing/,
    )
    expect(problems({ MicrosoftAppId: '  ', MicrosoftAppPassword: 'p' })).toMatch(/MicrosoftAppId is missing/)
  })

  it.each([
    [
      { MicrosoftAppId: 'dealdesk', MicrosoftAppPassword: 'p', MicrosoftAppTenantId: tenantId },
      /MicrosoftAppId must be/,
    ],
    [{ MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId }, /MicrosoftAppPassword is missing/],
    [{ MicrosoftAppId: appId, MicrosoftAppPassword: 'p' }, /MicrosoftAppTenantId is missing/],
    [
      { MicrosoftAppId: appId, MicrosoftAppPassword: 'p', MicrosoftAppTenantId: 'contoso' },
      /MicrosoftAppTenantId must be/,
    ],
    [
      { MicrosoftAppId: appId, MicrosoftAppPassword: 'p', MicrosoftAppType: 'Bot' },
      /MicrosoftAppType must be/,
    ],
    [
      {
        MicrosoftAppId: appId,
        MicrosoftAppPassword: 'p',
        MicrosoftAppType: 'UserAssignedMSI',
        MicrosoftAppTenantId: tenantId,
      },
      /MicrosoftAppPassword is set, but a managed identity/,
    ],
  ])('%o is refused by name', (env, sentence) => {
    expect(problems(env as Record<string, string>)).toMatch(sentence)
  })

  it('a moved clock and a real Teams don’t go together', () => {
    const env = {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: 'p',
      MicrosoftAppTenantId: tenantId,
      DEALDESK_NOW: '+3d',
    }
    expect(problems(env)).toMatch(/DEALDESK_NOW/)
  })

  it('keys of another making are believed on this machine alone', () => {
    const env = {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: 'p',
      MicrosoftAppTenantId: tenantId,
      ToBotFromChannelTokenIssuer: 'https://local',
    }
    expect(problems({ ...env, ToBotFromChannelOpenIdMetadataUrl: 'https://keys.evil.example/' })).toMatch(
      /on this machine/,
    )
    expect(problems(env)).toMatch(/needs both/)
    const { teams } = loadConfig({
      ...env,
      ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:4000/openid',
      DEALDESK_NOW: '+3d',
    })
    expect(teams?.channel).toMatchObject({
      issuer: 'https://local',
      openIdMetadataUrl: 'http://127.0.0.1:4000/openid',
    })
  })
})
