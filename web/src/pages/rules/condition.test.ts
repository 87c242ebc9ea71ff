import { describe, expect, it } from 'vitest'
import type { Condition, Vocabulary } from '../../api/types'
import { offers, unitsOf } from './complete'
import { added, choices, firstTest, regrouped, replaced, spaced, typed, written } from './condition'

const is = (value: string): Condition => ({ kind: 'test', attribute: 'traveller.role', operator: 'is', value })
const all = (...of: Condition[]): Condition => ({ kind: 'group', op: 'all', of })

const vocabulary: Vocabulary = {
  domain: 'travel',
  name: 'traveller',
  operators: [{ name: 'is', doc: '', types: ['text'] }, { name: 'in', doc: '', types: ['text'], many: true }],
  functions: [{ name: 'size', doc: 'how many', example: 'size(traveller.phones)' }],
  attributes: [
    { name: 'role', path: 'traveller.role', type: 'text', operators: ['is', 'in'], values: [{ value: 'passenger' }, { value: 'crew' }] },
    { name: 'bags', path: 'traveller.bags', type: 'number', operators: ['is'] },
    { name: 'documents', path: 'traveller.documents', type: 'list', of: 'record', operators: [], attributes: [{ name: 'type', path: 'type', type: 'text', operators: ['is'] }] },
  ],
}

describe('a tree of conditions', () => {
  it('takes another beside it', () => {
    expect(added(undefined, [], is('a'))).toEqual(is('a'))
    expect(added(is('a'), [], is('b'))).toEqual(all(is('a'), is('b')))
    expect(added(all(is('a'), is('b')), [], is('c'))).toEqual(all(is('a'), is('b'), is('c')))
    expect(added(all(is('a'), { kind: 'group', op: 'any', of: [is('b'), is('c')] }), [1], is('d'))).toEqual(all(is('a'), { kind: 'group', op: 'any', of: [is('b'), is('c'), is('d')] }))
  })
  it('lets one go, and the group that is left empty', () => {
    expect(replaced(is('a'), [], undefined)).toBeUndefined()
    expect(replaced(all(is('a'), { kind: 'group', op: 'not', of: [is('b')] }), [1, 0], undefined)).toEqual(all(is('a')))
  })
  it('keeps what it holds under another word', () => {
    expect(regrouped(all(is('a'), is('b')), 'not')).toEqual({ kind: 'group', op: 'not', of: [all(is('a'), is('b'))] })
    expect(regrouped(regrouped(all(is('a'), is('b')), 'not'), 'any')).toEqual({ kind: 'group', op: 'any', of: [is('a'), is('b')] })
  })
  it('offers the attributes of a record inside its list', () => {
    expect(choices(vocabulary).map((one) => one.path)).toEqual(['traveller.role', 'traveller.bags'])
    expect(choices(vocabulary, { list: 'traveller.documents', as: 'd' }).map((one) => one.path)).toEqual(['d.type', 'traveller.role', 'traveller.bags'])
    expect(firstTest(choices(vocabulary)[1] ?? never(), vocabulary)).toEqual({ kind: 'test', attribute: 'traveller.bags', operator: 'is', value: 0 })
  })
  it('reads what is typed', () => {
    const [role, bags] = vocabulary.attributes ?? []
    expect([typed('3', bags, false), typed('', bags, false), typed('3', role, false), typed('A, B،C', role, true)]).toEqual([3, '', '3', ['A', 'B', 'C']])
    expect(written(['A', 'B'])).toBe('A, B')
  })
})

it('spaces JSON out', () => expect(spaced({ bags: 0, booking: { forms: ['CA'] }, none: {} })).toBe('{"bags": 0, "booking": {"forms": ["CA"]}, "none": {}}'))

describe('completion', () => {
  it('offers attributes, functions and words from where the word began', () => {
    const got = offers('traveller.bags > 0 && trav', vocabulary)
    expect(got?.from).toBe('traveller.bags > 0 && '.length)
    expect(got?.options.map((one) => one.label)).toEqual(['traveller.role', 'traveller.bags', 'traveller.documents', 'size', 'true', 'false', 'in', '&&', '||', '!'])
  })
  it('offers known values inside a text', () => {
    const before = 'traveller.role == "pa'
    expect(offers(before, vocabulary)).toMatchObject({ from: before.length - 2, options: [{ label: 'passenger' }, { label: 'crew' }] })
    expect(offers('traveller.bags == "', vocabulary)).toBeUndefined()
  })
  it('counts characters, not units', () => expect(unitsOf('a😀b', 2)).toBe(3))
})

function never(): never {
  throw new Error('the vocabulary has no such attribute')
}
