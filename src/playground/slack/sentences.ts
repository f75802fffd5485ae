/** What Slack itself says to a person when something went wrong between it and the app. */
const english = {
  operation_timeout: (what: string) => `${what} failed because the app did not respond.`,
  dispatch_failed: (what: string) => `${what} failed with the error "dispatch_failed".`,
  invalid_answer: (what: string) => `${what} failed with the error "invalid_blocks".`,
  unknown_command: (what: string) => `${what} is not a valid command.`,
  command_in_thread: (what: string) => `${what} is not supported in threads. Sorry!`,
  trouble: () => 'We had some trouble connecting. Try again?',
  button_failed: () => 'This app didn’t respond. Try again, or ask the people who look after it.',
  missing_required: () => 'Some fields need your attention.',
  view_gone: () => 'This window is no longer open.',
  no_such_action: () => 'There is nothing like that to press here any more.',
  no_such_option: () => 'That is not one of the options.',
  not_in_channel: () => 'You are not in this conversation.',
  is_archived: () => 'This channel is archived.',
  account_inactive: () => 'This account is deactivated.',
  not_allowed: () => 'You may not do that here.',
  message_not_found: () => 'This message is gone.',
}

export type SentenceKey = keyof typeof english

const korean: typeof english = {
  operation_timeout: (what) => `앱이 응답하지 않아 ${what} 명령을 실행하지 못했습니다.`,
  dispatch_failed: (what) => `${what} 명령이 "dispatch_failed" 오류로 실패했습니다.`,
  invalid_answer: (what) => `${what} 명령이 "invalid_blocks" 오류로 실패했습니다.`,
  unknown_command: (what) => `${what} 명령은 올바른 명령이 아닙니다.`,
  command_in_thread: (what) => `${what} 명령은 스레드에서 쓸 수 없습니다.`,
  trouble: () => '연결에 문제가 있었습니다. 다시 시도하시겠어요?',
  button_failed: () => '앱이 응답하지 않았습니다. 다시 시도하거나 앱 담당자에게 문의하세요.',
  missing_required: () => '확인이 필요한 항목이 있습니다.',
  view_gone: () => '이 창은 이미 닫혔습니다.',
  no_such_action: () => '여기에는 더 이상 그런 버튼이 없습니다.',
  no_such_option: () => '선택할 수 있는 항목이 아닙니다.',
  not_in_channel: () => '이 대화에 참여하고 있지 않습니다.',
  is_archived: () => '보관된 채널입니다.',
  account_inactive: () => '비활성화된 계정입니다.',
  not_allowed: () => '여기서는 할 수 없습니다.',
  message_not_found: () => '메시지가 없습니다.',
}

export const sentence = (locale: 'ko-KR' | 'en-US', key: SentenceKey, what = ''): string =>
  (locale === 'ko-KR' ? korean : english)[key](what)
