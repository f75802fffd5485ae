import type { Traffic } from '../../src/playground/slack/traffic.ts'

/** A local platform: something that tells what happens, and what went over the wire. */
interface Platform {
  readonly happenings: { listen(listener: (happening: { readonly kind: string }) => void): () => void }
  readonly traffic: Traffic
}

/**
 * Waits until `probe` gives something: asked at once and again after what happens on the local platform (after
 * traffic too only when `traffic` is set: screens do not change by it). Gives up after `ms` with what was awaited
 * and the last of what went over the wire.
 */
export function until<T>(
  core: Platform,
  probe: () => T | undefined | false | null,
  what: string | (() => string),
  options: { ms?: number; traffic?: boolean } = {},
): Promise<T> {
  const { ms = 8000, traffic = false } = options
  return new Promise((resolve, reject) => {
    let stop = () => {}
    let timer: NodeJS.Timeout | undefined
    let asking = false
    let ended = false
    const end = () => {
      ended = true
      clearTimeout(timer)
      stop()
    }
    const ask = () => {
      asking = false
      if (ended) return
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
    timer = setTimeout(() => {
      end()
      const awaited = typeof what === 'string' ? what : what()
      reject(new Error(`Waited ${ms} ms in vain for ${awaited}.\n${lastTraffic(core)}`))
    }, ms)
    stop = core.happenings.listen((happening) => {
      // Many happenings of one moment are looked at once: hundreds of people may be waiting.
      if (asking || (happening.kind === 'traffic' && !traffic)) return
      asking = true
      setImmediate(ask)
    })
    ask()
  })
}

function lastTraffic(core: Platform): string {
  const lines = core.traffic.list(0, 12).map((exchange) => {
    const arrow = exchange.direction === 'to-app' ? '→ app ' : '← app '
    const refused = exchange.outcome === 'ok' ? '' : ` ${JSON.stringify(exchange.response?.body ?? '')}`
    return `  ${arrow}${exchange.what} ${exchange.outcome}${refused}`
  })
  return lines.length === 0 ? 'Nothing went over the wire.' : `Last over the wire:\n${lines.join('\n')}`
}
