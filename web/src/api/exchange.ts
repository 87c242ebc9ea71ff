import { useMutation, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { call, callAll } from './client'
import type { Finding, Page } from './types'

/* What two states agreed on, and everything that goes between them under it. */

export type Authority = { id: string; name: string; name_ar?: string; domains: string[]; contact?: string }
export type Party = { id: string; country: string; authorities?: Authority[] }

export type Share = {
  id: string
  title: string
  category: string
  mode: 'notice' | 'hit_no_hit' | 'private_match' | 'full'
  trigger: 'request' | 'spontaneous' | 'periodic'
  from: string | string[]
  to: string | string[]
  purposes: string[]
  fields: string[]
  when?: string
  justification?: { required?: boolean; min_chars?: number; case_ref?: string; offence_code?: string; prior_reference?: string; application_ref?: string }
  approval?: { release?: string; role?: string; count?: number; not_requester?: boolean; second_when?: string; second_role?: string; standing_until?: string }
  human_confirmation?: string
  reply_within?: string
  urgent_reply_within?: string
  quota?: { window: string; requests?: number; subjects?: number; hit_rate_floor?: number }
  retention?: { max?: string; on_no_hit?: string; on_refusal?: string; depersonalise_after?: string; review_every?: string }
  onward?: { rule?: string }
  handling?: { tlp?: string; caveats?: string[] }
}

export type Purpose = { id: string; text: string; text_ar?: string; min_penalty_years?: number; consent?: string }

export type Document = {
  metadata: { id: string; version: number; title: string; status?: string; effective: string; expires: string; language?: string }
  parties: Party[]
  legal_basis: { ref: string; note?: string }[]
  purposes: Purpose[]
  shares: Share[]
  suspension?: { who?: string; immediate_for?: string[]; notice?: string }
  review?: { cadence?: string }
}

/** The document as a minister reads it, in one language. */
export type ShareWords = { id: string; title: string; permits?: string[]; requires?: string[]; forbids?: string[]; duties?: string[] }
export type Words = {
  title: string
  parties?: string[]
  basis?: string[]
  purposes?: string[]
  shares?: ShareWords[]
  never?: string[]
  duties?: string[]
  suspension?: string[]
  review?: string[]
}

export type Partner = {
  party: string
  country?: string
  url?: string
  online: boolean
  last_seen?: string
  waiting?: number
  oldest_waiting?: string
  /** The partner's exchange log as it last signed it. */
  last_head?: { size: number; root?: string; at?: string }
  /** Its log did not follow from the one before. */
  disagrees?: boolean
  trouble?: string
}

export type Suspension = { share: string; party: string; cause: string; reason?: string; receiving?: boolean; by?: string; at: string }
export type Version = {
  version: number
  digest: string
  state: string
  proposed_by: string
  proposed_at: string
  in_force_at?: string
  ended_at?: string
  effective: string
  signatures?: { party: string; authority: string; by?: string; at: string }[]
}

export type Agreement = {
  id: string
  version: number
  title: string
  title_ar?: string
  status?: string
  state: string
  own?: string
  parties: Party[]
  domains?: string[]
  effective: string
  expires: string
  digest: string
  shares: number
  suspended?: Suspension[]
  proposal?: Version
  partner?: Partner
}

export type Change = { path: string; share?: string; was?: string; becomes?: string; effect?: 'stricter' | 'looser' | (string & {}) }
export type AgreementFile = Agreement & {
  document: Document
  words: { en: Words; ar: Words }
  text: string
  versions?: Version[]
  changes?: Change[]
}

/** What is wrong with a proposed document, and where. */
export type DocumentProblem = { code: string; path?: string; share?: string; line?: number; column?: number; value?: string; limit?: string; requirement?: string; why: string; mend?: string; warning?: boolean }

export type Thread = {
  id: string
  number?: string
  agreement: string
  version: number
  share: string
  title: string
  title_ar?: string
  category: string
  mode: Share['mode']
  direction: 'in' | 'out'
  kind?: 'request' | 'spontaneous'
  purpose: string
  state: string
  urgent?: boolean
  asked_at: string
  due?: string
  answered_at?: string
  late?: boolean
  result?: string
  code?: string
  reason?: string
  /** Of the agreement, where that refused. */
  clause?: string
  case_ref?: string
  requester?: string
  own?: string
  partner: string
  /** The holder's, to ask on with. */
  reference?: string
  outcome?: string
  attention?: string
  prior?: string
}

export type Subject = { family_name?: string; given_names?: string; dob?: string; nationality?: string; sex?: string; document?: { type?: string; number?: string; issuer?: string } }
export type Journey = { carrier?: string; number?: string; date?: string }
export type Asking = {
  journey?: Journey
  justification?: string
  facts?: string
  offence_code?: string
  case_ref?: string
  prior_reference?: string
  application_ref?: string
  urgency_reason?: string
  officer?: string
  subject?: Subject
}
export type Candidate = { ref: string; title: string; detail?: string; score?: number; finding?: Finding }
export type Need = { kind: string; role?: string; count: number; have: number }
export type Handling = { tlp?: string; caveats?: string[]; erase_at?: string; review_at?: string }
export type Message = { at: string; kind: string; type?: string; direction?: 'in' | 'out'; message?: string; result?: string; code?: string; clause?: string; actor?: string; kept?: string[]; dropped?: string[] }
/** One person's yes or no, to asking or to what would leave. */
export type Approval = { stage: 'ask' | 'release' | (string & {}); by: string; role?: string; approve: boolean; reason?: string; at: string }
/** What was exchanged about somebody: what came, or what was given. */
export type Held = {
  id: string
  direction: 'in' | 'out'
  purpose: string
  reference?: string
  fields?: string[]
  tlp?: string
  caveats?: string[]
  state: 'held' | 'restricted' | 'contested' | 'erased'
  stored_at: string
  erase_at?: string
  review_at?: string
  erased_at?: string
  cause?: string
  proof?: string
  values?: Record<string, unknown>
}
export type ThreadFile = Thread & {
  request?: Asking
  candidates?: Candidate[]
  approvals?: Approval[]
  records?: Held[]
  messages?: Message[]
  /** The share it runs under. */
  terms?: Share
  /** A human may refuse with these. */
  codes?: string[]
  /** What this person may do with it now. */
  may?: Act[]
  gift?: Asking & { values?: Record<string, unknown> }
}
export type Act = 'approve' | 'release' | 'let_out' | 'outcome' | 'correct' | 'erase' | 'doubt' | 'ask_on'

export type Answer = 'hit' | 'no_hit' | 'data' | 'refuse'
export type Preview = {
  leaves?: { field: string; value: unknown }[]
  withheld?: { field: string; clause?: string; why?: string }[]
  handling?: Handling
  needs?: Need[]
  /** The agreement does not let this out at all. */
  refused?: { code: string; clause?: string; reason?: string }
  message_bytes?: number
}
export type Release = { answer: Answer; candidate?: string; values?: Record<string, unknown>; code?: string; reason?: string }

export type Request = {
  share: string
  purpose: string
  case_ref?: string
  justification?: string
  offence_code?: string
  offence_penalty_years?: number
  facts?: string
  prior_reference?: string
  application_ref?: string
  consent_ref?: string
  program?: string
  journey?: Journey
  urgent?: boolean
  urgency_reason?: string
  subject: Subject
  human_confirmed: boolean
}

export type MatchHit = { passenger: string; name?: string; families: string[]; lead?: boolean; thread?: string }
export type MatchRun = {
  id: string
  direction: 'in' | 'out'
  agreement: string
  share: string
  partner: string
  purpose: string
  flight?: string
  journey: string
  stage: string
  state: string
  requester?: string
  epoch?: string
  passengers: number
  asked: number
  padded: number
  hit_count: number
  hits?: MatchHit[]
  code?: string
  reason?: string
  clause?: string
  at: string
  due?: string
  ended_at?: string
  erase_at?: string
  took_ms?: number
}

export type LogEntry = {
  number: number
  at: string
  actor?: string
  role?: string
  kind: string
  agreement?: string
  share?: string
  partner?: string
  direction?: 'in' | 'out'
  type?: string
  message?: string
  thread?: string
  verdict?: string
  result?: string
  code?: string
  clause?: string
  reason?: string
  late?: boolean
  size?: number
  kept?: string[]
  dropped?: string[]
}

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

const useThreadAct = <T,>(id: string, path: string) => useAct((given: T) => call<void>(`/exchange/threads/${part(id)}/${path}`, { method: 'POST', body: given }), ofThread(id))

export const useApproval = (id: string) => useThreadAct<{ approve: boolean; reason: string }>(id, 'approval')
export const useRelease = (id: string) => useThreadAct<Release>(id, 'release')
export const useOutcome = (id: string) => useThreadAct<{ result: string }>(id, 'outcome')
export const useCorrection = (id: string) => useThreadAct<{ field: string; now: string; reason: string }>(id, 'correction')
export const useErasure = (id: string) => useThreadAct<{ cause: string }>(id, 'erasure')
export const useDoubt = (id: string) => useThreadAct<{ reason: string }>(id, 'doubt')

export const useMatch = () => useAct(({ agreement, flight }: { agreement: string; flight: string }) => call<MatchRun>(`/exchange/${part(agreement)}/matches`, { method: 'POST', body: { flight } }), [exchangeKeys.matches])
