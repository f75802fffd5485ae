import type { App } from '@slack/bolt'
import { afterEach, describe, expect, test } from 'vitest'
import { CouldNot } from '../support/slack-could-not.ts'
import { localSlack, type TestSlack, type TestSlackOptions } from '../support/slack-people.ts'
import { boltApp } from './bolt-app.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(listen: (app: App) => void, options: TestSlackOptions = {}): Promise<TestSlack> {
  const slack = await localSlack(options)
  open.push(slack)
  open.push(await boltApp(slack, listen))
  return slack
}

const plain = (text: string) => ({ type: 'plain_text' as const, text })

describe('what a person does reaches a Bolt app and comes back', () => {
  test('a command opens a form, its fields tell the app, its submission posts a card', async () => {
    const slack = await start((app) => {
      app.command('/approve-discount', async ({ ack, body, client }) => {
        await ack()
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'discount.request',
            title: plain('Discount'),
            submit: plain('Send'),
            private_metadata: body.text,
            blocks: [
              {
                type: 'input',
                block_id: 'deal',
                label: plain('Deal'),
                dispatch_action: true,
                element: { type: 'external_select', action_id: 'deal', min_query_length: 0 },
              },
              {
                type: 'input',
                block_id: 'discount',
                label: plain('Discount'),
                element: { type: 'number_input', action_id: 'discount', is_decimal_allowed: true },
              },
            ],
          },
        })
      })
      app.options('deal', async ({ ack, payload }) => {
        await ack({ options: [{ text: plain(`${payload.value} Corp`), value: 'd1' }] })
      })
      app.action('deal', async ({ ack, body, client }) => {
        await ack()
        const view = 'view' in body ? body.view! : undefined
        await client.views.update({
          view_id: view!.id,
          hash: view!.hash,
          view: {
            type: 'modal',
            callback_id: 'discount.request',
            title: plain('Discount'),
            submit: plain('Send'),
            private_metadata: view!.private_metadata,
            blocks: [
              ...view!.blocks,
              { type: 'section', block_id: 'preview', text: { type: 'mrkdwn', text: '*VP Sales* decides' } },
            ],
          },
        })
      })
      app.view('discount.request', async ({ ack, view, client }) => {
        const discount = view.state.values.discount?.discount?.value
        if (Number(discount) > 50) {
          await ack({ response_action: 'errors', errors: { discount: 'At most 50 %' } })
          return
        }
        await ack()
        const opened = await client.conversations.open({ users: 'U0VERA' })
        await client.chat.postMessage({
          channel: opened.channel!.id!,
          text: `${discount} % for ${view.state.values.deal?.deal?.selected_option?.text.text}`,
          blocks: [
            {
              type: 'section',
              text: { type: 'mrkdwn', text: `*${discount} %* for &lt;Acme&gt; by <@U0JIWON>` },
            },
            {
              type: 'actions',
              elements: [
                { type: 'button', action_id: 'discount.approve', value: 'x1', text: plain('Approve') },
              ],
            },
          ],
        })
      })
      app.action('discount.approve', async ({ ack, body, client }) => {
        await ack()
        if (!('message' in body) || !body.message || !body.channel) return
        await client.chat.update({
          channel: body.channel.id,
          ts: body.message.ts,
          text: 'done',
          blocks: [{ type: 'section', text: plain(`Approved by ${body.user.id}`) }],
        })
      })
    })

    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/approve-discount', 'acme 15')
    const form = await jiwon.modal()
    expect(form.title).toBe('Discount')
    await form.fill({ deal: 'Acme', discount: '62' })
    await form.waitFor(/VP Sales decides/)
    expect(form.value('deal')).toBe('Acme Corp')
    expect(form.value('discount')).toBe('62')
    expect(await form.trySubmit()).toMatchObject({ ok: false, errors: { discount: 'At most 50 %' } })
    await form.fill({ discount: '22' })
    await form.submit()
    expect(form.closed).toBe(true)

    const card = await slack.as('U0VERA').dm().waitForMessage(/22 %/)
    expect(card.text()).toBe('22 % for <Acme> by @김지원\n[Approve]')
    expect(card.summary()).toBe('22 % for Acme Corp')
    expect(card.live()).toEqual(['@U0JIWON'])
    await card.click('discount.approve')
    await card.settled()
    expect(card.text()).toBe('Approved by U0VERA')
  })

  test('a form that lacks a required answer is not sent, and says so where it is missing', async () => {
    const slack = await start((app) => {
      app.command('/deal', async ({ ack, body, client }) => {
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'f',
            title: plain('Form'),
            submit: plain('Send'),
            blocks: [
              {
                type: 'input',
                block_id: 'why',
                label: plain('Why'),
                element: { type: 'plain_text_input', action_id: 'why', min_length: 3 },
              },
            ],
          },
        })
        await ack()
      })
    })
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal')
    const form = await jiwon.modal()
    await expect(form.submit()).rejects.toThrow(CouldNot)
    expect(form.errors()).toEqual({ why: '필수 입력란을 작성하세요.' })
    await form.fill({ why: 'ab' })
    expect(await form.trySubmit()).toMatchObject({ errors: { why: '3자 이상 입력하세요.' } })
    expect(slack.received('view_submission')).toEqual([])
  })

  test('the body of an acknowledgement is an answer that only the person sees', async () => {
    const slack = await start((app) => {
      app.command('/deal', async ({ ack }) => {
        await ack({ text: 'only you' })
      })
    })
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', '', 'deals')
    expect((await jiwon.ephemeral(/only you/)).ephemeral).toBe(true)
    expect(slack.as('U0VERA').channel('deals').messages()).toEqual([])
  })

  test('an app that does not acknowledge in time leaves the person with Slack’s own words', async () => {
    const slack = await start(
      (app) => {
        app.command('/deal', async () => {})
      },
      { acknowledgeMs: 100 },
    )
    const vera = slack.as('U0VERA')
    expect(await vera.tryCommand('/deal')).toEqual({
      ok: false,
      error: 'operation_timeout',
      message: '/deal failed because the app did not respond.',
    })
    expect(slack.received('slash_command /deal').at(-1)?.outcome).toBe('timed-out')
  })

  test('App Home is published on opening and its buttons tell apart by their neighbourhood', async () => {
    const pressed: string[] = []
    const slack = await start((app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({
          user_id: event.user,
          view: {
            type: 'home',
            blocks: ['Acme', 'Globex'].flatMap((name) => [
              { type: 'section', text: plain(name) },
              {
                type: 'actions',
                elements: [{ type: 'button', action_id: 'deal.open', value: name, text: plain('Open') }],
              },
            ]),
          },
        })
      })
      app.action('deal.open', async ({ ack, payload }) => {
        pressed.push('value' in payload ? String(payload.value) : '')
        await ack()
      })
    })
    const home = await slack.as('U0VERA').home()
    expect(home.text()).toContain('Globex')
    await home.click('deal.open', { near: /Globex/ })
    expect(pressed).toEqual(['Globex'])
  })

  test('words in a thread under a card reach the app with the thread’s ts', async () => {
    const heard: unknown[] = []
    const slack = await start((app) => {
      app.message(async ({ message, client }) => {
        if (message.subtype !== undefined || 'bot_id' in message) return
        heard.push(message)
        await client.chat.postMessage({
          channel: message.channel,
          thread_ts: message.thread_ts ?? message.ts,
          text: `heard: ${message.text}`,
        })
      })
    })
    const jiwon = slack.as('U0JIWON')
    const card = await jiwon.dm().say('hello')
    const answer = await card.thread().waitForMessage(/heard: hello/)
    expect(answer.message.threadTs).toBe(card.ts)
    expect(jiwon.dm().messages()).toHaveLength(1)
    expect(heard).toMatchObject([{ text: 'hello', channel_type: 'im', user: 'U0JIWON' }])
  })

  test('a replayed request carries the same bytes and a signature Bolt still takes (B5.22)', async () => {
    let runs = 0
    const slack = await start((app) => {
      app.command('/deal', async ({ ack }) => {
        runs += 1
        await ack()
      })
    })
    await slack.as('U0JIWON').command('/deal')
    expect(await slack.replay()).toMatchObject({ outcome: 'answered', status: 200 })
    expect(runs).toBe(2)
  })
})
