import { useSyncExternalStore } from 'react'

/** What a person has chosen on this machine. It is kept by the browser and sent to nobody. */
export type Prefs = {
  language: 'en' | 'ar'
  scheme: 'auto' | 'light' | 'dark'
  rows: 'compact' | 'comfortable'
  digits: 'latn' | 'arab'
  /** Single keys can be turned off, for those whose speech input or reader uses them (WCAG 2.1.4). */
  singleKeys: boolean
  keymap: Record<string, string>
}

const name = 'rihla.prefs'

function defaults(): Prefs {
  const arabic = typeof navigator !== 'undefined' && navigator.language?.startsWith('ar')
  return { language: arabic ? 'ar' : 'en', scheme: 'auto', rows: 'compact', digits: 'latn', singleKeys: true, keymap: {} }
}

function read(): Prefs {
  try {
    return { ...defaults(), ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Prefs>) }
  } catch {
    return defaults()
  }
}

let current = read()
const listeners = new Set<() => void>()

export const getPrefs = (): Prefs => current

export function setPrefs(change: Partial<Prefs>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(name, JSON.stringify(current))
  } catch {
    // A browser that keeps nothing still works for as long as the page is open.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePrefs = (): Prefs => useSyncExternalStore(subscribe, getPrefs)

const darkness = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')

export function useScheme(): 'light' | 'dark' {
  const { scheme } = usePrefs()
  const system = useSyncExternalStore(
    (listener) => {
      darkness?.addEventListener('change', listener)
      return () => darkness?.removeEventListener('change', listener)
    },
    () => (darkness?.matches ? 'dark' : 'light'),
  )
  return scheme === 'auto' ? system : scheme
}
