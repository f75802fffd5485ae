import type { Done, NotDone } from '../../src/playground/teams/people/actor.ts'

/** Raised when a person could not do what the test had them do; `told` is what Teams showed them. */
class CouldNot extends Error {
  readonly told: NotDone
  constructor(what: string, told: NotDone) {
    const errors = told.errors ? ` ${JSON.stringify(told.errors)}` : ''
    super(`${what}: ${told.error}: ${told.message}${errors}`)
    this.told = told
  }
}

/** What was done; throws when it was not. */
export async function must<T>(what: string, done: Promise<Done<T>> | Done<T>): Promise<{ ok: true } & T> {
  const result = await done
  if (!result.ok) throw new CouldNot(what, result)
  return result as { ok: true } & T
}
