import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the product counts, for `GET /metrics`. Labels are few and closed: never a company, a person or a deal. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    gestures: new Counter({
      name: 'dealdesk_gestures_total',
      help: 'Gestures taken, by kind and by the reply they got',
      labelNames: ['kind', 'reply'],
      registers: [registry],
    }),
    acknowledgement: new Histogram({
      name: 'dealdesk_acknowledgement_seconds',
      help: 'From a request of a platform to its acknowledgement',
      labelNames: ['kind'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
      registers: [registry],
    }),
    rejected: new Counter({
      name: 'dealdesk_rejected_requests_total',
      help: 'Requests turned away at the door, by reason',
      labelNames: ['why'],
      registers: [registry],
    }),
    alarms: new Counter({
      name: 'dealdesk_alarms_total',
      help: 'Things that should not happen, by name',
      labelNames: ['what'],
      registers: [registry],
    }),
    deliveries: new Counter({
      name: 'dealdesk_deliveries_total',
      help: 'Deliveries by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    pending: new Gauge({
      name: 'dealdesk_deliveries_pending',
      help: 'Deliveries that wait to be sent',
      registers: [registry],
    }),
    failures: new Counter({
      name: 'dealdesk_failures_total',
      help: 'Exceptions that reached a person as a sentence with an id',
      registers: [registry],
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
