import type { Sent } from '../ports.ts'

/**
 * Awaits a call to a platform. A throw or no answer in time is what it is to the recipient: nobody knows whether
 * it arrived (B5.49).
 */
export async function answerOf<T>(
  call: Promise<T>,
  mostMs: number,
): Promise<T | Extract<Sent, { outcome: 'unknown' }>> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      call,
      new Promise<Extract<Sent, { outcome: 'unknown' }>>((resolve) => {
        timer = setTimeout(
          () => resolve({ outcome: 'unknown', why: `no answer within ${mostMs} ms` }),
          mostMs,
        )
      }),
    ])
  } catch (error) {
    return { outcome: 'unknown', why: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
