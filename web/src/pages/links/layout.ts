import type { LinkEdge, LinkNode, Links } from '../../api/types'

/*
 * Where each node stands: the one who was asked about in the middle, round them a ring a step. Every node hangs on
 * the strongest way in, and gets a share of the circle by how much hangs on it, so that ways seldom cross. The
 * same graph always gives the same picture: nothing here is left to chance.
 */

export type Place = { x: number; y: number }
/** The strongest way in to each node: the node before it and the edge between. */
export type Tree = Map<string, { before: string; edge: LinkEdge }>

const ring = 120
const gap = 30

const other = (edge: LinkEdge, id: string) => (edge.from === id ? edge.to : edge.from)

export function treeOf({ root, edges, nodes }: Pick<Links, 'root' | 'edges' | 'nodes'>): Tree {
  const known = new Set(nodes.map((node) => node.id))
  const beside = new Map<string, LinkEdge[]>()
  for (const edge of edges) {
    if (!known.has(edge.from) || !known.has(edge.to)) continue
    for (const id of [edge.from, edge.to]) beside.set(id, [...(beside.get(id) ?? []), edge])
  }
  const tree: Tree = new Map()
  let front = [root]
  while (front.length > 0) {
    const next = new Map<string, { before: string; edge: LinkEdge }>()
    for (const id of front)
      for (const edge of beside.get(id) ?? []) {
        const reached = other(edge, id)
        if (reached === root || tree.has(reached)) continue
        const had = next.get(reached)
        if (!had || edge.weight > had.edge.weight || (edge.weight === had.edge.weight && id < had.before)) next.set(reached, { before: id, edge })
      }
    for (const [id, way] of next) tree.set(id, way)
    front = [...next.keys()]
  }
  return tree
}

/** The nodes from the middle to this one, both included. */
export function wayTo(tree: Tree, id: string): string[] {
  const way = [id]
  for (let at = tree.get(id); at; at = tree.get(at.before)) way.unshift(at.before)
  return way
}

export function layout(links: Pick<Links, 'root' | 'edges' | 'nodes'>, tree: Tree): Map<string, Place> {
  const children = new Map<string, string[]>()
  for (const [id, { before }] of tree) children.set(before, [...(children.get(before) ?? []), id])
  const weight = (id: string) => tree.get(id)?.edge.weight ?? 0
  for (const list of children.values()) list.sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))

  const leaves = new Map<string, number>()
  const depths = new Map<string, number>([[links.root, 0]])
  const inOrder = [links.root]
  for (const id of inOrder)
    for (const child of children.get(id) ?? []) {
      depths.set(child, (depths.get(id) ?? 0) + 1)
      inOrder.push(child)
    }
  for (const id of inOrder.toReversed()) leaves.set(id, Math.max(1, (children.get(id) ?? []).reduce((sum, child) => sum + (leaves.get(child) ?? 1), 0)))

  // A ring is as wide as those on it need, and never nearer to the one inside it than a label.
  const counts: number[] = []
  for (const depth of depths.values()) counts[depth] = (counts[depth] ?? 0) + 1
  const radii = [0]
  for (let depth = 1; depth < counts.length; depth++) radii[depth] = Math.max((radii[depth - 1] ?? 0) + ring, ((counts[depth] ?? 0) * gap) / (2 * Math.PI))

  const places = new Map<string, Place>([[links.root, { x: 0, y: 0 }]])
  const spread = (id: string, from: number, to: number) => {
    let at = from
    for (const [index, child] of (children.get(id) ?? []).entries()) {
      const share = ((to - from) * (leaves.get(child) ?? 1)) / (leaves.get(id) ?? 1)
      const depth = depths.get(child) ?? 1
      // Neighbours on a crowded ring stand on two lines, as on a stair.
      const radius = (radii[depth] ?? 0) + (share * (radii[depth] ?? 0) < gap && index % 2 ? gap : 0)
      const angle = at + share / 2
      places.set(child, { x: Math.round(Math.cos(angle) * radius), y: Math.round(Math.sin(angle) * radius) })
      spread(child, at, at + share)
      at += share
    }
  }
  spread(links.root, -Math.PI / 2, (3 * Math.PI) / 2)
  // What no way leads to stands outside, in a row.
  const far = (radii.at(-1) ?? 0) + 2 * ring
  links.nodes.filter((node) => !places.has(node.id)).forEach((node, index) => places.set(node.id, { x: -far + index * gap * 2, y: far }))
  return places
}

const rank = (node: LinkNode) => (node.status?.includes('listed') ? 0 : node.status?.includes('decided') ? 1 : 2)

/** People as one reads them: those who matter first, then the nearest, then the strongest. */
export const people = (nodes: readonly LinkNode[], root: string) =>
  nodes.filter((node) => node.kind === 'person' && node.id !== root).toSorted((a, b) => rank(a) - rank(b) || (a.step ?? 9) - (b.step ?? 9) || (b.weight ?? 0) - (a.weight ?? 0) || (a.id < b.id ? -1 : 1))
