import { afterEach, describe, expect, it } from 'vitest'
import { lifeCasts } from '../support/deal-casts.ts'
import { dealLife } from '../support/deal-life.ts'
import { browserWanted, Visits } from '../support/visits.ts'

// One customer from the first call to the second sale, in a real browser: what people see and press, on each platform.

describe.runIf(browserWanted).each([
  { platform: 'slack', cast: lifeCasts.ko, company: 'ondam', account: 'hanseo' },
  { platform: 'teams', cast: lifeCasts.en, company: 'larkfield', account: 'orchard' },
] as const)('a deal’s whole life on $platform, in a real browser', (told) => {
  const { platform, cast, company, account } = told
  let visits: Visits
  afterEach(() => visits?.end())

  it('goes card by card from the lead to the new opportunity, and the audit of every company verifies', async () => {
    // A life is lived once: a second try is another playground's.
    visits = await Visits.begin({ now: cast.now, language: cast.language })
    const screen = await visits.open({
      language: cast.language,
      workspace: cast.workspace,
      user: cast.sdr.user,
      at: 'messages',
      platform,
      plain: true,
    })
    await dealLife({ screen, chat: platform === 'teams' ? screen.teams : screen }, cast)
    expect(await visits.leave()).toEqual([])

    // The record says what was seen.
    const { store } = visits.playground.running.dealdesk
    const [growth] = await store.handoffsOf(company, { account }, 1)
    expect(await store.deal(company, growth?.opened ?? '')).toMatchObject({
      stage: 'S1',
      channel: 'cs_driven',
      account,
    })
    const [won] = await store.dealsNamed(company, cast.account, 1)
    expect(won).toMatchObject({ stage: 'CW', won: 'finished', approvedDiscount: 2200, account })
    const [onboarding] = await store.handoffsOf(company, { deal: won?.id ?? '' }, 1)
    expect(onboarding).toMatchObject({ status: 'accepted', returns: [{}], rating: { score: 4 } })
    const { code, said } = await visits.playground.dealdesk('audit', 'verify')
    expect(code, said).toBe(0)
    expect(said).toMatch(/larkfield\s+\d+\s+whole/)
    expect(said).toMatch(/ondam\s+\d+\s+whole/)
  }, 180_000)
})
