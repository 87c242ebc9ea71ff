import type { Draft, Entry } from '../../api/types'

/* An entry as a person types it, and as the node wants it. Pure. */

export type Fields = { names: string; births: string; sex: string; countries: string; documents: string; topics: string; reason: string; instruction: string; basis: string; owner: string; review: string; until: string; why: string }

export const blank: Fields = { names: '', births: '', sex: '', countries: '', documents: '', topics: '', reason: '', instruction: '', basis: '', owner: '', review: '', until: '', why: '' }

export function fieldsOf(entry: Entry): Fields {
  return {
    names: (entry.names ?? []).map((one) => one.text).join('\n'),
    births: (entry.births ?? []).join(', '),
    sex: entry.sex ?? '',
    countries: (entry.countries ?? []).map((one) => one.code).join(', '),
    documents: (entry.documents ?? []).map((one) => [one.type, one.number, one.issuer].filter(Boolean).join(' ')).join(', '),
    topics: entry.topics?.[0] ?? '',
    reason: entry.reason ?? '',
    instruction: entry.instruction ?? '',
    basis: entry.basis ?? '',
    owner: entry.owner ?? '',
    review: entry.review ?? '',
    until: entry.until ?? '',
    why: '',
  }
}

const several = (text: string, at: RegExp) => text.split(at).map((one) => one.trim()).filter(Boolean)
const some = <T>(list: T[]) => (list.length ? list : undefined)

/** "P A1234567 BHR": a type of one or two letters, the number, the issuer's three; only the number must be there. */
export function documentOf(text: string): { type?: string; number: string; issuer?: string } {
  const parts = text.toUpperCase().split(/\s+/)
  const type = parts.length > 1 && /^[A-Z]{1,2}$/.test(parts[0] ?? '') ? parts.shift() : undefined
  const issuer = parts.length > 1 && /^[A-Z]{2,3}$/.test(parts.at(-1) ?? '') ? parts.pop() : undefined
  return { ...(type ? { type } : {}), number: parts.join(''), ...(issuer ? { issuer } : {}) }
}

export function drafted(action: Draft['action'], fields: Fields, id?: string): Draft {
  const reason = fields.why.trim()
  if (action === 'remove') return { action, id, reason }
  return {
    action,
    id,
    reason,
    basis: fields.basis.trim(),
    owner: fields.owner.trim(),
    review: fields.review,
    until: fields.until,
    entry: {
      names: some(several(fields.names, /\n/).map((text, index) => ({ text, kind: index === 0 ? 'primary' : 'alias' }))),
      births: some(several(fields.births, /[,،\s]+/)),
      sex: fields.sex || undefined,
      countries: some(several(fields.countries, /[,،\s]+/).map((code) => ({ code: code.toUpperCase() }))),
      documents: some(several(fields.documents, /[,،]/).map(documentOf)),
      topics: some([fields.topics].filter(Boolean)),
      reason: fields.reason.trim() || undefined,
      instruction: fields.instruction.trim() || undefined,
    },
  }
}
