import { describe, expect, it } from 'vitest'
import {
  afterHearing,
  listsOf,
  type Picture,
  streamEvents,
  threadKey,
} from '../../src/playground/page/picture.ts'
import type { Conversation, Message, State } from '../../src/playground/page/wire.ts'

const at = Date.UTC(2026, 10, 20, 5, 0)
const message = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  channel: 'C1',
  user: 'U1',
  at: at + Number(ts),
  text: ts,
  blocks: [],
  isApp: false,
  ...more,
})
const channel = (id: string, unread = 0): Conversation => ({
  id,
  kind: 'channel',
  name: id,
  members: [],
  isMember: true,
  archived: false,
  botIsMember: true,
  unread,
})
const state: State = {
  workspaces: [{ id: 'T1', name: 'A', domain: 'a', installed: true }],
  workspace: 'T1',
  me: 'U1',
  people: [],
  bot: 'UB',
  app: { id: 'A1', name: 'Dealdesk' },
  conversations: [channel('C1'), channel('C2')],
  modals: [],
  home: null,
  commands: [],
  clock: { now: at, wall: at, offsetMs: 0 },
  faults: [],
  revision: 1,
}
const picture: Picture = {
  connection: 'open',
  state,
  spot: { kind: 'channel', channel: 'C1' },
  pages: {
    C1: { messages: [message('1'), message('3')], hasMore: true },
    [threadKey('C1', '1')]: { messages: [message('1')], hasMore: false },
  },
  traffic: [],
  toasts: [],
  switching: false,
}
const texts = (change: Partial<Picture>, key = 'C1') => change.pages?.[key]?.messages.map((m) => m.text)

describe('the picture after the stream spoke', () => {
  it('shows a new message in its conversation and not in another', () => {
    expect(texts(afterHearing(picture, 'message', { message: message('4') }))).toEqual(['1', '3', '4'])
    expect(texts(afterHearing(picture, 'message', { message: message('4', { channel: 'C2' }) }))).toEqual([
      '1',
      '3',
    ])
  })

  it('shows a reply in its open thread and keeps it out of the conversation', () => {
    const change = afterHearing(picture, 'message', { message: message('4', { thread: '1' }) })
    expect(texts(change)).toEqual(['1', '3'])
    expect(texts(change, threadKey('C1', '1'))).toEqual(['1', '4'])
  })

  it('redraws a card in the conversation and as the parent of its open thread', () => {
    const change = afterHearing(picture, 'message_changed', {
      message: message('1', { text: 'settled', thread: '1' }),
    })
    expect(texts(change)).toEqual(['settled', '3'])
    expect(texts(change, threadKey('C1', '1'))).toEqual(['settled'])
  })

  it('does not let a change to a message from before the loaded page appear out of its place', () => {
    expect(texts(afterHearing(picture, 'message_changed', { message: message('0') }))).toEqual(['1', '3'])
  })

  it('removes a message wherever it is shown', () => {
    const change = afterHearing(picture, 'message_deleted', { channel: 'C1', ts: '1' })
    expect(texts(change)).toEqual(['3'])
    expect(texts(change, threadKey('C1', '1'))).toEqual([])
  })

  it('adds a conversation it did not know and replaces one it did', () => {
    const heard = (c: Conversation) =>
      afterHearing(picture, 'conversation', c).state?.conversations.map(
        (known) => `${known.id} ${known.unread}`,
      )
    expect(heard(channel('C2', 5))).toEqual(['C1 0', 'C2 5'])
    expect(heard(channel('C9', 1))).toEqual(['C1 0', 'C2 0', 'C9 1'])
  })

  it('tells an exchange that ended apart from one that began, and keeps the last 300', () => {
    const exchange = (id: number, outcome: 'running' | 'ok') => ({
      id,
      at,
      direction: 'to-app',
      what: 'x',
      outcome,
    })
    const begun = { ...picture, ...afterHearing(picture, 'traffic', exchange(1, 'running')) }
    const ended = afterHearing(begun, 'traffic', exchange(1, 'ok'))
    expect(ended.traffic?.map((e) => e.outcome)).toEqual(['ok'])
    let long: Picture = picture
    for (let id = 1; id <= 310; id += 1)
      long = { ...long, ...afterHearing(long, 'traffic', exchange(id, 'ok')) }
    expect([long.traffic.length, long.traffic[0]?.id]).toEqual([300, 11])
  })

  it('hears nothing before it knows whom it shows', () => {
    for (const event of streamEvents)
      expect(afterHearing({ ...picture, state: undefined } as unknown as Picture, event, {})).toEqual({})
  })

  it('keeps a parent’s changes ready for its conversation and for its thread', () => {
    expect(listsOf(message('1', { thread: '1' }))).toEqual(['C1', 'C1/1'])
    expect(listsOf(message('4', { thread: '1' }))).toEqual(['C1/1', 'C1/4'])
  })
})
