import { createWriteStream, type WriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { csvCell } from '../../data/export.ts'
import { type ImportStore, openForImport } from '../../data/import/open.ts'
import {
  ImportRefusal,
  type ImportReport,
  type Problem,
  planFiles,
  problemLine,
  readMapping,
  runImport,
  savedMapping,
  saveMapping,
} from '../../data/import.ts'
import type { Clock } from '../ports.ts'
import { type Given, Refused, type Run, type Terminal, table, UsageError } from './command.ts'
import { companyOf, storeOptions } from './open.ts'

/** How many bad rows are shown; the rest goes into --report. */
const shown = 50

export const importFiles: Run = async (given, terminal) => {
  const options = storeOptions(terminal)
  const opened = await openForImport(options)
  try {
    return await take(given, terminal, opened, options.clock)
  } finally {
    await opened.store.close()
  }
}

async function take(
  given: Given,
  terminal: Terminal,
  { store, breathe, settle }: ImportStore,
  clock: Clock,
): Promise<number> {
  const map = given.text('map')
  if (given.flag('save-map') && (map === undefined || map === 'saved'))
    throw new UsageError('--save-map needs --map FILE.')
  let mapping: { mapping: ReturnType<typeof readMapping>; text: string } | undefined
  if (map === 'saved') {
    const company = await companyOf(store, given.text('company'))
    const text = await savedMapping(store, company.id)
    if (text === undefined)
      throw new Refused(`${company.id} has no saved mapping. Keep one with: import … --map FILE --save-map`)
    mapping = { mapping: readMapping(text, 'The saved mapping'), text }
  } else if (map !== undefined) {
    const text = await readFile(map, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ImportRefusal(`The mapping ${map} cannot be read (${error.code ?? error.message}).`)
    })
    mapping = { mapping: readMapping(text, map), text }
  }
  const plan = await planFiles(given.words, mapping)
  const file = given.text('report')
  const all = file === undefined ? undefined : createWriteStream(file)
  all?.write('file,line,column,problem\r\n')
  const company = given.text('company')
  const report = await runImport(store, plan, {
    now: () => clock.now(),
    ...(company === undefined ? {} : { company }),
    dryRun: given.flag('dry-run'),
    skipBad: given.flag('skip-bad'),
    again: given.flag('again'),
    asIs: given.flag('as-is'),
    onStep: breathe,
    ...(all ? { onProblem: (problem) => writeProblem(all, problem) } : {}),
  })
  settle()
  await new Promise<void>((resolve) => (all ? all.end(() => resolve()) : resolve()))
  if (mapping && given.flag('save-map') && (report.outcome === 'applied' || report.outcome === 'already')) {
    await saveMapping(store, report.company, mapping.text)
    await terminal.out(`The mapping is kept: next time, --map saved.\n`)
  }
  await tell(report, terminal, { dryRun: given.flag('dry-run'), file })
  return report.outcome === 'refused' ? 1 : 0
}

function writeProblem(all: WriteStream, problem: Problem): void {
  all.write(`${[problem.file, problem.line, problem.column, problem.why].map(csvCell).join(',')}\r\n`)
}

async function tell(
  report: ImportReport,
  terminal: Terminal,
  given: { dryRun: boolean; file: string | undefined },
): Promise<void> {
  if (report.outcome === 'already') {
    await terminal.out(
      `Already imported on ${new Date(report.importedAt ?? 0).toISOString().slice(0, 16).replace('T', ' ')} UTC: nothing was changed. To import it again: --again\n`,
    )
    return
  }
  for (const problem of report.problems.slice(0, shown)) terminal.err(`${problemLine(problem)}\n`)
  const more = report.problemCount - Math.min(shown, report.problems.length)
  if (more > 0)
    terminal.err(
      `… and ${more} more${given.file ? `, all of them in ${given.file}` : '; all of them: --report FILE'}\n`,
    )
  if (report.counts.length > 0)
    await terminal.out(
      table(
        ['FILE', 'ENTITY', 'ROWS', 'NEW', 'CHANGED', 'UNCHANGED', 'BAD'],
        report.counts.map((count) => [
          count.file,
          count.entity,
          String(count.rows),
          String(count.added),
          String(count.changed),
          String(count.rows - count.bad - count.added - count.changed),
          String(count.bad),
        ]),
      ),
    )
  for (const note of report.notes) await terminal.out(`${note}\n`)
  if (report.voided.length > 0)
    await terminal.out(
      `${report.voided.length === 1 ? 'One open discount request was' : `${report.voided.length} open discount requests were`} ended, because the amount or list price of the deal changed: ${report.voided.join(', ')}\n`,
    )
  if (report.moved.length > 0)
    await terminal.out(
      `${report.moved.length === 1 ? 'One deal was' : `${report.moved.length} deals were`} changed in the chat meanwhile and left as they are; import the same files again for them: ${report.moved.join(', ')}\n`,
    )
  const bad = `${report.problemCount} ${report.problemCount === 1 ? 'problem' : 'problems'}`
  if (report.outcome === 'refused')
    terminal.err(`Nothing was changed: ${bad}. Mend the rows, or take the good ones with --skip-bad.\n`)
  else if (report.outcome === 'checked')
    await terminal.out(
      `Dry run for ${report.company}: nothing was changed. ${report.problemCount > 0 ? `${bad}; the rows without one would go in.` : 'Everything would go in.'}\n`,
    )
  else
    await terminal.out(
      `Imported into ${report.company}.${report.problemCount > 0 ? ` Left out: the rows with ${bad}.` : ''}\n`,
    )
}
