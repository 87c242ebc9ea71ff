import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import type { Of, Page, With } from './types'

/* The talk between two states: meetings, what they decided, and the figures both bring. */

export type Effect = Of<'LedgerEffect'>
export type Meeting = Of<'DialogueMeeting'>
export type Reservation = Of<'DialogueReservation'>
export type AgendaItem = With<Of<'DialogueItem'>, { id: string }>
export type Action = Of<'DialogueAction'>
export type Resolution = Of<'DialogueDecision'>
export type Development = Of<'LedgerDevelopment'>
export type ChangeProposal = Of<'DialogueProposal'>
/** When an agreement was last reviewed, and is to be next. */
export type Scheduled = { agreement: string; partner: string; cadence: string; last?: string; last_at?: string; next?: string; planned?: string; overdue: boolean }
export type MeetingFile = With<Of<'DialogueFile'>, { agenda: AgendaItem[] }>

/** A count, or "<5" where few people are meant. */
export type Count = number | string
export type Side = { [figure: string]: unknown }
export type Review = {
  agreement: { id: string; version: number }
  period: { from: string; to: string }
  /** The period is not over: made again, it may say more. */
  interim?: boolean
  made_from?: { journal_from: number; journal_to: number; root: string }
  sides: Record<string, Side>
  differences?: { [what: string]: Count }[]
  checks?: string
}
export type Report = With<Of<'DialogueReviewed'>, { review: Review }>

export type NewMeeting = Of<'DialogueCall'>

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
export const useSchedule = () => useQuery({ queryKey: [...dialogueKeys.meetings, 'schedule'], queryFn: async ({ signal }) => (await call<Page<Scheduled>>('/dialogue/schedule', { signal })).items ?? [] })
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
