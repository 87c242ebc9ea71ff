import type { Segment, SegmentKind } from '../api/types'

/*
 * A quarantined report is opened as bytes, so the page itself has to lay them out. This reads only as much
 * EDIFACT as a person needs to see: where segments begin and end, and what kind of thing each speaks of.
 * Offsets are those of the bytes, as in every message the node writes.
 */

const kinds: Record<string, SegmentKind> = {
  UNA: 'service', UNB: 'service', UNG: 'service', UNH: 'service', UNT: 'service', UNE: 'service', UNZ: 'service', UNS: 'service',
  BGM: 'message', MSG: 'message', ORG: 'message', EQN: 'message', RCI: 'message', DAT: 'message', CNT: 'message', ABI: 'message',
  TDT: 'flight', TVL: 'flight', SRC: 'flight', LTS: 'flight', EQI: 'flight',
  NAD: 'person', TIF: 'person', ATT: 'person', NAT: 'person', MEA: 'person', GEI: 'person', FTX: 'person', GID: 'person', FTI: 'person',
  SSR: 'person', REF: 'person', ADD: 'person', EMP: 'person', IFT: 'person', TBD: 'person',
  DOC: 'document', TKT: 'document', FOP: 'document', MON: 'document', PTK: 'document', TXD: 'document',
}

// These speak of whatever stands above them.
const followers = new Set(['LOC', 'DTM', 'RFF', 'COM', 'EMP', 'PDI', 'APD', 'TRA', 'DAT'])

const levels: Record<string, number> = { flight: 1, person: 1, document: 2 }

export function readSegments(bytes: Uint8Array): Segment[] {
  const raw = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const advice = /^\s*UNA(.{6})/s.exec(raw)
  const release = advice ? (advice[1]?.[3] ?? '?') : '?'
  const end = advice ? (advice[1]?.[5] ?? "'") : "'"
  const found: Segment[] = []
  let at = 0
  if (advice) {
    const length = advice[0].length
    found.push({ offset: length - 9, length: 9, tag: 'UNA', text: textOf(bytes.subarray(length - 9, length)), kind: 'service', level: 0 })
    at = length
  }
  let count = 0
  let above: SegmentKind = 'service'
  while (at < raw.length) {
    while (at < raw.length && /\s/.test(raw[at] ?? '')) at++
    if (at >= raw.length) break
    let stop = at
    while (stop < raw.length && raw[stop] !== end) stop += raw[stop] === release && release !== ' ' ? 2 : 1
    stop = Math.min(stop + 1, raw.length)
    const tag = /^[A-Z]{3}/.exec(raw.slice(at, at + 3))?.[0]
    const follows = tag !== undefined && followers.has(tag)
    const kind: SegmentKind = tag === undefined ? 'service' : follows ? above : (kinds[tag] ?? above)
    count++
    const head = !follows && (tag === 'NAD' || tag === 'TDT' || tag === 'TVL' || tag === 'TIF' || tag === 'SRC')
    const level = kind === 'service' || kind === 'message' || head ? 0 : tag === 'DOC' ? 1 : (levels[kind] ?? 0)
    found.push({ segment: count, offset: at, length: stop - at, tag, text: textOf(bytes.subarray(at, stop)), kind, level })
    above = kind
    at = stop
  }
  return found
}

/** UTF-8 where it is UTF-8, else one character a byte, so that nothing is hidden and nothing is lost. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
}

export function bytesOf(text: string, was: Uint8Array): Uint8Array {
  const single = [...text].every((one) => (one.codePointAt(0) ?? 0) < 256)
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(was)
  } catch {
    if (single) return Uint8Array.from(text, (one) => one.charCodeAt(0))
  }
  return new TextEncoder().encode(text)
}

/** The report with some of its segments written anew; every other byte stays as it was filed. */
export function replaceSegments(bytes: Uint8Array, segments: Segment[], changed: ReadonlyMap<number, string>): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (const [index, segment] of segments.entries()) {
    const text = changed.get(index)
    if (text === undefined) continue
    parts.push(bytes.subarray(at, segment.offset), bytesOf(text, bytes.subarray(segment.offset, segment.offset + segment.length)))
    at = segment.offset + segment.length
  }
  parts.push(bytes.subarray(at))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let to = 0
  for (const part of parts) {
    whole.set(part, to)
    to += part.length
  }
  return whole
}

export type Check = { code: 'envelope' | 'count' | 'reference' | 'changed'; good: boolean; got?: string; want?: string }

/** What can be said of a mended message before it is sent: does it open and close, and do its counts agree. */
export function checkEnvelope(segments: Segment[]): Check[] {
  const checks: Check[] = []
  const elements = (segment: Segment | undefined) => (segment?.text ?? '').replace(/'\s*$/, '').split('+')
  const find = (tag: string) => segments.findIndex((segment) => segment.tag === tag)
  const [unb, unz, unh, unt] = [find('UNB'), find('UNZ'), find('UNH'), find('UNT')]
  checks.push({ code: 'envelope', good: unb >= 0 && unz > unb && unh > unb && unt > unh })
  if (unh >= 0 && unt > unh) {
    const got = elements(segments[unt])[1] ?? ''
    const want = String(unt - unh + 1)
    checks.push({ code: 'count', good: got === want, got, want })
  }
  if (unb >= 0 && unz >= 0) {
    const got = elements(segments[unz])[2] ?? ''
    const want = elements(segments[unb])[5] ?? ''
    checks.push({ code: 'reference', good: got === want, got, want })
  }
  return checks
}
