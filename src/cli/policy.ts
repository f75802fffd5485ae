import { readFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { refusalSentence } from '../../blocks/refusal.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { nearest } from '../canon/nearest.ts'
import type { Org } from '../canon/people.ts'
import { type Policy, parsePolicy } from '../canon/policy.ts'
import { Refused, type Run } from './command.ts'
import { companyOf, operator, withStore } from './open.ts'

export const show: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = await companyOf(store, given.text('company'))
    const policy = await store.policy(company.id)
    await terminal.out(
      `# ${company.id}, version ${policy.version}. Discounts in basis points: 1000 is 10 %.\n${stringify(policy)}`,
    )
    return 0
  })

export const set: Run = (given, terminal) =>
  withStore(terminal, async (store, clock) => {
    const [file = ''] = given.words
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new Refused(`${file} cannot be read (${error.code ?? error.message}).`)
    })
    let written: unknown
    try {
      written = parse(text)
    } catch (error) {
      throw new Refused(`${file} is neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`)
    }
    const company = await companyOf(store, given.text('company'))
    const before = await store.policy(company.id)
    const read = parsePolicy(written, before)
    if (!read.ok)
      throw new Refused(
        `${file}: ${refusalSentence(read.refusal, wordsFor('en'), { names: {}, timeZone: company.working.timeZone })}`,
      )
    const strangers = strangersIn(read.next, await store.org(company.id))
    if (strangers.length > 0)
      throw new Refused(
        `${file}: The policy was not saved:\n${strangers.map((line) => `  ${line}`).join('\n')}\nThe previous version stays in force.`,
      )
    const commit = await store.commit({
      company: company.id,
      save: [{ noun: 'policy', next: read.next, expect: before.version }],
      audit: [
        {
          at: clock.now(),
          what: 'policy.set',
          ...operator,
          subject: { noun: 'company', id: company.id },
          policyVersion: read.next.version,
          detail: { from: before.version, to: read.next.version },
        },
      ],
      deliveries: [],
    })
    if (commit.outcome !== 'committed')
      throw new Refused(
        'Somebody else changed the policy at the same moment. Look at it (policy show) and set it again.',
      )
    await terminal.out(
      `${company.id} has version ${read.next.version} of its rules now. Requests under way keep theirs.\n`,
    )
    return 0
  })

/** Ids that the policy names and the company does not have: a mistyped one would be asked for ever, or stop every request. */
function strangersIn({ discount, dealThreads }: Policy, org: Org): string[] {
  const unknown = (at: string, what: string, id: string, known: ReadonlyMap<string, unknown>): string[] => {
    if (known.has(id)) return []
    const meant = nearest(id, [...known.keys()])
    return [`${at}: there is no ${what} “${id}”${meant === undefined ? '' : `; did you mean ${meant}?`}`]
  }
  const groups = (['agreements', 'copies'] as const).flatMap((part) =>
    discount[part].flatMap(({ group }, at) =>
      (group.people ?? []).flatMap((id, nth) =>
        unknown(`discount.${part}[${at}].group.people[${nth}]`, 'person', id, org.people),
      ),
    ),
  )
  return [...groups, ...dealThreads.flatMap((id, at) => unknown(`dealThreads[${at}]`, 'team', id, org.teams))]
}
