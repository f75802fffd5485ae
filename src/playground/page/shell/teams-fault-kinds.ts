import type { FaultKind } from './fault-kinds.ts'

const forged = (kind: string, ko: [string, string], en: [string, string]): FaultKind => ({
  id: `teams-${kind}`,
  fault: { platform: 'teams', on: 'app', kind },
  say: { ko: { title: ko[0], about: ko[1] }, en: { title: en[0], about: en[1] } },
})

/** Faults between the app and Teams, in the order of the panel. */
export const teamsFaultKinds: readonly FaultKind[] = [
  {
    id: 'teams-rate-limit',
    fault: { platform: 'teams', on: 'api', kind: 'rate-limit', retryAfter: 10 },
    say: {
      ko: {
        title: '429 너무 많은 요청',
        about: 'Teams가 10초 뒤에 다시 보내라고 합니다(Retry-After). 앱은 기다렸다가 한 번만 보내야 합니다.',
      },
      en: {
        title: '429 Too many requests',
        about: 'Teams asks to come back in 10 seconds (Retry-After). The app must wait, then send once.',
      },
    },
  },
  {
    id: 'teams-precondition',
    fault: { platform: 'teams', on: 'api', kind: 'error', error: 'PreconditionFailed' },
    say: {
      ko: { title: '412 사전 조건 실패', about: '동시에 바뀌는 중입니다. 앱은 잠시 뒤 다시 보냅니다.' },
      en: {
        title: '412 Precondition failed',
        about: 'Something else changed it at the same time. The app tries again.',
      },
    },
  },
  {
    id: 'teams-status',
    fault: { platform: 'teams', on: 'api', kind: 'status', status: 503 },
    say: {
      ko: {
        title: '503 서버 오류',
        about: 'Teams가 처리하지 못했습니다. 앱은 간격을 늘려 가며 다시 보냅니다.',
      },
      en: {
        title: '503 Server error',
        about: 'Teams could not do it. The app tries again, at growing intervals.',
      },
    },
  },
  {
    id: 'teams-hang',
    fault: { platform: 'teams', on: 'api', kind: 'hang' },
    say: {
      ko: {
        title: '응답 없음',
        about: '요청이 처리되지 않고 답도 오지 않습니다. 앱은 무한정 기다리면 안 됩니다.',
      },
      en: { title: 'No answer', about: 'Not carried out, never answered. The app must not wait for ever.' },
    },
  },
  {
    id: 'teams-accept-then-drop',
    fault: { platform: 'teams', on: 'api', kind: 'accept-then-drop' },
    say: {
      ko: {
        title: '처리 후 연결 끊김',
        about: '메시지는 올라갔는데 답 대신 연결이 끊깁니다. 같은 카드가 두 번 올라가면 안 됩니다.',
      },
      en: {
        title: 'Done, then cut off',
        about: 'The message is posted, and the connection is cut. The same card must not appear twice.',
      },
    },
  },
  {
    id: 'teams-disabled',
    fault: { platform: 'teams', on: 'api', kind: 'error', error: 'BotDisabledByAdmin' },
    say: {
      ko: {
        title: '관리자가 앱을 차단함',
        about: 'BotDisabledByAdmin으로 거절됩니다. 다시 보내도 소용없으니 다른 길을 찾아야 합니다.',
      },
      en: {
        title: 'Disabled by the administrator',
        about: 'Refused with BotDisabledByAdmin. Sending again is no use; another way must be found.',
      },
    },
  },
  {
    id: 'teams-token',
    fault: { platform: 'teams', on: 'api', kind: 'status', status: 503, method: 'token' },
    say: {
      ko: {
        title: '토큰 발급 장애',
        about: '앱이 로그인 토큰을 받지 못합니다. 메시지는 기다렸다가 나가야 합니다.',
      },
      en: {
        title: 'Sign-in is down',
        about: 'The app gets no token to sign in with. What it has to say must wait.',
      },
    },
  },
  {
    id: 'teams-duplicate',
    fault: { platform: 'teams', on: 'app', kind: 'duplicate' },
    say: {
      ko: {
        title: '같은 요청 두 번',
        about: 'Teams가 같은 활동을 두 번 전달합니다. 결정은 한 번만 남아야 합니다.',
      },
      en: {
        title: 'Delivered twice',
        about: 'Teams delivers the same activity twice. One decision must remain.',
      },
    },
  },
  {
    id: 'teams-delay-ack',
    fault: { platform: 'teams', on: 'app', kind: 'delay-ack', ms: 6000 },
    say: {
      ko: {
        title: '늦은 응답',
        about: '앱의 답이 6초 뒤에 보입니다. 사람에게는 오류가 나오지만, 한 일은 그대로 남아야 합니다.',
      },
      en: {
        title: 'Late answer',
        about: 'The answer is seen after 6 seconds. The person sees an error; what was done must stand.',
      },
    },
  },
  {
    id: 'teams-unanswered',
    fault: { platform: 'teams', on: 'app', kind: 'unanswered' },
    say: {
      ko: {
        title: '응답 유실',
        about: '앱의 답이 사라져 Teams가 같은 활동을 다시 보냅니다. 같은 답이 나와야 합니다.',
      },
      en: {
        title: 'Lost answer',
        about: 'The answer is lost and Teams sends the activity again. The same answer must come.',
      },
    },
  },
  forged(
    'bad-signature',
    ['위조된 서명', '다른 키로 서명한 토큰입니다. 앱은 거절해야 합니다.'],
    ['Forged signature', 'A token signed with another key. The app must refuse it.'],
  ),
  forged(
    'no-token',
    ['토큰 없음', '누가 보냈는지 증명하지 않는 요청입니다.'],
    ['No token', 'Nothing proves who sent the request.'],
  ),
  forged(
    'alg-none',
    ['서명하지 않은 토큰', 'alg: none 토큰입니다. 받아들이면 누구나 승인할 수 있습니다.'],
    ['Unsigned token', 'A token with alg: none. Whoever takes it lets anybody approve.'],
  ),
  forged(
    'wrong-audience',
    ['다른 앱의 토큰', '다른 앱에게 발급된 토큰입니다.'],
    ['Another app’s token', 'Issued for some other app.'],
  ),
  forged(
    'expired',
    ['만료된 토큰', '유효 기간이 지난 토큰입니다.'],
    ['Expired token', 'A token whose time is over.'],
  ),
  forged(
    'wrong-service-url',
    ['다른 주소', '토큰과 활동의 serviceUrl이 다릅니다. 앱이 비밀을 엉뚱한 곳에 보내게 하는 공격입니다.'],
    [
      'Another address',
      'The activity names another serviceUrl than its token: bait for the app’s own token.',
    ],
  ),
  forged(
    'foreign-tenant',
    ['모르는 회사', '등록되지 않은 테넌트에서 온 활동입니다. 아무것도 알려 주면 안 됩니다.'],
    ['Unknown company', 'From a tenant that nobody registered. It must learn nothing.'],
  ),
]

/** Which calls of the app a Teams fault may be narrowed to. */
export const teamsMethods = [
  '*',
  'sendActivity',
  'updateActivity',
  'createConversation',
  'getMember',
] as const
