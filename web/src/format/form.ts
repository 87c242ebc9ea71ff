/*
 * A form whose fields are known by their place in what is sent (JSON pointers, RFC 6901), so that what the node says of a
 * place is said in its field.
 */

export type Values = Readonly<Record<string, string | boolean | undefined>>
type Json = string | boolean | Json[] | { [key: string]: Json }

/** Builds what is sent out of the fields. What is empty is absent; a list keeps its order and has no holes. */
export function assemble(values: Values): { [key: string]: Json } {
  const root: { [key: string]: Json } = {}
  for (const [pointer, raw] of Object.entries(values)) {
    const value = typeof raw === 'string' ? raw.trim() : raw
    if (value === undefined || value === '' || !pointer.startsWith('/')) continue
    const parts = pointer.slice(1).split('/')
    let at: { [key: string]: Json } = root
    for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as { [key: string]: Json }
    at[parts.at(-1) ?? ''] = value
  }
  return listed(root) as { [key: string]: Json }
}

/** Whatever is counted by figures alone is a list. */
function listed(value: Json): Json {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, one]) => [key, listed(one)] as const)
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) return entries.sort((a, b) => Number(a[0]) - Number(b[0])).map(([, one]) => one)
  return Object.fromEntries(entries)
}

/** A place as people who write JSON say it ("applicant.document.mrz[1]"), or a pointer already, as a pointer. */
export const pointerOf = (place: string): string => (place === '' || place.startsWith('/') ? place : `/${place.replace(/\[(\d+)\]/g, '.$1').replace(/\./g, '/')}`)

/** The field that shows what is wrong at a place: the place itself, or the nearest around it. */
export function fieldFor(pointer: string, fields: ReadonlySet<string>): string | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (fields.has(at)) return at
  return undefined
}

/** Figures as the node reads them, whatever keyboard they came from. */
export const latin = (text: string): string => text.replace(/[٠-٩]/g, (one) => String(one.charCodeAt(0) - 0x660)).replace(/[۰-۹]/g, (one) => String(one.charCodeAt(0) - 0x6f0))
