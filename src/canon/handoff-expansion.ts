import type { ExpansionReadings, ExpansionSignal } from './handoff.ts'
import type { Policy } from './policy.ts'

const folded = (department: string) => department.trim().toLowerCase()

/** The signals an account gives, numbers before people: usage up, NPS up, a new department in contact (Canon, Nudges). */
export function expansionSignals(
  readings: ExpansionReadings,
  policy: Pick<Policy, 'handoff'>,
): ExpansionSignal[] {
  const { usageGrowthPercent, npsGrowthPoints } = policy.handoff.expansion
  const signals: ExpansionSignal[] = []
  const { usage, nps } = readings
  // From nothing to something is the beginning of use, not growth.
  if (usage && usage.before > 0 && (usage.now - usage.before) * 100 >= usage.before * usageGrowthPercent)
    signals.push({ signal: 'usage-up', ...usage })
  if (nps && nps.now - nps.before >= npsGrowthPoints) signals.push({ signal: 'nps-up', ...nps })
  const known = new Set(readings.knownDepartments.map(folded))
  for (const contact of readings.contacts) {
    const department = contact.department?.trim()
    if (!department || known.has(folded(department))) continue
    known.add(folded(department))
    signals.push({ signal: 'new-department', department, contact: contact.id })
  }
  return signals
}
