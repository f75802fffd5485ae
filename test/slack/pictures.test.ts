import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Card } from '../../blocks/card.ts'
import type { Reply } from '../../src/gesture.ts'
import type { Block } from '../../src/playground/slack/blockkit.ts'
import type { SlackParts } from '../../src/slack/index.ts'
import { createSlack, type Slack } from '../../src/slack/index.ts'
import { week } from '../chart/samples.ts'
import { localSlack, type TestSlack } from '../support/slack-people.ts'

/* Charts and files on their way to Slack, against the local Slack, which is as slow to scan and as strict as the real one. */

const tenant = 'T0LOCAL'
const to = { tenant, channel: 'C0DEALS' }
const digest: Card = {
  summary: 'The week',
  blocks: [
    { kind: 'title', text: 'The week' },
    { kind: 'chart', chart: week },
    { kind: 'table', head: ['Stage', 'Deals'], rows: [[[{ user: '<!channel> *Acme*' }], ['3']]] },
  ],
}

let open: { slack: TestSlack; ours: Slack; server: Server } | undefined
const lines: string[] = []

async function rig(reply: Reply = { kind: 'nothing' }, parts: Partial<SlackParts> = {}, scanMs = 5) {
  const slack = await localSlack({ scanMs })
  lines.length = 0
  const note = (_fields: object, message: string): void => void lines.push(message)
  const ours = createSlack({
    config: { apiUrl: slack.apiUrl, signingSecrets: [slack.signingSecret], botToken: slack.botToken },
    intake: { take: async () => reply, commitsBeforeAck: () => false },
    clock: { now: () => 1_763_700_000_000 },
    log: { debug: note, info: note, warn: note, error: note },
    commands: ['deal'],
    production: false,
    localeOf: async () => 'en',
    ...parts,
  })
  const server = createServer((req, res) => void ours.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  open = { slack, ours, server }
  const posted = (): Block[] =>
    slack.slack.workspace().channels.C0DEALS!.messages.flatMap((message) => message.blocks)
  return { slack, ours, posted, courier: ours.courier }
}
afterEach(async () => {
  if (!open) return
  await open.ours.stop(2_000)
  open.server.closeAllConnections()
  open.server.close()
  await open.slack.close()
  open = undefined
})

const image = (blocks: readonly Block[]) => blocks.find((block) => block.type === 'image')
const words = (blocks: readonly Block[]) => JSON.stringify(blocks)

describe('a chart in a message', () => {
  it('is uploaded, waited for until Slack can show it, and posted with its numbers in words', async () => {
    const { slack, courier, posted } = await rig()
    const sent = await courier.post(to, digest, 'key-1')
    expect(sent.outcome).toBe('sent')
    const shown = image(posted()) as unknown as { slack_file: { id: string }; alt_text: string }
    expect(shown.alt_text).toBe(week.alt)
    const file = slack.slack.workspace().files![shown.slack_file.id]!
    expect(file).toMatchObject({ mimetype: 'image/png' })
    expect(file.channel).toBeUndefined()
    expect(Buffer.from(file.content, 'base64').subarray(1, 4).toString()).toBe('PNG')
    expect(slack.calls('files.info').length).toBeGreaterThan(0)
  })

  it('is uploaded once a workspace, however often and in however many places it is shown', async () => {
    const { slack, courier } = await rig()
    await courier.prepare!(tenant, digest)
    const [sent] = await Promise.all(
      [1, 2, 3].map((n) => courier.post(to, structuredClone(digest), `key-${n}`)),
    )
    if (sent?.outcome !== 'sent') throw new Error('not sent')
    await courier.update(sent.ref, digest)
    expect(slack.calls('files.getUploadURLExternal')).toHaveLength(1)
    expect(slack.calls('chat.postMessage')).toHaveLength(3)
  })

  it.each([
    ['files.getUploadURLExternal', 'rate-limit'],
    ['files.getUploadURLExternal', 'error'],
    ['files.upload', 'status'],
    ['files.upload', 'drop'],
    ['files.completeUploadExternal', 'error'],
    ['files.completeUploadExternal', 'accept-then-drop'],
    ['files.info', 'status'],
  ] as const)(
    'a failure of %s (%s) costs the picture and not the message, and is not tried again at once',
    async (method, kind) => {
      const { slack, courier, posted } = await rig()
      slack.fault({ on: 'api', method, kind, retryAfter: 60, status: 503, error: 'fatal_error' })
      expect((await courier.post(to, digest, 'key-1')).outcome).toBe('sent')
      expect(image(posted())).toBeUndefined()
      expect(words(posted())).toContain('커버리지 3.4배')
      const asked = slack.calls('files.getUploadURLExternal').length
      expect((await courier.post(to, digest, 'key-2')).outcome).toBe('sent')
      expect(slack.calls('files.getUploadURLExternal')).toHaveLength(asked)
      expect(lines).toContain('a chart could not be uploaded: its words stand alone')
    },
  )

  it('a short wait that Slack asks for is kept, once', async () => {
    const { slack, courier, posted } = await rig()
    slack.fault({
      on: 'api',
      method: 'files.getUploadURLExternal',
      kind: 'rate-limit',
      retryAfter: 1,
      times: 1,
    })
    expect((await courier.post(to, digest, 'key-1')).outcome).toBe('sent')
    expect(image(posted())).toBeDefined()
  })

  it('B5.54 a workspace that did not grant files:write gets the words, and is not asked for every chart', async () => {
    const { slack, courier, posted } = await rig()
    slack.slack.workspace().scopes = slack.slack.workspace().scopes.filter((scope) => scope !== 'files:write')
    expect((await courier.post(to, digest, 'key-1')).outcome).toBe('sent')
    const other: Card = { ...digest, blocks: [{ kind: 'chart', chart: { ...week, alt: 'another' } }] }
    expect((await courier.post(to, other, 'key-2')).outcome).toBe('sent')
    expect(slack.calls('files.getUploadURLExternal')).toHaveLength(1)
    expect(image(posted())).toBeUndefined()
  })

  it('a file that never becomes usable costs the picture and not the message', async () => {
    const { courier, posted } = await rig(
      { kind: 'nothing' },
      { pictureMostMs: 400 },
      Number.POSITIVE_INFINITY,
    )
    expect((await courier.post(to, digest, 'key-1')).outcome).toBe('sent')
    expect(image(posted())).toBeUndefined()
    expect(words(posted())).toContain('커버리지 3.4배')
  })

  it('a file that was deleted meanwhile costs the picture and not the redraw', async () => {
    const { slack, courier, posted } = await rig()
    const sent = await courier.post(to, digest, 'key-1')
    if (sent.outcome !== 'sent') throw new Error('not sent')
    slack.slack.workspace().files = {}
    expect((await courier.update(sent.ref, digest)).outcome).toBe('sent')
    expect(image(posted())).toBeUndefined()
    expect(words(posted())).toContain('커버리지 3.4배')
  })

  it('that cannot be drawn is told in words', async () => {
    const { courier, posted } = await rig(
      { kind: 'nothing' },
      {
        draw: async () => {
          throw new Error('no canvas here')
        },
      },
    )
    expect((await courier.post(to, digest, 'key-1')).outcome).toBe('sent')
    expect(words(posted())).toContain('커버리지 3.4배')
  })
})

describe('a chart in an answer that one person sees', () => {
  it('is shown by its address where there is one', async () => {
    const { slack } = await rig(
      { kind: 'say', card: digest },
      {
        link: async () => 'https://dealdesk.example.com/charts/x.png?c=acme&e=1&s=y',
      },
    )
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', '', 'deals')
    await jiwon.ephemeral(/The week/)
    const [answer] = slack.slack.workspace().channels.C0DEALS!.messages
    expect(answer?.ephemeralTo).toBe('U0JIWON')
    expect(image(answer!.blocks)).toMatchObject({ image_url: expect.stringContaining('/charts/x.png') })
    expect(slack.calls('files.getUploadURLExternal')).toHaveLength(0)
  })

  it('in the DM is uploaded where there is no address, and told in words in a channel', async () => {
    const { slack } = await rig({ kind: 'say', card: digest })
    const jiwon = slack.as('U0JIWON')
    const workspace = slack.slack.workspace()
    const dm = slack.core.dm(workspace, 'U0JIWON', workspace.botUser)
    await jiwon.command('/deal', '', dm.id)
    await jiwon.dm().waitForMessage(/The week/)
    expect(image(dm.messages.at(-1)!.blocks)).toMatchObject({
      slack_file: { id: expect.stringMatching(/^F/) },
    })
    await jiwon.command('/deal', '', 'deals')
    await jiwon.ephemeral(/커버리지 3.4배/)
  })
})

describe('a file for the person who asked', () => {
  const file: Reply = {
    kind: 'file',
    name: '승률 Q4.csv',
    text: '팀,승률\n서울,36\n',
    card: { summary: 'Win rate', blocks: [{ kind: 'text', text: ['Win rate by team.'] }] },
  }

  it('is put into their DM, in a form that spreadsheets read Korean from, and nowhere else', async () => {
    const { slack, posted } = await rig(file)
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', 'export', 'deals')
    await jiwon.ephemeral(/direct messages with me: 승률 Q4\.csv/)
    const workspace = slack.slack.workspace()
    const [stored] = Object.values(workspace.files!)
    expect(workspace.channels[stored!.channel!]).toMatchObject({
      kind: 'dm',
      members: expect.arrayContaining(['U0JIWON']),
    })
    expect(Buffer.from(stored!.content, 'base64').toString()).toBe('\ufeff팀,승률\n서울,36\n')
    expect(posted().filter((block) => words([block]).includes('서울,36'))).toEqual([])
  })

  it('that Slack does not take is told of, with the card', async () => {
    const { slack } = await rig(file)
    slack.fault({ on: 'api', method: 'files.upload', kind: 'status', status: 500 })
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', 'export', 'deals')
    await jiwon.ephemeral(/Win rate by team[\s\S]*could not be uploaded/)
  })
})
