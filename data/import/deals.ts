import type { PlainDate } from '../../src/canon/calendar.ts'
import {
  type EvidenceKind,
  type MeddiccField,
  meddiccFields,
  type Opportunity,
  type Stage,
} from '../../src/canon/opportunity.ts'
import type { Refusal } from '../../src/canon/refusal.ts'
import { change, type Door, fill, openDeal, type StageWorld } from '../../src/canon/stage.ts'
import { dealCells } from '../opportunity.ts'
import { type Cell, short } from './columns.ts'
import { evidenceColumns } from './entities.ts'

/** Columns of a deal that follow from a change of stage; all of them are set where the file has a stage. */
const ruledColumns = [
  'stage_entered_on',
  'closed_on',
  'loss_reason',
  'loss_reason_detail',
  'competitor',
  'won',
] as const

/** Columns of staged deals that are no columns of the table: why a stage changed, and the version that was ruled on. */
export const besideDeal: ReadonlySet<string> = new Set(['stage_reason', 'seen_version'])

/** Columns whose own cells give way to what the rules make of them. */
export const overruled = (names: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...(names.has('stage') ? ruledColumns : []), ...(names.has('champion') ? ['champion'] : [])])

/** The columns that staged deals hold, beside those the file has. */
export function dealColumns(names: readonly string[]): string[] {
  const own = names.filter((name) => name !== 'reason' && !(name in evidenceColumns))
  const more: string[] = own.includes('stage') ? ruledColumns.filter((name) => !own.includes(name)) : []
  if (own.includes('champion')) more.push('champion_left', 'champion_was')
  return [...own, ...more, 'evidence', 'gate_debt', 'debt_until', 'stage_reason', 'seen_version']
}

const textOf: Readonly<Record<string, keyof Opportunity>> = {
  name: 'name',
  account: 'account',
  owner: 'owner',
  stage_entered_on: 'stageEnteredOn',
  created_on: 'createdOn',
  expected_close_on: 'expectedCloseOn',
  closed_on: 'closedOn',
  channel: 'channel',
  product: 'product',
  loss_reason: 'lossReason',
  loss_reason_detail: 'lossReasonDetail',
  competitor: 'competitor',
}

type Draft = { -readonly [K in keyof Opportunity]: Opportunity[K] }

/** Whether a file names the champion who left as the champion. */
const isWhoLeft = (value: Cell, before: Opportunity | undefined): boolean => {
  const left = before?.championLeft
  return left !== undefined && (value === left.said || value === left.contact)
}

/** The deal as the row says it, its stage left as it was. An empty cell clears, but not evidence or a list price. */
function said(
  id: string,
  row: ReadonlyMap<string, Cell>,
  currency: string,
  before: Opportunity | undefined,
): Draft {
  const deal: Draft = before
    ? { ...before }
    : { id, name: id, stage: 'S1', meddicc: {}, updatedAt: 0, version: 0 }
  const meddicc: Partial<Record<MeddiccField, string>> = { ...deal.meddicc }
  const evidence: Partial<Record<EvidenceKind, PlainDate>> = { ...deal.evidence }
  for (const [column, value] of row) {
    const field = textOf[column]
    const kind = evidenceColumns[column]
    if (field !== undefined) {
      if (value === null) delete deal[field]
      else Object.assign(deal, { [field]: value })
    } else if (kind !== undefined) {
      if (value !== null) evidence[kind] = value as PlainDate
    } else if (column === 'champion' && isWhoLeft(value, before)) {
      // Who left stays cleared, however often a file still names them.
    } else if ((meddiccFields as readonly string[]).includes(column)) {
      if (column === 'champion' && value !== null) delete deal.championLeft
      if (value === null) delete meddicc[column as MeddiccField]
      else meddicc[column as MeddiccField] = value as string
    } else if (column === 'amount') {
      if (value === null) delete deal.amount
      else deal.amount = { amount: value as number, currency }
    } else if (column === 'list_amount' && value !== null)
      deal.listAmount = { amount: value as number, currency }
  }
  deal.meddicc = meddicc
  if (Object.keys(evidence).length > 0) deal.evidence = evidence
  return deal
}

/**
 * A row of deals under the rules: the one rule for every door (`src/canon/stage.ts`). Returns the values of the
 * columns that follow from it, or why the row can't be taken, as a sentence.
 */
export function ruleDeal(
  given: {
    readonly id: string
    readonly row: ReadonlyMap<string, Cell>
    readonly currency: string
    readonly before: Opportunity | undefined
    readonly asIs: boolean
    readonly door: Door
    readonly by: string
  },
  world: StageWorld,
):
  | { readonly ok: true; readonly next: Opportunity }
  | { readonly ok: false; readonly column: string; readonly why: string } {
  const { id, row, before, asIs, door, by } = given
  const deal = said(id, row, given.currency, before)
  const to = row.get('stage') as Stage | null | undefined
  const reason = row.get('reason')
  const why = typeof reason === 'string' ? { reason } : {}
  const ruled = !before
    ? openDeal({ deal: { ...deal, stage: to ?? 'S1' }, by, door, asIs, ...why }, world)
    : to && to !== before.stage
      ? change(
          back(deal, before),
          {
            to,
            by,
            door,
            asIs,
            ...why,
            ...(typeof row.get('stage_entered_on') === 'string'
              ? { on: row.get('stage_entered_on') as string }
              : {}),
          },
          world,
        )
      : fill(deal, { by, door }, world)
  if (!ruled.ok) return { ok: false, ...sentenceOf(ruled.refusal, to ?? undefined) }
  const closedOn = row.get('closed_on')
  const next = ruled.next.next
  return {
    ok: true,
    next:
      typeof closedOn === 'string' && (next.stage === 'CW' || next.stage === 'CL')
        ? { ...next, closedOn }
        : next,
  }
}

/** The days of the stage it is in still: those of the row belong to the stage it goes to. */
function back(deal: Draft, before: Opportunity): Opportunity {
  const { stageEnteredOn: _entered, closedOn: _closed, ...rest } = deal
  return {
    ...rest,
    ...(before.stageEnteredOn === undefined ? {} : { stageEnteredOn: before.stageEnteredOn }),
    ...(before.closedOn === undefined ? {} : { closedOn: before.closedOn }),
  }
}

/** The staged values of the columns that follow. */
export function followingCells(
  columns: readonly string[],
  next: Opportunity,
  row: ReadonlyMap<string, Cell>,
  before: Opportunity | undefined,
): Cell[] {
  const stored = dealCells('', next) as unknown as Record<string, Cell>
  const reason = row.get('reason') ?? null
  return columns.map((column) => {
    if (column === 'stage_reason') return reason
    if (column === 'seen_version') return before?.version ?? 0
    return stored[column] ?? null
  })
}

const columnOf: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(evidenceColumns).map(([column, kind]) => [kind, column]),
)

const allowed = (stages: readonly string[]) =>
  stages.length === 0 ? '' : `; as it is, the deal can go to ${stages.join(', ')}`

/** Why a row's stage can't be taken, for the person who made the file. */
function sentenceOf(refusal: Refusal, to: Stage | undefined): { column: string; why: string } {
  const history = 'an import with --as-is loads history without gates'
  switch (refusal.code) {
    case 'gates-missing': {
      const fields = refusal.missing.map(
        ({ field, stage }) => `${columnOf[field] ?? field} (gate of ${stage})`,
      )
      return {
        column: 'stage',
        why: `${refusal.to} needs ${fields.join(', ')}${allowed(refusal.allowed)}; ${history}`,
      }
    }
    case 'no-such-move':
      return {
        column: 'stage',
        why: `there is no way from ${refusal.from} to ${refusal.to}${allowed(refusal.allowed)}; ${history}`,
      }
    case 'reopen-needs-manager':
      return {
        column: 'stage',
        why: `the deal is closed, and a Sales Manager or above reopens it in the chat; ${history}`,
      }
    case 'reason-missing':
      return {
        column: 'reason',
        why: `is empty; a deal that goes back to ${to ?? 'an earlier stage'} needs one`,
      }
    case 'day-still-ahead':
      return { column: columnOf[refusal.field] ?? refusal.field, why: `${refusal.text} is still to come` }
    case 'bad-date':
      return { column: 'stage', why: `“${short(refusal.text)}” is not a day` }
    case 'unknown-loss-reason':
      return {
        column: refusal.field,
        why: `“${short(refusal.text)}” is not on the list of loss reasons${refusal.near.length > 0 ? `; did you mean ${refusal.near.join(' or ')}?` : ''}`,
      }
    default:
      return { column: 'stage', why: `can’t be taken (${refusal.code})` }
  }
}
