import { once } from 'node:events'
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { companyAfter, newCompany } from '../../data/import/companies.ts'
import { openForImport } from '../../data/import/open.ts'
import { planFiles, problemLine, runImport } from '../../data/import.ts'
import { instant } from './world.ts'

export const bigCompany = 'big'

const accounts = ['한빛전자', 'Globex', '삼도물산', 'Initech', '누리소프트', 'Umbrella', '가온테크', 'Acme']
const products = ['플랫폼', 'renewal', '라이선스', 'rollout', '확장', 'support']
const stages = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'CW', 'CL']

const columns = [
  ...['id', 'name', 'account', 'owner', 'amount', 'list_amount', 'currency', 'stage', 'created_on'],
  ...['stage_entered_on', 'expected_close_on', 'closed_on', 'product', 'metrics', 'champion'],
]

const dealRow = (at: number): string => {
  const stage = stages[at % stages.length]!
  const account = at % accounts.length
  const closed = stage === 'CW' || stage === 'CL'
  const amount = String(10_000_000 + (at % 997) * 100_000)
  return [
    `D${String(at).padStart(7, '0')}`,
    `${accounts[account]} ${products[at % products.length]} ${at}`,
    `K${account}`,
    `ae${at % 100}`,
    amount,
    amount,
    'KRW',
    stage,
    '2026-03-02',
    '2026-10-05',
    '2026-12-18',
    closed ? '2026-10-05' : '',
    products[at % products.length]!,
    at % 3 === 0 ? '"Saves four hours a day, in each plant"' : '',
    at % 4 === 0 ? 'Plant manager' : '',
  ].join(',')
}

/** A CSV of so many deals. */
export async function writeDeals(file: string, count: number): Promise<void> {
  const out = createWriteStream(file)
  out.write(`${columns.join(',')}\r\n`)
  for (let at = 0; at < count; at++) if (!out.write(`${dealRow(at)}\r\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'finish')
}

/** A database with one company, its people and nothing else. */
export async function prepareCompany(file: string): Promise<void> {
  const { store, settle } = await openForImport({ url: `file:${file}`, clock: { now: () => instant } })
  const folder = `${file}.people`
  mkdirSync(folder)
  try {
    await store.addCompany(companyAfter(newCompany(bigCompany, 'KRW'), { name: 'Big' }), {
      by: 'system',
      platform: 'system',
    })
    const people = [
      'vp,부사장,vp_sales,',
      ...Array.from({ length: 10 }, (_, at) => `manager${at},팀장 ${at},sales_manager,vp`),
      ...Array.from({ length: 100 }, (_, at) => `ae${at},담당 ${at},ae,manager${at % 10}`),
    ]
    writeFileSync(`${folder}/people.csv`, `id,name,roles,manager\n${people.join('\n')}\n`)
    writeFileSync(
      `${folder}/accounts.csv`,
      `id,name\n${accounts.map((name, at) => `K${at},${name}`).join('\n')}\n`,
    )
    const report = await runImport(store, await planFiles([folder]), {
      company: bigCompany,
      now: () => instant,
    })
    if (report.outcome === 'refused') throw new Error(report.problems.slice(0, 5).map(problemLine).join('\n'))
    settle()
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

/** A database with one company and so many deals; answers the company. */
export async function importDeals(file: string, count: number): Promise<string> {
  await prepareCompany(file)
  const folder = `${file}.deals`
  mkdirSync(folder)
  await writeDeals(`${folder}/opportunities.csv`, count)
  const { store, breathe, settle } = await openForImport({
    url: `file:${file}`,
    clock: { now: () => instant },
  })
  try {
    const report = await runImport(store, await planFiles([folder]), {
      company: bigCompany,
      now: () => instant,
      asIs: true,
      onStep: breathe,
    })
    if (report.outcome === 'refused') throw new Error(report.problems.slice(0, 5).map(problemLine).join('\n'))
    settle()
    return bigCompany
  } finally {
    await store.close()
  }
}
