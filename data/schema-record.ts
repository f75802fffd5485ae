import type { ColumnType } from 'kysely'
import type { Flag } from './schema.ts'

interface Contacts {
  company_id: string
  id: string
  account: string
  name: string
  email: string | null
  role: string | null
  engagement: string | null
  department: string | null
  updated_on: string | null
  left_on: string | null
  version: number
}

interface Activities {
  company_id: string
  id: string
  deal: string | null
  /** The deal's, where the activity is on a deal: an account's list holds those of its deals. */
  account: string | null
  lead: string | null
  person: string | null
  kind: string
  happened_at: number
  logged_at: number
  contact: string | null
  note: string | null
}

interface Leads {
  company_id: string
  id: string
  name: string
  /** The company they gave; `account` once it is one of ours. */
  company: string | null
  account: string | null
  email: string | null
  source: string | null
  arrived_at: number | null
  owner: string | null
  first_touch_at: number | null
  score: number | null
  status: string
  /** 1 while somebody still works on it. */
  live: Flag
  deal: string | null
  search: string
  updated_at: number
  version: number
}

interface StageHistory {
  company_id: string
  deal: string
  /** Grows within a deal; of two entries of one instant the later has the higher. */
  seq: number
  from_stage: string | null
  to_stage: string
  at: number
  by: string
  door: string
  reason: string | null
  /** Gates passed by override, joined by a space. */
  overridden: string | null
  /** 1: loaded as history, without gates. */
  as_is: Flag
  /** The contact who was champion and left: a line of the history that changes no stage. */
  champion_left: ColumnType<string | null, string | null | undefined, string | null>
}

interface Handoffs {
  company_id: string
  id: string
  kind: string
  status: string
  /** 1 while draft, submitted or returned; at most one such handoff of a kind for a subject (a unique index). */
  open: Flag
  /** The lead, deal or account that the kind hands over. */
  subject: string
  lead: string | null
  deal: string | null
  account: string | null
  sender: string
  receiver: string | null
  version: number
  opened_at: number
  /** When the sweep has to look at it next; null when nothing comes by itself. */
  due_at: number | null
  /** Handoff as JSON: the record itself; the columns beside it are its index. */
  body: string
}

interface HandoffWaiting {
  company_id: string
  person_id: string
  handoff_id: string
  since: number
}

declare module './schema.ts' {
  interface Schema {
    contacts: Contacts
    activities: Activities
    leads: Leads
    stage_history: StageHistory
    handoffs: Handoffs
    handoff_waiting: HandoffWaiting
  }
}
