import type { Attribute, Condition, Operator, Vocabulary } from '../../api/types'

/* A condition as a tree: groups of all, any, not; tests; and what the builder cannot show, kept word for word. All pure. */

export type Path = number[]

export function nodeAt(tree: Condition, path: Path): Condition | undefined {
  return path.reduce<Condition | undefined>((node, at) => node?.of?.[at], tree)
}

/** The tree with one node replaced; without it when nothing takes its place. A group left empty goes as well. */
export function replaced(tree: Condition, path: Path, next: Condition | undefined): Condition | undefined {
  const [at, ...rest] = path
  if (at === undefined) return next
  const of = (tree.of ?? []).flatMap((child, index) => {
    const kept = index === at ? replaced(child, rest, next) : child
    return kept ? [kept] : []
  })
  return of.length === 0 && path.length > 0 ? undefined : { ...tree, of }
}

/** Another condition beside what a group holds. A lone condition becomes a group of two; "not" holds one, so what is new joins it inside. */
export function added(tree: Condition | undefined, path: Path, node: Condition): Condition {
  if (!tree) return node
  const at = nodeAt(tree, path)
  if (!at) return tree
  const joined: Condition = at.kind === 'group' && at.op !== 'not' ? { ...at, of: [...(at.of ?? []), node] } : { kind: 'group', op: 'all', of: [at, node] }
  return replaced(tree, path, joined) ?? joined
}

/** The same conditions under another word. "Not" holds one condition, so several are kept together under it. */
export function regrouped(node: Condition, op: 'all' | 'any' | 'not'): Condition {
  const of = node.of ?? []
  const inner = node.op === 'not' && of[0]?.kind === 'group' && of[0].op !== 'not' ? (of[0].of ?? []) : of
  if (op !== 'not') return { kind: 'group', op, of: inner }
  return { kind: 'group', op, of: of.length === 1 ? of : [{ kind: 'group', op: node.op ?? 'all', of }] }
}

export type Choice = { attribute: Attribute; path: string }

/** What a test can be about: the attributes of the view, and inside a list those of its records, under the name an element goes by. */
export function choices(vocabulary: Vocabulary | undefined, within?: { list: string; as: string }): Choice[] {
  const all = vocabulary?.attributes ?? []
  const own = within ? (all.find((one) => one.path === within.list)?.attributes ?? []).map((attribute) => ({ attribute, path: `${within.as}.${attribute.name}` })) : []
  return [...own, ...all.filter((one) => (one.operators ?? []).length > 0).map((attribute) => ({ attribute, path: attribute.path }))]
}

/** A value that fits, so that a condition just made can be written down at once. */
export function firstValue(attribute: Attribute, operator: Operator | undefined): unknown {
  const known = attribute.values?.[0]?.value
  const kind = attribute.type === 'list' ? attribute.of : attribute.type
  const one =
    kind === 'flag' ? true
    : kind === 'number' || kind === 'decimal' ? 0
    : kind === 'instant' ? '2026-01-01T00:00:00Z'
    : kind === 'duration' ? '24h'
    : (known ?? '')
  return operator?.many ? [one] : one
}

export function firstTest(choice: Choice, vocabulary: Vocabulary | undefined): Condition {
  const name = choice.attribute.operators?.[0] ?? 'is'
  return { kind: 'test', attribute: choice.path, operator: name, value: firstValue(choice.attribute, vocabulary?.operators?.find((one) => one.name === name)) }
}

/** What is typed into a field, as the value of a test: figures as figures, several parted by commas. */
export function typed(text: string, attribute: Attribute | undefined, many: boolean): unknown {
  const kind = attribute?.type === 'list' ? attribute.of : attribute?.type
  const one = (piece: string): unknown => ((kind === 'number' || kind === 'decimal') && piece.trim() !== '' && Number.isFinite(Number(piece)) ? Number(piece) : piece)
  if (!many) return one(text)
  return text.split(/[,،]/).map((piece) => piece.trim()).filter((piece) => piece !== '').map(one)
}

export const written = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(', ') : value === undefined || value === null ? '' : String(value))

/** JSON that breaks where a person would. */
export const spaced = (value: unknown): string => JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replace(/([{[]) | ([}\]])/g, '$1$2')
