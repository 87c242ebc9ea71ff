import type { TFunction } from 'i18next'
import type { Count, Review } from '../api/dialogue'
import { span } from './time'

/* The figures of a review as rows: one a figure, both sides beside each other. Pure; the page only draws. */

export const groups = ['volume', 'results', 'time', 'duties', 'safeguards', 'breaches', 'quality', 'people', 'use'] as const
export type Group = (typeof groups)[number]

const groupOf: Record<string, Group> = {
  requests: 'volume',
  open: 'results',
  stopped: 'safeguards',
  owed_to_it: 'duties',
  children: 'safeguards',
  contested: 'safeguards',
  rejected: 'breaches',
  urgent: 'volume',
  purposes: 'volume',
  spontaneous: 'volume',
  received: 'volume',
  private_match: 'volume',
  hits: 'results',
  no_hits: 'results',
  data: 'results',
  refusals: 'results',
  given: 'results',
  undelivered: 'results',
  confirmed_same: 'results',
  not_same: 'results',
  useful: 'results',
  not_useful: 'results',
  precision: 'results',
  reply_time_s: 'time',
  ack_time_s: 'time',
  done_time_s: 'time',
  pending: 'time',
  offline_hours: 'time',
  corrections: 'duties',
  erasures: 'duties',
  reviews_due: 'duties',
  unmaskings: 'safeguards',
  second_approvals: 'safeguards',
  never_rule: 'safeguards',
  breaches: 'breaches',
  witness_disagreements: 'breaches',
  conflicts: 'breaches',
  data_quality: 'quality',
  redress: 'people',
  use: 'use',
}

export type Unit = 'count' | 'seconds' | 'share' | 'days' | 'hours'
export type Row = { group: Group; figure: string; parts: string[]; unit: Unit; own?: Count; theirs?: Count; pairs: Pair[] }

const unitOf = (path: string): Unit => {
  if (/(_share|^precision|\.hit_rate\.|top_officer_share)/.test(path) || /late_share$/.test(path)) return 'share'
  if (/_time_s\..*p(50|90|99)$/.test(path)) return 'seconds'
  if (/median_days$/.test(path)) return 'days'
  if (/offline_hours$/.test(path)) return 'hours'
  return 'count'
}

function leaves(of: unknown, path = ''): [string, Count][] {
  if (typeof of === 'number' || typeof of === 'string') return [[path, of]]
  if (of === null || typeof of !== 'object') return []
  return Object.entries(of).flatMap(([name, inner]) => leaves(inner, path ? `${path}.${name}` : name))
}

// The total of what came from the other side is named after that side; it is one figure.
const plainPath = (path: string) => path.replace(/^received_from_.+$/, 'received.total')

export type Pair = { from: string; to: string; said: Count; heard: Count; difference: Count }

/** What one side says it did and the other says it saw, where a review holds both: "requests.T2 bh→us". */
function pairsOf(review: Review, path: string): Pair[] {
  return (review.differences ?? []).flatMap((one): Pair[] => {
    const [figure, way = ''] = String(one.figure).split(' ')
    const [from, to] = way.split('→')
    if (figure !== path || !from || !to) return []
    const count = (party: string) => Object.entries(one).find(([name]) => name.startsWith(`${party}_`))?.[1] ?? ''
    return [{ from, to, said: count(from), heard: count(to), difference: one.difference ?? 0 }]
  })
}

/** Every figure either side gives, grouped, in the order of the report; the parts of its name apart from each other. */
export function rowsOf(review: Review, own: string, partner: string): Row[] {
  const sides = [own, partner].map((party) => new Map(leaves(review.sides[party] ?? {}).map(([path, value]) => [plainPath(path), value])))
  const paths = [...new Set(sides.flatMap((side) => [...side.keys()]))].filter((path) => !path.endsWith('.n'))
  const order = Object.keys(groupOf)
  const place = (path: string) => {
    const at = order.indexOf(path.split('.')[0] ?? '')
    return at < 0 ? order.length : at
  }
  return paths
    .map((path): Row => {
      const [figure = '', ...parts] = path.split('.')
      return { group: groupOf[figure] ?? 'volume', figure, parts, unit: unitOf(path), own: sides[0]?.get(path), theirs: sides[1]?.get(path), pairs: pairsOf(review, path) }
    })
    .map((row, at) => ({ row, at, place: place(row.figure) }))
    .sort((a, b) => groups.indexOf(a.row.group) - groups.indexOf(b.row.group) || a.place - b.place || a.at - b.at)
    .map(({ row }) => row)
}

/** A figure as it is read: a count, a time in words, a share of a hundred. */
export function sayFigure(value: Count | undefined, unit: Unit, t: TFunction, number: (value: number) => string): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (unit === 'seconds') return value < 60 ? t('time.seconds', { count: Math.round(value) }) : span(value * 1000, t)
  if (unit === 'share') return t('review.ofHundred', { share: number(Math.round(value * 1000) / 10) })
  if (unit === 'days') return t('time.days', { count: value })
  if (unit === 'hours') return t('time.hours', { count: value })
  return number(value)
}

export const differs = (row: Pick<Row, 'pairs'>) => row.pairs.some((one) => one.difference !== 0)

/** How many figures differ between the sides. */
export const differing = (rows: readonly Row[]) => rows.filter(differs).length
