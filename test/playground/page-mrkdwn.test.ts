import { describe, expect, it } from 'vitest'
import { isSafeLink, parseInline, parseMrkdwn, plainMrkdwn } from '../../src/playground/page/slack/mrkdwn.ts'

const text = (words: string) => ({ kind: 'text', text: words })

describe('mrkdwn as the page reads it', () => {
  it('knows bold, italic, strike and code, one inside the other', () => {
    expect(parseInline('*a _b_* ~c~ `*d*`')).toEqual([
      { kind: 'bold', inside: [text('a '), { kind: 'italic', inside: [text('b')] }] },
      text(' '),
      { kind: 'strike', inside: [text('c')] },
      text(' '),
      { kind: 'code', text: '*d*' },
    ])
  })

  it('leaves a mark inside a word alone: snake_case_names and 3*4*5 are not styled', () => {
    expect(parseInline('snake_case_name 3*4*5')).toEqual([text('snake_case_name 3*4*5')])
  })

  it('does not close bold before a Korean particle, as Slack does not', () => {
    expect(parseInline('*30%*는')).toEqual([text('*30%*는')])
    expect(parseInline('*30%* 는')[0]).toEqual({ kind: 'bold', inside: [text('30%')] })
  })

  it('needs the marks to touch their words', () => {
    expect(parseInline('* a * and _ b _')).toEqual([text('* a * and _ b _')])
    expect(parseInline('*open')).toEqual([text('*open')])
  })

  it('shows escaped text literally: a deal’s name cannot become a mention or a link', () => {
    expect(parseInline('&lt;!channel&gt; &amp;lt; &lt;https://evil.example|bank&gt;')).toEqual([
      text('<!channel> &lt; <https://evil.example|bank>'),
    ])
  })

  it('makes a link only of addresses of the web, mail and telephone', () => {
    expect(parseInline('<https://a.example/?x=1&amp;y=2|Offer> <mailto:a@b.example>')).toEqual([
      { kind: 'link', url: 'https://a.example/?x=1&y=2', text: 'Offer' },
      text(' '),
      { kind: 'link', url: 'mailto:a@b.example', text: 'a@b.example' },
    ])
    for (const url of ['javascript:alert(1)', 'data:text/html,x', ' https://a.example', '//a.example'])
      expect(isSafeLink(url)).toBe(false)
    expect(parseInline('<javascript:alert(1)|Offer>')).toEqual([text('<javascript:alert(1)|Offer>')])
  })

  it('knows people, channels, everybody and instants', () => {
    expect(parseInline('<@U1> <#C1|deals> <!here> <!date^1790000000^{date} {time}|soon>')).toEqual([
      { kind: 'user', id: 'U1' },
      text(' '),
      { kind: 'channel', id: 'C1', label: 'deals' },
      text(' '),
      { kind: 'broadcast', name: 'here' },
      text(' '),
      { kind: 'date', at: 1_790_000_000, format: '{date} {time}', fallback: 'soon' },
    ])
  })

  it('finds emoji names but not times of day', () => {
    expect(parseInline(':tada: at 10:30:15')).toEqual([{ kind: 'emoji', name: 'tada' }, text(' at 10:30:15')])
  })

  it('keeps quotations, paragraphs and preformatted text apart', () => {
    expect(
      parseMrkdwn('one\n> two\n&gt; three\nfour\n```a *b*\n&lt;c&gt;```\nfive').map((p) => p.kind),
    ).toEqual(['paragraph', 'quote', 'paragraph', 'preformatted', 'paragraph'])
    expect(parseMrkdwn('```a *b*\n&lt;c&gt;```')).toEqual([{ kind: 'preformatted', text: 'a *b*\n<c>' }])
    expect(parseMrkdwn('> two\n> three')).toEqual([
      { kind: 'quote', inside: [text('two'), { kind: 'break' }, text('three')] },
    ])
  })

  it('does not end a style inside of a link', () => {
    expect(parseInline('*see <https://a.example/*x*|here>*')).toEqual([
      {
        kind: 'bold',
        inside: [text('see '), { kind: 'link', url: 'https://a.example/*x*', text: 'here' }],
      },
    ])
  })

  it('names things without marks', () => {
    expect(plainMrkdwn('*Approve* <@U1|kim> :tada:\n> why')).toBe('Approve @kim :tada: why')
  })

  it('reads a long line of marks in good time', () => {
    const line = '*a_~`<'.repeat(2000)
    expect(parseInline(line).length).toBeGreaterThan(0)
  })
})
