import type { Finding, Severity, Traveller, Value } from '../api/types'

export const severities: Severity[] = ['critical', 'high', 'medium', 'low']

/** Lower is worse; nothing comes last. */
export const rank = (severity: Severity | undefined) => (severity ? severities.indexOf(severity) : severities.length)

export type Band = 'unlikely' | 'possible' | 'likely'

// Where the bands part. An alert begins at "possible"; two thirds of the rest is "likely".
export const bands = { possible: 0.5, likely: 0.75 }

export function band(score: number): Band {
  if (score >= bands.likely) return 'likely'
  return score >= bands.possible ? 'possible' : 'unlikely'
}

export const worst = (findings: Finding[]): Finding[] =>
  [...findings].sort((a, b) => rank(a.severity) - rank(b.severity) || (b.score ?? 0) - (a.score ?? 0))

/** Those that still hold, worst first; what was dismissed or fell away is history. */
export const standing = (findings: Finding[]): Finding[] => worst(findings.filter((one) => !one.withdrawn && !one.dismissed))

/** Those that were found and no longer are, the latest first. */
export const fallen = (findings: Finding[]): Finding[] =>
  findings.filter((one) => one.withdrawn || one.dismissed).sort((a, b) => Date.parse(b.withdrawn ?? b.dismissed ?? '') - Date.parse(a.withdrawn ?? a.dismissed ?? ''))

export const codeOf = (finding: Finding) => finding.explanation?.code ?? finding.engine

export const displayName = (one: Pick<Traveller, 'surname' | 'given'>) => [one.surname, one.given].filter(Boolean).join(', ')

/** How a value that differs relates to the one shown above it. */
export type Difference = 'shorter' | 'longer' | 'spelling' | 'other'

export function difference(main: string, other: string): Difference {
  const plain = (text: string) => text.toUpperCase().replace(/[\s'’-]/g, '')
  const [a, b] = [plain(main), plain(other)]
  if (a !== b && a.includes(b)) return 'shorter'
  if (a !== b && b.includes(a)) return 'longer'
  if (a[0] === b[0] && Math.abs(a.length - b.length) <= 2 && distance(a, b) <= 2) return 'spelling'
  return 'other'
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Values of one field stand together, what all agree on first. */
export function byField(values: Value[]): { field: string; values: Value[] }[] {
  const order = [
    'surname', 'given', 'born', 'sex', 'nationality', 'residence', 'birthplace', 'document', 'verified', 'seat', 'status', 'bag',
    'phone', 'email', 'address', 'reservation', 'booked', 'ticket', 'payment', 'agency', 'frequent_flyer', 'carrier_reference', 'known_traveller', 'redress', 'remark',
  ]
  const place = (field: string) => (order.indexOf(field) + order.length + 1) % (order.length + 1)
  const fields = new Map<string, Value[]>()
  for (const value of values) fields.set(value.field, [...(fields.get(value.field) ?? []), value])
  return [...fields]
    .map(([field, list]) => ({ field, values: list.sort((a, b) => Number(b.agrees ?? true) - Number(a.agrees ?? true)) }))
    .sort((a, b) => place(a.field) - place(b.field))
}

/** Cases are called by number: C-2291. */
export const caseNumber = (value: number | string) => (/^\d+$/.test(String(value)) ? `C-${value}` : String(value))
