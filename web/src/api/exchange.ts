import { useMutation, useQueries, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { call, callAll } from './client'
import type { Finding, Of, Page, With } from './types'

/* What two states agreed on, and everything that goes between them under it. */

export type Party = Of<'AgreementParty'>
export type Authority = Of<'AgreementAuthority'>
/** ISO 8601, which the document of the API does not say. */
type Duration = string
export type Share = With<
  Of<'AgreementShare'>,
  {
    mode: 'notice' | 'hit_no_hit' | 'private_match' | 'full'
    trigger: 'request' | 'spontaneous' | 'periodic'
    reply_within?: Duration
    urgent_reply_within?: Duration
    quota?: { window: Duration; requests?: number; subjects?: number; hit_rate_floor?: number }
    retention: { max?: Duration; on_no_hit?: Duration; on_refusal?: Duration; depersonalise_after?: Duration; review_every?: Duration }
  }
>
export type Document = With<Of<'AgreementDocument'>, { shares: Share[]; suspension: { who?: string; immediate_for?: string[]; notice?: Duration }; review: { cadence?: Duration } }>

/** The document as a minister reads it, in one language. */
export type Words = Of<'AgreementWords'>
export type ShareWords = Of<'AgreementShareWords'>

export type Partner = Of<'PostPartnerState'>
export type Suspension = Of<'SharingSuspension'>
export type Version = Of<'SharingVersion'>
export type Agreement = Of<'SharingAgreementItem'>
export type Change = Of<'AgreementChange'>
export type AgreementFile = With<Of<'SharingAgreementPage'>, { document: Document; words: Record<'en' | 'ar', Words> }>

/** What is wrong with a proposed document, and where. */
export type DocumentProblem = { code: string; path?: string; share?: string; line?: number; column?: number; why: string; mend?: string; warning?: boolean }

export type Thread = With<Of<'SharingThread'>, { title: string; title_ar?: string; category: string; mode: Share['mode'] }>
export type Subject = Of<'SharingPerson'>
export type Asking = Of<'SharingRequest'>
export type Candidate = With<Of<'SharingCandidate'>, { finding?: Finding }>
export type Need = Of<'AgreementMissing'>
export type Handling = Partial<Of<'EnvelopeHandling'>>
export type Message = With<Of<'SharingThreadMessage'>, { direction?: 'in' | 'out' }>
/** One person's yes or no, to asking or to what would leave. */
export type Approval = Of<'SharingApproval'>
/** What was exchanged about somebody: what came, or what was given. */
export type Held = Of<'SharingRecord'>
export type Act = 'approve' | 'release' | 'let_out' | 'outcome' | 'correct' | 'erase' | 'doubt' | 'ask_on' | 'dispute' | 'restrict' | 'consent_ask' | 'consent' | 'pend'
export type ThreadFile = With<Of<'SharingThreadPage'>, Pick<Thread, 'title' | 'title_ar' | 'category' | 'mode'> & { candidates?: Candidate[]; messages?: Message[]; terms?: Share; may?: Act[]; masked?: boolean }>
export type Release = Of<'SharingRelease'>
export type Answer = Release['answer']
export type Preview = Of<'SharingPreview'>
export type Request = With<Of<'SharingQuestion'>, { subject: Subject; human_confirmed: boolean }>

/** One of this state's lists whose entries may be given. */
export type LentList = Of<'SharingLentList'>

/** What is given unasked. */
export type Gift = Omit<Of<'SharingGift'>, 'record' | 'values' | 'subject'>

export type MatchHit = Of<'SharingMatchHit'>
export type MatchRun = Of<'SharingMatchRun'>
export type MatchAudit = Of<'SharingMatchAudit'>

export type LogEntry = With<Of<'LedgerEntry'>, { direction?: 'in' | 'out' }>

export type ThreadFilter = { agreement?: string; share?: string; state?: string; direction?: string; mine?: string }

export const exchangeKeys = {
  agreements: ['agreements'] as const,
  agreement: (id: string) => ['agreement', id] as const,
  threads: ['threads'] as const,
  thread: (id: string) => ['thread', id] as const,
  preview: (id: string) => ['release-preview', id] as const,
  partners: ['partners'] as const,
  matches: ['matches'] as const,
  log: ['exchange-log'] as const,
  received: ['received'] as const,
  lent: (id: string) => ['lent-lists', id] as const,
}

const part = encodeURIComponent

export const useAgreements = (enabled = true) =>
  useQuery({ queryKey: exchangeKeys.agreements, enabled, queryFn: ({ signal }) => callAll<Agreement>('/agreements', {}, signal) })

export const useAgreement = (id: string | undefined, version?: string) =>
  useQuery({
    queryKey: [...exchangeKeys.agreement(id ?? ''), version ?? ''],
    enabled: !!id,
    queryFn: ({ signal }) => call<AgreementFile>(`/agreements/${part(id ?? '')}`, { query: { version }, signal }),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  })

// Threads come by the thousand; the latest are what a person looks through, the rest is found by filter.
const threadPages = 1

export const useThreads = (filter: ThreadFilter, enabled = true) =>
  useQuery({
    queryKey: [...exchangeKeys.threads, filter],
    enabled,
    queryFn: ({ signal }) => callAll<Thread>('/exchange/threads', { ...filter, limit: 200 }, signal, threadPages),
    placeholderData: (before) => before,
  })

export const useThread = (id: string | undefined) =>
  useQuery({ queryKey: exchangeKeys.thread(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<ThreadFile>(`/exchange/threads/${part(id ?? '')}`, { signal }) })

/** What would leave, as the agreement decides it now: never kept, for a minute later it may be another. */
export const usePreview = (id: string, release: Release | undefined) =>
  useQuery({
    queryKey: [...exchangeKeys.preview(id), release],
    enabled: release !== undefined,
    queryFn: ({ signal }) => call<Preview>(`/exchange/threads/${part(id)}/preview`, { method: 'POST', body: release, signal }),
    placeholderData: (before) => (release?.values ? before : undefined),
    staleTime: 0,
    gcTime: 0,
  })

export const usePartners = (enabled = true) =>
  useQuery({ queryKey: exchangeKeys.partners, enabled, queryFn: async ({ signal }) => (await call<Page<Partner>>('/exchange/partners', { signal })).items ?? [] })

export const useMatches = () => useQuery({ queryKey: exchangeKeys.matches, queryFn: async ({ signal }) => (await call<Page<MatchRun>>('/exchange/matches', { signal })).items ?? [] })

export const useExchangeLog = (agreement: string | undefined) =>
  useQuery({
    queryKey: [...exchangeKeys.log, agreement ?? ''],
    queryFn: async ({ signal }) => (await call<Page<LogEntry>>('/exchange/log', { query: { agreement, limit: 200 }, signal })).items ?? [],
    placeholderData: (before) => before,
  })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}

const ofAgreement = (id: string): QueryKey[] => [exchangeKeys.agreements, exchangeKeys.agreement(id)]
const ofThread = (id: string): QueryKey[] => [exchangeKeys.threads, exchangeKeys.thread(id)]

export const usePropose = () => useAct((text: string) => call<Agreement>('/agreements', { method: 'POST', type: 'application/yaml', bytes: new TextEncoder().encode(text) }), [exchangeKeys.agreements])
export const useSign = (id: string) => useAct((given: { digest: string }) => call<void>(`/agreements/${part(id)}/signature`, { method: 'PUT', body: given }), ofAgreement(id))
export const useSuspend = (id: string) =>
  useAct((given: { share: string; cause: string; reason: string }) => call<void>(`/agreements/${part(id)}/suspension`, { method: 'PUT', body: given }), [...ofAgreement(id), exchangeKeys.threads])
export const useResume = (id: string) =>
  useAct((share: string) => call<void>(`/agreements/${part(id)}/suspension`, { method: 'DELETE', query: { share } }), [...ofAgreement(id), exchangeKeys.threads])

export const useAsk = () =>
  useAct(({ agreement, request }: { agreement: string; request: Request }) => call<Thread>(`/exchange/${part(agreement)}/requests`, { method: 'POST', body: request }), [exchangeKeys.threads])

export const useThreadAct = <T,>(id: string, path: string) => useAct((given: T) => call<void>(`/exchange/threads/${part(id)}/${path}`, { method: 'POST', body: given }), ofThread(id))

export const useApproval = (id: string) => useThreadAct<{ approve: boolean; reason: string }>(id, 'approval')
export const useRelease = (id: string) => useThreadAct<Release>(id, 'release')
export const useOutcome = (id: string) => useThreadAct<{ result: string }>(id, 'outcome')
export const useCorrection = (id: string) => useThreadAct<{ field: string; now: string; reason: string }>(id, 'correction')
export const useErasure = (id: string) => useThreadAct<{ cause: string }>(id, 'erasure')
export const useDoubt = (id: string) => useThreadAct<{ reason: string }>(id, 'doubt')

/** What came for one purpose: never asked for without one. */
export const useReceived = (agreement: string, purpose: string | undefined) =>
  useQuery({
    queryKey: [...exchangeKeys.received, agreement, purpose ?? ''],
    enabled: !!purpose,
    queryFn: async ({ signal }) => (await call<Page<Held>>('/exchange/received', { query: { agreement, purpose, limit: 200 }, signal })).items ?? [],
  })

export const useLentLists = (id: string) => useQuery({ queryKey: exchangeKeys.lent(id), queryFn: async ({ signal }) => (await call<Page<LentList>>(`/agreements/${part(id)}/lists`, { signal })).items ?? [] })
export const useLend = (id: string) =>
  useAct(({ share, list, on }: { share: string; list: string; on: boolean }) => call<void>(`/agreements/${part(id)}/lists/${part(share)}/${part(list)}`, { method: on ? 'PUT' : 'DELETE' }), [exchangeKeys.lent(id)])
export const useBreach = (id: string) => useAct((given: { what: string; whose?: string; measures?: string; found: string }) => call<void>(`/agreements/${part(id)}/breach`, { method: 'POST', body: given }), ofAgreement(id))
/** From then on the states named are told of nobody. */
export const useProtect = () => useAct((given: { person: Subject; from: string[] }) => call<void>('/exchange/protected', { method: 'POST', body: given }), [])

/** What a request about a hit begins with, and the way to send it so that the hit knows its request. */
export const useLead = (run: string | undefined, passenger: string | undefined) =>
  useQuery({ queryKey: ['lead', run, passenger], enabled: !!run && !!passenger, staleTime: Infinity, queryFn: ({ signal }) => call<Request>(`/exchange/matches/${part(run ?? '')}/hits/${part(passenger ?? '')}/request`, { signal }) })
export const useAskOn = (run: string, passenger: string) =>
  useAct((request: Request) => call<Thread>(`/exchange/matches/${part(run)}/hits/${part(passenger)}/request`, { method: 'POST', body: request }), [exchangeKeys.threads, exchangeKeys.matches])
/** For who watches: whether a batch asked about the flight it was bound to, and nobody else. */
export const useMatchAudit = (run: string, enabled: boolean) => useQuery({ queryKey: ['match-audit', run], enabled, queryFn: ({ signal }) => call<MatchAudit>(`/exchange/matches/${part(run)}/audit`, { signal }) })

/** What would leave if an item were given, field by field. */
export const useGiftPreview = (agreement: string, gift: Gift | undefined) =>
  useQuery({
    queryKey: ['gift-preview', agreement, gift],
    enabled: !!gift,
    retry: false,
    queryFn: ({ signal }) => call<Preview>(`/exchange/${part(agreement)}/share-preview`, { method: 'POST', body: gift, signal }),
    placeholderData: (before) => before,
  })
export const useGive = () => useAct(({ agreement, gift }: { agreement: string; gift: Gift }) => call<Thread>(`/exchange/${part(agreement)}/shares`, { method: 'POST', body: gift }), [exchangeKeys.threads])
export const useAgreementFiles = (ids: readonly string[]) =>
  useQueries({ queries: ids.map((id) => ({ queryKey: [...exchangeKeys.agreement(id), ''], queryFn: ({ signal }: { signal: AbortSignal }) => call<AgreementFile>(`/agreements/${part(id)}`, { signal }) })) })

export const useMatch = () => useAct(({ agreement, ...body }: { agreement: string; flight: string; stage: string }) => call<MatchRun>(`/exchange/${part(agreement)}/matches`, { method: 'POST', body }), [exchangeKeys.matches])
