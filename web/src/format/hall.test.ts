import { describe, expect, it } from 'vitest'
import type { Quarter } from '../api/facilitation'
import { evenly, minutes, perLane, shortOf, tallest, weekOf } from './hall'

const none = { count: 0, p50_s: 0, p90_s: 0, p95_s: 0 }
const quarter = (at: string, came: number, more: Partial<Quarter> = {}): Quarter => ({ quarter: `2026-11-24T${at}:00Z`, expected: { total: came, low: came, high: came + 3 }, came, wait: none, ...more })

describe('a day of a hall', () => {
  it('has no holes', () => {
    const day = evenly([quarter('07:00', 5), quarter('06:15', 4)])
    expect(day.map((one) => [one.quarter.slice(11, 16), one.came])).toEqual([['06:15', 4], ['06:30', 0], ['06:45', 0], ['07:00', 5]])
    expect(evenly([])).toEqual([])
    expect(tallest(day)).toBe(8)
  })
  it('shows lanes in their order, and where desks are too few', () => {
    expect(perLane({ secondary: 1, egate: 20, staffed: 0 })).toEqual([{ lane: 'egate', count: 20 }, { lane: 'secondary', count: 1 }])
    expect(shortOf(quarter('06:15', 4, { open: { staffed: 2, egate: 6 }, hint: { staffed: 4, egate: 3 } }))).toEqual(['staffed'])
    expect(shortOf(quarter('06:15', 4))).toEqual([])
  })
  it('says weeks as ISO 8601 has them', () => expect(['2026-11-24', '2027-01-01', '2024-12-30', '2026-01-01'].map(weekOf)).toEqual(['2026-W48', '2026-W53', '2025-W01', '2026-W01']))
  it('says seconds as minutes', () => expect([minutes(0), minutes(59.6), minutes(605)]).toEqual(['0:00', '1:00', '10:05']))
})
