import { Failure } from '../api/client'

export type FieldFault = { pointer?: string; rule: string; message: string; mend?: string }

/** What the node says is wrong with a form, by the place in what was sent. */
export function faultsOf(error: unknown): Map<string, FieldFault> {
  const faults = error instanceof Failure ? (error.problem as { faults?: FieldFault[] }).faults : undefined
  return new Map((faults ?? []).map((fault) => [fault.pointer ?? '', fault]))
}

/** Those that no field of the form shows, so that none is lost. */
export const elsewhere = (faults: ReadonlyMap<string, FieldFault>, shown: readonly string[]): FieldFault[] => [...faults].filter(([pointer]) => !shown.includes(pointer)).map(([, fault]) => fault)
