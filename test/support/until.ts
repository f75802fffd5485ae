import type { Core } from '../../src/playground/slack/core.ts'

/**
 * Waits until `probe` gives something: asked at once and again after everything that happens in the local
 * Slack. Gives up after `ms` with what was awaited and the last of what went over the wire.
 */
export function until<T>(
  core: Core,
  probe: () => T | undefined | false | null,
  what: string,
  ms = 8000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = () => {}
    let timer: NodeJS.Timeout | undefined
    const ask = () => {
      try {
        const found = probe()
        if (found === undefined || found === false || found === null) return
        end()
        resolve(found)
      } catch (error) {
        end()
        reject(error)
      }
    }
    const end = () => {
      clearTimeout(timer)
      stop()
    }
    timer = setTimeout(() => {
      end()
      reject(new Error(`Waited ${ms} ms in vain for ${what}.\n${lastTraffic(core)}`))
    }, ms)
    stop = core.happenings.listen(ask)
    ask()
  })
}

function lastTraffic(core: Core): string {
  const lines = core.traffic.list(0, 12).map((exchange) => {
    const arrow = exchange.direction === 'to-app' ? '→ app ' : '← app '
    const refused = exchange.outcome === 'ok' ? '' : ` ${JSON.stringify(exchange.response?.body ?? '')}`
    return `  ${arrow}${exchange.what} ${exchange.outcome}${refused}`
  })
  return lines.length === 0 ? 'Nothing went over the wire.' : `Last over the wire:\n${lines.join('\n')}`
}
