import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { cargoKeys } from './cargo'
import { cyberKeys } from './cyber'
import { deskKeys } from './desk'
import { dialogueKeys } from './dialogue'
import { exchangeKeys } from './exchange'
import { facilitationKeys } from './facilitation'
import { fundsKeys } from './funds'
import { keys } from './queries'
import type { Passenger } from './types'

/*
 * One stream of events for the whole app. An event says only that something changed; what it is now is
 * asked again, and only if a page shows it. Events come in bursts, so after a quiet
 * spell the first is asked about at once and the next ones together, well inside "visible within a second".
 */

export type LiveState = { connected: boolean; last: number }

let state: LiveState = { connected: false, last: 0 }
const listeners = new Set<() => void>()
const atOnceMs = 80
const togetherMs = 700
const kinds = ['flight', 'passenger', 'case', 'report', 'list', 'list-refused', 'proposal', 'rule', 'agreement', 'thread', 'partner', 'match', 'meeting', 'consignment', 'referral', 'departure', 'indicator', 'incident', 'host', 'log', 'declaration', 'transaction', 'payment', 'told', 'freeze', 'desk', 'outage', 'override', 'application', 'hall']

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
      return [['manifest'], own(keys.passenger, 'passenger'), ['search'], deskKeys.desk]
    case 'case':
      return [keys.cases, own(keys.case, 'case'), keys.flights, deskKeys.desk, cargoKeys.referrals, ['cargo-consignment'], fundsKeys.reports]
    case 'report':
      return [keys.reports, own(keys.report, 'report'), fundsKeys.reports, own(fundsKeys.report, 'funds-report')]
    case 'list':
    case 'list-refused':
      return [keys.lists, ['entries'], ...(id ? [keys.versions(id), keys.source(id)] : [['versions'], ['source']])]
    case 'proposal':
      return [keys.lists, ['proposals']]
    case 'rule':
      return [keys.rules, own(keys.rule, 'rule'), id ? ['backtests', id] : ['backtests']]
    case 'agreement':
      return [exchangeKeys.agreements, own(exchangeKeys.agreement, 'agreement'), exchangeKeys.threads]
    case 'thread':
      return [exchangeKeys.threads, own(exchangeKeys.thread, 'thread'), id ? exchangeKeys.preview(id) : ['release-preview'], exchangeKeys.log]
    case 'partner':
      return [exchangeKeys.partners, exchangeKeys.agreements]
    case 'match':
      return [exchangeKeys.matches]
    case 'meeting':
      return [dialogueKeys.meetings, own(dialogueKeys.meeting, 'meeting'), dialogueKeys.actions, dialogueKeys.reports]
    case 'consignment':
      return [cargoKeys.consignments, own(cargoKeys.consignment, 'cargo-consignment'), cargoKeys.departures, cargoKeys.referrals, cargoKeys.samples]
    case 'referral':
      return [cargoKeys.referrals, own(cargoKeys.referral, 'cargo-referral'), ['cargo-consignment']]
    case 'departure':
      return [cargoKeys.departures, cargoKeys.consignments, cargoKeys.referrals]
    case 'indicator':
      return [cyberKeys.indicators, own(cyberKeys.indicator, 'cyber-indicator')]
    case 'incident':
      return [cyberKeys.incidents, own(cyberKeys.incident, 'cyber-incident')]
    case 'log':
      return [cyberKeys.logs, own(cyberKeys.log, 'cyber-log')]
    case 'host':
      return [own(cyberKeys.host, 'cyber-host'), ['cyber-indicator']]
    case 'declaration':
    case 'told':
      return [fundsKeys.declarations, own(fundsKeys.declaration, 'funds-declaration'), ['funds-party'], ['funds-money']]
    case 'transaction':
    case 'payment':
      return [['funds-party'], ['funds-money']]
    case 'desk':
      return [deskKeys.desk, own(keys.passenger, 'passenger')]
    case 'outage':
      return [deskKeys.desk, deskKeys.outages]
    case 'override':
      return [deskKeys.desk, deskKeys.overrides]
    case 'application':
      return [facilitationKeys.applications, own(facilitationKeys.application, 'application')]
    case 'hall':
      return [facilitationKeys.halls]
    case 'freeze':
      return [['funds-party'], fundsKeys.freezes]
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

  let flushed = 0

  const flush = () => {
    timer = undefined
    flushed = Date.now()
    const now = [...due.values()]
    due.clear()
    for (const queryKey of now) void client.invalidateQueries({ queryKey })
    // The person who is open belongs to a flight: when it changed, so may he have.
    const changed = new Set(now.filter(([room]) => room === 'flight').map(([, id]) => id))
    void client.invalidateQueries({
      predicate: ({ queryKey, state: { data } }) => queryKey[0] === 'passenger' && changed.has((data as Passenger | undefined)?.flight.id),
    })
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
    timer ??= setTimeout(flush, Math.max(atOnceMs, togetherMs - (Date.now() - flushed)))
  }

  for (const kind of kinds) stream.addEventListener(kind, take)
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
