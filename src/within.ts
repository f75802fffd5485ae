/** What came of some work in time; or the work itself when it takes longer. */
export type Within<T> = { readonly reply: T } | { readonly error: unknown } | { readonly late: Promise<T> }

/** Waits at most `ms` for `work`; never rejects. */
export function within<T>(work: Promise<T>, ms: number): Promise<Within<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ late: work }), ms)
    work.then(
      (reply) => {
        clearTimeout(timer)
        resolve({ reply })
      },
      (error: unknown) => {
        clearTimeout(timer)
        resolve({ error })
      },
    )
  })
}
