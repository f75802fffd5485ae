import type { RepLine, TeamLack } from '../src/canon/digest.ts'
import type { Block, Card, Text } from './card.ts'
import { type DigestBrief, lacksText } from './digest.ts'
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
