/** What Teams itself says to a person when something went wrong between it and the app. */
const english = {
  operation_timeout: 'Something went wrong: the app did not answer in time. Please try again.',
  app_error: 'Something went wrong. Please try again.',
  invalid_answer: 'The app sent something that Teams cannot show.',
  invalid_inputs: 'Some answers need your attention.',
  no_such_action: 'There is nothing like that to press here any more.',
  dialog_gone: 'This dialog is no longer open.',
  message_not_found: 'This message is gone.',
  not_member: 'You are not in this conversation.',
  not_installed: 'The app is not installed here.',
  blocked: 'You have blocked this app.',
  account_inactive: 'This account is switched off.',
  not_allowed: 'You may not do that here.',
  required: 'This is required.',
  pattern: 'This does not have the right form.',
  number: 'This is not a number.',
  range: 'This is outside what is allowed.',
  date: 'This is not a date.',
  time: 'This is not a time.',
  choice: 'This is not one of the choices.',
}

export type SentenceKey = keyof typeof english

const korean: typeof english = {
  operation_timeout: '문제가 발생했습니다. 앱이 제때 응답하지 않았습니다. 다시 시도하세요.',
  app_error: '문제가 발생했습니다. 다시 시도하세요.',
  invalid_answer: '앱이 Teams에서 표시할 수 없는 내용을 보냈습니다.',
  invalid_inputs: '확인이 필요한 항목이 있습니다.',
  no_such_action: '여기에는 더 이상 그런 버튼이 없습니다.',
  dialog_gone: '이 대화 상자는 이미 닫혔습니다.',
  message_not_found: '메시지가 없습니다.',
  not_member: '이 대화에 참여하고 있지 않습니다.',
  not_installed: '여기에는 앱이 설치되어 있지 않습니다.',
  blocked: '이 앱을 차단했습니다.',
  account_inactive: '사용이 중지된 계정입니다.',
  not_allowed: '여기서는 할 수 없습니다.',
  required: '필수 항목입니다.',
  pattern: '형식이 맞지 않습니다.',
  number: '숫자가 아닙니다.',
  range: '허용 범위를 벗어났습니다.',
  date: '날짜가 아닙니다.',
  time: '시각이 아닙니다.',
  choice: '선택할 수 있는 항목이 아닙니다.',
}

export const sentence = (locale: 'ko-KR' | 'en-US', key: SentenceKey): string =>
  (locale === 'ko-KR' ? korean : english)[key]
