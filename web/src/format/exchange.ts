import type { TFunction } from 'i18next'
import type { Change, Document, Held, Party, Request, Share, Subject, Suspension, Thread, ThreadFile } from '../api/exchange'
import type { Passenger } from '../api/types'
import { minute } from './time'

/* What the pages of the exchange work out for themselves. The node decides again on every call; this says it sooner. */

/** State names come with a space, a hyphen or an underscore; words are kept under one form. */
export const plain = (code: string | undefined) => (code ?? '').trim().toLowerCase().replace(/[\s-]+/g, '_')

export type Clock = { state: 'none' | 'due' | 'near' | 'late' | 'met' | 'missed'; left: number }

// Within the last quarter of an hour a clock is pressing.
const pressing = 15 * minute

/** Where the clock of an answer stands: still running, run out, or stopped in time or not. */
export function dueOf(thread: Pick<Thread, 'due' | 'answered_at' | 'late' | 'state'>, now: number): Clock {
  const due = Date.parse(thread.due ?? '')
  if (Number.isNaN(due)) return { state: 'none', left: 0 }
  if (thread.answered_at) return { state: thread.late || Date.parse(thread.answered_at) > due ? 'missed' : 'met', left: due - Date.parse(thread.answered_at) }
  if (isOver(thread)) return { state: 'none', left: 0 }
  const left = due - now
  return { state: left < 0 ? 'late' : left < pressing ? 'near' : 'due', left }
}

const closed = new Set(['answered', 'refused', 'withdrawn', 'undelivered'])
// A release half made waits here as well: for the second person.
const mine: Record<Thread['direction'], ReadonlySet<string>> = { in: new Set(['asked', 'half']), out: new Set(['draft']) }

/** Whether somebody of this side must act before the thread goes on, or look at what came of it. */
export const waitsHere = (thread: Pick<Thread, 'direction' | 'state' | 'attention'>) => mine[thread.direction].has(plain(thread.state)) || !!thread.attention
export const isOver = (thread: Pick<Thread, 'state'>) => closed.has(plain(thread.state))

/** What waits here first, by its clock; then what runs; then what is over, the newest first. */
export function byUrgency(threads: readonly Thread[]): Thread[] {
  const place = (one: Thread) => (waitsHere(one) ? 0 : isOver(one) ? 2 : 1)
  const due = (one: Thread) => Date.parse(one.due ?? '') || Infinity
  return [...threads].sort((a, b) => place(a) - place(b) || (place(a) === 2 ? Date.parse(b.asked_at) - Date.parse(a.asked_at) : due(a) - due(b) || Date.parse(a.asked_at) - Date.parse(b.asked_at)))
}

/** A short name for a thread: its share and the end of its id. */
export const threadName = (one: Pick<Thread, 'share' | 'id'>) => `${one.share}-${one.id.replace(/[^0-9a-z]/gi, '').slice(-4).toUpperCase()}`

/** Which way a share goes, seen from one party. */
export function wayOf(share: Pick<Share, 'from' | 'to'>, own: string): 'both' | 'gives' | 'gets' | 'none' {
  const gives = share.from.includes(own)
  const gets = share.to.includes(own)
  return gives && gets ? 'both' : gives ? 'gives' : gets ? 'gets' : 'none'
}

/** This side's party: as the node says, else the one that is not the partner's. */
export const ownParty = (one: { own?: string; partner?: { party: string }; parties: { id: string }[] }): string =>
  one.own ?? one.parties.find((party) => party.id !== one.partner?.party)?.id ?? one.parties[0]?.id ?? ''

/** Whether a share, or the whole agreement, is suspended by either side. */
export const isHeld = (suspended: readonly Suspension[] | undefined, share: string) => (suspended ?? []).some((one) => one.share === share || one.share === 'all')

/** Shares that somebody of this side may ask under. */
export const askable = (document: Pick<Document, 'shares'>, own: string, suspended?: readonly Suspension[]): Share[] =>
  document.shares.filter((share) => share.trigger === 'request' && share.mode !== 'private_match' && ['gets', 'both'].includes(wayOf(share, own)) && !isHeld(suspended, share.id))

/** Shares under which somebody of this side may give something of these kinds unasked. */
export const giveable = (document: Pick<Document, 'shares'>, own: string, categories: readonly string[], suspended?: readonly Suspension[]): Share[] =>
  document.shares.filter((share) => share.trigger !== 'request' && categories.includes(share.category) && ['gives', 'both'].includes(wayOf(share, own)) && !isHeld(suspended, share.id))

/** Characters as the agreement counts them: trimmed, blanks squeezed. */
export const counted = (text: string) => [...text.trim().replace(/\s+/g, ' ')].length

export type Lack = 'purpose' | 'subject' | 'case_ref' | 'justification' | 'offence_code' | 'facts' | 'prior_reference' | 'application_ref' | 'urgency_reason' | 'human_confirmed'

/** The least length that a condition puts on a text: `size(req.facts) >= 120`. */
export function shortest(share: Share, what: 'justification' | 'facts'): number {
  const found = new RegExp(`size\\(req\\.${what}\\)\\s*(>=|>)\\s*(\\d+)`).exec(share.when ?? '')
  const asked = found ? Number(found[2]) + (found[1] === '>' ? 1 : 0) : 0
  return what === 'justification' ? Math.max(asked, share.justification?.min_chars ?? 0) : asked
}

/** Which parts of a request a share has room for; the rest is not shown. */
export function partsOf(share: Share): { name: Exclude<Lack, 'purpose' | 'subject' | 'human_confirmed'>; required: boolean }[] {
  const rule = share.justification ?? {}
  const facts = shortest(share, 'facts')
  const parts: { name: Exclude<Lack, 'purpose' | 'subject' | 'human_confirmed'>; required: boolean; shown: boolean }[] = [
    { name: 'case_ref', required: rule.case_ref === 'required' || /has\(req\.case_ref\)/.test(share.when ?? ''), shown: rule.required !== false },
    { name: 'offence_code', required: rule.offence_code === 'required', shown: !!rule.offence_code },
    { name: 'prior_reference', required: rule.prior_reference === 'required', shown: !!rule.prior_reference || /req\.follows/.test(share.when ?? '') },
    { name: 'application_ref', required: rule.application_ref === 'required', shown: !!rule.application_ref },
    { name: 'justification', required: !!rule.required || shortest(share, 'justification') > 0, shown: rule.required !== false },
    { name: 'facts', required: facts > 0, shown: facts > 0 },
  ]
  return parts.filter((one) => one.shown || one.required).map(({ name, required }) => ({ name, required }))
}

/** What a request still lacks under a share, in the order of the form. */
export function lacking(share: Share, request: Partial<Request>): Lack[] {
  const lacks: Lack[] = []
  const { subject } = request
  if (!request.purpose || !share.purposes.includes(request.purpose)) lacks.push('purpose')
  if (!(subject?.family_name && (subject.dob || subject.document?.number)) && !(subject?.document?.number && subject.document.issuer)) lacks.push('subject')
  for (const { name, required } of partsOf(share)) {
    const length = counted(request[name] ?? '')
    const enough = name === 'justification' || name === 'facts' ? shortest(share, name) : 0
    // Facts at length speak for a short justification, unless the condition itself measures it.
    const longer = name === 'justification' && !/size\(req\.justification\)/.test(share.when ?? '') ? Math.max(length, counted(request.facts ?? '')) : length
    if ((required && length < 1) || longer < enough) lacks.push(name)
  }
  if (request.urgent && counted(request.urgency_reason ?? '') < 10) lacks.push('urgency_reason')
  if (['both_sides', 'sending_side'].includes(share.human_confirmation ?? '') && !request.human_confirmed) lacks.push('human_confirmed')
  return lacks
}

/** "P3Y", "PT48H" in words. */
export function lasting(duration: string | undefined, t: TFunction): string {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '')
  if (!found) return duration ?? ''
  const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const
  const said = units.flatMap((unit, at) => {
    const count = Number(found[at + 1] ?? 0)
    return count > 0 ? [t(`lasting.${unit}`, { count })] : []
  })
  return said.length > 0 ? said.join(t('list.and')) : t('lasting.atOnce')
}

/** Milliseconds that a duration lasts at least; calendar units by their shortest. */
export function least(duration: string | undefined): number {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '')
  if (!found) return 0
  const worth = [365 * 24 * 3600, 28 * 24 * 3600, 7 * 24 * 3600, 24 * 3600, 3600, 60, 1]
  return worth.reduce((sum, seconds, at) => sum + seconds * Number(found[at + 1] ?? 0), 0) * 1000
}

export const alpha2: Record<string, string> = { BHR: 'BH', USA: 'US', GBR: 'GB', SAU: 'SA', ARE: 'AE', KWT: 'KW', QAT: 'QA', OMN: 'OM', JOR: 'JO', EGY: 'EG', FRA: 'FR', DEU: 'DE' }

const regions = new Map<string, Intl.DisplayNames>()
/** A country by its two letters, in the reader's language. */
export function country(code: string | undefined, language: string): string {
  if (!code) return ''
  const two = alpha2[code] ?? code.toUpperCase()
  if (!/^[A-Z]{2}$/.test(two)) return code
  const names = regions.get(language) ?? new Intl.DisplayNames([language], { type: 'region' })
  regions.set(language, names)
  return names.of(two) ?? code
}

// Countries whose names take an article in an English sentence.
const articled = new Set(['US', 'GB', 'AE', 'NL', 'PH'])

/** A country as it stands in a sentence. */
export const countryIn = (code: string | undefined, language: string) => (language === 'en' && articled.has(alpha2[code ?? ''] ?? code?.toUpperCase() ?? '') ? `the ${country(code, language)}` : country(code, language))

/** The party, or the authority's party, that a name of the agreement belongs to. */
export const partyOf = (parties: readonly Party[], name: string): Party | undefined => parties.find((party) => party.id === name || party.authorities?.some((one) => one.id === name) || name.startsWith(`${party.id}-`))

export const stricter = (changes: readonly Change[]) => changes.filter((one) => one.effect === 'stricter').length
export const looser = (changes: readonly Change[]) => changes.filter((one) => one.effect === 'looser').length

/** Which share a clause of the agreement belongs to: "shares.T2.quota" and "shares[1].quota" alike. */
export function shareOfClause(clause: string | undefined, shares: readonly Pick<Share, 'id'>[]): string | undefined {
  const at = /^shares\[(\d+)\]/.exec(clause ?? '')?.[1]
  if (at !== undefined) return shares[Number(at)]?.id
  return /^shares\.([^.[]+)/.exec(clause ?? '')?.[1]
}

/** A clause as it is called on paper: "T2, quota", "N1". */
export function clauseName(clause: string): string {
  const share = /^shares\.([^.[]+)(?:\.(.+))?$/.exec(clause)
  if (share) return share[2] ? `${share[1]} ${share[2]}` : (share[1] ?? clause)
  return /^never\.rules\.(.+)$/.exec(clause)?.[1] ?? clause
}

/** Why a field stays, in one of a few kinds, read off the clause that keeps it. */
export function withheldWhy(clause: string | undefined): 'never' | 'fields' | 'onward' | 'absent' | 'catalogue' | 'other' {
  if (/^never\b/.test(clause ?? '')) return 'never'
  if (/fields$/.test(clause ?? '')) return 'fields'
  if (/onward/.test(clause ?? '')) return 'onward'
  if (/catalogue|class/.test(clause ?? '')) return 'catalogue'
  return clause ? 'other' : 'absent'
}

/** What may be answered to a request under a share: a yes or a no where only that may flow, else the data. */
export const answersOf = (mode: Share['mode']): ('hit' | 'no_hit' | 'data' | 'refuse')[] => (mode === 'hit_no_hit' ? ['hit', 'no_hit', 'refuse'] : ['data', 'refuse'])

/** A traveller as a request names him: the first value of each kind that is known. */
export function subjectOfPassenger(one: Pick<Passenger, 'surname' | 'given' | 'born' | 'nationality' | 'documents'>): Subject {
  const document = one.documents?.[0]
  return {
    family_name: one.surname || undefined,
    given_names: one.given || undefined,
    dob: one.born || undefined,
    nationality: one.nationality || undefined,
    ...(document?.number ? { document: { type: document.type?.slice(0, 1), number: document.number, issuer: document.issuer } } : {}),
  }
}

/** Whether what a thread carried came to this side. */
export const gotOf = (thread: Pick<Thread, 'direction' | 'kind'>) => (thread.kind === 'spontaneous' ? thread.direction === 'in' : thread.direction === 'out')

/** The data that came in a thread, as it is kept here: the latest of what there is. */
export const heldIn = (thread: Pick<ThreadFile, 'records'>): Held | undefined => thread.records?.findLast((one) => one.direction === 'in')

// What the node does by itself stands in the log under the name of the room that did it.
const machines = new Set(['sharing', 'post office', 'system', 'node'])
export const byMachine = (actor: string | undefined) => machines.has(actor ?? '')

/** A sentence as part of a list: without its full stop. */
export const bare = (text: string) => text.replace(/\.$/, '')
