import { type ExportName, exports, exportText } from '../../data/export.ts'
import { nearest } from '../canon/nearest.ts'
import { type Run, table, UsageError } from './command.ts'
import { exportMetric } from './metric.ts'
import { companyIds, companyOf, withStore } from './open.ts'

export const exportRows: Run = (given, terminal) =>
  withStore(terminal, async (store, clock) => {
    const [name = ''] = given.words
    const known = [...exports, 'kpi']
    if (!known.includes(name)) {
      const near = nearest(name, known)
      throw new UsageError(
        `“${name}” is none of ${known.join(', ')}${near ? `; did you mean ${near}?` : '.'}`,
      )
    }
    const format = given.text('format')
    if (format !== 'csv' && format !== 'json') throw new UsageError('--format must be csv or json.')
    if (name === 'kpi') return exportMetric(given, terminal, store, clock, format)
    if (given.text('metric') ?? given.text('by') ?? given.text('period'))
      throw new UsageError('--metric, --by and --period belong to: export kpi.')
    const companies = await companyIds(store, given.text('company'))
    for await (const text of exportText(store, name as ExportName, companies, format))
      await terminal.out(text)
    return 0
  })

export const verify: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = given.text('company')
    const verdicts = await store.verifyAudit(
      company === undefined ? undefined : (await companyOf(store, company)).id,
    )
    if (verdicts.length === 0) {
      await terminal.out('The audit is empty.\n')
      return 0
    }
    await terminal.out(
      table(
        ['COMPANY', 'ENTRIES', 'STATE', 'HEAD'],
        verdicts.map((verdict) => [
          verdict.company,
          String(verdict.rows),
          verdict.broken ? 'BROKEN' : 'whole',
          verdict.head.slice(0, 16) || '-',
        ]),
      ),
    )
    const broken = verdicts.filter((verdict) => verdict.broken)
    for (const verdict of broken)
      terminal.err(`${verdict.company}: entry ${verdict.broken?.seq} — ${verdict.broken?.why}.\n`)
    const open = verdicts.filter((verdict) => verdict.sealedBy.database > 0)
    if (broken.length === 0 && open.length > 0)
      await terminal.out(
        'Entries were sealed with the key in the database itself; with ENCRYPTION_KEY the proof does not depend on who can write there.\n',
      )
    return broken.length > 0 ? 1 : 0
  })
