import { personDigestCard } from '../blocks/digest-person.ts'
import { monthlyCard, reviewCard } from '../blocks/review.ts'
import { pipelineTargets } from '../src/canon/forecast.ts'
import type { MonthlyReport, PersonSummary, QuarterlyReview } from '../src/canon/summary.ts'
import { may } from '../src/canon/visibility.ts'
import type { CardEntry } from './desk.ts'
import { briefOfDigest, reportSubject } from './digest-cards.ts'
import { briefOfCustomers } from './digest-customer-cards.ts'
import { drawn } from './drawing.ts'

export const summaryCards = {
  person: 'digest.person',
  monthly: 'report.monthly',
  quarterly: 'report.quarterly',
} as const

const personEntry: CardEntry = async (subject, desk) => {
  const { store, company, org, viewer } = desk
  const report = await store.report(company, subject.id)
  // Somebody's week is theirs alone.
  if (report?.kind !== 'personal-summary' || viewer?.id !== report.of.id) return undefined
  const summary = report.body as PersonSummary
  const own = drawn(desk, reportSubject(report.id))
  const digest = summary.digest && (await briefOfDigest(report, summary.digest, { lacks: [] }, desk))
  const portfolio = summary.portfolio && (await briefOfCustomers(report, summary.portfolio, {}, desk))
  const deals: Record<string, string> = {}
  for (const { deal, requester } of summary.given.slice(0, 50)) {
    const found = await store.deal(company, deal)
    if (found && may(viewer, 'discount.see', { deal: found, requester }, org)) deals[deal] = found.name
  }
  const card = personDigestCard(
    {
      summary,
      ...(digest ? { digest: digest.brief } : {}),
      ...(portfolio ? { portfolio: portfolio.brief } : {}),
      names: Object.fromEntries(
        summary.given.flatMap(({ requester }) => {
          const name = org.people.get(requester)?.name
          return name ? [[requester, name]] : []
        }),
      ),
      deals,
      now: desk.now,
      drawing: own.id,
    },
    desk.words,
  )
  return { card, drawings: [own, ...(digest?.drawings ?? []), ...(portfolio?.drawings ?? [])] }
}

const monthlyEntry: CardEntry = async (subject, desk) => {
  const report = await desk.store.report(desk.company, subject.id)
  if (report?.kind !== 'monthly-report' || !leads(desk)) return undefined
  const own = drawn(desk, reportSubject(report.id))
  const card = monthlyCard(
    {
      report: report.body as MonthlyReport,
      fiscalYearStart: desk.org.company.fiscalYearStart,
      now: desk.now,
      drawing: own.id,
    },
    desk.words,
  )
  return { card, drawings: [own] }
}

const quarterlyEntry: CardEntry = async (subject, desk) => {
  const report = await desk.store.report(desk.company, subject.id)
  if (report?.kind !== 'quarterly-review' || !leads(desk)) return undefined
  const own = drawn(desk, reportSubject(report.id))
  const review = report.body as QuarterlyReview
  const { from, to } = review
  const errorTarget = pipelineTargets(desk.policy, { kind: 'quarter', from, to }).error?.to
  const card = reviewCard(
    {
      review,
      ...(errorTarget === undefined ? {} : { errorTarget }),
      teams: Object.fromEntries([...desk.org.teams.values()].map(({ id, name }) => [id, name])),
      lossReasons: desk.policy.lossReasons,
      now: desk.now,
      drawing: own.id,
    },
    desk.words,
  )
  return { card, drawings: [own] }
}

/** A report over the whole company is for those who see the whole company; read again when it is drawn. */
const leads = ({ viewer }: Parameters<CardEntry>[1]): boolean =>
  viewer?.roles.some((role) => role === 'sales_ops' || role === 'vp_sales' || role === 'c_level') ?? false

export const summaryCardEntries: Readonly<Record<string, CardEntry>> = {
  [summaryCards.person]: personEntry,
  [summaryCards.monthly]: monthlyEntry,
  [summaryCards.quarterly]: quarterlyEntry,
}
