import { describe, expect, it } from 'vitest'
import type { Finding } from '../api/types'
import { band, byField, difference, rank, worst } from './finding'

describe('difference', () => {
  it.each([
    ['YOUSSEF ABDELKADER', 'YOUSSEF', 'shorter'],
    ['YOUSSEF', 'YOUSSEF ABDELKADER', 'longer'],
    ['MARIAM', 'MARYAM', 'spelling'],
    ['ANNA', 'BORIS', 'other'],
  ])('%s / %s', (main, other, want) => expect(difference(main, other)).toBe(want))
})

it('bands a score', () => expect([0.3, 0.5, 0.79].map(band)).toEqual(['unlikely', 'possible', 'likely']))

it('puts the worst first and nothing last', () => {
  const finding = (severity: Finding['severity'], score: number): Finding => ({ engine: 'name', matched: 'x', severity, score, generation: 1, found: '2026-11-24T11:00:00Z', explanation: { code: 'name_match' } })
  expect(worst([finding('low', 1), finding('high', 0.6), finding('high', 0.9)]).map((one) => one.score)).toEqual([0.9, 0.6, 1])
  expect(rank(undefined)).toBeGreaterThan(rank('low'))
})

const said = (field: string, value: string, agrees = true) => ({ field, value, agrees, sources: [] })

it('keeps the values of a field together, in the order a person asks', () =>
  expect(
    byField([
      said('phone', '1'),
      said('given', 'B', false),
      said('given', 'A B'),
      said('surname', 'C'),
      said('odd', 'D'),
    ]).map(({ field, values }) => [field, values.map((value) => value.value)]),
  ).toEqual([['surname', ['C']], ['given', ['A B', 'B']], ['phone', ['1']], ['odd', ['D']]]))
