import { addDays } from '../src/canon/calendar.ts'
import type { ForecastOutcome } from '../src/canon/forecast.ts'
import type { Because, Finding, NudgeSubject } from '../src/canon/nudge.ts'
import { managersOf, type Org } from '../src/canon/people.ts'
import { quarterOf } from '../src/canon/period.ts'
import { forecastsToTarget, lastQuarter, missOfTarget, outcomesOfQuarter, warnsFrom } from './forecast.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

/** How long after a quarter its outcome is still news. Days. */
const newsFor = 30

/**
 * Forecast misses, to VP Sales (Canon, Nudges: over 20 %): in the quarter won + weighted against the target, as a
 * warning from its second month on; at its end the snapshot of its first day against what came.
 */
export const forecastMiss: NudgeRule = {
  kind: 'forecast-miss',
  async *find(desk) {
    for (const { subject, because, cycle } of await missesOf(desk)) {
      const owner = reviewerOf(subject, desk.org)
      if (owner === undefined) continue
      const finding: Finding = {
        kind: 'forecast-miss',
        subject,
        cycle,
        owner,
        because,
        // The company before its teams, and what came before what may still be turned.
        weight:
          100 +
          Math.min(because.percent, 100) / 2 +
          (subject.noun === 'company' ? 60 : 0) +
          (because.against === 'actual' ? 10 : 0),
      }
      yield { ...finding, weight: Math.round(finding.weight) }
    }
  },
  async still(subject, cycle, desk) {
    const found = await missesOf(desk, subject.noun === 'team' ? subject.id : undefined)
    return found.find((miss) => miss.subject.id === subject.id && miss.cycle === cycle)?.because
  },
  actions: (subject) => [{ action: 'forecast.open', on: subject }],
}

interface Miss {
  readonly subject: NudgeSubject
  readonly cycle: string
  readonly because: Extract<Because, { kind: 'forecast-miss' }>
}

async function missesOf(desk: RuleDesk, only?: string): Promise<Miss[]> {
  const { org, policy, today, company } = desk
  const most = policy.nudges.forecastMissPercent
  const misses: Miss[] = []
  const quarter = quarterOf(today, org.company.fiscalYearStart)
  const subjectOf = (team: string): NudgeSubject =>
    team === '' ? { noun: 'company', id: company } : { noun: 'team', id: team }
  const add = (team: string, of: string, percent: number, against: 'target' | 'actual') => {
    if (percent > most)
      misses.push({
        subject: subjectOf(team),
        cycle: `${of}:${against}`,
        because: { kind: 'forecast-miss', quarter: of, percent, against },
      })
  }
  if (today >= warnsFrom(quarter))
    for (const [team, sum] of await forecastsToTarget(desk, only))
      add(team, quarter.name, missOfTarget(sum), 'target')
  const last = lastQuarter(desk)
  if (today <= addDays(last.to, newsFor))
    for (const outcome of await outcomesOfQuarter(desk, last))
      if (org.teams.has(outcome.team) && isMain(outcome, desk))
        add(outcome.team, last.name, outcome.errorPercent ?? (outcome.forecast > 0 ? 100 : 0), 'actual')
  return misses
}

/** A team is judged by the currency its target is in; a sideline in another is no miss of the team. */
const isMain = ({ team, currency }: ForecastOutcome, { org }: RuleDesk): boolean =>
  (org.teams.get(team)?.currency ?? org.company.currency) === currency

/** VP Sales in the line above the team's manager, else any, else somebody of the C-level. */
function reviewerOf(subject: NudgeSubject, org: Org): string | undefined {
  const team = subject.noun === 'team' ? org.teams.get(subject.id) : undefined
  const manager = team?.manager === undefined ? undefined : org.people.get(team.manager)
  const line = manager ? managersOf(manager, org) : []
  const everybody = [...org.people.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const of = (role: 'vp_sales' | 'c_level') =>
    [...line, ...everybody].find((person) => person.active && person.roles.includes(role))
  return (of('vp_sales') ?? of('c_level'))?.id
}
