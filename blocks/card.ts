import type { Chart } from './chart.ts'

/**
 * The vocabulary of what people see: plain data, no platform word. One exhaustive renderer per platform
 * (src/slack/render.ts, src/teams/render.ts). Everything a person typed travels as `{ user }`, so that a
 * renderer can show it literally: nothing in a deal's name is ever markup.
 */
export type Span =
  | string // our own words
  | { readonly user: string } // somebody's words: names, reasons, deal and account names
  /** `mention`: the id, on the platform it goes to, of the person it names; ours from the record, never typed (B5.59). */
  | { readonly bold: string; readonly mention?: string }
  | { readonly link: string; readonly url: string }

export type Text = readonly Span[]

export interface Button {
  /** `noun.verb`, the Slack action_id (docs: contract). */
  readonly action: string
  readonly label: string
  /** The id of the drawing it stands on; the one thing a click may tell us. */
  readonly drawing: string
  readonly style?: 'primary' | 'danger'
  readonly confirm?: {
    readonly title: string
    readonly text: string
    readonly yes: string
    readonly no: string
  }
}

/** Several values of one action behind one button; what is chosen comes back as the gesture's choice. */
export interface Menu {
  readonly action: string
  readonly label: string
  readonly drawing: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export type Block =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: Text }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  /** A person's own words, in a block of their own under a label of ours, so that they can pass for nothing else (B5.60). */
  | { readonly kind: 'quote'; readonly label: string; readonly text: string }
  /** The route of a request: who decided what, whose turn it is, who comes next. */
  | {
      readonly kind: 'route'
      readonly steps: readonly {
        readonly state: 'done' | 'now' | 'next' | 'refused' | 'skipped' | 'copied'
        readonly text: Text
      }[]
    }
  /** `threads`: it speaks of replies in the thread under the card, and is left out where there are none. */
  | { readonly kind: 'note'; readonly text: Text; readonly threads?: true }
  | { readonly kind: 'divider' }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  /** One row of a list with its own button(s): an inbox line. */
  | {
      readonly kind: 'row'
      readonly text: Text
      readonly note?: Text
      readonly buttons: readonly Button[]
      /** A choice beside the buttons that takes no more room than one of them. */
      readonly menu?: Menu
    }
  /** A choice made in place, outside a form (settings, people): changes come back as `noun.verb` with the chosen value. */
  | {
      readonly kind: 'choice'
      readonly action: string
      readonly drawing: string
      readonly label: string
      readonly options: readonly { readonly value: string; readonly label: string }[]
      readonly chosen?: string
    }
  /** A picture of numbers; its `alt` says them in words. At most one a card. */
  | { readonly kind: 'chart'; readonly chart: Chart }
  /** Rows and columns: the first column is left, the others are numbers. Cells may hold user text. */
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly Text[])[]
    }

export interface Card {
  /** What a notification and a screen reader say: one plain sentence. May hold user text; renderers escape it. */
  readonly summary: string
  readonly blocks: readonly Block[]
  /** What a line in a thread is about; shown where there are no threads and the line stands by itself. */
  readonly topic?: Text
  /** In a conversation of several: who sees a version of their own, and the button that shows it (Teams alone). */
  readonly own?: { readonly action: string; readonly drawing: string; readonly people: readonly string[] }
}
