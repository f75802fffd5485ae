import type { NudgeRule, RuleDesk } from '../../handlers/nudge-rule.ts'
import type { Because, Finding, NudgeKind } from '../../src/canon/nudge.ts'

/** Causes that a test puts there and takes away, with a rule for each kind: what the engine is told by the real ones. */
export class Causes {
  readonly found: Finding[] = []
  /** Called before each cause is given out: a test can look, or fail. */
  onFind: (finding: Finding) => void = () => {}
  readonly rules: Readonly<Partial<Record<NudgeKind, NudgeRule>>>

  constructor(kinds: readonly NudgeKind[]) {
    this.rules = Object.fromEntries(kinds.map((kind) => [kind, this.#rule(kind)]))
  }

  #rule(kind: NudgeKind): NudgeRule {
    const { found } = this
    const look = (finding: Finding) => this.onFind(finding)
    return {
      kind,
      async *find(_desk: RuleDesk) {
        for (const finding of [...found])
          if (finding.kind === kind) {
            look(finding)
            yield finding
          }
      },
      async still(subject) {
        return found.find(
          (each) =>
            each.kind === kind && each.subject.noun === subject.noun && each.subject.id === subject.id,
        )?.because
      },
      actions: (on) => [{ action: on.noun === 'deal' ? 'deal.open' : 'company.help', on }],
    }
  }

  set(...findings: readonly Finding[]): void {
    this.found.length = 0
    this.found.push(...findings)
  }
}

export const stalled = (days = 34): Because => ({
  kind: 'stalled',
  stage: 'S4',
  since: '2026-10-20',
  days,
  risk: days >= 60,
})

/** A stalled deal, unless said otherwise. */
export const cause = (deal: string, more: Partial<Finding> = {}): Finding => ({
  kind: 'stalled',
  subject: { noun: 'deal', id: deal },
  cycle: '2026-10-20',
  owner: 'kim-seoyeon',
  because: stalled(),
  weight: 100,
  ...more,
})
