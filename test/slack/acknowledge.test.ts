import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Reply } from '../../src/gesture.ts'
import {
  askForm,
  change,
  command,
  createRig,
  modal,
  press,
  type Rig,
  say,
  search,
  send,
  submission,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.stop())

const blocksOf = (args: Record<string, unknown>) => JSON.stringify(args.blocks ?? args.view)
const refused = (error: string) => ({ ok: false, error })

describe('B5.40 a form that opens too late', () => {
  it('tells the person privately, with a button that opens the same form', async () => {
    rig.reply = () => ({ kind: 'open', view: askForm })
    rig.api.script('views.open', refused('expired_trigger_id'))
    await send(rig, command(rig, 'acme 15'))
    const said = await rig.api.until(() => rig.api.said[0])
    const blocks = said.blocks as { type: string; elements: { action_id: string; value: string }[] }[]
    const again = blocks.at(-1)!.elements[0]!
    expect(said.text).toMatch(/took too long/)

    await send(
      rig,
      press(rig, '', '', {
        trigger_id: 'a-new-trigger',
        actions: [{ type: 'button', action_id: again.action_id, block_id: 'b', value: again.value }],
      }),
    )
    await rig.api.until(() => rig.api.of('views.open')[1])
    expect(rig.api.of('views.open')[1]).toMatchObject({ trigger_id: 'a-new-trigger' })
    expect(rig.gestures[1]).toMatchObject({ kind: 'command', command: 'approve-discount', text: 'acme 15' })
  })

  it('does the same for a button that opens a form', async () => {
    rig.reply = () => ({ kind: 'open', view: askForm })
    rig.api.script('views.open', refused('exchanged_trigger_id'))
    await send(rig, press(rig, 'discount.counter', 'd1'))
    const said = await rig.api.until(() => rig.api.said[0])
    const button = (said.blocks as { elements: { value: string }[] }[]).at(-1)!.elements[0]!
    await send(
      rig,
      press(rig, '', '', { actions: [{ type: 'button', action_id: 'slack.again', value: button.value }] }),
    )
    await rig.api.until(() => rig.gestures[1])
    expect(rig.gestures[1]).toMatchObject({ kind: 'button', action: 'discount.counter', drawing: 'd1' })
  })

  it('a made-up value of that button does nothing', async () => {
    for (const value of ['', 'null', '{"a":"slack.again"}', '{"x":1}', '[', '"c"']) {
      const body = press(rig, '', '', { actions: [{ type: 'button', action_id: 'slack.again', value }] })
      expect((await send(rig, body)).status).toBe(200)
    }
    await rig.slack.quiet()
    expect(rig.gestures).toEqual([])
  })
})

describe('B5.41 a form that moved on', () => {
  it('drops an update that conflicts and keeps quiet about it', async () => {
    rig.reply = () => ({ kind: 'redraw', view: askForm })
    rig.api.script('views.update', refused('hash_conflict'))
    await send(rig, change('discount'))
    await rig.api.call('views.update')
    await rig.slack.quiet()
    expect(rig.api.calls.map((c) => c.method)).toEqual(['views.update'])
    expect(rig.lines.filter((l) => l.level === 'error')).toEqual([])
  })

  it('draws only the newest of several quick changes, with the hash of our own last update', async () => {
    let seen = 0
    const held: (() => void)[] = []
    rig.reply = () => {
      seen += 1
      const title = `Change ${seen}`
      return new Promise<Reply>((resolve) => {
        held.push(() => resolve({ kind: 'redraw', view: { ...askForm, title } }))
      })
    }
    await send(rig, change('discount'))
    await rig.api.until(() => held.length === 1)
    await send(rig, change('discount'))
    await rig.api.until(() => held.length === 2)
    held[1]!()
    const first = await rig.api.call('views.update')
    held[0]!()
    await send(rig, change('discount'))
    await rig.api.until(() => held.length === 3)
    held[2]!()
    const second = await rig.api.until(() => rig.api.of('views.update')[1])
    expect([first, second].map((a) => (a.view as { title: { text: string } }).title.text)).toEqual([
      'Change 2',
      'Change 3',
    ])
    // The person had not seen our update yet when they typed on: the hash is the one our update returned.
    expect(second.hash).not.toBe('h-seen')
  })
})

describe('a failure', () => {
  const broken = () => Promise.reject(new Error('connect ECONNREFUSED postgres://user:pw@db'))

  it('at a button is a sentence with an id, and the same id in one log line', async () => {
    rig.commits = () => true
    rig.reply = broken
    expect((await send(rig, press(rig, 'discount.approve', 'd1'))).status).toBe(200)
    const said = await rig.api.until(() => rig.api.said[0])
    const errors = rig.lines.filter((l) => l.level === 'error')
    expect(errors).toHaveLength(1)
    expect(said.text).toContain(String(errors[0]!.fields.id))
    expect(JSON.stringify(said)).not.toMatch(/postgres|ECONNREFUSED|pw@/)
  })

  it('at a form keeps what was typed', async () => {
    rig.reply = broken
    const answer = JSON.parse((await send(rig, submission())).body) as {
      response_action: string
      errors: Record<string, string>
    }
    expect(answer.response_action).toBe('errors')
    expect(Object.keys(answer.errors)).toEqual(['discount'])
    expect(answer.errors.discount).toContain(String(rig.lines.find((l) => l.level === 'error')!.fields.id))
  })

  it('in what is drawn over a form keeps what was typed, too', async () => {
    rig.reply = () => ({ kind: 'redraw', view: { ...askForm, items: [{ kind: 'unheard-of' } as never] } })
    const answer = JSON.parse((await send(rig, submission())).body) as { errors: Record<string, string> }
    expect(answer.errors.discount).toMatch(/went wrong/)
  })

  it('at a search is an empty list within the time', async () => {
    rig.reply = broken
    expect(JSON.parse((await send(rig, search('a'))).body)).toEqual({ options: [] })
  })

  it('of a command is told although it was acknowledged', async () => {
    rig.reply = broken
    await send(rig, command(rig, 'acme'))
    expect((await rig.api.until(() => rig.api.said[0])).text).toMatch(/went wrong/)
  })

  it('of Slack itself (a form it refuses) is told too', async () => {
    rig.reply = () => ({ kind: 'open', view: askForm })
    rig.api.script('views.open', refused('invalid_arguments'))
    await send(rig, command(rig, 'acme'))
    expect((await rig.api.until(() => rig.api.said[0])).text).toMatch(/went wrong/)
    expect(rig.lines.find((l) => l.level === 'error')!.fields.slack).toBe('invalid_arguments')
  })

  it('B5.87 shows no token in any line or answer', async () => {
    rig.reply = () => ({ kind: 'open', view: askForm })
    rig.api.script('views.open', refused('invalid_auth'))
    await send(rig, command(rig, 'acme'))
    await rig.api.until(() => rig.api.said[0])
    expect(JSON.stringify([rig.lines, rig.api.said])).not.toContain('xoxb-of-the-tests')
  })
})

describe('a gesture that takes longer than Slack waits', () => {
  it('is never silent: the button is answered, and the outcome follows', async () => {
    await rig.stop()
    rig = await createRig({ budgetMs: 20 })
    rig.commits = () => true
    let done: (reply: Reply) => void = () => undefined
    rig.reply = () =>
      new Promise((resolve) => {
        done = resolve
      })
    expect((await send(rig, press(rig, 'discount.approve', 'd1'))).status).toBe(200)
    expect((await rig.api.until(() => rig.api.said[0])).text).toMatch(/not saved yet/)
    done({ kind: 'say', card: say('Approved.') })
    expect((await rig.api.until(() => rig.api.said[1])).text).toBe('Approved.')
  })

  it('keeps the form open with what was typed, and says how it ended', async () => {
    await rig.stop()
    rig = await createRig({ budgetMs: 20 })
    let done: (reply: Reply) => void = () => undefined
    rig.reply = () =>
      new Promise((resolve) => {
        done = resolve
      })
    const answer = JSON.parse((await send(rig, submission())).body) as { errors: Record<string, string> }
    expect(answer.errors.discount).toMatch(/not saved yet/)
    done({ kind: 'close' })
    const posted = await rig.api.call('chat.postMessage')
    expect(posted.text).toMatch(/saved now/)
  })
})

describe('B5.34 a response_url', () => {
  it.each([
    'https://evil.example/steal',
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com:8443/x',
    'https://user@hooks.slack.com/x',
    'http://127.0.0.1:1/x',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is not followed; the answer goes to the DM', async (url) => {
    rig.reply = () => ({ kind: 'say', card: say('Only for you.') })
    await send(rig, command(rig, '', { response_url: url }))
    expect(await rig.api.call('chat.postMessage')).toMatchObject({ channel: 'D01', text: 'Only for you.' })
    expect(rig.api.said).toEqual([])
  })

  it('that is used up falls back to the DM', async () => {
    rig.reply = () => ({ kind: 'say', card: say('Only for you.') })
    const gone = new URL('/gone', rig.api.url).href
    await send(rig, command(rig, '', { response_url: gone, channel_id: 'C9' }))
    // In a channel the person is told there, and nobody else sees it.
    expect(await rig.api.call('chat.postEphemeral')).toMatchObject({ channel: 'C9', user: 'U01' })
  })
})

describe('where an answer goes', () => {
  it('of a button on the Home tab is a small modal: a message would not be seen there', async () => {
    rig.reply = () => ({ kind: 'say', card: say('Nothing to undo.') })
    await send(
      rig,
      press(rig, 'inbox.undo', 'd1', {
        response_url: undefined,
        channel: undefined,
        container: { type: 'view', view_id: 'VH' },
        view: { id: 'VH', type: 'home', hash: 'h', blocks: [] },
      }),
    )
    const opened = await rig.api.call('views.open')
    expect(blocksOf(opened)).toContain('Nothing to undo.')
    expect(rig.gestures[0]).toMatchObject({ place: { kind: 'home' } })
  })

  it('of a button in a form is pushed over it, so that what was typed stays', async () => {
    rig.reply = () => ({ kind: 'say', card: say('Not now.') })
    await send(
      rig,
      press(rig, 'discount.why', 'd1', {
        container: { type: 'view', view_id: 'V77' },
        view: modal(),
        channel: undefined,
      }),
    )
    expect(blocksOf(await rig.api.call('views.push'))).toContain('Not now.')
  })

  it('of a form opened from a form takes its place', async () => {
    rig.reply = () => ({ kind: 'open', view: askForm })
    await send(
      rig,
      press(rig, 'discount.more', 'd1', {
        container: { type: 'view', view_id: 'V77' },
        view: modal(),
        channel: undefined,
      }),
    )
    expect(await rig.api.call('views.update')).toMatchObject({ view_id: 'V77', hash: 'h-seen' })
  })

  it('of a form opened by a command goes back to where the command was typed', async () => {
    rig.reply = (gesture) =>
      gesture.kind === 'command' ? { kind: 'open', view: askForm } : { kind: 'close', say: say('Asked.') }
    await send(rig, command(rig, 'acme', { channel_id: 'C5' }))
    await rig.api.call('views.open')
    await send(rig, submission({}, { id: 'V1' }))
    expect((await rig.api.until(() => rig.api.said[0])).text).toBe('Asked.')
    expect(rig.api.of('chat.postMessage')).toEqual([])
  })

  it('of a form whose beginning nobody remembers goes to the DM', async () => {
    rig.reply = () => ({ kind: 'close', say: say('Asked.') })
    await send(rig, submission({}, { id: 'V-from-before-the-restart' }))
    expect(await rig.api.call('chat.postMessage')).toMatchObject({ channel: 'D-U01', text: 'Asked.' })
  })

  it('never goes back to somebody else’s beginning', async () => {
    rig.reply = (gesture) =>
      gesture.kind === 'command' ? { kind: 'open', view: askForm } : { kind: 'close', say: say('Asked.') }
    await send(rig, command(rig, 'acme'))
    await rig.api.call('views.open')
    await send(rig, submission({ user: { id: 'U02', team_id: 'T01' } }, { id: 'V1' }))
    expect(await rig.api.call('chat.postMessage')).toMatchObject({ channel: 'D-U02' })
    expect(rig.api.said).toEqual([])
  })

  it('of a button on an answer only one person sees takes the place of that answer', async () => {
    rig.reply = () => ({ kind: 'say', card: say('Approved.') })
    await send(
      rig,
      press(rig, 'discount.approve', 'd1', {
        container: { type: 'message', message_ts: '1.1', channel_id: 'C1', is_ephemeral: true },
        channel: { id: 'C1' },
      }),
    )
    expect(await rig.api.until(() => rig.api.said[0])).toMatchObject({
      replace_original: true,
      text: 'Approved.',
    })
  })

  it('after a submitted form replaces the form, where the person looks', async () => {
    rig.reply = () => ({ kind: 'say', card: say('This request was settled meanwhile.') })
    const answer = JSON.parse((await send(rig, submission())).body) as { response_action: string }
    expect(answer.response_action).toBe('update')
    expect(JSON.stringify(answer)).toContain('settled meanwhile')
  })

  it('is given in both languages while nobody knows the person’s', async () => {
    await rig.stop()
    rig = await createRig({ localeOf: async () => undefined })
    rig.commits = () => true
    rig.reply = () => Promise.reject(new Error('x'))
    await send(rig, press(rig, 'discount.approve', 'd1'))
    const said = await rig.api.until(() => rig.api.said[0])
    expect(said.text).toMatch(/went wrong/)
    expect(said.text).toMatch(/문제가 생겨/)
  })
})
