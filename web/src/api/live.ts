import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { keys } from './queries'

/*
 * One stream of events for the whole app. An event says only that something changed; what it is now is
 * asked again, and only if a page shows it. Events come in bursts, so questions are put at most once
 * in a quarter of a second, which is still well inside "visible within a second".
 */

export type LiveState = { connected: boolean; last: number }

let state: LiveState = { connected: false, last: 0 }
const listeners = new Set<() => void>()
const pause = 250

function set(next: Partial<LiveState>) {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** What may have changed when an event of this kind arrives. */
export function touchedBy(kind: string, id: string | undefined): QueryKey[] {
  const own = (key: (id: string) => QueryKey, all: string) => (id ? key(id) : [all])
  switch (kind) {
    case 'flight':
      return [keys.flights, own(keys.flight, 'flight'), own(keys.manifest, 'manifest')]
    case 'passenger':
      return [['manifest'], own(keys.passenger, 'passenger'), ['search']]
    case 'case':
      return [keys.cases, own(keys.case, 'case'), keys.flights, ['manifest'], ['passenger']]
    case 'report':
      return [keys.reports, own(keys.report, 'report')]
    case 'list':
      return [keys.lists, ['entries']]
    default:
      return []
  }
}

export function useLive(signedIn: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!signedIn) return
    return listen(client)
  }, [client, signedIn])
}

function listen(client: QueryClient): () => void {
  const stream = new EventSource('/api/v1/events')
  const due = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = () => {
    timer = undefined
    const now = [...due.values()]
    due.clear()
    for (const queryKey of now) void client.invalidateQueries({ queryKey })
  }
  const take = (event: MessageEvent<string>) => {
    let id: string | undefined
    try {
      id = (JSON.parse(event.data) as { id?: string }).id
    } catch {
      id = undefined // an event without a body still says that its kind changed
    }
    for (const key of touchedBy(event.type, id)) due.set(JSON.stringify(key), key)
    set({ last: Date.now() })
    timer ??= setTimeout(flush, pause)
  }

  for (const kind of ['flight', 'passenger', 'case', 'report', 'list']) stream.addEventListener(kind, take)
  let broken = false
  stream.onopen = () => {
    set({ connected: true, last: Date.now() })
    // What happened while the line was down is not known, so everything shown is asked again.
    if (broken) void client.invalidateQueries()
    broken = false
  }
  stream.onerror = () => {
    broken = true
    set({ connected: false })
  }
  return () => {
    stream.close()
    clearTimeout(timer)
    set({ connected: false })
  }
}
