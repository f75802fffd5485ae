import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  askForm,
  change,
  command,
  createRig,
  event,
  json,
  modal,
  press,
  type Rig,
  say,
  search,
  send,
  submission,
  tenant,
  user,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.stop())

it('a command is acknowledged, opens its form in one call and comes back as answers by name', async () => {
  rig.reply = () => ({ kind: 'open', view: askForm })
  const answer = await send(rig, command(rig, 'acme 15', { trigger_id: 'trigger-1' }))
  expect(answer).toMatchObject({ status: 200, body: '' })

  const opened = await rig.api.call('views.open')
  expect(opened.trigger_id).toBe('trigger-1')
  expect(opened.view).toMatchObject({
    type: 'modal',
    callback_id: 'discount.request',
    private_metadata: 'drawing-1',
  })
  expect(rig.gestures[0]).toMatchObject({
    platform: 'slack',
    tenant,
    user,
    kind: 'command',
    command: 'approve-discount',
    text: 'acme 15',
    place: { kind: 'dm', channel: 'D01' },
  })

  rig.reply = () => ({ kind: 'close', say: say('Asked.') })
  const submitted = await send(rig, submission({}, { id: 'V1' }))
  expect(JSON.parse(submitted.body)).toEqual({ response_action: 'clear' })
  expect(rig.gestures[1]).toMatchObject({
    kind: 'submit',
    form: 'discount.request',
    drawing: 'drawing-1',
    answers: { discount: '15', reason: 'A big customer' },
  })
  // The answer goes back to where the form was opened from.
  const said = await rig.api.until(() => rig.api.said[0])
  expect(said).toMatchObject({ response_type: 'ephemeral', replace_original: false, text: 'Asked.' })
})

it('a decision is committed before it is acknowledged, and a say-reply is private', async () => {
  rig.commits = () => true
  let committed = false
  rig.reply = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    committed = true
    return { kind: 'say', card: say('Already approved by you at 10:02.') }
  }
  const answer = await send(rig, press(rig, 'discount.approve', 'drawing-9'))
  expect(answer).toMatchObject({ status: 200, body: '' })
  expect(committed).toBe(true)
  expect(rig.gestures[0]).toMatchObject({
    kind: 'button',
    action: 'discount.approve',
    drawing: 'drawing-9',
    place: { kind: 'dm', channel: 'D01', message: '1700000000.000100' },
  })
  const said = await rig.api.until(() => rig.api.said[0])
  expect(said).toMatchObject({ response_type: 'ephemeral', text: 'Already approved by you at 10:02.' })
})

it('a live change redraws the open form with the hash the person saw', async () => {
  rig.reply = () => ({ kind: 'redraw', view: askForm })
  await send(rig, change('discount'))
  const updated = await rig.api.call('views.update')
  expect(updated).toMatchObject({ view_id: 'V77', hash: 'h-seen' })
  expect(rig.gestures[0]).toMatchObject({
    kind: 'change',
    form: 'discount.request',
    answers: { discount: '15' },
  })
})

it('the deal search answers in the acknowledgement', async () => {
  rig.reply = () => ({
    kind: 'options',
    options: [{ value: 'd1', label: 'Acme — Suite', description: 'S4' }],
  })
  const answer = await send(rig, search('ac'))
  expect(JSON.parse(answer.body)).toEqual({
    options: [
      {
        text: { type: 'plain_text', text: 'Acme — Suite', emoji: false },
        description: { type: 'plain_text', text: 'S4', emoji: false },
        value: 'd1',
      },
    ],
  })
  expect(rig.gestures[0]).toMatchObject({ kind: 'search', field: 'deal', query: 'ac', drawing: 'drawing-1' })
})

it('opening the Home tab publishes it for that person', async () => {
  rig.reply = () => ({ kind: 'home', card: say('Nothing waits for you.') })
  await send(rig, event({ type: 'app_home_opened', user, channel: 'D01', tab: 'home' }), json)
  const published = await rig.api.call('views.publish')
  expect(published).toMatchObject({ user_id: user, view: { type: 'home' } })
})

it('field errors keep the form and stand at fields the form has', async () => {
  rig.reply = () => ({
    kind: 'field-errors',
    errors: { discount: 'At most 100 %.', deal_gone: 'Not found.' },
  })
  const answer = await send(rig, submission())
  expect(JSON.parse(answer.body)).toEqual({
    response_action: 'errors',
    errors: { discount: 'At most 100 %. Not found.' },
  })
})

it('a form without fields says what is wrong in its own place', async () => {
  rig.reply = () => ({ kind: 'field-errors', errors: { x: 'No longer open.' } })
  const answer = await send(rig, submission({}, modal({ blocks: [] })))
  const update = JSON.parse(answer.body) as { response_action: string; view: { blocks: unknown[] } }
  expect(update.response_action).toBe('update')
  expect(JSON.stringify(update.view.blocks)).toContain('No longer open.')
})
