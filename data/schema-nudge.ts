import type { Flag } from './schema.ts'

interface Nudges {
  company_id: string
  id: string
  kind: string
  subject_noun: string
  subject_id: string
  cycle: string
  owner: string
  status: string
  /** 1 while open, snoozed or muted: what is told of the same cause depends on it. */
  live: Flag
  /** How it was answered, for what is counted. */
  how: string | null
  /** 1: it climbed, or a newer cycle took its place, and nobody had answered. */
  ignored: Flag
  weight: number
  raised_at: number
  /** When it climbs or wakes; null when nothing comes by itself. */
  due_at: number | null
  version: number
  /** Nudge as JSON: the record itself; the columns beside it are its index. */
  body: string
}

/** Whose list a nudge is on: its owner's, and theirs who were told. */
interface NudgePeople {
  company_id: string
  person_id: string
  nudge_id: string
  status: string
  kind: string
  /** 1 for its owner. */
  own: Flag
  weight: number
}

interface NudgeBundles {
  company_id: string
  id: string
  ear: string
  at: number
  /** NudgeBundle as JSON. */
  body: string
}

/** Which messages a nudge stands in. */
interface NudgeBundleItems {
  company_id: string
  nudge_id: string
  bundle_id: string
}

interface NudgeCounts {
  company_id: string
  ear: string
  day: string
  told: number
}

interface NudgePreferencesTable {
  company_id: string
  person_id: string
  /** NudgePreferences as JSON. */
  body: string
}

declare module './schema.ts' {
  interface Schema {
    nudges: Nudges
    nudge_people: NudgePeople
    nudge_bundles: NudgeBundles
    nudge_bundle_items: NudgeBundleItems
    nudge_counts: NudgeCounts
    nudge_preferences: NudgePreferencesTable
  }
}
