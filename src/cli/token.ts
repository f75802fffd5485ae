import { ingestEntities } from '../api/ingest.ts'
import { nearest } from '../canon/nearest.ts'
import { Refused, type Run, table, UsageError } from './command.ts'
import { companyOf, operator, withStore } from './open.ts'

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const create: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = await companyOf(store, given.text('company'))
    const scopes = given.list('scope')
    for (const scope of scopes) {
      const near = nearest(scope, ingestEntities)
      if (!(ingestEntities as readonly string[]).includes(scope))
        throw new UsageError(
          `--scope must be one of ${ingestEntities.join(', ')}, not “${scope}”${near ? `; did you mean ${near}?` : '.'}`,
        )
    }
    const made = await store.createToken(
      { company: company.id, label: given.text('label') ?? '', scopes },
      operator,
    )
    await terminal.out(`${made.token}\n`)
    terminal.err(`This is the only time the token is shown. Its id, for revoking: ${made.id}\n`)
    return 0
  })

export const list: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = given.text('company')
    const found = await store.tokens(company === undefined ? undefined : (await companyOf(store, company)).id)
    if (found.length === 0) {
      await terminal.out('There are no tokens.\n')
      return 0
    }
    await terminal.out(
      table(
        ['ID', 'COMPANY', 'LABEL', 'SCOPES', 'CREATED', 'REVOKED'],
        found.map((token) => [
          token.id,
          token.company,
          token.label || '-',
          token.scopes.join(' ') || 'everything',
          day(token.createdAt),
          token.revokedAt === undefined ? '-' : day(token.revokedAt),
        ]),
      ),
    )
    return 0
  })

export const revoke: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = await companyOf(store, given.text('company'))
    const [id = ''] = given.words
    if (!(await store.revokeToken(company.id, id, operator)))
      throw new Refused(`${company.id} has no token “${id}” that still works. See: token list`)
    await terminal.out(`The token ${id} is worthless now.\n`)
    return 0
  })
