import { expect, it } from 'vitest'
import { touchedBy } from './live'

it('asks again only about what an event names', () => {
  expect(touchedBy('flight', 'f')).toEqual([['flights'], ['flight', 'f'], ['manifest', 'f']])
  expect(touchedBy('case', 'c')).toEqual([['cases'], ['case', 'c'], ['flights'], ['desk'], ['cargo-referrals'], ['cargo-consignment'], ['funds-reports']])
  expect(touchedBy('departure', 'd')).toEqual([['cargo-departures'], ['cargo-consignments'], ['cargo-referrals']])
  expect(touchedBy('report', undefined)).toEqual([['reports'], ['report'], ['funds-reports'], ['funds-report']])
  expect(touchedBy('desk', 'p')).toEqual([['desk'], ['passenger', 'p']])
  expect(touchedBy('application', 'a')).toEqual([['applications'], ['application', 'a']])
  expect(touchedBy('weather', 'w')).toEqual([])
})
