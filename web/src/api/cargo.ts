import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import { keys } from './queries'
import type { Case, Finding, Of, Severity, With } from './types'

/* What flies as freight: departures, consignments as they were filed, and what is asked of filers. */

export type State = 'received' | 'incomplete' | 'assessing' | 'complete' | 'referred' | 'rfi' | 'rfs' | 'dnl-proposed' | 'dnl' | 'departed' | 'arrived' | 'cancelled'
export type Hold = 'rfi' | 'rfs' | 'dnl'

export type Departure = {
  id: string
  carrier?: string
  number?: string
  date?: string
  origin?: string
  destination?: string
  departs?: string
  departs_known: boolean
  cutoff?: string
  departed?: string
  shipments: number
  consignments: number
  pieces: number
  kg: number
  states?: Partial<Record<State, number>>
  cases: number
  findings: number
  severities?: Partial<Record<Severity, number>>
}

type NamedParty = { name: string; country?: string }

export type Row = {
  id: string
  shipment: string
  master: string
  house?: string
  kind: 'house' | 'master' | 'direct'
  origin?: string
  destination?: string
  flight?: string
  date?: string
  departs?: string
  cutoff?: string
  consignor?: NamedParty
  consignee?: NamedParty
  goods?: string
  hs?: string[]
  pieces: number
  kg: number
  state: State
  hold?: Hold
  answered?: string
  findings: number
  severity?: Severity
  kinds?: string[]
  case?: string
  case_state?: string
  held_by?: string
  filers?: string[]
  versions: number
  first?: string
  last?: string
  missing?: string[]
  cancelled?: boolean
  flags?: string[]
}

export type Party = {
  role: 'consignor' | 'consignee' | 'notify' | 'agent'
  subject: string
  form?: 'organisation' | 'person'
  name: string
  street?: string
  place?: string
  state?: string
  postcode?: string
  country?: string
  account?: string
  tax_id?: string
  contacts?: { kind: string; value: string }[]
  truncated?: boolean
  doubts?: { rule: string; field?: string; message: string }[]
  known?: { first_seen?: string; days: number; consignments: number; firms_at_address: number }
  findings?: Finding[]
  case?: string
}

export type Difference = { field: string; was?: string; is?: string }
export type Filing = { id: string; kind: 'waybill' | 'house' | 'cancel'; form: string; filer: string; report: string; offset?: number; length?: number; at?: string; received: string; errors?: string[]; reason?: string; differences?: Difference[] }
export type Status = { at: string; code: string; text?: string; filers?: string[]; by?: string }

export type House = Row & { under?: Tree }
export type Tree = {
  shipment: string
  master: string
  filed: boolean
  master_id?: string
  houses_filed: number
  pieces?: number
  pieces_filed: number
  kg?: number
  kg_filed: number
  complete_houses: number
  whole: boolean
  parents?: { id: string; master: string; house?: string }[]
  houses?: House[]
}

export type Question = { kind: Hold; asks?: string[]; method?: string; text?: string; deadline_minutes?: number; contact?: string }
export type Referral = {
  id: string
  consignment: string
  kind: Hold
  asks?: string[]
  method?: string
  text?: string
  contact?: string
  deadline?: string
  by: string
  confirmed_by?: string
  opened: string
  answered?: string
  lifted?: string
  lifted_by?: string
  reminded?: string | boolean
  escalated?: string | boolean
  state: 'open' | 'answered' | 'lifted'
}
export type ThreadEntry = { at: string; by?: string; what: string; text?: string; result?: string; differences?: Difference[]; report?: string }
export type ReferralFile = Referral & { master: string; house?: string; thread?: ThreadEntry[] }
export type Referred = Row & { reasons?: { code: string; title?: string; severity: Severity; rule?: string }[]; referral?: Referral; cutoff_in?: number; late?: boolean }

export type Hint = { kind: 'dangerous' | 'controlled' | 'precious'; id: string; words?: string[]; un?: string; class?: string; wants?: string[]; answered?: boolean }
export type Consignment = Row & {
  route?: string[]
  flights?: { carrier: string; number: string; date?: string }[]
  part?: boolean
  shippers_count?: number
  volume_m3?: number
  value?: string | number
  currency?: string
  handling?: string[]
  made_in?: string
  security?: { whom?: string; what?: string; text?: string }[]
  goods_verdict?: { rule?: string; words?: string[]; weak?: boolean }
  hs_codes?: { code: string; title?: string; title_ar?: string }[]
  hints?: Hint[]
  contradictions?: { word: string; expected?: string[]; got?: string }[]
  ratios?: { kg_per_piece?: number; kg_per_m3?: number; value_per_kg?: number }
  parties?: Party[]
  own_findings?: Finding[]
  cases?: Case[]
  filings?: Filing[]
  statuses?: Status[]
  tree?: Tree
  referrals?: Referral[]
  question?: Question
}

export type ConsignmentFilter = { departure?: string; shipment?: string; state?: string; filer?: string; q?: string }
export type ReferralFilter = { state?: string; departure?: string; filer?: string; rule?: string; mine?: boolean }

export const cargoKeys = {
  departures: ['cargo-departures'] as const,
  consignments: ['cargo-consignments'] as const,
  consignment: (id: string) => ['cargo-consignment', id] as const,
  referrals: ['cargo-referrals'] as const,
  referral: (id: string) => ['cargo-referral', id] as const,
  samples: ['cargo-samples'] as const,
}

const part = encodeURIComponent

export const useDepartures = (filter: { from?: string; to?: string }) =>
  useQuery({ queryKey: [...cargoKeys.departures, filter], queryFn: ({ signal }) => callAll<Departure>('/cargo/departures', filter, signal), placeholderData: (before) => before })

export const useConsignments = (filter: ConsignmentFilter, enabled = true) =>
  useQuery({ queryKey: [...cargoKeys.consignments, filter], enabled, queryFn: ({ signal }) => callAll<Row>('/cargo/consignments', filter, signal), placeholderData: (before) => before })

export const useConsignment = (id: string | undefined) =>
  useQuery({ queryKey: cargoKeys.consignment(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<Consignment>(`/cargo/consignments/${part(id ?? '')}`, { signal }) })

export const useReferrals = (filter: ReferralFilter) =>
  useQuery({ queryKey: [...cargoKeys.referrals, filter], queryFn: ({ signal }) => callAll<Referred>('/cargo/referrals', filter, signal), placeholderData: (before) => before })

export const useReferral = (id: string | undefined) =>
  useQuery({ queryKey: cargoKeys.referral(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<ReferralFile>(`/cargo/referrals/${part(id ?? '')}`, { signal }) })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}

const ofDeparture: QueryKey[] = [cargoKeys.departures, cargoKeys.consignments, cargoKeys.referrals]
export const useSchedule = (id: string) => useAct((departs: string) => call<{ shipments: number }>(`/cargo/departures/${part(id)}/schedule`, { method: 'PUT', body: { departs } }), ofDeparture)
export const useFlown = (id: string, what: 'departed' | 'arrived') =>
  useAct((_: void) => call<{ shipments: number; alarms?: number }>(`/cargo/departures/${part(id)}/${what}`, { method: 'POST', body: {} }), [...ofDeparture, keys.cases])

const ofReferral = (id: string, consignment: string): QueryKey[] => [cargoKeys.referral(id), cargoKeys.referrals, cargoKeys.consignment(consignment)]
export const useAnswer = (id: string, consignment: string) => useAct((given: { text: string; result?: string }) => call<Referral>(`/cargo/referrals/${part(id)}/answers`, { method: 'POST', body: given }), ofReferral(id, consignment))
export const useReferralNote = (id: string, consignment: string) => useAct((given: { text: string; called?: boolean }) => call<void>(`/cargo/referrals/${part(id)}/notes`, { method: 'POST', body: given }), ofReferral(id, consignment))
/** What is to be asked of the filer, said before it is decided that it is asked. */
export const usePutQuestion = (consignment: string) =>
  useAct((question: Question) => call<Question>(`/cargo/consignments/${part(consignment)}/question`, { method: 'PUT', body: question }), [cargoKeys.consignment(consignment), cargoKeys.referrals])

/** A consignment of which nothing was found, to be looked at as if nobody had. */
export type Sampled = With<Of<'CargoSampled'>, { state: State; kind: Row['kind'] }>
export type SamplePage = With<Of<'ListSamplesOutBody'>, { items: Sampled[] }>
export const useSamples = (state: string) =>
  useQuery({ queryKey: [...cargoKeys.samples, state], queryFn: ({ signal }) => call<SamplePage>('/cargo/samples', { query: { state }, signal }), placeholderData: (before) => before })
export const useJudge = (id: string) => useAct((given: { missed: boolean; reason?: string }) => call<{ result: string }>(`/cargo/samples/${part(id)}`, { method: 'POST', body: given }), [cargoKeys.samples, cargoKeys.referrals, cargoKeys.consignments])
