import { useMutation, useQuery } from '@tanstack/react-query'
import { call } from './client'

/* A travel document checked: its printed lines, its seal, its chip. Each result stands alone; absent is "could not be answered". */

export type Check = { field: string; line: number; column: number; digit: string; want: string; ok: boolean }
export type Proof = { hash_ok?: boolean; signature_ok?: boolean; chain_ok?: boolean; revoked?: boolean; expired?: boolean }
export type Checked = {
  verdict: string
  document?: { type?: string; number?: string; issuer?: string; surname?: string; given?: string; nationality?: string; born?: string; sex?: string; expires?: string; kind?: string }
  mrz?: { kind?: string; checks?: Check[]; corrections?: { field: string; line: number; was: string; read: string }[]; faults?: { line: number; field?: string; rule: string; message: string; mend?: string }[]; ok: boolean }
  chip?: Proof & { signer?: string; country?: string; serial?: string; signed_at?: string; algorithm?: string; groups?: { number: number; state: 'equal' | 'differs' | 'not_read' | 'not_listed' }[] }
  seal?: Proof & { kind?: string; type?: string; country?: string; signer?: string; issued?: string; signed?: string; features?: { name: string; value: string }[] }
  lists?: { list: string; entry: string; code: string; status?: string }[]
  remarks?: { about: string; check?: string; code: string; severity: 'bad' | 'cannot' | 'expired' | 'again' | 'weak' | 'info'; values?: Record<string, string> }[]
}
export type ToCheck = { mrz?: string; seal?: string; chip?: { sod?: string; com?: string; groups?: Record<string, string> } }
export type Trust = { version: number; loaded_at?: string; counts?: Record<string, number>; crls?: { country: string; issuer: string; next_update?: string; stale?: boolean }[] }

export const useCheckDocument = () => useMutation({ mutationFn: (given: ToCheck) => call<Checked>('/documents/verify', { method: 'POST', body: given }) })
export const useTrust = () => useQuery({ queryKey: ['trust'], queryFn: ({ signal }) => call<Trust>('/trust', { signal }) })
