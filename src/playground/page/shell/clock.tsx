import { useState } from 'preact/hooks'
import { fullTime } from '../slack/dates.ts'
import { useEyes, useNow, useSession, useWords, useWorld } from '../use.ts'
import { clockSteps, spanOf, stepLength } from './clock-steps.ts'

/** Business time and the buttons that move it. */
export function ClockPanel() {
  const words = useWords()
  const session = useSession()
  const eyes = useEyes()
  const now = useNow()
  const { clock } = useWorld()
  const [moving, setMoving] = useState(false)
  const { days, hours } = spanOf(clock.offsetMs)
  const ahead = [days > 0 ? words.days(days) : '', hours > 0 ? words.hours(hours) : '']
    .filter(Boolean)
    .join(' ')
  const move = async (by: Readonly<Record<string, unknown>>): Promise<void> => {
    setMoving(true)
    await session.moveClock(by)
    setMoving(false)
  }
  return (
    <div class="clock-panel">
      <p class="about">{words.clockAbout}</p>
      <p class="clock-face" aria-live="polite">
        <small>{words.businessTime}</small>
        <b>{fullTime(now, eyes)}</b>
        <span>{ahead ? words.ahead(ahead) : words.realTime}</span>
      </p>
      <div class="clock-steps" role="group" aria-label={words.forward}>
        {clockSteps.map((step) => (
          <button
            key={step}
            type="button"
            class="button"
            disabled={moving}
            onClick={() =>
              void move({
                forward: { minutes: stepLength(step, now, eyes.timeZone) / 60_000 },
                walk: true,
              })
            }
          >
            {words.steps[step]}
          </button>
        ))}
      </div>
      {clock.offsetMs !== 0 && (
        <button type="button" class="link-button" onClick={() => void move({ reset: true, back: true })}>
          {words.resetClock}
        </button>
      )}
    </div>
  )
}
