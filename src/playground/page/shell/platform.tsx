import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { useWords } from '../use.ts'
import { Icon } from './icons.tsx'
import { type Platform, platformIn, shownOn } from './platforms.ts'

/** Which platform the page shows, as chosen and as there is room for. */
export const PlatformContext = createContext<Platform>('slack')
export const usePlatform = (): Platform => useContext(PlatformContext)

const narrow = '(max-width: 720px)'

/** What the address asks for, as far as this window has room for it. */
export const shownNow = (): Platform => shownOn(platformIn(location.search), matchMedia(narrow).matches)

/** Side by side needs room: a phone shows one of the two. */
export function useShown(chosen: Platform): Platform {
  const [phone, setPhone] = useState(() => matchMedia(narrow).matches)
  useEffect(() => {
    const media = matchMedia(narrow)
    const look = (): void => setPhone(media.matches)
    media.addEventListener('change', look)
    return () => media.removeEventListener('change', look)
  }, [])
  return shownOn(chosen, phone)
}

/** Slack, Teams, or both side by side; with how much waits on each for the person shown. */
export function PlatformSwitch({
  waiting,
  onChoose,
}: {
  waiting: Readonly<Record<'slack' | 'teams', number>>
  onChoose: (platform: Platform) => void
}) {
  const words = useWords()
  const shown = usePlatform()
  return (
    <div class="platforms" role="group" aria-label={words.platform}>
      {(['slack', 'teams', 'both'] as const).map((platform) => {
        const count = platform === 'both' || shown === platform || shown === 'both' ? 0 : waiting[platform]
        return (
          <button
            key={platform}
            type="button"
            class={platform === 'both' ? 'platform-both' : ''}
            aria-pressed={shown === platform}
            aria-label={count > 0 ? `${words[platform]}, ${words.waiting(count)}` : words[platform]}
            onClick={() => onChoose(platform)}
          >
            {platform === 'both' ? <Icon name="columns" /> : <PlatformMark platform={platform} />}
            <span>{words[platform]}</span>
            {count > 0 && <span class="badge">{count}</span>}
          </button>
        )
      })}
    </div>
  )
}

/** A letter on a colour: says which platform something belongs to. The logos are their owners'. */
export function PlatformMark({ platform }: { platform: 'slack' | 'teams' }) {
  return (
    <span class={`platform-mark ${platform}`} aria-hidden="true">
      {platform === 'slack' ? 'S' : 'T'}
    </span>
  )
}
