export const deal = {
  'deal.summary': '{{deal}} · {{stage}}',
  'deal.closed-on': '{{stage}} · {{day}}',
  'deal.in-stage_other': '이 단계 {{count}}일째',
  'deal.flagged': '할인이 승인된 뒤 정가나 금액이 바뀌었습니다. 다시 검토해 주세요.',
  'deal.required': '이 단계에 필요한 항목: {{fields}}',
  'deal.requests': '할인 요청 이력',
  'choices.which': '“{{query}}”에 해당하는 거래가 여러 건입니다. 어느 거래인가요?',
  'choices.none': '“{{query}}”에 해당하는 거래가 없습니다.',
  'choices.hint': '거래명이나 고객사 이름의 일부, 또는 거래 ID로 찾아보세요.',
} as const
