import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type EvidenceKind,
  evidenceKinds,
  type MeddiccField,
  meddiccFields,
  type Opportunity,
  stages,
} from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { change, fill, missingFor, type StageAsk, type StageEntry } from '../../src/canon/stage.ts'
import { dealOf, monday, orgOf } from './world.ts'

const day = 86_400_000
const known = fc.subarray([...meddiccFields])
const happened = fc.subarray([...evidenceKinds])
const texts = (fields: readonly MeddiccField[]) => Object.fromEntries(fields.map((field) => [field, field]))
const days = (kinds: readonly EvidenceKind[]) => Object.fromEntries(kinds.map((kind) => [kind, '2026-10-01']))

const ask = fc.record({
  to: fc.constantFrom(...stages),
  by: fc.constantFrom('mina', 'seojun', 'yuna', 'sora', 'jiho'),
  door: fc.constantFrom('slack' as const, 'teams' as const, 'api' as const, 'import' as const),
  meddicc: known.map(texts),
  evidence: happened.map(days),
  reason: fc.constantFrom('', 'because'),
  loss: fc.boolean(),
  override: fc.option(fc.constantFrom('2026-11-05', '2026-12-24', '2026-10-01'), { nil: undefined }),
  wait: fc.integer({ min: 0, max: 20 }),
  clears: known,
})

it('no sequence of changes ever enters a stage whose gates do not hold without a recorded override', () => {
  fc.assert(
    fc.property(known, happened, fc.array(ask, { maxLength: 12 }), (fields, kinds, asks) => {
      let deal: Opportunity = dealOf({ stage: 'S1', meddicc: texts(fields), evidence: days(kinds) })
      const history: StageEntry[] = []
      let now = monday
      for (const { loss, override, wait, clears, ...each } of asks) {
        now += wait * day
        const world = { now, org: orgOf(), policy: defaultPolicy }
        // What a deal says may also be taken from it again (a champion who left).
        const cleared = fill(
          deal,
          { by: 'mina', door: 'slack', meddicc: Object.fromEntries(clears.map((field) => [field, null])) },
          world,
        )
        if (cleared.ok && wait % 3 === 0) deal = cleared.next.next
        const before = deal
        const reasons = loss ? { lossReason: 'price', lossReasonDetail: 'other', competitor: 'Rival' } : {}
        const asked: StageAsk = {
          ...each,
          ...reasons,
          ...(override === undefined ? {} : { override: { reason: 'sure', until: override } }),
        }
        const ruled = change(before, asked, world)
        if (!ruled.ok) continue
        deal = ruled.next.next
        const entry = ruled.next.entry!
        history.push(entry)
        expect(deal.version).toBe(before.version + 1)
        expect([entry.from, entry.to]).toEqual([before.stage, deal.stage])
        if (ruled.facts.some((fact) => fact.fact === 'went-back')) {
          expect(entry.reason).toBeTruthy()
          continue
        }
        // Whatever the gates still miss was overridden by an entry of this history, and its day has not passed.
        const today = new Date(now + 9 * 3_600_000).toISOString().slice(0, 10)
        for (const missing of missingFor(deal, deal.stage, defaultPolicy)) {
          const owed = deal.gateDebt?.find((debt) => debt.gate === missing.field)
          expect(owed?.until !== undefined && owed.until >= today).toBe(true)
          expect(history.some((line) => line.overridden?.includes(missing.field as 'demo'))).toBe(true)
        }
        if (deal.stage === 'CW') expect(deal.evidence?.contract_signed).toBeDefined()
        if (deal.stage === 'CL')
          expect(deal.lossReason && deal.lossReasonDetail && deal.competitor).toBeTruthy()
        if (entry.overridden) expect(['seojun', 'yuna', 'sora']).toContain(entry.by)
      }
    }),
    { numRuns: 300 },
  )
})
