import { expect, it } from 'vitest'
import { Failure } from '../api/client'
import { elsewhere, faultsOf } from './faults'

it('places what is wrong, and loses nothing that has no place', () => {
  const error = new Failure('refused', 422, { faults: [{ pointer: '/title', rule: 'required', message: 'title is missing' }, { pointer: '/x', rule: 'odd', message: 'x is odd' }] } as never)
  const faults = faultsOf(error)
  expect(faults.get('/title')?.rule).toBe('required')
  expect(elsewhere(faults, ['/title']).map(({ rule }) => rule)).toEqual(['odd'])
  expect(faultsOf(new Error('other')).size).toBe(0)
})
