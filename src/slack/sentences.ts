import type { Locale } from '../canon/people.ts'

/** What this room says by itself: about Slack and about failures, never about deals. */
export interface Sentences {
  /** A gesture that commits took longer than Slack waits; it is not known yet whether it was saved. */
  readonly stillWorking: string
  readonly savedLate: string
  readonly tookTooLong: string
  readonly again: string
  readonly typeAgain: string
  readonly failed: (id: string) => string
  readonly outOfDate: string
  readonly notice: string
  readonly close: string
  /** A file was put into the DM with us. */
  readonly fileSent: (name: string) => string
  readonly fileNotSent: (name: string) => string
}

const ko: Sentences = {
  stillWorking:
    '평소보다 오래 걸리고 있습니다. 아직 저장되지 않았습니다. 결과가 나오면 알려 드리니 잠시 기다려 주세요.',
  savedLate: '저장되었습니다.',
  tookTooLong: '여는 데 시간이 너무 오래 걸렸습니다. 버튼을 다시 눌러 주세요. 입력한 내용은 그대로입니다.',
  again: '다시 열기',
  typeAgain: '여는 데 시간이 너무 오래 걸렸습니다. 명령을 다시 입력해 주세요.',
  failed: (id) =>
    `문제가 생겨 처리하지 못했습니다. 다시 시도해 주세요. 계속되면 관리자에게 이 번호를 알려 주세요: ${id}`,
  outOfDate: '이 화면은 더 이상 최신이 아닙니다. 닫고 다시 열어 주세요.',
  notice: '알림',
  close: '닫기',
  fileSent: (name) => `파일은 저와의 개인 대화에 올렸습니다: ${name}`,
  fileNotSent: (name) =>
    `파일을 올리지 못했습니다: ${name}. 잠시 뒤에 다시 시도해 주세요. 계속되면 관리자에게 파일 권한(files:write)을 확인해 달라고 해 주세요.`,
}

const en: Sentences = {
  stillWorking:
    'This is taking longer than usual and is not saved yet. You will hear here how it ends; please wait a moment.',
  savedLate: 'It is saved now.',
  tookTooLong: 'Opening this took too long for Slack. Press the button to open it; nothing is lost.',
  again: 'Open again',
  typeAgain: 'Opening this took too long for Slack. Please type the command again.',
  failed: (id) =>
    `Something went wrong and this was not done. Please try again; if it keeps happening, give your administrator this number: ${id}`,
  outOfDate: 'This form is out of date. Please close it and open it again.',
  notice: 'Notice',
  close: 'Close',
  fileSent: (name) => `The file is in your direct messages with me: ${name}`,
  fileNotSent: (name) =>
    `The file could not be uploaded: ${name}. Please try again in a while; if it keeps happening, ask your administrator to check the permission files:write.`,
}

/** Both languages, where nobody knows the reader's: a failure can come before the person is known. */
const both: Sentences = {
  stillWorking: `${ko.stillWorking}\n${en.stillWorking}`,
  savedLate: `${ko.savedLate}\n${en.savedLate}`,
  tookTooLong: `${ko.tookTooLong}\n${en.tookTooLong}`,
  again: `${ko.again} · ${en.again}`,
  typeAgain: `${ko.typeAgain}\n${en.typeAgain}`,
  failed: (id) => `${ko.failed(id)}\n${en.failed(id)}`,
  outOfDate: `${ko.outOfDate}\n${en.outOfDate}`,
  notice: `${ko.notice} · ${en.notice}`,
  close: `${ko.close} · ${en.close}`,
  fileSent: (name) => `${ko.fileSent(name)}\n${en.fileSent(name)}`,
  fileNotSent: (name) => `${ko.fileNotSent(name)}\n${en.fileNotSent(name)}`,
}

/** The sentences in a person's language, in both when it is not known. */
export function sentencesFor(locale: Locale | undefined): Sentences {
  return locale === 'ko' ? ko : locale === 'en' ? en : both
}
