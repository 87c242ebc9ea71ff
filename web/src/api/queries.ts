import { type QueryClient, type QueryKey, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll, callBytes, Failure } from './client'
import type {
  AuditEntry,
  Backtest,
  Case,
  CaseFile,
  CaseState,
  Checked,
  Complaint,
  Condition,
  Curve,
  Decision,
  Draft,
  Entry,
  Flight,
  Hit,
  HitPerson,
  LinkPath,
  Links,
  List,
  ListVersion,
  Node,
  Page,
  Passenger,
  Preview,
  Proposal,
  Report,
  Rule,
  RuleFile,
  RuleText,
  Segment,
  Session,
  Source,
  SourceState,
  Thresholds,
  Traveller,
  Vocabulary,
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
  versions: (name: string) => ['versions', name] as const,
  source: (name: string) => ['source', name] as const,
  proposals: (name: string) => ['proposals', name] as const,
  thresholds: (name: string) => ['thresholds', name] as const,
  rules: ['rules'] as const,
  rule: (id: string) => ['rule', id] as const,
  vocabulary: ['vocabulary'] as const,
  links: (id: string) => ['links', id] as const,
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
const statesOf = { waiting, answer: ['waiting'], closed: ['closed'] } satisfies Record<string, CaseState[]>

/** The queue is what still waits for someone here; cases that wait for an answer and closed ones are asked for by name. */
export const useCases = (which: keyof typeof statesOf, enabled = true) =>
  useQuery({
    queryKey: [...keys.cases, which],
    enabled,
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(statesOf[which].map((state) => callAll<Case>('/cases', { state }, signal)))
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

const part = encodeURIComponent

export const useLists = () => useQuery({ queryKey: keys.lists, queryFn: ({ signal }) => callAll<List>('/lists', {}, signal) })

export const useEntries = (name: string | undefined, q: string) =>
  useQuery({
    queryKey: keys.entries(name ?? '', q),
    enabled: !!name,
    // A list may hold tens of thousands; a person reads a page of it and narrows the search.
    queryFn: async ({ signal }) => await call<Page<Entry>>(`/lists/${part(name ?? '')}/entries`, { query: { q }, signal }),
    placeholderData: (before) => before,
  })

/** What each version of a list changed, newest first; the last few are what somebody asks about. */
export const useVersions = (name: string) =>
  useQuery({ queryKey: keys.versions(name), queryFn: ({ signal }) => callAll<ListVersion>(`/lists/${part(name)}/changes`, { limit: 50 }, signal, 1) })

/** Where a list comes from; nothing for one that is loaded or kept by hand. */
export const useSource = (name: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.source(name),
    enabled,
    queryFn: async ({ signal }): Promise<SourceState | null> => {
      try {
        return await call<SourceState>(`/lists/${part(name)}/source`, { signal })
      } catch (error) {
        if (error instanceof Failure && error.kind === 'missing') return null
        throw error
      }
    },
  })

export const useProposals = (name: string, enabled: boolean) =>
  useQuery({ queryKey: keys.proposals(name), enabled, queryFn: ({ signal }) => callAll<Proposal>(`/lists/${part(name)}/proposals`, {}, signal) })

/** Proposals that wait, of all lists: a list that nobody approved an entry of yet is known by them alone. */
export const useWaiting = (enabled: boolean) =>
  useQuery({ queryKey: keys.proposals(''), enabled, queryFn: ({ signal }) => callAll<Proposal>('/list-proposals', { state: 'open' }, signal) })

/** An act on something, after which what it touched is asked again. */
function useAct<T, R>(act: (given: T) => Promise<R>, touched: (given: T) => QueryKey[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: (_done, _failed, given) => Promise.all(touched(given).map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

const ofList = (name: string): QueryKey[] => [keys.lists, keys.versions(name), keys.source(name), ['proposals'], ['entries', name]]

export const useSetSource = (name: string) => useAct((source: Source) => call<SourceState>(`/lists/${part(name)}/source`, { method: 'PUT', body: source }), () => ofList(name))
export const useDropSource = (name: string) => useAct((_: void) => call<void>(`/lists/${part(name)}/source`, { method: 'DELETE' }), () => ofList(name))
export const useFetchNow = (name: string) => useAct((_: void) => call<SourceState>(`/lists/${part(name)}/fetch`, { method: 'POST' }), () => ofList(name))
export const useLoadList = () =>
  useAct(
    ({ name, bytes, reason }: { name: string; bytes: Uint8Array; reason?: string }) =>
      call<List>(`/lists/${part(name)}`, { method: 'PUT', bytes, query: reason ? { force: true, reason } : {} }),
    ({ name }) => ofList(name),
  )
export const usePropose = () => useAct(({ name, draft }: { name: string; draft: Draft }) => call<Proposal>(`/lists/${part(name)}/proposals`, { method: 'POST', body: draft }), ({ name }) => ofList(name))
export const useJudge = (name: string) =>
  useAct(({ id, approve, reason }: { id: string; approve: boolean; reason: string }) => call<Proposal>(`/lists/${part(name)}/proposals/${part(id)}/approval`, { method: 'POST', body: { approve, reason } }), () => ofList(name))
export const useTakeBack = (name: string) =>
  useAct(({ id, reason }: { id: string; reason: string }) => call<Proposal>(`/lists/${part(name)}/proposals/${part(id)}/withdrawal`, { method: 'POST', body: { reason } }), () => ofList(name))

export const useThresholds = (name: string) => useQuery({ queryKey: keys.thresholds(name), queryFn: ({ signal }) => call<Thresholds>(`/lists/${part(name)}/thresholds`, { signal }) })
export const useCurve = (name: string) => useQuery({ queryKey: ['curve', name], queryFn: ({ signal }) => call<Curve>('/thresholds/curve', { query: { list: name }, signal }) })
export const usePreview = (name: string, look: number, alert: number, enabled: boolean) =>
  useQuery({
    queryKey: ['preview', name, look, alert],
    enabled,
    queryFn: ({ signal }) => call<Preview>(`/lists/${part(name)}/thresholds/preview`, { method: 'POST', body: { look, alert }, signal }),
  })
export const useSetThresholds = (name: string) =>
  useAct((given: { look: number; alert: number; reason: string }) => call<Thresholds>(`/lists/${part(name)}/thresholds`, { method: 'PUT', body: given }), () => [keys.thresholds(name), ['curve', name]])

export const useRules = () => useQuery({ queryKey: keys.rules, queryFn: ({ signal }) => callAll<Rule>('/rules', {}, signal) })

export const useRule = (id: string | undefined) =>
  useQuery({ queryKey: keys.rule(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<RuleFile>(`/rules/${part(id ?? '')}`, { signal }) })

export const useVocabulary = () =>
  useQuery({ queryKey: keys.vocabulary, staleTime: Infinity, queryFn: async ({ signal }) => (await call<Page<Vocabulary>>('/rules/vocabulary', { signal })).items ?? [] })

/** What the compiler says of a rule as it is being written, and how its examples come out. */
export const useChecked = (rule: RuleText) =>
  useQuery({
    queryKey: ['checked', rule],
    queryFn: ({ signal }) => call<Checked>('/rules/check', { method: 'POST', body: { rule }, signal }),
    placeholderData: (before) => before,
    staleTime: Infinity,
    gcTime: 60_000,
  })

export const parseCondition = (expression: string, domain: string, signal?: AbortSignal) =>
  call<{ tree?: Condition; errors?: Complaint[] }>('/rules/parse', { method: 'POST', body: { expression, domain }, signal })
export const formatCondition = (tree: Condition, domain: string, signal?: AbortSignal) =>
  call<{ expression: string; tree: Condition; errors?: Complaint[] }>('/rules/format', { method: 'POST', body: { tree, domain }, signal })

const ofRule = (id: string): QueryKey[] => [keys.rules, keys.rule(id), ['backtests', id]]

export const useDraftRule = () =>
  useAct(
    ({ rule, revision }: { rule: RuleText; revision?: number }) =>
      revision === undefined ? call<Rule>('/rules', { method: 'POST', body: rule }) : call<Rule>(`/rules/${part(rule.id)}`, { method: 'PUT', body: { ...rule, revision } }),
    ({ rule }) => ofRule(rule.id),
  )
export const useMoveRule = (id: string) =>
  useAct((given: { to: string; reason?: string; version?: string; revision?: number }) => call<Rule>(`/rules/${part(id)}/state`, { method: 'POST', body: given }), () => ofRule(id))
export const useTry = (id: string) =>
  useAct((given: { version?: string; from?: string; to?: string }) => call<Backtest>(`/rules/${part(id)}/backtest`, { method: 'POST', body: given }), () => [['backtests', id]])

const going = (one: Backtest) => one.state === 'waiting' || one.state === 'running'

/** Trials of a rule on the past; one that runs is followed. */
export const useBacktests = (id: string) =>
  useQuery({
    queryKey: ['backtests', id],
    queryFn: async ({ signal }) => (await call<Page<Backtest>>(`/rules/${part(id)}/backtests`, { signal })).items ?? [],
    refetchInterval: ({ state }) => (state.data?.some(going) ? 1500 : false),
  })
export const useBacktestPeople = (id: string, backtest: string, enabled: boolean) =>
  useQuery({ queryKey: ['backtest-people', id, backtest], enabled, queryFn: async ({ signal }) => (await call<Page<HitPerson>>(`/rules/${part(id)}/backtests/${part(backtest)}/people`, { signal })).items ?? [] })
export const useShadow = (id: string, version: string, enabled: boolean) =>
  useQuery({ queryKey: ['shadow', id, version], enabled, queryFn: ({ signal }) => callAll<HitPerson>(`/rules/${part(id)}/shadow`, { version, limit: 100 }, signal, 1) })

export const useLinks = (id: string, depth: string, shared: string) =>
  useQuery({ queryKey: [...keys.links(id), depth, shared], queryFn: ({ signal }) => call<Links>(`/subjects/${part(id)}/links`, { query: { depth, kinds: shared || undefined, limit: 300 }, signal }), placeholderData: (before) => before })
export const useLinkPath = (from: string, to: string | undefined) =>
  useQuery({ queryKey: ['link-path', from, to], enabled: !!to, queryFn: ({ signal }) => call<LinkPath>('/links/path', { query: { from, to }, signal }) })

export const useAudit = (filter: AuditFilter) =>
  useQuery({
    queryKey: [...keys.audit, filter],
    queryFn: async ({ signal }) => (await call<Page<AuditEntry>>('/audit', { query: { ...filter, limit: 500 }, signal })).items ?? [],
    placeholderData: (before) => before,
  })
