import { describe, expect, it } from 'vitest'
import type { MoneyEdge } from '../api/funds'
import { amount, barsOf, columnsOf, flowsOf, inWindow } from './money'

const edge = (from: string, to: string, day: string, usd: string, more: Partial<MoneyEdge> = {}): MoneyEdge => ({ id: `${from}${to}${day}${usd}`, from, to, kind: 'transfer', at: `${day}T08:00:00Z`, day, amount: usd, currency: 'USD', usd, ref: '', entry: 'e', entry_kind: 'payment', ...more })
const node = (id: string) => ({ id, label: id, kind: 'person' as const, findings: 0, in_usd: '0', out_usd: '0' })

describe('amounts', () => {
  it('keep their decimals and never pass through a float', () => {
    expect(amount('12500.500', { language: 'en', digits: 'latn' })).toBe('12,500.500')
    expect(amount('-9007199254740993.001', { language: 'en', digits: 'latn' })).toBe('−9,007,199,254,740,993.001')
    expect(amount('1234.50', { language: 'ar', digits: 'arab' })).toBe('١,٢٣٤.٥٠')
    expect(amount(undefined, { language: 'en', digits: 'latn' })).toBe('')
  })
})

describe('money over time', () => {
  const edges = [edge('a', 'r', '2026-05-01', '100'), edge('a', 'r', '2026-05-03', '50', { suspicious: true }), edge('r', 'b', '2026-05-03', '140'), edge('c', 'a', '2026-04-30', '90')]
  const graph = { root: 'r', nodes: ['r', 'a', 'b', 'c'].map(node), edges }
  it('joins what goes the same way', () => expect(flowsOf(edges).map(({ from, to, usd, count, suspicious }) => [from, to, usd, count, suspicious])).toEqual([['a', 'r', 150, 2, true], ['r', 'b', 140, 1, false], ['c', 'a', 90, 1, false]]))
  it('puts who pays before, and who is paid after', () => expect(['c', 'a', 'r', 'b'].map((id) => Math.sign(columnsOf(graph).get(id)?.x ?? NaN))).toEqual([-1, -1, 0, 1]))
  it('has a bar for every day, also for those without', () => expect(barsOf(graph)).toEqual([{ day: '2026-04-30', in: 0, out: 0 }, { day: '2026-05-01', in: 100, out: 0 }, { day: '2026-05-02', in: 0, out: 0 }, { day: '2026-05-03', in: 50, out: 140 }]))
  it('puts days around a short span', () => expect(barsOf({ root: 'r', edges: edges.slice(0, 1) }, 5).map(({ day }) => day)).toEqual(['2026-04-29', '2026-04-30', '2026-05-01', '2026-05-02', '2026-05-03']))
  it('keeps a window that is open at either end', () => expect([inWindow({ day: '2026-05-02' }, undefined, '2026-05-02'), inWindow({ day: '2026-05-02' }, '2026-05-03', undefined)]).toEqual([true, false]))
})
