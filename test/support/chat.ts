import type { Locator } from 'playwright-core'

/** What somebody does in a chat client, by the names of what is on the screen: Slack's and Teams' are used alike. */
export interface Chat {
  /** The form in front. */
  readonly dialog: Locator
  /** Becomes somebody else, by their name in the switcher. */
  become(name: string): Promise<void>
  /** The newest message in view with these words. */
  message(text: string | RegExp): Locator
  /** What answered a press or a command, with these words: a message, on Teams also a dialog. */
  answer(text: string | RegExp): Locator
  /** Puts an answer away that stands before everything else. */
  dismiss(): Promise<void>
  /** Gives a command that a card answers, e.g. `deal D-1042`. */
  ask(words: string): Promise<void>
  /** Gives a command that a form answers, and waits for the form. */
  form(words: string): Promise<void>
  /** Presses a button of a message, and confirms where it asks. */
  press(card: Locator, button: string, confirm?: string): Promise<void>
  /** Types into the form, by the labels of its fields. */
  fill(answers: Readonly<Record<string, string>>): Promise<void>
  /** What stands in a field of the form. */
  value(label: string): Promise<string>
  /** Takes from a menu of the form the option that begins so. */
  pick(label: string, option: string): Promise<void>
  /** The same where several can be taken. */
  tick(label: string, option: string): Promise<void>
  /** Searches a menu of the form and takes what it finds. */
  choose(label: string, query: string, option: string | RegExp): Promise<void>
  /** On to the rest of a form that depends on what was answered so far. */
  more(): Promise<void>
  /** Sends the form and waits until it has gone, and for what is said about it. */
  submit(button: string, said?: string | RegExp): Promise<void>
  /** What reaches beyond the right edge of the screen: nothing should. */
  overflow(): Promise<readonly string[]>
}

/** For a pattern of a label, a name or a sentence as it is written. */
export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
