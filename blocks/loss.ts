import type { LossDetail } from '../src/canon/policy-loss.ts'
import type { Option } from './form.ts'
import { stage as known } from './words/en/stage.ts'
import type { Words } from './words/index.ts'

type LossKey = Extract<keyof typeof known, `loss.${string}`>
const isLossKey = (key: string): key is LossKey => Object.hasOwn(known, key)

/** A loss reason in words: the company's own label, else ours for the codes of the default list, else the code. */
function lossWord(reason: LossDetail, w: Words): string {
  const key = `loss.${reason.code}`
  return reason.labels?.[w.locale] ?? (isLossKey(key) ? w.t(key) : reason.code)
}

/** What a deal's loss reason is called; a text that is on no list is shown as it was written. */
export function lossText(code: string, list: readonly LossDetail[], w: Words): string {
  const found = list.find((each) => each.code === code)
  return found ? lossWord(found, w) : code
}

/** A managed list as the options of a form. */
export const lossOptions = (list: readonly LossDetail[], w: Words): readonly Option[] =>
  list.map((each) => ({ value: each.code, label: lossWord(each, w) }))
