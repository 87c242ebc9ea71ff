import './theme/layers.css'
import '@mantine/core/styles.layer.css'
import '@fontsource/ibm-plex-sans/400.css'
import '@fontsource/ibm-plex-sans/500.css'
import '@fontsource/ibm-plex-sans/600.css'
import '@fontsource/ibm-plex-sans-arabic/400.css'
import '@fontsource/ibm-plex-sans-arabic/500.css'
import '@fontsource/ibm-plex-sans-arabic/600.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/500.css'
import './theme/base.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { Failure } from './api/client'
import { keys } from './api/queries'
import { usePrefs, useScheme } from './app/prefs'
import { router } from './app/router'
import i18n from './i18n'
import { resolver, theme } from './theme/theme'
import { provideNavigation } from './ui/parts'

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended anywhere has ended everywhere.
    onError: (error) => {
      if (error instanceof Failure && error.kind === 'signedOut') client.setQueryData(keys.session, null)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof Failure && (error.kind === 'unreachable' || error.kind === 'broken'),
      retryDelay: (count) => 500 * 2 ** count,
    },
  },
})

provideNavigation((path) => router.history.push(path))

const nonce = () => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''

function App() {
  const { language, rows } = usePrefs()
  const scheme = useScheme()
  if (i18n.language !== language) void i18n.changeLanguage(language)
  useLayoutEffect(() => {
    const root = document.documentElement
    root.lang = language
    root.dir = language === 'ar' ? 'rtl' : 'ltr'
    root.dataset.rows = rows
  }, [language, rows])
  return (
    <DirectionProvider key={language} initialDirection={language === 'ar' ? 'rtl' : 'ltr'} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={resolver} forceColorScheme={scheme} getStyleNonce={nonce}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
