import type { Attribute, Vocabulary } from '../../api/types'

/* What can stand where the cursor is, out of the vocabulary. Pure, so that it can be tested without an editor. */

export type Offer = { label: string; kind: 'attribute' | 'function' | 'value' | 'word'; detail?: string; info?: string }
export type Offers = { from: number; options: Offer[] }

const words: Offer[] = ['true', 'false', 'in', '&&', '||', '!'].map((label) => ({ label, kind: 'word' }))

function every(attributes: readonly Attribute[] | null | undefined): Attribute[] {
  return (attributes ?? []).flatMap((one) => [one, ...(one.type === 'record' ? every(one.attributes) : [])])
}

/** What could come next after the text before the cursor. */
export function offers(before: string, vocabulary: Vocabulary | undefined): Offers | undefined {
  if (!vocabulary) return undefined
  const all = every(vocabulary.attributes)
  const open = /(["'])([^"']*)$/.exec(before)
  const quotes = (before.match(/"/g) ?? []).length
  if (open && quotes % 2 === 1) {
    // Inside a text: the known values of the attribute that it is compared with, on either side of "in" and "==".
    const paths = [...before.slice(0, open.index).matchAll(/[\w.]+/g)].map((found) => found[0])
    const about = paths.reverse().map((path) => all.find((one) => one.path === path)).find((one) => one !== undefined)
    const options = (about?.values ?? []).map((one): Offer => ({ label: one.value, kind: 'value', info: one.doc }))
    return options.length ? { from: before.length - (open[2]?.length ?? 0), options } : undefined
  }
  const word = /[\w.]*$/.exec(before)?.[0] ?? ''
  const options: Offer[] = [
    ...all.map((one): Offer => ({ label: one.path, kind: 'attribute', detail: one.type === 'list' ? `list of ${one.of ?? ''}` : one.type, info: one.doc })),
    ...(vocabulary.functions ?? []).map((one): Offer => ({ label: one.name, kind: 'function', detail: one.example, info: one.doc })),
    ...words,
  ]
  return { from: before.length - word.length, options }
}

/** Places are counted in characters; an editor counts in UTF-16 units. */
export function unitsOf(text: string, characters: number): number {
  return [...text].slice(0, characters).join('').length
}
