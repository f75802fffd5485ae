import { schedules } from '../../schedules/index.ts'
import { isLocal, runForCompany, workingIn } from '../../schedules/run.ts'
import type { ScheduleLine, When } from '../../schedules/schedule.ts'
import { localDate, localTime } from '../canon/calendar.ts'
import { nearest } from '../canon/nearest.ts'
import type { Company } from '../canon/people.ts'
import { nextSlot } from '../canon/slot.ts'
import { type Run, table, UsageError } from './command.ts'
import { companyOf, withStore } from './open.ts'

const daysInWords = {
  'working-days': 'working days',
  mondays: 'Mondays',
  'month-starts': 'first working day of a month',
  'quarter-starts': 'first working day of a fiscal quarter',
} as const

const whenInWords = (when: When): string =>
  isLocal(when)
    ? `${daysInWords[when.on]} ${when.at}, ${when.zone === 'team' ? 'the team’s' : 'the company’s'} zone`
    : `every ${when.every}`

/** When a schedule next keeps local time for a company, as its own clock shows it. */
function nextOf(when: When, company: Company, now: number): string {
  if (!isLocal(when)) return `within the ${when.every}`
  const zone = company.working.timeZone
  const slot = nextSlot(when.on, when.at, workingIn(company, zone), company.fiscalYearStart, now)
  return slot ? `${localDate(slot.at, zone)} ${localTime(slot.at, zone)} ${zone}` : '-'
}

export const list: Run = async (given, terminal) =>
  withStore(terminal, async (store, clock) => {
    const wanted = given.text('company')
    const companies = wanted === undefined ? await store.companies() : [await companyOf(store, wanted)]
    await terminal.out(
      table(
        ['NAME', 'WHEN', 'AT MOST', 'CAUGHT UP WITHIN', 'TELLS'],
        schedules.map((each) => [
          each.name,
          whenInWords(each.when),
          `${each.cap} a run`,
          each.graceHours > 0 ? `${each.graceHours} h` : '-',
          each.audience,
        ]),
      ),
    )
    for (const company of companies) {
      await terminal.out(`\n${company.name} (${company.id}), next:\n`)
      await terminal.out(
        table(
          ['NAME', 'NEXT'],
          schedules.map((each) => [each.name, nextOf(each.when, company, clock.now())]),
        ),
      )
    }
    return 0
  })

export const run: Run = async (given, terminal) => {
  const [name = ''] = given.words
  const schedule = schedules.find((each) => each.name === name)
  if (!schedule) {
    const names = schedules.map((each) => each.name)
    const near = nearest(name, names)
    throw new UsageError(
      `There is no schedule “${name}”${near ? `; did you mean ${near}?` : ` (there are: ${names.join(', ')}).`}`,
    )
  }
  const at = given.text('at')
  const instant = at === undefined ? undefined : Date.parse(at)
  if (at !== undefined && (Number.isNaN(instant) || !/^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(at)))
    throw new UsageError(
      `--at must be an instant with its zone, such as 2026-11-23T09:00:00+09:00, not “${at}”.`,
    )
  return withStore(terminal, async (store, clock) => {
    const company = given.text('company')
    const dryRun = given.flag('dry-run')
    const companies = company === undefined ? await store.companies() : [await companyOf(store, company)]
    const desk = { store, now: instant ?? clock.now(), dryRun }
    const lines: ScheduleLine[] = []
    for (const { id } of companies) lines.push(...(await runForCompany(schedule, desk, id)))
    if (lines.length > 0)
      await terminal.out(
        table(
          ['COMPANY', 'ABOUT', 'WHAT', 'TO'],
          lines.map((line) => [line.company, line.subject, line.what, line.to.join(', ') || '-']),
        ),
      )
    const count =
      lines.length === 1 ? 'One thing' : `${lines.length === 0 ? 'Nothing' : `${lines.length} things`}`
    await terminal.out(
      dryRun
        ? `${count} would be done; nothing was changed.\n`
        : `${count} done. A running server sends what follows from it.\n`,
    )
    return 0
  })
}
