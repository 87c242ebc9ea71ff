import { useEffect, useRef, useSyncExternalStore } from 'react'
import { getPrefs, usePrefs } from './prefs'

/*
 * The keyboard map. An act has a name and a default key, which a person may change; a page says which acts
 * it can do now. The page on top is asked first. Keys never act inside a field, inside an open dialog, with
 * modifiers they do not name, or when single keys are turned off.
 */

export const defaults = {
  'go.search': '/',
  'go.palette': 'Ctrl+k',
  'go.flights': 'g f',
  'go.people': 'g p',
  'go.cargo': 'g c',
  'go.referrals': 'g h',
  'go.funds': 'g u',
  'go.triage': 'g t',
  'go.indicators': 'g i',
  'go.incidents': 'g n',
  'go.desk': 'g b',
  'go.applications': 'g v',
  'go.lanes': 'g y',
  'go.queue': 'g q',
  'go.reports': 'g m',
  'go.lists': 'g l',
  'go.rules': 'g r',
  'go.exchange': 'g x',
  'go.requests': 'g w',
  'go.dialogue': 'g d',
  'go.audit': 'g a',
  'go.keys': '?',
  'list.next': 'j',
  'list.previous': 'k',
  'list.open': 'Enter',
  'list.back': 'Escape',
  'list.select': 'x',
  'list.new': '.',
  'list.filter': 'f',
  'case.claim': 'c',
  'case.decide': 'd',
  'case.note': 'n',
  'case.explain': 'e',
  'case.send': 'Ctrl+Enter',
  'case.option1': '1',
  'case.option2': '2',
  'case.option3': '3',
  'case.option4': '4',
  'desk.board': 'b',
  'desk.refuse': 'r',
  'report.nextProblem': ']',
  'report.previousProblem': '[',
  'report.send': 'Ctrl+Enter',
} as const

export type Act = keyof typeof defaults
export const acts = Object.keys(defaults) as Act[]

export const keyOf = (act: Act, keymap: Record<string, string>): string => keymap[act] ?? defaults[act]

export function useKeyOf(act: Act): string {
  return keyOf(act, usePrefs().keymap)
}

type Layer = { acts: Partial<Record<Act, () => void>>; quiet: boolean }
let layers: Layer[] = []
const listeners = new Set<() => void>()
let shown: Act[] = []

function changed() {
  const names = [...layers].reverse().flatMap((layer) => (layer.quiet ? [] : (Object.keys(layer.acts) as Act[])))
  shown = [...new Set(names)]
  for (const listener of listeners) listener()
}

/** The acts a page offers while it is shown. `quiet` ones work but are not listed in the status bar. */
export function useKeys(offered: Partial<Record<Act, () => void>>, { quiet = false, enabled = true } = {}): void {
  const latest = useRef(offered)
  latest.current = offered
  const names = Object.keys(offered).join(' ')
  useEffect(() => {
    if (!enabled) return
    const layer: Layer = { acts: {}, quiet }
    for (const name of names.split(' ').filter(Boolean) as Act[]) layer.acts[name] = () => latest.current[name]?.()
    layers = [...layers, layer]
    changed()
    return () => {
      layers = layers.filter((one) => one !== layer)
      changed()
    }
  }, [names, quiet, enabled])
}

export function useShownActs(): Act[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
}

/** The key as written in the map. On an Arabic layout the letter is found by its place on the board. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  let key = event.key
  if (key.length === 1 && key > '~') {
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase()
    const digit = /^Digit(\d)$/.exec(event.code)?.[1]
    const sign = { Slash: event.shiftKey ? '?' : '/', Period: '.', BracketLeft: '[', BracketRight: ']' }[event.code]
    key = letter ?? digit ?? sign ?? key
  }
  if (event.code === 'Slash' && event.key === '؟') key = '?'
  const prefix = event.ctrlKey || event.metaKey ? 'Ctrl+' : ''
  return prefix + (prefix ? key.toLowerCase().replace('enter', 'Enter') : key)
}

const editable = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const pressable = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('a, button, summary, [role=menuitem]') !== null

// How long the first key of a pair waits for the second.
const pairMs = 1200

export function startKeys(): () => void {
  let first = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const forget = () => {
    first = ''
    clearTimeout(timer)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return
    const key = pressed(event)
    if (['Control', 'Shift', 'Meta', 'Alt'].includes(event.key)) return
    if (document.querySelector('[aria-modal="true"], [role="menu"]')) return forget()
    const single = !key.startsWith('Ctrl+')
    if (single && editable(event.target)) {
      if (key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    if (single && key.length === 1 && !getPrefs().singleKeys) return
    if (key === 'Enter' && pressable(event.target)) return
    const wanted = first ? `${first} ${key}` : key
    forget()
    const { keymap } = getPrefs()
    for (const layer of [...layers].reverse()) {
      for (const act of Object.keys(layer.acts) as Act[]) {
        if (keyOf(act, keymap) !== wanted) continue
        event.preventDefault()
        layer.acts[act]?.()
        return
      }
    }
    if (single && acts.some((act) => keyOf(act, keymap).startsWith(`${wanted} `))) {
      first = wanted
      timer = setTimeout(forget, pairMs)
    }
  }
  window.addEventListener('keydown', onKey)
  return () => {
    window.removeEventListener('keydown', onKey)
    forget()
  }
}
