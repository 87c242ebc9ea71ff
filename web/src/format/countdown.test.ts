import { expect, it } from 'vitest'
import { nearness, ticking } from './countdown'

const at = (text: string) => Date.parse(`2026-11-24T${text}Z`)
const departs = '2026-11-24T10:00:00Z'

it('counts down to a departure', () => {
  expect([at('08:55:30'), at('09:30:01'), at('09:59:57'), at('10:00:05')].map((now) => ticking(departs, now))).toEqual(['1:04:30', '29:59', '0:03', '0:05'])
  expect(ticking(undefined, at('10:00:00'))).toBe('')
})

it('knows how near it is', () =>
  expect([at('07:59:00'), at('08:00:01'), at('09:31:00'), at('10:00:00')].map((now) => nearness(departs, now)).concat(nearness('', at('10:00:00')))).toEqual(['later', 'soon', 'now', 'gone', 'unknown']))
