import type { IncomingMessage } from 'node:http'

/** The body, or why there is none. Chunks over the limit are dropped, never kept (B5.27). */
export function readBody(
  req: IncomingMessage,
  limit: number,
  timeoutMs: number,
): Promise<Buffer | 'too-large' | 'too-slow' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => done('too-slow'), timeoutMs)
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) done('too-large')
      else chunks.push(chunk)
    }
    const onEnd = () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    const onClose = () => done('aborted')
    function done(outcome: Buffer | 'too-large' | 'too-slow' | 'aborted'): void {
      clearTimeout(timer)
      req.off('data', onData)
      req.off('end', onEnd)
      req.off('close', onClose)
      // A socket that breaks later must not become an uncaught 'error'.
      req.on('error', () => undefined)
      if (typeof outcome === 'string') req.pause()
      resolve(outcome)
    }
    req.on('data', onData)
    req.once('end', onEnd)
    req.once('close', onClose)
    req.once('error', onClose)
  })
}
