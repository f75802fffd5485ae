import { HostConfig } from 'adaptivecards'

interface Ink {
  readonly default: string
  readonly subtle: string
  readonly accent: string
  readonly good: string
  readonly warning: string
  readonly attention: string
}

const light: Ink = {
  default: '#242424',
  subtle: '#616161',
  accent: '#4f52b2',
  good: '#13693d',
  warning: '#7a5200',
  attention: '#b3263f',
}
const dark: Ink = {
  default: '#f1f1f1',
  subtle: '#b8b8b8',
  accent: '#a5a8f0',
  good: '#7fd1a4',
  warning: '#f0c975',
  attention: '#ff99a8',
}

const foreground = (ink: Ink) =>
  Object.fromEntries(
    Object.entries({ ...ink, light: ink.subtle, dark: ink.default }).flatMap(([name, color]) =>
      name === 'subtle' ? [] : [[name, { default: color, subtle: name === 'default' ? ink.subtle : color }]],
    ),
  )

const style = (ink: Ink, backgroundColor: string, borderColor: string) => ({
  backgroundColor,
  borderColor,
  foregroundColors: foreground(ink),
})

const made = (isDark: boolean): HostConfig => {
  const ink = isDark ? dark : light
  const plate = (onLight: string, onDark: string, edge: string) => style(ink, isDark ? onDark : onLight, edge)
  return new HostConfig({
    supportsInteractivity: true,
    fontFamily: 'inherit',
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    imageSizes: { small: 32, medium: 52, large: 100 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: isDark ? '#3d3d3d' : '#e1e1e1' },
    containerStyles: {
      default: plate('#ffffff', '#292929', 'transparent'),
      emphasis: plate('#f5f5f5', '#333333', 'transparent'),
      accent: plate('#e8ebfa', '#32344f', '#bdbde6'),
      good: plate('#e7f5ee', '#16321f', '#9ad0b0'),
      warning: plate('#fff6df', '#3a3015', '#e7cf94'),
      attention: plate('#fdf1f3', '#3e1f26', '#e8a7b2'),
    },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { color: 'attention', size: 'small', spacing: 'small' },
      debounceTimeInMilliSeconds: 250,
      allowDynamicallyFilteredChoiceSet: true,
    },
    textBlock: { headingLevel: 3 },
    factSet: {
      title: { weight: 'bolder', wrap: true, maxWidth: 150 },
      value: { wrap: true },
      spacing: 12,
    },
    actions: {
      maxActions: 6,
      spacing: 'medium',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      allowTitleToWrap: true,
      iconPlacement: 'leftOfTitle',
      iconSize: 16,
    },
    adaptiveCard: { allowCustomStyle: false },
    imageSet: { imageSize: 'medium', maxImageHeight: 100 },
    table: { cellSpacing: 8 },
  })
}

const configs = new Map<boolean, HostConfig>()

/** How cards look here: sizes and colours near to those of Teams, by day and by night. */
export function hostConfig(isDark: boolean): HostConfig {
  const known = configs.get(isDark) ?? made(isDark)
  configs.set(isDark, known)
  return known
}
