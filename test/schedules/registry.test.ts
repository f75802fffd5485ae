import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nudgeRules } from '../../handlers/nudge-rules.ts'
import { schedules } from '../../schedules/index.ts'
import { isLocal, isNudging } from '../../schedules/run.ts'
import { nudgeKinds } from '../../src/canon/nudge.ts'

/** Runbooks and scripts name these (`dealdesk run NAME`); none is ever renamed. */
const promised = [
  'stalled-deals',
  'red-health',
  'renewals',
  'approval-reminders',
  'handoff-reminders',
  'milestones',
  'hygiene',
  'champion-risk',
  'forecast-watch',
  'weekly-digest',
  'personal-summary',
  'monthly-report',
  'quarterly-review',
  'lead-response',
  'gate-debt',
  'yellow-plans',
  'qbr-due',
  'expansion-signals',
]

describe('the registry of schedules', () => {
  const names = schedules.map(({ name }) => name)

  it('has every schedule that runbooks name, each once', () => {
    expect(names).toEqual(expect.arrayContaining(promised))
    expect(new Set(names).size).toBe(names.length)
  })

  it('says of each whom it tells, and of each that keeps local time until when it is caught up', () => {
    for (const each of schedules) {
      expect(each.audience.length, each.name).toBeGreaterThan(5)
      expect(each.cap, each.name).toBeGreaterThan(0)
      if (isLocal(each.when)) expect(each.graceHours, each.name).toBeGreaterThan(0)
    }
  })

  it('looks for every kind of nudge, and every kind has its rule', () => {
    const looked = new Set(schedules.filter(isNudging).flatMap(({ nudges }) => nudges))
    expect([...looked].sort()).toEqual([...nudgeKinds].sort())
    for (const kind of nudgeKinds) expect(nudgeRules[kind]?.kind, kind).toBe(kind)
  })

  it('is what the guide lists', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/clock.md'), 'utf8')
    for (const name of names) expect(guide, name).toContain(`\`${name}\``)
  })
})
