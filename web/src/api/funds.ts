import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import { keys } from './queries'
import type { Fault, Finding, Of, Severity } from './types'

/* Money over borders and between accounts. Amounts are decimal texts: nothing here is ever a float. */

export type Money = string
export type PartyRef = { id?: string; name?: string; kind?: 'person' | 'organisation' | 'account'; role?: string }
export type Cash = { kind: string; currency: string; amount?: Money; weight_g?: string; fineness?: string; serials?: string[] }

export type DeclarationItem = {
  id: string
  ref: string
  system: 'declaration' | 'disclosure'
  direction: 'in' | 'out'
  port?: string
  made_at: string
  made_local?: string
  flight?: string
  flight_date?: string
  by: PartyRef
  amounts?: Cash[]
  value_usd?: Money
  counted_usd?: Money
  class: string
  duty: boolean
  differs?: boolean
  findings: number
  severity?: Severity
}
export type Declaration = Omit<DeclarationItem, 'amounts'> & {
  items?: Cash[]
  said_usd?: Money
  rates?: { from: string; to: string; day: string; value: string; source: string }[]
  counted?: Cash[]
  checked?: boolean
  outcome?: string
  seizure_ref?: string
  officer?: string
  provenance?: string
  intended_use?: string
  note?: string
  route?: string[]
  means?: string
  waybill?: string
  vessel?: string
  accompanied?: boolean
  country?: string
  line_usd?: Money
  warnings?: Fault[]
  parties?: PartyRef[]
  report?: string
  threshold?: Threshold
  partner?: Reconciled[]
  journeys?: { subject: string; title: string; context?: string; path?: string; strength: string }[]
  cases?: string[]
}
export type Threshold = { countries: string[]; direction: string; system: string; op?: string; amount?: Money; currency?: string; from?: string; kinds?: string[] }
export type Reconciled = { id: string; result: 'agreed' | 'difference' | 'one_sided'; value_usd?: Money; day?: string; flight?: string }
export type FormRules = { home: string; thresholds?: Threshold[]; kinds?: string[]; call?: string }

export type NewDeclaration = {
  system?: string
  direction: string
  port: string
  made_at?: string
  by: { family_name: string; given_names?: string; dob?: string; place_of_birth?: string; nationality?: string; document?: { type?: string; number: string; issuer?: string }; address?: { lines?: string[]; city?: string; country?: string } }
  owner: { same_as: 'by' } | { name: string; country?: string }
  items: Cash[]
  provenance: string
  intended_use?: string
  journey?: { flight?: string; date?: string; route?: string[]; means?: string }
  result?: { checked: boolean; counted?: Cash[]; outcome?: string; officer?: string }
  note?: string
}

export type Movement = {
  id: string
  kind: string
  at: string
  day: string
  from?: PartyRef
  to?: PartyRef
  others?: PartyRef[]
  amount: Money
  currency: string
  usd?: Money
  ref: string
  place?: string
  flight?: string
  mode?: string
  description?: string
  gaps?: string[]
  hidden?: string[]
  uetr?: string
  entry_kind: string
}

export type ReportItem = {
  id: string
  ref: string
  code: string
  submitted?: string
  received: string
  age_hours: number
  currency: string
  total?: Money
  transactions: number
  indicators?: string[]
  suspects?: PartyRef[]
  stage: 'accepted' | 'business'
  state?: 'refused'
  case?: string
  case_state?: string
  outcome?: string
}
export type ReportFile = ReportItem & {
  reason?: string
  action?: string
  corrects?: string
  filer: string
  faults?: Fault[]
  same_story?: { id: string; ref: string; code?: string }[]
  parties?: PartyRef[]
  movements?: Movement[]
  report: string
  findings: Finding[]
  feedback?: { id: string; at: string; by: string; text: string }[]
}

export type Party = {
  id: string
  kind: 'person' | 'organisation' | 'account'
  name: string
  also?: string[]
  births?: string[]
  nationalities?: string[]
  documents?: { type?: string; number: string; issuer?: string }[]
  contacts?: { kind: string; value: string }[]
  account?: string
  institution?: string
  registration?: string
  opened?: string
  occupations?: string[]
  findings: number
  severity?: Severity
  case?: string
}
export type Freeze = Of<'FundsFreeze'>
export type FreezeItem = Of<'FundsFreezeItem'>
export type PartyFile = Omit<Party, 'findings'> & {
  findings: Finding[]
  not_evaluable?: { typology: string; missing: string }[]
  cases?: { id: string; number: number; state: string; outcome?: string }[]
  declarations?: DeclarationItem[]
  reports?: { id: string; ref: string; code?: string }[]
  partner?: Reconciled[]
  freeze?: Freeze
}

export type MoneyNode = { id: string; label: string; kind: 'person' | 'organisation' | 'account' | 'border' | 'counter'; root?: boolean; findings: number; severity?: Severity; in_usd: Money; out_usd: Money }
export type MoneyEdge = { id: string; from: string; to: string; kind: string; at: string; day: string; amount: Money; currency: string; usd?: Money; ref: string; entry: string; entry_kind: string; suspicious?: boolean; findings?: string[] }
export type MoneyGraph = { root: string; from?: string; to?: string; nodes: MoneyNode[]; edges: MoneyEdge[]; totals?: { currency: string; in: Money; out: Money; count: number }[]; truncated: boolean }

export type Dissemination = { id: string; number: string; at: string; by: string; recipient: string; purpose: string; grade: string; caveat?: string; summary: string; until?: string; sha256: string; subjects?: Party[]; movements?: Movement[]; totals?: { currency: string; in?: Money; out?: Money; count?: number; amount?: Money }[] }
export type NewDissemination = { subjects: string[]; recipient: string; purpose: string; source: string; information: string; caveat: string; summary: string; until?: string }

export type DeclarationFilter = { from?: string; to?: string; direction?: string; class?: string; q?: string }
export type TriageFilter = { code?: string; state?: string; q?: string }

export const fundsKeys = {
  declarations: ['funds-declarations'] as const,
  declaration: (id: string) => ['funds-declaration', id] as const,
  reports: ['funds-reports'] as const,
  report: (id: string) => ['funds-report', id] as const,
  party: (id: string) => ['funds-party', id] as const,
  money: (id: string) => ['funds-money', id] as const,
  disseminations: ['funds-disseminations'] as const,
  freezes: ['funds-freezes'] as const,
}

const part = encodeURIComponent
// What came lately is what a person looks through; the rest is found by filter.
const latest = 5

const most = { limit: 100 }
export const useDeclarations = (filter: DeclarationFilter) =>
  useQuery({ queryKey: [...fundsKeys.declarations, filter], queryFn: ({ signal }) => callAll<DeclarationItem>('/funds/declarations', { ...filter, ...most }, signal, latest), placeholderData: (before) => before })
export const useDeclaration = (id: string) => useQuery({ queryKey: fundsKeys.declaration(id), queryFn: ({ signal }) => call<Declaration>(`/funds/declarations/${part(id)}`, { signal }) })
export const useFormRules = () => useQuery({ queryKey: ['funds-rules'], staleTime: Infinity, queryFn: ({ signal }) => call<FormRules>('/funds/rules', { signal }) })
export const useTriage = (filter: TriageFilter) =>
  useQuery({ queryKey: [...fundsKeys.reports, filter], queryFn: ({ signal }) => callAll<ReportItem>('/funds/reports', { ...filter, ...most }, signal, latest), placeholderData: (before) => before })
export const useFundsReport = (id: string) => useQuery({ queryKey: fundsKeys.report(id), queryFn: ({ signal }) => call<ReportFile>(`/funds/reports/${part(id)}`, { signal }) })
export const useParties = (q: string) => useQuery({ queryKey: ['funds-parties', q], enabled: q.length >= 2, queryFn: ({ signal }) => callAll<Party>('/funds/parties', { q, limit: 50 }, signal, 1), placeholderData: (before) => before })
export const useParty = (id: string) => useQuery({ queryKey: fundsKeys.party(id), queryFn: ({ signal }) => call<PartyFile>(`/funds/parties/${part(id)}`, { signal }) })
export const useMoney = (id: string, depth: string) =>
  useQuery({ queryKey: [...fundsKeys.money(id), depth], queryFn: ({ signal }) => call<MoneyGraph>(`/funds/parties/${part(id)}/money`, { query: { depth }, signal }), placeholderData: (before) => before })
export const useDisseminations = () => useQuery({ queryKey: fundsKeys.disseminations, queryFn: ({ signal }) => callAll<Dissemination>('/funds/disseminations', most, signal, latest) })
export const useDissemination = (id: string | undefined) =>
  useQuery({ queryKey: [...fundsKeys.disseminations, id ?? ''], enabled: !!id, queryFn: ({ signal }) => call<Dissemination>(`/funds/disseminations/${part(id ?? '')}`, { signal }) })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}
export const useDeclare = () => useAct((given: NewDeclaration) => call<{ report: string; id: string; ref: string }>('/funds/declarations', { method: 'POST', body: given }), [fundsKeys.declarations])
export const useFeedback = (id: string) => useAct((text: string) => call<void>(`/funds/reports/${part(id)}/feedback`, { method: 'POST', body: { text } }), [fundsKeys.report(id)])
export const useDisseminate = () => useAct((given: NewDissemination) => call<Dissemination>('/funds/disseminations', { method: 'POST', body: given }), [fundsKeys.disseminations])
export const useFreezes = (filter: { state?: string }) =>
  useQuery({ queryKey: [...fundsKeys.freezes, filter], queryFn: ({ signal }) => callAll<FreezeItem>('/funds/freezes', filter, signal), placeholderData: (before) => before })
export const useFreezeAnswer = (of: string, party: string) =>
  useAct((given: { entity: string; answer: string; amount?: Money; currency?: string }) => call<Freeze>(`/funds/freezes/${part(of)}/answers`, { method: 'POST', body: given }), [fundsKeys.party(party), fundsKeys.freezes, keys.case(of)])
