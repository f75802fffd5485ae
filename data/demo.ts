import type { PlainDate } from '../src/canon/calendar.ts'
import { larkfield } from './demo/larkfield.ts'
import { ondam } from './demo/ondam.ts'
import { type DemoCompany, dayFrom } from './demo/shape.ts'

export type { DemoAccount, DemoChannel, DemoCompany, DemoDeal, DemoPerson, DemoTeam } from './demo/shape.ts'

/** The demo companies as of `today`: the same day gives the same companies, to the letter. */
export function demoCompanies(today: PlainDate): readonly DemoCompany[] {
  const on = (days: number): PlainDate => dayFrom(today, days)
  return [ondam(on), larkfield(on)]
}
