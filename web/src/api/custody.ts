import { useQuery } from '@tanstack/react-query'
import { callAll } from './client'
import type { Of } from './types'

/* How long what is kept. */

export type RetentionClock = Of<'CustodyFigures'>

export const useRetention = () => useQuery({ queryKey: ['retention'] as const, queryFn: ({ signal }) => callAll<RetentionClock>('/retention', {}, signal) })
