import type { TFunction } from 'i18next'
import type { Count, Review } from '../api/dialogue'
import { span } from './time'

/* The figures of a review as rows: one a figure, both sides beside each other. Pure; the page only draws. */

export const groups = ['volume', 'results', 'time', 'duties', 'safeguards', 'breaches', 'quality', 'people', 'use'] as const
export type Group = (typeof groups)[number]

const groupOf: Record<string, Group> = {
  requests: 'volume',
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
export type Row = { group: Group; figure: string; parts: string[]; unit: Unit; own?: Count; theirs?: Count; difference?: Count }

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

/** What of a figure differs between what one side says it sent and the other says it received. */
function differenceOf(review: Review, path: string): Count | undefined {
  const found = (review.differences ?? []).filter((one) => String(one.figure).split(' ')[0] === path)
  const sums = found.map((one) => Number(one.difference))
  return found.length === 0 ? undefined : sums.every((sum) => !Number.isNaN(sum)) ? sums.reduce((sum, one) => sum + Math.abs(one), 0) : found[0]?.difference
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
      return { group: groupOf[figure] ?? 'volume', figure, parts, unit: unitOf(path), own: sides[0]?.get(path), theirs: sides[1]?.get(path), difference: differenceOf(review, path) }
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

/** How many figures differ between the sides. */
export const differing = (rows: readonly Row[]) => rows.filter((row) => row.difference !== undefined && row.difference !== 0).length
