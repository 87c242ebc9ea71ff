import { describe, expect, it } from 'vitest'
import type { Incident } from '../api/cyber'
import { byWorst, levelOf, valuesOf } from './cyber'

describe('the incident desk', () => {
  it('reads what is pasted, whatever stands between', () => expect(valuesOf('hxxp://bad[.]example/a, 198.51.100.7\n198.51.100.7;\tx')).toEqual(['hxxp://bad[.]example/a', '198.51.100.7', 'x']))
  it('keeps to the thousand the node takes', () => expect(valuesOf(Array.from({ length: 1200 }, (_, at) => `a${at}`).join(' '))).toHaveLength(1000))
  it('ranks by level, then by the clock that runs out first', () => {
    const one = (number: number, level: number, next_due?: string) => ({ number, severity: { level }, next_due }) as Incident
    expect([one(1, 2), one(2, 4, '2026-01-02T00:00:00Z'), one(3, 4, '2026-01-01T00:00:00Z'), one(4, 4)].sort(byWorst).map(({ number }) => number)).toEqual([3, 2, 4, 1])
  })
  it('knows the house’s severities for the scheme’s levels', () => expect([0, 1, 2, 3, 4, 5].map(levelOf)).toEqual(['low', 'low', 'medium', 'high', 'critical', 'critical']))
})
