import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { assemble, type Values } from '../format/form'
import { call, callAll } from './client'
import { keys } from './queries'
import type { Finding, Severity } from './types'

/* Entry made easier: applications and what they lead to, and the halls where it shows. */

const part = encodeURIComponent

export const facilitationKeys = {
  applications: ['applications'] as const,
  application: (id: string) => ['application', id] as const,
  halls: ['halls'] as const,
}

// --- What a traveller asks and is told, without an account. A secret goes in a body, never in an address.

export type FormFault = { code: string; path: string; field?: string; why: string }
export type Filed = { reference: string; secret: string; kind?: string }
export type Programme = { code: string; host: string; years?: number; fee?: string; currency?: string; minimum_age?: number }
export type Terms = {
  state: string
  country: string
  programs?: Programme[]
  interview?: { halls?: string[]; weekdays?: string[]; from_days?: number; until_days?: number }
  authorisation?: { required?: string[]; visa_free?: string[]; years?: number; entries?: string; hours?: number; notice_hours?: number }
  consent_version?: string
  purposes?: string[]
  contact?: string
}
export type Letter = { kind: string; at: string; text: string }
export type OwnAct = 'interview' | 'withdrawal' | 'renewal' | 'document' | 'review'
export type OwnPage = {
  reference: string
  kind: string
  state: string
  name?: string
  document?: string
  program?: string
  number?: string
  since?: string
  until?: string
  entries?: string
  due?: string
  next?: string
  acts?: OwnAct[]
  interview?: Slot
  renewal?: { at: string; grace: string }
  letters?: Letter[]
  steps?: { at: string; state: string }[]
  language?: string
}
export type Key = { reference: string; secret: string } | { reference: string; document: string }
export type Slot = { day: string; hall: string; left?: number }

export const useTerms = () => useQuery({ queryKey: ['application-terms'], staleTime: Infinity, queryFn: ({ signal }) => call<Terms>('/applications/terms', { signal }) })
export const useApply = () => useMutation({ mutationFn: (values: Values) => call<Filed>('/applications', { method: 'POST', body: assemble(values) }) })
export const useOwnPage = () => useMutation({ mutationFn: (key: Key) => call<OwnPage>('/applications/status', { method: 'POST', body: key }) })
export const useInterviewDays = () => useMutation({ mutationFn: async (key: Key) => (await call<{ items?: Slot[] }>('/applications/interview-days', { method: 'POST', body: key })).items ?? [] })
export const useOwnAct = () => useMutation({ mutationFn: ({ act, key, more }: { act: OwnAct; key: Key; more?: object }) => call<OwnPage>(`/applications/${act}`, { method: 'POST', body: { ...key, ...more } }) })

// --- The desk.

export type ApplicationKind = 'membership' | 'authorisation' | 'redress' | 'vetting'
export const applicationKinds: readonly ApplicationKind[] = ['membership', 'authorisation', 'redress', 'vetting']
export type ApplicationItem = {
  id: string
  reference: string
  kind: ApplicationKind
  state: string
  name: string
  born?: string
  nationality?: string
  document?: string
  program?: string
  number?: string
  filed: string
  due?: string
  overdue?: boolean
  until?: string
  reasons?: string[]
  proposal?: { to: string; by: string }
  partner?: string
  findings: number
  severity?: Severity
}
export type ApplicationForm = {
  program?: string
  home?: string
  host?: string
  applicant: { family_name: string; given_names?: string; dob: string; sex?: string; nationality: string; document: { type?: string; number: string; issuer: string; expiry?: string; mrz?: string[]; chip?: { read: boolean; passive_authentication?: { hash_ok: boolean; signature_ok: boolean; chain_ok: boolean; revoked: boolean; expired?: boolean } } } }
  contact?: { email?: string; phone?: string; language?: string }
  addresses?: { from: string; to?: string; lines?: string[]; city: string; country: string }[]
  work?: { from: string; to?: string; employer: string; role?: string; country: string }[]
  travel_5y?: string[]
  purpose?: string
  arrival?: string
  host_address?: { name?: string; city?: string; country?: string }
  declarations?: Record<string, boolean>
  consent?: { text_version: string; language?: string; given_at: string; allows: string[]; ref?: string; given_by?: string }
  guardian?: { relation: string; application?: string }
  payment?: { amount: string; currency: string; ref: string }
  selfie_chip_match?: number
  stops?: { flight?: string; date?: string; place?: string }[]
  account?: string
  question?: { thread?: string; program?: string; application_ref?: string; consent_ref?: string }
}
export type ApplicationFile = Omit<ApplicationItem, 'partner' | 'findings' | 'proposal'> & {
  form: ApplicationForm
  report?: string
  version: number
  since?: string
  ended?: string
  entries?: string
  history?: { at: string; from: string; to: string; by: string; second?: string; reason?: string }[]
  proposal?: { to: string; by: string; at: string; reason: string; not_same?: string[] }
  partner?: { thread?: string; agreement?: string; at: string; by: string; state: string; late?: boolean; told?: boolean; outcome?: 'green' | 'not_green' | 'unable'; reference?: string; valid_until?: string; answered?: string }
  interview?: Slot
  renewal?: { at: string; grace: string }
  review?: { at: string; of: string; words?: string; not_by?: string[] }
  cleared?: { list: string; entry: string; name?: string; decided_by: string; confirmed_by: string; at: string }[]
  answer?: { outcome: string; reference: string; valid_until?: string; by: string; at: string; reason?: string }
  eligibility?: { code: string; bars?: boolean }[]
  moves?: string[]
  acts?: string[]
  findings: Finding[]
  cases?: string[]
  alike?: { id: string; reference: string; kind: ApplicationKind; state: string }[]
  letters?: Letter[]
}
export type ApplicationFilter = { kind?: string; state?: string; q?: string; waiting?: boolean }
export type Figures = { counts?: { kind: ApplicationKind; state: string; n: number; overdue: number }[]; proposals: number }

const most = { limit: 100 }
export const useApplications = (filter: ApplicationFilter, enabled = true) =>
  useQuery({ queryKey: [...facilitationKeys.applications, filter], enabled, queryFn: ({ signal }) => callAll<ApplicationItem>('/facilitation/applications', { ...filter, ...most }, signal, 5), placeholderData: (before) => before })
export const useApplication = (id: string | undefined) => useQuery({ queryKey: facilitationKeys.application(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<ApplicationFile>(`/facilitation/applications/${part(id ?? '')}`, { signal }) })
export const useFigures = (enabled = true) => useQuery({ queryKey: [...facilitationKeys.applications, 'figures'], enabled, queryFn: ({ signal }) => call<Figures>('/facilitation/figures', { signal }) })
export const useInterviews = (day: string) => useQuery({ queryKey: [...facilitationKeys.applications, 'interviews', day], queryFn: async ({ signal }) => (await call<{ items?: { day: string; hall: string; application: string; reference: string; name: string }[] }>('/facilitation/interviews', { query: { day }, signal })).items ?? [] })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}

export type Deed =
  | { act: 'moves'; to: string; reason: string; finding?: string; version: number }
  | { act: 'confirmation'; yes: boolean; reason?: string }
  | { act: 'vetting' }
  | { act: 'examination'; not_same: string[]; reason: string }
  | { act: 'outcome'; outcome: string; valid_until?: string; reason?: string }
export const useApplicationAct = (id: string) =>
  useAct(({ act, ...body }: Deed) => call<ApplicationFile>(`/facilitation/applications/${part(id)}/${act}`, { method: 'POST', body }), [facilitationKeys.applications, facilitationKeys.application(id), keys.cases])

// --- Halls.

export const laneKinds = ['egate', 'member', 'staffed', 'priority', 'secondary'] as const
export type Lane = (typeof laneKinds)[number]
export type PerLane<T> = Partial<Record<Lane, T>>
export type Times = { count: number; p50_s: number; p90_s: number; p95_s: number }
export type Quarter = { quarter: string; expected: { total: number; low: number; high: number; lanes?: PerLane<number> }; came: number; lanes?: PerLane<number>; wait: Times; waits?: PerLane<Times>; open?: PerLane<number>; hint?: PerLane<number> }
export type Hall = {
  hall: string
  expected: number
  came: number
  lanes: { lane: Lane; expected: number; came: number; referred: number; wait: Times; service: Times; desk_hours: number; per_desk_hour: number }[]
  goal: { goal_minutes: number; of: number; share: number; times: Times }
  quarters: Quarter[]
}
export type HallDay = { airport: string; date: string; zone: string; now: string; halls: Hall[] }
export type HallArrival = { id: string; flight: string; from: string; date: string; hall?: string; scheduled: string; estimated?: string; on_block?: string; passengers: number; lanes: PerLane<number> }
export type LanePerson = { passenger: string; name: string; lane: Lane; reasons: string[]; draw?: string; expected?: Lane; used?: Lane; result?: 'passed' | 'referred' }
export type FlightLanes = { flight: string; id: string; date: string; from: string; to: string; scheduled?: string; items: LanePerson[] }
export type Band = { mean: number; low: number; high: number }
export type Saved = { week: string; from: string; until: string; airports: string[]; travellers: number; minutes_each: Band; hours: Band; actual_minutes: number; staffed_minutes: number; fast: number; desk_hours: number; measured_service: number; replays: number }

const everyMs = 60_000
export const useHalls = (airport: string, date: string | undefined) =>
  useQuery({ queryKey: [...facilitationKeys.halls, airport, date ?? ''], enabled: airport !== '', refetchInterval: everyMs, queryFn: ({ signal }) => call<HallDay>(`/halls/${part(airport)}`, { query: { date }, signal }), placeholderData: (before) => before })
export const useHallArrivals = (airport: string, date: string | undefined) =>
  useQuery({ queryKey: [...facilitationKeys.halls, 'arrivals', airport, date ?? ''], enabled: airport !== '', queryFn: async ({ signal }) => (await call<{ items?: HallArrival[] }>(`/halls/${part(airport)}/arrivals`, { query: { date }, signal })).items ?? [], placeholderData: (before) => before })
export const useFlightLanes = (id: string | undefined) => useQuery({ queryKey: [...facilitationKeys.halls, 'flight', id ?? ''], enabled: !!id, queryFn: ({ signal }) => call<FlightLanes>(`/flights/${part(id ?? '')}/lanes`, { signal }) })
export const useSaved = (airport: string, week: string | undefined) => useQuery({ queryKey: [...facilitationKeys.halls, 'saved', airport, week ?? ''], queryFn: ({ signal }) => call<Saved>('/facilitation/saved', { query: { airport: airport || undefined, week }, signal }), placeholderData: (before) => before })
