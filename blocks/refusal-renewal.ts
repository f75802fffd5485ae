import type { RenewalRefusal } from '../src/canon/refusal.ts'
import type { Names } from './discount.ts'
import { nameOf } from './names.ts'
import type { Words } from './words/index.ts'

/** The one sentence of a refusal about renewals and QBRs. */
export function renewalRefusalSentence(
  refusal: RenewalRefusal,
  w: Words,
  { names, timeZone }: { readonly names: Names; readonly timeZone: string },
): string {
  switch (refusal.code) {
    case 'no-renewal':
    case 'arr-missing':
    case 'no-outcome':
    case 'renewal-moved-on':
      return w.t(`refusal.${refusal.code}`)
    case 'renewal-settled':
      return w.t('refusal.renewal-settled', {
        outcome: w.t(`renewal.outcome.${refusal.outcome}`),
        name: nameOf(refusal.by, names, w),
        at: w.moment(refusal.at, timeZone),
      })
    case 'renewal-milestone-done':
      return w.t('refusal.renewal-milestone-done', {
        name: nameOf(refusal.by, names, w),
        at: w.moment(refusal.at, timeZone),
      })
    case 'renewal-not-later':
      return w.t('refusal.renewal-not-later', { day: w.day(refusal.renewalOn) })
    case 'contraction-not-lower':
    case 'renewed-is-lower':
      return w.t(`refusal.${refusal.code}`, {
        amount: w.money({ amount: refusal.amount, currency: refusal.currency }),
      })
    case 'qbr-still-ahead':
      return w.t('refusal.qbr-still-ahead', { day: w.day(refusal.heldOn) })
  }
}

const codes: Readonly<Record<RenewalRefusal['code'], true>> = {
  'no-renewal': true,
  'renewal-settled': true,
  'renewal-milestone-done': true,
  'renewal-not-later': true,
  'arr-missing': true,
  'contraction-not-lower': true,
  'renewed-is-lower': true,
  'no-outcome': true,
  'renewal-moved-on': true,
  'qbr-still-ahead': true,
}

export const isRenewalRefusal = (refusal: { readonly code: string }): refusal is RenewalRefusal =>
  Object.hasOwn(codes, refusal.code)
