import type { Instant } from '../src/canon/calendar.ts'
import type { Contact, ContactRole, Engagement } from '../src/canon/contact.ts'
import type { Save } from '../src/ports.ts'
import { clean, type Reader, type Tx } from './database.ts'
import type {} from './schema-record.ts'
import { on } from './statement.ts'

/** A contact as it is read: with when somebody last spoke with them. */
export interface ContactRow {
  id: string
  account: string
  name: string
  email: string | null
  role: string | null
  engagement: string | null
  department: string | null
  updated_on: string | null
  left_on: string | null
  version: number
  last_contacted_at: number | null
}

/** A contact from its row. */
export const contactOf = (row: ContactRow): Contact => ({
  id: row.id,
  account: row.account,
  name: row.name,
  ...(row.email === null ? {} : { email: row.email }),
  ...(row.role === null ? {} : { role: row.role as ContactRole }),
  ...(row.engagement === null ? {} : { engagement: row.engagement as Engagement }),
  ...(row.department === null ? {} : { department: row.department }),
  ...(row.updated_on === null ? {} : { updatedOn: row.updated_on }),
  ...(row.left_on === null ? {} : { leftOn: row.left_on }),
  ...(row.last_contacted_at === null ? {} : { lastContactedAt: row.last_contacted_at }),
  version: row.version,
})

export async function contact(
  db: Reader,
  company: string,
  id: string,
  now: Instant,
): Promise<Contact | undefined> {
  const { rows } = await on<ContactRow>(db)`
    select c.*, (select max(a.happened_at) from activities a where a.company_id = c.company_id and a.contact = c.id
                 and a.happened_at <= ${now}) as last_contacted_at
    from contacts c where c.company_id = ${company} and c.id = ${id}`
  return rows[0] && contactOf(rows[0])
}

/** See `Store.contactsOf`. */
export async function contactsOf(
  db: Reader,
  company: string,
  account: string,
  limit: number,
  now: Instant,
): Promise<Contact[]> {
  const { rows } = await on<ContactRow>(db)`
    select c.*, (select max(a.happened_at) from activities a where a.company_id = c.company_id and a.contact = c.id
                 and a.happened_at <= ${now}) as last_contacted_at
    from contacts c where c.company_id = ${company} and c.account = ${account}
    order by case when c.left_on is null then 0 else 1 end, c.name, c.id limit ${limit}`
  return rows.map(contactOf)
}

/** Writes a contact. False when it moved since it was read, or is there already. */
export async function saveContact(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'contact' }>,
): Promise<boolean> {
  const row = {
    company_id: company,
    id: next.id,
    account: next.account,
    name: clean(next.name),
    email: next.email ?? null,
    role: next.role ?? null,
    engagement: next.engagement ?? null,
    department: next.department === undefined ? null : clean(next.department),
    updated_on: next.updatedOn ?? null,
    left_on: next.leftOn ?? null,
    version: next.version,
  }
  if (expect === 'new') {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('contacts')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await trx
    .updateTable('contacts')
    .set(row)
    .where('company_id', '=', company)
    .where('id', '=', next.id)
    .where('version', '=', expect)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** See `RecordReads.accountsInContact`: by the contacts with a department, of whom there are far fewer than activities. */
export async function accountsInContact(
  db: Reader,
  since: Instant,
  until: Instant,
  limit: number,
): Promise<{ company: string; id: string }[]> {
  const { rows } = await on<{ company: string; id: string }>(db)`
    select distinct c.company_id as company, c.account as id from contacts c
    join accounts a on a.company_id = c.company_id and a.id = c.account and a.csm is not null
    where c.department is not null and exists (
      select 1 from activities x where x.company_id = c.company_id and x.contact = c.id
      and x.happened_at > ${since} and x.happened_at <= ${until})
    order by company, id limit ${limit}`
  return rows
}
