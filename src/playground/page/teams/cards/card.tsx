import {
  type Action,
  AdaptiveCard,
  type CardElement,
  CardObjectRegistry,
  GlobalRegistry,
  GlobalSettings,
  OpenUrlAction,
  SerializationContext,
  Table,
  Versions,
} from 'adaptivecards'
import { render } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { hasGlyph, Words } from '../../slack/blocks/glyphs.tsx'
import { useWords } from '../../use.ts'
import { htmlOfTextBlock } from '../rich-text.ts'
import { useTeams } from '../use.ts'
import type { CardContent, Choice, TeamsAnswer, TeamsIn, TeamsMention, TeamsTyped } from '../wire.ts'
import { textOf, withTyped } from './answers.ts'
import { hostConfig } from './host-config.ts'
import { keepTitles, keptTitles } from './titles.ts'
import { TypeaheadInput } from './typeahead.ts'
import '../../style/teams-cards.css'

GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false
GlobalSettings.setTabIndexAtCardRoot = false
/** Of the card that is being rendered: the renderer asks for a text's HTML without saying whose text it is. */
let mentions: readonly TeamsMention[] = []
AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = htmlOfTextBlock(text, mentions)
  result.didProcess = true
}

const elements = new CardObjectRegistry<CardElement>()
GlobalRegistry.populateWithDefaultElements(elements)
// The package says it has no side effects, so a bundler drops the module that would register tables by itself.
elements.register('Table', Table, Versions.v1_5)
elements.register('Input.ChoiceSet', TypeaheadInput)

const typeAfterMs = 500
const darkness = '(prefers-color-scheme: dark)'

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia(darkness).matches)
  useEffect(() => {
    const media = matchMedia(darkness)
    const look = (): void => setDark(media.matches)
    media.addEventListener('change', look)
    return () => media.removeEventListener('change', look)
  }, [])
  return dark
}

/**
 * An Adaptive Card drawn by Microsoft's own renderer. It is drawn anew only when the card itself changes; what was
 * typed and not yet sent is kept over that, as far as the same inputs are still there.
 */
export function CardView({
  content,
  where,
  typed,
  busy,
  errors = {},
  label,
  onAnswer,
}: {
  content: CardContent
  where: TeamsIn
  typed: TeamsTyped
  busy: boolean
  errors?: Readonly<Record<string, string>>
  label: string
  /** Called with what came of a press; when given, refusals are shown by the caller. */
  onAnswer?: (answer: TeamsAnswer) => void
}) {
  const words = useWords()
  const teams = useTeams()
  const dark = useDark()
  const frame = useRef<HTMLDivElement>(null)
  const drawn = useRef<AdaptiveCard>()
  const local = useRef<TeamsTyped>({})
  const soon = useRef<ReturnType<typeof setTimeout>>()
  const [pressing, setPressing] = useState<string>()
  const json = JSON.stringify(content)
  const place = JSON.stringify(where)
  const titles = useRef<Readonly<Record<string, Choice>>>(keptTitles(place))
  const now = useRef({ busy, pressing, onAnswer })
  now.current = { busy: busy || pressing !== undefined, pressing, onAnswer }

  const standing = (): TeamsTyped =>
    Object.fromEntries(
      (drawn.current?.getAllInputs() ?? []).flatMap((input) =>
        input.id ? [[input.id, textOf(input.value)]] : [],
      ),
    )

  const press = async (action: Action): Promise<void> => {
    if (action instanceof OpenUrlAction) {
      if (action.url && /^https?:/i.test(action.url)) window.open(action.url, '_blank', 'noopener')
      return
    }
    if (now.current.busy || !action.id) return
    clearTimeout(soon.current)
    setPressing(action.id)
    const answer = await teams.press(where, action.id, standing(), now.current.onAnswer !== undefined)
    setPressing(undefined)
    if (answer.ok) local.current = {}
    now.current.onAnswer?.(answer)
  }

  useLayoutEffect(() => {
    const card = new AdaptiveCard()
    card.hostConfig = hostConfig(dark)
    card.onExecuteAction = (action) => void press(action)
    card.onInputValueChanged = () => {
      local.current = standing()
      clearTimeout(soon.current)
      // So that a reload of the page keeps it; the app is not told.
      soon.current = setTimeout(
        () => void teams.act('type', { in: where, typed: local.current }, true),
        typeAfterMs,
      )
    }
    const context = new SerializationContext()
    context.setElementRegistry(elements)
    card.parse(withTyped(content, { ...typed, ...local.current }, titles.current), context)
    for (const input of card.getAllInputs())
      if (input instanceof TypeaheadInput)
        input.searching = {
          words: {
            searching: words.searching,
            noMatches: words.noMatches,
            failed: words.searchFailed,
            clear: words.clear,
          },
          search: async (id, query) => {
            const answer = await teams.act('search', { in: where, input: id, query, typed: standing() }, true)
            return answer.ok ? (answer.choices ?? []) : undefined
          },
          taken: (id, choice) => {
            const { [id]: _, ...rest } = titles.current
            titles.current = choice ? { ...rest, [id]: choice } : rest
            keepTitles(place, titles.current)
          },
        }
    drawn.current = card
    mentions = mentionsIn(content)
    const element = card.render()
    mentions = []
    if (element) drawGlyphs(element)
    frame.current?.replaceChildren(...(element ? [element] : []))
    return () => clearTimeout(soon.current)
  }, [json, place, dark, words])

  // What the server found wrong stands at the input, as if the renderer had found it.
  const wrong = JSON.stringify(errors)
  useEffect(() => {
    let first = true
    for (const input of drawn.current?.getAllInputs() ?? []) {
      const sentence = input.id ? errors[input.id] : undefined
      if (sentence === undefined) continue
      input.errorMessage = sentence
      // Protected: the renderer offers no other way to say something about one input.
      ;(input as unknown as { showValidationErrorMessage(): void }).showValidationErrorMessage()
      if (first) input.focus()
      first = false
    }
  }, [wrong])

  // The button that was pressed says so; the rest waits.
  const waiting = busy || pressing !== undefined
  useEffect(() => {
    const buttons = frame.current?.querySelectorAll<HTMLButtonElement>('button.ac-pushButton') ?? []
    for (const button of buttons) button.setAttribute('aria-disabled', String(waiting))
  }, [waiting, json])

  return (
    <div
      ref={frame}
      class={`tm-card${isWide(content) ? ' wide' : ''}${waiting ? ' busy' : ''}`}
      role="group"
      aria-label={label}
      aria-busy={waiting}
      data-testid="card"
    />
  )
}

/** Whom the card itself calls; the local Teams takes no card in which that is anything else. */
function mentionsIn({ msteams }: CardContent): readonly TeamsMention[] {
  const { entities = [] } = (msteams ?? {}) as {
    readonly entities?: readonly { readonly text: string; readonly mentioned: Omit<TeamsMention, 'text'> }[]
  }
  return entities.map(({ text, mentioned }) => ({ text, ...mentioned }))
}

const isWide = (content: CardContent): boolean => {
  const { msteams } = content
  return typeof msteams === 'object' && msteams !== null && 'width' in msteams && msteams.width === 'Full'
}

/** The few characters that stand for a state look the same everywhere, with an emoji font or without. */
function drawGlyphs(card: HTMLElement): void {
  const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (texts.nextNode())
    if (texts.currentNode instanceof Text && hasGlyph(texts.currentNode.data)) found.push(texts.currentNode)
  for (const node of found) {
    const drawn = document.createElement('span')
    render(<Words text={node.data} />, drawn)
    node.replaceWith(drawn)
  }
}
