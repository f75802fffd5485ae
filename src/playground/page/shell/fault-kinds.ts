import type { Fault, NewFault } from '../wire.ts'
import type { Language } from '../words.ts'

/** A fault that the panel offers: what Slack will do, and what one may expect of the app. */
export interface FaultKind {
  readonly id: string
  readonly fault: Omit<NewFault, 'times'>
  readonly say: Readonly<Record<Language, { readonly title: string; readonly about: string }>>
}

/** Faults between the app and Slack, in the order of the panel. */
export const faultKinds: readonly FaultKind[] = [
  {
    id: 'rate-limit',
    fault: { on: 'api', kind: 'rate-limit', retryAfter: 10 },
    say: {
      ko: {
        title: '429 너무 많은 요청',
        about: 'Slack이 10초 뒤에 다시 보내라고 합니다(Retry-After). 앱은 기다렸다가 한 번만 보내야 합니다.',
      },
      en: {
        title: '429 Too many requests',
        about: 'Slack asks to come back in 10 seconds (Retry-After). The app must wait, then send once.',
      },
    },
  },
  {
    id: 'status',
    fault: { on: 'api', kind: 'status', status: 503 },
    say: {
      ko: {
        title: '503 서버 오류',
        about: 'Slack이 처리하지 못했습니다. 앱은 간격을 늘려 가며 다시 보냅니다.',
      },
      en: {
        title: '503 Server error',
        about: 'Slack could not do it. The app tries again, at growing intervals.',
      },
    },
  },
  {
    id: 'hang',
    fault: { on: 'api', kind: 'hang' },
    say: {
      ko: {
        title: '응답 없음',
        about: '요청이 처리되지 않고 답도 오지 않습니다. 앱은 무한정 기다리면 안 됩니다.',
      },
      en: { title: 'No answer', about: 'Not carried out, never answered. The app must not wait for ever.' },
    },
  },
  {
    id: 'accept-then-hang',
    fault: { on: 'api', kind: 'accept-then-hang' },
    say: {
      ko: {
        title: '처리했지만 응답 없음',
        about: '메시지는 올라갔는데 답이 오지 않습니다. 같은 카드가 두 번 올라가면 안 됩니다.',
      },
      en: {
        title: 'Done, but no answer',
        about: 'The message is posted but the answer never comes. The same card must not appear twice.',
      },
    },
  },
  {
    id: 'accept-then-drop',
    fault: { on: 'api', kind: 'accept-then-drop' },
    say: {
      ko: {
        title: '처리 후 연결 끊김',
        about: '처리된 뒤 답 대신 연결이 끊깁니다. 앱은 결과를 모르는 채로 올바르게 행동해야 합니다.',
      },
      en: {
        title: 'Done, then cut off',
        about:
          'Carried out, and the connection is cut instead of an answer. The app cannot know, and must still be right.',
      },
    },
  },
  {
    id: 'drop',
    fault: { on: 'api', kind: 'drop' },
    say: {
      ko: { title: '연결 끊김', about: '처리되기 전에 연결이 끊깁니다.' },
      en: { title: 'Cut off', about: 'The connection is cut before anything is done.' },
    },
  },
  {
    id: 'duplicate',
    fault: { on: 'app', kind: 'duplicate' },
    say: {
      ko: {
        title: '같은 요청 두 번',
        about: 'Slack이 같은 클릭을 두 번 전달합니다. 결정은 한 번만 남아야 합니다.',
      },
      en: {
        title: 'Delivered twice',
        about: 'Slack delivers the same click twice. One decision must remain.',
      },
    },
  },
  {
    id: 'delay-ack',
    fault: { on: 'app', kind: 'delay-ack', ms: 4000 },
    say: {
      ko: {
        title: '늦은 수신 확인',
        about:
          '앱의 확인이 4초 뒤에 보입니다. 사람에게는 시간 초과가 나오지만, 한 일은 그대로 남아야 합니다.',
      },
      en: {
        title: 'Late acknowledgement',
        about:
          'The acknowledgement is seen after 4 seconds. The person sees a time-out; what was done must stand.',
      },
    },
  },
  {
    id: 'forged-signature',
    fault: { on: 'app', kind: 'forged-signature' },
    say: {
      ko: { title: '위조된 서명', about: '다른 비밀키로 서명한 요청입니다. 앱은 거절해야 합니다.' },
      en: { title: 'Forged signature', about: 'Signed with another secret. The app must refuse it.' },
    },
  },
  {
    id: 'old-stamp',
    fault: { on: 'app', kind: 'old-stamp', seconds: 600 },
    say: {
      ko: {
        title: '10분 지난 요청',
        about: '서명은 맞지만 10분 전의 것입니다. 재전송 공격처럼 거절해야 합니다.',
      },
      en: {
        title: 'Ten minutes old',
        about: 'Rightly signed, but ten minutes ago. Refused, as a replay would be.',
      },
    },
  },
  {
    id: 'future-stamp',
    fault: { on: 'app', kind: 'future-stamp', seconds: 600 },
    say: {
      ko: { title: '미래에서 온 요청', about: '서명 시각이 10분 뒤입니다. 앱은 거절해야 합니다.' },
      en: { title: 'From the future', about: 'Stamped ten minutes ahead. The app must refuse it.' },
    },
  },
]

/** Faults that can still strike: those that had their number of times are over. */
export const lastingFaults = (faults: readonly Fault[]): readonly Fault[] =>
  faults.filter((fault) => fault.times === null || fault.hits < fault.times)

/** The fault now in force of a kind that the panel offers. */
export const inForce = (kind: FaultKind, faults: readonly Fault[]): Fault | undefined =>
  lastingFaults(faults).find(
    (fault) =>
      (fault.platform ?? 'slack') === (kind.fault.platform ?? 'slack') &&
      fault.on === kind.fault.on &&
      fault.kind === kind.fault.kind &&
      // Two rows of the panel may differ in what Teams says or in what they strike.
      (kind.fault.error === undefined || fault.error === kind.fault.error) &&
      (kind.fault.platform !== 'teams' || (fault.method === 'token') === (kind.fault.method === 'token')),
  )
