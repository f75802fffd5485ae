export const refusals = {
  'refusal.own-request':
    '본인의 요청은 본인이 결정할 수 없습니다. 바뀐 내용은 없으며, 다른 결재자의 결정을 기다립니다.',
  'refusal.not-your-step': '지금은 결정하실 차례가 아닙니다. 바뀐 내용은 없습니다.',
  'refusal.not-your-step.waiting':
    '결정하실 차례가 아닙니다. {{names}}의 결정을 기다리고 있습니다. 바뀐 내용은 없습니다.',
  'refusal.approved-earlier-rung':
    '앞 단계에서 이미 승인하셨고, 단계마다 다른 사람이 결정해야 합니다. 앞선 승인은 그대로 유지됩니다.',
  'refusal.already-decided-by-you.approve':
    '이미 {{at}}에 승인하셨습니다. 승인은 한 번만 기록되며 그대로 유지됩니다.',
  'refusal.already-decided-by-you.reject': '이미 {{at}}에 반려하셨습니다. 그 결정이 그대로 유지됩니다.',
  'refusal.already-decided-by-you.counter':
    '이미 {{at}}에 역제안하셨습니다. 요청자의 답변을 기다리고 있습니다.',
  'refusal.already-settled': '이미 처리된 요청입니다({{status}}). 바뀐 내용은 없습니다.',
  'refusal.already-settled.at': '이미 처리된 요청입니다({{status}}, {{at}}). 바뀐 내용은 없습니다.',
  'refusal.already-settled.by':
    '이미 처리된 요청입니다({{status}}, {{name}}님, {{at}}). 바뀐 내용은 없습니다.',
  'refusal.moved-on':
    '카드를 보시는 동안 요청이 바뀌어 결정하지 않았습니다. 새로 바뀐 카드를 확인하고 결정해 주세요.',
  'refusal.expired':
    '{{at}}에 만료된 요청이라 결정할 수 없습니다. 필요하면 요청자가 다시 요청할 수 있습니다.',
  'refusal.deal-closed':
    '이미 종료된 거래입니다({{stage}}). 바뀐 내용은 없습니다. 계속 진행하려면 거래를 먼저 다시 열어 주세요.',
  'refusal.stage-too-early':
    '지금 거래 단계는 {{stage}}입니다. 할인은 {{needed}} 단계부터 요청할 수 있으니 단계를 먼저 진행해 주세요.',
  'refusal.missing-approver':
    '결재선에 {{role}} 역할을 맡은 사람이 없어 결정할 수 없습니다. 세일즈 옵스에 지정을 요청한 뒤 다시 시도해 주세요.',
  'refusal.over-your-authority':
    '{{limit}}까지 결정하실 수 있는데 이 요청은 그보다 큽니다. 바뀐 내용은 없으며, 권한이 있는 분의 결정을 기다립니다.',
  'refusal.counter-not-lower': '역제안은 요청한 {{asked}}보다 낮아야 합니다. 더 작은 값을 입력해 주세요.',
  'refusal.no-counter-open': '답변할 역제안이 더 이상 없습니다. 바뀐 내용은 없습니다.',
  'refusal.not-the-requester': '요청한 본인만 할 수 있습니다. 바뀐 내용은 없습니다.',
  'refusal.not-allowed': '권한이 없어 처리하지 않았습니다. 관리자나 세일즈 옵스에 문의해 주세요.',
  'refusal.not-found':
    '“{{what}}”에 해당하는 것을 볼 수 있는 범위에서 찾지 못했습니다. 이름을 확인하거나 일부로 검색해 주세요.',
  'refusal.not-found.deal': '볼 수 있는 거래 중에서 찾지 못했습니다. 목록에서 골라 주세요.',
  'refusal.not-found.discount': '볼 수 있는 요청 중에서 찾지 못했습니다. /approvals에서 확인해 주세요.',
  'refusal.not-found.person': '해당하는 사람을 찾지 못했습니다. 목록에서 골라 주세요.',
  'refusal.not-found.drawing': '오래된 카드입니다. 바뀐 내용은 없으니 /approvals에서 다시 열어 주세요.',
  'refusal.not-found.company': '해당하는 회사를 찾지 못했습니다. 바뀐 내용은 없습니다.',
  'refusal.not-linked': '아직 채팅 계정이 연결되지 않아 처리하지 않았습니다. /dealdesk link를 입력해 주세요.',
  'refusal.not-bound':
    '이 워크스페이스는 아직 회사와 연결되지 않아 처리하지 않았습니다. Dealdesk 운영 담당자에게 요청해 주세요.',
  'refusal.outsider': '이 워크스페이스의 정식 구성원만 할 수 있습니다. 바뀐 내용은 없습니다.',
  'refusal.inactive': '비활성화된 계정이라 처리하지 않았습니다. 관리자가 다시 활성화할 수 있습니다.',
  'refusal.list-amount-missing': '거래에 정가가 없습니다. 여기에 입력하면 요청과 함께 저장됩니다.',
  'refusal.reason-missing': '사유를 적어 주세요. 사유가 있으면 결정이 빨라집니다.',
  'refusal.justification-missing':
    '{{over, 을/를}} 넘는 할인은 예외라서 사유서가 필요합니다. 입력하신 다른 내용은 그대로 있습니다.',
  'refusal.discount-out-of-range': '할인율은 0%보다 크고 100% 이하여야 합니다. 숫자를 고쳐 주세요.',
  'refusal.not-a-percent':
    '“{{text}}”에서 할인율을 읽을 수 없습니다. 12.5처럼 소수점 둘째 자리까지 숫자로 입력해 주세요.',
  'refusal.not-an-amount':
    '“{{text}}”에서 {{currency}} 금액을 읽을 수 없습니다. 12,500처럼 숫자로 입력해 주세요.',
  'refusal.text-missing': '내용을 먼저 적어 주세요. 아직 아무것도 보내지 않았습니다.',
  'refusal.dates-out-of-order': '종료일이 시작일보다 빠릅니다. 날짜를 고쳐 주세요.',
  'refusal.unfit-approver.inactive':
    '{{name}}님은 더 이상 활동하지 않는 구성원입니다. 다른 분을 골라 주세요.',
  'refusal.unfit-approver.requester':
    '{{name}}님은 이 할인을 요청한 분이라 결정할 수 없습니다. 다른 분을 골라 주세요.',
  'refusal.unfit-approver.authority':
    '{{name}}님에게는 {{role}} 단계를 결정할 권한이 없습니다. 권한이 있는 분을 골라 주세요.',
  'refusal.unfit-approver.already-involved':
    '{{name}}님은 이 요청의 다른 단계를 이미 맡고 있습니다. 다른 분을 골라 주세요.',
  'refusal.bad-date': '“{{text}}”에 해당하는 날짜를 쓸 수 없습니다. 달력에서 골라 주세요.',
  'refusal.delegation-loop':
    '같은 기간에 그분의 결정이 다시 본인에게 돌아와 저장하지 않았습니다. 다른 분을 골라 주세요.',
  'refusal.delegate-is-self': '본인을 대결자로 지정할 수 없습니다. 다른 분을 골라 주세요.',
  'refusal.out-of-date': '오래된 화면이라 처리하지 않았습니다. 다시 열어 주세요.',
  'refusal.too-many_other':
    '요청이 한꺼번에 많이 들어왔습니다. 사라진 내용은 없으니 {{count}}초 뒤에 다시 시도해 주세요.',
  'refusal.same-key-other-body':
    '같은 메시지가 다른 내용으로 두 번 들어와 두 번째는 쓰지 않았습니다. 첫 번째는 그대로 유지됩니다.',
  'refusal.unknown-button':
    '이전 버전의 버튼이라 처리하지 않았습니다. 카드를 새로 그리고 있으니 새 버튼을 눌러 주세요.',
  'refusal.policy-invalid': '정책을 저장하지 못했습니다. {{at}}: {{why}} 이전 버전이 그대로 적용됩니다.',
} as const
