import { describe, expect, it } from 'vitest'
import { approvalsCard } from '../../blocks/approvals.ts'
import type { Block, Button } from '../../blocks/card.ts'
import { helpCard } from '../../blocks/dealdesk.ts'
import { copiedCard, decisionCard, requesterCard } from '../../blocks/discount.ts'
import { requestForm } from '../../blocks/discount-form.ts'
import { reminderCard, threadLine } from '../../blocks/discount-thread.ts'
import type { FormView } from '../../blocks/form.ts'
import { noticeCard } from '../../blocks/notice.ts'
import { clip, theirs } from '../../blocks/text.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { briefFor, counterFor, formStateFor, hour, now, requestFor, rowFor, typed } from './briefs.ts'
import { forms } from './gallery.ts'
import { readAloud, said } from './walk.ts'

const w = wordsFor('en')
const kind = typed.plain
const buttons = (blocks: readonly Block[]): readonly Button[] =>
  blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
const actions = (blocks: readonly Block[]) => buttons(blocks).map((button) => button.action)

describe('the decision brief', () => {
  it('offers the four decisions in the order people look for them', () => {
    expect(
      actions(decisionCard(briefFor(kind, { actions: ['ask', 'counter', 'reject', 'approve'] }), w).blocks),
    ).toEqual(['discount.approve', 'discount.reject', 'discount.counter', 'discount.ask'])
  })

  it('says the number again before an approval counts, and who comes next', () => {
    const [approve] = buttons(decisionCard(briefFor(kind), w).blocks)
    expect(approve).toMatchObject({ style: 'primary', drawing: 'drawing-1' })
    expect(approve?.confirm?.title).toBe('Approve 32%?')
    expect(approve?.confirm?.text).toContain('₩125,000,000 to ₩85,000,000')
    expect(approve?.confirm?.text).toContain('then the next step decides')
    const last = briefFor(kind, {}, { steps: requestFor(kind).steps.slice(0, 3) })
    expect(buttons(decisionCard(last, w).blocks)[0]?.confirm?.text).toContain('takes effect at once')
  })

  it('shows what is asked and what it does to the price before anything else', () => {
    const [title, standsIn, heading, price] = decisionCard(briefFor(kind), w).blocks
    expect(title).toEqual({ kind: 'title', text: 'Discount request 32%' })
    expect(standsIn?.kind).toBe('text')
    expect(heading?.kind).toBe('heading')
    expect(price).toEqual({
      kind: 'text',
      text: [
        { bold: '32% off' },
        ' · ',
        '₩125,000,000',
        ' → ',
        { bold: '₩85,000,000' },
        ' (−\u2060₩40,000,000)',
      ],
    })
  })

  it('holds every number a decision needs', () => {
    const text = readAloud(decisionCard(briefFor(kind), w))
    for (const fact of [
      'Requested by: Jane Miller ae',
      'Stage: S5 Negotiation · 80% likely',
      '16.2% over 12 won deals, above the 15% target',
      '14.5% on average, 5%–28% (5 deals)',
      'Weighted forecast: −\u2060₩32,000,000',
      'MEDDICC: 5/7 · missing Champion, Competition',
      'Needed by: Sat, Dec 5',
      'waiting 30 h · expires Nov 30, 14:00 · policy v3',
      '1 earlier in the conversation',
    ])
      expect(text).toContain(fact)
  })

  it('shows what this discount would make of the requester’s average, and judges that', () => {
    const { numbers } = briefFor(kind)
    const text = readAloud(decisionCard(briefFor(kind, { numbers: { ...numbers!, averageAfter: 1490 } }), w))
    expect(text).toContain('16.2% over 12 won deals → 14.9% with this, within the 15% target')
  })

  it('B5.2 once settled, shows the outcome first and no button', () => {
    const settled = briefFor(
      kind,
      { actions: ['approve', 'reject'] },
      { status: 'rejected', settledAt: now - hour, settledBy: 'vp', settledWhy: 'Too much.' },
    )
    const { blocks } = decisionCard(settled, w)
    expect(buttons(blocks)).toEqual([])
    expect(blocks.slice(0, 3).map((block) => block.kind)).toEqual(['title', 'text', 'quote'])
    expect(blocks[2]).toMatchObject({ label: 'Reason for the rejection', text: 'Too much.' })
  })

  it('when it is not my turn, says whose it is', () => {
    const text = readAloud(decisionCard(briefFor(kind, { actions: [] }), w))
    expect(text).toContain('Waiting for Jane Miller vp, Jane Miller p5, Jane Miller p3, Jane Miller p4.')
  })

  it('names who decided in whose place (대결)', () => {
    expect(readAloud(decisionCard(briefFor(kind), w))).toContain(
      'Jane Miller p3 approved 32% in place of Jane Miller sm',
    )
    expect(readAloud(decisionCard(briefFor(typed.korean), wordsFor('ko')))).toContain('김민준 sm님 대결')
  })
})

describe('the requester’s card', () => {
  it('brings the counter-offer up, with accept and decline', () => {
    const brief = briefFor(
      kind,
      { viewer: 'requester', actions: ['withdraw', 'decline-counter', 'accept-counter'] },
      { status: 'countered', counter: counterFor(kind) },
    )
    const { blocks } = requesterCard(brief, w)
    expect(blocks[0]).toEqual({ kind: 'title', text: 'Counter-offer 25%' })
    expect(actions(blocks)).toEqual([
      'discount.accept-counter',
      'discount.decline-counter',
      'discount.withdraw',
    ])
    expect(buttons(blocks)[0]?.confirm?.text).toContain('₩125,000,000 to ₩93,750,000')
  })

  it('within one’s own authority it says that nobody had to approve', () => {
    const brief = briefFor(
      kind,
      { viewer: 'requester', actions: [] },
      { status: 'approved', steps: [], settledAt: now, discount: 800, asked: 800 },
    )
    expect(readAloud(requesterCard(brief, w))).toContain('within the requester’s own authority')
  })

  it('an accepted counter-offer that was the last yes is told as one', () => {
    const [first] = requestFor(kind).steps
    const brief = briefFor(
      kind,
      {},
      {
        status: 'approved',
        settledAt: now,
        discount: 2500,
        steps: [
          {
            ...first!,
            people: ['vp'],
            decisions: [{ verdict: 'counter', by: 'vp', at: now - hour, platform: 'slack', discount: 2500 }],
          },
        ],
      },
    )
    const text = readAloud(requesterCard(brief, w))
    expect(text).toContain('25% approved: Jane Miller vp’s counter-offer was accepted')
    expect(text).toContain('First asked for: 32%')
  })
})

it('참조: who is copied is told that nothing is theirs to decide, and gets no button', () => {
  const { blocks, summary } = copiedCard(briefFor(kind, { viewer: 'copied' }), w)
  expect(buttons(blocks)).toEqual([])
  expect(summary).toMatch(/^For your information/)
})

describe('lines in the thread', () => {
  it('a question is quoted whole, with who asked', () => {
    const remark = {
      id: 'r9',
      at: now,
      by: 'vp',
      kind: 'question',
      text: 'x'.repeat(2000),
      platform: 'slack',
    } as const
    const { blocks } = threadLine('question', remark, briefFor(kind), w)
    expect(said(blocks).quotes).toEqual(['x'.repeat(2000)])
    expect(readAloud({ summary: '', blocks })).toContain('Jane Miller vp asked')
  })

  it('a line about what is over by now says how things stand', () => {
    const over = briefFor(kind, {}, { status: 'expired', settledAt: now, steps: [] })
    for (const line of ['escalated', 'reassigned', 'step-opened', 'reminded', 'countered'] as const)
      expect(threadLine(line, undefined, over, w).summary).toBe(
        'Expired on Nov 20, 14:00 without a decision.',
      )
  })

  it('a reminder of what was settled meanwhile tells the outcome instead', () => {
    const over = briefFor(kind, {}, { status: 'withdrawn', settledAt: now, settledBy: 'ae' })
    expect(readAloud(reminderCard(over, w))).toContain('Withdrawn by Jane Miller ae')
  })
})

describe('the form of a request', () => {
  const fields = (view: FormView) => view.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []))

  it('asks for a list price only where the deal has none, and for a justification only over the limit', () => {
    expect(fields(requestForm(formStateFor(kind), w))).toEqual([
      'deal',
      'discount',
      'list_amount',
      'reason',
      'justification',
      'competitor',
      'needed_by',
    ])
    expect(
      fields(requestForm(formStateFor(kind, { justificationNeeded: false, listAmountNeeded: false }), w)),
    ).toEqual(['deal', 'discount', 'reason', 'competitor', 'needed_by'])
  })

  it('shows who will have to approve, the price, the average, and what it replaces', () => {
    const text = readAloud(requestForm(formStateFor(kind), w))
    expect(text).toContain('₩125,000,000 → ₩85,000,000 (−\u2060₩40,000,000)')
    expect(text).toContain('next: C-level · Jane Miller ceo')
    expect(text).toContain('12% → 17%, above the 15% target')
    expect(text).toContain('replaces the open request for 25%')
  })

  it('within one’s own authority the button says what it does', () => {
    const own = formStateFor(kind, {
      preview: { ...formStateFor(kind).preview!, ownAuthority: true, steps: [] },
    })
    expect(requestForm(own, w).submit).toBe('Apply discount')
    expect(requestForm(formStateFor(kind), w).submit).toBe('Send request')
  })

  it('says what stands in the way instead of a preview, and keeps what was typed', () => {
    const view = requestForm(formStateFor(kind, { obstacle: 'The deal is at S2.' }), w)
    expect(readAloud(view)).toContain('This can’t be asked for: The deal is at S2.')
    expect(view.items.some((item) => item.kind === 'route')).toBe(false)
    expect(view.items).toContainEqual(expect.objectContaining({ name: 'reason', value: kind.text }))
  })
})

it('every question of a form is in its schema, and what may be left out says so', async () => {
  const { registry } = await import('../../handlers/index.ts')
  const all = Object.values(registry.forms).map((entry) => entry.form)
  const schemas = new Map(all.map((form) => [form.id, form.schema.shape]))
  const seen = new Set<string>()
  for (const view of Object.values(forms(kind, w))) {
    const shape = schemas.get(view.form)
    expect(shape, view.form).toBeDefined()
    for (const item of view.items) {
      if (item.kind !== 'field') continue
      const schema = shape?.[item.name]
      expect(schema, `${view.form} ${item.name}`).toBeDefined()
      seen.add(`${view.form} ${item.name}`)
      // A justification and a list price are shown only when they are needed, and are needed then.
      if (item.name === 'justification' || item.name === 'list_amount') continue
      const optional = 'safeParse' in schema! && schema.safeParse(undefined).success
      // What stages and handoffs need is the policy's to say, and a renewal's its outcome's: the rules refuse it there.
      const byPolicy = /^(stage\.change|handoff\.(sdr|ae|cs)-|renewal\.outcome)/.test(view.form)
      if (!byPolicy || item.field.optional)
        expect(item.field.optional === true, `${view.form} ${item.name}`).toBe(optional)
    }
  }
  for (const form of all)
    for (const name of Object.keys(form.schema.shape)) expect(seen).toContain(`${form.id} ${name}`)
})

it('the inbox opens each request by its own drawing, and counts what it leaves out', () => {
  const waiting = Array.from({ length: 20 }, (_, at) => rowFor(kind, { drawing: `drawing-${at}` }))
  const card = approvalsCard({ waiting, asked: [], totals: { waiting: 40, asked: 0 }, now, drawing: 'd' }, w)
  const rows = card.blocks.flatMap((block) => (block.kind === 'row' ? block.buttons : []))
  expect(rows.map((button) => button.drawing)).toEqual(waiting.slice(0, 15).map((row) => row.drawing))
  expect(readAloud(card)).toContain('… 25 more')
})

it('help lists what is registered and nothing that the reader may not use', () => {
  const commands = ['approve-discount', 'dealdesk admin', 'dealdesk link', 'frobnicate']
  const labels = (linked: boolean, isAdmin: boolean) =>
    helpCard({ roles: ['ae'], commands, linked, isAdmin }, w).blocks.flatMap((block) =>
      block.kind === 'facts' ? block.facts.map((fact) => fact.label) : [],
    )
  expect(labels(true, false)).toEqual(['/approve-discount [deal] [percent]', '/frobnicate'])
  expect(labels(true, true)).toContain('/dealdesk admin')
  expect(labels(false, false)).toEqual(['/dealdesk link'])
})

it('B5.58 a notice made from a sentence with names shows it literally', () => {
  expect(noticeCard('<!channel> waits').blocks).toEqual([
    { kind: 'text', text: [{ user: '<!channel> waits' }] },
  ])
})

describe('B5.57 cutting somebody’s words', () => {
  const wholeCharacters = (text: string) =>
    [...new Intl.Segmenter().segment(text)].map((each) => each.segment)

  it.each([
    ['family emoji', '👨‍👩‍👧‍👦'.repeat(30)],
    ['flags', '🇰🇷'.repeat(60)],
    ['Korean in parts', '한'.normalize('NFD').repeat(60)],
    ['Latin', 'x'.repeat(300)],
  ])('never through a character: %s', (_name, text) => {
    const cut = clip(text, 80)
    expect(cut.length).toBeLessThanOrEqual(80)
    expect(cut.endsWith('…')).toBe(true)
    const whole = wholeCharacters(text)[0]
    for (const character of wholeCharacters(cut.slice(0, -1))) expect(character).toBe(whole)
  })

  it('a short text is left as it is', () => {
    expect(clip('짧은 글', 80)).toBe('짧은 글')
  })

  it('ten thousand marks on a letter become a few, and a lone surrogate does no harm', () => {
    expect(theirs(`a${'\u0301'.repeat(10_000)}b`).user.length).toBeLessThan(12)
    expect(theirs('x\ud800y').user.isWellFormed()).toBe(true)
    expect(theirs(`${'a'.repeat(78)}👍🏻👍🏻`).user.isWellFormed()).toBe(true)
  })

  it('a name of nothing is a dash', () => {
    expect(theirs(' \u202e\n').user).toBe('—')
  })
})
