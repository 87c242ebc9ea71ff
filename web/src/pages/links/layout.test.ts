import { describe, expect, it } from 'vitest'
import type { LinkEdge, LinkNode } from '../../api/types'
import { layout, people, treeOf, wayTo } from './layout'

const person = (id: string, more: Partial<LinkNode> = {}): LinkNode => ({ id, kind: 'person', label: id, step: 1, ...more })
const value = (id: string): LinkNode => ({ id, kind: 'value', value_kind: 'phone', step: 1 })
const edge = (from: string, to: string, weight: number): LinkEdge => ({ from, to, kind: 'phone', weight, common: false })

const small = {
  root: 'a',
  nodes: [person('a'), value('v:1'), value('v:2'), person('b'), person('c', { status: ['listed'] }), person('lone')],
  edges: [edge('a', 'v:1', 0.9), edge('a', 'v:2', 0.4), edge('b', 'v:1', 0.5), edge('b', 'v:2', 0.8), edge('c', 'v:2', 0.3), edge('a', 'gone', 1)],
}

describe('the way in', () => {
  const tree = treeOf(small)
  it('is the shortest, and of those the strongest', () => {
    expect(wayTo(tree, 'b')).toEqual(['a', 'v:2', 'b'])
    expect(wayTo(tree, 'c')).toEqual(['a', 'v:2', 'c'])
    expect(wayTo(tree, 'a')).toEqual(['a'])
  })
  it('leads to nobody who is not joined', () => expect(tree.has('lone')).toBe(false))
})

it('puts those who matter first', () => expect(people(small.nodes, 'a').map((one) => one.id)).toEqual(['c', 'b', 'lone']))

describe('a picture of three hundred', () => {
  const nodes: LinkNode[] = [person('root')]
  const edges: LinkEdge[] = []
  for (let at = 0; at < 40; at++) {
    nodes.push(value(`v:${at}`))
    edges.push(edge('root', `v:${at}`, 1 - at / 50))
  }
  for (let at = 0; at < 259; at++) {
    nodes.push(person(`p${at}`))
    edges.push(edge(`p${at}`, `v:${(at * 7) % 40}`, 0.5))
  }
  const graph = { root: 'root', nodes, edges }
  const places = layout(graph, treeOf(graph))
  it('has a place for each, always the same', () => {
    expect(places.size).toBe(300)
    expect([...layout(graph, treeOf(graph))]).toEqual([...places])
  })
  it('keeps nodes apart', () => {
    const all = [...places.values()]
    let nearest = Infinity
    for (const [index, one] of all.entries()) for (const two of all.slice(index + 1)) nearest = Math.min(nearest, Math.hypot(one.x - two.x, one.y - two.y))
    expect(nearest).toBeGreaterThan(14)
  })
})
