import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import { keys } from './queries'
import type { CaseState, Finding, Severity } from './types'

/* The border desk: whom carriers wait about, overrides and outages beside it. */

export type Verdict = 'ok' | 'insufficient-data' | 'contact-authority' | 'do-not-board'
export type Why = 'fact' | 'referred' | 'lacking' | 'refused' | 'unacknowledged' | 'void'
export type Standing = { kind: 'membership' | 'authorisation' | 'redress'; number?: string; state: string; active: boolean; until?: string; cleared?: { list: string; entry: string; name?: string; at?: string }[] }
export type DeskFlight = { id: string; carrier: string; number: string; suffix?: string; date: string; from: string; to: string; departure_local?: string; departure?: string; status?: string }
export type Override = {
  id: string
  code: string
  passenger?: string
  name?: string
  flight: DeskFlight
  verdict?: Verdict
  by: string
  role: string
  carrier: string
  station?: string
  agent?: string
  reference?: string
  outage?: string
  text?: string
  at: string
}
export type DeskItem = {
  passenger: { id: string; name: string; sex?: string; born?: string; nationality?: string; role: 'passenger' | 'crew' | 'transit'; documents?: { type?: string; number: string; issuer?: string; expires?: string }[]; seat?: string; reservation?: string; carrier_reference?: string; infant?: boolean }
  flight: DeskFlight
  path: string
  departs?: string
  minutes_left?: number
  why: Why
  answer?: { id: string; verdict: Verdict; at: string; filer: string; report?: string; until?: string; lacking?: string; unasked?: boolean; acknowledged?: string; provisional?: boolean; void?: boolean; decided?: { by: string; confirmed_by?: string; at: string; fact?: string } }
  waiting?: boolean
  case?: { id: string; number: number; state: CaseState; version: number; severity: Severity; claimed_by?: string; outcome?: string }
  findings?: Finding[]
  standings?: Standing[]
  prepared?: { outcome: string; fact: string }
  board?: { outcome: string }
  shortest?: Record<string, number>
  station?: { carrier: string; airport: string; phone?: string; note?: string }
  reference: string
  script?: { key: string; values?: Record<string, string> }
  companions?: { id: string; name: string; verdict?: Verdict }[]
  overrides?: Override[]
}
export type Outage = {
  number: string
  cause: 'state' | 'carrier' | 'network'
  scope: string
  carrier?: string
  reference?: string
  note?: string
  from: string
  to?: string
  grace_until?: string
  declared_by: string
  declared: string
  closed_by?: string
  closed?: string
}
export type OutageFile = Outage & {
  flights?: { id: string; carrier: string; number: string; date: string; from: string; to: string; due?: string; received?: string; timely: boolean; why?: string; airborne?: boolean }[]
  overrides?: number
  provisional?: number
  caught_up?: boolean
}
export type Status = { mode: 'normal' | 'degraded' | 'down'; since?: string; outages?: Outage[]; reasons?: string[] }
export type Desk = { now: string; items?: DeskItem[]; more?: number; status?: Status }
export type Rate = { carrier: string; station?: string; questions: number; overrides: number; rate: number; by_code?: Record<string, number> }

export const outageCauses = ['state', 'network', 'carrier'] as const
export const outageScopes = ['iapi', 'lists', 'links', 'all'] as const
export const overrideCodes = ['GOV', 'HUM', 'CRW', 'OUT', 'AIR'] as const

export const deskKeys = {
  desk: ['desk'] as const,
  overrides: ['overrides'] as const,
  outages: ['outages'] as const,
}

const part = encodeURIComponent

// Departures come nearer without an event; what is due is asked again before anybody could be late.
const everyMs = 20_000

export const useDesk = () => useQuery({ queryKey: deskKeys.desk, queryFn: ({ signal }) => call<Desk>('/desk', { signal }), refetchInterval: everyMs })
export const useOverrides = (from: string, to: string) => useQuery({ queryKey: [...deskKeys.overrides, from, to], queryFn: ({ signal }) => callAll<Override>('/overrides', { from, to, limit: 300 }, signal, 2), placeholderData: (before) => before })
export const useRates = (from: string, to: string, enabled: boolean) =>
  useQuery({ queryKey: [...deskKeys.overrides, 'rates', from, to], enabled, queryFn: async ({ signal }) => (await call<{ items?: Rate[] }>('/overrides/rates', { query: { from, to }, signal })).items ?? [] })
export const useOutages = () => useQuery({ queryKey: deskKeys.outages, queryFn: ({ signal }) => callAll<Outage>('/outages', { limit: 100 }, signal, 1) })
export const useOutage = (number: string | undefined) => useQuery({ queryKey: [...deskKeys.outages, number ?? ''], enabled: !!number, queryFn: ({ signal }) => call<OutageFile>(`/outages/${part(number ?? '')}`, { signal }) })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}

export const useDeskDecision = () =>
  useAct((given: { case: string; outcome: string; reason: string; version: number }) => call<{ pending?: boolean; outcome: string }>(`/cases/${part(given.case)}/decisions`, { method: 'POST', body: { outcome: given.outcome, reason: given.reason, version: given.version } }), [deskKeys.desk, keys.cases, ['case'], ['passenger'], ['manifest']])
export const useDeclareOutage = () => useAct((given: { cause: string; scope: string; from?: string; to?: string; note?: string }) => call<Outage>('/outages', { method: 'POST', body: given }), [deskKeys.desk, deskKeys.outages])
export const useEndOutage = () => useAct((number: string) => call<Outage>(`/outages/${part(number)}/end`, { method: 'PUT', body: {} }), [deskKeys.desk, deskKeys.outages])
export const useOverride = () => useAct((given: { code: string; passenger: string; reference?: string; outage?: string; text?: string }) => call<Override>('/overrides', { method: 'POST', body: given }), [deskKeys.desk, deskKeys.overrides, ['passenger']])
export const useSetStation = () => useAct(({ carrier, airport, phone }: { carrier: string; airport: string; phone: string }) => call<unknown>(`/stations/${part(carrier)}/${part(airport)}`, { method: 'PUT', body: { phone } }), [deskKeys.desk])
