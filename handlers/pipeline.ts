import { forecastCard } from '../blocks/forecast.ts'
import { noticeCard } from '../blocks/notice.ts'
import {
  type NumbersOf,
  numbersOf,
  type PipelineBrief,
  partName,
  pipelineCard,
  pipelineChoices,
} from '../blocks/pipeline.ts'
import { addDays } from '../src/canon/calendar.ts'
import { csvOf } from '../src/canon/csv.ts'
import { risksOf } from '../src/canon/digest-risk.ts'
import { forecastOf, pipelineTargets } from '../src/canon/forecast.ts'
import { majorText } from '../src/canon/money.ts'
import { type Person, reportsOf } from '../src/canon/people.ts'
import { periodOf } from '../src/canon/period.ts'
import {
  type Breakdown,
  breakdowns,
  converterTo,
  pipelineParts,
  pipelineSum,
  type SnapshotCell,
} from '../src/canon/pipeline.ts'
import { ownView, type PipelineView, type Sight, sightOf } from '../src/canon/pipeline-scope.ts'
import { may } from '../src/canon/visibility.ts'
import type { DealsOf } from '../src/ports/report.ts'
import type { Drawing } from '../src/ports.ts'
import { unquote } from './deal-find.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { membersByTeam, pipelineDays } from './digest.ts'
import { companySubject, drawingFor } from './drawing.ts'

/** What somebody looks at: kept by the server with the drawing, so that a button carries nothing but its id. */
interface Looking {
  readonly view: PipelineView
  readonly by: Breakdown
  readonly which: 'this' | 'next'
}

type Page = 'pipeline' | 'forecast'

const first = (view: PipelineView): Looking => ({ view, by: 'stage', which: 'this' })

/** `/pipeline [team]` and `/forecast [team]`: mine, or those of a team or person by name. */
const command =
  (page: Page): Handler<'command'> =>
  async (gesture, desk) => {
    const query = unquote(gesture.text.trim())
    if (!query) return show(page, first(ownView(desk.person, desk.org)), desk)
    const hits = viewsNamed(query, desk)
    const exact = hits.filter(({ name, id }) =>
      [name, id].some((each) => each.toLowerCase() === query.toLowerCase()),
    )
    const only = exact.length === 1 ? exact[0] : hits.length === 1 ? hits[0] : undefined
    if (only) return show(page, first(only.view), desk)
    const most = 8
    const rows = hits.slice(0, most).map((hit) => ({ hit, drawing: drawingOf(first(hit.view), desk) }))
    return {
      reply: {
        kind: 'say',
        card: pipelineChoices(
          rows.map(({ hit, drawing }) => ({ name: hit.name, kind: hit.kind, drawing: drawing.id })),
          query,
          `${page}.open`,
          desk.words,
        ),
      },
      drawings: rows.map(({ drawing }) => drawing),
    }
  }

export const showPipeline = command('pipeline')
export const showForecast = command('forecast')

interface Hit {
  readonly id: string
  readonly name: string
  readonly kind: 'team' | 'person'
  readonly view: PipelineView
}

/** Teams and people of a name whose numbers this person may see; nobody else's are offered, or said to exist. */
function viewsNamed(query: string, { org, person }: Desk): Hit[] {
  const needle = query.normalize('NFKC').toLowerCase()
  const matches = (id: string, name: string) =>
    id.toLowerCase() === needle || name.toLowerCase().includes(needle)
  const teams = [...org.teams.values()]
    .filter(({ id, name }) => matches(id, name))
    .map(
      (team): Hit => ({ id: team.id, name: team.name, kind: 'team', view: { kind: 'team', team: team.id } }),
    )
  const people = [...org.people.values()]
    .filter((other) => other.active && matches(other.id, other.name))
    .map((other): Hit => ({ id: other.id, name: other.name, kind: 'person', view: viewOfPerson(other, org) }))
  return [...teams, ...people]
    .filter(({ view }) => sightOf(person, view, org) !== undefined)
    .sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
}

const viewOfPerson = (other: Person, org: Desk['org']): PipelineView =>
  reportsOf(other, org).length > 0
    ? { kind: 'line', person: other.id }
    : other.roles.includes('csm') && !other.roles.includes('ae')
      ? { kind: 'customers', person: other.id }
      : { kind: 'person', person: other.id }

const drawingOf = (looking: Looking, desk: Desk): Drawing =>
  drawingFor(desk, companySubject(desk.company), 0, { ...looking })

/** What a button's drawing says was looked at; a digest's is its team. */
async function lookingOf(id: string, desk: Desk): Promise<Looking | undefined> {
  const drawing = await desk.store.drawing(desk.company, id)
  if (drawing?.subject.noun === 'report') {
    const report = await desk.store.report(desk.company, drawing.subject.id)
    if (report?.of.noun === 'team' && sightOf(desk.person, { kind: 'team', team: report.of.id }, desk.org))
      return first({ kind: 'team', team: report.of.id })
    return report ? first(ownView(desk.person, desk.org)) : undefined
  }
  if (drawing?.subject.noun === 'team') return first({ kind: 'team', team: drawing.subject.id })
  const { view, by, which } = (drawing?.shown ?? {}) as Partial<Looking>
  // A nudge about the company's forecast stands on the company itself.
  if (drawing?.subject.noun === 'company' && !view) return first(ownView(desk.person, desk.org))
  return view && by && which ? { view, by, which } : undefined
}

/** A button or choice of the page: the same numbers again, seen another way. Who may see them is judged anew. */
const turn =
  (page: Page, change: (looking: Looking, choice: string | undefined) => Looking): Handler<'button'> =>
  async (gesture, desk) => {
    const looking = await lookingOf(gesture.drawing, desk)
    if (!looking) return { reply: { kind: 'say', card: noticeCard(desk.words.t('refusal.out-of-date')) } }
    return show(page, change(looking, gesture.choice), desk)
  }

const isBreakdown = (text: string | undefined): text is Breakdown => breakdowns.some((each) => each === text)
const by = (looking: Looking, choice: string | undefined): Looking =>
  isBreakdown(choice) ? { ...looking, by: choice } : looking

export const openPipeline = turn('pipeline', (looking) => looking)
export const pipelineBy = turn('pipeline', by)
export const openForecast = turn('forecast', (looking) => looking)
export const forecastBy = turn('forecast', by)
export const forecastQuarter = turn('forecast', (looking, choice) => ({
  ...looking,
  which: choice === 'next' ? 'next' : 'this',
}))

async function show(page: Page, looking: Looking, desk: Desk): Promise<Outcome> {
  const sight = sightOf(desk.person, looking.view, desk.org)
  if (!sight) return { reply: { kind: 'say', card: noticeCard(desk.words.t('pipeline.refused')) } }
  const { brief, drawings } = await briefOf(looking, sight, page, desk)
  const card = page === 'pipeline' ? pipelineCard(brief, desk.words) : forecastCard(brief, desk.words)
  return { reply: { kind: 'say', card }, drawings }
}

/** The parts as a file, to go on with in a spreadsheet. */
export const exportPipeline: Handler<'button'> = async (gesture, desk) => {
  const { words } = desk
  const looking = await lookingOf(gesture.drawing, desk)
  const sight = looking && sightOf(desk.person, looking.view, desk.org)
  if (!looking || !sight)
    return {
      reply: { kind: 'say', card: noticeCard(words.t(looking ? 'pipeline.refused' : 'refusal.out-of-date')) },
    }
  const { brief } = await briefOf(looking, sight, 'pipeline', desk)
  const { currency } = brief.pipeline
  const of = numbersOf(brief.of, words)
  const text = csvOf([
    [
      brief.by,
      'deals',
      `amount (${currency})`,
      `expected in ${brief.which === 'next' ? brief.nextQuarter : brief.thisQuarter} (${currency})`,
      `last week (${currency})`,
    ],
    ...brief.parts.map((part) => [
      partName(brief.by, part.key, brief.names, words)
        .map((span) => (typeof span === 'string' ? span : Object.values(span)[0]))
        .join(''),
      String(part.deals),
      majorText({ amount: part.amount, currency }),
      majorText({ amount: part.due, currency }),
      part.before ? majorText({ amount: part.before.amount, currency }) : '',
    ]),
  ])
  const file = words.t('pipeline.file', { of: { user: of }, by: words.t(`pipeline.by.${brief.by}`) })
  return {
    reply: {
      kind: 'file',
      name: `pipeline-${brief.by}-${pipelineDays(desk).today}.csv`,
      text,
      card: noticeCard(file),
    },
  }
}

/** Deals that are one view, and what their targets add up to. */
function dealsOfView(view: PipelineView, desk: Desk) {
  const { org } = desk
  const everyTeam = ['', ...org.teams.keys()]
  const teamOf = (id: string) => org.people.get(id)?.team ?? ''
  switch (view.kind) {
    case 'company':
      return { of: 'all' as DealsOf, teams: everyTeam, owners: undefined, targets: [...org.teams.values()] }
    case 'team': {
      const owners = membersByTeam(org).get(view.team) ?? []
      const team = org.teams.get(view.team)
      return { of: { owners } as DealsOf, teams: [view.team], owners: undefined, targets: team ? [team] : [] }
    }
    case 'customers':
      return { of: { csm: view.person } as DealsOf, teams: [], owners: undefined, targets: [] }
    case 'person':
      return {
        of: { owners: [view.person] } as DealsOf,
        teams: [teamOf(view.person)],
        owners: [view.person],
        targets: [],
      }
    case 'line': {
      const person = org.people.get(view.person)
      const owners = person ? [person.id, ...reportsOf(person, org).map(({ id }) => id)] : []
      const line = new Set(owners)
      const targets = [...org.teams.values()].filter(
        ({ manager }) => manager !== undefined && line.has(manager),
      )
      return { of: { owners } as DealsOf, teams: [...new Set(owners.map(teamOf))], owners, targets }
    }
  }
}

function currencyOf(view: PipelineView, { org }: Desk): string {
  const team =
    view.kind === 'team' ? view.team : view.kind === 'company' ? undefined : org.people.get(view.person)?.team
  return (team === undefined ? undefined : org.teams.get(team)?.currency) ?? org.company.currency
}

function nameOfView(view: PipelineView, { org }: Desk): NumbersOf {
  if (view.kind === 'company') return { kind: 'company' }
  if (view.kind === 'team') return { kind: 'team', name: org.teams.get(view.team)?.name ?? view.team }
  return { kind: view.kind, name: org.people.get(view.person)?.name ?? view.person }
}

/** A snapshot this young is this week’s, and this old no last week’s. Days. */
const weekAgo = { from: 14, to: 5 } as const
const mostRisks = 3

async function briefOf(looking: Looking, sight: Sight, page: Page, desk: Desk) {
  const { store, company, org, policy, now } = desk
  const { view, which } = looking
  const shownBy = sight === 'total' && looking.by === 'rep' ? 'stage' : looking.by
  const days = pipelineDays(desk)
  const scope = dealsOfView(view, desk)
  const currency = currencyOf(view, desk)
  const [rates, cells, won, snapshot] = await Promise.all([
    store.fxRates(company, days.today),
    store.pipelineCells(
      company,
      scope.of,
      days,
      shownBy === 'product' || shownBy === 'industry' ? { by: shownBy } : {},
    ),
    store.wonCells(company, scope.of, days.quarterFrom, days.today),
    scope.teams.length === 0
      ? []
      : store.pipelineSnapshot(
          company,
          scope.teams,
          addDays(days.today, -weekAgo.from),
          addDays(days.today, -weekAgo.to),
        ),
  ])
  const { convert, ratesOn } = converterTo(currency, rates)
  const before = comparable(snapshot, scope.owners)
  const targets = scope.targets.flatMap(({ quarterlyTarget, currency: of }) =>
    quarterlyTarget === undefined ? [] : [convert(quarterlyTarget, of ?? org.company.currency)],
  )
  const target = targets.reduce<number>((sum, each) => sum + (each ?? 0), 0)
  const forecast = forecastOf(
    cells,
    won,
    {
      quarter: which === 'next' ? days.nextQuarter : days.quarter,
      currency,
      which,
      ...(targets.length > 0 ? { target } : {}),
    },
    policy,
    convert,
  )
  // The next quarter’s table shows what is expected in that one.
  const seen =
    which === 'next' ? cells.map((cell) => ({ ...cell, due: cell.next, dueDeals: cell.nextDeals })) : cells
  const own = drawingOf({ ...looking, by: shownBy }, desk)
  const drawings: Drawing[] = [own]
  const risks =
    page === 'pipeline' && sight === 'deals'
      ? risksOf(
          await store.riskRows(company, scope.of, days, now - 90 * 86_400_000, mostRisks),
          days.today,
          policy,
          convert,
        ).slice(0, mostRisks)
      : []
  const named: PipelineBrief['risks'][number][] = []
  for (const risk of risks) {
    const deal = await store.deal(company, risk.deal)
    if (!deal || !may(desk.person, 'deal.see', { deal }, org)) continue
    const drawing = drawingFor(desk, { noun: 'deal', id: deal.id }, deal.version)
    drawings.push(drawing)
    named.push({ risk, deal, drawing: drawing.id })
  }
  const parts = pipelineParts(seen, before, shownBy, convert)
  const ids = parts.map(({ key }) => key)
  const team = view.kind === 'person' && page === 'pipeline' ? await teamTotal(view.person, desk) : undefined
  const rated = ratesOn()
  const brief: PipelineBrief = {
    of: nameOfView(view, desk),
    pipeline: pipelineSum(cells, before, currency, convert),
    forecast,
    thisQuarter: days.quarter,
    nextQuarter: days.nextQuarter,
    which,
    by: shownBy,
    parts,
    ...(before?.[0] ? { comparedOn: before[0].takenOn } : {}),
    ...(rated === undefined ? {} : { ratesOn: rated }),
    names: Object.fromEntries(
      (shownBy === 'rep' ? ids : []).flatMap((id) => {
        const name = org.people.get(id)?.name
        return name ? [[id, name]] : []
      }),
    ),
    targets: pipelineTargets(policy, periodOf('quarter', days.today, org.company.fiscalYearStart)),
    risks: named,
    ...(team ? { team } : {}),
    totalOnly: sight === 'total',
    probability: policy.probability,
    at: now,
    timeZone: desk.person.timeZone ?? org.company.working.timeZone,
    drawing: own.id,
  }
  return { brief, drawings }
}

/** What of the snapshots a view is compared with; tiers and channels only of whole teams. */
function comparable(
  snapshot: readonly SnapshotCell[],
  owners: readonly string[] | undefined,
): readonly SnapshotCell[] | undefined {
  if (snapshot.length === 0) return undefined
  if (!owners) return snapshot
  const mine = new Set(owners)
  const own = snapshot.filter(({ facet, value }) => facet === 'owner' && mine.has(value))
  return own.length > 0 ? own : undefined
}

/** The total of somebody's own team, beside their own numbers (users: an AE sees own and team total). */
async function teamTotal(person: string, desk: Desk): Promise<PipelineBrief['team']> {
  const { org, store, company } = desk
  const team = org.people.get(person)?.team
  if (team === undefined || !sightOf(desk.person, { kind: 'team', team }, org)) return undefined
  const currency = currencyOf({ kind: 'person', person }, desk)
  const days = pipelineDays(desk)
  const [rates, cells] = await Promise.all([
    store.fxRates(company, days.today),
    store.pipelineCells(company, { owners: membersByTeam(org).get(team) ?? [] }, days),
  ])
  const { convert } = converterTo(currency, rates)
  const { deals, amount } = pipelineSum(cells, undefined, currency, convert)
  return { name: org.teams.get(team)?.name ?? team, deals, amount }
}
