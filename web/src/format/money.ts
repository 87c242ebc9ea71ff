import type { MoneyEdge, MoneyGraph } from '../api/funds'
import { digits, type Speech } from './time'

/* Decimal texts stay texts: what is shown has the decimals it came with. Floats serve for the length of a bar alone. */

/** "12500.500" as "12,500.500", in the reader's digits. */
export function amount(text: string | undefined, speech: Speech): string {
  if (!text) return ''
  const [, sign = '', whole = '', rest = ''] = /^([-+]?)(\d+)(\.\d+)?$/.exec(text) ?? []
  if (!whole) return text
  return digits(`${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`, speech)
}

export const rough = (text: string | undefined) => Number(text ?? 0) || 0

export const inWindow = (edge: Pick<MoneyEdge, 'day'>, from: string | undefined, to: string | undefined) => (!from || edge.day >= from) && (!to || edge.day <= to)

export type Flow = { id: string; from: string; to: string; kind: string; usd: number; count: number; suspicious: boolean; found: boolean }

/** Movements between the same two of the same kind as one line of the picture. */
export function flowsOf(edges: readonly MoneyEdge[]): Flow[] {
  const flows = new Map<string, Flow>()
  for (const edge of edges) {
    const id = `${edge.from}>${edge.to}>${edge.kind}`
    const flow = flows.get(id) ?? { id, from: edge.from, to: edge.to, kind: edge.kind, usd: 0, count: 0, suspicious: false, found: false }
    flow.usd += rough(edge.usd ?? edge.amount)
    flow.count++
    flow.suspicious ||= !!edge.suspicious
    flow.found ||= !!edge.findings?.length
    flows.set(id, flow)
  }
  return [...flows.values()]
}

export type Place = { x: number; y: number }
const across = 240
const down = 78

/**
 * Where each node stands: the one who is looked at in the middle, who pays in before it, who is paid after it, and what
 * lies a step further at the rims. The same graph always gives the same picture.
 */
export function columnsOf(graph: Pick<MoneyGraph, 'root' | 'nodes' | 'edges'>): Map<string, Place> {
  const net = new Map<string, number>()
  for (const edge of graph.edges) {
    const worth = rough(edge.usd ?? edge.amount) || 1
    if (edge.to === graph.root) net.set(edge.from, (net.get(edge.from) ?? 0) - worth)
    if (edge.from === graph.root) net.set(edge.to, (net.get(edge.to) ?? 0) + worth)
  }
  const column = new Map<string, number>([[graph.root, 0]])
  for (const [id, worth] of net) if (id !== graph.root) column.set(id, worth < 0 ? -1 : 1)
  for (const node of graph.nodes) {
    if (column.has(node.id)) continue
    const near = graph.edges.find((edge) => (edge.from === node.id && column.has(edge.to)) || (edge.to === node.id && column.has(edge.from)))
    const at = near ? (column.get(near.from === node.id ? near.to : near.from) ?? 0) : 0
    column.set(node.id, at < 0 || (at === 0 && near?.from === node.id) ? -2 : 2)
  }
  const rows = new Map<number, string[]>()
  const worth = new Map(graph.nodes.map((node) => [node.id, rough(node.in_usd) + rough(node.out_usd)]))
  for (const id of [...column.keys()].sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0) || (a < b ? -1 : 1))) rows.set(column.get(id) ?? 0, [...(rows.get(column.get(id) ?? 0) ?? []), id])
  const places = new Map<string, Place>()
  for (const [x, ids] of rows) ids.forEach((id, at) => places.set(id, { x: x * across, y: Math.round((at - (ids.length - 1) / 2) * down) }))
  return places
}

const dayMs = 86_400_000

export type Bar = { day: string; in: number; out: number }

/** What came to the one in the middle and what left, day by day, every day of the span present; a short span gets days around it. */
export function barsOf(graph: Pick<MoneyGraph, 'root' | 'edges'>, least = 1): Bar[] {
  const days = graph.edges.map((edge) => edge.day).sort()
  const [first] = days
  const last = days.at(-1)
  if (!first || !last) return []
  const bars = new Map<string, Bar>()
  const [begins, ends] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`)]
  const around = Math.max(0, Math.ceil((least - (ends - begins) / dayMs - 1) / 2)) * dayMs
  for (let at = begins - around; at <= ends + around && bars.size < 3000; at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    bars.set(day, { day, in: 0, out: 0 })
  }
  for (const edge of graph.edges) {
    const bar = bars.get(edge.day)
    if (!bar) continue
    if (edge.to === graph.root) bar.in += rough(edge.usd ?? edge.amount)
    else if (edge.from === graph.root) bar.out += rough(edge.usd ?? edge.amount)
  }
  return [...bars.values()]
}
