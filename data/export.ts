import { sql } from 'kysely'
import { csvCell } from '../src/canon/csv.ts'
import type { DiscountRequest } from '../src/canon/discount.ts'
import { majorText } from '../src/canon/money.ts'
import { meddiccFields, type Opportunity } from '../src/canon/opportunity.ts'
import type { Database } from './database.ts'
import { dealOf } from './opportunity.ts'
import type { DataStore } from './store.ts'

export const exports = ['audit', 'deals', 'approvals'] as const
export type ExportName = (typeof exports)[number]

type Value = string | number | boolean | null | undefined

interface Sheet {
  readonly columns: readonly string[]
  readonly rows: AsyncGenerator<readonly Value[]>
}

const page = 500

const instant = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

const percent = (points: number | undefined): number | undefined =>
  points === undefined ? undefined : points / 100

const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value))

// ── what is exported ─────────────────────────────────────────────────────────

function audit(store: DataStore, companies: readonly string[]): Sheet {
  const columns = [
    'company',
    'seq',
    'at',
    'what',
    'by',
    'for',
    'platform',
    'noun',
    'subject',
    'policy_version',
    'saw',
    'detail',
    'seal',
  ]
  async function* rows(): AsyncGenerator<readonly Value[]> {
    for (const company of companies)
      for await (const row of store.auditRows(company))
        yield [
          company,
          row.seq,
          instant(row.at),
          row.what,
          row.by,
          row.for,
          row.platform,
          row.subject.noun,
          row.subject.id,
          row.policyVersion,
          json(row.saw),
          json(row.detail),
          row.seal,
        ]
  }
  return { columns, rows: rows() }
}

const dealColumns = [
  'company',
  'id',
  'name',
  'account',
  'account_name',
  'owner',
  'amount',
  'list_amount',
  'currency',
  'stage',
  'stage_entered_on',
  'created_on',
  'expected_close_on',
  'closed_on',
  'channel',
  'product',
  ...meddiccFields,
  'loss_reason',
  'loss_reason_detail',
  'competitor',
  'approved_discount_percent',
  'approved_price',
  'discount_flagged',
] as const

const amount = (money: Opportunity['amount']): string | undefined => money && majorText(money)

function dealRow(company: string, deal: Opportunity): readonly Value[] {
  return [
    company,
    deal.id,
    deal.name,
    deal.account,
    deal.accountName,
    deal.owner,
    amount(deal.amount),
    amount(deal.listAmount),
    (deal.amount ?? deal.listAmount ?? deal.price)?.currency,
    deal.stage,
    deal.stageEnteredOn,
    deal.createdOn,
    deal.expectedCloseOn,
    deal.closedOn,
    deal.channel,
    deal.product,
    ...meddiccFields.map((field) => deal.meddicc[field]),
    deal.lossReason,
    deal.lossReasonDetail,
    deal.competitor,
    percent(deal.approvedDiscount),
    amount(deal.price),
    deal.discountFlagged ?? false,
  ]
}

function deals(database: Database, companies: readonly string[]): Sheet {
  async function* rows(): AsyncGenerator<readonly Value[]> {
    for (const company of companies)
      for (let after = ''; ; ) {
        const found = await database.read
          .selectFrom('opportunities')
          .selectAll()
          .where('company_id', '=', company)
          .where('id', '>', after)
          .orderBy('id')
          .limit(page)
          .execute()
        for (const row of found) yield dealRow(company, dealOf(row))
        const last = found.at(-1)
        if (!last || found.length < page) break
        after = last.id
      }
  }
  return { columns: dealColumns, rows: rows() }
}

const approvalColumns = [
  'company',
  'id',
  'deal',
  'requester',
  'status',
  'discount_percent',
  'asked_percent',
  'list',
  'price',
  'currency',
  'stage',
  'policy_version',
  'opened_at',
  'expires_at',
  'settled_at',
  'settled_by',
  'settled_why',
  'reason',
  'justification',
  'competitor',
  'decisions',
] as const

function approvalRow(company: string, request: DiscountRequest): readonly Value[] {
  const decisions = request.steps.flatMap((step) =>
    step.decisions.map((decision) => ({
      level: step.level,
      verdict: decision.verdict,
      by: decision.by,
      ...(decision.for === undefined ? {} : { for: decision.for }),
      at: instant(decision.at),
      percent: percent(decision.discount),
    })),
  )
  return [
    company,
    request.id,
    request.deal,
    request.requester,
    request.status,
    percent(request.discount),
    percent(request.asked),
    majorText(request.list),
    majorText(request.price),
    request.list.currency,
    request.stage,
    request.policyVersion,
    instant(request.openedAt),
    instant(request.expiresAt),
    instant(request.settledAt),
    request.settledBy,
    request.settledWhy,
    request.reason,
    request.justification,
    request.competitor,
    json(decisions),
  ]
}

function approvals(database: Database, companies: readonly string[]): Sheet {
  async function* rows(): AsyncGenerator<readonly Value[]> {
    for (const company of companies)
      for (let after = ''; ; ) {
        const { rows: found } = await sql<{ id: string; body: string }>`
          select id, body from discount_requests where company_id = ${company} and id > ${after}
          order by id limit ${page}`.execute(database.read)
        for (const { body } of found) yield approvalRow(company, JSON.parse(body) as DiscountRequest)
        const last = found.at(-1)
        if (!last || found.length < page) break
        after = last.id
      }
  }
  return { columns: approvalColumns, rows: rows() }
}

// ── how it is written ────────────────────────────────────────────────────────

export { csvCell }

/** An export as text in pieces, so that a million rows take no more memory than one page. */
export async function* exportText(
  store: DataStore,
  name: ExportName,
  companies: readonly string[],
  format: 'csv' | 'json',
): AsyncGenerator<string> {
  const sheet =
    name === 'audit'
      ? audit(store, companies)
      : name === 'deals'
        ? deals(store.database, companies)
        : approvals(store.database, companies)
  if (format === 'csv') {
    yield `${sheet.columns.join(',')}\r\n`
    for await (const row of sheet.rows) yield `${row.map(csvCell).join(',')}\r\n`
    return
  }
  let first = true
  for await (const row of sheet.rows) {
    yield `${first ? '[\n' : ',\n'}${JSON.stringify(Object.fromEntries(sheet.columns.map((column, at) => [column, row[at] ?? null])))}`
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}
