import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of the bench's own that answers questions one by one. */
export interface Child {
  ask<T = unknown>(what: string, detail?: unknown): Promise<T>
  /** Bytes that the process holds in memory, from /proc where there is one, else what it says itself. */
  readonly pid: number
  stop(): Promise<void>
}

/** Starts a compiled file beside this one and waits until it has answered `start`. */
export async function startChild(name: string, detail: unknown, execArgv: string[] = []): Promise<Child> {
  const child: ChildProcess = fork(new URL(`./${name}.js`, import.meta.url), {
    execArgv: [...execArgv, ...(process.env.BENCH_NODE_ARGS?.split(' ').filter(Boolean) ?? [])],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let serial = 0
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  child.on('message', (message: { id: number; value?: unknown; error?: string }) => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) asked?.resolve(message.value as never)
    else asked?.reject(new Error(`${name}: ${message.error}`))
  })
  child.on('exit', (code) => {
    for (const asked of waiting.values()) asked.reject(new Error(`${name} ended with ${code}`))
  })
  const ask = <T>(what: string, given?: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++serial
      waiting.set(id, { resolve: resolve as (value: never) => void, reject })
      child.send({ id, what, detail: given })
    })
  await ask('start', detail)
  return {
    ask,
    pid: child.pid!,
    async stop() {
      const gone = once(child, 'exit')
      await ask('stop').catch(() => undefined)
      child.disconnect()
      await gone
    },
  }
}

/** The other end: answers what the parent asks. `stop` ends the process after its answer. */
export function answering(answers: Record<string, (detail: never) => unknown>): void {
  process.on('message', async ({ id, what, detail }: { id: number; what: string; detail: never }) => {
    try {
      const value = await answers[what]?.(detail)
      process.send?.({ id, value })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
