import type { PlainDate } from '../../src/canon/calendar.ts'
import type { CustomerSnapshot } from '../../src/canon/customers.ts'
import { type Grade, type HealthSignal, readHealth } from '../../src/canon/health.ts'
import { minorDigits } from '../../src/canon/money.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import { healthSignalsOf } from './health.ts'
import { type DemoCompany, dayFrom } from './shape.ts'

/** Who was better off last week: what a digest has to tell of. */
const fellSince: Readonly<Record<string, Grade>> = { seohae: 'at-risk', dure: 'healthy', tamarack: 'at-risk' }

/** The customers as they were on a day, by CSM and grade, out of what had been measured by then. */
export function demoCustomers(demo: DemoCompany, today: PlainDate, day: PlainDate): CustomerSnapshot[] {
  const signals = new Map<string, HealthSignal[]>()
  for (const { account, component, score, measured_on } of healthSignalsOf(demo.id, (days) =>
    dayFrom(today, days),
  ))
    signals.set(account, [
      ...(signals.get(account) ?? []),
      {
        account,
        component: component as HealthSignal['component'],
        score: Number(score) * 10,
        measuredOn: measured_on,
        recordedAt: 0,
        by: 'import',
        door: 'import',
      },
    ])
  const cells = new Map<string, CustomerSnapshot>()
  for (const { id, arr, csm, currency } of demo.accounts) {
    if (csm === undefined) continue
    const grade = fellSince[id] ?? readHealth(signals.get(id) ?? [], healthDefaults, day).grade ?? 'unknown'
    const of = arr === undefined ? '' : currency
    const key = JSON.stringify([csm, grade, of])
    const before = cells.get(key)
    cells.set(key, {
      csm,
      takenOn: day,
      grade,
      currency: of,
      accounts: (before?.accounts ?? 0) + 1,
      arr: (before?.arr ?? 0) + (arr === undefined ? 0 : Math.round(arr * 10 ** minorDigits(currency))),
    })
  }
  return [...cells.values()]
}
