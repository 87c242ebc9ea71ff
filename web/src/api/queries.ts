import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll, callBytes, Failure } from './client'
import type {
  AuditEntry,
  Case,
  CaseFile,
  CaseState,
  Decision,
  Entry,
  Flight,
  Hit,
  List,
  Node,
  Page,
  Passenger,
  Report,
  Rule,
  Segment,
  Session,
  Traveller,
} from './types'

/* One key factory and one hook a question; pages never call the node themselves. */

export type FlightFilter = { from?: string; to?: string; carrier?: string; number?: string; origin?: string; destination?: string }
export type ReportFilter = { state?: string; format?: string; filer?: string }
export type AuditFilter = { actor?: string; action?: string; touched?: string }

export const keys = {
  session: ['session'] as const,
  node: ['node'] as const,
  flights: ['flights'] as const,
  flight: (id: string) => ['flight', id] as const,
  manifest: (id: string) => ['manifest', id] as const,
  passenger: (id: string) => ['passenger', id] as const,
  search: (q: string) => ['search', q] as const,
  cases: ['cases'] as const,
  case: (id: string) => ['case', id] as const,
  reports: ['reports'] as const,
  report: (id: string) => ['report', id] as const,
  segments: (id: string) => ['segments', id] as const,
  lists: ['lists'] as const,
  entries: (name: string, q: string) => ['entries', name, q] as const,
  rules: ['rules'] as const,
  audit: ['audit'] as const,
}

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call<Session>('/session', { signal })
    } catch (error) {
      if (error instanceof Failure && error.kind === 'signedOut') return null
      throw error
    }
  },
})

export const useSession = () => useQuery(sessionQuery)

/** What one person saw is not there for the next. */
const forgetOthers = (client: QueryClient) => client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] })

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (given: { name: string; password: string }) => call<Session>('/session', { method: 'POST', body: given }),
    onSuccess: (session) => {
      forgetOthers(client)
      client.setQueryData(keys.session, session)
    },
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<void>('/session', { method: 'DELETE' }),
    onSuccess: () => {
      client.setQueryData(keys.session, null)
      forgetOthers(client)
    },
  })
}

export const useNode = () =>
  useQuery({ queryKey: keys.node, staleTime: Infinity, queryFn: async ({ signal }) => ({ ...(await call<Node>('/node', { signal })), asked: Date.now() }) })

export const useFlights = (filter: FlightFilter, enabled = true) =>
  useQuery({
    queryKey: [...keys.flights, filter],
    enabled,
    queryFn: ({ signal }) => callAll<Flight>('/flights', filter, signal),
    placeholderData: (before) => before,
  })

export const useFlight = (id: string) =>
  useQuery({ queryKey: keys.flight(id), queryFn: ({ signal }) => call<Flight>(`/flights/${id}`, { signal }) })

export const useManifest = (id: string) =>
  useQuery({ queryKey: keys.manifest(id), queryFn: ({ signal }) => callAll<Traveller>(`/flights/${id}/passengers`, {}, signal) })

export const usePassenger = (id: string | undefined) =>
  useQuery({
    queryKey: keys.passenger(id ?? ''),
    enabled: !!id,
    queryFn: ({ signal }) => call<Passenger>(`/passengers/${encodeURIComponent(id ?? '')}`, { signal }),
  })

export const useSearch = (q: string) =>
  useQuery({
    queryKey: keys.search(q),
    enabled: q.length >= 2,
    queryFn: async ({ signal }) => (await call<Page<Hit>>('/search', { query: { q }, signal })).items ?? [],
    placeholderData: (before) => before,
  })

const waiting: CaseState[] = ['open', 'claimed', 'pending']

/** The queue is what still waits for someone; closed cases are asked for by name. */
export const useCases = (which: 'waiting' | 'closed', enabled = true) =>
  useQuery({
    queryKey: [...keys.cases, which],
    enabled,
    queryFn: async ({ signal }) => {
      const states = which === 'closed' ? (['closed'] as CaseState[]) : waiting
      const lists = await Promise.all(states.map((state) => callAll<Case>('/cases', { state }, signal)))
      // A case may change state between the three answers; the last one seen is the truth.
      return [...new Map(lists.flat().map((one) => [one.id, one])).values()]
    },
  })

export const useCase = (id: string | undefined) =>
  useQuery({ queryKey: keys.case(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<CaseFile>(`/cases/${id}`, { signal }) })

function useCaseAct<T, R>(act: (id: string, given: T) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, given }: { id: string; given: T }) => act(id, given),
    onSettled: (_done, _failed, { id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.case(id) }),
        client.invalidateQueries({ queryKey: keys.cases }),
      ]),
  })
}

export const useClaim = () =>
  useCaseAct<boolean, void>((id, claim) => call<void>(`/cases/${id}/claim`, { method: claim ? 'POST' : 'DELETE' }))
export const useNote = () => useCaseAct<string, void>((id, text) => call<void>(`/cases/${id}/notes`, { method: 'POST', body: { text } }))
export const useDecide = () =>
  useCaseAct<{ outcome: string; reason: string; version?: number }, Decision>((id, given) =>
    call<Decision>(`/cases/${id}/decisions`, { method: 'POST', body: given }),
  )
export const useConfirm = () =>
  useCaseAct<{ confirm: boolean; reason: string }, void>((id, given) =>
    call<void>(`/cases/${id}/confirmation`, { method: 'POST', body: given }),
  )

// Reports come by the thousand; the latest are what a person looks through, the rest is found by filter.
const reportPages = 1

export const useReports = (filter: ReportFilter, enabled = true) =>
  useQuery({
    queryKey: [...keys.reports, filter],
    enabled,
    queryFn: ({ signal }) => callAll<Report>('/reports', { ...filter, limit: 300 }, signal, reportPages),
    placeholderData: (before) => before,
  })

export const useReport = (id: string | undefined) =>
  useQuery({ queryKey: keys.report(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<Report>(`/reports/${id}`, { signal }) })

export const useSegments = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.segments(id),
    enabled,
    queryFn: ({ signal }) => callAll<Segment>(`/reports/${id}/segments`, {}, signal),
  })

export const useRaw = (id: string, enabled: boolean) =>
  useQuery({ queryKey: ['raw', id], enabled, queryFn: ({ signal }) => callBytes(`/reports/${id}/raw`, { signal }) })

export const useOpening = () =>
  useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      callBytes(`/reports/${id}/opening`, { method: 'POST', body: { reason } }),
  })

export function useMend() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, bytes }: { id: string; bytes: Uint8Array }) =>
      call<{ id: string }>(`/reports/${id}/mend`, { method: 'POST', bytes }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.reports }),
  })
}

export const useLists = () => useQuery({ queryKey: keys.lists, queryFn: ({ signal }) => callAll<List>('/lists', {}, signal) })

export const useEntries = (name: string | undefined, q: string) =>
  useQuery({
    queryKey: keys.entries(name ?? '', q),
    enabled: !!name,
    // A list may hold tens of thousands; a person reads a page of it and narrows the search.
    queryFn: async ({ signal }) => await call<Page<Entry>>(`/lists/${encodeURIComponent(name ?? '')}/entries`, { query: { q }, signal }),
    placeholderData: (before) => before,
  })

export const useRules = () => useQuery({ queryKey: keys.rules, queryFn: ({ signal }) => callAll<Rule>('/rules', {}, signal) })

export const useAudit = (filter: AuditFilter) =>
  useQuery({
    queryKey: [...keys.audit, filter],
    queryFn: async ({ signal }) => (await call<Page<AuditEntry>>('/audit', { query: { ...filter, limit: 500 }, signal })).items ?? [],
    placeholderData: (before) => before,
  })
