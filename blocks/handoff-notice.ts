import type { Block, Card, Text } from './card.ts'
import {
  aboutLine,
  buttonsOf,
  type HandoffAction,
  type HandoffBrief,
  milestoneRow,
  returnedLine,
  returnNote,
  statusLine,
} from './handoff.ts'
import { nameOf, peopleOf } from './names.ts'
import { itemWord } from './refusal-deal.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** What a line in the thread of a handoff, or of its deal, tells of. */
export const handoffLines = [
  'submitted',
  'resubmitted',
  'returned',
  'accepted',
  'reassigned',
  'withdrawn',
  'kickoff',
  'rated',
  'first-value',
] as const
export type HandoffLine = (typeof handoffLines)[number]

/** Something that happened to a handoff, as one line. */
export function handoffLine(line: HandoffLine, brief: HandoffBrief, w: Words): Card {
  const text = lineText(line, brief, w)
  return {
    summary: plain(text),
    blocks: [{ kind: 'text', text }, ...(line === 'returned' ? returnNote(brief, w) : [])],
  }
}

function lineText(line: HandoffLine, brief: HandoffBrief, w: Words): Text {
  const { handoff, names, now } = brief
  const from = nameOf(handoff.sender, names, w)
  const to = nameOf(handoff.receiver, names, w)
  switch (line) {
    case 'submitted':
      return w.say('handoff.line.submitted', { from, to })
    case 'resubmitted':
      return w.say('handoff.line.resubmitted', { from })
    case 'returned': {
      const last = handoff.returns.at(-1)
      const name = nameOf(last?.by ?? handoff.receiver, names, w)
      return last && last.missing.length > 0
        ? w.say('handoff.line.returned.missing', {
            name,
            items: last.missing.map((item) => itemWord(item, w)).join(', '),
          })
        : w.say('handoff.line.returned', { name })
    }
    case 'accepted': {
      const name = nameOf(handoff.acceptedBy ?? handoff.receiver, names, w)
      if (handoff.kind === 'sdr-to-ae') return w.say('handoff.line.accepted.sdr-to-ae', { name, from })
      if (handoff.kind === 'cs-to-ae' && brief.opened)
        return w.say('handoff.line.accepted.cs-to-ae', { name, deal: theirs(brief.opened) })
      return w.say('handoff.line.accepted', { name })
    }
    case 'reassigned':
      return w.say('handoff.line.reassigned', { to })
    case 'withdrawn':
      return w.say('handoff.line.withdrawn')
    case 'kickoff':
      return handoff.kickoffOn
        ? w.say('handoff.line.kickoff', { day: w.day(handoff.kickoffOn, now) })
        : statusLine(brief, w)
    case 'rated':
      return handoff.rating
        ? w.say('handoff.line.rated', {
            name: nameOf(handoff.rating.by, names, w),
            score: handoff.rating.score,
          })
        : statusLine(brief, w)
    case 'first-value':
      return handoff.firstValueOn
        ? w.say('handoff.line.first-value', { day: w.day(handoff.firstValueOn, now) })
        : statusLine(brief, w)
  }
}

/** A short message that rings where a redrawn card does not. */
function notice(
  brief: HandoffBrief,
  w: Words,
  said: { title: string; text: Text; summary?: string; more?: readonly Block[] },
  only: readonly HandoffAction[],
): Card {
  return {
    summary: said.summary ?? plain([...aboutLine(brief), ': ', ...said.text]),
    blocks: [
      { kind: 'title', text: said.title },
      { kind: 'heading', text: aboutLine(brief) },
      { kind: 'text', text: said.text },
      ...(said.more ?? []),
      ...buttonsOf(brief, w, only),
    ],
  }
}

/** What a notice was about is over by now: how it stands instead. */
const over = (brief: HandoffBrief, title: string, w: Words): Card =>
  notice({ ...brief, actions: [] }, w, { title, text: statusLine({ ...brief, actions: [] }, w) }, [])

/** To the sender: it came back, with what is missing. */
export function returnedCard(brief: HandoffBrief, w: Words): Card {
  const title = w.t('handoff.title.returned')
  if (brief.handoff.status !== 'returned') return over(brief, title, w)
  const text = returnedLine(brief.handoff, brief.names, w)
  return notice(brief, w, { title, text, more: returnNote(brief, w) }, ['edit'])
}

/** To the receiver: completed and sent again. */
export function againCard(brief: HandoffBrief, w: Words): Card {
  const title = w.t('handoff.title.again')
  if (brief.handoff.status !== 'submitted') return over(brief, title, w)
  const text = w.say('handoff.again', { name: nameOf(brief.handoff.sender, brief.names, w) })
  return notice(brief, w, { title, text }, ['accept', 'return'])
}

/** To the sender: accepted, and what it opened. */
export function acceptedCard(brief: HandoffBrief, w: Words): Card {
  const { handoff } = brief
  const more: Block[] = []
  if (handoff.kind === 'sdr-to-ae') more.push({ kind: 'text', text: w.say('handoff.accepted.credit') })
  if (brief.opened) more.push({ kind: 'text', text: w.say('handoff.opened', { deal: theirs(brief.opened) }) })
  return notice(
    brief,
    w,
    { title: w.t('handoff.title.accepted'), text: statusLine({ ...brief, actions: [] }, w), more },
    [],
  )
}

/** Still waiting: to whoever has to act. */
export function reminderOfHandoff(brief: HandoffBrief, w: Words): Card {
  const { handoff, now } = brief
  const title = w.t('handoff.title.reminder')
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return over(brief, title, w)
  const waiting = w.waiting(handoff.turnSince, now)
  const text =
    handoff.status === 'submitted'
      ? w.say('handoff.reminder.submitted', { from: nameOf(handoff.sender, brief.names, w), waiting })
      : w.say('handoff.reminder.sender', { waiting })
  return notice(
    brief,
    w,
    {
      title,
      text,
      summary: w.t('handoff.summary.reminder', { about: theirs(plain(aboutLine(brief))) }),
      more: returnNote(brief, w),
    },
    ['accept', 'return', 'edit'],
  )
}

/** Waits too long: to both managers. */
export function escalatedHandoff(brief: HandoffBrief, w: Words): Card {
  const { handoff, now, names } = brief
  const title = w.t('handoff.title.escalated')
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return over(brief, title, w)
  const whose = handoff.status === 'submitted' ? handoff.receiver : handoff.sender
  const people = peopleOf(whose ? [whose] : [], names, w)
  return notice(
    brief,
    w,
    {
      title,
      text: w.say('handoff.escalated', { names: people, waiting: w.waiting(handoff.turnSince, now) }),
      summary: w.t('handoff.summary.escalated', {
        about: theirs(plain(aboutLine(brief))),
        names: people,
        time: w.duration(now - handoff.turnSince),
      }),
    },
    ['reassign'],
  )
}

/** Accepted, but nobody has said when it begins. */
export function kickoffCard(brief: HandoffBrief, w: Words): Card {
  const title = w.t('handoff.title.kickoff')
  if (brief.handoff.kickoffOn || brief.handoff.status !== 'accepted') return over(brief, title, w)
  return notice(brief, w, { title, text: w.say('handoff.kickoff-asked') }, ['kickoff'])
}

/** After the kickoff: one number. */
export function ratingCard(brief: HandoffBrief, w: Words): Card {
  const { handoff, now } = brief
  const title = w.t('handoff.title.rating')
  if (handoff.rating) {
    const text = lineText('rated', brief, w)
    return notice(brief, w, { title, text }, [])
  }
  const text = handoff.kickoffOn
    ? w.say('handoff.rating-asked', { day: w.day(handoff.kickoffOn, now) })
    : statusLine(brief, w)
  return notice(brief, w, { title, text }, ['rate'])
}

/** Milestones that are due, to be ticked off in place. */
export function milestoneCard(brief: HandoffBrief, w: Words): Card {
  const { handoff, today } = brief
  const title = w.t('handoff.title.milestone')
  const due = handoff.milestones.filter((each) => !each.doneOn && each.dueOn <= today)
  const text = due.length > 0 ? w.say('handoff.milestone-due') : w.say('handoff.over')
  return notice(
    brief,
    w,
    { title, text, more: due.map((milestone) => milestoneRow(milestone, brief, w)) },
    [],
  )
}
