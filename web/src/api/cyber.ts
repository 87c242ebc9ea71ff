import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import type { Of, Page, With } from './types'

/* Indicators of compromise and incidents. */

export type IndicatorState = 'proposed' | 'active' | 'expiring' | 'expired' | 'revoked' | 'false-positive' | 'refused' | 'composite'

export type Indicator = {
  id: string
  kind: string
  value: string
  display: string
  state: IndicatorState
  rule?: string
  reason?: string
  confidence: number
  score: number
  tlp: string
  valid_from?: string
  valid_until?: string
  names?: string[]
  types?: string[]
  kill_chain?: string[]
  labels?: string[]
  sources?: string[]
  first_seen?: string
  last_seen?: string
  changed: string
  sightings: number
  places: number
  sighted?: string
  case?: string
}

export type Claim = {
  source: string
  ref: string
  report?: string
  said: string
  created_by?: string
  name?: string
  text?: string
  types?: string[]
  kill_chain?: string[]
  labels?: string[]
  confidence: number
  tlp?: string
  valid_from?: string
  valid_until?: string
  revoked?: boolean
  denied?: boolean
  collection?: string
  agreement?: string
}
export type Sighting = { host: string; place: string; source: string; report: string; first: string; last: string; count: number; seen?: string; told?: boolean }
export type IndicatorFile = Indicator & {
  pattern?: string
  claims?: Claim[]
  acts?: { at: string; by: string; what: string; reason: string }[]
  sightings_at?: Sighting[]
  others?: { source: string; ref: string; first?: string; last?: string; count: number; denied?: boolean }[]
  incidents?: { id: string; number: number; title: string; state: IncidentState }[]
}
export type Searched = { asked: string; kind?: string; value?: string; refused?: { rule: string; message: string; mend?: string }; indicator?: Indicator; around?: Indicator[] }
export type NewIndicator = { kind?: string; value: string; name?: string; text?: string; confidence?: number; tlp: string; valid_until?: string; types?: string[] }

export const incidentStates = ['reported', 'triage', 'investigating', 'contained', 'eradicated', 'recovered', 'review', 'closed', 'reopened', 'on-hold', 'rejected', 'duplicate'] as const
export type IncidentState = (typeof incidentStates)[number]

export type Clock = { id: string; duty: string; starts: string; due: string; state: 'running' | 'met' | 'late' | 'late-met' | 'stopped'; met?: string; passed: number; warned: number; law?: string; reason?: string }
export type Weight = { score: number; level: number; word: string; scheme: string; table: string; because?: { input: string; value: string; points: number; weight: number }[]; override?: { score: number; reason: string; by: string; at: string } }

export type Incident = {
  id: string
  number: number
  title: string
  state: IncidentState
  severity: Weight
  significant: boolean
  essential: boolean
  tlp: string
  type?: string
  sector?: string
  services?: string[]
  countries?: string[]
  filer: string
  owner?: string
  aware: string
  occurred?: string
  opened: string
  changed: string
  reports: number
  tasks_open: number
  indicators: number
  clocks?: Clock[]
  next_due?: string
  late: boolean
  joint: boolean
  case?: string
  version: number
}

export type Entry = { id: string; at: string; precision?: 'minute' | 'hour' | 'day'; recorded?: string; kind: string; text?: string; code?: string; values?: Record<string, string>; actor?: string; tlp?: string; supersedes?: string; superseded?: boolean }
export type Task = { id: string; title: string; kind: string; owner?: string; due?: string; state: 'pending' | 'ongoing' | 'successful' | 'failed' | 'cancelled'; depends_on?: string; result?: string; by?: string; at?: string }
export type EvidenceItem = { id: string; name: string; sha256: string; media_type?: string; location?: string; text?: string; by: string; at: string; custody?: { at: string; by: string; to: string; text?: string }[] }
export type SharedNote = { agreement: string; partner?: string; thread?: string; direction: 'in' | 'out'; at: string; fields?: string[]; values?: Record<string, unknown> }

export type IncidentFile = Incident & {
  description?: string
  contact?: { name?: string; contact?: string }
  suspected_malicious?: string
  cross_border?: string
  users_estimate?: number
  impact?: { availability?: string; confidentiality?: string; integrity?: string }
  vulnerabilities?: string[]
  measures?: string[]
  root_cause?: string
  determination?: string
  filed?: { report: string; report_id: string; previous?: string; stage: string; received: string; title: string; tlp?: string }[]
  timeline?: Entry[]
  tasks?: Task[]
  evidence?: EvidenceItem[]
  linked?: (Indicator & { why?: string })[]
  shared?: SharedNote[]
  next?: IncidentState[]
  duplicate_of?: string
}

/** A report of an incident, as it is filed: rihla.incident-report/1. */
export type IncidentReport = {
  schema: 'rihla.incident-report/1'
  report_id: string
  filer: { name: string; contact: string }
  stage: string
  aware_at: string
  title: string
  description: string
  detected_at?: string
  type?: string
  suspected_malicious?: string
  cross_border?: string
  affected?: { sector?: string; services?: string[]; users_estimate?: number; countries?: string[] }
  impact?: { availability?: string; confidentiality?: string; integrity?: string }
  indicators?: { type?: string; value: string }[]
  tlp: string
  previous_report_id?: string
}

export type IndicatorFilter = { q?: string; kind?: string; state?: string; source?: string; sighted?: boolean }
export type IncidentFilter = { open?: boolean; state?: string; severity?: number; owner?: string; q?: string }

export const cyberKeys = {
  indicators: ['cyber-indicators'] as const,
  indicator: (id: string) => ['cyber-indicator', id] as const,
  incidents: ['cyber-incidents'] as const,
  incident: (id: string) => ['cyber-incident', id] as const,
  host: (id: string) => ['cyber-host', id] as const,
  logs: ['cyber-logs'] as const,
  log: (id: string) => ['cyber-log', id] as const,
  feeds: ['cyber-feeds'] as const,
}

const part = encodeURIComponent
// Indicators come by the million; the latest are what a person looks through, the rest is found by filter.
const indicatorPages = 1

export const useIndicators = (filter: IndicatorFilter) =>
  useQuery({ queryKey: [...cyberKeys.indicators, filter], queryFn: ({ signal }) => callAll<Indicator>('/cyber/indicators', { ...filter, limit: 300 }, signal, indicatorPages), placeholderData: (before) => before })
export const useIndicator = (id: string | undefined) =>
  useQuery({ queryKey: cyberKeys.indicator(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<IndicatorFile>(`/cyber/indicators/${part(id ?? '')}`, { signal }) })
export const useIncidents = (filter: IncidentFilter) =>
  useQuery({ queryKey: [...cyberKeys.incidents, filter], queryFn: ({ signal }) => callAll<Incident>('/cyber/incidents', { ...filter, limit: 500 }, signal), placeholderData: (before) => before })
export const useIncident = (id: string) => useQuery({ queryKey: cyberKeys.incident(id), queryFn: ({ signal }) => call<IncidentFile>(`/cyber/incidents/${part(id)}`, { signal }) })

export type HostFile = { id: string; place: string; source: string; first: string; last: string; count: number; hits?: { indicator: string; value: string; display: string; state: IndicatorState; host: string; place: string; first: string; last: string; count: number; seen?: string }[]; findings: number; case?: string }
export const useHost = (id: string) => useQuery({ queryKey: cyberKeys.host(id), queryFn: ({ signal }) => call<HostFile>(`/cyber/hosts/${part(id)}`, { signal }) })

/** A log as it was filed; its report is its name. */
export type Log = Of<'CyberLogItem'>
export type LogFile = With<Of<'CyberLogPage'>, { hits: With<Of<'CyberHit'>, { state: IndicatorState }>[] }>
export const useLogs = () => useQuery({ queryKey: cyberKeys.logs, queryFn: ({ signal }) => callAll<Log>('/cyber/logs', { limit: 300 }, signal, indicatorPages), placeholderData: (before) => before })
export const useLog = (id: string) => useQuery({ queryKey: cyberKeys.log(id), queryFn: ({ signal }) => call<LogFile>(`/cyber/logs/${part(id)}`, { signal }), retry: 4, retryDelay: 1000 })
export const useFileLog = () => useAct(async (file: File) => call<{ report: string }>('/cyber/logs', { method: 'POST', bytes: new Uint8Array(await file.arrayBuffer()) }), [cyberKeys.logs])

/** Another server's collection that this node reads. */
export type Feed = Of<'FeedState'>
export const useFeeds = () => useQuery({ queryKey: cyberKeys.feeds, queryFn: ({ signal }) => callAll<Feed>('/cyber/feeds', {}, signal), refetchInterval: 30_000 })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}

export const useSearchIndicators = () => useMutation({ mutationFn: async (values: string[]) => (await call<Page<Searched>>('/cyber/indicators/search', { method: 'POST', body: { values } })).items ?? [] })
export const useAddIndicator = () => useAct((given: NewIndicator) => call<{ report: string; indicator: string }>('/cyber/indicators', { method: 'POST', body: given }), [cyberKeys.indicators])
export const useIndicatorAct = (id: string) =>
  useAct((given: { what: string; reason: string }) => call<Indicator>(`/cyber/indicators/${part(id)}/acts`, { method: 'POST', body: given }), [cyberKeys.indicator(id), cyberKeys.indicators])

export const useReportIncident = () => useAct((given: IncidentReport) => call<{ report: string; incident: string }>('/cyber/incidents', { method: 'POST', body: given }), [cyberKeys.incidents])

/** An act on an incident: what it is and where it goes under the incident's own address. */
export const useIncidentAct = <T,>(id: string, method: 'POST' | 'PUT' | 'DELETE', path: string) =>
  useAct((given: T) => call<unknown>(`/cyber/incidents/${part(id)}/${path}`, { method, body: given }), [cyberKeys.incident(id), cyberKeys.incidents])
