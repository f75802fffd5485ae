import type { NudgeHow, NudgeKind, NudgeStatus } from './nudge.ts'

/** How many nudges of a kind went which way. */
export interface UseTally {
  readonly kind: NudgeKind
  readonly status: NudgeStatus
  readonly how?: NudgeHow
  readonly ignored: boolean
  readonly count: number
}

/** What people did about a kind of nudge. */
export interface KindUse {
  readonly kind: NudgeKind
  readonly told: number
  /** Taken up, said to be done, or its cause gone before anybody was told again. */
  readonly acted: number
  readonly snoozed: number
  readonly muted: number
  /** It climbed, or was told anew, and nobody had answered. */
  readonly ignored: number
  /** Acted upon, of those that have an end, whole percent; absent where none has. */
  readonly usefulPercent?: number
  /** Muted or ignored, of those that have an end, whole percent. */
  readonly noisePercent?: number
  /** From the policy's share on; a handful says nothing. */
  readonly noisy: boolean
}

/** Fewer than this tell nothing about a rule. */
const enough = 5

/** Measures each kind (Canon: usefulness), most told first. What still waits for an answer counts as told alone. */
export function usefulness(tallies: readonly UseTally[], noisyFromPercent: number): KindUse[] {
  const kinds = new Map<
    NudgeKind,
    { told: number; acted: number; snoozed: number; muted: number; ignored: number }
  >()
  for (const tally of tallies) {
    const sums = kinds.get(tally.kind) ?? { told: 0, acted: 0, snoozed: 0, muted: 0, ignored: 0 }
    kinds.set(tally.kind, sums)
    sums.told += tally.count
    const end = endOf(tally)
    if (end) sums[end] += tally.count
  }
  return [...kinds]
    .map(([kind, sums]) => {
      const ended = sums.acted + sums.snoozed + sums.muted + sums.ignored
      if (ended === 0) return { kind, ...sums, noisy: false }
      const noisePercent = Math.round(((sums.muted + sums.ignored) * 100) / ended)
      return {
        kind,
        ...sums,
        usefulPercent: Math.round((sums.acted * 100) / ended),
        noisePercent,
        noisy: ended >= enough && ((sums.muted + sums.ignored) * 100) / ended >= noisyFromPercent,
      }
    })
    .sort((a, b) => b.told - a.told || (a.kind < b.kind ? -1 : 1))
}

function endOf({ how, status, ignored }: UseTally): 'acted' | 'snoozed' | 'muted' | 'ignored' | undefined {
  if (how === 'muted') return 'muted'
  if (how === 'snoozed') return 'snoozed'
  if (how === 'acted' || how === 'done') return 'acted'
  if (ignored) return 'ignored'
  return status === 'gone' ? 'acted' : undefined
}
