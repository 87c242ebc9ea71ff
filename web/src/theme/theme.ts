import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
import { tokens } from './tokens'

// Mantine wants ten shades; only the two that are used as primary in the two schemes are ours to choose.
const accent: MantineColorsTuple = [
  '#EDF2FD', '#DCE6FB', '#B9CCF6', '#8FB0FF', '#6E92EC', '#4A73D6', '#2450B8', '#1F459F', '#1A3A86', '#142E6C',
]

const family = (mono: boolean) =>
  mono ? "'IBM Plex Mono', 'IBM Plex Sans Arabic', monospace" : "'IBM Plex Sans', 'IBM Plex Sans Arabic', sans-serif"

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  autoContrast: true,
  defaultRadius: 4,
  fontFamily: family(false),
  fontFamilyMonospace: family(true),
  headings: { fontFamily: family(false), fontWeight: '600' },
  fontSizes: { xs: '0.71875rem', sm: '0.78125rem', md: '0.8125rem', lg: '0.875rem', xl: '0.9375rem' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '21px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The frame never scrolls, so there is no page scroll to lock, and no style element to inject for it.
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 }, shadow: 'none' } },
    Menu: { defaultProps: { shadow: 'none', transitionProps: { duration: 0 } } },
  },
})

export const resolver: CSSVariablesResolver = () => {
  const scheme = (at: 0 | 1): Record<string, string> => {
    const own = Object.fromEntries(Object.entries(tokens).map(([name, pair]) => [`--${name}`, pair[at]]))
    const of = (name: string) => tokens[name]?.[at] ?? ''
    return {
      ...own,
      '--mantine-color-body': of('surface'),
      '--mantine-color-text': of('text'),
      '--mantine-color-dimmed': of('text-3'),
      '--mantine-color-placeholder': of('text-3'),
      '--mantine-color-anchor': of('accent'),
      '--mantine-color-default': of('surface'),
      '--mantine-color-default-hover': of('hover'),
      '--mantine-color-default-color': of('text'),
      '--mantine-color-default-border': of('control'),
      '--mantine-color-error': of('critical'),
      '--mantine-primary-color-filled': of('accent'),
      '--mantine-primary-color-contrast': of('on-accent'),
    }
  }
  return { variables: {}, light: scheme(0), dark: scheme(1) }
}
