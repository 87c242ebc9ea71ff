import { useEffect, useState } from 'react'
import { useNode, useSession } from '../api/queries'
import type { Speech } from '../format/time'
import type { Act } from './keys'
import { usePrefs } from './prefs'

/* Where and when this page is being read. */

export function useSpeech(): Speech {
  const { language, digits } = usePrefs()
  return { language, digits }
}

/** The node's own clock, since that is the one deadlines are kept by. */
export function useNow(everyMs = 5000): number {
  const { data } = useNode()
  const skew = data?.now ? Date.parse(data.now) - data.asked : 0
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  // Half a second of travel time is not a difference of clocks.
  return now + (Math.abs(skew) > 2000 ? skew : 0)
}

const none: string[] = []

export function useHome() {
  const { data: node } = useNode()
  const { data: session } = useSession()
  return {
    zone: node?.zone ?? 'UTC',
    airports: node?.home?.airports ?? none,
    state: node?.state ?? session?.state ?? '',
    node: node?.name ?? session?.node ?? '',
    me: session?.name ?? '',
    role: session?.role ?? '',
  }
}

/** Which pages a role may open; the node decides again on every call. */
export type Place = 'flights' | 'people' | 'queue' | 'reports' | 'lists' | 'rules' | 'agreements' | 'requests' | 'matching' | 'exchange' | 'dialogue' | 'audit'

const all = ['flights', 'people', 'queue', 'reports', 'lists', 'rules'] as const
const between = ['agreements', 'requests', 'dialogue'] as const
const allowed: Record<string, readonly Place[]> = {
  analyst: [...all, 'agreements', 'requests', 'matching', 'dialogue'],
  supervisor: [...all, 'agreements', 'requests', 'matching', 'exchange', 'dialogue'],
  officer: ['flights', 'people', 'queue', 'reports'],
  auditor: ['flights', 'reports', 'lists', 'rules', 'agreements', 'requests', 'matching', 'exchange', 'dialogue', 'audit'],
  fiu: between,
  responder: between,
  targeter: between,
  administrator: ['lists', 'rules'],
  filer: ['flights', 'reports'],
}

export const placesOf = (role: string): readonly Place[] => allowed[role] ?? ['reports']

/** Where a place is found; an item it may have open is left behind. */
export const placePath: Record<Place, string> = {
  flights: '/flights',
  people: '/people',
  queue: '/queue',
  reports: '/reports',
  lists: '/lists',
  rules: '/rules',
  agreements: '/agreements',
  requests: '/requests',
  matching: '/matching',
  exchange: '/exchange',
  dialogue: '/dialogue',
  audit: '/audit',
}

/** The keys that go to a place. */
export const placeAct: Partial<Record<Place, Act>> = {
  flights: 'go.flights',
  people: 'go.people',
  queue: 'go.queue',
  reports: 'go.reports',
  lists: 'go.lists',
  rules: 'go.rules',
  agreements: 'go.exchange',
  requests: 'go.requests',
  dialogue: 'go.dialogue',
  audit: 'go.audit',
}
