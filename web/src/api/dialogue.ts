import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'

/* The talk between two states: meetings, what they decided, and the figures both bring. */

export type Effect = { agreement_version?: number; digest?: string; quota?: string; contact?: string; share_on?: string; share_off?: string }
export type Delegation = { party: string; people?: { name: string; post?: string }[] }
export type Meeting = {
  id: string
  number: string
  title?: string
  title_ar?: string
  agreements: string[]
  own: string
  host: string
  partner: string
  starts: string
  place?: string
  call?: string
  from: string
  to: string
  urgent?: boolean
  state: 'draft' | 'offered' | 'closed'
  authentic?: 'en' | 'ar'
  chairs?: Record<string, string>
  delegations?: Delegation[]
  signatures?: { party: string; authority: string; by?: string; at: string }[]
  objection?: { party: string; reason: string; at: string }
  digest?: string
  version: number
  opened_by?: string
  opened_at: string
  closed_at?: string
  actions_open?: number
  actions_late?: number
  decisions?: number
}
export type Reservation = { party: string; en?: string; ar?: string }
export type Minute = { en?: string; ar?: string; reservations?: Reservation[]; by?: string; at?: string }
export type AgendaItem = { id: string; kind: string; agreement?: string; title?: string; title_ar?: string; minute?: Minute }
export type Action = {
  id: string
  number: string
  meeting: string
  meeting_number: string
  agreement?: string
  owner: string
  text: string
  text_ar?: string
  due: string
  figure?: string
  state: 'open' | 'late' | 'done' | 'dropped'
  evidence?: string
  changed_by?: string
  changed_at?: string
}
export type Resolution = { number: string; date: string; text: string; text_ar?: string; basis?: string; agreement?: string; effect?: Effect; signed_by?: string[] }
export type Development = { at: string; kind: string; agreement: string; share?: string; party?: string; version?: number; code?: string; message?: string }
export type ChangeProposal = { agreement: string; version: number; by: string; changes?: { path: string; was?: string; becomes?: string; effect?: string }[]; replayed?: number; would_refuse?: number; would_permit?: number; would_withhold?: number; unreplayed?: string[] }
export type MeetingFile = { meeting: Meeting; agenda?: AgendaItem[]; actions?: Action[]; due?: Action[]; decisions?: Resolution[]; developments?: Development[]; proposals?: ChangeProposal[] }

/** A count, or "<5" where few people are meant. */
export type Count = number | string
export type Side = { [figure: string]: unknown }
export type Review = {
  agreement: { id: string; version: number }
  period: { from: string; to: string }
  made_from?: { journal_from: number; journal_to: number; root: string }
  sides: Record<string, Side>
  differences?: { [what: string]: Count }[]
  checks?: string
}
export type Report = { own: string; partner: string; review: Review; developments?: Development[]; sent_at?: string; received_at?: string }

export type NewMeeting = {
  agreements: string[]
  starts: string
  place?: string
  call?: string
  title?: string
  title_ar?: string
  from?: string
  to?: string
  authentic?: 'en' | 'ar'
  urgent?: boolean
  reason?: string
}

export const dialogueKeys = {
  meetings: ['meetings'] as const,
  meeting: (id: string) => ['meeting', id] as const,
  actions: ['actions'] as const,
  reports: ['review'] as const,
}

const part = encodeURIComponent

export const useMeetings = (enabled = true) => useQuery({ queryKey: dialogueKeys.meetings, enabled, queryFn: ({ signal }) => callAll<Meeting>('/dialogue/meetings', { limit: 200 }, signal, 1) })
export const useMeeting = (id: string | undefined) =>
  useQuery({ queryKey: dialogueKeys.meeting(id ?? ''), enabled: !!id, queryFn: ({ signal }) => call<MeetingFile>(`/dialogue/meetings/${part(id ?? '')}`, { signal }) })
export const useActions = (state: string, enabled = true) => useQuery({ queryKey: [...dialogueKeys.actions, state], enabled, queryFn: ({ signal }) => callAll<Action>('/dialogue/actions', { state, limit: 200 }, signal, 1) })
export const useReport = (agreement: string, from: string, to: string, shared: boolean) =>
  useQuery({
    queryKey: [...dialogueKeys.reports, agreement, from, to, shared],
    enabled: agreement !== '',
    queryFn: ({ signal }) => call<Report>(`/dialogue/reports/${part(agreement)}`, { query: { from, to, shared: shared || undefined }, signal }),
    placeholderData: (before) => (before?.review.agreement.id === agreement ? before : undefined),
  })

function useAct<T, R>(act: (given: T) => Promise<R>, touched: QueryKey[]) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey }))) })
}
const of = (id: string): QueryKey[] => [dialogueKeys.meetings, dialogueKeys.meeting(id), dialogueKeys.actions]

export const useOpenMeeting = () => useAct((given: NewMeeting) => call<MeetingFile>('/dialogue/meetings', { method: 'POST', body: given }), [dialogueKeys.meetings])
export const useMinute = (id: string) =>
  useAct(({ item, ...given }: { item: string; en?: string; ar?: string; reservations?: Reservation[]; version: number }) => call<AgendaItem>(`/dialogue/meetings/${part(id)}/minutes/${part(item)}`, { method: 'PUT', body: given }), of(id))
export const useAddAction = (id: string) =>
  useAct((given: { owner: string; text: string; text_ar?: string; due: string; agreement?: string; figure?: string }) => call<Action>(`/dialogue/meetings/${part(id)}/actions`, { method: 'POST', body: given }), of(id))
export const useMoveAction = (meeting: string) =>
  useAct(({ id, ...given }: { id: string; state: string; evidence?: string }) => call<Action>(`/dialogue/actions/${part(id)}`, { method: 'PATCH', body: given }), of(meeting))
export const useDropAction = (meeting: string) => useAct((id: string) => call<void>(`/dialogue/actions/${part(id)}`, { method: 'DELETE' }), of(meeting))
export const useAddResolution = (id: string) =>
  useAct((given: { text: string; text_ar?: string; basis?: string; agreement?: string; effect?: Effect }) => call<Resolution>(`/dialogue/meetings/${part(id)}/decisions`, { method: 'POST', body: given }), of(id))
export const useDropResolution = (id: string) => useAct((number: string) => call<void>(`/dialogue/meetings/${part(id)}/decisions/${part(number)}`, { method: 'DELETE' }), of(id))
export const useClose = (id: string) => useAct((version: number) => call<MeetingFile>(`/dialogue/meetings/${part(id)}/close`, { method: 'POST', body: { version } }), of(id))
export const useObject = (id: string) => useAct((reason: string) => call<MeetingFile>(`/dialogue/meetings/${part(id)}/objection`, { method: 'POST', body: { reason } }), of(id))
export const useSendReport = (agreement: string) => useAct((given: { from: string; to: string }) => call<Report>(`/dialogue/reports/${part(agreement)}/send`, { method: 'POST', body: given }), [dialogueKeys.reports])
