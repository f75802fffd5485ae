import type { RepLine, TeamLack } from '../src/canon/digest.ts'
import type { Block, Card, Text } from './card.ts'
import { type DigestBrief, lacksText } from './digest.ts'
import type { CustomersBrief } from './digest-customers.ts'
import { nameOf } from './names.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** The digest by rep, for the thread under it or for whoever asks; what stands still is for those alone who may ask. */
export function repsCard(brief: DigestBrief, w: Words): Card {
  const { digest, names } = brief
  const money = (amount: number) => w.money({ amount, currency: digest.currency }, 'short')
  const change = ({ amount, before }: RepLine): string => {
    if (before === undefined) return w.t('value.none')
    const moved = amount - before
    return moved === 0 ? '=' : `${moved > 0 ? '+' : ''}${money(moved)}`
  }
  const title: Text = [{ bold: w.t('digest.reps.title') }]
  return {
    summary: w.t('digest.reps.summary', { team: theirs(brief.team ?? '', 60) }),
    topic: w.say('digest.team.title', { team: theirs(brief.team ?? '', 60) }),
    blocks: [
      { kind: 'text', text: title },
      {
        kind: 'table',
        head: [
          w.t('digest.reps.rep'),
          w.t('digest.reps.deals'),
          w.t('digest.reps.pipeline'),
          w.t('digest.reps.change'),
          w.t('digest.reps.forecast'),
          ...(brief.inChannel ? [] : [w.t('digest.reps.stalled')]),
        ],
        rows: digest.reps.map((rep): Text[] => [
          [rep.person === undefined ? w.t('digest.reps.nobody') : nameOf(rep.person, names, w)],
          [String(rep.deals)],
          [money(rep.amount)],
          [change(rep)],
          [money(rep.won + rep.weighted)],
          ...(brief.inChannel ? [] : [[String(rep.stalled)]]),
        ]),
      },
    ],
  }
}

/** The customers by CSM, for the thread under a digest or for whoever asks; what is late is for those alone who may ask. */
function csmBlocks({ digest, names, inChannel }: CustomersBrief, w: Words): Block[] {
  const money = (amount: number) => w.money({ amount, currency: digest.currency }, 'short')
  const critical = (now: number, before: number | undefined): string => {
    const moved = before === undefined ? 0 : now - before
    return moved === 0 ? String(now) : `${now} (${moved > 0 ? `+${moved}` : `−${-moved}`})`
  }
  return [
    { kind: 'text', text: [{ bold: w.t('customers.csms.title') }] },
    {
      kind: 'table',
      head: [
        w.t('customers.csms.csm'),
        w.t('customers.csms.accounts'),
        w.t('customers.csms.arr'),
        w.t('health.grade.critical'),
        w.t('health.grade.at-risk'),
        w.t('customers.csms.renewals'),
        ...(inChannel ? [] : [w.t('customers.csms.past'), w.t('customers.csms.late')]),
      ],
      rows: digest.csms.map((line): Text[] => [
        [nameOf(line.person, names, w)],
        [String(line.accounts)],
        [money(line.arr)],
        [critical(line.critical, line.criticalBefore)],
        [String(line.atRisk)],
        [String(line.renewals)],
        ...(inChannel ? [] : [[String(line.past)], [String(line.late)]]),
      ]),
    },
  ]
}

/** The customers of a team by CSM. */
export const csmsCard = (brief: CustomersBrief, w: Words): Card => {
  const team = theirs(brief.team ?? '', 60)
  return {
    summary: w.t('customers.csms.summary', { team }),
    topic: w.say('customers.title', { team }),
    blocks: csmBlocks(brief, w),
  }
}

/** Everything of a digest that is by person, where there are no threads to put it in. */
export function detailsCard(brief: DigestBrief, w: Words): Card {
  const { customers, digest } = brief
  const csms = customers && customers.digest.csms.length > 0 ? customers : undefined
  if (csms && (csms.only || digest.reps.length === 0)) return csmsCard(csms, w)
  const reps = repsCard(brief, w)
  return csms ? { ...reps, blocks: [...reps.blocks, ...csmBlocks(csms, w)] } : reps
}

/** What digests lack, told to whom can mend it. */
export function setupCard(
  teams: readonly { readonly name: string; readonly lacks: readonly TeamLack[] }[],
  w: Words,
): Card {
  const most = 20
  return {
    summary: w.t('digest.setup.summary'),
    blocks: [
      { kind: 'heading', text: w.say('digest.setup.title') },
      ...teams.slice(0, most).map(
        ({ name, lacks }): Block => ({
          kind: 'text',
          text: w.say('digest.setup.line', { team: theirs(name, 60), lacks: lacksText(lacks, w) }),
        }),
      ),
      ...(teams.length > most
        ? [{ kind: 'note' as const, text: w.say('list.more', { count: teams.length - most }) }]
        : []),
      { kind: 'note', text: w.say('digest.setup.how') },
    ],
  }
}
