import { draft } from '../slack/composer.tsx'
import { draftInTeams } from '../teams/drafts.ts'
import { useTeams } from '../teams/use.ts'
import { usePicture, useSession, useWords, useWorld } from '../use.ts'
import { firstSteps } from './first-steps.ts'
import { Icon } from './icons.tsx'
import { useStanding } from './people.tsx'
import { usePlatform } from './platform.tsx'

/** Three things to try, for somebody who has just started the playground. */
export function FirstStepsHint({ onDismiss }: { onDismiss: () => void }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const { spot } = usePicture()
  const standing = useStanding()
  const teams = useTeams()
  const platform = usePlatform()
  const steps = firstSteps(state)
  const { asker, decider } = steps
  // Teams knows no slash commands of this kind: the same word is a message.
  const command = platform === 'teams' ? steps.command.slice(1) : steps.command
  const toPersonalChat = (): void => {
    const chat = teams.picture.state?.conversations.find((c) => c.kind === 'personal')
    if (chat && teams.picture.open !== chat.id) teams.go(chat.id)
  }
  const isAsker = asker?.id === state.me
  const put = (): void => {
    if (platform === 'teams') {
      toPersonalChat()
      requestAnimationFrame(() => requestAnimationFrame(() => draftInTeams(command)))
      return
    }
    if (spot.kind === 'app' && spot.tab === 'home') session.go({ kind: 'app', tab: 'messages' })
    // The composer of the Messages tab has to be there first.
    requestAnimationFrame(() => requestAnimationFrame(() => draft(`${command} `)))
  }
  return (
    <section class="hint" aria-label={words.hintTitle}>
      <header>
        <Icon name="hint" />
        <h2>{words.hintTitle}</h2>
        <button type="button" class="icon-button" aria-label={words.hintDismiss} onClick={onDismiss}>
          <Icon name="close" />
        </button>
      </header>
      <ol>
        {asker && (
          <li>
            <span>
              {isAsker
                ? words.hintAsk(asker.realName, standing(asker))
                : words.hintAskNot(asker.realName, standing(asker))}{' '}
              <code>{command}</code>
            </span>
            {isAsker ? (
              <button type="button" class="button" onClick={put}>
                {words.hintTry}
              </button>
            ) : (
              <button type="button" class="button" onClick={() => void session.become(asker.id)}>
                {words.become(asker.realName)}
              </button>
            )}
          </li>
        )}
        <li>
          <span>{decider ? words.hintDecide(decider.realName, standing(decider)) : words.hintDecideAny}</span>
          {decider && decider.id !== state.me && (
            <button
              type="button"
              class="button"
              onClick={() => {
                session.go({ kind: 'app', tab: 'messages' })
                toPersonalChat()
                void session.become(decider.id)
              }}
            >
              {words.become(decider.realName)}
            </button>
          )}
        </li>
        <li>
          <span>{words.hintWatch}</span>
        </li>
      </ol>
    </section>
  )
}
