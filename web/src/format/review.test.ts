import { describe, expect, it } from 'vitest'
import type { Review } from '../api/dialogue'
import i18n from '../i18n'
import { differing, rowsOf, sayFigure } from './review'

const t = i18n.getFixedT('en')
const review: Review = {
  agreement: { id: 'bh-us-travel', version: 3 },
  period: { from: '2026-01-01', to: '2026-06-30' },
  sides: {
    bh: { precision: { value: 0.69, low95: 0.54 }, requests: { T2: 412, T3: 31 }, reply_time_s: { T2: { n: 412, p50: 420, late_share: 0.031 } }, redress: { upheld: '<5' }, received_from_us: 288 },
    us: { requests: { T2: 288, T4: '<5' }, received_from_bh: 410 },
  },
  differences: [{ figure: 'requests.T2 bh→us', bh_sent: 412, us_received: 410, difference: 2 }, { figure: 'requests.T3 bh→us', difference: 0 }],
}
const rows = rowsOf(review, 'bh', 'us')

describe('the figures of a review', () => {
  it('stand in the order of the report, both sides on one row', () => {
    expect(rows.map((row) => [row.group, row.figure, ...row.parts].join(' '))).toEqual([
      'volume requests T2', 'volume requests T3', 'volume requests T4', 'volume received total', 'results precision value', 'results precision low95', 'time reply_time_s T2 p50', 'time reply_time_s T2 late_share', 'people redress upheld',
    ])
    expect(rows[0]).toMatchObject({ own: 412, theirs: 288, pairs: [{ from: 'bh', to: 'us', said: 412, heard: 410, difference: 2 }] })
    expect(rows[3]).toMatchObject({ own: 288, theirs: 410 })
  })
  it('differ only where the sides do', () => expect(differing(rows)).toBe(1))
  it('are read as what they are', () => {
    const say = (value: number | string | undefined, unit: Parameters<typeof sayFigure>[1]) => sayFigure(value, unit, t, String)
    expect([say(420, 'seconds'), say(40, 'seconds'), say(0.031, 'share'), say('<5', 'count'), say(undefined, 'count'), say(19, 'days'), say(412, 'count')]).toEqual(['7 min', '40 s', '3.1 in 100', '<5', '', '19 days', '412'])
    expect(rows.map((row) => row.unit)).toEqual(['count', 'count', 'count', 'count', 'share', 'share', 'seconds', 'share', 'count'])
  })
})
