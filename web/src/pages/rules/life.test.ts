import { expect, it } from 'vitest'
import { moves } from './life'

const example = { name: 'one', want: true, got: true, passed: true }
const rule = { state: 'draft' as const, origin: 'desk' as const, author: 'a', authors: ['a', 'b'], examples: [example] }
const said = (...given: Parameters<typeof moves>) => moves(...given).map(({ to, hinder }) => (hinder ? `${to}: ${hinder}` : to))

it('takes a rule from a draft to force, never by its author alone', () => {
  expect(said(rule, 'a', 'analyst', false)).toEqual(['shadow', 'retired'])
  expect(said({ ...rule, examples: [{ ...example, passed: false }] }, 'a', 'analyst', false)).toEqual(['shadow: examples', 'retired'])
  expect(said({ ...rule, errors: [{ rule: 'rule_compile', message: 'x', offset: 0 }] }, 'a', 'analyst', false)).toEqual(['shadow: errors', 'retired'])
  expect(said({ ...rule, state: 'shadow' }, 'b', 'supervisor', true)).toEqual(['approved: own', 'draft', 'retired'])
  expect(said({ ...rule, state: 'shadow' }, 'c', 'supervisor', false)).toEqual(['approved: backtest', 'draft', 'retired'])
  expect(said({ ...rule, state: 'shadow' }, 'c', 'supervisor', true)).toEqual(['approved', 'draft', 'retired'])
  expect(said({ ...rule, state: 'approved' }, 'c', 'analyst', true)).toEqual(['live: role', 'draft', 'retired'])
  expect(said({ ...rule, state: 'live' }, 'c', 'administrator', true)).toEqual(['retired'])
})

it('leaves an operator’s rule and a retired one alone', () => {
  expect(moves({ ...rule, origin: 'operator', state: 'live' }, 'a', 'supervisor', true)).toEqual([])
  expect(moves({ ...rule, state: 'retired' }, 'a', 'supervisor', true)).toEqual([])
})
