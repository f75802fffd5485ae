import { useContext } from 'preact/hooks'
import { castOf, type Member } from '../teams/cast.ts'
import { TeamsContext, useTeamsPicture } from '../teams/use.ts'
import { findPerson, useSession, useWords, useWorld } from '../use.ts'
import { usePlatform } from './platform.tsx'

/** Somebody as the shell shows them, whichever platform they are on. */
export interface Actor {
  readonly key: string
  readonly name: string
  readonly title: string
  readonly color: string
  readonly deleted: boolean
  /** What others wrote that they have not read, on the platforms in view. */
  readonly waiting: number
  readonly isMe: boolean
  readonly member: Member
}

/** Everybody the switcher offers on the platforms in view, and the way to become them. */
export function useCast(): {
  readonly actors: readonly Actor[]
  readonly me: Actor | undefined
  readonly become: (member: Member) => void
} {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const platform = usePlatform()
  const teams = useContext(TeamsContext)
  const picture = useTeamsPicture()
  const teamsState = platform === 'slack' ? undefined : picture.state
  const isAlone = platform !== 'slack' && picture.alone
  const people = state.people.filter((person) => !person.isBot)
  const actors = castOf(people, teamsState?.people ?? [])
    .filter((member) => (platform === 'teams' && teamsState ? member.teams : true))
    .map((member): Actor => {
      const { slack, teams: account } = member
      const roles = (slack?.roles ?? account?.roles ?? [])
        .map((role) => words.roles[role] ?? role)
        .join(' · ')
      const deleted =
        platform === 'teams' ? (account?.deleted ?? false) : (slack?.deleted ?? account?.deleted ?? false)
      const guest = slack?.isGuest || account?.isGuest ? words.guest : slack?.isStranger ? words.stranger : ''
      return {
        key: member.key,
        name: slack?.realName ?? account?.name ?? '',
        title: deleted ? words.deactivated : slack?.title || account?.title || roles || guest,
        color: slack?.avatarColor ?? account?.avatarColor ?? 'var(--muted)',
        deleted,
        waiting:
          (platform !== 'teams' && slack ? (state.waiting?.[slack.id] ?? 0) : 0) +
          (account ? (teamsState?.waiting[account.id] ?? 0) : 0),
        isMe: isAlone ? account !== undefined && account.id === picture.state?.me : slack?.id === state.me,
        member,
      }
    })
  return {
    actors,
    me: actors.find((actor) => actor.isMe) ?? fromSlack(),
    become(member) {
      if (!member.slack) {
        if (member.teams) void teams?.becomeAlone(member.teams.id)
      } else if (member.slack.id !== state.me) void session.become(member.slack.id)
      else if (isAlone) teams?.followAgain()
    },
  }

  /** Somebody of Slack alone, while Teams alone is in view: still who one is. */
  function fromSlack(): Actor | undefined {
    const person = findPerson(state, state.me)
    return (
      person && {
        key: person.id,
        name: person.realName,
        title: person.title ?? '',
        color: person.avatarColor,
        deleted: person.deleted,
        waiting: 0,
        isMe: true,
        member: { key: person.id, slack: person },
      }
    )
  }
}
