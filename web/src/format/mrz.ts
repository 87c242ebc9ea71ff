/*
 * The machine-readable zone of a travel document (ICAO Doc 9303), read and checked while it is typed. Nothing is
 * guessed: what is still missing is not wrong yet, and what is wrong is said at its place.
 */

export type MrzKind = 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B'
export type MrzField = 'number' | 'born' | 'expires' | 'optional' | 'names' | 'issuer' | 'nationality' | 'sex'
export type MrzFault = { code: 'kind' | 'length' | 'character' | 'letter' | 'date' | 'check' | 'composite'; line: number; field?: MrzField; at?: number }

export type Mrz = {
  kind: MrzKind
  type: string
  issuer: string
  number: string
  family: string
  given: string
  nationality: string
  born: string
  sex: 'M' | 'F' | 'X'
  expires: string
}

export type MrzRead = { lines: string[]; wanted: { rows: number; columns: number }; typing: boolean; faults: MrzFault[]; mrz?: Mrz }

type Span = readonly [line: number, from: number, to: number]
type Layout = {
  rows: number
  columns: number
  names: Span
  number: Span
  nationality: Span
  born: Span
  sex: Span
  expires: Span
  optional?: Span
  composite?: { at: readonly [line: number, column: number]; over: readonly Span[] }
}

const second = { number: [1, 0, 9], nationality: [1, 10, 13], born: [1, 13, 19], sex: [1, 20, 21], expires: [1, 21, 27] } as const
const layouts: Record<MrzKind, Layout> = {
  TD3: { rows: 2, columns: 44, names: [0, 5, 44], ...second, optional: [1, 28, 42], composite: { at: [1, 43], over: [[1, 0, 10], [1, 13, 20], [1, 21, 43]] } },
  TD2: { rows: 2, columns: 36, names: [0, 5, 36], ...second, composite: { at: [1, 35], over: [[1, 0, 10], [1, 13, 20], [1, 21, 35]] } },
  TD1: {
    rows: 3, columns: 30, names: [2, 0, 30], number: [0, 5, 14], nationality: [1, 15, 18], born: [1, 0, 6], sex: [1, 7, 8], expires: [1, 8, 14],
    composite: { at: [1, 29], over: [[0, 5, 30], [1, 0, 7], [1, 8, 15], [1, 18, 29]] },
  },
  'MRV-A': { rows: 2, columns: 44, names: [0, 5, 44], ...second },
  'MRV-B': { rows: 2, columns: 36, names: [0, 5, 36], ...second },
}

const valueOf = (letter: string) => (letter === '<' ? 0 : letter >= 'A' ? letter.charCodeAt(0) - 55 : Number(letter))

/** The check digit of a text: weights 7, 3, 1 over and over, modulo ten (Doc 9303-3, 4.9). */
export function checkDigit(text: string): string {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += valueOf(text[at] ?? '<') * ([7, 3, 1][at % 3] ?? 0)
  return String(sum % 10)
}

/** What a person pasted, as the printer wrote it: capitals, no blanks, and the fillers that editors make pretty. */
export function tidy(text: string): string[] {
  const plain = text
    .toUpperCase()
    .replace(/[٠-٩]/g, (one) => String(one.charCodeAt(0) - 0x660))
    .replace(/«/g, '<<')
    .replace(/[‹＜]/g, '<')
    .replace(/[^\S\n]+/g, '')
  return plain.split('\n').filter((line) => line !== '')
}

function kindOf(lines: readonly string[]): MrzKind | undefined {
  const first = lines[0] ?? ''
  const visa = first.startsWith('V')
  if (first.length > 36 || (/^[PV]/.test(first) && lines[1] === undefined)) return visa ? 'MRV-A' : 'TD3'
  if (lines.length > 2 || (/^[ACI]/.test(first) && first.length <= 30)) return 'TD1'
  if (first.length === 36) return visa ? 'MRV-B' : 'TD2'
  return /^[PV]/.test(first) ? (visa ? 'MRV-A' : 'TD3') : undefined
}

/** Two lines that were pasted as one are two. */
function split(lines: string[]): string[] {
  const [one] = lines
  if (lines.length !== 1 || !one) return lines
  if (one.length === 88) return [one.slice(0, 44), one.slice(44)]
  if (one.length === 72) return [one.slice(0, 36), one.slice(36)]
  if (one.length === 90) return [one.slice(0, 30), one.slice(30, 60), one.slice(60)]
  return lines
}

/** A date of six figures; its century is the past's for a birth, and this one for an expiry. */
function dateOf(text: string, birth: boolean, today: string): string | undefined {
  const found = /^(\d\d)(\d\d|<<)(\d\d|<<)$/.exec(text)
  if (!found) return undefined
  const [, year = '', month = '', day = ''] = found
  const century = birth && Number(year) > Number(today.slice(2, 4)) ? '19' : '20'
  if (month === '<<') return day === '<<' ? century + year : undefined
  if (Number(month) < 1 || Number(month) > 12) return undefined
  if (day === '<<') return `${century}${year}-${month}`
  const whole = `${century}${year}-${month}-${day}`
  const made = new Date(`${whole}T00:00:00Z`)
  return !Number.isNaN(made.getTime()) && made.toISOString().slice(0, 10) === whole ? whole : undefined
}

const plain = (text: string) => text.replace(/<+/g, ' ').trim()

/** Reads what has been typed so far. `today` is a date, since only it tells 26 from 1926. */
export function readMrz(text: string, today: string): MrzRead {
  const lines = split(tidy(text))
  const kind = kindOf(lines) ?? 'TD3'
  const layout = layouts[kind]
  const wanted = { rows: layout.rows, columns: layout.columns }
  const faults: MrzFault[] = []
  if (lines.length === 0) return { lines, wanted, typing: true, faults }

  if (!/^[PACIV]/.test(lines[0] ?? '')) faults.push({ code: 'kind', line: 0 })
  lines.forEach((line, index) => {
    const at = line.search(/[^A-Z0-9<]/)
    if (at >= 0) faults.push({ code: 'character', line: index, at })
    const last = index === lines.length - 1 && lines.length <= layout.rows
    if (line.length > layout.columns || (line.length < layout.columns && !last) || index >= layout.rows) faults.push({ code: 'length', line: index, at: line.length })
  })
  const whole = lines.length === layout.rows && lines.every((line) => line.length === layout.columns)
  const typing = !whole && faults.length === 0

  const get = ([line, from, to]: Span) => (lines[line] ?? '').slice(from, to)
  // A field is judged once it is there with its check digit, long before the line is at its end.
  const there = ([line, , to]: Span) => (lines[line] ?? '').length > to
  const judge = (field: MrzField, span: Span, empty = false) => {
    if (!there(span)) return true
    const given = (lines[span[0]] ?? '')[span[2]] ?? ''
    const right = checkDigit(get(span))
    if (given === right || (empty && given === '<' && right === '0')) return true
    faults.push({ code: 'check', line: span[0], field, at: span[2] })
    return false
  }
  const date = (field: 'born' | 'expires') => {
    const span = layout[field]
    if (!there(span)) return undefined
    const written = get(span)
    const found = dateOf(written, field === 'born', today)
    if (found === undefined) faults.push({ code: /[A-Z]/.test(written) ? 'letter' : 'date', line: span[0], field, at: span[1] })
    else judge(field, span)
    return found
  }
  if (faults.some((fault) => fault.code === 'character' || fault.code === 'kind')) return { lines, wanted, typing, faults }
  judge('number', layout.number)
  const born = date('born')
  const expires = date('expires')
  if (layout.optional) judge('optional', layout.optional, true)
  if (whole && layout.composite) {
    const [line, column] = layout.composite.at
    if ((lines[line] ?? '')[column] !== checkDigit(layout.composite.over.map(get).join(''))) faults.push({ code: 'composite', line, at: column })
  }
  if (!whole || faults.length > 0) return { lines, wanted, typing, faults }

  const [family = '', ...given] = get(layout.names).split('<<')
  const sex = get(layout.sex)
  return {
    lines,
    wanted,
    typing: false,
    faults,
    mrz: {
      kind,
      type: plain((lines[0] ?? '').slice(0, 2)),
      issuer: plain((lines[0] ?? '').slice(2, 5)),
      number: get(layout.number).replace(/<+$/, ''),
      family: plain(family),
      given: plain(given.join('<<')),
      nationality: plain(get(layout.nationality)),
      born: born ?? '',
      sex: sex === 'M' || sex === 'F' ? sex : 'X',
      expires: expires ?? '',
    },
  }
}
