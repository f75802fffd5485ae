/** A polite limit on gestures, so that one person's flood costs others nothing (B5.44). */
export interface Pace {
  /** Takes one gesture of this person in this company; answers 0 when it may pass, else the seconds to wait. */
  take(person: string, company: string): number
}

interface Bucket {
  tokens: number
  at: number
}

export interface PaceLimits {
  /** Gestures a person may make at once, and how many come back a second. */
  readonly person: { readonly burst: number; readonly perSecond: number }
  readonly company: { readonly burst: number; readonly perSecond: number }
}

/** Far above what hands can do, far below what a script does. A whole company pressing at once passes. */
const limits: PaceLimits = {
  person: { burst: 40, perSecond: 4 },
  company: { burst: 4_000, perSecond: 400 },
}

const remembered = 20_000

/** Token buckets in memory, by wall time: each replica counts for itself, which at worst doubles a generous limit. */
export function createPace(by: PaceLimits = limits, wall: () => number = Date.now): Pace {
  const people = new Map<string, Bucket>()
  const companies = new Map<string, Bucket>()

  const refill = (of: Map<string, Bucket>, key: string, { burst, perSecond }: PaceLimits['person']) => {
    const now = wall()
    const bucket = of.get(key) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    if (!of.has(key) && of.size >= remembered) of.delete(of.keys().next().value as string)
    of.set(key, bucket)
    return bucket
  }

  return {
    take(person, company) {
      const mine = refill(people, person, by.person)
      const everybody = refill(companies, company, by.company)
      if (mine.tokens < 1) return Math.ceil((1 - mine.tokens) / by.person.perSecond)
      if (everybody.tokens < 1) return Math.ceil((1 - everybody.tokens) / by.company.perSecond)
      mine.tokens -= 1
      everybody.tokens -= 1
      return 0
    },
  }
}
