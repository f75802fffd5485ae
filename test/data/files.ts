import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of files for an import; `remove` takes it away again. */
export interface Folder {
  readonly path: string
  write(name: string, content: string | Buffer): string
  remove(): void
}

export function folder(files: Readonly<Record<string, string | Buffer>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), 'dealdesk-import-'))
  const made: Folder = {
    path,
    write: (name, content) => {
      writeFileSync(join(path, name), content)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
  for (const [name, content] of Object.entries(files)) made.write(name, content)
  return made
}

/** Lines of CSV as Excel writes them. */
export const csv = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`

/**
 * A CRM export as people have it, in the shape of `docs/maven-mapping.yaml`: American dates, a product spelt two
 * ways, a misspelt industry, managers only in a column, deals without an account, an amount or a date.
 */
export const crmExport = {
  'sales_teams.csv': csv(
    'sales_agent,manager,regional_office',
    'Nora Abbott,Walt Pruitt,Central',
    'Mei-Mei Sorel,Walt Pruitt,Central',
    'Ivo Castellan,Greta Boone,East',
  ),
  'accounts.csv': csv(
    'account,sector,year_established,revenue,employees,office_location,subsidiary_of',
    'Brightwater & Co,technolgy,1996,1100.04,2822,United States,',
    'Halden Works,medical,1999,251.41,495,Philipines,',
  ),
  'products.csv': csv('product,series,sales_price', 'RX Pro,RX,4821', 'RX Basic,RX,550.50'),
  'sales_pipeline.csv': csv(
    'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
    'A1,Nora Abbott,RXPro,Brightwater & Co,Won,10/20/2016,3/1/2017,4514',
    'A2,Mei-Mei Sorel,RX Basic,Halden Works,Lost,2/9/2017,3/11/2017,0',
    'A3,Ivo Castellan,RX Pro,,Engaging,11/1/2017,,',
    'A4,Nora Abbott,RX Basic,,Prospecting,,,',
    'A5,Ivo Castellan,RXPro,Brightwater & Co,Engaging,12/3/2017,,',
  ),
  'data_dictionary.csv': csv('accounts,,,', 'account,sector,,'),
} as const

/** The mapping of the guide, with this export's own two spellings. */
export const crmMapping = (yaml: string): string => yaml.replaceAll('GTXPro: GTX Pro', 'RXPro: RX Pro')
