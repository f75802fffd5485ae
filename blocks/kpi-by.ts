import { type Dimension, dimensions, type MetricId, type NotBy } from '../src/canon/metric.ts'
import { metrics } from '../src/canon/metrics.ts'
import type { Block, Text } from './card.ts'
import type { Words } from './words/index.ts'

/** Dimensions in which a metric has no meaning, those of one reason together. */
function notByReasons(id: MetricId): ReadonlyMap<NotBy, readonly Dimension[]> {
  const reasons = new Map<NotBy, Dimension[]>()
  for (const dimension of dimensions) {
    const reason = metrics[id].notBy?.[dimension]
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), dimension])
  }
  return reasons
}

const notBySentence = (of: readonly Dimension[], reason: NotBy | 'no-number', w: Words): Text =>
  w.say('kpi.not-by', {
    dimensions: of.map((each) => w.t(`dimension.${each}`)).join(', '),
    why: w.t(`kpi.not-by.${reason}`),
  })

/** Why the dimension that was asked for is not shown. */
export function notByText(id: MetricId, asked: Dimension, w: Words): Block[] {
  const reason = metrics[id].notBy?.[asked] ?? 'no-number'
  return [{ kind: 'text', text: notBySentence([asked], reason, w) }]
}

/** Why the others are not among the choices; nobody has to ask to learn it. */
export const notByNotes = (id: MetricId, asked: Dimension | undefined, w: Words): Block[] =>
  [...notByReasons(id)].flatMap(([reason, of]): Block[] => {
    const rest = of.filter((each) => each !== asked)
    return rest.length === 0 ? [] : [{ kind: 'note', text: notBySentence(rest, reason, w) }]
  })
