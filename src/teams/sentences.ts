import type { Locale } from '../canon/people.ts'

/** What this room says by itself: about Teams and about failures, never about deals. */
export interface Sentences {
  /** A gesture that commits took longer than Teams waits; it is not known yet whether it was saved. */
  readonly stillWorking: string
  readonly savedLate: string
  readonly done: string
  readonly openHere: string
  readonly open: string
  /** On a button that may open a list as well as a form. */
  readonly openMine: string
  readonly openPrivately: string
  readonly failed: (id: string) => string
  readonly outOfDate: string
  readonly notice: string
  readonly next: string
  readonly recalculate: string
  readonly required: string
  readonly submit: string
  readonly choose: string
  readonly fileRunsOut: (minutes: number) => string
  readonly fileNotHere: string
}

const ko: Sentences = {
  stillWorking:
    '평소보다 오래 걸리고 있습니다. 아직 저장되지 않았습니다. 결과가 나오면 알려 드리니 잠시 기다려 주세요.',
  savedLate: '저장되었습니다.',
  done: '반영했습니다.',
  openHere: '아래 버튼을 누르면 양식이 열립니다.',
  open: '양식 열기',
  openMine: '열기',
  openPrivately: '이 대화에서는 내용을 보여 드리지 않습니다. 버튼을 누르면 누른 분에게만 열립니다.',
  failed: (id) =>
    `문제가 생겨 처리하지 못했습니다. 다시 시도해 주세요. 계속되면 관리자에게 이 번호를 알려 주세요: ${id}`,
  outOfDate: '이 화면은 더 이상 최신이 아닙니다. 닫고 다시 열어 주세요.',
  notice: '알림',
  next: '계속',
  recalculate: '다시 계산',
  required: '꼭 입력해 주세요.',
  submit: '보내기',
  choose: '선택',
  fileRunsOut: (minutes) => `이 링크는 ${minutes}분 동안만 열립니다. 다른 사람에게 전달하지 마세요.`,
  fileNotHere:
    '여기서는 파일을 드릴 수 없습니다. 관리자에게 PUBLIC_URL 설정을 요청하시거나 Slack에서 요청해 주세요.',
}

const en: Sentences = {
  stillWorking:
    'This is taking longer than usual and is not saved yet. You will hear here how it ends; please wait a moment.',
  savedLate: 'It is saved now.',
  done: 'Done.',
  openHere: 'Press the button to open the form.',
  open: 'Open the form',
  openMine: 'Open',
  openPrivately: 'Nothing is shown in this conversation. Press the button: it opens for you alone.',
  failed: (id) =>
    `Something went wrong and this was not done. Please try again; if it keeps happening, give your administrator this number: ${id}`,
  outOfDate: 'This form is out of date. Please close it and open it again.',
  notice: 'Notice',
  next: 'Continue',
  recalculate: 'Calculate again',
  required: 'Please fill this in.',
  submit: 'Send',
  choose: 'Choose',
  fileRunsOut: (minutes) => `This link opens for ${minutes} minutes. Please do not share it.`,
  fileNotHere:
    'No file can be handed over here. Ask your administrator to set PUBLIC_URL, or ask for it in Slack.',
}

/** Both languages, where nobody knows the reader's: a failure can come before the person is known. */
const both: Sentences = {
  ...Object.fromEntries(
    (Object.keys(ko) as (keyof Sentences)[])
      .filter((key) => typeof ko[key] === 'string')
      .map((key) => [key, `${ko[key]} · ${en[key]}`]),
  ),
  failed: (id: string) => `${ko.failed(id)}\n${en.failed(id)}`,
  fileRunsOut: (minutes: number) => `${ko.fileRunsOut(minutes)} · ${en.fileRunsOut(minutes)}`,
} as Sentences

/** The sentences in a person's language, in both when it is not known. */
export function sentencesFor(locale: Locale | undefined): Sentences {
  return locale === 'ko' ? ko : locale === 'en' ? en : both
}
