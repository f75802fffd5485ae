import type { Instant } from './calendar.ts'
import { type Channel, channels } from './opportunity.ts'

export const leadStatuses = [
  'new',
  'working',
  'qualified',
  'handed_over',
  'recycled',
  'disqualified',
] as const
export type LeadStatus = (typeof leadStatuses)[number]

/** Somebody who may become a deal, before an AE has taken it (Canon, Stages 1–3). */
export interface Lead {
  readonly id: string
  readonly name: string
  /** The company they work for, as they gave it; `account` once it is one of ours. */
  readonly company?: string
  readonly account?: string
  readonly email?: string
  readonly source?: string
  readonly arrivedAt?: Instant
  /** Person id of the SDR. */
  readonly owner?: string
  readonly firstTouchAt?: Instant
  /** 0–100. */
  readonly score?: number
  readonly status: LeadStatus
  /** The deal that its handoff opened or advanced. */
  readonly deal?: string
  readonly updatedAt: Instant
  readonly version: number
}

/** Whether somebody still works on the lead: it can be handed over. */
export const isLive = (lead: Pick<Lead, 'status'>): boolean =>
  lead.status === 'new' || lead.status === 'working' || lead.status === 'qualified'

/** Where a lead came from; one that does not say has come to us. */
export const leadChannel = (lead: Pick<Lead, 'source'> | undefined): Channel =>
  channels.find((channel) => lead?.source?.toLowerCase().includes(channel)) ?? 'inbound'
