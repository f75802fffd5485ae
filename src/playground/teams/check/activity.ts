import { type Complaint, isRecord, oneOf } from '../../slack/check/rule.ts'
import { type Conversation, findUser, membersOf, type Tenant } from '../world.ts'
import { cardEntities, checkCard, tooBig } from './card.ts'
import { teamsLimits as max } from './limits.ts'

const cardType = 'application/vnd.microsoft.card.adaptive'

type Activity = Readonly<Record<string, unknown>>

interface Place {
  readonly tenant: Tenant
  readonly conversation: Conversation
}

export const tooBigActivity = (activity: Activity): boolean =>
  Buffer.byteLength(JSON.stringify(activity)) > max.activityBytes ||
  attachmentsOf(activity).some((one) => isRecord(one) && one.content !== undefined && tooBig(one.content))

const attachmentsOf = (activity: Activity): readonly unknown[] =>
  Array.isArray(activity.attachments) ? activity.attachments : []

/** Everything Teams would not take, or not show, of an activity of the app's. */
export function checkActivity(place: Place, activity: Activity): Complaint[] {
  const complaints: Complaint[] = []
  oneOf('message', 'typing')(activity.type, '/type', complaints)
  if (activity.type !== 'message') return complaints
  const { text } = activity
  if (text !== undefined && text !== null && typeof text !== 'string')
    complaints.push({ what: 'must be a string', at: '/text' })
  if (activity.textFormat !== undefined)
    oneOf('plain', 'markdown', 'xml')(activity.textFormat, '/textFormat', complaints)
  const attachments = attachmentsOf(activity)
  if ((text === undefined || text === null || text === '') && attachments.length === 0)
    complaints.push({ what: 'a message needs text or an attachment', at: '' })
  if (attachments.length > max.attachments)
    complaints.push({ what: `no more than ${max.attachments} attachments`, at: '/attachments' })
  for (const [index, attachment] of attachments.entries()) {
    const at = `/attachments/${index}`
    if (!isRecord(attachment) || attachment.contentType !== cardType)
      complaints.push({ what: `this Teams shows ${cardType} only`, at: `${at}/contentType` })
    else {
      complaints.push(...checkCard(attachment.content, `${at}/content`))
      if (!isRecord(attachment.content)) continue
      for (const [mention, entity] of cardEntities(attachment.content).entries())
        memberIsMeant(place, entity, `${at}/content/msteams/entities/${mention}`, complaints)
    }
  }
  checkMentions(place, activity, complaints)
  return complaints
}

/** A mention names a member, and its words stand in the text: Teams refuses any other. */
function checkMentions(place: Place, activity: Activity, complaints: Complaint[]): void {
  const entities = Array.isArray(activity.entities) ? activity.entities : []
  for (const [index, entity] of entities.entries()) {
    if (!isRecord(entity) || entity.type !== 'mention') continue
    const at = `/entities/${index}`
    const { text } = entity
    if (typeof text !== 'string' || !/^<at>[^<]+<\/at>$/.test(text) || !String(activity.text).includes(text))
      complaints.push({ what: 'the mention’s text is not in the message', at })
    memberIsMeant(place, entity, at, complaints)
  }
}

function memberIsMeant(
  { tenant, conversation }: Place,
  entity: unknown,
  at: string,
  complaints: Complaint[],
): void {
  const mentioned = isRecord(entity) ? entity.mentioned : undefined
  const id = isRecord(mentioned) ? mentioned.id : undefined
  const user = typeof id === 'string' ? findUser(tenant, id) : undefined
  if (!user || !membersOf(tenant, conversation).includes(user.id))
    complaints.push({ what: 'the mentioned is not a member of the conversation', at })
  if (!isRecord(mentioned) || typeof mentioned.name !== 'string')
    complaints.push({ what: 'missing required field: name', at: `${at}/mentioned` })
}
