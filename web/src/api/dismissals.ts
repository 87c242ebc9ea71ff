import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callAll } from './client'
import { keys } from './queries'
import type { Of, With } from './types'

/* "Not the same person": what people decided once, so that nobody is asked twice, and how it is taken back. */

export const dismissalStates = ['holds', 'entry_changed', 'expired', 'revoked'] as const
export type Dismissal = With<Of<'ScreeningDismissalInfo'>, { state: (typeof dismissalStates)[number] }>

const key = (list: string) => ['dismissals', list] as const
// They are few, each a person's decision; the latest are what is looked through.
const pages = 3

export const useDismissals = (list: string) => useQuery({ queryKey: key(list), queryFn: ({ signal }) => callAll<Dismissal>('/dismissals', { list, limit: 300 }, signal, pages) })

export function useRevoke(list: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => call<Dismissal>(`/dismissals/${encodeURIComponent(id)}/revocation`, { method: 'POST', body: { reason } }),
    onSettled: () => Promise.all([key(list), keys.cases].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
